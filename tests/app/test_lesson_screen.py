"""A lesson on the screen: played by keyboard alone, at every size, left and come back to."""

import gc

import pytest

from stepper.app.app import StepperApp
from stepper.app.commands import TEACHING
from stepper.app.school import run_lesson
from stepper.course import progress
from stepper.course.lesson import Explain
from stepper.show.translation import speak, translate
from tests.app.classes import ALL, answer_right, app, read, teacher, until
from tests.app.screens import burst, everything, frame, now, panel_rows, widths

FIRST = ALL[0]


def message(running):
    return panel_rows(running, "message")[0].strip()


def enter_of(here):
    """What enter does now, by the state of the lesson."""
    if here.shown.more:
        return f"enter {translate('read on')}"
    if choices := here.room.choices:
        return f"1-{choices} {translate('choose')}"
    return f"enter {translate('answer' if here.room.play.waits else 'go on')}"


def enter_in_footer(running):
    """The entry behind help and quit."""
    return frame(running)[-1].strip().split("  ")[2]


@pytest.mark.parametrize("language", ["en", "zh-TW"])
async def test_a_lesson_is_played_to_its_end_by_keyboard_alone(language):
    speak(language)
    running = app(FIRST, language)
    async with running.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        here = teacher(running)
        while not here.room.play.over:
            await pilot.pause()
            assert enter_in_footer(running) == enter_of(here)
            await read(pilot)
            await pilot.pause()
            assert enter_in_footer(running) == enter_of(here)
            assert widths(frame(running)) == {80}
            step = here.room.play.at
            if here.room.play.waits:
                await answer_right(pilot)
                assert not here.room.play.waits
                await read(pilot)
            await pilot.press("enter")
            assert here.room.play.at > step
        await pilot.pause()
        ended = "\n".join(frame(running))
        assert FIRST.prose[language].title in ended and ALL[1].prose[language].title in ended
        await pilot.press("enter")
        await pilot.pause()
        assert here.room.play.lesson is ALL[1]
        assert progress.read()[0].current == ALL[1].key(ALL[1].steps[0])
        assert all(r.is_past for r in progress.read()[0].of_lesson(FIRST).values())


@pytest.mark.parametrize(("size", "place"), [
    ((80, 24), "reading"), ((120, 24), "reading"), ((120, 40), "lesson"), ((200, 50), "lesson"),
    ((60, 18), "reading"),
])  # fmt: skip
async def test_a_lesson_has_its_place_at_every_size_and_keeps_the_keys(size, place):
    running = app(FIRST, progress=until("output"))
    async with running.run_test(size=(100, 30)) as pilot:
        await pilot.pause()
        await pilot.resize_terminal(*size)
        await pilot.pause()
        panel = teacher(running).shown
        assert panel.id == place and running.screen.focused is panel
        assert panel.region.width >= 24 and running.debugger.query_one("#numbers").display
        if size[0] >= 160:
            assert panel.region.width == 46 and panel.region.height > 40
        assert widths(frame(running)) == {size[0]}
        shown = "\n".join(panel_rows(running, place))
        assert "Before" in shown and "enter: " in shown
        assert "y_hat" in "\n".join(panel_rows(running, "program"))


async def test_the_line_and_its_neighbours_stand_above_the_lesson_and_tab_brings_all_of_them():
    running = app(ALL[6], progress=until("which-way", ALL[6]))
    async with running.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        rows = panel_rows(running, "program")
        assert len(rows) == 4 and rows[2].startswith("  6►")
        await pilot.press("tab")
        await pilot.pause()
        assert len(panel_rows(running, "program")) > 15
        assert "lesson" in panel_rows(running, "reading")[0]
        await pilot.press("shift+tab")
        await pilot.pause()
        assert len(panel_rows(running, "program")) == 4
        await pilot.press("z")
        await pilot.pause()
        assert teacher(running).shown.region.width == 80
        await pilot.press("z")
        await pilot.pause()
        assert teacher(running).shown.id == "reading"


async def test_every_key_of_a_lesson_acts_or_leaves_a_message():
    running = app(FIRST, progress=until("weight"))
    async with running.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        for key in ["H", "S", "n", "R", "n", "B", "down", "up", "pagedown", "pageup", "j", "k"]:
            before = (message(running), everything(running))
            await pilot.press(key)
            assert (message(running), everything(running)) != before, key
        assert "S skip" in frame(running)[-1]
        assert enter_in_footer(running) == enter_of(teacher(running)) == "enter read on"
        await pilot.press("question_mark")
        await pilot.pause()
        text = "\n".join(str(w.render()) for w in running.screen.query("Static"))
        assert all(command.help in text for command in TEACHING)


