"""The text field in the message line, and what is asked there: go to, find, the commands."""

import asyncio
from itertools import product

import pytest
from textual import events

from stepper.app.app import StepperApp
from stepper.app.commands import COMMANDS
from stepper.app.moves import goto
from stepper.app.moves.edit import edit
from stepper.app.prompts import Prompt
from stepper.app.screens.palette import Palette, matching
from stepper.app.screens.prompt import Field, PromptScreen
from stepper.app.snapshot import Snapshot, opened
from stepper.expr.errors import StepperError
from stepper.expr.sentence import say
from stepper.show.words import words
from tests.app.screens import SIZES, app, burst, frame, lab, now, pressed, show, widths

EVERY_LETTER = "npsobcCfugxvqhjklzwytdNGHLSR.,;:/?<>+-=[]{}0123456789 "


def xor(**place: object) -> Snapshot:
    return opened(lab(), 3, **place)  # type: ignore[arg-type]


def line(snapshot: Snapshot) -> int:
    assert snapshot.step is not None
    return snapshot.step.line


def typed(running: StepperApp) -> str:
    return running.screen.query_one(Field).value


async def test_a_text_field_takes_every_letter():
    running = app()
    async with running.run_test(size=(80, 24)) as pilot:
        await pilot.press("n", "g")
        before = now(running)
        await pilot.press("a", *("space" if c == " " else c for c in EVERY_LETTER))
        assert typed(running) == "a" + EVERY_LETTER
        assert now(running) is before
        assert "a" + EVERY_LETTER[:40] in frame(running)[22]


async def turns(count: int) -> None:
    """Let everything else go on, so many turns of the loop."""
    for _ in range(count):
        await asyncio.sleep(0)


@pytest.mark.parametrize("opens", ["g", ":", "g:"])
async def test_no_letter_is_lost_and_none_overtakes_another_while_a_screen_opens(opens):
    running = app()
    async with running.run_test(size=(80, 24)):
        for first, later in product(range(10), (0, 2)):
            gaps = [0] * (len(opens) - 1) + [first, later, later, later, 200]
            for letter, gap in zip(f"{opens}1234", gaps, strict=True):
                running.post_message(pressed(letter))
                await turns(gap)
            assert typed(running) == "1234", (first, later)
            running.post_message(pressed("escape"))
            await turns(100)
            assert running.screen is running.debugger and not now(running).count


@pytest.mark.parametrize("opens", ["g", ":", "g:"])
async def test_a_paste_is_one_of_the_keys_and_none_overtakes_it(opens):
    running = app()
    async with running.run_test(size=(80, 24)):
        for first, later in product((0, 1, 2, 3, 5, 8), (0, 2)):
            behind = [events.Paste("13"), pressed("4"), events.Paste("5")]
            gaps = [0] * (len(opens) - 1) + [first, later, later, 200]
            for event, gap in zip([*map(pressed, opens), *behind], gaps, strict=True):
                running.post_message(event)
                await turns(gap)
            assert typed(running) == "1345", (first, later)
            running.post_message(pressed("escape"))
            await turns(100)
            assert running.screen is running.debugger and not now(running).count


async def test_a_paste_where_nothing_asks_means_nothing():
    running = app()
    async with running.run_test(size=(80, 24)) as pilot:
        before = now(running)
        running.post_message(events.Paste("nn"))
        await pilot.pause()
        assert now(running) is before and running.screen is running.debugger


TYPED = ("g3\nn", "g9\ng3\nn", "g\x1bn", ":end\np", "g:end\np", ":go\n4\nn", "?\x1bnn", "g3\n?qn")


@pytest.mark.parametrize("keys", TYPED)
async def test_what_is_typed_fast_is_what_is_typed_slowly(keys):
    named = [{"\n": "enter", "\x1b": "escape"}.get(sign, sign) for sign in keys]
    running = app()
    async with running.run_test(size=(80, 24)) as pilot:
        first = now(running)
        for key in named:
            await burst(pilot, [key])
        slowly = now(running).cursor.at
        assert slowly != first.cursor.at and running.screen is running.debugger
        for gap in (0, 1, 2, 3, 5, 8, 12):
            show(running, first)
            for key in named:
                running.post_message(pressed(key))
                await turns(gap)
            await pilot.pause()
            assert now(running).cursor.at == slowly, gap
            assert running.screen is running.debugger


