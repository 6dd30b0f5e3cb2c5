"""The input of a diagnosis: a wrong formula, and a right one for the same target."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from stepper.check.scope import Scope
from stepper.check.search import Search, size
from stepper.check.world import World, same
from stepper.expr.tree import Expr, names, substitute
from stepper.labs.lab import Lab
from stepper.ops.card import Value

DEEP = 3
"""How many levels of upstream gradients are expanded in the true formula."""
LARGE = 120
"""The largest true formula, in nodes, that is searched."""


@dataclass(frozen=True, eq=False)
class Question:
    """A learner's wrong formula for `target`, and a right one.

    `extra` holds the values of the learner's own names, world by world.
    """

    tree: Expr
    right: Expr
    target: str
    lab: Lab
    worlds: tuple[World, ...]
    extra: tuple[Mapping[str, Value], ...] = ()

    @cached_property
    def scope(self) -> Scope:
        return Scope(self.lab, self.target, dict(self._recognised()))

    def _recognised(self) -> Iterator[tuple[str, str]]:
        """The learner's names that equal known quantities, with those quantities' names."""
        for name in self.extra[0] if self.extra else ():
            for known in self.worlds[0].values:
                pairs = zip(self.worlds, self.extra, strict=True)
                if all(same(w.values[known], x[name]) for w, x in pairs):
                    yield name, known
                    break

    @cached_property
    def wanted(self) -> list[Value]:
        """The right value in every world."""
        return [Search(self.right, [w], [np.float64(0)]).value(self.right) for w in self.worlds]


def true_formulas(question: Question) -> Iterator[Expr]:
    """The right formula, with more and more of the gradients it reads expanded."""
    lines = {line.target: line.tree for line in question.scope.backward}
    tree = question.right
    for _ in range(DEEP):
        if size(tree) > LARGE:
            return
        yield tree
        inner = {n: lines[n] for n in names(tree) if n in lines}
        if not inner:
            return
        tree = substitute(tree, inner)
