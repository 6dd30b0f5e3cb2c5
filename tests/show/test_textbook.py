"""Formulas as a textbook prints them: what they look like, and that they mean the same tree."""

from __future__ import annotations

import re
from itertools import product

import pytest

from stepper.calculus.derivation import Derivation
from stepper.calculus.prove import check
from stepper.expr.tree import DERIVATIVE, Call, Expr, Name, Number, call, derivative, rebuild, walk
from stepper.language.parse import parse
from stepper.language.text import text
from stepper.ops import CARDS
from stepper.show.box import Box, bracketed, fraction, joined, word
from stepper.show.textbook import Textbook
from tests.calculus.listed import listed


@pytest.mark.parametrize(
    ("source", "unicode", "ascii"),
    [
        ("1 / (1 + exp(-z))", "1 / (1 + e⁻ᶻ)", "1 / (1 + exp(-z))"),
        ("a * (1 - a)", "a(1 − a)", "a*(1 - a)"),
        ("sigmoid(z) * (1 - sigmoid(z))", "σ(z)(1 − σ(z))", "sigmoid(z)*(1 - sigmoid(z))"),
        ("(1 + exp(-z))**-2 * exp(-z)", "(1 + e⁻ᶻ)⁻²·e⁻ᶻ", "(1 + exp(-z))**-2*exp(-z)"),
        ("exp(-z1)", "e^(−z1)", "exp(-z1)"),
        ("exp(a**2)", "e^(a²)", "exp(a**2)"),
        ("exp(a)**2", "(eᵃ)²", "exp(a)**2"),
        ("eps * (1 - a)", "eps·(1 − a)", "eps*(1 - a)"),
        ("-(a - b)", "−(a − b)", "-(a - b)"),
        ("a - -b", "a − (−b)", "a - (-b)"),
        ("a / (b * c)", "a / (b·c)", "a / (b*c)"),
        ("a / b * c", "(a / b)·c", "(a / b)*c"),
        ("(a + b)**2", "(a + b)²", "(a + b)**2"),
        ("(-a)**2", "(−a)²", "(-a)**2"),
        ("sqrt(1 + z**2)", "√(1 + z²)", "sqrt(1 + z**2)"),
        ("(z > 0) * a", "(z > 0)·a", "(z > 0)*a"),
        ("maximum(z, 0)", "max(z, 0)", "maximum(z, 0)"),
        ("bce(p, y)", "BCE(p, y)", "bce(p, y)"),
    ],
)
def test_one_line(source: str, unicode: str, ascii: str) -> None:
    assert Textbook().line(parse(source)) == unicode
    assert Textbook(ascii=True).line(parse(source)) == ascii


def test_letters_derivatives_and_sums() -> None:
    a, z = Name("a3[k]"), Name("z[i]")
    assert Textbook().line(derivative(a, z)) == "∂/∂zᵢ[a⁽³⁾ₖ]"
    assert Textbook().line(derivative(Name("f"), Name("x"))) == "d/dx[f]"
    assert Textbook().line(call("sum", a * 2) / 3) == "(Σₖ a⁽³⁾ₖ·2) / 3"
    assert Textbook(ascii=True).line(derivative(a, z)) == "d/d(z[i])[a3[k]]"


def tall(source: str, ascii: bool = False) -> str:
    return "\n".join(row.rstrip() for row in Textbook(True, ascii)(parse(source)).rows)


def test_two_dimensions() -> None:
    assert tall("1 / (1 + exp(-z))") == "    1\n─────────\n 1 + e⁻ᶻ"
    assert tall("1 - (a / b)**2") == "    ⎛ a ⎞²\n1 − ⎜───⎟\n    ⎝ b ⎠"
    assert tall("exp(-z1 / 2)") == "  −z1\n ─────\n   2\ne"
    assert tall("a / b * (c / d)") == " a   c\n───·───\n b   d"
    assert tall("a / b", ascii=True) == " a\n---\n b"
    assert tall("(a / b) * c", ascii=True).isascii()


