"""Adds up the contributions to one gradient so that the line reads like a textbook's.

The rules, each of which a derivation could show as a line: numbers and scalars go in front and
below (`term`), equal terms are merged, common factors are taken out, a shared gradient goes to the
left of the sum, and slices that tile a matrix are stacked.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import permutations

from stepper.calculus.term import Known, Term, built, simplest, term
from stepper.expr.tree import Call, Expr, Name, Number, call, settings_of
from stepper.ops.parts import WHOLE, Cut


def added_up(contributions: Sequence[Expr], known: Known) -> Expr:
    """The tidied sum of the contributions, in their order."""
    terms = _stacked(_merged([term(c, known) for c in contributions]))
    if not terms:
        like = simplest(contributions[0], known)
        return call("mul", 0, call("ones_like", like)) if known.shape(like) else Number(0)
    if len(terms) == 1:
        return built(terms[0], known)
    shared, rests = _taken_out(terms)
    gradient = _shared_gradient(rests)
    if gradient is not None:
        rests = [r._replace(core=_without_leftmost(r.core)) for r in rests]
    inner = _sum(rests, known)
    core = inner if gradient is None else gradient * inner
    return built(shared._replace(core=core), known)


def _merged(terms: list[Term]) -> list[Term]:
    """Merges equal terms: x + x becomes 2x."""
    merged: list[Term] = []
    for t in terms:
        same = next((i for i, m in enumerate(merged) if _alike(m, t)), None)
        if same is None:
            merged.append(t)
        else:
            m = merged[same]
            whole = m.number / m.below + t.number / t.below
            merged[same] = m._replace(
                number=Fraction(whole.numerator), below=Fraction(whole.denominator), typed=""
            )
    return [m for m in merged if m.number != 0]


def _alike(a: Term, b: Term) -> bool:
    return (a.over, a.under, a.core) == (b.over, b.under, b.core)


def _taken_out(terms: list[Term]) -> tuple[Term, list[Term]]:
    """The common factors of all terms, and what remains of each."""
    over, under = _common([t.over for t in terms]), _common([t.under for t in terms])
    first = terms[0]
    number = abs(first.number) if len({abs(t.number) for t in terms}) == 1 else Fraction(1)
    below = first.below if len({t.below for t in terms}) == 1 else Fraction(1)
    shares = bool(over or under or number != 1 or below != 1)
    sign = -1 if first.number < 0 and shares else 1
    typed = first.typed if number != 1 else ""
    rests = [
        Term(
            t.number / number * sign,
            t.below / below,
            t.typed if number == 1 else "",
            _less(t.over, over),
            _less(t.under, under),
            t.core,
        )
        for t in terms
    ]
    return Term(number * sign, below, typed, over, under), rests


def _common(lists: list[tuple[Expr, ...]]) -> tuple[Expr, ...]:
    found, others = [], [list(x) for x in lists[1:]]
    for x in lists[0]:
        if all(x in o for o in others):
            found.append(x)
            for o in others:
                o.remove(x)
    return tuple(found)


def _less(items: tuple[Expr, ...], taken: tuple[Expr, ...]) -> tuple[Expr, ...]:
    left = list(items)
    for x in taken:
        left.remove(x)
    return tuple(left)


def _sum(terms: list[Term], known: Known) -> Expr:
    if len(terms) == 2 and terms[0].number < 0 < terms[1].number:
        p, q = (built(t._replace(number=abs(t.number)), known) for t in terms)
        if isinstance(p, Name) and isinstance(q, Name):
            return q - p
    total = built(terms[0], known)
    for t in terms[1:]:
        if t.number < 0:
            total = total - built(t._replace(number=-t.number), known)
        else:
            total = total + built(t, known)
    return total


def _leftmost(core: Expr | None) -> Expr | None:
    while isinstance(core, Call) and core.op == "mul":
        core = core.args[0]
    return core


def _shared_gradient(terms: list[Term]) -> Name | None:
    """The `dJ_d…` that every term begins with; None without one."""
    first = _leftmost(terms[0].core)
    shared = all(_leftmost(t.core) == first and not t.over for t in terms)
    if shared and isinstance(first, Name) and "_d" in first.id and first.id.startswith("d"):
        return first
    return None


def _without_leftmost(core: Expr | None) -> Expr | None:
    if not isinstance(core, Call) or core.op != "mul":
        return None
    rest = _without_leftmost(core.args[0])
    return core.args[1] if rest is None else replace(core, args=(rest, core.args[1]))


def _stacked(terms: list[Term]) -> list[Term]:
    """Stacks gradients of slices that tile a matrix: `stack(top, bottom)`."""
    for i, j in permutations(range(len(terms)), 2):
        core = _stack(terms[i], terms[j])
        if core is not None:
            stacked = terms[i]._replace(core=core)
            rest = [t for k, t in enumerate(terms) if k not in (i, j)]
            return _stacked([*rest[: min(i, j)], stacked, *rest[min(i, j) :]])
    return terms


def _stack(top: Term, bottom: Term) -> Expr | None:
    """`stack(a, b)` for `pad(a, W[:k])` and `pad(b, W[k:])`; None if they do not tile."""
    first, second = top.core, bottom.core
    if top._replace(core=None) != bottom._replace(core=None):
        return None
    if not (isinstance(first, Call) and isinstance(second, Call)):
        return None
    if {first.op, second.op} != {"pad"} or first.args[1] != second.args[1]:
        return None
    a, b = settings_of(first), settings_of(second)
    for axis, along, across in ((0, "rows", "columns"), (1, "columns", "rows")):
        if _tile(a[along], b[along]) and a[across] == b[across] == WHOLE:
            settings = {"axis": 1} if axis else {}
            return call("stack", first.args[0], second.args[0], **settings)
    return None


def _tile(top: Cut, bottom: Cut) -> bool:
    """Whether one slice ends where the other begins."""
    return top[0] is None and bottom[1] is None and top[1] is not None and top[1] == bottom[0]
