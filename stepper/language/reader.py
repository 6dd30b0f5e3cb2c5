"""A whitelist walk over Python's own syntax tree: what is not named here is refused."""

from __future__ import annotations

import ast
import math
from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from typing import Any

from stepper.expr.errors import FormulaError, near
from stepper.expr.tree import Call, Expr, Name, Number, call
from stepper.language.helper import Helper, bounded
from stepper.language.layout import AXES, Layout
from stepper.language.source import Source
from stepper.language.spellings import slope, spellings
from stepper.language.tokens import SLOPE
from stepper.ops import CARDS, Op
from stepper.ops.parts import WHOLE, Cut

MAX_EXPONENT = 64
_BINARY = {
    ast.Add: "add", ast.Sub: "sub", ast.Mult: "mul", ast.Div: "div",
    ast.MatMult: "matmul", ast.Pow: "pow",
}  # fmt: skip
_COMPARE = {
    ast.Gt: "greater", ast.Lt: "less", ast.GtE: "greater_equal", ast.LtE: "less_equal",
    ast.Eq: "equal",
}  # fmt: skip
_METHODS = ("sum", "mean", "max", "min", "dot", "transpose")
_MODULES = ("np", "numpy", "math")
_OF_TWO = {"max": "`maximum(a, b)`", "min": "`-maximum(-a, -b)`"}
_NUMPY_WORDS = {"add": "add", "subtract": "sub", "T": "transpose"}


