"""The derivation of a derivative, one rule a line, as a textbook writes it.

The rules of calculus come from `rules`, the lines of algebra from the card of the operation.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import lru_cache

from stepper.calculus.derivation import Derivation, Rewrite
from stepper.calculus.product import cancelled, tidied
from stepper.calculus.rules import Applied, applied, depends
from stepper.expr.errors import FormulaError
from stepper.expr.sentence import Sentence, say
from stepper.expr.tree import (
    DERIVATIVE,
    Call,
    Expr,
    Name,
    Path,
    derivative,
    names,
    put,
    rebuild,
    walk,
)
from stepper.language.spellings import slope
from stepper.language.text import text
from stepper.ops import CARDS
from stepper.program.code import card_sentence

AT_ONCE = 5
"""The most rules an inner derivative may take and still be worked out in one line."""
NEVER_AT_ONCE = ("pow", "sum")
"""Operations whose rule is always shown: it brings down the 2 of a square, or picks a term."""
MOST_LINES = 40


@lru_cache(maxsize=256)
def derive(f: Expr, by: Expr) -> Derivation:
    """d f / d by for scalars, line by line.

    Raises FormulaError for an operation without a slope, or if the derivation would be too long.
    """
    start = derivative(f, by)
    if is_composite(f) and _is_first_operand(f, by):
        return _of_composite(f, by)
    return _with_outputs(Derivation(start, tuple(worked(start)), notes=_of_one(f)))


def worked(tree: Expr) -> Iterator[Rewrite]:
    """The lines that work out every derivative in a tree and then cancel common factors.

    Raises FormulaError as `derive` does.
    """
    for n in range(MOST_LINES):
        waiting = pending(tree)
        if not waiting:
            break
        if (n or len(waiting) > 1) and all(is_short(d) for _, d in waiting):
            line = _at_once(tree, waiting)
        else:
            line = _one_rule(tree, *_longest(waiting))
        tree = line.tree
        yield line
    else:
        raise FormulaError("limit", None, "the derivation of this takes too many lines")
    if (shorter := cancelled(tree)) != tree:
        yield Rewrite(tidied(shorter), say("what stands above and below cancels"))


def pending(tree: Expr) -> list[tuple[Path, Call]]:
    """The derivatives that are still to be worked out, from left to right."""
    return [(p, n) for p, n in walk(tree) if isinstance(n, Call) and n.op == DERIVATIVE]


def _longest(waiting: list[tuple[Path, Call]]) -> tuple[Path, Call]:
    """The first derivative that takes more than a few rules, or else the first."""
    return next((w for w in waiting if not is_short(w[1])), waiting[0])


def _one_rule(tree: Expr, path: Path, waiting: Call) -> Rewrite:
    rule, finer = rule_for(*waiting.args)
    return Rewrite(tidied(put(tree, path, rule.tree)), rule.rule, finer)


def _at_once(tree: Expr, waiting: list[tuple[Path, Call]]) -> Rewrite:
    """Works out all inner derivatives in one line; the derivation of each can be opened."""
    found = {d: derive(*d.args) for _, d in waiting}
    for path, d in waiting:
        tree = put(tree, path, found[d].answer)
    rules = [_only_rule(d) for d in found.values()]
    several = say("inner derivatives") if len(waiting) > 1 else say("inner derivative")
    rule = rules[0] if len(rules) == 1 and rules[0] else several
    return Rewrite(tidied(tree), rule, tuple(d for d in found.values() if not _is_plain(d)))


def _only_rule(d: Derivation) -> Sentence | None:
    """The name of a derivation's only rule; for an activation, a remark that it is its slope."""
    f = d.start.args[0] if isinstance(d.start, Call) else d.start
    if isinstance(f, Call) and is_composite(f):
        return _slope_of(f)
    return d.lines[0].rule if len(d.lines) == 1 else None


def _slope_of(f: Call) -> Sentence:
    notation = CARDS[f.op].notation
    return say("the slope of {f}", f=notation.unicode or notation.code)


def _is_plain(d: Derivation) -> bool:
    """Whether there is nothing worth opening: a single line, or only sums and constant factors."""
    waiting = d.start
    assert isinstance(waiting, Call)
    if len(d.lines) < 2 and not any(line.finer for line in d.lines):
        return True
    return _is_linear(*waiting.args)


def _is_linear(f: Expr, by: Expr) -> bool:
    if f == by or not depends(f, by):
        return True
    if not isinstance(f, Call) or f.op not in ("add", "sub", "neg", "mul"):
        return False
    if f.op == "mul" and all(depends(x, by) for x in f.args):
        return False
    return all(_is_linear(x, by) for x in f.args)


@lru_cache(maxsize=1024)
def is_short(waiting: Call) -> bool:
    """Whether working out a derivative takes few rules."""
    tree: Expr = waiting
    for _ in range(AT_ONCE):
        left = pending(tree)
        if not left:
            return True
        path, d = left[0]
        if isinstance(d.args[0], Call) and d.args[0].op in NEVER_AT_ONCE and depends(*d.args):
            return False
        tree = put(tree, path, rule_for(*d.args)[0].tree)
    return not pending(tree)


def rule_for(f: Expr, by: Expr) -> tuple[Applied, tuple[Derivation, ...]]:
    """Applies one rule to d f / d by; a composite gets its known slope, with its derivation."""
    if isinstance(f, Call) and is_composite(f) and depends(f, by):
        if any(depends(x, by) for x in f.args[1:]):
            return Applied(derivative(written_out(f), by), say("definition")), ()
        return _known_slope(f, by)
    return applied(f, by), ()


