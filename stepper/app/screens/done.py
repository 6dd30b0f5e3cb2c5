"""The end of a lesson: what was learnt, what to come back to, and where to go from here."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Static

from stepper.app.screens.sheet import BELOW, ROWS, TOP, sheet
from stepper.course.lesson import Lesson
from stepper.course.saying import ending, learnt
from stepper.course.state import Play
from stepper.expr.sentence import Sentence, say
from stepper.show.lesson import rows
from stepper.show.rows import Ink, Look, Row, row
from stepper.show.words import words

MOST = 78
"""The longest row, in cells: longer ones are harder to read."""
STYLES: dict[Ink, str] = {"title": "bold", "mark": "bold", "dim": "dim"}


class Done(Screen[str]):
    """Returns `next` or `list`; None if the learner stays."""

    DEFAULT_CSS = sheet("Done", TOP, ROWS, BELOW)
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,n", "dismiss('next')", show=False),
        Binding("L", "dismiss('list')", show=False),
        Binding("escape,q", "dismiss", show=False),
        Binding("down,j", "by(1)", show=False),
        Binding("up,k", "by(-1)", show=False),
    ]

    def __init__(self, look: Look, play: Play, later: Lesson | None) -> None:
        super().__init__()
        self.look, self.play, self.later = look, play, later

    def compose(self) -> ComposeResult:
        lesson, language = self.play.lesson, self.play.language
        title = say(" lesson {n}: {title}", n=str(lesson.number),
                    title=lesson.prose_in(language).title)  # fmt: skip
        yield Static(self._text(title), id="above", markup=False)
        with VerticalScroll():
            yield Static(id="list", markup=False)
        yield Static(self._text(self._ways()), id="under", markup=False)

    def on_resize(self) -> None:
        self.query_one("#list", Static).update(Content("\n").join(map(self._styled, self._rows())))

    def _rows(self) -> Iterator[Row]:
        """What was learnt, how it went, and the next lesson."""
        look = replace(self.look, width=min(self.app.size.width - 2, MOST))
        yield row("")
        for shown in (*learnt(self.play), *ending(self.play)):
            yield from rows(shown, look)
        if self.later is not None:
            title = self.later.prose_in(self.play.language).title
            said = say("next: lesson {n}, {title}", n=str(self.later.number), title=title)
            yield row(words(said), "title")

    def _ways(self) -> Sentence:
        if self.later is None:
            return say(" L all lessons  esc back to the debugger")
        return say(" enter the next lesson  L all lessons  esc back to the debugger")

    def _text(self, said: Sentence) -> str:
        return words(said, ascii=self.look.ascii)

    def _styled(self, row: Row) -> Content:
        runs = ((self.look.spelled(text), ink) for text, ink in row)
        return Content.assemble(" ", *((text, STYLES.get(ink, "")) for text, ink in runs))

    def action_by(self, rows: int) -> None:
        self.query_one(VerticalScroll).scroll_relative(y=rows, animate=False)
