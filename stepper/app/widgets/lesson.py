"""The lesson beside the debugger: what it says, what it asks, and what enter does now."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from textual.reactive import reactive

from stepper.app.classroom import Classroom, Said, enter_now, what_enter_does
from stepper.app.fitting import plain
from stepper.app.panels import PANEL_NAMES
from stepper.app.snapshot import Snapshot
from stepper.app.widgets.footer import EnterDoes
from stepper.app.widgets.numbers import screen
from stepper.app.widgets.painted import rule
from stepper.app.widgets.tabbed import Scrolled
from stepper.check.judged import JudgedLine
from stepper.course.showing import Passage, Shown, Walk
from stepper.expr.sentence import Sentence, say
from stepper.expr.short import short
from stepper.expr.tree import Name
from stepper.show.checked import safe
from stepper.show.lesson import rows
from stepper.show.rows import Look, Row, paragraph, row
from stepper.show.words import words

LEAST_OPEN = 3
"""With fewer rows than this only the rule is drawn: the program has the space."""


class LessonPanel(Scrolled, can_focus=True):
    """Shows all that a lesson has said, the newest in sight, in whole rows only."""

    panel = "lesson"
    classroom: reactive[Classroom | None] = reactive[Classroom | None](None, repaint=False)
    wheel = 3
    across = 0
    """The number of columns of the text."""
    _step = 0
    """The first row of the current step."""
    _laid: list[Row] = []
    _laid_for: tuple[tuple[Said, ...], int] = ((), 0)

    @property
    def more(self) -> bool:
        """Whether there is text below what is shown."""
        return self.top + self.room < self.length

    def watch_classroom(self) -> None:
        self.redraw()

    def page(self, by: int) -> bool:
        """Move on by some pages, with one row of the page before still in sight."""
        return self.scroll(by * max(self.room - 1, 1))

    def paint(self, now: Snapshot, width: int, height: int) -> list[Row]:
        if self.classroom is None or height < LEAST_OPEN:
            return [self._titled(width, "")]
        edge = 2 if self.id == "reading" else 3
        self.room, self.across = height - 2, width - edge
        self._lay(self.classroom, self.across)
        shown = self._laid[self.top : min(self.top + self.room, self.length)]
        shown += [()] * (len(shown) < self.room)
        self.post_message(EnterDoes(enter_now(self.classroom, more=self.more)))
        can = what_enter_does(self.classroom, now, more=self.more)
        return self._placed([*shown, row(self._words(can), "mark")], width, height, self._part())

    def _part(self) -> str:
        """Which rows of the step are shown, if not all of them; `↑` above the step."""
        last, length = min(self.top + self.room, self.length), self.length - self._step
        if self.top < self._step:
            return self.look.sign("↑", "^")
        whole = self.top == self._step and last == self.length
        return "" if whole else f"{self.top - self._step + 1}-{last - self._step}/{length}"

    def _lay(self, room: Classroom, width: int) -> None:
        """Lay the text out if it or its width has changed, and bring the newest part into sight."""
        if self._laid_for != (room.said, width):
            self._laid_for = (room.said, width)
            look = replace(self.look, width=width)
            pieces = [list(said_rows(said, look)) for said in room.said]
            self._laid = [one for piece in pieces for one in piece]
            self.top = len(self._laid) - len(pieces[-1])
            self.length = max(n for n, one in enumerate(self._laid, 1) if plain(one).strip())
            step = max(n for n, said in enumerate(room.said) if said.begins)
            self._step = sum(map(len, pieces[:step]))
        self.top = max(min(self.top, self.lowest), 0)

    @property
    def lowest(self) -> int:
        """The largest `top`, which lets the current step have the panel to itself."""
        return max(self._step, self.length - self.room)

    def _placed(self, rows: list[Row], width: int, height: int, end: str) -> list[Row]:
        """The rows as a panel; in the program's column, without a line at the left."""
        if self.id != "reading":
            return self.framed(rows, width, height, end)
        return [self._titled(width, end), *(((" ", "text"), *one) for one in rows)]

    def _titled(self, width: int, end: str) -> Row:
        return rule(self._words(PANEL_NAMES["lesson"]), width, self.look,
                    heavy=self.has_focus, end=end)  # fmt: skip

    def _words(self, said: Sentence) -> str:
        return words(said, screen(self.look), ascii=self.look.ascii)


def said_rows(said: Said, look: Look) -> Iterator[Row]:
    """What was typed, unless a judged line repeats it, and what the lesson said to it."""
    look = replace(look, layout=said.layout)
    if said.typed and not any(isinstance(shown, JudgedLine) for shown in said.shows):
        typed = f"{look.sign('›', '>')} {safe(short(said.typed))}"
        yield from paragraph(typed, look, indent=0, ink="title", hang=2)
        yield ()
    for shown in said.shows:
        yield from rows(_beside(shown), look)


def _beside(shown: Shown) -> Shown:
    """What to show beside the debugger: not a walk itself, but the request to take it there."""
    if not isinstance(shown, Walk):
        return shown
    number = shown.stage.lab.program.number_of(shown.until)
    said = say(
        "walk with {key_next}, up to line {n}, {name}", n=str(number), name=Name(shown.until)
    )
    return Passage(said, "ask")
