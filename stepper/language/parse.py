"""Text into a tree: a whitelist walk over Python's own syntax tree. Nothing is ever executed."""

from __future__ import annotations

import ast
import math
import warnings
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, Literal

from stepper.expr.errors import FormulaError, near
from stepper.expr.tree import Call, Expr, Name, Number, Span, call, substitute
from stepper.language.tokens import MAX_LENGTH, SLOPE, Token, check_length, tokenize
from stepper.ops import CARDS, Op
from stepper.ops.shaping import WHOLE, Cut

Layout = Literal["columns", "rows"]
AXES: Mapping[str, Mapping[str, int]] = {
    "columns": {"features": 0, "samples": 1},
    "rows": {"features": 1, "samples": 0},
}
"""Which axis of a matrix is which: with "columns" a sample is a column, features × samples."""

MAX_DEPTH = 100
MAX_EXPONENT = 64
MAX_LINES = 1_000
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


@dataclass(frozen=True, slots=True)
class Assignment:
    """One line of a program: `target = tree`, with its number in the text, from 1."""

    target: str
    tree: Expr
    line: int
    text: str


def parse(
    source: str,
    *,
    layout: Layout = "columns",
    functions: Mapping[str, str] | None = None,
    names: Collection[str] | None = None,
) -> Expr:
    """The tree of a formula.

    `functions` are names that stand for a card (`act` for `sigmoid`); with `names` given, any
    other name is refused. Raises FormulaError with the kind, the place and what to try.
    """
    try:
        return _Reader(source, layout, functions or {}, names).tree()
    except FormulaError as error:
        error.source = source
        raise


def parse_line(source: str, **options: Any) -> tuple[str, Expr]:
    """`target = formula`. Raises FormulaError as `parse` does."""
    try:
        return _target_and_tree(source, options)
    except FormulaError as error:
        error.source = source
        raise


def _target_and_tree(source: str, options: Mapping[str, Any]) -> tuple[str, Expr]:
    check_length(source)
    place = _equals_sign(source)
    if place is None:
        raise FormulaError("syntax", None, "a line is `name = formula`, and this has no `=`")
    target = tokenize(source[:place])
    if len(target) != 1 or target[0].kind != "name":
        span = Span(0, max(place, 1))
        raise FormulaError("syntax", span, "a line gives one name a value: `z1 = …`")
    shifted = " " * (place + 1) + source[place + 1 :]  # so that spans are those of the whole line
    return target[0].text, parse(shifted, **options)


def parse_program(source: str, **options: Any) -> tuple[Assignment, ...]:
    """The lines of a program, `#` comments and empty lines left out."""
    lines: list[Assignment] = []
    for number, text in _logical_lines(source):
        if len(lines) >= MAX_LINES:
            raise FormulaError("limit", None, "a program may have {n} lines", n=MAX_LINES)
        if text:
            try:
                lines.append(Assignment(*parse_line(text, **options), number, text))
            except FormulaError as error:
                error.where = f"line {number}"
                raise
    return tuple(lines)


def _logical_lines(source: str) -> Iterator[tuple[int, str]]:
    """The lines without comments; one with an open bracket goes on in the next."""
    held, start = "", 1
    for number, text in enumerate(source.split("\n"), 1):
        start = start if held else number
        held += text.split("#", 1)[0].strip().removesuffix(";").strip() + " "
        opened, closed = (sum(map(held.count, pair)) for pair in ("([", ")]"))
        if len(held) > MAX_LENGTH or opened <= closed:
            yield start, held.strip()
            held = ""
    if held:
        yield start, held.strip()


def _equals_sign(source: str) -> int | None:
    """Where the `=` of an assignment stands: outside brackets, no part of `==`."""
    depth = 0
    for i, ch in enumerate(source):
        depth += ch in "([（［"
        depth -= ch in ")]）］"
        if ch in "=＝" and depth == 0:
            around = source[i - 1 : i] + source[i + 1 : i + 2]
            if not set(around) & set("=<>!"):
                return i
            if source[i + 1 : i + 2] == "=":
                return None
    return None


@cache
def spellings() -> Mapping[str, Op]:
    """Every word that names a card: its own and what numpy and learners call it."""
    words: dict[str, Op] = {}
    for card in CARDS.values():
        own = (card.notation.code,) if card.notation.form == "function" else ()
        for word in (*own, *card.notation.spellings):
            words[word] = card
    return words


def slope(card: Op, x: Expr) -> Expr:
    """The derivative of an elementwise card at `x`: what its vjp does to a gradient of 1."""
    if not card.is_elementwise:
        why = "`{op}` has no slope: it mixes entries"
        raise FormulaError("not-allowed", None, why, op=card.name)
    g = Name("g")
    part = card.vjp(g, call(card.name, x), x)[0]
    if isinstance(part, Call) and part.op == "mul" and part.args[0] == g:
        return part.args[1]
    if part is None:
        raise FormulaError("not-allowed", None, "`{op}` has no slope", op=card.name)
    return substitute(part, {"g": Number(1)})


