"""Training runs the lab's own program: what it makes is what stepping makes."""

import itertools

import numpy as np
import pytest

from stepper.expr.errors import StepperError
from stepper.expr.tree import Name
from stepper.labs.lab import stream
from stepper.labs.load import load
from stepper.train.fit import Fit
from stepper.train.loop import accuracy, batches, quantity
from stepper.train.running import after, epochs


def test_an_epoch_is_what_one_walk_updates() -> None:
    lab = load("xor")
    trace, state = lab.trace(None), after(lab, 1)
    for name in lab.parameters:
        assert np.array_equal(trace.last(name), state.parameters[name])


def test_one_sample_at_a_time() -> None:
    lab = load("xor-symmetric")
    assert lab.training.batch == 1
    state = after(lab, 2)
    assert (state.epoch, state.updates) == (2, 8)
    first = lab.trace(0)
    one = next(iter(batches(lab, stream(0, "shuffle"))))
    assert one == [0]
    assert first.value("N") == 1


def test_batches_take_every_sample_once() -> None:
    lab = load("xor")
    from dataclasses import replace

    lab = replace(lab, training=lab.training._replace(batch=4, order="shuffle"))
    taken = list(batches(lab, stream(0, "shuffle")))
    assert sorted(itertools.chain(*taken)) == list(range(21))
    assert [len(b) for b in taken] == [4, 4, 4, 4, 4, 1]


def test_the_flagship_learns_all_of_xor() -> None:
    lab = load("xor")
    states = (s for s in epochs(lab) if s.epoch % 50 == 0)
    learnt = next(s for s in states if accuracy(lab, s) == (21, 21) or s.epoch >= 2000)
    assert learnt.epoch < 2000
    assert quantity(lab, learnt, Name("J")) < quantity(lab, after(lab, 0), Name("J"))


@pytest.mark.parametrize("name", ["linear", "chessboard", "three-class"])
def test_the_other_data_sets_are_learnt(name: str) -> None:
    lab = load(name)
    start, later = after(lab, 0), after(lab, 60)
    assert quantity(lab, later, Name("J")) < quantity(lab, start, Name("J"))


@pytest.mark.parametrize("schedule", ["exponential(factor=1e9)", "step(every=1, factor=1e9)"])
def test_a_rate_that_outgrows_every_number_ends_training_and_is_named(schedule: str) -> None:
    fit = Fit(load("half-mse", sets={"schedule": schedule}), 200)
    assert [*fit][-1] < 200
    assert fit.stopped == "nan"
    assert "the schedule has raised the learning rate beyond every number, to inf" in str(fit.broke)
    assert "Try a smaller" not in str(fit.broke)


def test_a_broken_training_names_its_epoch() -> None:
    lab = load("linear", sets={"lr": "1e200"})
    with pytest.raises(StepperError, match="training broke in epoch"):
        after(lab, 50)
