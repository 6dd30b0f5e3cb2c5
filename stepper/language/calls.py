"""Calls in a formula: numpy's functions, methods, and the learner's own functions."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any

from stepper.expr.errors import FormulaError, near
from stepper.expr.tree import Call, Expr, Number, call
from stepper.language.helper import Helper
from stepper.language.spellings import slope, spellings
from stepper.language.tokens import SLOPE
from stepper.ops import CARDS, Op

if TYPE_CHECKING:
    from stepper.language.reader import Reader

_METHODS = ("sum", "mean", "max", "min", "dot", "transpose")
_MODULES = ("np", "numpy", "math")
_OF_TWO = {"max": "`maximum(a, b)`", "min": "`-maximum(-a, -b)`"}
_NUMPY_WORDS = {"add": "add", "subtract": "sub", "T": "transpose"}


class Calls:
    """Reads the calls of one formula; their operands are read by the formula's reader."""

    def __init__(self, reader: Reader) -> None:
        self.reader = reader

    def read(self, node: ast.Call) -> Expr:
        if isinstance(node.func, ast.Name) and node.func.id in self.reader.helpers:
            return self.put_in(node, self.reader.helpers[node.func.id])
        word, first = self.callee(node.func)
        if word.startswith(SLOPE):
            return self.slope(node, word.removeprefix(SLOPE))
        if word == "len" and not first and len(node.args) == 1 and not node.keywords:
            return call("size", self.reader.read(node.args[0]), axis=0)
        if word == "where" and not first:
            return self.choice(node)
        if word == "outer":
            raise self.outer(node)
        card = self.card(node, word)
        given = list(node.args)
        settings = self.settings(node, card, given, len(first))
        xs = (*first, *(self.reader.read(a) for a in given))
        return self.apply(node, card, xs, settings)

    def put_in(self, node: ast.Call, helper: Helper) -> Expr:
        """`dsigmoid(a2)` as `a2 * (1 - a2)`."""
        if node.keywords:
            raise self.reader.refuse(
                node.keywords[0].value, "operands",
                "give the values in their order: `{word}({all})`",
                word=helper.name, all=", ".join(helper.parameters),
            )  # fmt: skip
        if len(node.args) != len(helper.parameters):
            raise self.reader.refuse(
                node, "operands", "`{word}` takes {n} values, and here are {given}",
                word=helper.name, n=len(helper.parameters), given=len(node.args),
            )  # fmt: skip
        values = [self.reader.read(arg) for arg in node.args]
        return helper.put_in(values, self.reader.source.span(node))

    def choice(self, node: ast.Call) -> Expr:
        """`np.where(z > 0, x, y)` as `(z > 0) * x + (1 - (z > 0)) * y`."""
        if len(node.args) != 3 or node.keywords or not isinstance(node.args[0], ast.Compare):
            raise self.reader.refuse(
                node, "operands",
                "`where` wants a comparison and two values: `np.where(z > 0, g, 0)`",
            )  # fmt: skip
        mask, yes, no = (self.reader.read(arg) for arg in node.args)
        chosen = mask if yes == Number(1) else mask * yes
        if no == Number(0):
            return chosen
        other = 1 - mask if no == Number(1) else (1 - mask) * no
        return other if yes == Number(0) else chosen + other

    def outer(self, node: ast.Call) -> FormulaError:
        return self.reader.refuse(
            node, "not-allowed", "`outer` is for one sample only; for all of them at once write "
            "`{product}`",
            product="a @ b.T" if self.reader.axes["samples"] else "a.T @ b",
        )  # fmt: skip

    def slope(self, node: ast.Call, word: str) -> Expr:
        card = self.card(node, word)
        if card.arity != 1 or len(node.args) != 1 or node.keywords:
            raise self.reader.refuse(node, "not-allowed", "`{word}'` wants one value", word=word)
        try:
            return slope(card, self.reader.read(node.args[0]))
        except FormulaError as error:
            error.span = error.span or self.reader.source.span(node)
            raise

    def callee(self, func: ast.expr) -> tuple[str, tuple[Expr, ...]]:
        """The name that is called, and the operand before the dot of a method call."""
        if isinstance(func, ast.Name):
            return func.id, ()
        if isinstance(func, ast.Attribute):
            if isinstance(func.value, ast.Name) and func.value.id in _MODULES:
                return _NUMPY_WORDS.get(func.attr, func.attr), ()
            if func.attr in _METHODS:
                return func.attr, (self.reader.read(func.value),)
            raise self.reader.refuse(
                func, "not-allowed", "`.{word}(…)` is not in the language.{near}",
                word=func.attr, near=near(func.attr, _METHODS),
            )  # fmt: skip
        raise self.reader.refuse(
            func, "ambiguous", "a bracket right behind this reads as a call: `*` or `@`?"
        )

    def card(self, node: ast.Call, word: str) -> Op:
        word = self.reader.functions.get(word, word)
        known = spellings()
        card = known.get(word) or (CARDS.get(word) if word in _NUMPY_WORDS.values() else None)
        if card is not None:
            return card
        if self.reader.is_known(word):
            raise self.reader.refuse(
                node, "ambiguous", "`{word}` is a value, not a function: `{word} * (…)`?", word=word
            )
        raise self.reader.refuse(
            node, "unknown-function", "there is no function `{word}`.{near}",
            word=word, near=near(word, [*known, *self.reader.functions, *self.reader.helpers]),
        )  # fmt: skip

    def settings(
        self, node: ast.Call, card: Op, given: list[ast.expr], before: int
    ) -> dict[str, Any]:
        """Settings from keywords, a positional axis, the layout and the card's defaults."""
        found: dict[str, Any] = {}
        for keyword in node.keywords:
            if keyword.arg is None or keyword.arg not in card.settings or card.last_is_part:
                raise self.reader.refuse(
                    keyword.value, "not-allowed", "`{word}` takes no `{key}`",
                    word=card.notation.code, key=keyword.arg or "**",
                )  # fmt: skip
            found[keyword.arg] = self.setting(keyword.arg, keyword.value)
        one_more = before + len(given) == card.arity + 1
        if one_more and "axis" in card.settings and "axis" not in found:
            if card.name in _OF_TWO and not before:
                raise self.reader.refuse(
                    node, "ambiguous", "the {word} of two values, entry by entry: {two}; or the "
                    "{word} along an axis: `{word}(z, axis=0, keepdims=True)`?",
                    word=card.name, two=_OF_TWO[card.name],
                )  # fmt: skip
            found["axis"] = self.setting("axis", given.pop())
        for key, default in card.settings.items():
            if key not in found and default in self.reader.axes:
                found[key] = self.reader.axes[default]
        return {k: v for k, v in found.items() if v != card.settings[k]}

    def setting(self, key: str, node: ast.expr) -> int | bool | None:
        if key == "keepdims" and isinstance(node, ast.Constant) and type(node.value) is bool:
            return node.value
        if key == "axis" and isinstance(node, ast.Constant) and node.value is None:
            return None
        if key == "axis" and isinstance(node, (ast.Constant, ast.UnaryOp)):
            axis = self.reader.integer(node)
            if -2 <= axis < 2:
                return axis % 2
        raise self.reader.refuse(node, "not-allowed", "axis is 0 or 1, keepdims is True or False")

    def apply(
        self, node: ast.Call, card: Op, xs: tuple[Expr, ...], settings: dict[str, Any]
    ) -> Expr:
        if not card.arity - card.optional <= len(xs) <= card.arity:
            raise self.reader.refuse(
                node, "operands", "`{word}` takes {n} values, and here are {given}",
                word=card.notation.code, n=card.arity, given=len(xs),
            )  # fmt: skip
        if card.last_is_part:
            part = xs[-1]
            if not isinstance(part, Call) or part.op != "slice":
                raise self.reader.refuse(
                    node, "operands", "`{word}` wants a part last: `{word}(g, W[:-1])`",
                    word=card.notation.code,
                )  # fmt: skip
            settings, xs = dict(part.settings), (*xs[:-1], part.args[0])
        return call(card.name, *card.fill(*xs), **settings)
