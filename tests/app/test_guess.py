"""Hidden results: nothing of them is on the screen until they are guessed or revealed."""

import re

import numpy as np
import pytest

from stepper.app.moves.guess import guess, hide, reveal
from stepper.app.moves.levels import into
from stepper.app.moves.steps import back, next_step
from stepper.app.screens.prompt import PromptScreen
from stepper.app.sight import hides, is_hidden
from stepper.app.snapshot import Snapshot, left, opened
from stepper.app.widgets.tabbed import TABS
from stepper.program.cursor import LEVELS
from tests.app.screens import (
    PRODUCT,
    app,
    born,
    burst,
    derived,
    everything,
    focus,
    frame,
    lab,
    now,
    panel_rows,
    show,
    widths,
)

NUMBER = re.compile(r"-?\d+\.\d{3,}")


def hidden(at=PRODUCT, level="line"):
    return hide(opened(lab(), 3, at, level))


def earlier(place):
    """The numbers that are there before the current line."""
    line = place.trace.line_steps(place.step.line)[0]
    values = born(place.trace, line.index)
    return {f"{x:.4f}" for value in values for x in np.ravel(value)}


@pytest.mark.parametrize("size", [(60, 18), (80, 24), (120, 40)])
@pytest.mark.parametrize("level", LEVELS)
async def test_no_number_of_a_hidden_result_is_shown(level, size):
    running = app()
    async with running.run_test(size=size) as pilot:
        await pilot.pause()
        place = opened(lab(), 3, PRODUCT, level)
        while place.step and place.step.phase == "backward":
            show(running, place)
            show(running, hide(place))
            covered = set(NUMBER.findall(everything(running)))
            value = place.trace.values[place.step.output]
            own = f"{value[place.entry] if value.ndim else value:.4f}"
            assert own not in covered or own in earlier(place)
            assert "?" in "\n".join(panel_rows(running, "numbers"))
            assert "= ?" in " ".join(panel_rows(running, "entry"))
            assert "Before you look" in "\n".join(panel_rows(running, "entry"))
            assert widths(frame(running)) == {size[0]}
            place = next_step(place)


async def test_the_mode_stands_at_the_right_of_line_2_and_x_shows_again():
    running = app()
    async with running.run_test(size=(80, 24)) as pilot:
        show(running, opened(lab(), 3, PRODUCT))
        entry = panel_rows(running, "entry")
        await pilot.press("x")
        assert frame(running)[1].endswith(" hidden ")
        assert "‹      ?›" in frame(running)[6]
        await pilot.press("x")
        assert panel_rows(running, "entry") == entry
        assert not frame(running)[1].endswith(" hidden ")
        assert "?" not in "".join(panel_rows(running, "numbers"))


async def test_a_number_is_judged_and_stays_beside_the_computed_one():
    running = app()
    async with running.run_test(size=(80, 24)) as pilot:
        show(running, hidden())
        await pilot.press("equals_sign")
        assert "∂J/∂W2, row 1, column 1: your guess" in frame(running)[22]
        assert "enter answer" in frame(running)[23]
        await burst(pilot, [*"-0.03", "enter"])
        said = "yours -0.03 · computed -0.01824 · right sign, 64 % off"
        assert said in frame(running)[22]
        assert "0 of 1 right" in frame(running)[1]
        assert "-0.0182" in "\n".join(panel_rows(running, "numbers"))
        await focus(pilot, "numbers")
        await pilot.press("right")
        assert said in frame(running)[22]
        await pilot.press("n")
        assert said not in frame(running)[22]
        assert is_hidden(now(running))
        await pilot.press("p")
        assert not is_hidden(now(running))


@pytest.mark.parametrize(
    ("typed", "right"), [("-", 1), ("+", 0), ("3x4", 1), ("4x3", 0), ("-0.0182", 1)]
)
async def test_signs_shapes_and_numbers_count(typed, right):
    running = app()
    async with running.run_test(size=(80, 24)) as pilot:
        show(running, hidden())
        await burst(pilot, ["enter", *typed, "enter"])
        assert (now(running).hiding.right, now(running).hiding.tried) == (right, 1)


async def test_what_cannot_be_read_is_no_attempt_and_is_asked_again():
    running = app()
    async with running.run_test(size=(80, 24)) as pilot:
        show(running, hidden())
        await pilot.press("equals_sign", "question_mark")
        await pilot.pause()
        assert "a number, + - 0, a shape" in frame(running)[23]
        await burst(pilot, [*"nsx?", "enter"])
        assert isinstance(running.screen, PromptScreen)
        assert now(running).hiding.tried == 0
        assert now(running).cursor.at == PRODUCT
        await pilot.press("escape")
        await pilot.pause()
        assert not isinstance(running.screen, PromptScreen)
        assert is_hidden(now(running))
        await pilot.press("n")
        assert now(running).cursor.at > PRODUCT


@pytest.mark.parametrize("keys", [["space"], ["equals_sign", "enter"], ["enter", "enter"]])
async def test_space_or_enter_on_nothing_reveals_without_comment(keys):
    running = app()
    async with running.run_test(size=(80, 24)) as pilot:
        show(running, hidden())
        await burst(pilot, [*keys])
        assert not is_hidden(now(running))
        assert now(running).message is None
        assert now(running).hiding.tried == 0
        assert now(running).cursor.at == PRODUCT
        assert running.screen.focused.id == "program"


def test_stepping_back_keeps_revealed_and_x_twice_hides_again():
    place = back(next_step(reveal(hidden())))
    assert not is_hidden(place)
    assert is_hidden(hide(hide(place)))


def test_single_entries_are_hidden_one_by_one():
    place = reveal(hidden(level="entry"))
    first = place.entry
    following = next_step(place)
    assert not hides(following, first)
    assert is_hidden(following)


@pytest.mark.parametrize("place", [hide(opened(lab(), 3)), opened(lab(), 3, 5), reveal(hidden(3))])
def test_a_guess_at_what_is_not_hidden_says_why_not(place):
    after = guess(place)
    assert isinstance(after, Snapshot)
    assert str(after.message) != str(place.message)


def test_what_was_revealed_inside_a_step_stays_so_and_the_step_itself_does_not():
    inner = into(hidden(3))
    assert inner.outer is not None
    assert is_hidden(inner)
    outside = left(reveal(inner))
    assert is_hidden(outside)
    assert not is_hidden(into(outside))


async def test_no_tab_gives_a_hidden_number_away():
    running = app()
    async with running.run_test(size=(80, 24)) as pilot:
        show(running, hidden())
        for _ in TABS:
            await pilot.press("v")
            await pilot.pause()
            derived(running)
            assert "-0.0182" not in "\n".join(frame(running))
