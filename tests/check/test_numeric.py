"""The second opinion on every gradient of a lab."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from stepper.check.numeric import second_opinions, verdict_of, which_samples
from stepper.expr.errors import StepperError
from stepper.expr.tree import Expr, Name, substitute
from stepper.labs.lab import Lab
from stepper.labs.load import load
from stepper.labs.source import lab_names
from stepper.language.parse import parse
from stepper.program.program import Program


def with_line(lab: Lab, target: str, tree: Expr) -> Lab:
    """The lab with another formula in one line."""
    lines = tuple(
        replace(line, tree=tree) if line.target == target else line for line in lab.program.lines
    )
    program = lab.program
    return replace(lab, program=Program(lines, program.given, program.loss, program.layout))


def scaled(lab: Lab, target: str, factor: str) -> Lab:
    tree = next(line.tree for line in lab.program.lines if line.target == target)
    return with_line(lab, target, substitute(parse(f"{factor} * g"), {"g": tree}))


def said(lab: Lab) -> dict[str, str]:
    """The diagnosis of each wrong gradient, by its name."""
    found = second_opinions(lab, which_samples(lab, None))
    return {o.name: str(o.diagnosis) for o in found if not o.right}


@pytest.mark.parametrize("name", lab_names())
def test_every_gradient_of_every_lab_is_what_is_measured(name: str) -> None:
    lab = load(name)
    opinions = second_opinions(lab, which_samples(lab, None))
    assert {o.of for o in opinions} >= set(lab.parameters)
    for opinion in opinions:
        assert opinion.right, opinion.name
        assert len(opinion.entries) == np.prod(opinion.shape)


def test_both_planted_bugs_are_found_with_their_factors() -> None:
    found = said(load("gradient-check:planted-bugs"))
    parameters = {name: text for name, text in found.items() if name[4] in "Wb"}
    assert set(parameters) == {"dJ_dW2", "dJ_db1"}
    assert "2 times too large" in parameters["dJ_dW2"]
    assert "4 times too large" in parameters["dJ_db1"]
    assert "the mean over the 3 samples were missing" in found["dJ_dz3"]


@pytest.mark.parametrize(
    ("factor", "words"),
    [
        ("-1", "sign is the wrong way round"),
        ("2", "2 times too large"),
        ("0.5", "half"),
        ("N", "21 times too large, as if the mean over the 21"),
        ("1/N", "21 times too small, as if the mean over the 21"),
        ("0", "0 everywhere"),
        ("1.7", "1.7 times too large, everywhere"),
        ("-0.3", "3.333 times too small, everywhere, and its sign"),
    ],
)
@pytest.mark.parametrize("target", ["dJ_dW1", "dJ_db2", "dJ_db3"])
def test_a_constant_factor_is_recognised(target: str, factor: str, words: str) -> None:
    found = said(scaled(load("xor"), target, factor))
    assert set(found) == {target}
    assert words in found[target]


def test_a_square_weight_that_lies_on_its_side_is_recognised() -> None:
    lab = with_line(load("xor", sets={"h1": "3"}), "dJ_dW2", parse("a1 @ dJ_dz2.T"))
    assert "transposed" in said(lab)["dJ_dW2"]
    lab = with_line(load("xor", sets={"h1": "3"}), "dJ_dW2", parse("-(a1 @ dJ_dz2.T)"))
    assert "transposed, and besides: its sign" in said(lab)["dJ_dW2"]


def test_wrong_entries_are_listed_the_worst_first() -> None:
    lab = load("xor")
    right = next(line.tree for line in lab.program.lines if line.target == "dJ_dW2")
    third = sorted(np.ravel(lab.parameters["W2"]))[2]
    wrong = right * (Name("W2") > float(third))
    opinion = second_opinions(with_line(lab, "dJ_dW2", wrong), None)[0]
    assert opinion.name == "dJ_dW2"
    assert "wrong entries: 3 of 12, [" in str(opinion.diagnosis)
    assert [e.wrong for e in opinion.entries] == [True] * 3 + [False] * 9
    assert opinion.entries[0].difference >= opinion.entries[1].difference > 1e-3


def test_a_kink_is_noted_and_not_judged() -> None:
    lab = load("xor", sets={"act": "relu"})
    found = {o.name: o for o in second_opinions(lab, None)}
    assert found["dJ_db1"].kinks == ("a1", "a2")[: len(found["dJ_db1"].kinks)]
    assert found["dJ_db1"].kinks
    assert all(e.kink and not e.wrong for e in found["dJ_db1"].entries)
    assert found["dJ_db1"].right
    assert not found["dJ_dW3"].kinks
    bad = {o.name: o for o in second_opinions(scaled(lab, "dJ_dW3", "2"), None)}
    assert not bad["dJ_dW3"].right


@pytest.mark.parametrize("far", ["800", "-800", "1e4"])
def test_saturated_units_are_measured(far: str) -> None:
    """Their slope is 0, and a gradient that lets something through is wrong."""
    lab = load("circuits-neuron", sets={"w2": far})
    assert all(entry.measured for o in second_opinions(lab, None) for entry in o.entries)
    assert not said(lab)
    assert set(said(with_line(lab, "df_dw2", parse("df_ddot + 0.1")))) == {"df_dw2"}


@pytest.fixture
def at_the_edge(tmp_path: Path) -> Lab:
    """Of `p` only the complex step can be measured, as a step on there is no logarithm."""
    file = tmp_path / "edge.toml"
    file.write_text(
        'title = "edge"\n[parameters]\np = 0.999999\nw = 2.0\n[program]\n'
        'forward = """\nz = w**2\nJ = z - log(1 - p)\n"""\n[training]\nfixed = ["p", "w"]\n'
    )
    return load(str(file))


def test_what_cannot_be_measured_is_said_and_not_called_right(at_the_edge: Lab) -> None:
    found = {o.name: o for o in second_opinions(at_the_edge, None)}
    assert [o.verdict for o in found.values()] == ["unknown", *["right"] * (len(found) - 1)]
    assert found["dJ_dp"].verdict == verdict_of([*found.values()]) == "unknown"
    assert not found["dJ_dp"].worst.measured and not found["dJ_dp"].worst.kink


def test_of_what_cannot_be_measured_in_both_ways_one_may_show_that_it_is_wrong(
    at_the_edge: Lab,
) -> None:
    found = {o.name: o for o in second_opinions(scaled(at_the_edge, "dJ_dp", "2"), None)}
    assert found["dJ_dp"].verdict == "wrong"


def test_one_sample_or_some_of_many() -> None:
    lab = load("chessboard")
    assert lab.samples > 30
    chosen = which_samples(lab, None)
    assert chosen is not None and len(chosen) == len(set(chosen)) == 30
    assert which_samples(lab, 5) == [5]
    assert which_samples(load("xor"), None) is None
    with pytest.raises(StepperError) as far:
        which_samples(lab, 99999)
    with pytest.raises(StepperError) as none:
        which_samples(load("circuits"), 0)
    assert "99999" in str(far.value)
    assert "no samples" in str(none.value)
