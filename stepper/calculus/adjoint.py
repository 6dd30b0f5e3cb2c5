"""The backward program: one line per name, from the loss back to the parameters.

Reverse-mode differentiation by hand, as in Rumelhart, Hinton & Williams (1986): the card's vjp
propagates a gradient through each forward line, and the contributions of all uses of a name are
added up.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Sequence
from functools import reduce
from itertools import count
from operator import add as add_up
from typing import NamedTuple

from stepper.calculus.term import Known
from stepper.calculus.tidy import added_up
from stepper.expr.errors import StepperError
from stepper.expr.sentence import Sentence, say
from stepper.expr.tree import (
    Call,
    Expr,
    Name,
    Number,
    because,
    names,
    rebuild,
    settings_of,
    walk,
)
from stepper.language.shape import Shapes, shape_of
from stepper.ops import CARDS
from stepper.ops.dims import Shape, shown
from stepper.ops.shaping import summed_to
from stepper.program.code import card_sentence
from stepper.program.program import Line

Bind = Callable[[Expr, Expr], Expr]
"""What to do with the gradient of an inner node: keep it as a tree, or bind it to a name."""


def gradient(loss: str, name: str) -> str:
    """`dJ_dW1`."""
    return f"d{loss}_d{name}"


class Forward(NamedTuple):
    """A forward program as the adjoint reads it: inner operations that need a name have one."""

    lines: tuple[Line, ...]
    shapes: Shapes
    """The shapes of all given names and of every line's target."""
    parameters: Collection[str]
    scalars: Collection[str]
    """N, sizes and constants."""

    @property
    def loss(self) -> str:
        return self.lines[-1].target

    def active(self) -> frozenset[str]:
        """The names that depend on a parameter."""
        found = set(self.parameters)
        for line in self.lines:
            if names(line.tree) & found:
                found.add(line.target)
        return frozenset(found)

    def known(self) -> Known:
        loss = self.loss
        shapes = dict(self.shapes) | {gradient(loss, n): s for n, s in self.shapes.items()}
        kept = {id(node) for line in self.lines for _, node in walk(line.tree)}
        return Known(shapes, self.scalars, kept)


def adjoint(forward: Forward) -> tuple[Line, ...]:
    """The tidied backward program of a forward one.

    Raises StepperError if the loss is no scalar or does not depend on a parameter, FormulaError if
    an operation has no derivative.
    """
    _check_scalar(forward)
    active, known = forward.active(), forward.known()
    first_reader = _first_readers(forward.lines)
    parts: dict[str, list[tuple[int, Expr, Sentence]]] = defaultdict(list)
    backward: list[Line] = []
    for i in range(len(forward.lines) - 1, -1, -1):
        line = forward.lines[i]
        if line.target == forward.loss or parts[line.target]:
            for name, tree, reason in pull_line(line, forward, active, known.shapes):
                parts[name].append((i, tree, reason))
        for name in _finished(line, i, first_reader, forward, active):
            if parts[name]:
                backward.append(_backward_line(name, parts[name], forward, known))
    _check_reached(forward, parts)
    return tuple(backward)


def _check_scalar(forward: Forward) -> None:
    if forward.shapes[forward.loss]:
        raise StepperError(
            "the last line is the loss and must be a single number, but {loss} is {shape}: "
            "take a mean or a sum",
            loss=forward.loss,
            shape=shown(forward.shapes[forward.loss]),
        )


def _check_reached(forward: Forward, parts: dict[str, list[tuple[int, Expr, Sentence]]]) -> None:
    for name in forward.parameters:
        if not parts[name]:
            raise StepperError(
                "the loss {loss} does not depend on the parameter {name}: use it, or take it out",
                loss=forward.loss,
                name=name,
            )


def _first_readers(lines: Sequence[Line]) -> dict[str, int]:
    found: dict[str, int] = {}
    for i, line in enumerate(lines):
        for name in names(line.tree):
            found.setdefault(name, i)
    return found


def _finished(
    line: Line, i: int, first_reader: dict[str, int], forward: Forward, active: Collection[str]
) -> list[str]:
    """The names whose last contribution comes from this line: parameters first, then as read."""
    read = dict.fromkeys(n.id for _, n in walk(line.tree) if isinstance(n, Name))
    done = [n for n in read if first_reader[n] == i and n in active]
    return sorted(done, key=lambda n: n not in forward.parameters)


def pull_line(
    line: Line,
    forward: Forward,
    wanted: Collection[str],
    shapes: Shapes,
    bind: Bind = lambda part, node: part,
) -> Iterator[tuple[str, Expr, Sentence]]:
    """What one line contributes to the gradient of each wanted name, with the last rule's
    reason."""
    loss = forward.loss
    g = Number(1) if line.target == loss else Name(gradient(loss, line.target))
    yield from _pull(line.tree, g, Name(line.target), (), wanted, shapes, bind)


def _pull(
    node: Expr,
    g: Expr,
    y: Expr,
    reasons: tuple[Sentence, ...],
    wanted: Collection[str],
    shapes: Shapes,
    bind: Bind,
) -> Iterator[tuple[str, Expr, Sentence]]:
    if isinstance(node, Name) and node.id in wanted:
        yield node.id, g, _joined(reasons, node)
    if not isinstance(node, Call):
        return
    parts = CARDS[node.op].vjp(g, y, *node.args, **settings_of(node))
    for arg, part in zip(node.args, parts, strict=True):
        if part is None or not names(arg) & set(wanted):
            continue
        part = _noted(part, node, arg, g, y)
        why = () if part == g else (_reason(part),)
        part, again = _unbroadcast(part, arg, shapes)
        yield from _pull(arg, bind(part, arg), arg, (*reasons, *why, *again), wanted, shapes, bind)


