"""What the tests of lessons in the app share: an app with a lesson open, and how it is played."""

from __future__ import annotations

from functools import partial

from textual.pilot import Pilot

from stepper.app.app import StepperApp
from stepper.app.classroom import entered
from stepper.app.commands import COMMANDS, taught
from stepper.app.screens.debugger import DebuggerScreen
from stepper.app.screens.teacher import Teacher
from stepper.course.answers import answer_of
from stepper.course.lesson import Lesson
from stepper.course.load import lessons
from stepper.course.play import Turn, opened
from stepper.course.progress import Progress, Record
from stepper.show.rows import Look
from tests.app.screens import burst

ALL = lessons()
NOTHING = Progress()


def app(
    lesson: Lesson = ALL[0],
    language: str = "en",
    progress: Progress = NOTHING,
    *,
    ascii: bool = False,
) -> StepperApp:
    turn = opened(lesson, language, progress)
    teach = partial(_taught, turn=turn)
    first = entered(turn)[1]
    return StepperApp(DebuggerScreen(first, Look(ascii=ascii), taught(COMMANDS), teach=teach))


def _taught(screen: DebuggerScreen, turn: Turn) -> Teacher:
    return Teacher(screen, ALL, turn)


def until(step: str, lesson: Lesson = ALL[0]) -> Progress:
    """What was done before a step, not at the first try."""
    earlier = lesson.steps[: [s.id for s in lesson.steps].index(step)]
    return Progress(steps={lesson.key(s): Record("done", 2) for s in earlier})


def teacher(app: StepperApp) -> Teacher:
    assert app.debugger.teacher is not None
    return app.debugger.teacher


async def read(pilot: Pilot[None]) -> None:
    """Press enter until the text is read."""
    here = teacher(pilot.app)
    for _ in range(9):
        if not here.shown.more:
            return
        await pilot.press("enter")


async def answer_right(pilot: Pilot[None]) -> None:
    """Press the right choice, or type the right answer as it is told after the last hint."""
    room = teacher(pilot.app).room
    typed = answer_of(room.play.step, room.play.stage)
    if room.choices:
        await pilot.press(str(room.play.step.choices.index(typed) + 1))
        return
    await pilot.press("enter")
    await burst(pilot, typed)
    await pilot.press("enter")
