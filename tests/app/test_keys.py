"""Every key acts or says why it does not."""

import re
from dataclasses import replace

import pytest

from stepper.app.commands import COMMANDS, find, taught
from stepper.app.keyboard import ELSEWHERE, unknown
from stepper.app.moves.entries import select
from stepper.app.panels import PANELS
from stepper.app.returning import comes_back
from stepper.app.screens.help import KEYS, hung, lines
from stepper.app.snapshot import opened
from stepper.app.widgets.entry import Entry
from stepper.expr.sentence import say
from stepper.program.cursor import LEVELS
from stepper.show.rows import Look
from tests.app.screens import (
    PRODUCT,
    WALKED,
    app,
    burst,
    everything,
    focus,
    frame,
    keys_of,
    lab,
    now,
    panel_rows,
    show,
    widths,
)


@pytest.mark.parametrize("panel", WALKED)
async def test_every_key_acts_or_leaves_a_message(panel):
    running = app()
    async with running.run_test(size=(80, 24)) as pilot:
        await focus(pilot, panel)
        screen = running.screen
        for key in (k for k in keys_of(panel) if k != "q"):
            show(running, replace(opened(lab(), 3, at=20), message=None))
            rows, focused = everything(running), screen.focused
            await pilot.press(key)
            acted = everything(running) != rows or running.screen is not screen
            assert acted or now(running).message or screen.focused is not focused, key
            if running.screen is not screen:
                await pilot.press("escape")
            screen.set_focus(focused)
        await pilot.press("q")
    assert not running.is_running


def test_every_command_is_declared_with_what_it_does():
    for command in taught(COMMANDS):
        does = (command.move or command.asks, command.act, command.keyed)
        assert sum(d is not None for d in does) == 1, command.id
        assert command.takes is None or command.act is not None, command.id


async def test_a_key_does_what_its_command_does():
    running = app()
    async with running.run_test(size=(80, 24)) as pilot:
        for command in COMMANDS:
            for key in command.keys + command.program if command.move else ():
                first = replace(opened(lab(), 3, at=20), message=None)
                show(running, first)
                await pilot.press(key)
                there, wanted = now(running), command.move(first)
                assert there.cursor.stop == wanted.cursor.stop, key
                assert (there.sample, there.cursor.level) == (wanted.sample, wanted.cursor.level)


async def test_arrows_choose_an_entry_when_numbers_has_the_focus():
    running = app()
    async with running.run_test(size=(80, 24)) as pilot:
        show(running, opened(lab(), 3, at=PRODUCT))
        await focus(pilot, "numbers")
        await pilot.press("right", "down", "l", "k")
        assert now(running).entry == (0, 2)
        assert now(running).cursor.at == PRODUCT
        assert "arrows entry" in frame(running)[-1]
        assert "━ numbers" in frame(running)[1]


@pytest.mark.parametrize("key", ["r", "0", "escape", "c", "@", "f5", "backspace"])
async def test_an_unknown_key_says_what_to_press(key):
    running = app()
    async with running.run_test(size=(80, 24)) as pilot:
        await pilot.press("n")
        before = now(running).cursor
        await pilot.press(key)
        assert now(running).cursor is before
        assert str(now(running).message)[:20] in frame(running)[22]


async def test_full_width_letters_count_and_another_script_is_named():
    running = app()
    async with running.run_test(size=(80, 24)) as pilot:
        await pilot.press("ｎ")
        assert now(running).cursor.at > 0
        await pilot.press("ㄙ")
        assert "input method" in str(now(running).message)
        assert widths(frame(running)) == {80}


async def test_the_help_names_every_key_and_closes_again():
    running = app()
    async with running.run_test(size=(120, 130)) as pilot:
        await pilot.press("n", "question_mark")
        await pilot.pause()
        rows = "\n".join(frame(running))
        assert all(c.does in rows for c in COMMANDS if any(map(c.keys_in, PANELS)))
        await pilot.press("escape")
        await pilot.pause()
        assert now(running).cursor.at > 0
        assert "numbers" in frame(running)[1]


@pytest.mark.parametrize("panel", [p for p in PANELS if p != "lesson"])
def test_the_help_begins_with_the_keys_of_the_focused_panel(panel):
    said = lines(Look(), panel)
    own = [c.does for c in COMMANDS if getattr(c, panel)]
    assert f"In {panel}, which has the focus" in said[1]
    assert [line[KEYS:] for line in said[3 : 3 + len(own)]] == own
    assert lines(Look(), None)[1] == " Keys" and len(said) == len(lines(Look(), None))


