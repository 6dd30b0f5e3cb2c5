"""A derivation on paper: nothing is cut, everything has its rule, everything has an ASCII form."""

from __future__ import annotations

import pytest

from stepper.calculus.derivation import Derivation, Rewrite
from stepper.calculus.prove import Check, proof
from stepper.expr.sentence import say
from stepper.language.parse import parse
from stepper.language.text import text
from stepper.show.breaking import broken
from stepper.show.derivation import Page, derivation_rows, legend
from stepper.show.derivation_latex import as_latex
from stepper.show.rows import Drawing, Look
from stepper.show.textbook import Textbook
from tests.calculus.listed import listed

each = pytest.mark.parametrize("d", list(listed()), ids=lambda d: text(d.start))
CHECK = Check("proved")


def drawn(d: Derivation, page: Page) -> list[str]:
    return str(Drawing(tuple(derivation_rows(d, page)), page.look.ascii)).splitlines()


def marked(d: Derivation, look: Look, tall: bool = False, full: bool = False) -> Page:
    known = {x: (CHECK,) * len(x.lines) for x in d.all()}
    return Page(look, tall, full, known)


@each
@pytest.mark.parametrize("ascii", [False, True])
@pytest.mark.parametrize("tall", [False, True])
def test_at_80_columns_no_formula_is_cut(d: Derivation, ascii: bool, tall: bool) -> None:
    rows = drawn(d, marked(d, Look(80, ascii), tall, full=True))
    assert max(map(len, rows)) <= 80
    assert all(row.isascii() for row in rows) or not ascii
    if not tall:
        whole = "\n".join(rows)
        shown = (Textbook(False, ascii).line(tree) for tree in d.trees())
        assert all(line in whole for line in shown if len(line) <= 72)


@each
@pytest.mark.parametrize("width", [40, 60, 120])
def test_any_width_holds(d: Derivation, width: int) -> None:
    for full in (False, True):
        assert max(map(len, drawn(d, marked(d, Look(width), full=full)))) <= width


@each
def test_every_line_has_its_rule_and_its_mark(d: Derivation) -> None:
    rows = drawn(d, marked(d, Look(80)))
    assert sum(row.endswith("✓") for row in rows) == len(d.lines)
    assert [row for row in drawn(d, Page(Look(80))) if "✓" in row] == []


@each
def test_latex_closes_what_it_opens(d: Derivation) -> None:
    latex = as_latex(d)
    assert latex.count("{") == latex.count("}")
    assert latex.count(r"\left") == latex.count(r"\right")
    assert latex.count("=") >= len(d.lines)
    assert r"\odot" not in latex and "\0" not in latex
    assert latex.isascii()


def test_a_long_formula_breaks_before_a_sign() -> None:
    text = "aaaa·(bbbb + cccc) + dddd·(eeee − ffff) − ∂J/∂z·g"
    lines = list(broken(text, 24))
    assert lines == ["aaaa·(bbbb + cccc)", "    + dddd·(eeee − ffff)", "    − ∂J/∂z·g"]
    assert "".join(line.strip() for line in lines).replace(" ", "") == text.replace(" ", "")


def test_a_wrong_line_says_where() -> None:
    other = Derivation(parse("a - y"), (Rewrite(parse("y - a"), say("turned round")),))
    rows = drawn(other, Page(Look(), proofs={other: tuple(proof(other))}))
    assert rows[1].endswith("✗")
    assert "not equal: at a = " in rows[2]


def test_marks_that_are_no_proof_are_explained() -> None:
    said = [str(Drawing((r,))) for r in legend([Check("tried", points=5), CHECK], Look())]
    assert said == ["≈: equal at every point tried (5 points, 25 digits), but not proved"]
    assert not list(legend([CHECK], Look()))
