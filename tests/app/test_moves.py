"""The moves: exact, reversible, and each one that cannot be made says why."""

import numpy as np
import pytest

from stepper.app import snapshot
from stepper.app.commands import COMMANDS
from stepper.app.moves import entries, levels, samples, steps
from stepper.app.snapshot import Snapshot, opened
from stepper.program.cursor import LEVELS
from tests.app.screens import lab

MOVES = [c for c in COMMANDS if c.move is not None]


def xor(**place: object) -> Snapshot:
    return opened(lab(), 3, **place)  # type: ignore[arg-type]


def place(now: Snapshot) -> tuple[object, ...]:
    return now.cursor.stop, now.cursor.level, now.sample, now.entry


@pytest.mark.parametrize("level", LEVELS)
def test_as_many_steps_back_as_forward_return_to_the_same_place(level):
    first = xor(level=level)
    frames = [first]
    while (after := steps.next_step(frames[-1])).cursor.stop != frames[-1].cursor.stop:
        frames.append(after)
    assert len(frames) > 3
    for before in reversed(frames[:-1]):
        after = steps.back(after)
        assert place(after) == place(before)


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("at", [0, 1, 20, 46])
@pytest.mark.parametrize("command", MOVES, ids=lambda c: c.id)
def test_a_move_changes_something_or_says_why_not(command, at, level):
    before = xor(at=at, level=level)
    after = command.move(snapshot.told(before, ""))
    said = after.message and str(after.message)
    assert place(after) != place(before) or said


@pytest.mark.parametrize("command", MOVES, ids=lambda c: c.id)
def test_a_move_leaves_the_snapshot_that_it_started_from(command):
    before = xor(at=20)
    kept = place(before)
    command.move(before)
    assert place(before) == kept


def test_into_passes_over_a_single_operation_and_says_so():
    product = xor(at=lab().trace(3).line_steps(14)[-1].index + 1)
    inside = levels.into(product)
    assert inside.cursor.level == "entry"
    assert "one operation" in str(inside.message)
    assert place(levels.out(inside)) == place(product)


def test_into_a_line_of_several_operations_stops_at_the_first_of_them():
    activation = levels.into(xor(at=lab().trace(3).line_steps(9)[-1].index + 1))
    assert activation.cursor.level == "operation"
    assert activation.step is lab().trace(3).line_steps(9)[0]


def test_an_entry_that_is_not_computed_yet_cannot_be_selected():
    product = levels.into(xor(at=lab().trace(3).line_steps(14)[-1].index + 1))
    refused = entries.select(product, (1, 1))
    assert refused.entry == (0, 0)
    assert "not computed yet" in str(refused.message)


def test_the_chosen_entry_comes_back_with_a_matrix_that_has_it():
    wide = entries.select(xor(at=lab().trace(3).line_steps(14)[-1].index + 1), (2, 3))
    assert steps.next_step(wide).entry == (0, 0)
    assert steps.back(steps.next_step(wide)).entry == (2, 3)


def test_another_sample_keeps_the_place_and_has_its_own_numbers():
    here = xor(at=20)
    there = samples.next_sample(here)
    assert there.cursor.stop == here.cursor.stop
    assert there.sample == 4
    own = lab().trace(4).value("X")
    assert np.array_equal(there.trace.value("X"), own)


def test_samples_end():
    assert "first" in str(samples.back_sample(opened(lab(), 0)).message)
    assert "last" in str(samples.next_sample(opened(lab(), 20)).message)


def test_all_samples_at_once_say_how_to_see_one():
    assert "--sample" in str(samples.next_sample(opened(lab(), None)).message)


def test_into_a_composite_walks_its_definition_and_out_comes_back() -> None:
    now = xor()
    now = steps.next_step(steps.next_step(now))
    inside = levels.into(now)
    assert inside.outer is now
    assert [line.text() for line in inside.trace.program.lines] == ["a1 = 1 / (1 + exp(-z1))"]
    last = steps.end(inside)
    assert np.allclose(last.trace.last("a1"), now.trace.value("a1"), rtol=1e-15)
    assert steps.next_step(last).message is steps.AT_INNER_END
    back = levels.out(inside)
    assert (back.cursor.stop, back.cursor.level) == (now.cursor.stop, "line")


def test_into_the_last_operation_of_a_backward_line_shows_the_chain_rule() -> None:
    now = steps.to_line(xor(), 8)
    now = levels.into(now)
    while now.step is not None and not now.step.last:
        now = steps.next_step(now)
    inside = levels.into(now)
    lines = inside.trace.program.lines
    assert len(lines) >= 2
    assert lines[-1].target == "dJ_da3"
    assert np.allclose(inside.trace.last("dJ_da3"), now.trace.value("dJ_da3"), rtol=1e-12)
    assert snapshot.outermost(levels.into(steps.end(inside))).cursor is now.cursor


def test_another_sample_leaves_the_inside() -> None:
    inside = levels.into(steps.to_line(xor(), 2))
    assert inside.outer is not None
    moved = samples.next_sample(inside)
    assert moved.outer is None
    assert moved.sample == 4
