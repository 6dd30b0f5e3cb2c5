"""Parses a card's name with its settings, as in a lab file: `normal(h, 2)`, `momentum(lr=0.1)`."""

from __future__ import annotations

import ast
import math
from collections.abc import Mapping
from typing import Any, NamedTuple

from stepper.expr.errors import StepperError
from stepper.ops.dims import Dim

Scalars = Mapping[str, float]


class CardCall(NamedTuple):
    """A name, its positional arguments, and its settings."""

    name: str
    args: tuple[Dim, ...]
    settings: Mapping[str, float]


def read_call(text: str, words: Scalars) -> CardCall:
    """The parts of a call; `words` are the sizes and constants it may use.

    Raises StepperError for anything but a name with numbers and words.
    """
    short = text if len(text) <= 80 else f"{text[:79]}…"
    try:
        return _read(ast.parse(text.strip(), mode="eval").body, words, short)
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        raise _unread(short) from None


def _read(body: ast.expr, words: Scalars, text: str) -> CardCall:
    if isinstance(body, ast.Name):
        return CardCall(body.id, (), {})
    if not isinstance(body, ast.Call) or not isinstance(body.func, ast.Name):
        raise _unread(text)
    args = tuple(_dim(a, words, text) for a in body.args)
    settings = {str(k.arg): _finite(k.value, words, text) for k in body.keywords}
    return CardCall(body.func.id, args, settings)


def _dim(node: ast.expr, words: Scalars, text: str) -> Dim:
    """A dimension; one that is written as a word is named after it."""
    value = _finite(node, words, text)
    if value != int(value) or not 0 < value <= 1_000_000:
        raise StepperError("{text}: a length is a whole number from 1", text=text)
    named = any(isinstance(n, ast.Name) for n in ast.walk(node))
    return Dim(int(value), ast.unparse(node).replace(" ", "") if named else "")


def _finite(node: ast.expr, words: Scalars, text: str) -> float:
    """The value of a number, a word or a sum of them."""
    try:
        value = _number(node, words, text)
        if math.isfinite(value):
            return value + 0  # a zero has no sign: numpy takes -0.0 for negative
    except OverflowError:
        pass
    raise StepperError("{text}: a number here is too large to compute with", text=text)


def _number(node: ast.expr, words: Scalars, text: str) -> float:
    if isinstance(node, ast.Constant) and type(node.value) in (int, float):
        value: Any = node.value
        return value if isinstance(value, int) else float(value)
    if isinstance(node, ast.Name):
        if type(words.get(node.id)) not in (int, float):
            raise StepperError("{text}: there is no size `{word}`", text=text, word=node.id)
        return words[node.id]
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        return -_number(node.operand, words, text)
    if isinstance(node, ast.BinOp) and isinstance(node.op, (ast.Add, ast.Sub, ast.Mult)):
        a, b = _number(node.left, words, text), _number(node.right, words, text)
        if isinstance(node.op, ast.Mult):
            return a * b
        return a + b if isinstance(node.op, ast.Add) else a - b
    raise _unread(text)


def _unread(text: str) -> StepperError:
    return StepperError(
        "cannot read `{text}`: a name with numbers in brackets, like `normal(h, 2)`", text=text
    )
