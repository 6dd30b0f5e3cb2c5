"""The whole course in the app: every text fits its place, and all of it is played to the end."""

import pytest

from stepper.app.classroom import Said
from stepper.app.fitting import cells, plain
from stepper.app.screens.done import Done
from stepper.app.widgets.lesson import said_rows
from stepper.course import progress
from stepper.course.keeping import resumed
from stepper.course.lint import with_answers, with_hints
from stepper.course.play import opened
from stepper.expr.languages import LANGUAGES
from stepper.show.rows import Look
from stepper.show.translation import speak
from tests.app.classes import ALL, answer_right, app, read, teacher
from tests.app.screens import burst, frame, widths

SIZES = {60: 18, 80: 24, 120: 40, 160: 50}
"""Rows of a terminal by its columns."""


async def places():
    """How many columns the text of a lesson has, by those of the terminal."""
    running, found = app(), {}
    async with running.run_test(size=(100, 30)) as pilot:
        for size in SIZES.items():
            await pilot.resize_terminal(*size)
            await pilot.pause()
            found[size[0]] = teacher(running).shown.across
    return found


@pytest.mark.parametrize("language", LANGUAGES)
async def test_no_line_of_a_lesson_is_cut_at_any_size(language):
    speak(language)
    found = await places()
    assert found[80] >= 36 and len(set(found.values())) == len(SIZES)
    for lesson in ALL:
        for way in (with_answers, with_hints):
            for turn in way(lesson, language):
                layout = "columns" if turn.play.over else turn.play.stage.lab.layout
                for across in found.values():
                    said = Said(turn.shows, layout)
                    wide = [plain(one) for one in said_rows(said, Look(width=across))
                            if cells(one) > across]  # fmt: skip
                    assert not wide, (lesson.id, across, wide)


@pytest.mark.slow
@pytest.mark.parametrize("language", LANGUAGES)
async def test_the_course_is_played_from_a_fresh_install_to_its_end(language):
    """By keyboard alone; and whoever is killed at a step comes back to that very step."""
    speak(language)
    running = app(ALL[0], language)
    async with running.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        here = teacher(running)
        for lesson in ALL:
            assert here.room.play.lesson is lesson
            await played(pilot, here, language)
            assert isinstance(running.screen, Done)
            assert lesson.prose[language].title in "\n".join(frame(running))
            await burst(pilot, ["enter"])
        assert here.room.play.over and "q" in str(here.now.message)
    kept = progress.read()[0]
    assert resumed(ALL, kept) is None
    assert all(r.is_past for lesson in ALL for r in kept.of_lesson(lesson).values())


async def played(pilot, here, language):
    """A lesson to its end with the right answers, each answer seen to be taken."""
    while not here.room.play.over:
        play = here.room.play
        again = opened(play.lesson, language, progress.read()[0]).play
        assert again.step is play.step
        await read(pilot)
        assert widths(frame(pilot.app)) == {80}
        if play.waits:
            await answer_right(pilot)
            assert not here.room.play.waits, (play.step.id, frame(pilot.app))
            await read(pilot)
        await burst(pilot, ["enter"])
        assert here.room.play.at > play.at or here.room.play.over
