"""All lessons with the progress of each; `enter` opens one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from stepper.app.screens.choosing import Choosing
from stepper.app.screens.sheet import BELOW, CUT, ROWS, TOP, sheet
from stepper.course import progress
from stepper.course.lesson import Lesson
from stepper.expr.sentence import say
from stepper.show.lesson_list import lesson_rows
from stepper.show.rows import Look
from stepper.show.words import words

ABOVE = say(" all lessons")
UNDER = say(" enter open  up, down choose  esc back to the lesson")


class Lessons(Choosing[Lesson]):
    """Returns the chosen lesson, or None."""

    DEFAULT_CSS = sheet("Lessons", TOP, ROWS, BELOW, CUT)
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("L,q", "dismiss", show=False),
        Binding("j,n", "by(1)", show=False),
        Binding("k,p", "by(-1)", show=False),
        Binding("enter", "choose", show=False),
    ]

    def __init__(self, look: Look, course: Sequence[Lesson], here: Lesson, language: str) -> None:
        super().__init__()
        self.look, self.course = look, course
        self.at = course.index(here) if here in course else 0
        self.listed = list(lesson_rows(course, progress.read()[0], language))

    def compose(self) -> ComposeResult:
        yield Static(self.look.spelled(words(ABOVE)), id="above", markup=False)
        with VerticalScroll(can_focus=False):
            yield Static(id="list", markup=False)
        yield Static(self.look.spelled(words(UNDER)), id="under", markup=False)

    def things(self) -> list[list[Content]]:
        here = self.look.sign("►", ">")
        return [
            [
                Content.styled(f"{here}{self.look.spelled(said)}", "reverse") if n == self.at
                else Content(f" {self.look.spelled(said)}")
            ]
            for n, said in enumerate(self.listed)
        ]  # fmt: skip

    def action_choose(self) -> None:
        self.choose(self.at)

    def choose(self, at: int) -> None:
        self.dismiss(self.course[at])