async def test_stepping_goes_on_beside_a_lesson_and_one_key_comes_back():
    running = app(FIRST, progress=until("number"))
    async with running.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        at = now(running).cursor.stop
        await pilot.press("n", "n", "p", "x", "d", "v")
        assert now(running).cursor.stop != at and teacher(running).room.away(now(running))
        assert "B: back" in "\n".join(panel_rows(running, "reading"))
        await pilot.press("B")
        assert now(running).cursor.stop == at and "back where" in message(running)
        await pilot.press("B")
        assert "this is where" in message(running)


async def test_what_was_wrong_is_underlined_and_stands_in_the_field_to_be_made_right():
    running = app(FIRST, progress=until("weight"))
    async with running.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        await read(pilot)
        await pilot.press("enter")
        await burst(pilot, "2*(y-y_hat)*x")
        await pilot.press("enter")
        await pilot.pause()
        shown = "\n".join(panel_rows(running, "reading"))
        assert "✗" in shown and "^" in shown
        await read(pilot)
        await pilot.press("enter")
        await pilot.pause()
        assert "2*(y-y_hat)*x" in frame(running)[-2]
        await pilot.press("escape")
        stop = now(running).cursor.stop
        await pilot.press("n")
        assert now(running).cursor.stop != stop


async def test_what_has_a_blank_stands_beside_the_field_even_where_its_question_is_out_of_sight():
    running = app(FIRST, progress=until("last-factor"))
    async with running.run_test(size=(60, 18)) as pilot:
        await pilot.pause()
        await read(pilot)
        await pilot.press("enter")
        await burst(pilot, "x")
        assert " ∂L/∂w = 2 * (y_hat - y) * ____ › x" in frame(running)[-2]


async def test_the_field_says_what_can_be_typed_and_runs_commands_by_name():
    running = app(FIRST, progress=until("weight"))
    async with running.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        await read(pilot)
        await pilot.press("enter")
        await pilot.press("question_mark")
        await pilot.pause()
        assert "a formula for ∂L/∂w" in frame(running)[-1]
        await pilot.press("colon")
        await burst(pilot, "hint")
        await pilot.press("enter")
        await pilot.pause()
        assert teacher(running).room.play.record.hints == 1
        await pilot.press("H")
        assert "take a moment" in "\n".join(panel_rows(running, "reading"))


async def test_a_choice_is_one_digit_and_elsewhere_a_digit_counts():
    step = next(s for s in FIRST.steps if isinstance(s, Explain))
    running = app(FIRST, progress=until(step.id))
    async with running.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        await pilot.press("enter")
        assert "press the number of your choice, 1 to 3" in message(running)
        await pilot.press("tab", "9")
        assert now(running).count == 9
        await pilot.press("escape", "shift+tab", "9")
        assert now(running).count == 0
        assert "press the number of your choice, 1 to 3" in message(running)
        await pilot.press(str(step.choices.index(step.answer) + 1))
        assert teacher(running).room.play.record.is_done
        await pilot.press("2", "p")
        assert now(running).count == 0 and not teacher(running).room.play.waits


async def test_skip_and_reset_ask_first_and_a_full_width_letter_is_its_key():
    running = app(FIRST, progress=until("weight"))
    async with running.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        here = teacher(running)
        await burst(pilot, ["Ｓ"])
        assert "skip this step" in message(running)
        await pilot.press("n")
        assert here.room.play.step.id == "weight" and "nothing is skipped" in message(running)
        await pilot.press("S", "y")
        assert here.room.play.records["weight"].state == "skipped"
        await pilot.press("R", "n")
        assert here.room.play.at
        await pilot.press("R", "y")
        assert here.room.play.at == 0 and now(running).step is None


@pytest.mark.parametrize(("panel", "entry"), [("program", "w = "), ("footer", "next")])
async def test_a_question_that_stands_there_no_longer_is_answered_by_no_key(panel, entry):
    running = app(FIRST, progress=until("weight"))
    async with running.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        await pilot.press("R")
        at, question = teacher(running).room.play.at, message(running)
        await pilot.click(f"#{panel}", offset=cell_of(running, panel, entry))
        await pilot.pause()
        assert message(running) != question
        await pilot.press("y")
        assert teacher(running).room.play.at == at and "copied" in message(running)


def cell_of(running, panel, text):
    """The column and the row of a panel where a text stands last."""
    rows = panel_rows(running, panel)
    y = max(y for y, row in enumerate(rows) if text in row)
    return rows[y].index(text), y


