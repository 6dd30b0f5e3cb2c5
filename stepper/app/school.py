"""The app with an open lesson: `stepper learn` on a terminal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from stepper.app.app import StepperApp, on_terminal
from stepper.app.classroom import entered
from stepper.app.commands import COMMANDS, taught
from stepper.app.config import configured
from stepper.app.leaving import code_of
from stepper.app.screens.debugger import DebuggerScreen
from stepper.app.screens.teacher import Teacher
from stepper.app.terminal import needs_ascii
from stepper.course import progress
from stepper.course.keeping import resumed
from stepper.course.lesson import Lesson
from stepper.course.play import Turn, opened
from stepper.program.shell import command
from stepper.show.rows import Look


def run_lesson(
    course: Sequence[Lesson], lesson: Lesson | None, language: str, *, ascii: bool = False
) -> int:
    """Opens a lesson beside the debugger, where it was left; on leaving, prints the command that
    returns there.

    Without `lesson` it opens the one left last, else the first that is not done. Raises
    StepperError for an invalid configuration, and for a lab that cannot be loaded.
    """
    known, look = configured(taught(COMMANDS)), Look(ascii=ascii or needs_ascii())
    kept, trouble = progress.read()
    chosen = lesson or resumed(course, kept) or course[0]
    turn = opened(chosen, language, kept, kept.skills(course))
    trouble = trouble or progress.keep({}, turn.play.key)
    first = replace(entered(turn)[1], message=trouble)
    teach = partial(_taught, course, turn)
    app = StepperApp(DebuggerScreen(first, look, known, proves=True, teach=teach))
    on_terminal(app)
    print(command(["stepper", "learn", *(["--ascii"] if ascii else [])]))
    return code_of(app)


def _taught(course: Sequence[Lesson], turn: Turn, screen: DebuggerScreen) -> Teacher:
    return Teacher(screen, course, turn)
