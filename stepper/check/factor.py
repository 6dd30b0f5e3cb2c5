"""Recognises the factor by which a part of a formula is off: −1, 2, ½, N, 1/N, or k."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isclose

from stepper.expr.tree import Call, Expr, Name, Number

EXACT = 1e-8
_NICE = 1e-6
_BESIDE_N = (1.0, -1.0, 2.0, -2.0, 0.5, -0.5)
"""Factors that are often wrong together with N: the sign, the 2 of the power rule."""


@dataclass(frozen=True, slots=True)
class Factor:
    """The correction of a part: a number, or `number` times (or over) the `name` N."""

    number: float
    name: str = ""
    under: bool = False

    @property
    def is_number(self) -> bool:
        return not self.name

    @property
    def parts(self) -> tuple[Factor, ...]:
        """Its sign, its N and its number separately; those that are 1 are left out."""
        size = abs(self.number)
        sign = (Factor(-1),) if self.number < 0 else ()
        count = (Factor(1, self.name, self.under),) if self.name else ()
        return (*sign, *count, *((Factor(size),) if size != 1 else ()))

    def applied(self, tree: Expr) -> Expr:
        """The tree multiplied by this factor, as people write it."""
        if self.name:
            scaled = tree / Name(self.name) if self.under else Name(self.name) * tree
            return -scaled if self.number < 0 else scaled
        size = abs(self.number)
        if isinstance(tree, Number):
            scaled = _number(tree.value * size)
        elif size == 1:
            return _minus(tree)
        else:
            scaled = _scaled(tree, size)
        return -scaled if self.number < 0 else scaled


def _minus(tree: Expr) -> Expr:
    if isinstance(tree, Call) and tree.op == "neg":
        return tree.args[0]
    if isinstance(tree, Call) and tree.op == "sub":
        return tree.args[1] - tree.args[0]
    return -tree


def _scaled(tree: Expr, size: float) -> Expr:
    whole, inverse = round(size), round(1 / size)
    if isclose(size, whole, rel_tol=_NICE):
        return Number(whole) * tree
    return tree / Number(inverse) if isclose(1 / size, inverse, rel_tol=_NICE) else size * tree


def _number(value: float) -> Number:
    near = round(value, 6)
    exact = near if isclose(near, value, rel_tol=1e-9) else value
    return Number(int(exact) if float(exact).is_integer() else exact)


def recognised(ratios: Sequence[float], counts: Sequence[float]) -> Factor | None:
    """The factor that equals `ratios` in some worlds, where N is `counts` (if there is an N)."""
    for k in _BESIDE_N if counts else ():
        if _all_close(ratios, [k * n for n in counts]):
            return Factor(k, "N")
        if _all_close(ratios, [k / n for n in counts]):
            return Factor(k, "N", under=True)
    if not ratios[0] or not _all_close(ratios, [ratios[0]] * len(ratios)):
        return None
    return Factor(_clean(ratios[0]))


def _clean(ratio: float) -> float:
    near = round(ratio, 9)
    return near if isclose(near, ratio, rel_tol=EXACT) and near else ratio


def _all_close(ours: Sequence[float], theirs: Sequence[float]) -> bool:
    return all(isclose(a, b, rel_tol=EXACT) for a, b in zip(ours, theirs, strict=True))