def _known_slope(f: Call, by: Expr) -> tuple[Applied, tuple[Derivation, ...]]:
    """σ′(u)·du/dx, with the derivation of σ′ to open."""
    inner, rest = f.args[0], f.args[1:]
    letter = inner if _is_first_operand(f, by) else _letter(f)
    known = derive(replace(f, args=(letter, *rest)), letter)
    outer = known.answer
    if inner == by:
        return Applied(outer, _slope_of(f)), (known,)
    put_in = rebuild(outer, lambda n: inner if n == letter else n)
    rule = say("{rule}, chain rule", rule=_slope_of(f))
    return Applied(put_in * derivative(inner, by), rule), (known,)


def _letter(f: Call) -> Name:
    taken = names(f)
    return Name(next(x for x in ("u", "a", "p", "v", "w", "x", "u0") if x not in taken))


def is_composite(f: Expr) -> bool:
    """Whether a scalar function has a definition that its derivative is derived from."""
    if not isinstance(f, Call) or f.op not in CARDS:
        return False
    card = CARDS[f.op]
    return (card.is_elementwise or card.is_loss) and card.definition(*f.args) is not None


def _is_first_operand(f: Expr, by: Expr) -> bool:
    return isinstance(f, Call) and f.args[0] == by and not any(depends(x, by) for x in f.args[1:])


def written_out(f: Call) -> Expr:
    """A composite's definition for scalars: the mean of one number is that number."""
    tree = CARDS[f.op].definition(*f.args)
    assert tree is not None
    return rebuild(tree, lambda n: n.args[0] if isinstance(n, Call) and _is_mean(n) else n)


def _is_mean(node: Expr) -> bool:
    return isinstance(node, Call) and node.op == "mean"


def _of_composite(f: Expr, by: Expr) -> Derivation:
    """Derives a composite's slope from its definition, by calculus and the card's own algebra."""
    assert isinstance(f, Call)
    card = CARDS[f.op]
    defined = derivative(written_out(f), by)
    lines = [Rewrite(defined, say("definition")), *worked(defined)]
    lines += [Rewrite(tree, said(tree, f)) for tree in card.algebra(*f.args)]
    if card.arity == 1 and tidied(known := slope(card, by)) != lines[-1].tree:
        lines.append(Rewrite(known, say("recognise {f}", f=_sign_in(known))))
    return _with_outputs(Derivation(derivative(f, by), tuple(lines), notes=_of_one(f)))


def _of_one(f: Expr) -> tuple[Sentence, ...]:
    """The remark that a loss is derived for one entry here, if it is a mean over all."""
    losses = (n for _, n in walk(f) if is_composite(n) and isinstance(n, Call))
    if not any(_is_mean(part) for n in losses for part in _defined(n)):
        return ()
    return (say("This is for one entry: in the mean of n entries each has this slope over n."),)


def _defined(f: Call) -> Iterator[Expr]:
    tree = CARDS[f.op].definition(*f.args)
    return (node for _, node in walk(tree)) if tree is not None else iter(())


def _sign_in(tree: Expr) -> str:
    """The symbol of the first composite in a tree: σ."""
    card = next(CARDS[n.op] for _, n in walk(tree) if isinstance(n, Call) and is_composite(n))
    return card.notation.unicode or card.notation.code


def said(tree: Expr, f: Call) -> Sentence:
    """The card's reason for a line, filled in with these operands."""
    if isinstance(tree.note, Sentence):
        return tree.note
    return card_sentence(tree.note, f.args, g=Name("g"), y=f, x=f.args[0])


def _with_outputs(d: Derivation) -> Derivation:
    """Adds a line that replaces activations by the names of their outputs: a(1 − a)."""
    found = dict.fromkeys(n for _, n in walk(d.last) if _has_output(n))
    f = d.start.args[0] if isinstance(d.start, Call) else d.start
    if len(found) != 1 or (_has_definition(f) and f not in found):
        return d
    (output,) = found
    letter = _output_letter(output, names(d.start))
    tree = rebuild(d.last, lambda n: letter if n == output else n)
    line = Rewrite(tree, with_output(letter, output))
    return replace(d, lines=(*d.lines, line), where={letter.id: output})


def with_output(letter: Name, output: Expr) -> Sentence:
    """The rule that replaces an output by its name."""
    return say("with {a} = {f}", a=letter, f=output)


def _has_definition(f: Expr) -> bool:
    return is_composite(f) and isinstance(f, Call) and not CARDS[f.op].is_loss


def _has_output(node: Expr) -> bool:
    """Whether a node is an activation whose slope is written with its own output."""
    if not isinstance(node, Call) or node.op not in CARDS or CARDS[node.op].arity != 1:
        return False
    card = CARDS[node.op]
    return is_composite(node) and any(n == node for _, n in walk(slope(card, node.args[0])))


def _output_letter(output: Expr, taken: frozenset[str]) -> Name:
    """The name of an output: `a1` for σ(z1), else `a`."""
    assert isinstance(output, Call)
    of = text(output.args[0])
    beside = f"a{of[1:]}" if isinstance(output.args[0], Name) and of[:1] == "z" else "a"
    return Name(next(x for x in (beside, "a", "s", "t", "a0") if x not in taken))


def recognised(d: Derivation, short: Mapping[Expr, Name], rule: Sentence) -> Derivation:
    """Adds a line that replaces parts of the answer by short names: pᵢ for e^zᵢ / Σ."""
    tree = rebuild(d.last, lambda n: short.get(n, n))
    if tree == d.last:
        return d
    where = {name.id: whole for whole, name in short.items()}
    return replace(d, lines=(*d.lines, Rewrite(tree, rule)), where={**d.where, **where})
