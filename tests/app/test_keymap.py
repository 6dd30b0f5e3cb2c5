"""The rules of the keys: escape never moves, every jump has its way back, a field takes letters."""

import shlex
import string
from dataclasses import replace

import pytest
from rich.cells import cell_len

from stepper.app.app import StepperApp
from stepper.app.commands import find
from stepper.app.keyboard import ELSEWHERE, NAMES, unknown
from stepper.app.moves import edit, guess, levels, steps
from stepper.app.returning import comes_back
from stepper.app.screens.debugger import DebuggerScreen
from stepper.app.screens.prompt import Field
from stepper.app.snapshot import opened
from stepper.cli.main import main
from stepper.expr.sentence import say
from stepper.labs.load import load
from stepper.labs.whatif import Edit
from stepper.program.cursor import LEVELS
from stepper.show.rows import Look
from stepper.show.words import words
from tests.app.screens import PRODUCT, WALKED, app, burst, focus, frame, lab, now, show

EVERYWHERE = (
    "n space p s o ] [ } { home end G c C b g f u backspace / x = v V z w W . , e U + - y Y tab "
    "shift+tab escape : ? q N T 0 1 2 3 4 5 6 7 8 9"
)
PROGRAM = "right l left h enter down up j k pagedown pageup"
NUMBERS = "left up down right h j k l enter pageup pagedown"
SCROLLED = "up down j k pagedown pageup"
NOT_YET = "i a r H L S R ctrl+d ctrl+f M"
"""Keys that mean something elsewhere, or will mean something here: they say so."""


OPENERS = ("z", "g", "slash", "colon", "question_mark", "Y", "e", "W")
KEYS = {shown: key for key, shown in NAMES.items()}


def key(sign):
    return KEYS.get(sign, sign)


def place(here):
    return here.cursor.stop, here.cursor.level, here.entry, here.sample, here.outer


@pytest.mark.parametrize(
    ("panel", "signs"),
    [(None, EVERYWHERE), ("program", PROGRAM), ("numbers", NUMBERS), ("entry", SCROLLED),
     ("graph", SCROLLED + " h l left right"), ("watch", SCROLLED)],
)  # fmt: skip
def test_every_key_of_the_table_is_there(panel, signs):
    for focused in WALKED if panel is None else (panel,):
        assert [s for s in signs.split() if find(key(s), focused) is None] == []


@pytest.mark.parametrize("panel", WALKED)
async def test_a_key_without_a_command_says_so_and_moves_nothing(panel):
    running = app()
    async with running.run_test(size=(80, 24)) as pilot:
        await focus(pilot, panel)
        for sign in NOT_YET.split():
            show(running, replace(opened(lab(), 3, at=20), message=None))
            before = place(now(running))
            await pilot.press(key(sign))
            assert now(running).message is not None, sign
            assert place(now(running)) == before


SITUATIONS = {
    "a line": opened(lab(), 3, at=PRODUCT),
    "an entry": opened(lab(), 3, at=PRODUCT, level="entry", entry=(1, 2)),
    "a phase": opened(lab(), 3, at=PRODUCT, level="phase"),
    "hidden": guess.hide(opened(lab(), 3, at=PRODUCT)),
    "inside": levels.into(opened(lab(), 3, at=3)),
    "a count": replace(opened(lab(), 3, at=PRODUCT), count=12),
    "edited": edit.edited(opened(lab(), 3, at=PRODUCT), Edit("lr", None, 0.5)),
}


@pytest.mark.parametrize("situation", SITUATIONS)
async def test_escape_closes_and_never_moves(situation):
    running = app()
    async with running.run_test(size=(80, 24)) as pilot:
        for opener in ((), *((key,) for key in OPENERS)):
            show(running, SITUATIONS[situation])
            before = place(now(running))
            if opener and now(running).count:
                continue
            await burst(pilot, [*opener, "escape", "escape"])
            assert place(now(running)) == before
            assert running.screen is running.debugger
            assert running.debugger.arrangement.zoomed is None
            assert not now(running).count


CLICKS = {"a line": ("#program", (8, 4)), "an operand": ("#numbers", (8, 5))}
JUMPS = ["13g", "g3\n", "gbackward\n", "g@9\n", "/W2\n", "f", "ff", "fff", "u", "uu", "c", "C",
         ":until J < 9\n", ":go 5\n", *CLICKS]  # fmt: skip


@pytest.mark.parametrize("jump", JUMPS)
async def test_backspace_comes_back_from_every_jump(jump):
    running = app()
    async with running.run_test(size=(80, 24)) as pilot:
        for level in LEVELS:
            here = opened(lab(), 3, at=PRODUCT, level=level, entry=(1, 2))
            points = here.breakpoints.toggled(2).toggled(22)
            show(running, replace(here, breakpoints=points))
            before = place(now(running))
            if jump in CLICKS:
                await pilot.pause()
                await pilot.click(*CLICKS[jump])
                await pilot.pause()
            else:
                await burst(pilot, [_named(sign) for sign in jump])
            jumps = len(now(running).past.places)
            assert bool(jumps) == (place(now(running)) != before)
            await burst(pilot, ["backspace"] * jumps)
            assert place(now(running)) == before


def _named(sign):
    return {"\n": "enter", " ": "space"}.get(sign, sign)


