"""What if: an edit recomputes all that follows, is marked, and can be undone."""

import numpy as np
import pytest

from stepper.app.moves import samples, steps
from stepper.app.moves.edit import edit, nudged, undo, undo_all
from stepper.app.prompts import Prompt
from stepper.app.snapshot import opened
from stepper.expr.errors import StepperError
from stepper.labs.whatif import Edit
from stepper.labs.whatif import edited as rerun
from tests.app.screens import (
    PRODUCT,
    app,
    burst,
    everything,
    frame,
    lab,
    now,
    panel_rows,
    show,
    widths,
)


def answered(place, typed):
    prompt = edit(place)
    assert isinstance(prompt, Prompt)
    return prompt.answer(place, typed)


def changed(typed, at=PRODUCT, **place):
    return answered(opened(lab(), 3, at, **place), typed)


async def test_an_edit_recomputes_all_that_follows_and_is_marked():
    running = app()
    async with running.run_test(size=(80, 24)) as pilot:
        show(running, opened(lab(), 3, 1))
        await pilot.press("e")
        assert "W1[0, 0] is 0.4801: make it" in frame(running)[22]
        await burst(pilot, [*"2.5", "enter"])
        wanted = rerun(lab(), 3, (Edit("W1", (0, 0), 2.5),))
        assert all(
            np.array_equal(a, b)
            for a, b in zip(now(running).trace.values, wanted.values, strict=True)
        )
        assert "W1[0, 0]: 0.4801 → 2.5" in frame(running)[22]
        assert frame(running)[1].endswith(" edited: 1 ")
        rows = "\n".join(panel_rows(running, "numbers"))
        assert "*2.5000" in rows
        assert "~" in rows
        assert "1►~" in "\n".join(panel_rows(running, "program"))
        assert widths(frame(running)) == {80}
        await pilot.press("U")
        assert now(running).edits == ()
        assert "edited" not in frame(running)[1]
        assert "~" not in everything(running)


@pytest.mark.parametrize("size", [(60, 18), (80, 24), (120, 40)])
async def test_an_edited_net_fits_the_screen_at_every_step(size):
    running = app()
    async with running.run_test(size=size) as pilot:
        await pilot.pause()
        place = changed("2.5", 0)
        while place.cursor.at < len(place.trace.steps):
            show(running, place)
            assert widths(frame(running)) == {size[0]}
            assert " edited: 1 " in frame(running)[1]
            place = steps.next_step(place)


async def test_esc_changes_nothing():
    running = app()
    async with running.run_test(size=(80, 24)) as pilot:
        show(running, opened(lab(), 3, 1))
        await burst(pilot, ["e", *"3", "escape"])
        assert now(running).edits == ()
        assert "W1[0, 0] is" not in frame(running)[22]


def test_at_a_gradient_its_own_weight_is_meant():
    place = opened(lab(), 3, PRODUCT, entry=(2, 1))
    assert answered(place, "1").edits[0].name == "W2"
    assert answered(place, "1").edits[0].index == (2, 1)


def test_any_given_number_can_be_named():
    assert changed("lr = 0.25").trace.value("lr") == 0.25
    assert changed("X[1, 0] = 0").trace.value("X")[1, 0] == 0
    assert changed("y[0,0]=0").trace.value("y")[0, 0] == 0
    assert changed("b3 = 0.5").edits[0].index == (0, 0)


@pytest.mark.parametrize(
    "typed",
    ["two", "nan", "a1[0, 0] = 1", "N = 3", "W2 = 1", "W2[9, 9] = 1", "W9[0, 0] = 1", "= 3"],
)
def test_what_cannot_be_edited_says_why_and_is_asked_again(typed):
    with pytest.raises(StepperError) as refused:
        changed(typed)
    assert str(refused.value)


def test_edits_pile_up_and_come_off_one_by_one():
    place = changed("1")
    place = answered(place, "W1[0, 0] = 3")
    assert len(place.edits) == 2
    place = undo(place)
    assert place.trace.value("W1")[0, 0] == lab().parameters["W1"][0, 0]
    assert place.trace.value("W2")[0, 0] == 1
    place = undo(place)
    assert not place.changed
    assert np.array_equal(place.trace.last("W2"), lab().trace(3).last("W2"))
    assert "nothing is edited" in str(undo(place).message)


def test_another_sample_keeps_the_weights_and_not_the_inputs():
    place = answered(changed("X[0, 0] = 9"), "W1[0, 0] = 3")
    there = samples.next_sample(place)
    assert [e.name for e in there.edits] == ["W1"]
    assert there.trace.value("X")[0, 0] != 9
    assert "only sample 3 was edited, and that is undone: X[0,0]=9.0" in str(there.message)
    assert samples.next_sample(there).message is None


@pytest.mark.parametrize(("key", "sign"), [("plus", "+0.0001"), ("minus", "−0.0001")])
async def test_a_nudge_shows_the_loss_beside_the_gradient(key, sign):
    running = app()
    async with running.run_test(size=(80, 24)) as pilot:
        show(running, opened(lab(), 3, PRODUCT))
        await pilot.press(key)
        said = frame(running)[22]
        assert f"{sign} on W2[0, 0]: ΔJ " in said
        assert ", ∂J/∂W2[0, 0]·ε " in said
        assert ", ratio 1" in said
        assert now(running).edits == ()
        assert now(running).cursor.at == PRODUCT


def test_where_there_is_no_weight_a_nudge_says_so():
    assert "no weight" in str(nudged(1e-4)(opened(lab(), 3)).message)


def test_all_edits_come_off_at_once():
    place = answered(answered(changed("1"), "W1[0, 0] = 3"), "lr = 0.5")
    assert "edits left: 2" in str(undo(place).message)
    place = undo_all(place)
    assert "all 3 edits" in str(place.message)
    assert not place.edits
    assert not place.changed
    assert "nothing is edited" in str(undo_all(place).message)
