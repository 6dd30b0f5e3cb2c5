"""The arithmetic rules that simplify what a rule of calculus leaves: 0, 1, signs and numbers.

A fixed list; nothing is expanded, and no factor is reordered.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from functools import reduce
from operator import mul

from stepper.calculus.coefficient import literal, reduced
from stepper.expr.tree import DERIVATIVE, Call, Expr, Number, call

ZERO, ONE = Number(0), Number(1)


@dataclass(frozen=True, slots=True)
class Product:
    """`number * over / under`; the factors keep the order in which they were written."""

    number: Fraction = Fraction(1)
    below: Fraction = Fraction(1)
    over: tuple[Expr, ...] = ()
    under: tuple[Expr, ...] = ()
    typed: str = ""

    def times(self, other: Product) -> Product:
        return Product(
            self.number * other.number,
            self.below * other.below,
            self.over + other.over,
            self.under + other.under,
            self.typed or other.typed,
        )

    def inverse(self) -> Product:
        sign = -1 if self.number < 0 else 1
        return Product(sign * self.below, abs(self.number), self.under, self.over, self.typed)

    def reduced(self) -> Product:
        """The product with the numbers above and below divided."""
        number, below = reduced(abs(self.number), self.below)
        return replace(self, number=-number if self.number < 0 else number, below=below)

    def built(self) -> Expr:
        """The product as a tree: minus first, then the number, one fraction bar."""
        if self.number == 0:
            return ZERO
        number, below = abs(self.number), self.below
        over = (literal(number, self.typed), *self.over) if number != 1 else self.over
        under = (literal(below, ""), *self.under) if below != 1 else self.under
        tree = reduce(mul, over) if over else ONE
        tree = tree / reduce(mul, under) if under else tree
        return -tree if self.number < 0 else tree


def product(tree: Expr) -> Product:
    """Splits a tree into its sign, numbers and factors."""
    if isinstance(tree, Number):
        return Product(Fraction(tree.text or str(tree.value)), typed=tree.text)
    if isinstance(tree, Call) and tree.op == "neg":
        inner = product(tree.args[0])
        return replace(inner, number=-inner.number)
    if isinstance(tree, Call) and tree.op == "mul":
        return product(tree.args[0]).times(product(tree.args[1]))
    if isinstance(tree, Call) and tree.op == "div":
        above, below = map(product, tree.args)
        return above.times(below.inverse()) if below.number else Product(over=(tree,))
    return Product(over=(tree,))


def tidied(tree: Expr) -> Expr:
    """The tree without zeros, ones and double minus, its numbers multiplied.

    Derivatives that are still to be worked out are left alone.
    """
    if not isinstance(tree, Call) or tree.op == DERIVATIVE:
        return tree
    tree = replace(tree, args=tuple(map(tidied, tree.args)))
    if tree.op in ("mul", "div", "neg"):
        return product(tree).built()
    if tree.op in ("add", "sub"):
        return _sum(tree, *tree.args)
    if tree.op == "pow" and tree.args[1] == ONE:
        return tree.args[0]
    return tree


def _sum(tree: Call, a: Expr, b: Expr) -> Expr:
    if tree.op == "sub":
        if b == ZERO:
            return a
        return _minus(b) if a == ZERO else _signed(tree, a, b, "add")
    if ZERO in (a, b):
        return b if a == ZERO else a
    return _signed(tree, a, b, "sub")


def _signed(tree: Call, a: Expr, b: Expr, other: str) -> Expr:
    """A sum of two, where `a + −b` becomes the difference, and the other way round."""
    if isinstance(b, Call) and b.op == "neg":
        return call(other, a, b.args[0])
    return tree


def _minus(b: Expr) -> Expr:
    return b.args[0] if isinstance(b, Call) and b.op == "neg" else -b


def cancelled(tree: Expr) -> Expr:
    """The tree without factors common to both sides of a fraction bar, numbers divided."""
    if not isinstance(tree, Call) or tree.op == DERIVATIVE:
        return tree
    if tree.op in ("mul", "div", "neg"):
        return _cancelled(product(tree), tree)
    args = tuple(map(cancelled, tree.args))
    return replace(tree, args=args) if args != tree.args else tree


def _cancelled(parts: Product, tree: Call) -> Expr:
    under, over = list(parts.under), []
    for factor in parts.over:
        if factor in under:
            under.remove(factor)
        else:
            over.append(factor)
    left = replace(parts, over=tuple(over), under=tuple(under)).reduced()
    return tree if left == parts else left.built()
