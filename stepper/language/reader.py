"""A whitelist walk over Python's own syntax tree: whatever is not named here is refused."""

from __future__ import annotations

import ast
import math
from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from typing import Any

from stepper.expr.errors import FormulaError, near
from stepper.expr.tree import Expr, Name, Number, call
from stepper.language.calls import Calls
from stepper.language.helper import Helper, bounded
from stepper.language.layout import AXES, Layout
from stepper.language.source import Source
from stepper.language.spellings import spellings
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


class Reader:
    """Converts Python's syntax tree of one formula into ours."""

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
        if self.names is not None and not self.is_known(word):
            if word in spellings() or word in self.functions:
                raise self.refuse(
                    node, "unknown-name", "`{word}` is a function: `{word}(…)`", word=word
                )
            raise self.refuse(
                node, "unknown-name", "there is no `{word}` here.{near}",
                word=word, near=near(word, self.names, self.aliases),
            )  # fmt: skip
        return Name(word)

    def is_known(self, word: str) -> bool:
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
        return Calls(self).read(node)


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
