"""The derivations behind one line of a lab, which the debugger shows beside it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import reduce
from itertools import islice
from math import prod
from operator import add, mul

from stepper.calculus.adjoint import Forward, gradient
from stepper.calculus.derivation import Derivation, Rewrite
from stepper.calculus.derive import derive, is_composite, with_output, worked, written_out
from stepper.calculus.entries import of_loss, of_share
from stepper.calculus.entry import Compiler, Sizes
from stepper.calculus.letters import Letters
from stepper.calculus.product import tidied
from stepper.calculus.rules import depends
from stepper.calculus.term import count
from stepper.expr.sentence import Sentence, say
from stepper.expr.tree import (
    Call,
    Expr,
    Name,
    Number,
    derivative,
    rebuild,
    settings_of,
    substitute,
    walk,
)
from stepper.language.shape import shape_of
from stepper.ops import CARDS
from stepper.ops.card import Index
from stepper.ops.dims import ONE, N
from stepper.program.program import Line

MOST_USES = 6
"""A name used more often than this is explained for one of its uses only."""
MOST_TERMS = 4
"""A sum with more terms than this is shown without its constant terms."""


@dataclass(frozen=True, slots=True, eq=False)
class Explained:
    """A line's rule, the derivations behind it, and the formula of one of its entries."""

    rule: Sentence | None
    derivations: tuple[Derivation, ...]
    symbol: Expr
    formula: Expr


def derivation_of_line(
    forward: Forward, line: Line, sizes: Sizes, index: Index = (0, 0)
) -> Explained:
    """Explains a line: the definitions behind a forward line, the derivatives behind a backward
    one.

    `sizes` are the shapes of the names, for one sample or a batch; `index` is the entry in
    question. Raises FormulaError if an operation has no derivation.
    """
    found = tuple(
        _definitions(line) if line.of is None else _derivatives(forward, line, sizes, index)
    )
    compiler = Compiler(sizes)
    symbol = compiler.entry(Name(line.target), index)
    return Explained(line.reason, found, symbol, compiler.entry(line.tree, index))


def _definitions(line: Line) -> Iterator[Derivation]:
    """The definition of each composite in a forward line."""
    for node in dict.fromkeys(n for _, n in walk(line.tree)):
        if isinstance(node, Call) and is_composite(node):
            yield Derivation(node, (Rewrite(written_out(node), say("definition")),))


def _derivatives(forward: Forward, line: Line, sizes: Sizes, index: Index) -> Iterator[Derivation]:
    assert line.of is not None
    for before in forward.lines:
        if before.target not in line.through:
            continue
        if _is_elementwise(before.tree):
            yield _with_output(derive(before.tree, Name(line.of)), before)
        elif before.target == forward.loss:
            yield _of_loss_line(forward, before, line)
        elif isinstance(before.tree, Call) and before.tree.op == "softmax":
            yield from (of_share(before.tree, line.of, j) for j in ("i", "j"))
        else:
            yield _by_chain_rule(forward, before, line.of, sizes, index)


def _is_elementwise(tree: Expr) -> bool:
    return all(CARDS[n.op].is_elementwise for _, n in walk(tree) if isinstance(n, Call))


def _with_output(d: Derivation, before: Line) -> Derivation:
    """The derivation with the program's name for the output, `a1`, in place of a letter."""
    letter = next((k for k, whole in d.where.items() if whole == before.tree), None)
    if letter is None:
        return d
    name = Name(before.target)
    last = Rewrite(substitute(d.last, {letter: name}), with_output(name, before.tree))
    return replace(d, lines=(*d.lines[:-1], last), where={name.id: before.tree})


def _of_loss_line(forward: Forward, loss: Line, line: Line) -> Derivation:
    """Where the ½, the 2 and the 1/N of a loss's gradient come from; ends on the program's line."""
    single = {n for n, shape in forward.shapes.items() if not shape}
    letters = Letters(single, lambda size: _count(forward, size))
    d = of_loss(loss.tree, str(line.of), letters)
    if len(line.through) > 1:
        return d
    own = tidied(letters.forms(line.tree, "i")[-1])
    if own == d.last:
        return d
    return replace(d, lines=(*d.lines, Rewrite(own, say("as the program has it"))))


