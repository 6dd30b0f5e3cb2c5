"""A learner's own one-formula function, inlined where it is called."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import islice
from typing import NamedTuple

from stepper.expr.errors import FormulaError
from stepper.expr.tree import Expr, Name, Span, rebuild, walk

MAX_NODES = 1_000
MAX_DEPTH = 100


class Helper(NamedTuple):
    """A function, `def dsigmoid(a): return a * (1 - a)`: its parameters in order, its formula."""

    name: str
    parameters: tuple[str, ...]
    formula: Expr

    def put_in(self, values: Sequence[Expr], span: Span) -> Expr:
        """The formula with its parameters replaced by these values.

        Nodes of the function's body get the span of the call; the values keep their own.
        """
        given = dict(zip(self.parameters, values, strict=True))
        placed = rebuild(self.formula, lambda node: replace(node, span=span))  # type: ignore[type-var]
        return with_values(placed, given, span)


def with_values(tree: Expr, values: Mapping[str, Expr], span: Span | None) -> Expr:
    """The tree with these values substituted for some of its names."""

    def value_of(node: Expr) -> Expr:
        return values.get(node.id, node) if isinstance(node, Name) else node

    return bounded(rebuild(tree, value_of), span)


def bounded(tree: Expr, span: Span | None) -> Expr:
    """Returns the tree, or raises FormulaError if inlining has made it too large."""
    paths = [path for path, _ in islice(walk(tree), MAX_NODES + 1)]
    if len(paths) > MAX_NODES or max(map(len, paths)) > MAX_DEPTH:
        raise FormulaError(
            "limit", span, "with your functions put in this is too large for one formula"
        )
    return tree
