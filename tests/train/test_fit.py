"""A training with an end: why it stops, and what it has seen."""

import re
import tracemalloc

import numpy as np
import pytest

from stepper.expr.errors import StepperError
from stepper.expr.tree import Name
from stepper.labs.load import load
from stepper.language.parse import parse
from stepper.train.broke import Broke
from stepper.train.fit import Fit, condition
from stepper.train.loop import at, quantity, start
from stepper.train.running import after


def losses(fit: Fit) -> list[tuple[int, float]]:
    return [(epoch, measured[fit.lab.forward.loss]) for epoch, measured in fit.history]


def test_stops_after_its_epochs_and_has_the_loss_after_each() -> None:
    lab = load("xor")
    fit = Fit(lab, 6, every=2)
    assert list(fit) == [0, 2, 4, 6]
    assert fit.stopped == "epochs"
    for epoch, loss in losses(fit):
        assert loss == pytest.approx(float(quantity(lab, after(lab, epoch), Name("J"))))
    assert fit.metrics.keys() == lab.metrics.keys()
    assert fit.loss == losses(fit)[-1][1]


def test_stops_at_the_first_epoch_after_which_a_condition_holds() -> None:
    lab = load("folded-bias", sets={"lr": "4"})
    fit = Fit(lab, 20000, until=lab.training.stop)
    *_, last = fit
    assert fit.stopped == "until"
    assert fit.loss < 0.005
    assert float(quantity(lab, after(lab, last - 1), Name("J"))) >= 0.005
    assert losses(fit)[-1][0] == last


def test_a_condition_on_gradients_and_one_that_holds_from_the_start() -> None:
    lab = load("xor")
    assert list(Fit(lab, 50, until=parse("max(abs(dJ_dW1)) > 0"))) == [0]
    fit = Fit(lab, 40, until=parse("J < 0.6"))
    assert max(fit) <= 40


@pytest.mark.parametrize("name", ["xor", "online-momentum"])
def test_an_interrupted_one_keeps_whole_epochs(name: str) -> None:
    lab = load(name)
    fit = Fit(lab, 1000, every=1)
    for epoch in fit:
        if epoch == 3:
            fit.interrupt()
    assert fit.stopped == "interrupted"
    reached = fit.run.state()
    assert reached.epoch in (3, 4)
    wanted = after(lab, reached.epoch)
    assert all(np.allclose(reached.parameters[n], wanted.parameters[n]) for n in lab.parameters)


def test_a_break_ends_it_with_what_was_seen_before() -> None:
    fit = Fit(load("half-mse:no-activation"), 1000, every=1)
    seen = list(fit)
    assert fit.stopped == "nan"
    assert isinstance(fit.broke, Broke)
    *before, (last, loss) = losses(fit)
    assert all(np.isfinite(loss) for _, loss in before)
    assert last == fit.broke.last[-1].epoch == fit.broke.epoch - 1
    assert fit.loss == pytest.approx(loss, nan_ok=True)
    assert 3 <= fit.broke.epoch <= 9
    assert seen[0] == 0


def test_what_is_not_finite_from_the_start_is_said_of_the_start() -> None:
    fit = Fit(load("half-mse:no-activation", sets={"W1": "normal(2, h, std=1e200)"}), 5)
    assert list(fit) == [0]
    assert fit.stopped == "nan"
    assert losses(fit) == [(0, np.inf)]


@pytest.mark.parametrize(
    "text", ["J < 0.1", "max(abs(dJ_dW1)) < 1e-6", "(J > 0)*(J < 1)", "1 - (mae > 0.2)"]
)
def test_a_condition_is_read_as_the_language_reads_it(text: str) -> None:
    lab = load("half-mse")
    tree = condition(lab, text)
    assert bool(quantity(lab, start(lab), tree)) in (False, True)


def test_a_metric_can_be_a_condition() -> None:
    lab = load("half-mse")
    mae = float(quantity(lab, start(lab), lab.metrics["mae"]))
    assert list(Fit(lab, 3, condition(lab, f"mae < {mae + 0.001}"))) == [0]
    assert max(Fit(lab, 3, condition(lab, f"mae > {mae + 0.001}"), every=1)) == 3


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("J", "`J` is no condition: compare it with something"),
        ("J - 0.1", "is no condition"),
        ("W1 > 0", "must be a single number: take a mean or a max"),
        ("nope < 1", "there is no `nope`"),
        ("J <", "cannot be read"),
        ("", "there is no formula"),
    ],
)
def test_what_is_no_condition_is_refused(text: str, said: str) -> None:
    with pytest.raises(StepperError, match=re.escape(said)):
        condition(load("half-mse"), text)


def test_goes_on_where_another_ended() -> None:
    lab = load("xor")
    again = Fit(at(lab, after(lab, 4)), 3, every=1)
    assert list(again) == [4, 5, 6, 7]


def test_the_curve_does_not_grow_with_the_epochs() -> None:
    lab = load("first-step")
    tracemalloc.start()
    taken = []
    for epochs in (2_000, 20_000):
        tracemalloc.reset_peak()
        *_, last = Fit(lab, epochs)
        assert last == epochs
        taken.append(tracemalloc.get_traced_memory()[1])
    tracemalloc.stop()
    assert taken[1] < 1.5 * taken[0]