async def test_escape_leaves_the_field_and_restores_what_was_there():
    running = app()
    async with running.run_test(size=(80, 24)) as pilot:
        await pilot.press("n", "tab", "C")
        before, rows, focused = now(running), frame(running), running.screen.focused
        await pilot.press("g", "1", "tab", "3")
        assert typed(running) == "13"
        assert "enter answer  esc leave  ? what can I type" in frame(running)[23]
        await pilot.press("escape")
        await pilot.pause()
        assert now(running) is before
        assert frame(running) == rows
        assert running.screen.focused is focused


@pytest.mark.parametrize("sign", ["?", "？"])
async def test_a_question_mark_shows_what_can_be_typed_on_the_empty_field_only(sign):
    running = app()
    async with running.run_test(size=(80, 24)) as pilot:
        await pilot.press("g")
        running.screen.query_one(Field).post_message(events.Key("question_mark", sign))
        await pilot.pause()
        assert "line 13" in frame(running)[23] and "phase backward" in frame(running)[23]
        assert typed(running) == ""
        await pilot.press("x", "question_mark")
        assert typed(running) == "x?"
        await pilot.pause()
        assert "enter answer" in frame(running)[23]


async def test_what_can_be_typed_is_somewhere_in_this_lab():
    for name in ("xor", "circuits", "chessboard"):
        first = opened(lab(name), lab(name).check_sample(None))
        fields = goto.ask_where(first).can_type.fields
        for said in (fields["n"], fields["name"], fields["phase"], f"@{fields['step']}"):
            assert goto.go(first, said).step is not None


async def test_a_refused_answer_is_said_and_can_be_corrected():
    running = app()
    async with running.run_test(size=(80, 24)) as pilot:
        await pilot.press("g", "9", "9", "enter")
        await pilot.pause()
        assert "there is no line 99: they are 1 to 25" in frame(running)[23]
        await pilot.press("backspace", "enter")
        await pilot.pause()
        assert line(now(running)) == 9


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("ascii", [False, True], ids=["unicode", "ascii"])
@pytest.mark.parametrize("key", ["g", "slash", "colon"])
async def test_a_prompt_is_as_wide_as_the_terminal(size, ascii, key):
    running = app(ascii=ascii)
    async with running.run_test(size=size) as pilot:
        await burst(pilot, ["n", key, "question_mark", *"nothing", "enter"])
        rows = frame(running)
        assert len(rows) == size[1]
        assert widths(rows) == {size[0]}
        assert not ascii or "".join(rows).isascii()


async def test_others_can_ask_too():
    running = app()

    def double(here: Snapshot, said: str) -> Snapshot:
        if not said.isdecimal():
            raise StepperError("{said} is no number", said=said)
        return goto.go(here, str(2 * int(said)))

    async with running.run_test(size=(80, 24)) as pilot:
        half = Prompt(say("half of a line"), say("a number"), double, typed="4")
        running.debugger.asking.ask(half)
        await pilot.pause()
        assert "half of a line › 4" in frame(running)[22]
        await pilot.press("x", "enter")
        await pilot.pause()
        assert "4x is no number" in frame(running)[23]
        await pilot.press("backspace", "enter")
        await pilot.pause()
        assert line(now(running)) == 8


async def test_enter_on_nothing_leaves():
    running = app()
    async with running.run_test(size=(80, 24)) as pilot:
        before = now(running)
        await pilot.press("g", "enter")
        await pilot.pause()
        assert running.screen is running.debugger
        assert now(running).cursor is before.cursor


@pytest.mark.parametrize(
    ("said", "number"),
    [("14", 14), ("dJ_dW2", 14), ("∂J/∂W2", 14), ("dj_dw2", 14), ("W2", 22), ("J", 7), ("a1", 2),
     ("backward", 8), ("forward", 1), ("update", 20), ("dW1", 18)],
)  # fmt: skip
async def test_go_to_a_line_a_name_or_a_phase(said, number):
    running = app()
    async with running.run_test(size=(80, 24)) as pilot:
        await pilot.press("g")
        running.screen.query_one(Field).value = said
        await pilot.press("enter")
        await pilot.pause()
        assert line(now(running)) == number
        assert now(running).cursor.level == "line"
        assert f"{number}/25" in frame(running)[0]


