"""What is kept while only the entry is another: worked out again as soon as anything else is."""

from dataclasses import replace

import pytest

from stepper.app.fitting import plain
from stepper.app.marks import Layout, marks_of
from stepper.app.moves import edit, entries, guess, steps
from stepper.app.moves.jumps import at_step
from stepper.app.snapshot import opened, told
from stepper.app.still import Still
from stepper.app.widgets.numbers import layout
from stepper.expr.languages import ENGLISH
from stepper.show.rows import Look
from stepper.show.translation import speak
from tests.app.screens import PRODUCT, figure, lab


@pytest.fixture
def made():
    return []


@pytest.fixture
def still(made):
    return Still(lambda now, *more: made.append(more) or len(made))


def here():
    return opened(lab(), 3, at=PRODUCT)


def test_another_entry_or_message_is_the_same_step(still, made):
    now = here()
    for then in (now, entries.select(now, (1, 1)), told(now, "a message"), replace(now, count=3)):
        assert still.of(then, 80) == 1
    assert made == [(80,)]


@pytest.mark.parametrize("move", [steps.next_step, steps.back, guess.hide, edit.undo_all])
def test_another_step_or_what_is_hidden_is_worked_out_anew(still, move):
    now = here()
    assert still.of(now) == 1
    assert still.of(move(now)) == (1 if move is edit.undo_all else 2)


def test_another_room_or_language_is_worked_out_anew(still):
    now = here()
    assert [still.of(now, 80), still.of(now, 79), still.of(now, 79)] == [1, 2, 2]
    speak("zh-TW")
    try:
        assert still.of(now, 79) == 3
    finally:
        speak(ENGLISH)


def test_the_part_of_a_matrix_that_is_too_large_follows_the_entry():
    trace = lab("bce-momentum").trace(3)
    now = at_step(opened(lab("bce-momentum"), 3), trace.line_steps(2)[-1])
    kept, look, seen = Still(layout, Layout.holds), Look(layout="columns"), set()
    for row in (0, 9, 4, 5, 0):
        now = entries.select(now, (row, 0))
        shown = kept.of(now, 46, 9, look).inked(marks_of(now))
        assert shown == figure(now, 46, 9, look)
        seen.add(tuple(map(plain, shown)))
    assert len(seen) == 4