async def test_the_list_opens_another_lesson_and_escape_none():
    running = app(FIRST)
    async with running.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        here = teacher(running)
        await pilot.press("L")
        await pilot.pause()
        assert all(lesson.prose["en"].title in "\n".join(frame(running)) for lesson in ALL)
        assert widths(frame(running)) == {80}
        await pilot.press("down", "escape")
        assert here.room.play.lesson is FIRST
        await pilot.press("L", "down", "down", "enter")
        await pilot.pause()
        assert here.room.play.lesson is ALL[2]
        assert now(running).lab is here.room.stand.lab


async def test_where_progress_cannot_be_kept_that_is_said_once_and_the_lesson_goes_on(
    tmp_path, monkeypatch
):
    (tmp_path / "file").write_text("no folder")
    monkeypatch.setenv("STEPPER_STATE", str(tmp_path / "file"))
    running = app(FIRST)
    async with running.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        await read(pilot)
        await pilot.press("enter")
        assert "cannot write" in message(running)
        assert teacher(running).room.play.at == 1
        await pilot.press("n")
        await pilot.press("H")
        assert "cannot write" not in message(running)


async def test_in_ascii_all_is_ascii():
    running = app(FIRST, progress=until("last-factor"), ascii=True)
    async with running.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        assert "\n".join(frame(running)).isascii()
        await pilot.press("L")
        await pilot.pause()
        assert "\n".join(frame(running)).isascii()


def test_what_is_left_says_how_to_come_back_and_a_broken_file_is_said_at_the_start(
    tmp_path, monkeypatch, capsys
):
    monkeypatch.setenv("STEPPER_STATE", str(tmp_path))
    (tmp_path / "progress.json").write_text("{")
    seen = []
    monkeypatch.setattr(StepperApp, "run", lambda app, **_: seen.append(app))
    monkeypatch.setattr(gc, "freeze", lambda: None)
    assert run_lesson(ALL, None, "en") == 0
    assert capsys.readouterr().out == "stepper learn\n"
    assert teacher(seen[0]).room.play.lesson is FIRST
    assert "progress" in str(seen[0].debugger.now.message)
    run_lesson(ALL, ALL[2], "en", ascii=True)
    assert capsys.readouterr().out == "stepper learn --ascii\n"
    assert teacher(seen[1]).room.play.lesson is ALL[2]
    assert progress.read()[0].current == ALL[2].key(ALL[2].steps[0])


async def test_another_language_is_spoken_by_the_lesson_too_and_nothing_is_lost():
    running = app(FIRST, progress=until("weight"))
    async with running.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        await pilot.press("Z")
        await pilot.pause()
        shown = "\n".join(panel_rows(running, "reading"))
        assert FIRST.prose["zh-TW"].sections["weight"].title in shown and "enter：" in shown
        await read(pilot)
        await answer_right(pilot)
        assert teacher(running).room.play.records["weight"].is_done


async def test_what_is_typed_at_once_behind_a_colon_in_the_field_is_for_the_commands():
    running = app(FIRST, progress=until("weight"))
    async with running.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        await read(pilot)
        stop = now(running).cursor.stop
        await burst(pilot, ["enter"])
        await burst(pilot, [*":hint", "enter"])
        await pilot.pause()
        assert teacher(running).room.play.record.hints == 1
        assert now(running).cursor.stop == stop and running.screen is running.debugger


async def test_a_try_takes_the_place_of_the_one_before_it():
    running = app(FIRST, progress=until("last-factor"))
    async with running.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        await pilot.press("H")
        for typed in ("w", "1"):
            await read(pilot)
            await pilot.press("enter", "ctrl+u")
            await burst(pilot, [typed, "enter"])
        while teacher(running).shown.scroll(-1):
            pass
        said = teacher(running).room.said
        assert [one.typed for one in said] == ["", "", "1"]
        assert said[0].begins and "Keep" in str(said[1].shows[0].sentence)


@pytest.mark.parametrize(("step", "typed"), [("number", "-8"), ("output", "7")])
async def test_a_number_can_be_typed_at_once(step, typed):
    running = app(FIRST, progress=until(step))
    async with running.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        stop = now(running).cursor.stop
        for key in ("1", "0", "5", "escape"):
            await burst(pilot, [key])
        assert now(running).cursor.stop == stop and not now(running).count
        await burst(pilot, [*typed, "enter"])
        await pilot.pause()
        assert teacher(running).room.play.record.is_done
        await pilot.press("2", "p")
        assert now(running).count == 0
