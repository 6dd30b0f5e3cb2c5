"""A run trains in fixed arrays; its states are those of stepping, update by update."""

from collections.abc import Iterator

import numpy as np
import pytest

from stepper.expr.tree import Name
from stepper.labs.lab import Lab, stream
from stepper.labs.load import load
from stepper.labs.source import lab_names
from stepper.language.parse import parse
from stepper.train.broke import Broke
from stepper.train.loop import State, batches, quantity, start, updated
from stepper.train.running import CHECKED, KEPT, Run, after

SMALL = {"three-hidden": {"h1": "6", "h2": "5", "h3": "4", "n": "9"}, "chessboard": {"n": "120"}}


def stepped(lab: Lab) -> Iterator[State]:
    """Epoch after epoch by the steps that a learner walks."""
    state, shuffle = start(lab), stream(lab.training.seed, "shuffle")
    while True:
        yield state
        for which in batches(lab, shuffle):
            state = updated(lab, state, which)
        state = State(state.epoch + 1, state.updates, state.parameters, state.memory)


def assert_same(ours: State, theirs: State) -> None:
    assert (ours.epoch, ours.updates) == (theirs.epoch, theirs.updates)
    for one, other in ((ours.parameters, theirs.parameters), (ours.memory, theirs.memory)):
        assert one.keys() == other.keys()
        for name in one:
            assert one[name] == pytest.approx(np.asarray(other[name]), rel=1e-12, abs=1e-14)


@pytest.mark.parametrize("name", lab_names())
def test_trains_as_stepping_does(name: str) -> None:
    lab, running = load(name, sets=SMALL.get(name)), None
    running = Run(lab)
    for epoch, state in enumerate(stepped(lab)):
        assert_same(running.state(), state)
        if epoch == 3:
            return
        running.advance()


@pytest.mark.parametrize(
    "sets",
    [
        {"batch": "4", "order": "shuffle"},
        {"batch": "1", "optimizer": "adam(lr=0.01)"},
        {"schedule": "exponential(factor=0.5)"},
        {"batch": "4", "order": "shuffle", "schedule": "step(every=2)"},
    ],
)
def test_every_way_of_training(sets: dict[str, str]) -> None:
    lab = load("xor", sets=sets)
    running = Run(lab, {"J": Name("J")})
    for state in stepped(lab):
        assert_same(running.state(), state)
        measured = running.measured()["J"]
        assert measured == pytest.approx(float(quantity(lab, state, Name("J"))), rel=1e-12)
        if state.epoch == 4:
            return
        running.advance()


def test_measuring_changes_nothing() -> None:
    lab = load("bce-momentum")
    quiet, asked = Run(lab), Run(lab, {"J": Name("J"), "g": parse("max(abs(dJ_dW1))")})
    quiet.advance(7)
    for _ in range(7):
        asked.advance()
        asked.measured()
    assert_same(asked.state(), quiet.state())


@pytest.mark.parametrize("order", ["data", "shuffle"])
def test_goes_on_from_a_state(order: str) -> None:
    lab = load("xor", sets={"batch": "4", "order": order, "optimizer": "adam(lr=0.01)"})
    again = Run(lab, state=after(lab, 3))
    again.advance(2)
    assert_same(again.state(), after(lab, 5))


def test_a_state_stays_when_training_goes_on() -> None:
    running = Run(load("xor"))
    state = running.state()
    before = {name: np.array(value) for name, value in state.parameters.items()}
    running.advance()
    assert all(np.array_equal(before[n], state.parameters[n]) for n in before)


def broken(running: Run, at_once: int) -> Broke:
    """What stops a training that must break."""
    for _ in range(200):
        try:
            running.advance(at_once)
        except Broke as there:
            return there
    raise AssertionError("training does not break")


@pytest.mark.parametrize("at_once", [1, 3 * CHECKED])
def test_a_break_is_named_where_it_began_however_many_epochs_are_made_at_once(at_once: int) -> None:
    lab = load("half-mse:no-activation", seed=0)
    running = Run(lab)
    there = broken(running, at_once)
    states = [state for state, _ in zip(stepped(lab), range(there.epoch), strict=False)]
    assert [s.epoch for s in there.last] == [s.epoch for s in states[-KEPT:]]
    given = lab.given(None, states[-1].parameters, states[-1].memory)
    values = lab.code.run(given)
    assert not np.isfinite(values[there.step.output]).all()
    before = lab.code.run(lab.given(None, states[-2].parameters, states[-2].memory))
    assert all(np.isfinite(value).all() for value in before)


def test_a_break_names_the_sample() -> None:
    with pytest.raises(Broke, match=r"epoch 1, at sample \d+: step \d+") as broke:
        after(load("online-momentum:no-activation"), 3)
    assert broke.value.which is not None


@pytest.mark.parametrize(
    "name", ["bce-momentum", "half-mse", "three-hidden", "online-momentum", "folded-bias"]
)
def test_a_report_s_own_backward_pass_trains_to_the_same_weights(name: str) -> None:
    sets = SMALL.get(name)
    own, derived = (after(load(spec, sets=sets), 3) for spec in (f"{name}:as-written", name))
    for parameter, value in derived.parameters.items():
        assert own.parameters[parameter] == pytest.approx(value, rel=1e-12, abs=1e-14)
