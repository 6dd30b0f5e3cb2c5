"""The mistakes: each is named on its example, and wherever it is made on purpose."""

from __future__ import annotations

from dataclasses import replace

import pytest

from stepper.check.diagnose import diagnose
from stepper.check.mistake import MISTAKES, Finding
from stepper.check.question import Question
from stepper.check.scope import Scope
from stepper.check.world import worlds
from stepper.expr.tree import Expr, at, put
from stepper.labs.load import load
from stepper.language.parse import parse
from stepper.program.code import compile_program
from stepper.program.trace import run

WITH_EXAMPLE = sorted(m for m, card in MISTAKES.items() if card.example)


def asked(lab_name: str, target: str, formula: str | Expr) -> Finding:
    """What is said of a formula in a lab."""
    lab = load(lab_name)
    tree = parse(formula, layout=lab.layout) if isinstance(formula, str) else formula
    right = next(x.tree for x in Scope(lab, target).backward if x.target == target)
    found = diagnose(Question(tree, right, target, lab, worlds(lab)))
    assert isinstance(found, Finding), (lab_name, target, formula)
    return found


@pytest.mark.parametrize("mistake", WITH_EXAMPLE)
def test_a_mistake_is_named_on_its_example(mistake: str) -> None:
    example = MISTAKES[mistake].example
    assert example is not None
    assert asked(example.lab, example.target, example.formula).mistake == mistake


def test_what_stands_in_the_place_of_a_gradient_is_judged_as_that_gradient() -> None:
    found = asked("two-hidden", "dL_dW3", "a2.T @ (a3 - y)")
    assert found.mistake == "missing-activation-derivative"
    assert found.then is not None and found.then.mistake == "factor"
    assert found.path == (1,)


def test_the_sentence_of_a_mixed_up_argument() -> None:
    formula = "dL_dz3 @ W3.T * a2 * (1 - z2)"
    found = asked("two-hidden", "dL_dz2", formula)
    assert str(found.message) == "at `z2`: this wants `a2`"
    assert str(found.why) == "σ′ written with its own output is a·(1 − a)"
    assert found.span is not None
    assert formula[slice(*found.span)] == "z2"
    assert put(parse(formula), found.path, found.ours) == parse(formula.replace("z2", "a2"))
    assert at(parse(formula), found.path) == found.theirs


@pytest.mark.parametrize(
    ("lab", "target", "formula", "mistake", "place"),
    [
        ("xor", "dJ_dz2", "W3.T @ dJ_dz3 * z2*(1-z2)", "sigma-prime-argument", "z2"),
        ("xor", "dJ_dz2", "W3.T @ dJ_dz3 * a3*(1-a3)", "wrong-layer", "a3"),
        ("xor", "dJ_dz2", "W3.T @ dJ_dz3 * a1*(1-a1)", "wrong-layer", "a1"),
        ("xor", "dJ_dz2", "W3.T @ dJ_dz3 * sigmoid(z2)", "half-sigma-prime", "sigmoid(z2)"),
        ("xor", "dJ_dz2", "W3.T @ dJ_dz3 * (a2 > 0)", "wrong-derivative", "a2 > 0"),
        ("xor", "dJ_dz3", "(a3 - y)**2 / N", "wrong-number", "2"),
        ("xor", "dJ_dz3", "(a3 - y) / size(X, axis=0)", "wrong-operand", "size(X, axis=0)"),
        ("xor", "dJ_db2", "0", "bias-not-trained", "0"),
        ("xor", "dJ_dW3", "dJ_dz3 * a2", "elementwise-vs-matmul", "dJ_dz3 * a2"),
        ("two-hidden", "dL_dW3", "a2 * dL_dz3", "elementwise-vs-matmul", "a2 * dL_dz3"),
        ("two-hidden", "dL_dz3", "2*(a3-y)", "missing-activation-derivative", "a3-y"),
        ("two-hidden", "dL_dz3", "2*(a3-y)*a3*(1-a3).T", "extra-transpose", "(1-a3).T"),
        (
            "three-class", "dJ_dz2", "(p-y)*p*(1-p)/N",
            "extra-activation-derivative", "(p-y)*p*(1-p)",
        ),
    ],
)  # fmt: skip
def test_the_simplest_explanation_wins(
    lab: str, target: str, formula: str, mistake: str, place: str
) -> None:
    found = asked(lab, target, formula)
    assert found.mistake == mistake
    assert found.then is None
    assert found.span is not None
    assert formula[slice(*found.span)] == place


def test_a_name_that_is_wrong_twice_is_one_mistake() -> None:
    found = asked("xor", "dJ_dz2", "W3.T @ dJ_dz3 * z2*(1-z2)")
    assert str(found.message) == "at `z2`: this wants `a2`, in 2 places"


@pytest.mark.parametrize(
    ("lab", "target", "formula", "first", "second"),
    [
        ("xor", "dJ_dz3", "y - a3", "sign", "missing-mean"),
        ("two-hidden", "dL_da3", "-3 * (a3 - y)", "sign", "constant-factor"),
        ("xor", "dJ_dz3", "2*(a3 - y)*a3*(1-a3)/N", "extra-activation-derivative", "factor"),
    ],
)
def test_two_mistakes_are_not_called_one(
    lab: str, target: str, formula: str, first: str, second: str
) -> None:
    found = asked(lab, target, formula)
    assert found.then is not None
    assert (found.mistake, found.then.mistake) == (first, second)


def test_the_sign_under_cross_entropy_says_nothing_of_squares() -> None:
    found = asked("xor", "dJ_da3", "-(y/a3 + (1-y)/(1-a3))/N")
    assert found.mistake == "sign"
    assert "²" not in str(found.why)


def test_an_updated_weight_gives_the_published_slip() -> None:
    """Mazur, A Step by Step Backpropagation Example: 0.291027924 after one update."""
    lab = load("mazur")
    ((line, wrong),) = MISTAKES["updated-weight"].made(lab.program.lines, lab)
    lines = tuple(replace(x, tree=wrong) if x is line else x for x in lab.program.lines)
    code = compile_program(replace(lab.program, lines=lines))
    after = run(code, lab.given())
    again = run(code, lab.given(parameters={k: after.last(k) for k in lab.parameters}))
    assert round(float(again.value("E")), 9) == 0.291027924


@pytest.mark.parametrize("mistake", sorted(MISTAKES))
def test_a_card_says_what_it_is(mistake: str) -> None:
    card = MISTAKES[mistake]
    assert card.sentence.endswith(".")
    assert card.why
    assert not card.why.endswith(".")
    assert card.example is not None or any("seen" in vars(c) for c in type(card).__mro__[:-2])