class _Reader:
    """Walks what Python's parser made of one formula."""

    def __init__(
        self,
        source: str,
        layout: Layout,
        functions: Mapping[str, str],
        names: Collection[str] | None,
    ) -> None:
        self.tokens = tokenize(source)
        self.axes = AXES[layout]
        self.functions = functions
        self.names = names
        if not self.tokens:
            raise FormulaError("empty", Span(0, max(1, len(source))), "there is no formula here")
        self.text, self.starts, self.ends = _joined(self.tokens)

    def tree(self) -> Expr:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # `1 (2)`: Python warns of what we refuse
                body = ast.parse(self.text, mode="eval").body
        except SyntaxError as error:
            raise FormulaError(
                "syntax", self._near(error.offset), "this cannot be read as a formula from here on"
            ) from None
        except (ValueError, MemoryError, RecursionError):
            why = "this is too large or too deep for a formula"
            raise FormulaError("limit", None, why) from None
        if _depth(body) > MAX_DEPTH:
            raise FormulaError("limit", self.span(body), "this is nested too deeply")
        return self.read(body)

    def _near(self, offset: int | None) -> Span:
        before = self.text[: offset - 1] if offset else self.text  # 0: the text ended too soon
        column = len(before.encode())
        for token, start in zip(self.tokens, self.starts, strict=True):
            if start >= column:
                return token.span
        return self.tokens[-1].span

    def span(self, node: ast.expr) -> Span:
        """Where a node was typed."""
        return Span(self.starts[node.col_offset], self.ends[node.end_col_offset or 0])

    def refuse(self, node: ast.expr, kind: str, template: str, **fields: Any) -> FormulaError:
        return FormulaError(kind, self.span(node), template, **fields)

    def read(self, node: ast.expr) -> Expr:
        reader = _READERS.get(type(node))
        if reader is None:
            raise self.refuse(
                node, "not-allowed", "`{what}` is not in the language", what=type(node).__name__
            )
        tree = reader(self, node)
        return replace(tree, span=self.span(node))  # type: ignore[type-var]

    def name(self, node: ast.Name) -> Expr:
        word = node.id
        if self.names is not None and word not in self.names:
            if word in spellings() or word in self.functions:
                raise self.refuse(
                    node, "unknown-name", "`{word}` is a function: `{word}(…)`", word=word
                )
            raise self.refuse(
                node, "unknown-name", "there is no `{word}` here.{near}",
                word=word, near=near(word, self.names),
            )  # fmt: skip
        return Name(word)

    def constant(self, node: ast.Constant) -> Expr:
        value = node.value
        if isinstance(value, bool) or not (isinstance(value, int | float) and math.isfinite(value)):
            raise self.refuse(node, "number", "this is no number a formula may hold")
        written = self.text.encode()[node.col_offset : node.end_col_offset].decode()
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
        if node.attr != "T":
            raise self.refuse(
                node, "not-allowed", "`.{word}` is not in the language; `.T` is", word=node.attr
            )
        return call("transpose", self.read(node.value))

    def subscript(self, node: ast.Subscript) -> Expr:
        parts = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
        if len(parts) > 2 or not parts:
            raise self.refuse(node, "not-allowed", "a matrix has two indices: `W[0, 1]`")
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
        word, first = self.callee(node.func)
        if word.startswith(SLOPE):
            return self.slope(node, word.removeprefix(SLOPE))
        card = self.card(node, word)
        given = list(node.args)
        settings = self.settings(node, card, given, len(first))
        xs = (*first, *(self.read(a) for a in given))
        return self.apply(node, card, xs, settings)

    def slope(self, node: ast.Call, word: str) -> Expr:
        card = self.card(node, word)
        if card.arity != 1 or len(node.args) != 1 or node.keywords:
            raise self.refuse(node, "not-allowed", "`{word}'` wants one value", word=word)
        try:
            return slope(card, self.read(node.args[0]))
        except FormulaError as error:
            error.span = error.span or self.span(node)
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
        if self.names is not None and word in self.names:
            raise self.refuse(
                node, "ambiguous", "`{word}` is a value, not a function: `{word} * (…)`?", word=word
            )
        raise self.refuse(
            node, "unknown-function", "there is no function `{word}`.{near}",
            word=word, near=near(word, [*known, *self.functions]),
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


_READERS: dict[type[ast.expr], Callable[[_Reader, Any], Expr]] = {
    ast.Name: _Reader.name,
    ast.Constant: _Reader.constant,
    ast.UnaryOp: _Reader.unary,
    ast.BinOp: _Reader.binary,
    ast.Compare: _Reader.compare,
    ast.Attribute: _Reader.attribute,
    ast.Subscript: _Reader.subscript,
    ast.Call: _Reader.call,
}


def _joined(tokens: list[Token]) -> tuple[str, dict[int, int], dict[int, int]]:
    """Text for Python's parser, and where each of its columns (in bytes) was typed."""
    text = ""
    starts: dict[int, int] = {}
    ends: dict[int, int] = {}
    for token in tokens:
        starts[len(text.encode())] = token.span.start
        text += token.text
        ends[len(text.encode())] = token.span.end
        text += " "
    return text.rstrip(), starts, ends


def _depth(node: ast.AST) -> int:
    deepest, todo = 0, [(node, 1)]
    while todo:
        current, depth = todo.pop()
        deepest = max(deepest, depth)
        todo += [(child, depth + 1) for child in _children(current)]
    return deepest


def _children(node: ast.AST) -> Iterator[ast.AST]:
    return (c for c in ast.iter_child_nodes(node) if isinstance(c, (ast.expr, ast.keyword)))
