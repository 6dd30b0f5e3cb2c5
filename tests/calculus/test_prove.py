"""What earns a ✓: algebra, and nothing else. What is wrong never does."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import pytest

from stepper.calculus.derivation import Derivation
from stepper.calculus.entries import derivations
from stepper.calculus.prove import check, proof, proofs
from stepper.expr.tree import Expr, Name, because, call, derivative, names
from stepper.language.parse import parse
from stepper.language.spellings import spellings
from stepper.language.text import text
from stepper.ops import CARDS, Op
from stepper.ops.card import Elementwise, function
from tests.calculus.listed import listed
from tests.calculus.mutants import differs, mutants


@pytest.mark.parametrize("d", list(listed()), ids=lambda d: text(d.start))
def test_every_line_is_proved_also_the_finer_ones(d: Derivation) -> None:
    for each, checks in proofs([d]).items():
        assert len(checks) == len(each.lines)
        for line, found in zip(each.lines, checks, strict=True):
            assert found.verdict == "proved", text(line.tree)


EACH = [op for op in CARDS.values() if op.is_elementwise and op.arity == 1]


@pytest.mark.parametrize("op", EACH, ids=lambda op: op.name)
def test_the_derivative_of_every_function_is_proved(op: Op) -> None:
    for d in derivations(call(op.name, Name("z")), "z"):
        assert d.lines and {c.verdict for c in proof(d)} == {"proved"}


@pytest.fixture
def sine() -> Iterator[None]:
    """Two functions that no module knows but their cards, each the other's slope."""

    class Sin(Elementwise):
        """The sine of each entry."""

        name, arity, mathematics = "sin", 1, "sin"
        notation = function("sin", "sin", r"\sin")

        def vjp(self, g: Expr, y: Expr, x: Expr) -> tuple[Expr]:
            return (g * because(call("cos", x), "the slope of a sine is the cosine"),)

    class Cos(Elementwise):
        """The cosine of each entry."""

        name, arity, mathematics = "cos", 1, "cos"
        notation = function("cos", "cos", r"\cos")

        def vjp(self, g: Expr, y: Expr, x: Expr) -> tuple[Expr]:
            return (g * because(-call("sin", x), "the slope of a cosine is minus the sine"),)

    spellings.cache_clear()
    yield
    del CARDS["sin"], CARDS["cos"]
    spellings.cache_clear()


@pytest.mark.usefixtures("sine")
def test_of_a_function_that_is_new_its_card_is_all_that_a_proof_needs() -> None:
    (d,) = derivations(parse("sin(z) * cos(2 * z)"), "z")
    assert text(d.lines[-1].tree) == "cos(z) * cos(2 * z) - 2 * sin(z) * sin(2 * z)"
    assert {c.verdict for c in proof(d)} == {"proved"}
    assert check(parse("sin(z)**2"), parse("1 - cos(z)**2")).verdict == "proved"
    assert check(parse("sin(z)"), parse("cos(z)")).verdict == "wrong"
    assert check(derivative(parse("cos(z)"), Name("z")), parse("sin(z)")).verdict == "wrong"


def each_mutant(d: Derivation) -> list[tuple[Expr, Expr]]:
    """A line of a derivation, and the next one with one node changed."""
    found = []
    for before, after in pairwise(d.trees()):
        read = sorted(names(after) | names(before), key=lambda n: n)
        wanted = [Name(n) for n in read if "[" not in n or n.endswith("[i]")]
        found += [(before, wrong) for wrong in mutants(after, wanted)]
    return found


def test_a_line_with_one_node_changed_is_not_proved() -> None:
    tried = 0
    for d in list(listed())[:3]:
        for before, wrong in each_mutant(d)[::7]:
            if check(before, wrong, d).verdict == "proved":
                assert not differs(before, wrong, d), text(wrong)
            tried += 1
    assert tried > 50


@pytest.mark.slow
def test_no_mutant_that_differs_anywhere_keeps_its_mark() -> None:
    differing = 0
    for d in listed():
        for before, wrong in each_mutant(d):
            if differs(before, wrong, d):
                differing += 1
                assert check(before, wrong, d).verdict != "proved", (text(before), text(wrong))
    assert differing >= 800


@pytest.mark.parametrize(
    ("left", "right", "verdict"),
    [
        ("(a + b)**2", "a**2 + 2*a*b + b**2", "proved"),
        ("1 / (1 + exp(-z))", "exp(z) / (1 + exp(z))", "proved"),
        ("sigmoid(-z)", "1 - sigmoid(z)", "proved"),
        ("tanh(z)", "2 * sigmoid(2 * z) - 1", "proved"),
        ("abs(z)", "maximum(z, -z)", "proved"),
        ("relu(z)", "z * (z > 0)", "proved"),
        ("0.1 + 0.2", "0.3", "proved"),
        ("-(1 + exp(-x))**-2", "-(1 + exp(-x))**2", "wrong"),
        ("sqrt(x**2)", "x", "wrong"),
        ("(z > 0)", "(z >= 0)", "wrong"),
        ("a - y", "y - a", "wrong"),
        ("E", "exp(1)", "wrong"),
        ("pi", "3.14159265358979", "wrong"),
        ("log(x * y)", "log(x) + log(y)", "tried"),
        ("W @ x", "x", "unknown"),
        ("sqrt(-1 - x**2)", "1", "unknown"),
    ],
)
def test_verdicts(left: str, right: str, verdict: str) -> None:
    assert check(parse(left), parse(right)).verdict == verdict


def test_a_wrong_line_says_where_and_by_what() -> None:
    found = check(parse("-(1 + exp(-x))**-2"), parse("-(1 + exp(-x))**2"))
    (x,) = found.at.values()
    assert found.left == pytest.approx(-((1 + 2.718281828459045**-x) ** -2))
    assert found.right == pytest.approx(-((1 + 2.718281828459045**-x) ** 2))


def test_the_first_line_that_fails_is_the_wrong_one() -> None:
    d = next(listed())
    lines = (*d.lines[:3], d.lines[-1], *d.lines[4:])
    verdicts = [c.verdict for c in proof(Derivation(d.start, lines, d.where))]
    assert verdicts.index("proved") == 0
    broken = Derivation(d.start, (*d.lines[:2], *d.lines[3:]), d.where)
    assert all(c.verdict == "proved" for c in proof(broken))


def test_what_sympy_gets_wrong_without_saying_so() -> None:
    """Why the matrix rules are our own. Where sympy learns one of these, this fails: good news."""
    from sympy import MatrixSymbol, Trace, exp, symbols

    n = symbols("n", positive=True, integer=True)
    x, y = MatrixSymbol("x", n, 1), MatrixSymbol("y", n, 1)
    A, B = MatrixSymbol("A", n, n), MatrixSymbol("B", n, n)
    assert (y.T * x.applyfunc(exp)).diff(x).shape == (n,)  # a number by a column: a column
    assert str((Trace(A) + Trace(B * A)).diff(A)) == "0"  # it is 1 + B.T
