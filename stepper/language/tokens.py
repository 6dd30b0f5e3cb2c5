"""Turns text as learners type it into tokens that Python's parser reads as they were meant."""

from __future__ import annotations

import re
import unicodedata
from itertools import pairwise
from keyword import kwlist
from typing import Any, NamedTuple

from stepper.expr.errors import FormulaError, StepperError
from stepper.expr.tree import Span

MAX_LENGTH = 4_000
MAX_TOKENS = 1_000
MAX_BRACKETS = 50
MAX_DIGITS = 40

_NUMBER = re.compile(r"(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)
_PARTIAL = re.compile(r"∂\s*(\w+)\s*/\s*∂\s*(\w)")
_POWER = re.compile(r"⁻?[⁰¹²³⁴⁵⁶⁷⁸⁹]+")
_SIGN = re.compile(r"\*\*|//|==|>=|<=|!=|[-+*/@<>=()\[\],:.]")

_DIGITS = frozenset("0123456789₀₁₂₃₄₅₆₇₈₉")
_SUBSCRIPTS = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789")
_SUPERSCRIPTS = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")
_SAME = str.maketrans("−–—∗⊙∘÷⁎‘’′µϵϑϕϰϱϖΩ", "---***/*'''μεθφκρπΩ")
"""Maps signs of one meaning to one, and two forms of a Greek letter to Python's."""
_SIGNS = {"≥": ">=", "≤": "<=", "^": "**", "≠": "!="}
_OPEN, _CLOSE = "([", {")": "(", "]": "["}
_KEYWORDS = frozenset(kwlist) - {"True", "False"}
SLOPE = "_slope_"
"""Prefixes a function's name in the rewritten text if it was followed by `'`."""


class Token(NamedTuple):
    """A token for Python's parser, and the place where it was typed."""

    kind: str
    text: str
    span: Span


def tokenize(source: str) -> list[Token]:
    """The tokens of a formula. Raises FormulaError for what is too long, unknown or ambiguous."""
    check_length(source)
    text = "".join(_plain(ch) for ch in source)
    tokens: list[Token] = []
    i = 0
    while i < len(text):
        if text[i].isspace():
            i += 1
            continue
        new = _read(text, i, tokens)
        tokens.extend(new)
        i = new[-1].span.end
        if len(tokens) > MAX_TOKENS:
            raise _refuse("limit", i, i + 1, "a formula may have {most} words", most=MAX_TOKENS)
    _check_brackets(tokens)
    _check_gaps(tokens)
    return tokens


def check_length(source: str) -> None:
    """Raises FormulaError for a text that is too long to be one formula."""
    if len(source) > MAX_LENGTH:
        raise _refuse(
            "limit",
            0,
            1,
            "this is {n} characters long; a formula may have {most}",
            n=len(source),
            most=MAX_LENGTH,
        )


def whole_number(digits: str) -> int:
    """The number that digits stand for, where no formula is wanted.

    Raises StepperError where they are too many.
    """
    if len(digits) > MAX_DIGITS:
        raise StepperError("a number may have {n} digits", n=MAX_DIGITS)
    return int(digits)


def _plain(ch: str) -> str:
    """One character, with full-width forms from an input method made half-width."""
    if "\uff01" <= ch <= "\uff5e" or ch == "\u3000":
        ch = unicodedata.normalize("NFKC", ch)
    return ch.translate(_SAME)


def spelled(name: str) -> str:
    """A name as the language keeps it, however it was typed: `ϵ` is `ε`, `W₁` is `W1`."""
    return "".join(map(_plain, name)).translate(_SUBSCRIPTS)


def _read(text: str, i: int, before: list[Token]) -> list[Token]:
    """The token that begins at position `i`, or the several tokens it stands for."""
    if partial := _partial(text, i):
        return [partial]
    if found := _NUMBER.match(text, i):
        if len(found[0]) > MAX_DIGITS:
            raise _refuse("limit", *found.span(), "a number may have {n} digits", n=MAX_DIGITS)
        return [Token("number", found[0], Span(*found.span()))]
    if (end := _name_end(text, i)) > i:
        return [_name(text[i:end], Span(i, end))]
    if found := _POWER.match(text, i):
        digits = found[0].translate(_SUPERSCRIPTS)
        signs = ["**", "-"] if digits[0] == "-" else ["**"]
        span = Span(*found.span())
        return [*(Token("sign", s, span) for s in signs), Token("number", digits.strip("-"), span)]
    if text[i] == "ᵀ" or re.match(r"\^T(?![A-Za-z0-9_])", text[i:]):
        return [Token("transpose", ".T", Span(i, i + (1 if text[i] == "ᵀ" else 2)))]
    if text[i] == "'":
        return [_prime(text, i, before)]
    if text[i] in "·×⋅•∙":
        raise _refuse(
            "ambiguous",
            i,
            i + 1,
            "`{sign}` can mean two things: `*` entry by entry, or `@` for the matrix product?",
            sign=text[i],
        )
    if text[i] == "√":
        return [Token("name", "sqrt", Span(i, i + 1))]
    if text[i] in _SIGNS:
        return [_sign(_SIGNS[text[i]], Span(i, i + 1))]
    if found := _SIGN.match(text, i):
        return [_sign(found[0], Span(*found.span()))]
    raise _refuse("character", i, i + 1, "`{sign}` is not part of the language", sign=text[i])


def _partial(text: str, i: int) -> Token | None:
    """The gradient that begins at position `i`, if it is written as ∂J/∂W1."""
    found = _PARTIAL.match(text, i)
    if not found or _name_end(text, found.start(1)) < found.end(1):
        return None
    end = _name_end(text, found.start(2))
    below = text[found.start(2) : end]
    return _name(f"d{found[1]}_d{below}", Span(i, end)) if below else None


def _name_end(text: str, i: int) -> int:
    """The end of the name that begins at position `i`; `i` itself if none does."""
    end = i
    while end < len(text) and (_is_letter(text[end]) or (end > i and text[end] in _DIGITS)):
        end += 1
    return end


def _is_letter(ch: str) -> bool:
    """Whether it is Latin, Greek or Chinese: a regular expression would list 27,000 letters."""
    if ch < "\u0391":
        return (ch.isascii() and ch.isalpha()) or ch == "_"
    return ch <= "\u03c9" or "\u3400" <= ch <= "\u4dbf" or "\u4e00" <= ch <= "\u9fff"


def _name(typed: str, span: Span) -> Token:
    word = typed.translate(_SUBSCRIPTS)
    if word == "σ":
        word = "sigmoid"
    if word in _KEYWORDS:
        raise FormulaError("not-allowed", span, "`{word}` is no part of a formula", word=word)
    if word.startswith("_") or "__" in word:
        raise FormulaError(
            "not-allowed", span, "`{word}`: names begin with a letter and hold no double `_`",
            word=word,
        )  # fmt: skip
    return Token("name", word, span)


def _sign(sign: str, span: Span) -> Token:
    if sign == "//":
        raise FormulaError("not-allowed", span, "`//` rounds down: use `/`")
    if sign == "!=":
        raise FormulaError("not-allowed", span, "`!=` is not in the language: try `1 - (a == b)`")
    return Token("sign", sign, span)


def _prime(text: str, i: int, before: list[Token]) -> Token:
    """`σ'(z)` is the slope of σ; `a'` could be a transpose or a derivative."""
    follows = re.match(r"'\s*\(", text[i:])
    if before and before[-1].kind == "name" and before[-1].span.end == i and follows:
        last = before.pop()
        return Token("name", SLOPE + last.text, Span(last.span.start, i + 1))
    if not before or not _ends_a_value(before[-1]):
        raise _refuse("character", i, i + 1, "text in quotes is no part of a formula")
    named = before[-1].kind == "name" and [t.text for t in before[-2:-1]] != ["."]
    what = before[-1].text if named else ""
    raise _refuse(
        "ambiguous",
        i,
        i + 1,
        "`{what}'` can mean two things: the transpose `{what}.T`, or a derivative?",
        what=what,
    )


def _check_brackets(tokens: list[Token]) -> None:
    opened: list[Token] = []
    for token in tokens:
        if token.text in _OPEN and token.kind == "sign":
            opened.append(token)
            if len(opened) > MAX_BRACKETS:
                raise FormulaError(
                    "limit", token.span, "more than {n} brackets inside each other", n=MAX_BRACKETS
                )
        elif token.text in _CLOSE:
            if not opened or opened[-1].text != _CLOSE[token.text]:
                raise FormulaError(
                    "brackets", token.span, "this `{sign}` closes nothing", sign=token.text
                )
            opened.pop()
    if opened:
        raise FormulaError(
            "brackets", opened[-1].span, "this `{sign}` is never closed", sign=opened[-1].text
        )


def _check_gaps(tokens: list[Token]) -> None:
    """Refuses operands side by side without an operator, `2(a - y)` or `a b`, with a question."""
    for left, right in pairwise(tokens):
        ends = _ends_a_value(left)
        starts = right.kind in ("number", "name")
        if left.kind == "number" and right.kind == "transpose":
            raise FormulaError(
                "ambiguous",
                Span(left.span.start, right.span.end),
                "a transpose right behind a number: put brackets round what is to be transposed",
            )
        opens = right.text == "(" and left.kind != "name"
        dotted = left.kind == "name" and right.kind == "number" and right.text[0] == "."
        if ends and (starts or opens) and not dotted:
            raise FormulaError(
                "ambiguous",
                Span(left.span.start, right.span.end),
                "nothing stands between `{left}` and `{right}`: `*` or `@`?",
                left=left.text,
                right=right.text,
            )


def _ends_a_value(token: Token) -> bool:
    return token.kind in ("number", "name", "transpose") or token.text in (")", "]")


def _refuse(kind: str, start: int, end: int, template: str, **fields: Any) -> FormulaError:
    return FormulaError(kind, Span(start, end), template, **fields)