def test_boxes_meet_on_the_line_of_writing() -> None:
    half = fraction(word("1"), word("2"), "-")
    assert joined("x = ", half, " + y").rows == ("     1     ", "x = --- + y", "     2     ")
    assert bracketed(half, "()/|\\\\|/").rows == ("/ 1 \\", "|---|", "\\ 2 /")
    assert all(len(r) == half.width for r in Box(half.rows).rows)


@pytest.mark.parametrize("d", list(listed()), ids=lambda d: text(d.start))
@pytest.mark.parametrize("ascii", [False, True])
def test_every_line_read_back_is_the_same_formula(d: Derivation, ascii: bool) -> None:
    """By a reader that only the tests have; what is inside a derivative is read for itself."""
    for tree in d.trees():
        for part in [n.args[0] for _, n in walk(tree) if _is_derivative(n)] or [tree]:
            again = read(Textbook(ascii=ascii).line(part))
            assert check(again, named(part)).verdict == "proved", Textbook().line(part)


def _is_derivative(node: Expr) -> bool:
    return isinstance(node, Call) and node.op == DERIVATIVE


def named(tree: Expr) -> Expr:
    """Entries by letters as plain names, sums over them as a function: what `read` makes."""

    def plainly(node: Expr) -> Expr:
        if isinstance(node, Name):
            return Name(node.id.replace("[", "_").rstrip("]"))
        if isinstance(node, Call) and node.op == "sum":
            return call("square", node.args[0])
        return node

    return rebuild(tree, plainly)


_FUNCTIONS = {c.notation.unicode: c.name for c in CARDS.values() if c.notation.unicode}
_FUNCTIONS["max"] = "maximum"
_UP = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁽⁾ⁿᶻ", "0123456789+-()nz", strict=True))
_DOWN = {"ᵢ": "_i", "ⱼ": "_j", "ₖ": "_k", "ₘ": "_m"}


def read(written: str) -> Expr:
    """A printed formula as a tree: exponents down, products and sums spelled out."""
    line = re.sub(r"\[([ijkm])\]", r"_\1", written)
    line = re.sub(r"⁽\d⁾", "", line)
    line = "".join(_DOWN.get(ch, ch) for ch in line)
    line = re.sub(
        f"([{''.join(_UP)}]+)", lambda m: "**(" + "".join(_UP[c] for c in m[1]) + ")", line
    )
    line = line.replace("−", "-").replace("·", "*").replace("^", "**").replace("sum(", "square(")
    line = re.sub(r"(?<![A-Za-z_])e\*\*\(", "exp(", line)
    line = re.sub(r"(?<![A-Za-z_])e\*\*(\w+)", r"exp(\1)", line)
    line = re.sub(r"(?<![A-Za-z])([a-z](?:_[ijkm])?|\d)\(", r"\1*(", line)
    line = line.replace(")(", ")*(")
    return parse(_sums(line), functions=_FUNCTIONS)


def _sums(line: str) -> str:
    """`Σ_k a*b` holds the product that follows it, up to a sign or the end of its brackets."""
    while (found := re.search(r"Σ_[km] ", line)) is not None:
        end, depth = found.end(), 0
        while end < len(line):
            depth += (line[end] == "(") - (line[end] == ")")
            if depth < 0 or (depth == 0 and line[end - 1 : end + 2] in (" + ", " - ", " / ")):
                break
            end += 1
        inside = line[found.end() : end].rstrip()
        line = (
            f"{line[: found.start()]}square({inside}){line[end - (line[end - 1 : end] == ' ') :]}"
        )
    return line


def test_no_number_is_lost_between_signs() -> None:
    for a, b in product((Number(2), -Name("x"), Name("x") + 1), repeat=2):
        for tree in (a + b, a - b, a * b, a / (1 + b**2)):
            assert check(read(Textbook().line(tree)), tree).verdict == "proved"
