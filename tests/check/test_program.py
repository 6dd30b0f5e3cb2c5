"""A lab's own backward program is judged like a learner's."""

from pathlib import Path

import pytest

from stepper.check.program import judge_own
from stepper.expr.errors import StepperError
from stepper.labs.load import load
from stepper.labs.source import lab_names, read

PLANTED = {
    "three-hidden:as-written": [f"dJ_db{k}" for k in (4, 3, 2, 1)],  # right for one sample
    "gradient-check:planted-bugs": ["dJ_dW2", "dJ_db1"],
    "mazur:updated-weight": ["dE_da1"],
    "mazur:not-transposed": ["dE_da1"],
}
"""The labs that make a mistake on purpose, with the lines that are wrong."""
OWN = [
    name
    for lab in lab_names()
    for name in (lab, *(f"{lab}:{v}" for v in read(lab).table("variants")))
    if load(name).own_backward
]


@pytest.mark.parametrize("name", OWN)
def test_an_authors_program_is_right_but_for_what_was_planted(name: str) -> None:
    judged = judge_own(load(name))
    wrong = [line for line in judged.lines if line.verdict == "wrong"]
    assert [line.target for line in wrong] == PLANTED.get(name, [])
    assert all(line.mistake for line in wrong)
    assert "invalid" not in {line.verdict for line in judged.lines}


def test_the_planted_mistakes_are_named() -> None:
    def first(name: str) -> str | None:
        line = judge_own(load(name)).first_wrong
        return line.mistake if line else None

    assert first("mazur:updated-weight") == "updated-weight"
    assert first("mazur:not-transposed") == "missing-transpose"


def test_n_times_is_no_excuse_for_another_mistake(tmp_path: Path) -> None:
    text = read("bce-momentum").text
    path = tmp_path / "lab.toml"
    path.write_text(text, encoding="utf-8")
    assert judge_own(load(str(path))).verdict == "right"
    line = "dJ_dW2 = dJ_dz2 @ a1.T"
    assert line in text
    path.write_text(text.replace(line, f"{line} * 2"), encoding="utf-8")
    assert judge_own(load(str(path))).verdict == "wrong"


def test_a_lab_without_a_program_of_its_own_has_none_to_judge() -> None:
    with pytest.raises(StepperError, match="no backward program of its own"):
        judge_own(load("xor"))