def _count(forward: Forward, size: Call) -> Expr:
    """The number of entries a `size(…)` counts: N, 2·N."""
    axis = dict(size.settings).get("axis")
    dims = shape_of(size.args[0], forward.shapes)
    counted = [d for i, d in enumerate(dims) if axis in (None, i) and d != ONE]
    number = prod(d.size or 1 for d in counted)
    return reduce(mul, (count(d) for d in counted if d.size is None), Number(number))


def _by_chain_rule(
    forward: Forward, before: Line, of: str, sizes: Sizes, index: Index
) -> Derivation:
    """Σ ∂J/∂z·∂z/∂w over the entries of z that depend on w."""
    compiler = Compiler(sizes)
    w = compiler.entry(Name(of), index)
    above = gradient(forward.loss, before.target)
    made = list(islice(_made_of(before, w, compiler), MOST_USES + 1))
    notes: tuple[Sentence, ...] = ()
    if len(made) > MOST_USES:
        why = "this is the first of many uses of {w}; what they all give back is added"
        notes, made = (say(why, w=w),), made[:1]
    terms = [
        compiler.entry(Name(above), where) * derivative(_with_what_changes(formula, w), w)
        for where, formula in made
    ]
    start = reduce(add, terms)
    return Derivation(start, tuple(worked(start)), notes=notes)


def _made_of(before: Line, w: Expr, compiler: Compiler) -> Iterator[tuple[Index, Expr]]:
    """The entries of a line's value that depend on `w`, each with its formula."""
    rows, columns = compiler.shape(before.tree) or (1, 1)
    for k in range(rows):
        for j in range(columns):
            formula = compiler.entry(before.tree, (k, j))
            if depends(formula, w):
                yield (k, j), formula


def _with_what_changes(formula: Expr, w: Expr) -> Expr:
    """A short sum unchanged; of a long one only the terms that contain `w`."""
    terms = list(_terms(formula))
    changing = [t for t in terms if depends(t, w)]
    return formula if len(terms) <= MOST_TERMS else reduce(add, changing)


def _terms(formula: Expr) -> Iterator[Expr]:
    """The terms of a sum, in order (iterative: there may be thousands)."""
    found = []
    while isinstance(formula, Call) and formula.op == "add":
        found.append(formula.args[1])
        formula = formula.args[0]
    return iter((formula, *reversed(found)))


def entry_rule(forward: Forward, line: Line, sizes: Sizes, index: Index) -> tuple[Expr, Expr]:
    """One entry of a backward line by the chain rule, and the same entry by the line.

    Both are formulas on entries in which outputs are expanded; they must be equal for all numbers.
    """
    assert line.of is not None
    compiler = Compiler(sizes)
    w = compiler.entry(Name(line.of), index)
    total: Expr = Number(0)
    for before in forward.lines:
        if before.target in line.through:
            for where, formula in _made_of(before, w, compiler):
                total = total + _from_above(forward, before, where, compiler) * derivative(
                    formula, w
                )
    own = _without_outputs(compiler.entry(line.tree, index), forward, line, compiler)
    samples = Number(_samples(forward, sizes))
    return tuple(_with_count(x, samples) for x in (total, own))  # type: ignore[return-value]


def _from_above(forward: Forward, before: Line, where: Index, compiler: Compiler) -> Expr:
    if before.target == forward.loss:
        return Number(1)
    return compiler.entry(Name(gradient(forward.loss, before.target)), where)


def _without_outputs(tree: Expr, forward: Forward, line: Line, compiler: Compiler) -> Expr:
    """The entry with the outputs that the line differentiates through expanded: σ(z) for a."""
    trees = {b.target: b.tree for b in forward.lines if b.target in line.through}

    def written(node: Expr) -> Expr:
        if isinstance(node, Name) and not compiler.shape(node):
            return compiler.entry(trees[node.id], (0, 0)) if node.id in trees else node
        if isinstance(node, Call) and node.op == "item" and isinstance(node.args[0], Name):
            where = settings_of(node)
            if node.args[0].id in trees:
                index = (where["row"], where["column"])
                return compiler.entry(trees[node.args[0].id], index)
        return node

    return rebuild(tree, written)


def _samples(forward: Forward, sizes: Sizes) -> int:
    """The value of N for these sizes."""
    for name, shape in forward.shapes.items():
        for dim, size in zip(shape, sizes.get(name, ()), strict=False):
            if dim == N:
                return size
    return 1


def _with_count(tree: Expr, samples: Number) -> Expr:
    return rebuild(tree, lambda n: samples if n == Name("N") else n)
