"""What is printed can be typed: `parse(text(tree)) == tree`; the displays mean the same tree."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stepper.expr.tree import Call, Expr, Name, Number, call, walk
from stepper.language.latex import latex
from stepper.language.layout import Layout
from stepper.language.parse import parse, parse_line
from stepper.language.text import ASCII, MATH, SCREEN, Style, text
from stepper.ops import CARDS
from tests.strategies import LAYOUTS, trees

many = settings(max_examples=600)


@many
@given(trees(), LAYOUTS)
def test_code_reads_back(tree: Expr, layout: Layout) -> None:
    assert parse(text(tree, Style(layout=layout)), layout=layout) == tree


@many
@given(trees(), LAYOUTS)
def test_a_line_reads_back(tree: Expr, layout: Layout) -> None:
    printed = f"dJ_dz3 = {text(tree, Style(layout=layout))}"
    assert parse_line(printed, layout=layout) == ("dJ_dz3", tree)


@given(trees())
def test_the_screen_reads_back(tree: Expr) -> None:
    assert parse(text(tree, SCREEN)) == tree


@given(trees())
def test_ascii_reads_back_but_for_what_only_numpy_needs(tree: Expr) -> None:
    printed = text(tree, ASCII)
    assert printed.isascii() or "δ" in printed
    assert parse(printed) == parse(text(without_keepdims(tree)))


@given(trees())
def test_printing_without_spaces_reads_back(tree: Expr) -> None:
    assert parse(text(tree, Style(tight=True))) == tree


@many
@given(trees())
def test_mathematics_means_the_same_tree(tree: Expr) -> None:
    assert read_maths(text(tree, MATH)) == plain(tree)


@given(trees(), st.data())
def test_a_name_with_its_number_put_in_stands_in_its_place(tree: Expr, data: st.DataObject) -> None:
    """Putting a number in while printing prints the tree that has the number in that place."""
    places = [(path, node) for path, node in walk(tree) if isinstance(node, Name)]
    if not places:
        return
    path, _ = data.draw(st.sampled_from(places))
    shown = text(tree, Style(), lambda node, at: "(-7.25)" if at == path else None)
    assert parse(shown) == replaced(tree, path)


def replaced(tree: Expr, path: tuple[int, ...]) -> Expr:
    if not path:
        return -Number(7.25)
    assert isinstance(tree, Call)
    args = [replaced(a, path[1:]) if i == path[0] else a for i, a in enumerate(tree.args)]
    return call(tree.op, *args, **dict(tree.settings))


@given(trees())
def test_latex_closes_what_it_opens(tree: Expr) -> None:
    written = latex(tree)
    assert written.count(r"\left(") == written.count(r"\right)")
    assert written.count("{") == written.count("}")
    assert "  " not in written


def without_keepdims(tree: Expr) -> Expr:
    if not isinstance(tree, Call):
        return tree
    settings = {k: v for k, v in tree.settings if k != "keepdims"}
    return call(tree.op, *(without_keepdims(a) for a in tree.args), **settings)


_FUNCTIONS = [card.notation for card in CARDS.values() if card.notation.form == "function"]
_WORDS = {n.unicode: n.code for n in _FUNCTIONS if n.unicode not in ("", "max")}
_SIGNS = str.maketrans({"⊙": "*", "·": "*", "−": "-", "≥": ">=", "≤": "<="})


def read_maths(printed: str) -> Expr:
    """A reader of the mathematical style that only tests have."""
    for word in sorted(_WORDS, key=len, reverse=True):
        printed = re.sub(rf"(?<!\w){re.escape(word)}\(", f"{_WORDS[word]}(", printed)
    printed = re.sub(r"(?<!\w)max\(", "larger(", printed)
    while found := re.search(r"(?<!\w)larger\(", printed):
        word = "maximum" if _of_two(printed[found.end() :]) else "max"
        printed = printed[: found.start()] + word + printed[found.end() - 1 :]
    printed = re.sub(r"⁽(.*?)⁾", lambda raised: raised[1].translate(_RAISED), printed)
    printed = re.sub(r"(?<=[₀-₉]),(?=[₀-₉])", "", printed)
    return plain(parse(printed.replace(" = ", " == ").translate(_SIGNS)))


def _of_two(rest: str) -> bool:
    """Whether a second operand stands in this bracket: max of two, not along an axis."""
    depth = 0
    for i, ch in enumerate(rest):
        depth += (ch in "([") - (ch in ")]")
        if depth < 0:
            return False
        if ch == "," and depth == 0:
            return not rest[i + 1 :].strip().startswith("axis")
    raise AssertionError("a bracket is not closed")


def plain(tree: Expr) -> Expr:
    """The tree as far as mathematics can tell it: no keepdims, an entry of a name is a name."""
    if not isinstance(tree, Call):
        return tree
    at = dict(tree.settings)
    if tree.op == "item" and isinstance(tree.args[0], Name) and min(at.values()) >= 0:
        return parse(re.sub("[⁽⁾,]", "", text(tree, MATH)).translate(_RAISED))
    return call(tree.op, *map(plain, tree.args), **{k: v for k, v in at.items() if k != "keepdims"})


_RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")


@pytest.mark.parametrize(
    "source",
    [
        "a - (b - c)", "a / (b / c)", "a / (b * c)", "(a @ b) * c", "a * (b @ c)", "(a * b) @ c",
        "a @ b @ c", "a @ (b @ c)", "-a**2", "(-a)**2", "-(a + b)", "a**-b", "(a**b)**c", "a**b**c",
        "2 - -3", "a > b", "(a > b) > c", "a * (b > c)", "(a + b).T", "(-a).T", "-a.T",
        "a.T[:-1].T",
        "(2).T", "(0.5)[1:]", "sum(a)[0, 0]", "(a @ b).T @ c", "W[:, 1:-1]", "x[-1, 0]",
        "1e-07 * x",
    ],
)  # fmt: skip
def test_brackets_stand_where_they_are_needed_and_only_there(source: str) -> None:
    assert text(parse(source)) == source


@pytest.mark.parametrize("typed", ["0.010", "1e-4", "2.0", ".5", "3.", "1E3", "007.5"])
def test_a_literal_stays_as_it_was_typed(typed: str) -> None:
    assert text(parse(f"{typed} * x")) == f"{typed} * x"
