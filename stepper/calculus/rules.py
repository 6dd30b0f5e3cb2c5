"""The rules of calculus for scalars: the derivative of an operation in terms of its operands'.

(Any first book of calculus has them; Spivak, "Calculus", chapters 9, 10 and 18.)
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

from stepper.calculus.product import ONE, ZERO
from stepper.expr.errors import FormulaError
from stepper.expr.sentence import Sentence, say
from stepper.expr.tree import Call, Expr, Name, Number, call, derivative, operands, rebuild, walk
from stepper.language.spellings import slope
from stepper.language.text import text
from stepper.ops import CARDS

BOUND = ("k", "m")
"""The summation indices."""


class Applied(NamedTuple):
    """The result of applying a rule to a derivative, and the rule's name."""

    tree: Expr
    rule: Sentence


def applied(f: Expr, by: Expr) -> Applied:
    """Applies one rule of calculus to d f / d by, the outermost that fits.

    Raises FormulaError for an operation that has no derivative here.
    """
    if not depends(f, by):
        return Applied(ZERO, say("a constant: its slope is 0"))
    if f == by:
        return Applied(ONE, say("its own slope is 1"))
    assert isinstance(f, Call)
    rule = _RULES.get(f.op)
    return rule(f, by) if rule else _function(f, by)


def depends(f: Expr, by: Expr) -> bool:
    """Whether a formula depends on `by`; a sum over k has a term for every entry."""
    return f == by or _runs_over(f, by) or any(depends(a, by) for a in operands(f))


def _runs_over(node: Expr, by: Expr) -> bool:
    """Whether some k makes `z[k]` in a sum the entry `z[i]`."""
    return (
        isinstance(node, Name)
        and isinstance(by, Name)
        and node.id.endswith(tuple(f"[{k}]" for k in BOUND))
        and node.id.rpartition("[")[0] == by.id.rpartition("[")[0]
    )


def _sum(f: Call, by: Expr) -> Applied:
    a, b = f.args
    if not depends(b, by):
        return Applied(derivative(a, by), say("a constant added changes no slope"))
    if not depends(a, by):
        d = derivative(b, by)
        return Applied(-d if f.op == "sub" else d, say("a constant added changes no slope"))
    return Applied(call(f.op, derivative(a, by), derivative(b, by)), say("sum rule"))


def _minus(f: Call, by: Expr) -> Applied:
    return Applied(-derivative(f.args[0], by), say("constant factor"))


def _product(f: Call, by: Expr) -> Applied:
    a, b = f.args
    if not depends(a, by):
        return Applied(a * derivative(b, by), say("constant factor"))
    if not depends(b, by):
        return Applied(derivative(a, by) * b, say("constant factor"))
    return Applied(derivative(a, by) * b + a * derivative(b, by), say("product rule"))


def _quotient(f: Call, by: Expr) -> Applied:
    a, b = f.args
    if not depends(b, by):
        return Applied(derivative(a, by) / b, say("constant factor"))
    if not depends(a, by):
        power = b ** (-1)
        return Applied(derivative(power if a == ONE else a * power, by), say("power form"))
    whole = (derivative(a, by) * b - a * derivative(b, by)) / b**2
    return Applied(whole, say("quotient rule"))


def _power(f: Call, by: Expr) -> Applied:
    a, n = f.args
    if depends(n, by):
        if not depends(a, by):
            return _chained(f * call("log", a), n, by, say("exponential"))
        return Applied(
            derivative(call("exp", n * call("log", a)), by), say("written as a power of e")
        )
    return _chained(n * _one_less(a, n), a, by, say("power rule"))


def _one_less(a: Expr, n: Expr) -> Expr:
    value = _number(n)
    if value is None:
        return a ** (n - 1)
    return a if value == 2 else a ** (value - 1)


def _number(n: Expr) -> float | None:
    if isinstance(n, Call) and n.op == "neg" and isinstance(n.args[0], Number):
        return -n.args[0].value
    return n.value if isinstance(n, Number) else None


def _chained(outer: Expr, inner: Expr, by: Expr, rule: Sentence) -> Applied:
    if inner == by:
        return Applied(outer, rule)
    return Applied(outer * derivative(inner, by), say("{rule}, chain rule", rule=rule))


def _larger(f: Call, by: Expr) -> Applied:
    a, b = f.args
    tree = (a > b) * derivative(a, by) + call("less_equal", a, b) * derivative(b, by)
    return Applied(tree, say("only the larger one counts (at a tie the second)"))


def _flat(f: Call, by: Expr) -> Applied:
    return Applied(ZERO, say("flat: its slope is 0 (where it jumps it has none)"))


def _over_entries(f: Call, by: Expr) -> Applied:
    """Reduces Σ over k to the terms of entry i, the only ones that depend on z[i]."""
    (each,) = f.args
    letter = by.id.rpartition("[")[2].rstrip("]") if isinstance(by, Name) else ""
    k = next(k for k in BOUND if mentions(each, k))
    if any(isinstance(n, Call) and n.op == "sum" and depends(n, by) for _, n in walk(each)):
        raise FormulaError(
            "no-derivative", f.span,
            "every term of this sum changes with each entry of {x}, so it cannot be derived term "
            "by term. For a cross-entropy of a softmax, write `softmax_ce({x}, y)`",
            x=text(by).partition("[")[0],
        )  # fmt: skip
    own = lettered(each, k, letter)
    why = say("in the sum only the term {k} = {i} changes", k=k, i=letter)
    return Applied(derivative(own, by), why)


def mentions(tree: Expr, letter: str) -> bool:
    """Whether the tree has entries with this index."""
    return any(isinstance(n, Name) and n.id.endswith(f"[{letter}]") for _, n in walk(tree))


def lettered(tree: Expr, old: str, new: str) -> Expr:
    """The tree with one index replaced by another: z[k] becomes z[i]."""

    def renamed(node: Expr) -> Expr:
        if isinstance(node, Name) and node.id.endswith(f"[{old}]"):
            return Name(f"{node.id.rpartition('[')[0]}[{new}]")
        return node

    return rebuild(tree, renamed)


def _function(f: Call, by: Expr) -> Applied:
    """A scalar function, by the derivative that its card gives."""
    card = CARDS.get(f.op)
    if card is None or card.arity != 1 or not card.is_elementwise:
        raise FormulaError(
            "no-derivative",
            f.span,
            "`{f}` has no derivation on single numbers: give it a name of its own, `z = {f}`, and "
            "derive by z",
            f=text(f),
        )
    (inner,) = f.args
    name = say("the slope of {f}", f=card.notation.unicode or card.notation.code)
    return _chained(slope(card, inner), inner, by, name)


_Rule = Callable[[Call, Expr], Applied]
_RULES: Mapping[str, _Rule] = {
    "add": _sum, "sub": _sum, "neg": _minus, "mul": _product, "div": _quotient, "pow": _power,
    "maximum": _larger, "sum": _over_entries,
    **dict.fromkeys(("greater", "less", "greater_equal", "less_equal", "equal", "sign"), _flat),
}  # fmt: skip
