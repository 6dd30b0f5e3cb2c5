"""The diagnosis: nothing wrong is taken, nothing right is refused, most of it has a name."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from itertools import islice
from typing import Any

import pytest

from stepper.check.diagnose import diagnose
from stepper.check.mistake import MISTAKES, Finding
from stepper.check.question import Question
from stepper.check.scope import Scope
from stepper.check.unexplained import Unexplained
from stepper.check.world import same, value_of, worlds
from stepper.expr.errors import FormulaError
from stepper.expr.tree import Expr, put
from stepper.labs.lab import Lab
from stepper.labs.load import load
from stepper.language.parse import parse
from stepper.language.text import text
from tests.check.exact import are_one, exact_world
from tests.check.mutants import Case, mutants

LABS = (
    "two-hidden", "two-hidden:folded", "xor", "xor:epsilon", "three-class", "mazur",
    "gradient-check", "circuits-staged", "first-step",
)  # fmt: skip


def is_right(tree: Expr, target: str, lab: Lab) -> bool:
    """Whether a formula has the target's value in every world."""
    try:
        return all(same(w.values[target], value_of(tree, w)) for w in worlds(lab))
    except FormulaError:
        return False


def has_shape(tree: Expr, lab: Lab) -> bool:
    try:
        value_of(tree, worlds(lab)[0])
    except FormulaError:
        return False
    return True


@cache
def exactly(lab: Lab) -> tuple[dict[str, Any], ...]:
    return tuple(exact_world(lab, w, Scope(lab, "").backward) for w in worlds(lab))


@cache
def lab_of(name: str) -> Lab:
    return load(name)


def answer(tree: Expr, right: Expr, target: str, lab: Lab) -> Finding | Unexplained:
    return diagnose(Question(tree, right, target, lab, worlds(lab)))


def judged_exactly(case: Case) -> bool:
    return has_shape(case.tree, case.lab) and all(
        are_one(case.tree, case.target, given) for given in exactly(case.lab)
    )


def check_mutants(n: int, seed: int) -> None:
    unnamed = wrong = 0
    for case in mutants(seed):
        equivalent = judged_exactly(case)
        assert is_right(case.tree, case.target, case.lab) == equivalent
        if equivalent:
            continue
        found = answer(case.tree, case.right, case.target, case.lab)
        unnamed += isinstance(found, Unexplained)
        wrong += 1
        if wrong == n:
            break
    assert unnamed <= n / 10


def test_one_changed_node_is_noticed_and_nine_in_ten_are_named() -> None:
    check_mutants(60, seed=1)


@pytest.mark.slow
def test_of_six_hundred_changed_nodes_nine_in_ten_are_named() -> None:
    check_mutants(600, seed=0)


def made_on_purpose(lab: Lab, mistake: str) -> Iterator[tuple[str, Expr, Expr]]:
    """Every place at which a mistake can be made in the true backward program of a lab."""
    backward = Scope(lab, "").backward
    for line, wrong in MISTAKES[mistake].made(backward, lab):
        if not is_right(wrong, line.target, lab) or not has_shape(wrong, lab):
            yield line.target, line.tree, wrong


def check_made(name: str, mistake: str, some: Callable[[Any], Any]) -> int:
    lab, card, n = lab_of(name), MISTAKES[mistake], 0
    for target, right, wrong in some(made_on_purpose(lab, mistake)):
        found = answer(wrong, right, target, lab)
        assert isinstance(found, Finding), wrong
        if found.mistake != mistake:
            assert mistake in found.also, (wrong, found.mistake)
            assert MISTAKES[found.mistake].rank <= card.rank
        n += 1
    return n


@pytest.mark.parametrize("name", ["two-hidden", "three-class"])
def test_what_is_made_on_purpose_is_named(name: str) -> None:
    made = {m: check_made(name, m, lambda cases: islice(cases, 0, 9, 4)) for m in MISTAKES}
    assert sum(made.values()) > 40


@pytest.mark.slow
@pytest.mark.parametrize("name", LABS)
def test_what_is_made_on_purpose_is_named_at_every_place(name: str) -> None:
    assert sum(check_made(name, mistake, iter) for mistake in MISTAKES) > 0


def test_every_edit_can_be_made_somewhere() -> None:
    unmade = {
        m for m, card in MISTAKES.items()
        if card.phase == "backward"
        and card.example is not None
        and not any(any(made_on_purpose(lab_of(name), m)) for name in LABS)
    }  # fmt: skip
    assert not unmade


def one_line(lab: str, target: str, formula: str) -> Finding | Unexplained:
    right = next(x.tree for x in Scope(lab_of(lab), target).backward if x.target == target)
    tree = parse(formula, layout=lab_of(lab).layout)
    return answer(tree, right, target, lab_of(lab))


