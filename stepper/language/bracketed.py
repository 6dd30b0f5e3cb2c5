"""A formula with all its brackets written, so that the reader need not know operator precedence."""

from __future__ import annotations

from stepper.expr.tree import Call, Expr, Path, at
from stepper.language.text import CODE, Style, text
from stepper.ops import CARDS


def bracketed(tree: Expr, style: Style = CODE) -> str:
    """Writes `((d @ W.T) * a) * (1 - z)`, which shows how a formula was parsed."""

    def inner(node: Expr, path: Path) -> str | None:
        if not path or not _is_operation(node) or not _is_operation(at(tree, path[:-1])):
            return None
        return f"({bracketed(node, style)})"

    return text(tree, style, inner)


def _is_operation(node: Expr) -> bool:
    """Whether a node is written between or before its operands: ambiguous without brackets."""
    return isinstance(node, Call) and CARDS[node.op].notation.form in ("infix", "prefix")
