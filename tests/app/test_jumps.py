"""Counts, breakpoints, and jumps with their way back."""

from dataclasses import replace

import pytest

from stepper.app.commands import COMMANDS
from stepper.app.moves import (
    breaks,
    counts,
    entries,
    going,
    goto,
    guess,
    jumps,
    levels,
    samples,
    steps,
)
from stepper.app.moves.jumps import at_step
from stepper.app.snapshot import Snapshot, opened
from stepper.program.breakpoints import Breakpoints
from stepper.program.cursor import LEVELS, stops
from stepper.program.find import came_from, used_by
from tests.app.screens import PRODUCT, app, frame, lab, now, panel_rows, show

LAST = 25


def xor(**place: object) -> Snapshot:
    return opened(lab(), 3, **place)  # type: ignore[arg-type]


def at_line(number: int) -> Snapshot:
    return goto.go_to_line(xor(), number)


def line(snapshot: Snapshot) -> int:
    assert snapshot.step is not None
    return snapshot.step.line


def place(snapshot: Snapshot) -> tuple[object, ...]:
    return snapshot.cursor.stop, snapshot.cursor.level, snapshot.entry, snapshot.sample


async def test_a_count_is_shown_and_repeats_the_next_key():
    running = app()
    async with running.run_test(size=(80, 24)) as pilot:
        await pilot.press("1", "0")
        await pilot.pause()
        assert frame(running)[22].startswith(" 10: ")
        assert now(running).step is None
        await pilot.press("n")
        assert line(now(running)) == 10
        await pilot.press("4", "p")
        assert line(now(running)) == 6
        await pilot.press("n")
        assert line(now(running)) == 7


@pytest.mark.parametrize(
    ("keys", "said"),
    [("22n", None), ("5n", "5n: moved 3, the end"), ("30p", "30p: moved 22, the start"),
     ("9}", "9}: moved 1, the end"), ("99.", "99.: moved 17, sample 20 is the last one")],
)  # fmt: skip
async def test_a_count_is_capped_and_the_moves_really_made_are_said(keys, said):
    running = app()
    async with running.run_test(size=(80, 24)) as pilot:
        if said is not None:
            show(running, at_line(22))
        await pilot.press(*keys)
        message = now(running).message
        assert (message and str(message)) == said
        assert now(running).count == 0


def limited(move, most: int, made: list):
    """A move that is noted, and fails when it is made more often than that."""

    def noted(*given):
        made.append(given)
        assert len(made) <= most
        return move(*given)

    return noted


@pytest.mark.parametrize("command", [c for c in COMMANDS if c.move], ids=lambda c: c.id)
def test_no_count_makes_more_moves_than_the_walk_has_stops(command, monkeypatch):
    shown = xor(at=PRODUCT)
    for here in (shown, guess.hide(shown), replace(shown, cursor=shown.cursor.into().into())):
        most, jumped, moved = len(stops(here.trace, "entry")), [], []
        monkeypatch.setattr(jumps, "at_step", limited(at_step, most, jumped))
        if command.counted is None:
            counts.repeated(limited(command.move, most, moved), here, 999_999, "")
            assert 0 < len(moved) <= most
        else:
            command.counted(here, 999_999)
        assert len(jumped) <= most


@pytest.mark.parametrize("way", [jumps.came_from, jumps.used_by])
def test_a_count_before_a_jump_is_so_many_jumps(way):
    for number in range(1, LAST + 1):
        one_by_one = at_line(number)
        for times in range(1, 8):
            one_by_one = way(one_by_one)
            assert place(way(at_line(number), times)) == place(one_by_one)
        assert place(way(at_line(number), 840 + 7)) == place(way(one_by_one, 840))


@pytest.mark.parametrize("keys", ["2w", "999999w"])
async def test_a_key_that_takes_no_count_says_so(keys):
    running = app()
    async with running.run_test(size=(80, 24)) as pilot:
        show(running, xor(at=PRODUCT))
        await pilot.press(*keys)
        assert not now(running).watches and not now(running).count
        assert "takes no count" in str(now(running).message)


async def test_a_count_is_for_the_next_key_only_also_where_that_goes_to_another_panel():
    running = app()
    async with running.run_test(size=(80, 24)) as pilot:
        await pilot.press("1", "0", "tab")
        assert not now(running).count and now(running).message is None
        await pilot.press("n")
        assert line(now(running)) == 1


