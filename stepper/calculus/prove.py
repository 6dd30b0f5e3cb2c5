"""Whether two formulas are equal: proved by algebra, only tested at points, or refuted.

sympy proves; it is imported here and nowhere else, when the first proof is needed. It is given
trees, never text, since its own parser would execute what it reads.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import count, pairwise, product
from typing import Any, Literal

from stepper.calculus.derivation import Derivation
from stepper.calculus.plain import is_leaf, plain
from stepper.calculus.points import agree, at_point, has_kinks, leaves, points
from stepper.expr.errors import FormulaError
from stepper.expr.tree import DERIVATIVE, Call, Expr, Number
from stepper.language.text import text
from stepper.ops import CARDS

Verdict = Literal["proved", "tried", "wrong", "unknown"]
MOST_CASES = 6
"""The most comparisons a formula may have and still be proved case by case."""


@dataclass(frozen=True, slots=True, eq=False)
class Check:
    """The verdict on `left = right`; if it is wrong, a point where they differ and by how much."""

    verdict: Verdict
    at: Mapping[Expr, float] = field(default_factory=dict)
    left: float | None = None
    right: float | None = None
    points: int = 0
    """The number of points at which both have a value."""


def load() -> None:
    """Imports sympy now, so that the first proof need not wait for it."""
    import sympy  # noqa: F401


def proof(d: Derivation) -> Iterator[Check]:
    """A check for each line of a derivation, against the line before it."""
    for before, after in pairwise(d.trees()):
        yield check(before, after, d)


def proofs(found: Iterable[Derivation]) -> dict[Derivation, tuple[Check, ...]]:
    """The checks of derivations and of everything that can be opened in them."""
    known: dict[Derivation, tuple[Check, ...]] = {}
    for d in found:
        known |= {each: tuple(proof(each)) for each in d.all() if each not in known}
    return known


def check(left: Expr, right: Expr, d: Derivation | None = None) -> Check:
    """Whether two formulas are equal, as far as that can be decided.

    Only algebra earns "proved"; if it fails and no point tells them apart, the verdict is "tried".
    """
    try:
        a, b = (_plain(tree, d) for tree in (left, right))
        if a == b:
            return Check("proved")
        tried = _tried(a, b)
        if tried.verdict != "wrong" and _equal(a, b):
            return Check("proved", points=tried.points)
    except FormulaError:
        return Check("unknown")
    return tried


def _plain(tree: Expr, d: Derivation | None) -> Expr:
    return plain(tree, d.where, d.assumed) if d else plain(tree, {}, {})


def _tried(a: Expr, b: Expr) -> Check:
    """The first point where the two differ, or the number of points at which they agree."""
    named, met = leaves(a, b), 0
    for point in points(named, has_kinks(a) or has_kinks(b)):
        left, right = at_point(a, point), at_point(b, point)
        if left is None or right is None:
            continue
        met += 1
        if not agree(left, right):
            where = {n: float(v) for n, v in point.items()}
            return Check("wrong", where, float(left), float(right), met)
    return Check("tried" if met else "unknown", points=met)


def _equal(a: Expr, b: Expr) -> bool:
    """Whether algebra shows two plain formulas equal, in each case of every comparison."""
    import sympy

    difference = _sympy(a) - _sympy(b)
    masks = {m: compared for compared, m in list(_MASKS.items()) if difference.has(m)}
    if len(masks) > MOST_CASES:
        return False
    return all(
        _is_zero(sympy, _in_case(difference, dict(zip(masks, case, strict=True)), masks))
        for case in product((0, 1), repeat=len(masks))
    )


def _in_case(x: Any, case: Mapping[Any, int], masks: Mapping[Any, Any]) -> Any:
    """The formula in the case where these comparisons hold or do not; 0 if they are
    contradictory."""
    x = x.subs(case)
    holds = {compared: case[m] for m, compared in masks.items()}
    for compared, value in holds.items():
        if holds.get(-compared) == value == 1:
            return 0 * x  # greater and less at the same time
        if holds.get(-compared) == value == 0 and compared.is_Symbol:
            x = x.subs(compared, 0)  # neither: a tie
    return x


def _is_zero(sympy: Any, x: Any) -> bool:
    """Tests for zero: expand; then one fraction with a symbol for every e^x; `simplify` last."""
    if x == 0 or sympy.expand(x) == 0:
        return True
    if x.has(sympy.log):
        x = sympy.expand_log(x)
    above, _ = sympy.fraction(sympy.together(_with_letters(sympy, x)))
    return bool(sympy.expand(above) == 0 or sympy.simplify(x) == 0)


def _with_letters(sympy: Any, x: Any) -> Any:
    """The formula with a symbol for every e^x; e^−x is its reciprocal."""
    letters: dict[Any, Any] = {}

    def letter(arg: Any) -> Any:
        factors = []
        for term in sympy.Add.make_args(sympy.expand(arg)):
            number, rest = term.as_coeff_Mul()
            whole = number.is_Integer
            key = rest if whole else abs(number) * rest
            power = number if whole else sympy.sign(number)
            known = letters.setdefault(key, sympy.Symbol(f"e{len(letters)}", positive=True))
            factors.append(known**power)
        return sympy.Mul(*factors)

    return x.replace(sympy.exp, letter)


_FRESH = count()
"""Numbers for fresh names: none is used twice, even by two proofs running at the same time."""
_SYMBOLS: dict[Expr, Any] = {}
_MASKS: dict[Any, Any] = {}
"""The symbol, 1 or 0, of each comparison, by what is compared."""


@lru_cache(maxsize=2048)
def _sympy(tree: Expr) -> Any:
    """A plain formula as a sympy expression."""
    import sympy

    if is_leaf(tree):
        return _SYMBOLS.setdefault(tree, sympy.Symbol(f"x{next(_FRESH)}", real=True))
    if isinstance(tree, Number):
        return sympy.Rational(tree.text or repr(tree.value))
    assert isinstance(tree, Call)
    xs = [_sympy(a) for a in tree.args]
    if tree.op == DERIVATIVE:
        return sympy.diff(*xs)
    rule = _TO_SYMPY.get(tree.op)
    if rule is None and (name := CARDS[tree.op].mathematics):
        return getattr(sympy, name)(*xs)
    if rule is None:
        raise FormulaError(
            "not-a-value", tree.span, "`{f}` is no formula of single numbers", f=text(tree)
        )
    return rule(sympy, *xs)


def _larger(sympy: Any, a: Any, b: Any) -> Any:
    """1 where a > b, else 0: one symbol per comparison, the same for a > b and 2a > 2b."""
    difference = sympy.expand(a - b)
    if difference.is_number:
        return sympy.Integer(int(difference > 0))
    number, rest = difference.primitive() if difference.is_Add else difference.as_coeff_Mul()
    key = rest * sympy.sign(number)
    return _MASKS.setdefault(key, sympy.Symbol(f"m{next(_FRESH)}", real=True))


def _maximum(sympy: Any, a: Any, b: Any) -> Any:
    larger = _larger(sympy, a, b)
    return larger * a + (1 - larger) * b


def _abs(sympy: Any, x: Any) -> Any:
    return x * _sign(sympy, x)


def _sign(sympy: Any, x: Any) -> Any:
    return _larger(sympy, x, 0) - _larger(sympy, 0, x)


def _equals(sympy: Any, a: Any, b: Any) -> Any:
    return (1 - _larger(sympy, a, b)) * (1 - _larger(sympy, b, a))


def _power(sympy: Any, a: Any, n: Any) -> Any:
    return a**n if n.is_number else sympy.exp(n * sympy.log(a))


_TO_SYMPY: Mapping[str, Callable[..., Any]] = {
    "add": lambda s, a, b: a + b,
    "sub": lambda s, a, b: a - b,
    "mul": lambda s, a, b: a * b,
    "div": lambda s, a, b: a / b,
    "neg": lambda s, a: -a,
    "pow": _power,
    "abs": _abs,
    "sign": _sign,
    "maximum": _maximum,
    "greater": _larger,
    "less": lambda s, a, b: _larger(s, b, a),
    "greater_equal": lambda s, a, b: 1 - _larger(s, b, a),
    "less_equal": lambda s, a, b: 1 - _larger(s, a, b),
    "equal": _equals,
}
"""Arithmetic and functions with kinks; any other function is sympy's, by the name on its card."""