def test_two_mistakes_are_both_named_and_both_mended() -> None:
    formula = "dL_dz3 @ W3 * a2 * (1 - z2)"
    found = one_line("two-hidden", "dL_dz2", formula)
    assert isinstance(found, Finding)
    assert found.then is not None
    assert {found.mistake, found.then.mistake} == {"missing-transpose", "sigma-prime-argument"}
    mended = put(parse(formula, layout="rows"), found.path, found.ours)
    assert is_right(put(mended, found.then.path, found.then.ours), "dL_dz2", lab_of("two-hidden"))


@pytest.mark.parametrize(
    ("formula", "mistake", "ours"),
    [
        ("-2 * (a3 - y)", "sign", "2"),
        ("4 * (a3 - y)", "factor", "2"),
        ("2 * (a3 - y) / N", "extra-mean", "2 * (a3 - y)"),
        ("N * 2 * (a3 - y)", "missing-mean", "2"),
        ("10 * (a3 - y)", "constant-factor", "2"),
    ],
)
def test_constants_are_recognised(formula: str, mistake: str, ours: str) -> None:
    found = one_line("two-hidden", "dL_da3", formula)
    assert isinstance(found, Finding)
    assert found.mistake == mistake
    assert text(found.ours) == ours


@pytest.mark.parametrize(
    ("formula", "part", "says"),
    [
        ("a1.T @ (exp(z2) * log(z1 @ W2 * z2))", "exp(z2) * log(z1 @ W2 * z2)", "should be dL_dz2"),
        ("log(X).T @ exp(z2)", "log(X)", "no mistake on the list"),
    ],
)
def test_what_no_mistake_explains_says_where_it_begins(formula: str, part: str, says: str) -> None:
    found = one_line("two-hidden", "dL_dW2", formula)
    assert isinstance(found, Unexplained)
    assert found.span is not None
    assert formula[slice(*found.span)] == part
    assert says in str(found.message)


def test_what_one_line_reads_together_is_of_one_layer() -> None:
    neuron, net = Scope(load("circuits-neuron"), "df_dw0"), Scope(load("xor"), "dJ_dW3")
    assert not neuron.alike("w0", "x0")
    assert net.alike("a1", "a2") and net.alike("W1", "W2")


def test_the_same_question_has_the_same_answer() -> None:
    formula = "dL_dz3 @ W3 * a2 * (1 - z2)"
    first, second = (one_line("two-hidden", "dL_dz2", formula) for _ in range(2))
    assert str(first.message) == str(second.message)
    assert str(first.why) == str(second.why)


def test_a_formula_of_hundreds_of_nodes_is_answered() -> None:
    formula = "dL_dz3 @ W3.T * (a2 * (1 - a2))" + " + z2 * a2 - z2" * 40
    assert isinstance(one_line("two-hidden", "dL_dz2", formula), Unexplained)


def test_a_learners_own_name_is_the_quantity_that_it_equals() -> None:
    lab = lab_of("two-hidden")
    own = tuple({"d3": w.values["dL_da3"], "s": w.values["z1"]} for w in worlds(lab))
    right = parse("a2.T @ dL_dz3", layout="rows")
    wrong = parse("a2.T @ d3", layout="rows")
    found = diagnose(Question(wrong, right, "dL_dW3", lab, worlds(lab), own))
    assert isinstance(found, Finding)
    assert found.mistake == "wrong-delta"
    assert str(found.message) == "at `d3`: this wants `dL_dz3`"


@pytest.mark.parametrize(
    ("formula", "target", "mistakes"),
    [
        ("(y - y_hat) * y_hat * (1 - y_hat)", "dL_dz2", ["sign", "missing-mean", "factor"]),
        (
            "(y_hat - y) * z2 * (1 - y_hat)", "dL_dz2",
            ["sigma-prime-argument", "missing-mean", "factor"],
        ),
        (
            "(y - y_hat) * y_hat * (1 - y_hat) @ h", "dL_dW2",
            ["missing-transpose", "sign", "missing-mean", "factor"],
        ),
        ("W2 @ ((y_hat - y) * y_hat * (1 - y_hat))", "dL_dh",
         ["missing-transpose", "missing-mean", "factor"]),
    ],
)  # fmt: skip
def test_several_mistakes_are_named_one_after_the_other_and_together_mend_it(
    formula: str, target: str, mistakes: list[str]
) -> None:
    found, tree = one_line("zhou", target, formula), parse(formula, layout="columns")
    for mistake in mistakes:
        assert isinstance(found, Finding) and found.mistake == mistake
        assert not is_right(tree, target, lab_of("zhou"))
        tree, found = put(tree, found.path, found.ours), found.then  # type: ignore[assignment]
    assert found is None
    assert is_right(tree, target, lab_of("zhou"))


def test_what_should_be_a_gradient_and_is_nothing_like_it_is_said_to_be_the_wrong_part() -> None:
    found = one_line("zhou", "dL_dW2", "(y * y_hat) @ h.T")
    assert isinstance(found, Unexplained)
    assert text(found.theirs) == "y * y_hat"
    assert str(found.clue) == (
        "`y * y_hat` is not what belongs there; all else in the formula is right"
    )
