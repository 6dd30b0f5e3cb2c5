"""What a training has come to, on paper: true, complete, and in any width and alphabet."""

from __future__ import annotations

import pytest

from stepper.labs.load import load
from stepper.show.numbers import scalar
from stepper.show.rows import Drawing, Look
from stepper.show.trained import trained_rows
from stepper.train.fit import Fit, condition
from stepper.train.loop import accuracy
from stepper.train.stability import largest_rate


def trained(spec: str, epochs: int, until: str = "", **sets: str) -> Fit:
    lab = load(spec, sets=sets)
    fit = Fit(lab, epochs, condition(lab, until) if until else None, every=1)
    assert list(fit)
    return fit


def report(fit: Fit, look: Look) -> str:
    state = fit.broke.last[-1] if fit.broke else fit.run.state()
    return str(Drawing(tuple(trained_rows(fit, state, look)), look.ascii))


@pytest.mark.parametrize(
    ("spec", "epochs"),
    [
        ("xor", 2),
        ("three-class", 2),
        ("micrograd", 2),
        ("half-mse:no-activation", 20),
        ("mazur", 2),
    ],
)
@pytest.mark.parametrize("width", [40, 80, 120])
@pytest.mark.parametrize("ascii", [False, True])
def test_every_row_fits_and_ascii_is_ascii(spec: str, epochs: int, width: int, ascii: bool) -> None:
    said = report(trained(spec, epochs), Look(width, ascii))
    assert max(map(len, said.splitlines())) <= width
    assert said.isascii() or not ascii


def test_it_begins_with_why_training_ended() -> None:
    look = Look(200)
    assert "trained for 3 epochs" in report(trained("xor", 3), look)
    assert "the condition held after epoch 0" in report(trained("xor", 3, "J > 0"), look)
    stopped = trained("xor", 9)
    stopped.stopped = "interrupted"
    assert "interrupted after epoch 9; what was reached is kept" in report(stopped, look)


def test_right_ones_are_counted_and_wrong_ones_marked() -> None:
    fit = trained("xor", 3)
    found = accuracy(fit.lab, fit.run.state())
    assert found is not None
    right, samples = found
    said = report(fit, Look(80))
    assert f"accuracy {right}/{samples}" in said
    assert said.count("✗") == samples - right


def test_of_many_samples_those_that_are_furthest_off() -> None:
    said = report(trained("xor:linear", 1), Look(80))
    assert "the 8 of 100 samples that are furthest off" in said


def test_a_break_shows_the_epochs_before_it_and_the_rate_that_would_have_held() -> None:
    fit = trained("half-mse:no-activation", 50)
    assert fit.broke is not None
    said = report(fit, Look(200))
    table = [line.split() for line in said.splitlines() if " in W" in line]
    assert [int(line[0]) for line in table] == [state.epoch for state in fit.broke.last]
    assert table[-1][1] == "inf"
    limit = largest_rate(fit.lab, fit.broke.last[0])
    assert limit is not None
    assert f"holds for rates below {scalar(limit)}" in said
    assert "it is 0.1" in said


def test_a_start_that_is_not_finite_is_reported_too() -> None:
    said = report(trained("half-mse:no-activation", 5, W1="normal(2, h, std=1e200)"), Look(80))
    assert "training broke in epoch 1" in said
    assert "J inf" in said
