"""A line typed as a formula: judged at generic points, the verdict and the reason in place."""

import pytest

from stepper.app.moves.guess import guess, hide
from stepper.app.screens.prompt import Field
from stepper.app.sight import is_hidden
from stepper.app.snapshot import Snapshot, opened
from stepper.expr.errors import StepperError
from tests.app.screens import PRODUCT, SIZES, app, burst, frame, lab, now, panel_rows, show, widths

WRONG = "dJ_dz2 @ a1"


def hidden(at=PRODUCT, level="line"):
    return hide(opened(lab(), 3, at, level))


def shown(at=PRODUCT, level="line"):
    return opened(lab(), 3, at, level)


def keys(typed):
    return ["space" if letter == " " else letter for letter in typed]


@pytest.mark.parametrize(
    "typed", ["dJ_dz2 @ a1.T", "∂J/∂z2 @ a1ᵀ", "np.dot(dJ_dz2, a1.T)", "dJ_dW2 = dJ_dz2 @ a1.T"]
)
def test_a_right_line_in_any_spelling_reveals_the_result_and_counts(typed):
    place = hidden()
    after = guess(place).answer(place, typed)
    assert not is_hidden(after)
    assert (after.hiding.right, after.hiding.tried) == (1, 1)
    assert after.hiding.answer(after.where).line.recognised == "dJ_dW2"


async def test_a_wrong_line_is_explained_and_stays_hidden():
    running = app()
    async with running.run_test(size=(120, 40)) as pilot:
        show(running, hidden())
        await burst(pilot, ["equals_sign", *keys("dJ_dz2 @ a2.T"), "enter"])
        entry = [row[2:].rstrip() for row in panel_rows(running, "entry")]
        at = entry.index("✗  dJ_dz2 @ a2.T")
        assert entry[at + 1] == "            ^^"
        assert "a1" in entry[at + 3]
        assert "a1" in frame(running)[-2]
        assert is_hidden(now(running))
        assert now(running).hiding.tried == 1
        await pilot.press("equals_sign")
        assert running.screen.query_one(Field).value == "dJ_dz2 @ a2.T"


def test_a_line_that_fits_only_the_sample_is_not_right():
    """Of one sample every δ is one column: the sum over the samples could be left out."""
    place = shown(PRODUCT + 1)
    assert place.trace.program.lines[place.step.line - 1].target == "dJ_db2"
    after = guess(place).answer(place, "dJ_dz2")
    assert after.hiding.answer(after.where).line.verdict == "wrong"


@pytest.mark.parametrize("place", [hidden(), shown()])
@pytest.mark.parametrize(
    "typed", ["dJ_dz2 @", "dJ_dz9 @ a1.T", WRONG, "dJ_dW2", "dJ_dW1 = dJ_dz1 @ X.T", "import os"]
)
def test_slips_and_other_lines_are_no_attempts(typed, place):
    with pytest.raises(StepperError):
        guess(place).answer(place, typed)


async def test_a_slip_of_shape_stays_in_the_field_with_the_place_selected():
    running = app()
    async with running.run_test(size=(80, 24)) as pilot:
        show(running, hidden())
        await burst(pilot, ["equals_sign", *keys(WRONG), "enter"])
        field = running.screen.query_one(Field)
        assert field.value == WRONG
        assert field.selected_text
        assert not now(running).hiding.tried


def test_a_shown_line_can_be_typed_too_and_is_not_counted():
    place = shown()
    after = guess(place).answer(place, "dJ_dz2 @ a2.T")
    assert after.hiding.said(after.where)
    assert not after.hiding.tried
    assert guess(place).answer(place, "-0.0182").hiding.said(place.where)


@pytest.mark.parametrize("at", [1, 1000])
def test_lines_that_are_given_take_no_formula_and_say_why(at):
    place = hidden(at)
    with pytest.raises(StepperError, match="is given"):
        guess(place).answer(place, "W1 @ X")
    assert isinstance(guess(shown(at)), Snapshot)


def test_a_part_of_a_line_takes_no_formula_and_says_why():
    place = hidden(15, "operation")
    assert not place.step.last
    with pytest.raises(StepperError, match="a part of it: o goes out"):
        guess(place).answer(place, "1 - a3")


@pytest.mark.parametrize("size", SIZES)
async def test_a_long_formula_is_shown_whole(size):
    typed = (
        "dJ_da2 * a2 * (1 - a2) + 0 * (dJ_da2 * a2 * (1 - a2)) + 0 * dJ_da2 * a2 * a2 * (1 - a1)"
    )
    running = app()
    async with running.run_test(size=size) as pilot:
        place = shown(PRODUCT - 2)
        show(running, place)
        after = guess(place).answer(place, typed.replace("(1 - a1)", "(1 - a2) * 2 + dJ_da2"))
        show(running, after)
        await pilot.pause()
        assert widths(frame(running)) == {size[0]}
        assert "…" not in "".join(panel_rows(running, "entry")[1:])


@pytest.mark.parametrize("typed", ["", "-0.0182", "dJ_dz2 @ a1.T"])
async def test_enter_pressed_twice_closes_the_field_once(typed):
    running = app()
    async with running.run_test(size=(80, 24)) as pilot:
        show(running, hidden())
        await pilot.press("equals_sign", *keys(typed))
        await burst(pilot, ["enter", "enter"])
        assert running.screen is running.debugger
        assert now(running).hiding.tried == bool(typed)
