"""The symbolic shape of every node of a tree."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from stepper.expr.errors import FormulaError, ShapeError, near
from stepper.expr.sentence import Sentence, say
from stepper.expr.tree import Call, Expr, Name, call, operands, settings_of
from stepper.language.text import CODE, text
from stepper.ops import CARDS
from stepper.ops.dims import SCALAR, Shape, shown

Shapes = Mapping[str, Shape]


def shape_of(tree: Expr, shapes: Shapes) -> Shape:
    """The shape of a tree, given the shapes of its names.

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
    """The card's refusal, extended by the operands, their shapes and what would fit."""
    misfit, why = _with_shapes(tree, found), error.sentence
    if not isinstance(error, ShapeError):
        return FormulaError(error.kind, tree.span, "{misfit}: {why}", misfit=misfit, why=why)
    return ShapeError(
        error.kind, tree.span, "{misfit}: {why}{try_this}",
        misfit=misfit, why=why, try_this=_suggestion(tree, found),
    )  # fmt: skip


def _with_shapes(tree: Call, found: list[Shape]) -> Sentence:
    """`W1 (h, 2) @ X (N, 2)`; a scalar is called one in the learner's language."""
    numbered = {id(a): f"{_in_brackets(a)} \0{i}\0" for i, a in enumerate(tree.args)}
    written = text(tree, CODE, lambda node, path: numbered.get(id(node)))
    said, *rest = re.split("\0(\\d+)\0", written)
    whole = say("{said}", said=said)
    for i, behind in zip(rest[::2], rest[1::2], strict=True):
        whole = say("{before}{shape}{behind}", before=whole, shape=shown(found[int(i)]),
                    behind=behind)  # fmt: skip
    return whole


def _in_brackets(operand: Expr) -> str:
    """An operand such as `(1 - a)`, bracketed so that the shape after it refers to the whole."""
    written = text(operand)
    joined = isinstance(operand, Call) and CARDS[operand.op].notation.form == "infix"
    return f"({written})" if joined else written


def _suggestion(tree: Call, found: list[Shape]) -> Sentence:
    """A question that proposes the transposes that would make the shapes fit."""
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
    if not fitting:
        return Sentence("")
    if len(fitting) == 1:
        return say("; {turned}?", turned=fitting[0])
    return say("; {one} or {other}?", one=fitting[0], other=fitting[1])


def _turned(tree: Call, flips: tuple[int, ...]) -> str | Sentence:
    """The transposed operands, `X.T`; the whole product if that could be misread: `W @ W.T`."""
    args = [_transposed(a) if i in flips else a for i, a in enumerate(tree.args)]
    flipped = [tree.args[i] for i in flips]
    if any(tree.args.count(a) > 1 or _is_transposed(a) for a in flipped):
        return f"`{text(replace(tree, args=tuple(args)))}`"
    one, *others = (f"`{text(args[i])}`" for i in flips)
    return say("{one} and {other}", one=one, other=others[0]) if others else one


def _transposed(tree: Expr) -> Expr:
    return operands(tree)[0] if _is_transposed(tree) else call("transpose", tree)


def _is_transposed(tree: Expr) -> bool:
    return isinstance(tree, Call) and tree.op == "transpose"
