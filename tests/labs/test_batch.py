"""A backward program that takes one sample at a time is refused more of them, as numpy does."""

import numpy as np
import pytest

from stepper.expr.errors import StepperError
from stepper.labs.load import load
from stepper.labs.whatif import edited
from stepper.train.loop import start, updated
from stepper.train.running import Run, after

AS_WRITTEN = "three-hidden:as-written"
SMALL = {"n": "21", "h1": "5", "h2": "4"}


def test_one_sample_at_a_time_is_what_the_derived_program_gives() -> None:
    theirs, derived = load(AS_WRITTEN, sets=SMALL), load("three-hidden", sets=SMALL)
    for name, value in after(theirs, 2).parameters.items():
        np.testing.assert_allclose(value, after(derived, 2).parameters[name], rtol=1e-12)
    assert theirs.trace(3).program.loss == "J"


@pytest.mark.parametrize(("batch", "shape"), [("2", "2"), ("21", "21"), ("full", "N")])
def test_a_batch_that_does_not_fit_is_refused_when_it_is_set(batch: str, shape: str) -> None:
    said = rf"three-hidden.toml:\d+: dJ_db4 is \({shape}, 1\), and b4 is \(1, 1\)"
    with pytest.raises(StepperError, match=said):
        load(AS_WRITTEN, sets={**SMALL, "batch": batch})


@pytest.mark.parametrize("which", [[0, 1], range(21), None])
def test_samples_that_do_not_fit_are_refused_when_they_are_run(which: list[int] | None) -> None:
    lab = load(AS_WRITTEN, sets=SMALL)
    count = 21 if which is None else len(which)
    said = rf"line 16, dJ_db4 = d4, does not fit {count} samples at once: dJ_db4 is \({count}, 1\)"
    with pytest.raises(StepperError, match=said):
        updated(lab, start(lab), which)
    assert updated(lab, start(lab), [0]).updates == 1


def test_the_whole_data_set_cannot_be_walked_but_its_loss_is_measured() -> None:
    lab = load(AS_WRITTEN, sets=SMALL)
    for walk in (lambda: lab.trace(None), lambda: edited(lab, None, ())):
        with pytest.raises(StepperError, match="does not fit 21 samples"):
            walk()
    run = Run(lab, {"J": lab.forward.lines[-1].tree})
    derived = Run(load("three-hidden", sets=SMALL), {"J": lab.forward.lines[-1].tree})
    assert run.measured() == derived.measured()
