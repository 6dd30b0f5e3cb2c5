"""The page of an operation: what it is, its derivative, its shapes, an example and its curve."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from stepper.calculus.derivation import Derivation
from stepper.calculus.derive import written_out
from stepper.calculus.entries import derivations
from stepper.calculus.prove import proofs
from stepper.expr.errors import FormulaError
from stepper.expr.sentence import Sentence, say
from stepper.expr.tree import Call, Expr, Name, call, walk
from stepper.language.evaluate import evaluate
from stepper.language.spellings import slope
from stepper.language.text import text
from stepper.ops import Op
from stepper.ops.card import Sample, Value
from stepper.program.code import card_sentence
from stepper.show.arrays import matrix, side_by_side
from stepper.show.derivation import Page, derivation_rows, legend
from stepper.show.plot import COLUMNS, Curve, plot_rows
from stepper.show.rows import Look, Row, paragraph, row
from stepper.show.textbook import Textbook
from stepper.show.translation import translate
from stepper.show.words import words

_OPERANDS = {"matmul": ("A", "B"), "softmax_ce": ("z", "y")}
_SIDES = {1: "1", 2: "p", 3: "m", 4: "n", 5: "k"}
"""The names of the dimensions, by the sizes that samples have."""


def operands(card: Op) -> tuple[Name, ...]:
    """The names of the operands on the page of a card."""
    unary = "z" if card.is_elementwise or card.name == "softmax" else "x"
    letters = ("p", "y", "eps") if card.is_loss else _OPERANDS.get(card.name, ("a", "b", "c"))
    return tuple(Name(n) for n in ((unary,) if card.arity == 1 else letters[: card.arity]))


def card_rows(card: Op, page: Page) -> Iterator[Row]:
    """The whole page."""
    look, xs = page.look, operands(card)
    sample = next(iter(card.samples(np.random.default_rng(1))))
    tree = call(card.name, *xs, **sample.settings)
    yield row(f"{card.name}: {_written(tree, look)}", "title")
    said = card_sentence(card.sentence, xs, y=tree)
    yield from paragraph(_words(said, look), look)
    yield from _section(say("definition"), _definition(card, tree, look))
    yield from _section(say("derivative"), _derivative(card, tree, page))
    yield from _section(say("what comes back, given g from above"), _backward(card, tree, look))
    yield from _section(say("shapes"), _shapes(tree, sample, look))
    yield from _section(say("with numbers"), _example(tree, sample, look))
    if card.is_elementwise and card.arity == 1:
        yield from _section(say("curve"), _curve(card, look))


def _section(title: Sentence, rows: Iterator[Row]) -> Iterator[Row]:
    found = list(rows)
    if found:
        yield ()
        yield row(title.words(str, translate), "mark")
        yield from found


def _words(sentence: Sentence, look: Look) -> str:
    return words(sentence, look.code, ascii=look.ascii)


def _written(tree: Expr, look: Look) -> str:
    return Textbook(False, look.ascii).line(tree) if _is_single(tree) else text(tree, look.code)


def _is_single(tree: Expr) -> bool:
    """Whether the textbook form says everything: no axis is needed."""
    return not any(isinstance(n, Call) and n.settings for _, n in walk(tree))


def _definition(card: Op, tree: Call, look: Look) -> Iterator[Row]:
    whole = card.definition(*tree.args, **dict(tree.settings))
    if whole is None:
        return
    yield from paragraph(f"{_written(tree, look)} = {_written(whole, look)}", look)
    if card.is_loss:
        one = _written(written_out(tree), look)
        yield from paragraph(_words(say("of one entry: {one}", one=one), look), look)


def _derivative(card: Op, tree: Call, page: Page) -> Iterator[Row]:
    found = _derivations(card, tree)
    known = proofs(found)
    for d in found:
        yield from _moved_in(derivation_rows(d, replace(page.narrower(), proofs=known)))
    yield from legend([c for checks in known.values() for c in checks], page.look)


def _moved_in(rows: Iterator[Row]) -> Iterator[Row]:
    return ((("   ", "text"), *r) for r in rows)


def _derivations(card: Op, tree: Call) -> tuple[Derivation, ...]:
    """The derivations of a card; empty if it has none."""
    single = card.is_elementwise and card.arity == 1
    if not (single or card.is_loss or card.name in ("softmax", "softmax_ce")):
        return ()
    first = tree.args[0]
    assert isinstance(first, Name)
    return derivations(tree, first.id)


def _backward(card: Op, tree: Call, look: Look) -> Iterator[Row]:
    """The rule for each operand, with its reason."""
    try:
        parts = card.vjp(Name("g"), tree, *tree.args, **dict(tree.settings))
    except FormulaError as error:
        yield from paragraph(_words(error.sentence, look), look)
        return
    for x, part in zip(tree.args, parts, strict=True):
        if part is None:
            said = say("{x} gets nothing: no gradient flows there", x=x)
            yield from paragraph(_words(said, look), look)
            continue
        yield from paragraph(f"{text(x)}: {text(part, look.maths)}", look, hang=4)
        yield from paragraph(_words(_reason(part, tree, x), look), look, indent=6, ink="dim")


def _reason(part: Expr, tree: Call, x: Expr) -> Sentence:
    notes = [str(n.note) for _, n in walk(part) if isinstance(n.note, str) and n.note]
    return card_sentence(notes[-1], tree.args, g=Name("g"), y=tree, x=x)


def _shapes(tree: Call, sample: Sample, look: Look) -> Iterator[Row]:
    value = _value(tree, sample)
    given = zip(tree.args, sample.operands, strict=True)
    read = ", ".join(f"{text(x)} {_size(v, look)}" for x, v in given)
    yield from paragraph(f"{read} {look.sign('→', '->')} {_size(value, look)}", look)


def _size(value: Value, look: Look) -> str:
    if not np.ndim(value):
        return _words(say("a single number"), look)
    return look.sign("×", "x").join(_SIDES.get(n, str(n)) for n in np.shape(value))


def _value(tree: Call, sample: Sample) -> Value:
    return evaluate(tree, _given(tree, sample))


def _given(tree: Call, sample: Sample) -> dict[str, Value]:
    return {text(x): v for x, v in zip(tree.args, sample.operands, strict=True)}


def _example(tree: Call, sample: Sample, look: Look) -> Iterator[Row]:
    inner = look.narrower(3)
    blocks = [matrix(name, value, inner) for name, value in _given(tree, sample).items()]
    written = f"{look.sign('→', '->')} {_written(tree, look)}"
    return side_by_side([*blocks, matrix(written, _value(tree, sample), inner, ink="result")], look)


def _curve(card: Op, look: Look) -> Iterator[Row]:
    """The curves of the function and its derivative."""
    z = Name("z")
    half = (COLUMNS - 1) // 2
    with np.errstate(all="ignore"):
        both = np.isfinite(card.eval(np.float64(-1.0)))
    x = np.linspace(-4, 4, 2 * half + 1) if both else np.linspace(0, 8, 2 * half + 1)
    f = call(card.name, z)
    curves = [Curve(evaluate(f, {"z": x}), "●", "*", "result", _written(f, look))]
    try:
        rule = slope(card, z)
    except FormulaError:  # flat: it has none
        return plot_rows(x, curves, look)
    values = np.broadcast_to(evaluate(rule, {"z": x}), x.shape)
    curves.append(Curve(values, "○", "o", "right", _words(say("its slope"), look)))
    return plot_rows(x, curves, look)
