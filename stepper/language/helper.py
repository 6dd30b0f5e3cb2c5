"""A learner's own function that is one formula, put in where it is called."""

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
    """`def dsigmoid(a): return a * (1 - a)`: its parameters in their order, and its formula."""

    name: str
    parameters: tuple[str, ...]
    formula: Expr

    def put_in(self, values: Sequence[Expr], span: Span) -> Expr:
        """The formula with these values for its parameters.

        What is the function's own has the place of the call; the values keep theirs.
        """
        given = dict(zip(self.parameters, values, strict=True))
        placed = rebuild(self.formula, lambda node: replace(node, span=span))  # type: ignore[type-var]
        return with_values(placed, given, span)


def with_values(tree: Expr, values: Mapping[str, Expr], span: Span | None) -> Expr:
    """The tree with these values for some of its names."""

    def value_of(node: Expr) -> Expr:
        return values.get(node.id, node) if isinstance(node, Name) else node

    return bounded(rebuild(tree, value_of), span)


def bounded(tree: Expr, span: Span | None) -> Expr:
    """The tree, unless functions that are put in have made it too large: FormulaError."""
    paths = [path for path, _ in islice(walk(tree), MAX_NODES + 1)]
    if len(paths) > MAX_NODES or max(map(len, paths)) > MAX_DEPTH:
        raise FormulaError(
            "limit", span, "with your functions put in this is too large for one formula"
        )
    return tree
