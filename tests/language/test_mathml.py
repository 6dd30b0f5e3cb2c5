"""MathML over all cards: it is well formed, has its parts, and says all that the tree says."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stepper.expr.tree import Expr, Name, call, derivative, put, walk
from stepper.language.latex import latex
from stepper.language.mathml import mathml
from stepper.language.parse import parse
from stepper.ops import CARDS
from tests.calculus.listed import listed
from tests.strategies import trees

PARTS = {"mfrac": 2, "msup": 2, "msub": 2, "munder": 2, "msubsup": 3, "mspace": 0}
LEAVES = {"mi", "mn", "mo", "mtext", "mspace"}
ROWS = {"math", "mrow", "msqrt"}


def element(tree: Expr) -> ET.Element:
    return ET.fromstring(f"<math>{mathml(tree)}</math>")


def check(whole: ET.Element) -> None:
    for node in whole.iter():
        assert node.tag in {*PARTS, *LEAVES, *ROWS}
        if node.tag in PARTS:
            assert len(node) == PARTS[node.tag], ET.tostring(whole, "unicode")
        if node.tag in LEAVES:
            assert not len(node)
        else:
            assert not (node.text or "").strip()
        assert not (node.tail or "").strip()


def said(whole: ET.Element) -> str:
    return "".join(whole.itertext())


@pytest.mark.parametrize("name", CARDS)
def test_every_card_is_set(name: str) -> None:
    card = CARDS[name]
    args = [Name(n) for n in ("q1", "r", "t2", "u")[: card.arity]]
    whole = element(call(name, *args, **card.settings))
    check(whole)
    shown = args[: -card.optional] if card.optional else args
    assert all(arg.id[0] in said(whole) for arg in shown)


@given(trees())
def test_any_tree_is_well_formed(tree: Expr) -> None:
    check(element(tree))


@given(trees(), st.data())
def test_every_name_that_latex_has_is_there_too(tree: Expr, data: st.DataObject) -> None:
    """Another name in one place changes the MathML exactly where it changes the LaTeX."""
    path, _ = data.draw(st.sampled_from(list(walk(tree))))
    other = put(tree, path, Name("q"))
    assert (mathml(tree) == mathml(other)) == (latex(tree) == latex(other))


@pytest.mark.parametrize("tree", [t for d in listed() for t in d.trees()], ids=latex)
def test_every_line_of_a_derivation_is_well_formed(tree: Expr) -> None:
    check(element(tree))


@pytest.mark.parametrize(
    ("source", "said_of_it"),
    [
        ("dJ_dz3 @ a2.T", "∂J∂z3\u2062a2⊤"),
        ("W1[0, 1]", "w12(1)"),
        ("1e-4 * eps", "1·10−4·ε"),
        ("2 * (P - y) / (3 * N)", "2·(P−y)3·N"),
        ("a < 3", "a<3"),
        ("W[:, :-1]", "W[:, :-1]"),
        ("-exp(-z)**2", "−(e−z)2"),
        ("sum(z, axis=1)", "sumaxis\u20091(z)"),
    ],
)
def test_what_is_said(source: str, said_of_it: str) -> None:
    assert said(element(parse(source))) == said_of_it


def test_numbers_are_put_in_with_their_powers_of_ten_and_brackets() -> None:
    tree = parse("a - b * c")
    shown = {"a": "1.5e-07", "b": "(-0.25)", "c": "… 0.5 …"}
    set_with = mathml(tree, lambda n, _: shown.get(n.id) if isinstance(n, Name) else None)
    whole = ET.fromstring(f"<math>{set_with}</math>")
    check(whole)
    assert said(whole) == "1.5·10−7−(−0.25)·…0.5…"
    check(element(derivative(call("sigmoid", Name("z[i]")), Name("z[i]"))))