async def test_zero_continues_a_count_and_does_nothing_alone():
    running = app()
    async with running.run_test(size=(80, 24)) as pilot:
        await pilot.press("0", "n")
        assert line(now(running)) == 1
        await pilot.press("2", "0", "n")
        assert line(now(running)) == 21


async def test_escape_clears_the_count_and_never_moves():
    running = app()
    async with running.run_test(size=(80, 24)) as pilot:
        await pilot.press("n", "1", "2", "escape")
        assert line(now(running)) == 1
        assert "here" in frame(running)[22]
        await pilot.press("n")
        assert line(now(running)) == 2
        await pilot.press("7", "@", "n")
        assert line(now(running)) == 3


async def test_a_click_does_not_take_the_count_with_it():
    running = app()
    async with running.run_test(size=(80, 24)) as pilot:
        await pilot.press("5")
        await pilot.click("#program", offset=(8, 4))
        await pilot.press("n")
        assert line(now(running)) == 4


def test_a_count_has_no_more_digits_than_the_line_can_show():
    here = xor()
    for key in "1234567":
        here = counts.digit(here, key)
    assert here.count == 123456
    assert "at most" in str(here.message)


async def test_a_count_before_g_goes_to_the_line_without_a_prompt():
    running = app()
    async with running.run_test(size=(80, 24)) as pilot:
        await pilot.press("1", "3", "g")
        assert running.screen is running.debugger
        assert line(now(running)) == 13
        await pilot.press("9", "9", "g")
        assert "no line 99" in str(now(running).message)
        assert line(now(running)) == 13


async def test_breakpoints_are_shown_run_to_and_cleared():
    running = app()
    async with running.run_test(size=(80, 24)) as pilot:
        await pilot.press("3", "n", "b", "1", "4", "b")
        rows = panel_rows(running, "program")
        assert [row[:4] for row in rows if row[0] == "●"] == ["● 3►", "●14·"]
        await pilot.press("c")
        assert line(now(running)) == 14
        await pilot.press("C")
        assert line(now(running)) == 3
        await pilot.press("b")
        assert now(running).breakpoints.lines == {14}
        await pilot.press("2", "6", "b")
        assert "no line 26" in str(now(running).message)
        assert now(running).breakpoints.lines == {14}


async def test_a_click_in_the_first_column_sets_and_clears():
    running = app()
    async with running.run_test(size=(80, 24)) as pilot:
        await pilot.press("n")
        before = now(running).cursor
        await pilot.click("#program", offset=(0, 4))
        assert now(running).breakpoints.lines == {3}
        assert now(running).cursor is before
        await pilot.click("#program", offset=(0, 4))
        assert not now(running).breakpoints.lines


@pytest.mark.parametrize("move", [breaks.run_on, breaks.run_back])
def test_without_a_breakpoint_a_run_stays_and_says_so(move):
    here = at_line(9)
    after = move(here)
    assert place(after) == place(here)
    assert "no breakpoints: b sets one" in str(after.message)
    alone = breaks.toggle_here(here)
    assert place(move(alone)) == place(here)
    assert "no breakpoint comes" in str(move(alone).message)


def test_before_the_first_step_there_is_no_line_to_break_on():
    after = breaks.toggle_here(xor())
    assert not after.breakpoints.lines
    assert "13b" in str(after.message)


async def test_marks_of_breakpoints_in_ascii_folded_and_with_a_condition():
    running = app(ascii=True)
    async with running.run_test(size=(80, 27)) as pilot:
        await pilot.press("2", "b", "2", "4", "b")
        rows = panel_rows(running, "program")
        assert any(row.startswith("* 2") for row in rows)
        assert any(row.startswith("*update") for row in rows)
        here = now(running)
        when = Breakpoints().when(3, here.trace.program.lines[0].tree)
        show(running, replace(here, breakpoints=when))
        assert any(row.startswith("o 3") for row in panel_rows(running, "program"))


@pytest.mark.parametrize("number", range(1, LAST + 1))
@pytest.mark.parametrize("way", ["from", "used"])
def test_a_trail_visits_every_operand_or_user_in_order(number, way):
    here = at_line(number)
    move = jumps.came_from if way == "from" else jumps.used_by
    of = came_from if way == "from" else used_by
    ends = of(here.trace, here.step)
    wanted = [here.trace.steps[i].line for i in ends]
    after, seen = here, []
    for _ in wanted:
        after = move(after)
        seen.append(line(after))
    assert seen == wanted
    if len(wanted) > 1:
        assert line(move(after)) == wanted[0]
    if not wanted:
        assert place(move(here)) == place(here) and move(here).message


