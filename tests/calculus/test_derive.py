"""Derivations: the textbook's lines, the right answers, and what is refused."""

from __future__ import annotations

import mpmath
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stepper.calculus.derive import derive, written_out
from stepper.calculus.entries import derivations
from stepper.calculus.plain import plain
from stepper.calculus.points import at_point, leaves, points
from stepper.calculus.prove import check
from stepper.expr.errors import FormulaError
from stepper.expr.tree import Call, Expr, Name, Number, call, derivative, rebuild, substitute
from stepper.language.parse import parse
from stepper.language.text import text
from stepper.ops import CARDS, Op
from tests.calculus.listed import LISTED, listed

SIGMOID = """
d/dz[1 / (1 + exp(-z))]                                    definition
d/dz[(1 + exp(-z))**-1]                                    power form
-((1 + exp(-z))**-2 * d/dz[1 + exp(-z)])                   power rule, chain rule
(1 + exp(-z))**-2 * exp(-z)                                inner derivative
1 / (1 + exp(-z)) * (exp(-z) / (1 + exp(-z)))              split the fraction
1 / (1 + exp(-z)) * ((1 + exp(-z) - 1) / (1 + exp(-z)))    + 1 − 1 above the line
1 / (1 + exp(-z)) * (1 - 1 / (1 + exp(-z)))                divide each by what is below
sigmoid(z) * (1 - sigmoid(z))                              recognise σ
a * (1 - a)                                                with a = sigmoid(z)
"""


def test_the_sigmoid_as_a_textbook_has_it() -> None:
    (d,) = derivations(parse("sigmoid(z)"), "z")
    lines = [(text(line.tree), line.rule.words(_shown)) for line in d.lines]
    wanted = [tuple(line.split("    ", 1)) for line in SIGMOID.strip().splitlines()]
    assert [(f, r.strip()) for f, r in lines] == [(f, r.strip()) for f, r in wanted]


def _shown(field: object) -> str:
    return text(field) if isinstance(field, Expr) else str(field)


@pytest.mark.parametrize(("source", "by", "answer"), LISTED)
def test_answers(source: str, by: str, answer: str) -> None:
    (d,) = derivations(parse(source), by)
    assert text(d.last) == answer


def test_a_softmax_has_two_answers() -> None:
    same, other = derivations(parse("softmax(z)"), "z")
    assert (text(same.last), text(other.last)) == ("p[i] * (1 - p[i])", "-(p[i] * p[j])")


def test_where_the_half_the_two_and_the_n_come_from() -> None:
    (d,) = derivations(parse("mean((a - y)**2) / 2"), "a")
    assert [text(line.tree) for line in d.lines][-3:] == [
        "2 * (a[i] - y[i]) * d/d(a[i])[a[i] - y[i]] / (2 * n)",
        "2 * (a[i] - y[i]) / (2 * n)",
        "(a[i] - y[i]) / n",
    ]


ACTIVATIONS = [c for c in CARDS.values() if c.is_elementwise and c.arity == 1 and c.name != "sign"]


@pytest.mark.parametrize("card", ACTIVATIONS, ids=lambda c: c.name)
def test_the_rule_of_the_card_is_what_the_derivation_comes_to(card: Op) -> None:
    z, g = Name("z"), Name("g")
    (rule,) = card.vjp(g, call(card.name, z), z)
    assert rule is not None
    d = derive(call(card.name, z), z)
    assert check(d.answer, substitute(rule, {"g": Number(1)})).verdict == "proved"


@pytest.mark.parametrize("card", [c for c in CARDS.values() if c.is_loss], ids=lambda c: c.name)
def test_the_rule_of_a_loss_is_what_its_derivation_comes_to(card: Op) -> None:
    operands = tuple(Name(n) for n in ("p", "y", "eps")[: card.arity])
    f = call(card.name, *operands)
    rule = card.vjp(Number(1), f, *operands)[0]
    assert rule is not None
    assert check(derive(f, operands[0]).answer, _of_one_entry(rule)).verdict == "proved"


