"""A formula with every bracket, so that nobody has to know which operation binds tighter."""

from __future__ import annotations

from stepper.expr.tree import Call, Expr, Path, at
from stepper.language.text import CODE, Style, text
from stepper.ops import CARDS


def bracketed(tree: Expr, style: Style = CODE) -> str:
    """`((d @ W.T) * a) * (1 - z)`: how a formula was read."""

    def inner(node: Expr, path: Path) -> str | None:
        if not path or not _is_operation(node) or not _is_operation(at(tree, path[:-1])):
            return None
        return f"({bracketed(node, style)})"

    return text(tree, style, inner)


def _is_operation(node: Expr) -> bool:
    """Written between or before its operands: what could be read in two ways without brackets."""
    return isinstance(node, Call) and CARDS[node.op].notation.form in ("infix", "prefix")
