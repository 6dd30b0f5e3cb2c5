"""A loss on matrices in index notation: `sum((a[k] - y[k])**2) / n`."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from functools import partial

from stepper.calculus.rules import BOUND
from stepper.expr.errors import FormulaError
from stepper.expr.sentence import Sentence
from stepper.expr.tree import Call, Expr, Name, Number, rebuild, settings_of, walk
from stepper.language.text import text
from stepper.ops import CARDS
from stepper.ops.card import Letter

PLAIN = ("N", "n", "eps", "lam", "lr")
"""Names taken for scalars if nothing else is known of them."""

Count = Callable[[Call], Expr]
"""Gives the number of entries that a `size(…)` stands for."""


def one_sample(size: Call) -> Expr:
    """n, the number of entries of one sample."""
    return Number(1) if "axis" in settings_of(size) else Name("n")


@dataclass(frozen=True, slots=True, eq=False)
class Letters:
    """Writes trees in index notation; `plain` are the names of scalars."""

    plain: Collection[str] = PLAIN
    count: Count = one_sample

    def forms(self, tree: Expr, i: str) -> tuple[Expr, ...]:
        """Entry i of a tree, in successive forms.

        Raises FormulaError for an operation that has no formula in index notation.
        """
        if isinstance(tree, Name):
            return (tree if tree.id in self.plain else Name(f"{tree.id}[{i}]"),)
        if not isinstance(tree, Call):
            return (tree,)
        card, settings = CARDS[tree.op], settings_of(tree)
        if card.is_elementwise:
            return self._elementwise(tree, i)
        if i in BOUND and card.name != "softmax":
            raise FormulaError(
                "no-entry", tree.span, "a sum inside a sum is not derived: give `{f}` a name",
                f=text(tree),
            )  # fmt: skip
        operands = (Letter(a, partial(self._entry, a)) for a in tree.args)
        return tuple(self._counted(form) for form in card.indexed(i, *operands, **settings))

    def _entry(self, tree: Expr, i: str) -> Expr:
        return self.forms(tree, i)[-1]

    def _elementwise(self, tree: Call, i: str) -> tuple[Expr, ...]:
        each = [self.forms(a, i) for a in tree.args]
        most = max(map(len, each))
        return tuple(
            replace(tree, args=tuple(f[min(s, len(f) - 1)] for f in each), note=_note(each, s))
            for s in range(most)
        )

    def _counted(self, form: Expr) -> Expr:
        def counted(node: Expr) -> Expr:
            return self.count(node) if isinstance(node, Call) and node.op == "size" else node

        return rebuild(form, counted)


def _note(each: list[tuple[Expr, ...]], s: int) -> Sentence | str:
    """The reason for the form that is new at step `s`."""
    return next((f[s].note for f in each if s < len(f) and f[s].note), "")


def by_letters(tree: Expr) -> bool:
    """Whether a formula mixes entries, so that its derivative needs index notation."""
    mixing = ("sum", "mean", "softmax", "softmax_ce")
    return any(isinstance(n, Call) and n.op in mixing for _, n in walk(tree))