def _of_one_entry(rule: Expr) -> Expr:
    return rebuild(rule, lambda n: Number(1) if isinstance(n, Call) and n.op == "size" else n)


FORMULAS = st.recursive(
    st.sampled_from([Name("x"), Name("x"), Name("c"), Number(2), Number(0.5, "0.5")]),
    lambda f: st.one_of(
        st.builds(lambda op, a, b: call(op, a, b), st.sampled_from(["add", "sub", "mul"]), f, f),
        st.builds(lambda a, b: a / (1 + b**2), f, f),
        st.builds(
            lambda op, a: call(op, a),
            st.sampled_from(
                ["sigmoid", "tanh", "softplus", "relu", "leaky_relu", "neg", "abs", "square"]
            ),
            f,
        ),
        st.builds(lambda a: call("log", 1 + a**2), f),
        st.builds(lambda a: call("exp", -(a**2)), f),
        st.builds(lambda a, n: (1 + a**2) ** n, f, st.sampled_from([-2, -1, 2, 3])),
    ),
    max_leaves=6,
)


@settings(max_examples=60, deadline=None)
@given(FORMULAS)
def test_the_answer_is_the_slope_that_one_measures(f: Expr) -> None:
    x = Name("x")
    answer = plain(derive(f, x).answer, {}, {})
    whole = plain(f, {}, {})
    for point in list(points(leaves(whole, answer, x), kinks=False))[:2]:
        with mpmath.workdps(40):
            ours = at_point(answer, point)
            if ours is None:
                continue
            h = mpmath.mpf("1e-9")
            after, before = (at_point(whole, {**point, x: point[x] + s * h}) for s in (1, -1))
            measured = (after - before) / (2 * h)
            assert abs(ours - measured) < mpmath.mpf("1e-8") * (1 + abs(measured))


@settings(max_examples=30, deadline=None)
@given(FORMULAS)
def test_no_line_is_wrong(f: Expr) -> None:
    d = derive(f, Name("x"))
    for before, after in zip(d.trees(), d.trees()[1:], strict=False):
        a, b = (plain(t, d.where, {}) for t in (before, after))
        for point in points(leaves(a, b), kinks=False):
            left, right = at_point(a, point), at_point(b, point)
            assert left is None or right is None or abs(left - right) < 1e-20 * (1 + abs(left))


@pytest.mark.parametrize(
    ("source", "by", "kind"),
    [
        ("sigmoid(z)", "x", "unknown-name"),
        ("W @ x", "x", "no-derivative"),
        ("max(z)", "z", "no-derivative"),
        ("z[0, 1]", "z", "no-derivative"),
        ("mean(W @ x)", "W", "no-entry"),
        ("mean(mean(z))", "z", "no-entry"),
        ("sum(y * log(softmax(z)))", "z", "no-derivative"),
    ],
)
def test_refused(source: str, by: str, kind: str) -> None:
    with pytest.raises(FormulaError) as caught:
        derivations(parse(source), by)
    assert caught.value.kind == kind
    assert "{" not in str(caught.value)


def test_a_formula_that_would_take_hundreds_of_lines_is_refused() -> None:
    f: Expr = Name("x")
    for _ in range(40):
        f = call("log", 1 + f**2)
    with pytest.raises(FormulaError) as caught:
        derive(f, Name("x"))
    assert caught.value.kind == "limit"


def test_the_definition_of_a_loss_of_one_entry_has_no_mean() -> None:
    assert text(written_out(call("mse", Name("p"), Name("y")))) == "(p - y)**2"
    assert text(derivative(Name("f"), Name("x"))) == "d/dx[f]"


def test_finer_lines_open_what_was_done_at_once() -> None:
    opened = [finer for d in listed() for line in d.lines for finer in line.finer]
    assert len(opened) >= 20
    assert all(d.lines for d in opened)
