"""Every refusal of the language with a text that it must refuse: its kind, its place, its words."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import stepper.language
from stepper.expr.errors import FormulaError
from stepper.language.parse import parse, parse_line, parse_program

# text, kind, what the place points at, a part of the message
REFUSED = [
    # nothing there, or too much of it
    ("", "empty", "", "no formula"),
    (" \t", "empty", " \t", "no formula"),
    ("(" * 100_000, "limit", "(", "100000 characters long"),
    ("x" * 1_000_000, "limit", "x", "1000000 characters long"),
    ("(" * 51 + "x" + ")" * 51, "limit", "(", "more than 50 brackets"),
    ("-" * 200 + "x", "limit", "-" * 200 + "x", "nested too deeply"),
    ("x" + "+x" * 600, "limit", None, "1000 words"),
    ("9" * 41 + " * x", "limit", "9" * 41, "40 digits"),
    ("x**65", "limit", "65", "64 at most"),
    ("9**9**9**1e9", "limit", "1e9", "64 at most"),
    ("W[:9999999]", "limit", "9999999", "a million"),
    ("1e999", "number", "1e999", "no number"),
    ("True * x", "number", "True", "no number"),
    # could mean two things: a question
    ("a · b", "ambiguous", "·", "`*` entry by entry, or `@` for the matrix product?"),
    ("a × b", "ambiguous", "×", "`*` entry by entry, or `@` for the matrix product?"),
    ("np.outer(d, a)", "not-allowed", "np.outer(d, a)", "one sample only; for all of them"),
    ("np.where(m, g, 0)", "operands", "np.where(m, g, 0)", "a comparison and two values"),
    ("np.where(z > 0)", "operands", "np.where(z > 0)", "a comparison and two values"),
    ("2(a - y)", "ambiguous", "2(", "nothing stands between `2` and `(`: `*` or `@`?"),
    ("(a)(b)", "ambiguous", ")(", "`*` or `@`?"),
    ("a b", "ambiguous", "a b", "nothing stands between `a` and `b`"),
    ("2x", "ambiguous", "2x", "nothing stands between `2` and `x`"),
    ("1j", "ambiguous", "1j", "nothing stands between `1` and `j`"),
    ("aᵀb", "ambiguous", "ᵀb", "`*` or `@`?"),
    ("2ᵀ", "ambiguous", "2ᵀ", "put brackets round"),
    ("a2'", "ambiguous", "'", "the transpose `a2.T`, or a derivative?"),
    ("W′ @ x", "ambiguous", "′", "the transpose `W.T`, or a derivative?"),
    ("(a + b)'", "ambiguous", "'", "the transpose `.T`, or a derivative?"),
    ("max(0, z)", "ambiguous", "max(0, z)", "`maximum(a, b)`"),
    ("min(z, 1)", "ambiguous", "min(z, 1)", "`-maximum(-a, -b)`"),
    # not words of the language
    ("f\"x\"", "character", '"', "not part of the language"),
    ("'x'", "character", "'", "text in quotes"),
    ("f'x'", "ambiguous", "'", "derivative"),
    ("a % b", "character", "%", "not part"),
    ("a; b", "character", ";", "not part"),
    ("{a}", "character", "{", "not part"),
    ("ŷ - y", "character", "ŷ", "not part"),
    ("a // b", "not-allowed", "//", "use `/`"),
    ("a != b", "not-allowed", "!=", "1 - (a == b)"),
    ("a ≠ b", "not-allowed", "≠", "1 - (a == b)"),
    ("lambda x: x", "not-allowed", "lambda", "no part of a formula"),
    ("[a for a in b]", "not-allowed", "for", "no part of a formula"),
    ("a if b else c", "not-allowed", "if", "no part of a formula"),
    ("a and b", "not-allowed", "and", "no part of a formula"),
    ("await a", "not-allowed", "await", "no part of a formula"),
    ("None", "not-allowed", "None", "no part of a formula"),
    ("__import__('os').system('ls')", "not-allowed", "__import__", "no double `_`"),
    ("x.__class__.__mro__", "not-allowed", "__class__", "no double `_`"),
    ("_private", "not-allowed", "_private", "begin with a letter"),
    ("∂J_/∂W", "not-allowed", "∂J_/∂W", "no double `_`"),
    ("x.shape", "not-allowed", "x.shape", "one length of a shape"),
    ("x.shape[2]", "not-allowed", "x.shape[2]", "two lengths"),
    ("x.size", "not-allowed", "x.size", "`.T` is"),
    ("os.system", "not-allowed", "os.system", "`.T` is"),
    ("os.system(x)", "not-allowed", "os.system", "`.system(…)`"),
    ("np.linalg.norm(x)", "not-allowed", "np.linalg.norm", "`.norm(…)`"),
    ("x.men()", "not-allowed", "x.men", "Did you mean `mean`"),
    ("[a]", "not-allowed", "[a]", "not in the language"),
    ("(a, b)", "not-allowed", "(a, b)", "not in the language"),
    ("a < b < c", "not-allowed", "a < b < c", "compare two things"),
    ("W[0]", "not-allowed", "W[0]", "`[i:i+1]` keeps two axes"),
    ("W[0, :]", "not-allowed", "0", "`0:1` keeps it"),
    ("W[:, -1]", "not-allowed", "-1", "`-1:` keeps it"),
    ("W[::2]", "not-allowed", "::2", "no step"),
    ("W[i:j]", "not-allowed", "i", "whole number"),
    ("W[0, 1, 2]", "not-allowed", "W[0, 1, 2]", "two indices"),
    ("sum(*z)", "not-allowed", "*z", "not in the language"),
    ("sum(**z)", "not-allowed", "z", "`sum` takes no `**`"),
    ("sum(z, where=1)", "not-allowed", "1", "`sum` takes no `where`"),
    ("sum(z, axis=2)", "not-allowed", "2", "axis is 0 or 1"),
    ("sum(z, axis=k)", "not-allowed", "k", "axis is 0 or 1"),
    ("sum(z, keepdims=1)", "not-allowed", "1", "True or False"),
    ("softmax'(z)", "not-allowed", "softmax'(z)", "mixes entries"),
    ("sign'(z)", "not-allowed", "sign'(z)", "no slope"),
    ("maximum'(a, b)", "not-allowed", "maximum'(a, b)", "wants one value"),
    # brackets and grammar
    ("(a", "brackets", "(", "never closed"),
    ("a)", "brackets", ")", "closes nothing"),
    ("(a]", "brackets", "]", "closes nothing"),
    ("a @ @ b", "syntax", "@", "from here on"),
    ("a +", "syntax", "+", "from here on"),
    ("(a := 1)", "syntax", ":", "from here on"),
    ("a = b", "syntax", "=", "from here on"),
    ("a <> b", "syntax", ">", "from here on"),
    # operands and names
    ("sigmoid()", "operands", "sigmoid()", "takes 1 values, and here are 0"),
    ("mse(a)", "operands", "mse(a)", "takes 2 values, and here are 1"),
    ("bce(a, b, c, d)", "operands", "bce(a, b, c, d)", "takes 3 values, and here are 4"),
    ("pad(g, W)", "operands", "pad(g, W)", "`pad(g, W[:-1])`"),
    ("sigmod(z)", "unknown-function", "sigmod(z)", "Did you mean `sigmoid`"),
    ("np.einsum(z)", "unknown-function", "np.einsum(z)", "no function `einsum`"),
]  # fmt: skip


def refusal(read: Callable[..., Any], source: str, **options: Any) -> FormulaError:
    with pytest.raises(FormulaError) as caught:
        read(source, **options)
    return caught.value


@pytest.mark.parametrize(
    ("source", "kind", "place", "words"), REFUSED, ids=[source[:24] for source, *_ in REFUSED]
)
def test_refused(source: str, kind: str, place: str | None, words: str) -> None:
    error = refusal(parse, source)
    assert error.kind == kind
    assert words in str(error)
    assert error.span is not None
    if place is not None:
        assert source[slice(*error.span)] == place


FILES = ("tokens.py", "source.py", "reader.py", "calls.py", "spellings.py", "parse.py")


def test_every_kind_of_refusal_has_a_bad_fixture() -> None:
    folder = Path(stepper.language.__file__).parent
    source = "".join((folder / name).read_text("utf-8") for name in FILES)
    raised = re.findall(
        r'(?:FormulaError|_refuse|refuse)\(\s*(?:node\S*, |\w+, )?"([a-z-]+)"', source
    )
    tested = {kind for _, kind, _, _ in REFUSED} | {"unknown-name"}
    assert set(raised) == tested


NAMES = ("W1", "W2", "a1", "dJ_dz2")


@pytest.mark.parametrize(
    ("source", "kind", "words"),
    [
        ("W1 @ a2", "unknown-name", "no `a2` here. Did you mean `a1`?"),
        ("dJ_dz1 @ W1", "unknown-name", "Did you mean `dJ_dz2`?"),
        ("W1 + ж", "character", "not part"),
        ("W1 + 七", "unknown-name", "there is no `七` here."),
        ("W1 + sigmoid", "unknown-name", "`sigmoid` is a function: `sigmoid(…)`"),
        ("W1 + act", "unknown-name", "`act` is a function: `act(…)`"),
        ("W1(a1)", "ambiguous", "`W1` is a value, not a function: `W1 * (…)`?"),
        ("qqqq", "unknown-name", "there is no `qqqq` here."),
    ],
)
def test_names_that_are_not_there(source: str, kind: str, words: str) -> None:
    error = refusal(parse, source, names=NAMES, functions={"act": "relu"})
    assert error.kind == kind
    assert words in str(error)


@pytest.mark.parametrize(
    ("source", "place", "words"),
    [
        ("z1", None, "no `=`"),
        ("z1 == a", None, "no `=`"),
        ("= a", "=", "gives one name a value"),
        ("a + b = c", "a + b", "gives one name a value"),
        ("2 = c", "2", "gives one name a value"),
        ("a[0] = c", "a[0]", "gives one name a value"),
        ("a =", None, "no formula"),
        ("a = b = c", "=", "from here on"),
        ("a += b", "a +", "gives one name a value"),
        ("__a__ = b", "__a__", "no double"),
    ],
)
def test_lines_that_are_none(source: str, place: str | None, words: str) -> None:
    error = refusal(parse_line, source)
    assert error.source == source
    assert words in str(error)
    if place is not None:
        assert error.span is not None
        assert source[slice(*error.span)] == place


def test_a_refused_line_of_a_program_says_its_number() -> None:
    error = refusal(parse_program, "z = W @ X\n\nJ = mean(z · z)")
    assert str(error).startswith("line 3: `·` can mean two things")


def test_the_place_is_underlined() -> None:
    error = refusal(parse_line, "J = mean(z · z)")
    assert error.pointing().split("\n")[1:] == ["    J = mean(z · z)", "    " + " " * 11 + "^"]


@pytest.mark.parametrize("read", [parse, parse_line, parse_program])
@pytest.mark.parametrize(
    "source",
    ["(" * 10**5, "[" * 10**6, "=" * 10**6, "a=" * 500_000, "a=b\n" * 250_000, "J=" + "-" * 10**6],
    ids=["brackets", "megabyte", "equals", "chain", "lines", "minus"],
)  # fmt: skip
def test_hostile_amounts_are_counted_before_they_are_read(
    read: Callable[..., Any], source: str
) -> None:
    said = str(refusal(read, source))
    assert "characters long; a formula may have 4000" in said or "may have 1000 lines" in said
