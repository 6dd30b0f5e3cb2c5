"""The shape of every node of a tree, by name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from stepper.expr.errors import FormulaError, ShapeError, near
from stepper.expr.sentence import Sentence
from stepper.expr.tree import Call, Expr, Name, call, operands, settings_of
from stepper.language.text import CODE, Style, text
from stepper.ops import CARDS
from stepper.ops.dims import SCALAR, Shape, shown

Shapes = Mapping[str, Shape]


def shape_of(tree: Expr, shapes: Shapes) -> Shape:
    """The shape of a tree, given those of its names.

    Raises ShapeError with both shapes by name and what to try, FormulaError for an unknown name.
    """
    if isinstance(tree, Name):
        if tree.id not in shapes:
            raise FormulaError(
                "unknown-name", tree.span, "there is no `{word}` here.{near}",
                word=tree.id, near=near(tree.id, shapes),
            )  # fmt: skip
        return shapes[tree.id]
    if not isinstance(tree, Call):
        return SCALAR
    found = [shape_of(a, shapes) for a in tree.args]
    try:
        return CARDS[tree.op].shape(*found, **settings_of(tree))
    except FormulaError as error:
        if error.span is not None or "{misfit}" in error.sentence.template:
            raise
        raise _told(tree, found, error) from None


def _told(tree: Call, found: list[Shape], error: FormulaError) -> FormulaError:
    """The card's refusal, with the operands, their shapes and what would fit."""
    return type(error)(
        error.kind,
        tree.span,
        "{misfit}: {why}{try_this}",
        misfit=_with_shapes(tree, found),
        why=error.sentence,
        try_this=_suggestion(tree, found) if isinstance(error, ShapeError) else "",
    )


def _with_shapes(tree: Call, found: list[Shape], style: Style = CODE) -> str:
    """`W1 (h, 2) @ X (N, 2)`."""
    numbered = {
        id(a): f"{_in_brackets(a, style)} {shown(s)}" for a, s in zip(tree.args, found, strict=True)
    }
    return text(tree, style, lambda node, path: numbered.get(id(node)))


def _in_brackets(operand: Expr, style: Style) -> str:
    """`(1 - a)`, so that the shape behind it is that of the whole."""
    written = text(operand, style)
    joined = isinstance(operand, Call) and CARDS[operand.op].notation.form == "infix"
    return f"({written})" if joined else written


def _suggestion(tree: Call, found: list[Shape]) -> Sentence:
    """The transposes that would make it fit, as a question."""
    fitting = []
    for flips in ((1,), (0,), (0, 1)):
        if max(flips) >= len(found):
            continue
        turned = [s[::-1] if i in flips else s for i, s in enumerate(found)]
        try:
            CARDS[tree.op].shape(*turned, **settings_of(tree))
        except FormulaError:
            continue
        fitting.append(_turned(tree, flips))
    return (
        Sentence("; {turned}?", {"turned": " or ".join(fitting[:2])}) if fitting else Sentence("")
    )


def _turned(tree: Call, flips: tuple[int, ...]) -> str:
    """`X.T`; the whole where that could be misread: `W @ W.T`."""
    args = [_transposed(a) if i in flips else a for i, a in enumerate(tree.args)]
    flipped = [tree.args[i] for i in flips]
    if any(tree.args.count(a) > 1 or _is_transposed(a) for a in flipped):
        return f"`{text(replace(tree, args=tuple(args)))}`"
    return " and ".join(f"`{text(args[i])}`" for i in flips)


def _transposed(tree: Expr) -> Expr:
    return operands(tree)[0] if _is_transposed(tree) else call("transpose", tree)


def _is_transposed(tree: Expr) -> bool:
    return isinstance(tree, Call) and tree.op == "transpose"