class Reader:
    """Walks what Python's parser made of one formula."""

    def __init__(
        self,
        source: str,
        layout: Layout,
        functions: Mapping[str, str],
        names: Collection[str] | None,
        aliases: Mapping[str, str],
        helpers: Mapping[str, Helper],
    ) -> None:
        self.source = Source(source)
        self.axes = AXES[layout]
        self.functions = functions
        self.names = names
        self.aliases = aliases
        self.helpers = helpers

    def tree(self) -> Expr:
        tree = self.read(self.source.body())
        return bounded(tree, None) if self.helpers else tree

    def refuse(self, node: ast.expr, kind: str, template: str, **fields: Any) -> FormulaError:
        return FormulaError(kind, self.source.span(node), template, **fields)

    def read(self, node: ast.expr) -> Expr:
        reader = _READERS.get(type(node))
        if reader is None:
            raise self.refuse(
                node, "not-allowed", "`{what}` is not in the language",
                what=self.source.quoted(node),
            )  # fmt: skip
        tree = reader(self, node)
        return replace(tree, span=self.source.span(node))  # type: ignore[type-var]

    def name(self, node: ast.Name) -> Expr:
        word = node.id
        if self.names is not None and not self._is_known(word):
            if word in spellings() or word in self.functions:
                raise self.refuse(
                    node, "unknown-name", "`{word}` is a function: `{word}(…)`", word=word
                )
            raise self.refuse(
                node, "unknown-name", "there is no `{word}` here.{near}",
                word=word, near=near(word, self.names, self.aliases),
            )  # fmt: skip
        return Name(word)

    def _is_known(self, word: str) -> bool:
        return self.names is not None and (word in self.names or word in self.aliases)

    def constant(self, node: ast.Constant) -> Expr:
        value = node.value
        if isinstance(value, bool) or not (isinstance(value, int | float) and math.isfinite(value)):
            raise self.refuse(node, "number", "this is no number a formula may hold")
        written = self.source.text.encode()[node.col_offset : node.end_col_offset].decode()
        return Number(value, written)

    def unary(self, node: ast.UnaryOp) -> Expr:
        if isinstance(node.op, ast.USub):
            return call("neg", self.read(node.operand))
        if isinstance(node.op, ast.UAdd):
            return self.read(node.operand)
        raise self.refuse(node, "not-allowed", "only `-` may stand before a value")

    def binary(self, node: ast.BinOp) -> Expr:
        op = _BINARY.get(type(node.op))
        if op is None:
            raise self.refuse(node, "not-allowed", "this operator is not in the language")
        left, right = self.read(node.left), self.read(node.right)
        if op == "pow" and isinstance(right, Number) and right.value > MAX_EXPONENT:
            raise self.refuse(
                node.right, "limit", "an exponent may be {most} at most", most=MAX_EXPONENT
            )
        return call(op, left, right)

    def compare(self, node: ast.Compare) -> Expr:
        op = _COMPARE.get(type(node.ops[0]))
        if op is None or len(node.ops) != 1:
            raise self.refuse(node, "not-allowed", "compare two things: `a > b`")
        return call(op, self.read(node.left), self.read(node.comparators[0]))

    def attribute(self, node: ast.Attribute) -> Expr:
        if node.attr == "shape":
            raise self.refuse(
                node, "not-allowed", "one length of a shape: `.shape[0]` or `.shape[1]`"
            )
        if node.attr != "T":
            raise self.refuse(
                node, "not-allowed", "`.{word}` is not in the language; `.T` is", word=node.attr
            )
        return call("transpose", self.read(node.value))

    def subscript(self, node: ast.Subscript) -> Expr:
        parts = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
        if len(parts) > 2 or not parts:
            raise self.refuse(node, "not-allowed", "a matrix has two indices: `W[0, 1]`")
        if isinstance(node.value, ast.Attribute) and node.value.attr == "shape":
            return self.length(node, node.value.value)
        of = self.read(node.value)
        if all(not isinstance(p, ast.Slice) for p in parts):
            if len(parts) == 1:
                raise self.refuse(
                    node, "not-allowed",
                    "`[i]` alone would leave a 1-D array: `[i:i+1]` keeps two axes, `[i, j]` is "
                    "one entry",
                )  # fmt: skip
            row, column = (self.integer(p) for p in parts)
            return call("item", of, row=row, column=column)
        cuts = [self.cut(p) for p in parts] + [WHOLE]
        return call("slice", of, rows=cuts[0], columns=cuts[1])

    def length(self, node: ast.Subscript, of: ast.expr) -> Expr:
        """`X.shape[1]`."""
        axis = self.integer(node.slice)
        if not -2 <= axis < 2:
            raise self.refuse(
                node, "not-allowed", "a matrix has two lengths: `.shape[0]` and `[1]`"
            )
        return call("size", self.read(of), axis=axis % 2)

    def cut(self, node: ast.expr) -> Cut:
        if not isinstance(node, ast.Slice):
            place = self.integer(node)
            raise self.refuse(
                node, "not-allowed", "`{i}` would drop an axis: `{i}:{j}` keeps it",
                i=place, j="" if place == -1 else place + 1,
            )  # fmt: skip
        if node.step is not None:
            raise self.refuse(node, "not-allowed", "a slice takes no step")
        start = self.integer(node.lower) if node.lower else None
        stop = self.integer(node.upper) if node.upper else None
        return (start or None, stop)

    def integer(self, node: ast.expr) -> int:
        sign = -1 if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub) else 1
        inner = node.operand if isinstance(node, ast.UnaryOp) and sign < 0 else node
        if not isinstance(inner, ast.Constant) or type(inner.value) is not int:
            raise self.refuse(node, "not-allowed", "only a whole number may stand here")
        if inner.value > 10**6:
            raise self.refuse(node, "limit", "an index may be a million at most")
        return sign * inner.value

    def call(self, node: ast.Call) -> Expr:
        if isinstance(node.func, ast.Name) and node.func.id in self.helpers:
            return self.put_in(node, self.helpers[node.func.id])
        word, first = self.callee(node.func)
        if word.startswith(SLOPE):
            return self.slope(node, word.removeprefix(SLOPE))
        if word == "len" and not first and len(node.args) == 1 and not node.keywords:
            return call("size", self.read(node.args[0]), axis=0)
        if word == "where" and not first:
            return self.choice(node)
        if word == "outer":
            raise self.outer(node)
        card = self.card(node, word)
        given = list(node.args)
        settings = self.settings(node, card, given, len(first))
        xs = (*first, *(self.read(a) for a in given))
        return self.apply(node, card, xs, settings)

    def put_in(self, node: ast.Call, helper: Helper) -> Expr:
        """`dsigmoid(a2)` as `a2 * (1 - a2)`."""
        if node.keywords:
            raise self.refuse(
                node.keywords[0].value, "operands",
                "give the values in their order: `{word}({all})`",
                word=helper.name, all=", ".join(helper.parameters),
            )  # fmt: skip
        if len(node.args) != len(helper.parameters):
            raise self.refuse(
                node, "operands", "`{word}` takes {n} values, and here are {given}",
                word=helper.name, n=len(helper.parameters), given=len(node.args),
            )  # fmt: skip
        return helper.put_in([self.read(arg) for arg in node.args], self.source.span(node))

    def choice(self, node: ast.Call) -> Expr:
        """`np.where(z > 0, x, y)` as `(z > 0) * x + (1 - (z > 0)) * y`."""
        if len(node.args) != 3 or node.keywords or not isinstance(node.args[0], ast.Compare):
            raise self.refuse(
                node,
                "operands",
                "`where` wants a comparison and two values: `np.where(z > 0, g, 0)`",
            )
        mask, yes, no = (self.read(arg) for arg in node.args)
        chosen = mask if yes == Number(1) else mask * yes
        if no == Number(0):
            return chosen
        other = 1 - mask if no == Number(1) else (1 - mask) * no
        return other if yes == Number(0) else chosen + other

    def outer(self, node: ast.Call) -> FormulaError:
        return self.refuse(
            node, "not-allowed", "`outer` is for one sample only; for all of them at once write "
            "`{product}`",
            product="a @ b.T" if self.axes["samples"] else "a.T @ b",
        )  # fmt: skip

    def slope(self, node: ast.Call, word: str) -> Expr:
        card = self.card(node, word)
        if card.arity != 1 or len(node.args) != 1 or node.keywords:
            raise self.refuse(node, "not-allowed", "`{word}'` wants one value", word=word)
        try:
            return slope(card, self.read(node.args[0]))
        except FormulaError as error:
            error.span = error.span or self.source.span(node)
            raise

    def callee(self, func: ast.expr) -> tuple[str, tuple[Expr, ...]]:
        """The word that is called, and the operand before the dot of a method."""
        if isinstance(func, ast.Name):
            return func.id, ()
        if isinstance(func, ast.Attribute):
            if isinstance(func.value, ast.Name) and func.value.id in _MODULES:
                return _NUMPY_WORDS.get(func.attr, func.attr), ()
            if func.attr in _METHODS:
                return func.attr, (self.read(func.value),)
            raise self.refuse(
                func, "not-allowed", "`.{word}(…)` is not in the language.{near}",
                word=func.attr, near=near(func.attr, _METHODS),
            )  # fmt: skip
        raise self.refuse(
            func, "ambiguous", "a bracket right behind this reads as a call: `*` or `@`?"
        )

    def card(self, node: ast.Call, word: str) -> Op:
        word = self.functions.get(word, word)
        known = spellings()
        card = known.get(word) or (CARDS.get(word) if word in _NUMPY_WORDS.values() else None)
        if card is not None:
            return card
        if self._is_known(word):
            raise self.refuse(
                node, "ambiguous", "`{word}` is a value, not a function: `{word} * (…)`?", word=word
            )
        raise self.refuse(
            node, "unknown-function", "there is no function `{word}`.{near}",
            word=word, near=near(word, [*known, *self.functions, *self.helpers]),
        )  # fmt: skip

    def settings(
        self, node: ast.Call, card: Op, given: list[ast.expr], before: int
    ) -> dict[str, Any]:
        """Settings from keywords, a positional axis, the layout and the card's defaults."""
        found: dict[str, Any] = {}
        for keyword in node.keywords:
            if keyword.arg is None or keyword.arg not in card.settings or card.last_is_part:
                raise self.refuse(
                    keyword.value, "not-allowed", "`{word}` takes no `{key}`",
                    word=card.notation.code, key=keyword.arg or "**",
                )  # fmt: skip
            found[keyword.arg] = self.setting(keyword.arg, keyword.value)
        one_more = before + len(given) == card.arity + 1
        if one_more and "axis" in card.settings and "axis" not in found:
            if card.name in _OF_TWO and not before:
                raise self.refuse(
                    node, "ambiguous", "the {word} of two values, entry by entry: {two}; or the "
                    "{word} along an axis: `{word}(z, axis=0, keepdims=True)`?",
                    word=card.name, two=_OF_TWO[card.name],
                )  # fmt: skip
            found["axis"] = self.setting("axis", given.pop())
        for key, default in card.settings.items():
            if key not in found and default in self.axes:
                found[key] = self.axes[default]
        return {k: v for k, v in found.items() if v != card.settings[k]}

    def setting(self, key: str, node: ast.expr) -> int | bool | None:
        if key == "keepdims" and isinstance(node, ast.Constant) and type(node.value) is bool:
            return node.value
        if key == "axis" and isinstance(node, ast.Constant) and node.value is None:
            return None
        if key == "axis" and isinstance(node, (ast.Constant, ast.UnaryOp)):
            axis = self.integer(node)
            if -2 <= axis < 2:
                return axis % 2
        raise self.refuse(node, "not-allowed", "axis is 0 or 1, keepdims is True or False")

    def apply(
        self, node: ast.Call, card: Op, xs: tuple[Expr, ...], settings: dict[str, Any]
    ) -> Expr:
        if not card.arity - card.optional <= len(xs) <= card.arity:
            raise self.refuse(
                node, "operands", "`{word}` takes {n} values, and here are {given}",
                word=card.notation.code, n=card.arity, given=len(xs),
            )  # fmt: skip
        if card.last_is_part:
            part = xs[-1]
            if not isinstance(part, Call) or part.op != "slice":
                raise self.refuse(
                    node, "operands", "`{word}` wants a part last: `{word}(g, W[:-1])`",
                    word=card.notation.code,
                )  # fmt: skip
            settings, xs = dict(part.settings), (*xs[:-1], part.args[0])
        return call(card.name, *card.fill(*xs), **settings)


_READERS: dict[type[ast.expr], Callable[[Reader, Any], Expr]] = {
    ast.Name: Reader.name,
    ast.Constant: Reader.constant,
    ast.UnaryOp: Reader.unary,
    ast.BinOp: Reader.binary,
    ast.Compare: Reader.compare,
    ast.Attribute: Reader.attribute,
    ast.Subscript: Reader.subscript,
    ast.Call: Reader.call,
}