def _joined(reasons: tuple[Sentence, ...], node: Expr) -> Sentence:
    """The reasons of all rules along the way, except those that only pass a gradient on."""
    if not reasons:
        return Sentence(
            "it moves one for one with {x}, so the gradient comes back unchanged", {"x": node}
        )
    joined, *more = reasons
    for reason in more:
        joined = say("{before}; {after}", before=joined, after=reason)
    return joined


def _noted(part: Expr, node: Call, arg: Expr, g: Expr, y: Expr) -> Expr:
    """The rule's result with its notes as sentences about these operands."""

    def bound(n: Expr) -> Expr:
        if not isinstance(n.note, str) or not n.note:
            return n
        return because(n, card_sentence(n.note, node.args, g=g, y=y, x=arg))

    return rebuild(part, bound)


def _reason(part: Expr) -> Sentence:
    """The reason a rule gives: its note on the result, or on the slope inside it."""
    found = [n.note for _, n in walk(part) if isinstance(n.note, Sentence)]
    assert found, "every rule says why"
    return part.note if isinstance(part.note, Sentence) else found[-1]


def _unbroadcast(part: Expr, arg: Expr, shapes: Shapes) -> tuple[Expr, tuple[Sentence, ...]]:
    """Sums a gradient back to the shape of an operand that was broadcast; nothing else does so."""
    have, want = shape_of(part, shapes), shape_of(arg, shapes)
    if have == want:
        return part, ()
    reason = Sentence(
        "{x} {small} was repeated to fill {large}, so its gradient is the sum over all uses",
        {"x": arg, "small": _shown(want), "large": _shown(have)},
    )
    return because(summed_to(part, have, want), reason), (reason,)


def _shown(shape: Shape) -> str | Sentence:
    return shown(shape) if shape else say("(a single number)")


def _backward_line(
    name: str, parts: list[tuple[int, Expr, Sentence]], forward: Forward, known: Known
) -> Line:
    ordered = sorted(parts, key=lambda p: p[0])
    through = tuple(dict.fromkeys(forward.lines[i].target for i, _, _ in ordered))
    return Line(
        gradient(forward.loss, name),
        added_up([tree for _, tree, _ in ordered], known),
        "backward",
        of=name,
        through=through,
        reason=_why(name, ordered, forward),
    )


def _why(name: str, parts: list[tuple[int, Expr, Sentence]], forward: Forward) -> Sentence:
    i, _, reason = parts[0]
    if len(parts) == 1:
        line = forward.lines[i]
        return Sentence(
            "through line {n}, {target} = {tree}: {why}",
            {"n": str(i + 1), "target": Name(line.target), "tree": line.tree, "why": reason},
        )
    lines = ", ".join(dict.fromkeys(str(i + 1) for i, _, _ in parts))
    return Sentence(
        "{x} is used {count} times (line {lines}), and what comes back is added; the first: {why}",
        {"x": Name(name), "count": str(len(parts)), "lines": lines, "why": reason},
    )


def by_number(reason: Sentence) -> Sentence:
    """The reason shortened to line numbers, for where the forward lines are in sight."""
    if "tree" not in reason.fields:
        return reason
    return say("through line {n}: {why}", n=reason.fields["n"], why=reason.fields["why"])


def chain(forward: Forward, line: Line) -> tuple[Line, ...]:
    """A backward line before tidying: the chain rule, one rule a line, then the line itself.

    The names `g1`, `g2` … are the gradients of the inner operations; if `of` is used more than
    once, the last of them adds up the contributions of all uses.
    """
    assert line.of is not None
    steps: list[Line] = []
    shapes = dict(forward.known().shapes)
    uses: list[Expr] = []

    def add(tree: Expr, reason: Callable[[Name], Sentence]) -> Name:
        target = Name(next(g for n in count(1) if (g := f"g{n}") not in shapes))
        steps.append(Line(target.id, tree, "backward", of=line.of, reason=reason(target)))
        shapes[target.id] = shape_of(tree, shapes)
        return target

    def bind(part: Expr, node: Expr) -> Expr:
        why = "{target} is the gradient of {node}: {why}"
        return add(part, lambda g: say(why, target=g, node=node, why=_reason(part)))

    for forward_line in forward.lines:
        if forward_line.target in line.through:
            pulled = pull_line(forward_line, forward, {line.of}, shapes, bind)
            uses += [g for _, g, _ in pulled]
    if len(uses) > 1:
        why = "{x} is used {count} times, and what comes back from each use is added"
        add(reduce(add_up, uses), lambda g: say(why, x=Name(str(line.of)), count=str(len(uses))))
        uses = [Name(steps[-1].target)]
    return (*_only_needed(steps, uses), line)


def _only_needed(steps: list[Line], uses: list[Expr]) -> list[Line]:
    """The steps that some use depends on; side paths are dropped."""
    needed = {n for u in uses for n in names(u)}
    for step in reversed(steps):
        if step.target in needed:
            needed |= names(step.tree)
    return [s for s in steps if s.target in needed]