def test_go_to_a_step_shows_that_step():
    steps = lab().trace(3).steps
    for step in steps:
        there = goto.go(xor(), f"@{step.index}")
        assert there.step is step
        assert there.cursor.level == ("line" if step.last else "operation")


def test_go_to_a_phase_at_the_level_of_phases_shows_the_whole_phase():
    there = goto.go(xor(level="phase"), "backward")
    assert there.cursor.level == "phase"
    assert line(there) == 19


@pytest.mark.parametrize(
    ("said", "why"),
    [("0", "no line 0"), ("26", "no line 26"), ("@46", "no step 46"), ("X", "given"),
     ("dJ_dW", "several lines"), ("dJ_dQ2", "Did you mean"), ("@", "no line computes"),
     ("sample 4", "g takes 13, a name")],
)  # fmt: skip
def test_what_does_not_exist_is_said(said, why):
    with pytest.raises(StepperError) as refused:
        goto.go(xor(), said)
    assert why in str(refused.value)


def test_what_is_not_found_is_said_of_finding():
    for said, why in (("zz", "no line has `zz` in its name"), ("dJ_dQ2", "Did you mean")):
        with pytest.raises(StepperError) as refused:
            goto.seek(xor(), said)
        assert why in str(refused.value) and "g takes" not in str(refused.value)


def test_go_to_a_sample_keeps_the_place_and_says_which_there_are():
    here = xor(at=20)
    there = goto.go(here, "s7")
    assert (there.sample, there.cursor.stop) == (7, here.cursor.stop)
    assert there.trace.value("a3") == lab().trace(7).value("a3")
    assert str(goto.go(there, "s7").message) == "this is sample 7"
    outside = goto.go(here, "s21")
    assert outside.sample == here.sample and "samples 0 to 20" in str(outside.message)
    fixed = opened(lab("first-step"), None)
    assert "no samples" in str(goto.go(fixed, "s0").message)
    assert "--sample" in str(goto.go(opened(lab(), None), "s0").message)


def test_the_ends_are_places_to_go_to():
    end = goto.go(xor(), "end")
    assert (line(end), goto.go(end, "start").step) == (25, None)


async def test_a_refusal_that_is_longer_than_a_row_is_there_to_its_end():
    running = app()
    async with running.run_test(size=(60, 18)) as pilot:
        await pilot.press("e")
        running.screen.query_one(Field).value = "y = 1e308"
        await pilot.press("enter")
        await pilot.pause()
        rows = frame(running)
        assert widths(rows) == {60} and "y = 1e308" in "".join(rows[-5:])
        with pytest.raises(StepperError) as refused:
            edit(now(running)).answer(now(running), "y = 1e308")
        assert str(refused.value) in " ".join(" ".join(rows).split())
        running.screen.query_one(Field).value = "W1[0, 0] = 1e308"
        await pilot.press("enter")
        await pilot.pause()
        assert "1e+308" in "".join(frame(running))


async def test_find_goes_through_the_hits_and_starts_again_at_the_top():
    running = app()
    async with running.run_test(size=(80, 24)) as pilot:
        await burst(pilot, ["slash", *"W2", "enter"])
        lines = [line(now(running))]
        for _ in range(2):
            await pilot.press("slash", "enter")
            await pilot.pause()
            lines.append(line(now(running)))
        assert lines == [14, 22, 14]
        assert "1 of 2 lines with W2" in frame(running)[22]
        await pilot.press("backspace", "backspace", "backspace")
        assert now(running).step is None


async def test_find_on_nothing_without_an_earlier_search_says_so():
    running = app()
    async with running.run_test(size=(80, 24)) as pilot:
        await pilot.press("slash", "enter")
        await pilot.pause()
        assert "nothing was looked for yet" in frame(running)[22]


async def test_the_palette_lists_every_command_with_its_keys():
    running = app()
    async with running.run_test(size=(120, 70)) as pilot:
        await pilot.press("colon")
        await pilot.pause()
        rows = "\n".join(frame(running))
        for command in matching(""):
            assert words(say(command.help)) in rows
            assert f" {command.id.replace('-', ' ')} " in rows
        assert {c.id for c in COMMANDS} - {c.id for c in matching("")} == {"count", "palette"}