@pytest.mark.parametrize("asks", ["g", "slash", "e", "W", "colon", "equals_sign"])
async def test_in_a_text_field_no_letter_is_taken(asks):
    running = app()
    async with running.run_test(size=(80, 24)) as pilot:
        show(running, guess.hide(opened(lab(), 3, at=PRODUCT)))
        before = now(running)
        letters = "a" + string.ascii_letters + string.digits + "?:/+-=.,[]{}<>*'"
        await burst(pilot, [asks])
        await burst(pilot, letters)
        assert running.screen.query_one(Field).value == letters
        await pilot.press("escape")
        assert now(running) is before


def at_end(name):
    return steps.end(opened(lab(name), lab(name).check_sample(None)))


LEFT = {
    "the start": opened(lab(), 7),
    "the end": at_end("xor"),
    "all samples": opened(lab(), None, at=PRODUCT, entry=(2, 1)),
    "an operation": opened(lab(), 3, at=25, level="operation"),
    "an entry": opened(lab(), 3, at=PRODUCT, level="entry", entry=(1, 2)),
    "a phase": opened(lab(), 0, at=PRODUCT, level="phase"),
    "edited": edit.edited(opened(lab(), 3, at=PRODUCT), Edit("X", (1, 0), -3.0)),
    "no data": at_end("first-step"),
    "rows": opened(lab("folded-bias"), 2, at=9, entry=(0, 1)),
}


@pytest.mark.parametrize("left", LEFT)
async def test_the_command_that_is_printed_opens_the_same_frame(left, monkeypatch, capsys):
    came = []
    monkeypatch.setattr(StepperApp, "run", lambda self, **_: came.append(self))
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    assert main(shlex.split(comes_back(LEFT[left]))[1:]) == 0
    rows = []
    here = LEFT[left]
    for snapshot in (here, now(came[0])):
        running = app(here.lab.name)
        async with running.run_test(size=(80, 24)) as pilot:
            show(running, replace(snapshot, message=None))
            await pilot.pause()
            rows.append(frame(running))
    assert rows[0] == rows[1]


async def test_an_edited_input_is_the_headers_too():
    running = app()
    async with running.run_test(size=(120, 40)) as pilot:
        changed = edit.edited(opened(lab(), 3, at=PRODUCT), Edit("X", (0, 0), 0.7))
        show(running, edit.edited(changed, Edit("y", (0, 0), 0.0)))
        await pilot.pause()
        assert "(*0.7, 0.9) → *0" in frame(running)[0]
        await pilot.press("U", "U")
        assert "(0.1, 0.9) → 1" in frame(running)[0]


def next_sigmoid(here):
    while here.step is None or "sigmoid" not in str(here.step.node):
        here = steps.next_step(here)
    return here


def test_a_sample_that_there_is_not_leaves_the_walk_inside_a_step_where_it_is():
    within = levels.into(next_sigmoid(opened(lab("nielsen"), None)))
    assert within.outer is not None
    after = find("full_stop", None).move(within)
    assert after.outer is within.outer and "no samples" in str(after.message)


def test_every_hint_for_other_hands_fits_the_smallest_screen_that_is_whole():
    assert all(cell_len(words(say(said))) <= 78 for said in ELSEWHERE.values())


@pytest.mark.parametrize(("situation", "marks"), [("edited", ("*", "~")), ("hidden", ("?",))])
async def test_the_legend_has_the_marks_that_only_now_are_on_the_screen(situation, marks):
    running = app()
    async with running.run_test(size=(80, 24)) as pilot:
        show(running, replace(SITUATIONS[situation], message=None))
        await pilot.pause()
        assert all(f" {mark} " in frame(running)[22] for mark in (*marks, "►"))


async def test_gg_is_the_start_as_in_vim():
    running = app()
    async with running.run_test(size=(80, 24)) as pilot:
        show(running, opened(lab(), 3, at=PRODUCT))
        before = place(now(running))
        await burst(pilot, "gg")
        assert running.screen is running.debugger
        assert now(running).cursor.at == 0
        await pilot.press("backspace")
        assert place(now(running)) == before
        await pilot.press("g", "9", "backspace", "g")
        assert now(running).cursor.at == 0
        await pilot.press("g", "9", "g")
        assert running.screen.query_one(Field).value == "9g"


async def test_where_a_line_is_called_g_the_letter_is_typed(tmp_path):
    file = tmp_path / "own.toml"
    file.write_text('[parameters]\nw = 2.0\n[program]\nforward = """\ng = w * w\nJ = g + g\n"""\n')
    running = StepperApp(DebuggerScreen(steps.end(opened(load(str(file)), None)), Look()))
    async with running.run_test(size=(80, 24)) as pilot:
        await pilot.press("g", "g")
        assert running.screen.query_one(Field).value == "g"
        await pilot.press("enter")
        assert now(running).step.line == 1


async def test_a_count_before_the_end_is_a_line_as_in_vim():
    running = app()
    async with running.run_test(size=(80, 24)) as pilot:
        await pilot.press("1", "3", "G")
        assert now(running).step.line == 13
        await pilot.press("backspace", "G")
        assert now(running).cursor.at == len(now(running).trace.steps)


def test_a_key_that_is_no_sign_is_said_by_its_name():
    assert str(unknown("ctrl+d", "\x04")).startswith("ctrl+d does nothing")
    assert str(unknown("exclamation_mark", "!")).startswith("! does nothing")