def test_what_a_key_does_stays_in_its_column_of_the_help():
    rows = [list(hung(line, 59)) for line in lines(Look(), "numbers") if line[18:20] == "  "]
    assert any(len(row) > 1 for row in rows)
    assert all(len(part) <= 59 for row in rows for part in row)
    assert all(part[:KEYS].isspace() and part[KEYS] != " " for row in rows for part in row[1:])


@pytest.mark.parametrize("width", [60, 73, 80, 97, 120])
async def test_the_footer_has_whole_entries_only(width):
    running = app()
    async with running.run_test(size=(width, 24)) as pilot:
        await pilot.pause()
        footer = frame(running)[-1].strip()
        assert footer.startswith("? help  q quit  n next")
        assert set(footer.split("  ")) <= {c.footer for c in COMMANDS if c.label}


async def test_a_click_on_a_line_goes_there():
    running = app()
    async with running.run_test(size=(80, 24)) as pilot:
        await pilot.click("#program", offset=(8, 4))
        assert now(running).step.line == 3


async def test_a_long_explanation_can_be_scrolled_and_says_so():
    running = app()
    async with running.run_test(size=(60, 18)) as pilot:
        await pilot.press("n", "n", "n")
        title = panel_rows(running, "entry")[0]
        last, total = map(int, re.search(r"1-(\d+)/(\d+)", title).groups())
        assert last < total
        await focus(pilot, "entry")
        await pilot.press(*["down"] * (total - last))
        assert f"-{total}/{total}" in panel_rows(running, "entry")[0]
        await pilot.press("down")
        assert "everything" in str(now(running).message)
        for up, down in (["pageup"], ["pagedown"]), ("9k", "9j"):
            await pilot.press(*up)
            assert f" 1-{last}/{total}" in panel_rows(running, "entry")[0]
            await pilot.press(*down)
            assert f"-{total}/{total}" in panel_rows(running, "entry")[0]


async def test_who_reads_further_down_stays_there_until_another_entry_is_selected():
    running = app()
    async with running.run_test(size=(60, 18)) as pilot:
        await pilot.press("n", "n", "n")
        await focus(pilot, "entry")
        panel = running.debugger.query_one("#entry", Entry)
        await pilot.press(*["down"] * 9)
        assert panel.top == panel.lowest > 0
        await pilot.press("b", "9", "escape", "w")
        assert panel.top == panel.lowest
        await pilot.resize_terminal(100, 30)
        await pilot.pause()
        assert "row 1, column 1" in panel_rows(running, "entry")[1]
        await pilot.resize_terminal(60, 18)
        await pilot.press("down")
        assert panel.top == 1
        await pilot.press("n")
        assert panel.top == 0


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("at", [0, 4, 27])
def test_the_command_printed_at_the_end_comes_back(at, level):
    left = opened(lab(), 5, at=at, level=level, entry=(1, 0))
    words = comes_back(left, ["--seed", "3"]).split()
    assert words[:3] == ["stepper", "run", "xor"]
    options = dict(zip(words[3::2], words[4::2], strict=True))
    assert options["--seed"] == "3"
    entry = tuple(map(int, options.get("--entry", "0,0").split(",")))
    start = int(options["--start"]) + 1 if "--start" in options else 0
    again = opened(lab(), int(options["--sample"]), start, options.get("--level", "line"), entry)
    assert again.cursor.stop == left.cursor.stop
    assert (again.cursor.level, again.entry) == (left.cursor.level, left.entry)


def test_of_entries_that_are_filled_in_one_by_one_the_newest_is_where_one_comes_back():
    there = opened(lab(), 5, at=4, level="entry", entry=(2, 0))
    assert there.filled > 1
    words = comes_back(select(there, (0, 0))).split()
    assert words[words.index("--entry") + 1] == "2,0"


@pytest.mark.parametrize("key", sorted(ELSEWHERE))
def test_what_is_said_of_a_key_from_elsewhere_can_be_said(key):
    assert find(key, None) is None
    assert str(say(unknown(key, None), key=key))


@pytest.mark.parametrize("keys", [["tab", "l"], ["tab", "tab", "shift+tab", "l"]])
async def test_a_key_right_behind_tab_is_for_the_panel_that_tab_leads_to(keys):
    running = app()
    async with running.run_test(size=(120, 40)) as pilot:
        show(running, opened(lab(), 3, at=PRODUCT))
        step = now(running).step
        await burst(pilot, keys)
        assert (now(running).step, now(running).entry) == (step, (0, 1))
