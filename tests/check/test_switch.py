"""Mistakes switched on: one line of a lab's program made wrong on purpose."""

from __future__ import annotations

import numpy as np
import pytest

from stepper.check.mistakes import MISTAKES
from stepper.check.switch import runnable, switched, with_mistake
from stepper.expr.errors import StepperError
from stepper.labs.lab import Lab
from stepper.labs.load import load
from stepper.labs.whatif import changed
from stepper.program.trace import run

LABS = {name: load(name) for name in ("mazur", "xor", "two-hidden")}


@pytest.mark.parametrize("lab", LABS.values(), ids=list(LABS))
@pytest.mark.parametrize("mistake", sorted(MISTAKES))
def test_every_mistake_that_applies_runs_and_changes_one_line(lab: Lab, mistake: str) -> None:
    for switch in list(runnable(lab, MISTAKES[mistake]))[:4]:
        wrong = switched(lab, switch)
        altered = wrong.program.altered
        assert altered is not None
        assert (altered.mistake, altered.number) == (mistake, switch.number)
        before, after = lab.program.lines, wrong.program.lines
        differ = [n for n, (a, b) in enumerate(zip(before, after, strict=True), 1) if a is not b]
        assert differ == [switch.number]
        assert wrong.right.program.lines == before
        assert f"a mistake made on purpose, {mistake}: " in str(after[switch.number - 1].reason)
        run(wrong.code, wrong.given()).verify()


@pytest.mark.parametrize("mistake", ["updated-weight", "sign", "half-sigma-prime"])
def test_what_follows_is_all_that_changes(mistake: str) -> None:
    lab = LABS["xor"]
    wrong = with_mistake(lab, mistake)
    old, new = lab.trace(3), wrong.trace(3)
    altered = wrong.program.altered
    assert altered is not None
    follows = wrong.program.following(altered.number) | {altered.number}
    slots = changed(old, new)
    assert slots
    for name, of_name in new.code.names.items():
        lines = [n for n, line in wrong.program.numbered() if line.target == name]
        given = len(of_name) - len(lines)
        for n, slot in zip(lines, of_name[given:], strict=True):
            assert slot not in slots or n in follows, name
    assert any(name.startswith("W") for name in (new.place(s).name for s in slots))


def test_a_mistake_is_made_in_the_line_that_is_asked_for() -> None:
    lab = LABS["xor"]
    for spec in ("updated-weight@16", "updated-weight@dJ_da1"):
        altered = with_mistake(lab, spec).program.altered
        assert altered is not None
        assert (altered.number, altered.right.target) == (16, "dJ_da1")


def test_without_a_line_it_is_made_where_it_tells() -> None:
    for name in ("xor", "mazur"):
        lab = load(name)
        wrong = with_mistake(lab, "updated-weight")
        altered = wrong.program.altered
        assert altered is not None
        target = altered.right.target
        assert not np.array_equal(lab.trace(0).value(target), wrong.trace(0).value(target))


@pytest.mark.parametrize(
    ("spec", "saying"),
    [
        ("updat", "Did you mean `update-sign`"),
        ("updated-weight@3", "it can in line 12 (dJ_da2), 16 (dJ_da1)"),
        ("keepdims", "its shapes would not fit"),
        ("", "there is no mistake"),
    ],
)
def test_what_cannot_be_made_is_refused(spec: str, saying: str) -> None:
    with pytest.raises(StepperError) as caught:
        with_mistake(LABS["xor"], spec)
    assert saying in str(caught.value)


def test_a_lab_without_a_mistake_is_its_own_right_one() -> None:
    lab = LABS["xor"]
    assert lab.right is lab
    assert lab.program.without_mistake() is lab.program
