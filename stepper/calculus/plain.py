"""A formula reduced to arithmetic, exp, log and comparisons, for proofs and numeric checks.

A sum over k is expanded to three entries: i, j, and one (r) that represents all others.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import reduce
from operator import add

from stepper.calculus.derive import is_composite, written_out
from stepper.calculus.rules import BOUND, lettered, mentions
from stepper.expr.errors import FormulaError
from stepper.expr.tree import Call, Expr, Name, rebuild, substitute

ENTRIES = ("i", "j", "r")


def plain(tree: Expr, meaning: Mapping[str, Expr], assumed: Mapping[str, Expr]) -> Expr:
    """The tree with composites, sums over indices and short names expanded.

    Raises FormulaError for an operation on whole matrices.
    """
    tree = rebuild(substitute(tree, meaning), _written_out)
    return substitute(tree, assumed)


def _written_out(node: Expr) -> Expr:
    if isinstance(node, Call) and is_composite(node):
        return rebuild(written_out(node), _written_out)
    if isinstance(node, Call) and node.op == "identity":
        return node.args[0]
    if isinstance(node, Call) and node.op == "sum":
        return _over_entries(node.args[0])
    return node


def _over_entries(each: Expr) -> Expr:
    letter = next((k for k in BOUND if mentions(each, k)), None)
    if letter is None:
        raise FormulaError("not-a-value", None, "a sum over whole matrices has no single number")
    return reduce(add, (lettered(each, letter, i) for i in ENTRIES))


def is_leaf(node: Expr) -> bool:
    """Whether a node is a name, an entry or a count of entries: it gets a number of its own."""
    return isinstance(node, Name) or (isinstance(node, Call) and node.op in ("item", "size"))
