"""The first screen: what it offers, how one chooses, and another language from key to key."""

import json

import pytest
from rich.cells import cell_len
from textual.pilot import Pilot

from stepper.app.welcome import Welcome, ask
from stepper.course import progress
from stepper.course.load import lessons
from stepper.course.progress import Progress, Record
from stepper.expr.languages import ENGLISH
from stepper.expr.sentence import say
from stepper.show.translation import speak, spoken
from stepper.show.welcome import choices
from tests.app.screens import app, burst, frame, panel_rows

NEW = Progress()
BEGUN = Progress(current="nudge/x", steps={"nudge/x": Record("open", 1)})
SIZES = [(60, 18), (80, 24), (120, 40)]


def welcome(kept: Progress = NEW, *, ascii: bool = False) -> Welcome:
    return Welcome(lambda: choices(lessons(), kept, spoken()), ascii=ascii)


def offered(kept: Progress) -> list[str]:
    return [choice.typed for choice in choices(lessons(), kept, ENGLISH)]


def screen(pilot: Pilot[object]) -> list[str]:
    return frame(pilot.app)


def test_who_is_new_is_offered_the_walk_first() -> None:
    new = ["stepper run xor", "stepper learn", "stepper check xor", "stepper --help"]
    assert offered(Progress()) == new


def test_who_has_begun_is_offered_the_lesson_that_was_left() -> None:
    assert offered(BEGUN) == [
        "stepper learn", "stepper run xor", "stepper learn --list", "stepper check xor",
        "stepper --help",
    ]  # fmt: skip
    assert choices(lessons(), BEGUN, ENGLISH)[0].label.words() == "go on with lesson 2"


def test_who_has_done_all_is_offered_the_walk_first() -> None:
    done = {lesson.key(s): Record("done", 1) for lesson in lessons() for s in lesson.steps}
    assert offered(Progress(steps=done))[:2] == ["stepper run xor", "stepper learn --list"]


@pytest.mark.parametrize(
    ("keys", "typed"),
    [
        (["enter"], ("run", "xor")),
        (["down", "enter"], ("learn",)),
        (["j", "down", "down", "down", "k", "space"], ("check", "xor")),
        (["end", "up", "home", "up", "enter"], ("run", "xor")),
        (["4"], ("--help",)),
        (["9", "x", "２"], ("learn",)),
        (["q"], None),
        (["escape"], None),
        (["ctrl+c"], None),
    ],
)  # fmt: skip
async def test_keys_choose(keys: list[str], typed: tuple[str, ...] | None) -> None:
    running = welcome()
    async with running.run_test() as pilot:
        await pilot.press(*keys)
    assert (running.return_value and running.return_value.words) == typed


async def test_a_click_chooses() -> None:
    running = welcome()
    async with running.run_test() as pilot:
        await pilot.click(offset=(10, 12))
        row = next(y for y, said in enumerate(screen(pilot)) if "check xor" in said)
        await pilot.click(offset=(10, row))
    assert running.return_value is not None
    assert running.return_value.words == ("check", "xor")


@pytest.mark.parametrize("size", SIZES)
async def test_every_choice_is_on_the_screen_in_both_languages(size: tuple[int, int]) -> None:
    async with welcome(BEGUN).run_test(size=size) as pilot:
        await pilot.pause()
        for language in (ENGLISH, "zh-TW"):
            shown = screen(pilot)
            assert {cell_len(row) for row in shown} == {size[0]}
            assert spoken() == language
            for choice in choices(lessons(), BEGUN, language):
                assert any(choice.typed in row for row in shown)
            assert "enter" in shown[-1].lower()
            assert "►" in "".join(shown)
            await pilot.press("Z")
            await pilot.pause()
    assert progress.read()[0].language == ENGLISH


@pytest.mark.parametrize("size", [(9, 3), (7, 24), (1, 1)])
def test_a_window_may_shrink_to_nothing(size: tuple[int, int]) -> None:
    first = Welcome(lambda: choices(lessons(), NEW, ENGLISH), [say("broken")], ascii=False)
    assert len(list(first.rows(*size))) == size[1]


async def test_ascii_is_english_and_nothing_else() -> None:
    speak(ENGLISH, only=True)
    async with welcome(ascii=True).run_test() as pilot:
        await pilot.press("Z")
        await pilot.pause()
        assert "".join(screen(pilot)).isascii()
        assert "only ASCII" in "".join(screen(pilot))
    assert spoken() == ENGLISH


async def test_signs_in_ascii_leave_chinese_as_it_is() -> None:
    speak("zh-TW")
    async with welcome(ascii=True).run_test() as pilot:
        shown = "".join(screen(pilot))
        assert "課" in shown and "►" not in shown
        assert "?" not in shown


async def test_a_choice_of_language_that_cannot_be_kept_is_said(tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("STEPPER_STATE", str(tmp_path / "file" / "below"))
    (tmp_path / "file").write_text("", "utf-8")
    async with welcome().run_test() as pilot:
        await pilot.press("Z")
        await pilot.pause()
        assert "無法" in "".join(screen(pilot))
        assert "走過一遍" in "".join(screen(pilot))


async def test_the_debugger_speaks_the_other_language_at_once_and_as_if_begun_in_it() -> None:
    """Tab by tab the screen after `Z` is the one of an app that was started in that language."""
    panels = "header program watches numbers entry derive graph loss boundary watch footer".split()
    keys = ["n", "n", "w", "t", "5", "enter", "n"]

    async def played(switches: int) -> list[list[list[str]]]:
        running = app()
        seen = []
        async with running.run_test(size=(120, 40)) as pilot:
            for key in keys:
                await pilot.press(key)
                if running.debugger.trainer.leg is not None:
                    await running.workers.wait_for_complete()
            for _ in range(6):
                await burst(pilot, [*["Z"] * switches, *["p", "n"] * (switches == 0)])
                shown = [p for p in panels if running.debugger.query_one(f"#{p}").display]
                seen.append([panel_rows(running, p) for p in shown])
                await pilot.press(*["Z"] * (switches > 0), "v")
        return seen

    switched = await played(1)
    kept = json.loads((progress.STORE.path).read_text("utf-8"))["lang"]
    assert (spoken(), kept) == (ENGLISH, ENGLISH)
    speak("zh-TW")
    assert switched == await played(0)


async def test_the_language_of_the_environment_is_named_where_it_will_win(monkeypatch) -> None:
    monkeypatch.setenv("STEPPER_LANG", "en")
    running = app()
    async with running.run_test() as pilot:
        await pilot.press("Z")
        await pilot.pause()
        assert "STEPPER_LANG=en" in panel_rows(running, "message")[0]
        assert any("程式" in row for row in frame(running))


def test_a_fault_of_stepper_itself_is_not_left_as_if_somebody_had_chosen_to(monkeypatch):
    monkeypatch.setattr(Welcome, "run", lambda screen: setattr(screen, "_return_code", 1))
    with pytest.raises(SystemExit) as ended:
        ask(lambda: [], ascii=True)
    assert ended.value.code == 70
