"""A formula's text rewritten for Python's parser, with a map back to what was typed."""

from __future__ import annotations

import ast
import warnings
from collections.abc import Iterator

from stepper.expr.errors import FormulaError
from stepper.expr.short import cut
from stepper.expr.tree import Span
from stepper.language.tokens import Token, tokenize

MAX_DEPTH = 100


class Source:
    """A formula as tokens and as rewritten text. Raises FormulaError if it is empty."""

    def __init__(self, typed: str) -> None:
        self.typed, self.tokens = typed, tokenize(typed)
        if not self.tokens:
            raise FormulaError("empty", Span(0, max(1, len(typed))), "there is no formula here")
        self.text, self.starts, self.ends = _joined(self.tokens)

    def body(self) -> ast.expr:
        """Python's syntax tree of it. Raises FormulaError if it is no expression, or too deep."""
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # `1 (2)`: Python warns about what we refuse
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
        return body

    def _near(self, offset: int | None) -> Span:
        before = self.text[: offset - 1] if offset else self.text  # 0: the text ended too soon
        column = len(before.encode())
        for token, start in zip(self.tokens, self.starts, strict=True):
            if start >= column:
                return token.span
        return self.tokens[-1].span

    def span(self, node: ast.expr) -> Span:
        """The place where a node was typed."""
        return Span(self.starts[node.col_offset], self.ends[node.end_col_offset or 0])

    def quoted(self, node: ast.expr) -> str:
        """A node as it was typed, cut to a length that can be quoted."""
        return cut(self.typed[slice(*self.span(node))])


def _joined(tokens: list[Token]) -> tuple[str, dict[int, int], dict[int, int]]:
    """The text for Python's parser; where each of its columns (in bytes) was typed."""
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