async def test_a_typed_name_runs_a_command():
    running = app()
    async with running.run_test(size=(80, 24)) as pilot:
        await burst(pilot, ["colon", *"end", "enter"])
        assert now(running).cursor.at == len(now(running).trace.steps)
        await burst(pilot, ["colon", *"go", "enter"])
        assert isinstance(running.screen, PromptScreen)


async def test_every_command_can_be_run_by_its_name():
    running = app()
    async with running.run_test(size=(80, 24)) as pilot:
        for command in sorted(matching(""), key=lambda command: command.id == "quit"):
            show(running, xor(at=20))
            await burst(pilot, ["colon"])
            running.screen.query_one(Field).value = command.id
            await burst(pilot, ["enter"])
            assert running.is_running == (command.id != "quit")
            assert not isinstance(running.screen, Palette), command.id
            if running.is_running:
                await burst(pilot, ["escape"])  # what it has asked


async def test_the_palette_is_moved_through_with_the_arrows_and_left_with_escape():
    running = app()
    async with running.run_test(size=(80, 24)) as pilot:
        before = now(running)
        await pilot.press("colon", "down", "down", "down", "down", "up")
        await pilot.pause()
        assert any(row.startswith(" ► back") for row in frame(running))
        await pilot.press("escape")
        await pilot.pause()
        assert now(running).cursor is before.cursor
        await pilot.press("colon", "down", "down", "enter")
        await pilot.pause()
        assert line(now(running)) == 1


async def test_a_name_that_no_command_has_is_said():
    running = app()
    async with running.run_test(size=(80, 24)) as pilot:
        await burst(pilot, ["colon", *"zzz", "enter"])
        assert "no command is called that" in "\n".join(frame(running))


async def test_a_colon_on_an_empty_field_opens_the_commands():
    running = app()
    async with running.run_test(size=(80, 24)) as pilot:
        await pilot.press("g", "colon")
        await pilot.pause()
        assert isinstance(running.screen, Palette)
        await burst(pilot, [*"next", "enter"])
        assert running.screen is running.debugger
        assert line(now(running)) == 1


async def run_by_name(pilot, said):
    """Type into the list of commands, and choose what it found."""
    await pilot.press("colon")
    pilot.app.screen.query_one(Field).value = said
    await pilot.pause()
    await pilot.press("enter")
    await pilot.pause()


@pytest.mark.parametrize(
    ("said", "number"),
    [("go dJ_dW2", 14), ("go 13", 13), ("find W2", 14), ("until J < 5", 7), ("until J > 0", 7),
     ("until max(a1) > 0.5", 2), ("until dJ_dz3 > dJ_da3", 9)],
)  # fmt: skip
async def test_what_stands_behind_a_name_is_given_to_the_command(said, number):
    running = app()
    async with running.run_test(size=(80, 24)) as pilot:
        await run_by_name(pilot, said)
        assert running.screen is running.debugger
        assert line(now(running)) == number
        await pilot.press("backspace")
        assert now(running).step is None


@pytest.mark.parametrize(
    ("said", "why"),
    [("go 99", "no line 99"), ("until J < 0", "after this line J < 0 is never true"),
     ("until W2 > 0", "a condition is one number"), ("until Q > 0", "Q"), ("break 99", "line 99")],
)  # fmt: skip
async def test_what_stands_behind_a_name_and_cannot_be_is_said(said, why):
    running = app()
    async with running.run_test(size=(80, 24)) as pilot:
        await run_by_name(pilot, said)
        assert now(running).step is None
        assert why in "\n".join(frame(running)[22:])


async def test_a_breakpoint_by_its_name_and_line():
    running = app()
    async with running.run_test(size=(80, 24)) as pilot:
        await burst(pilot, ["colon", *"break", "space", "9", "enter"])
        assert now(running).breakpoints.lines == {9}


async def test_until_asks_where_it_is_given_nothing():
    running = app()
    async with running.run_test(size=(80, 24)) as pilot:
        await burst(pilot, ["colon", *"until", "enter"])
        assert "run on until" in frame(running)[22]
        running.screen.query_one(Field).value = "J < 5"
        await pilot.press("enter")
        await pilot.pause()
        assert line(now(running)) == 7
        assert "J < 5 holds here" in frame(running)[22]