def test_the_entry_that_was_read_is_the_selected_one():
    here = entries.select(xor(at=PRODUCT), (2, 3))
    first = jumps.came_from(here)
    assert (line(first), first.entry) == (13, (2, 0))
    second = jumps.came_from(first)
    assert (line(second), second.entry) == (2, (3, 0))


def test_another_move_between_starts_a_new_trail():
    here = jumps.came_from(at_line(14))
    elsewhere = steps.next_step(steps.back(here))
    assert line(jumps.came_from(here)) == 2
    assert line(jumps.came_from(steps.next_line(elsewhere))) == line(here)


JUMPS = {
    "g": lambda now: goto.go(now, "dJ_da2"),
    "13g": lambda now: goto.go_to_line(now, 13),
    "@": lambda now: goto.go(now, "@3"),
    "phase": lambda now: goto.go(now, "update"),
    "f": jumps.came_from,
    "f f": lambda now: jumps.came_from(jumps.came_from(now)),
    "u": jumps.used_by,
    "c": lambda now: breaks.run_on(breaks.toggle(now, 23)),
    "C": lambda now: breaks.run_back(breaks.toggle(now, 1)),
    "/": lambda now: goto.seek(now, "z1"),
    "click": jumps.jump(lambda now: steps.to_line(now, 5)),
}


@pytest.mark.parametrize("name", JUMPS)
@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("entry", [(0, 0), (1, 2)])
def test_from_every_jump_there_is_a_way_back_to_the_exact_place(name, level, entry):
    here = xor(at=PRODUCT, level=level, entry=entry)
    after = JUMPS[name](here)
    assert place(after) != place(here)
    for _ in after.past.places:
        after = jumps.go_back(after)
    assert place(after) == place(here)
    assert "no jump to go back from" in str(jumps.go_back(after).message)


def test_the_way_back_goes_through_all_jumps():
    frames = [at_line(14)]
    for move in (jumps.came_from, jumps.used_by, jumps.used_by, JUMPS["g"], JUMPS["click"]):
        frames.append(move(frames[-1]))
    after = frames[-1]
    for before in reversed(frames[:-1]):
        after = jumps.go_back(after)
        assert place(after) == place(before)


async def test_the_keys_of_the_jumps():
    running = app()
    async with running.run_test(size=(80, 24)) as pilot:
        await pilot.press("1", "4", "g", "f")
        assert line(now(running)) == 13
        assert "reads ∂J/∂z2 (1 of 2)" in frame(running)[22]
        await pilot.press("f")
        assert line(now(running)) == 2
        await pilot.press("backspace", "backspace")
        assert line(now(running)) == 14
        await pilot.press("u", "backspace", "backspace")
        assert now(running).step is None
        await pilot.click("#program", offset=(8, 4))
        await pilot.press("backspace")
        assert now(running).step is None


def test_a_jump_to_where_one_is_says_so_and_is_not_remembered():
    here = xor(at=PRODUCT)
    after = goto.go_to_line(here, 14)
    assert "already" in str(after.message)
    assert after.past.places == here.past.places


def test_the_past_holds_for_another_sample():
    after = samples.next_sample(jumps.came_from(xor(at=PRODUCT)))
    back = jumps.go_back(after)
    assert back.sample == 4
    assert back.cursor.stop == xor(at=PRODUCT).cursor.stop
    assert back.trace is after.trace


def test_inside_a_step_there_are_its_own_breakpoints_and_jumps():
    whole = breaks.toggle(jumps.came_from(at_line(8)), 14)
    inside = levels.into(whole)
    assert inside.outer is whole
    first = breaks.run_on(inside)
    assert place(first) == place(inside)
    assert "o goes out" in str(first.message)
    last = goto.go_to_line(inside, len(inside.trace.program.lines))
    assert place(jumps.go_back(jumps.came_from(last))) == place(last)
    assert place(jumps.go_back(last)) == place(inside)
    again = levels.out(breaks.toggle_here(last))
    assert again.breakpoints.lines == {14}
    assert again.past.places == whole.past.places


def test_a_click_on_what_was_read_is_a_jump_with_a_way_back():
    first = at_line(14)
    gone = going.to_maker(first, ("a1",))
    assert line(gone) == 2
    assert place(jumps.go_back(gone)) == place(first)
