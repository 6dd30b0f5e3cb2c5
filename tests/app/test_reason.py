"""What is said of a step: its reason, what the first gradient means, notes of its entry."""

import pytest

from stepper.app.moves.guess import hide
from stepper.app.question import LITTLE, why
from stepper.app.snapshot import opened
from stepper.labs.nudge import nudge
from stepper.show.numbers import scalar
from stepper.show.words import words
from tests.app.screens import PRODUCT, app, burst, lab, panel_rows, show

FIRST = 17
"""After so many steps of xor `dJ_da3` has been computed."""


def said(place):
    return words(why(place, place.step))


def test_the_first_gradient_says_what_it_means_and_the_others_their_reason():
    place = opened(lab(), 3, FIRST)
    slope = float(place.trace.value("dJ_da3")[0, 0])
    assert said(place).startswith(
        f"a3 up by {LITTLE}: J down by about {scalar(-slope * LITTLE)}; through line 7: "
    )
    assert " up by " not in said(opened(lab(), 3, PRODUCT))


@pytest.mark.parametrize("name", ["three-class", "micrograd", "linear"])
def test_it_speaks_of_the_selected_entry_and_names_the_right_way(name):
    sample = lab(name).check_sample(None)
    place = opened(lab(name), sample, 0)
    first = next(s for s in place.trace.steps if s.phase == "backward" and s.last)
    place = opened(lab(name), sample, first.index + 1)
    slope = place.trace.values[first.output]
    falls = float(slope[0, 0] if slope.ndim else slope) < 0
    assert ("down by about" if falls else "up by about") in said(place)


def test_a_hidden_gradient_is_asked_for_and_not_told():
    assert "Before you look" in said(hide(opened(lab(), 3, FIRST)))


def test_a_small_step_does_what_the_gradient_promised():
    found = nudge(lab(), 3, (), "W2", (2, 1), 1e-6)
    assert found.ratio == pytest.approx(1, rel=1e-3)
    assert "ratio 1" in words(found.sentence)


async def test_a_line_that_has_begun_is_marked_as_not_computed_yet():
    running = app()
    async with running.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        show(running, opened(lab(), 3, 4, "operation"))
        assert "3►·z2 = W2 @ a1 + b2" in "\n".join(panel_rows(running, "program"))
        show(running, opened(lab(), 3, 13, "operation"))
        numbers = "\n".join(panel_rows(running, "numbers"))
        assert "→ ∂J/∂a3" in numbers
        value = opened(lab(), 3, FIRST).trace.value("dJ_da3")[0, 0]
        assert f"{value:.4f}" not in numbers
        show(running, opened(lab(), 3, 5, "operation"))
        assert "3► z2" in "\n".join(panel_rows(running, "program"))


async def test_a_flat_sigmoid_shows_its_slope_in_another_way():
    running = app()
    async with running.run_test(size=(120, 40)) as pilot:
        show(running, opened(lab(), 3, 20))
        await burst(pilot, ["e", *"b3[0,0]=20", "enter"])
        await pilot.press("g", "9", "enter")
        await pilot.pause()
        assert "σ(z)·σ(−z)" in " ".join(panel_rows(running, "entry"))
