"""The program, always visible: the current line, what it reads, and what is not computed yet."""

from __future__ import annotations

from collections.abc import Collection
from functools import cached_property, lru_cache

import numpy as np
from textual import events

from stepper.app.fitting import fit, in_sight
from stepper.app.moves.breaks import toggle
from stepper.app.moves.jumps import jump
from stepper.app.moves.steps import back, next_step, to_line
from stepper.app.sight import line_asked, line_covered
from stepper.app.snapshot import Snapshot
from stepper.app.widgets.painted import Painted, Wanted, rule
from stepper.expr.sentence import say
from stepper.expr.tree import names
from stepper.language.text import Style, name_text, text
from stepper.program.code import Code, Slot
from stepper.program.program import PHASES, Phase
from stepper.program.program import Program as Source
from stepper.show.arrays import shape_text
from stepper.show.origin import made_from
from stepper.show.reads import part_of_text
from stepper.show.rows import Ink, Look, Row
from stepper.show.words import PHASE_NAMES, words

Place = Phase | int
"""What a row shows: the heading of a phase, or a line by its number."""

WIDE = 38
"""From this many columns on, a line shows the shape of its result at the right."""


class Program(Painted, can_focus=True):
    """Phase headings and numbered lines, each with its current marks."""

    panel = "program"
    ignores = frozenset({"chosen", "message", "count", "past", "watches"})
    places: list[Place]

    def paint(self, now: Snapshot, width: int, height: int) -> list[Row]:
        places = outline(now, height - 1)
        self.places = window(places, now, height - 1)
        lines = now.trace.program.lines
        unfolded = {lines[n - 1].phase for n in places if isinstance(n, int)}
        listing = Listing(now, self.look, width, unfolded)
        title = rule(words(say("program")), width, self.look, heavy=self.has_focus)
        return [title, *(listing.row(place) for place in self.places)]

    def on_click(self, event: events.Click) -> None:
        place = self.places[event.y - 1] if 0 < event.y <= len(self.places) else None
        if not isinstance(place, int):
            return
        if event.x == 0:
            event.prevent_default()  # a double click toggles twice and does not zoom
            self.post_message(Wanted(lambda now: toggle(now, place)))
        else:
            self.post_message(Wanted(jump(lambda now: to_line(now, place))))

    def on_mouse_scroll_down(self) -> None:
        self.post_message(Wanted(next_step))

    def on_mouse_scroll_up(self) -> None:
        self.post_message(Wanted(back))


def outline(now: Snapshot, height: int) -> list[Place]:
    """Every row of the program; if they do not all fit, the phase furthest from here is folded."""
    program = now.trace.program
    phases = [phase for phase in PHASES if program.phase(phase)]
    folded: Phase | None = "forward" if now.step and now.step.phase == "update" else "update"
    if len(program.lines) + len(phases) <= height:
        folded = None
    places: list[Place] = []
    for phase in phases:
        places.append(phase)
        if phase != folded:
            places += [n for n, line in program.numbered() if line.phase == phase]
    return places


def window(places: list[Place], now: Snapshot, height: int) -> list[Place]:
    """As many rows as fit, with the current line and some that follow it."""
    here = places.index(now.step.line) if now.step else 0
    following = min(3, height // 3)
    start = max(min(here - height + 1 + following, len(places) - height), 0)
    return places[start : start + height]


@lru_cache(maxsize=4)
def _results(code: Code) -> dict[int, Slot]:
    """The slot of each line's value, by the line's number."""
    return {step.line: step.output for step in code.steps if step.last}


class Listing:
    """The rows of one frame, each `width` cells wide."""

    def __init__(self, now: Snapshot, look: Look, width: int, open: Collection[Phase]) -> None:
        self.now, self.look, self.width = now, look, width
        self.open = open
        """The phases whose lines are all listed."""

    @cached_property
    def read(self) -> frozenset[int]:
        """The lines whose results the current step reads."""
        now, step = self.now, self.now.step
        if step is None or now.cursor.level == "phase" or line_asked(now, step.line):
            return frozenset()
        whole = now.cursor.level == "line"
        wanted = names(now.trace.program.lines[step.line - 1].tree if whole else step.node)
        return frozenset(line for name, line in made_from(now.trace, step) if name in wanted)

    @cached_property
    def through(self) -> frozenset[str]:
        """The forward names whose lines are being differentiated."""
        step = self.now.step
        if step is None or self.now.cursor.level == "phase" or line_asked(self.now, step.line):
            return frozenset()
        return frozenset(self.now.trace.program.lines[step.line - 1].through)

    def row(self, place: Place) -> Row:
        return self._line(place) if isinstance(place, int) else self._heading(place)

    def _heading(self, phase: Phase) -> Row:
        """` backward`, with the number of its lines if they are folded."""
        here = self.now.step is not None and self.now.step.phase == phase
        mark = self._folded_breaks(phase)
        if here and self.now.cursor.level == "phase":
            mark = self.look.sign("►", ">")
        count = "" if phase in self.open else self._count(phase)
        return ((f"{mark}{words(PHASE_NAMES[phase])}", "title"), (count, "dim"))

    def _folded_breaks(self, phase: Phase) -> str:
        """The mark of breakpoints that are folded with their phase."""
        numbers = [n for n, line in self.now.trace.program.numbered() if line.phase == phase]
        marks = {self._break(n) for n in numbers if phase not in self.open} - {" "}
        return min(marks, default=" ")

    def _break(self, number: int) -> str:
        """The mark in the first column: a breakpoint, one with a condition, or a blank."""
        points = self.now.breakpoints
        if number not in points.lines:
            return " "
        conditional = number in points.conditions
        return self.look.sign("○", "o") if conditional else self.look.sign("●", "*")

    def _count(self, phase: Phase) -> str:
        numbers = [n for n, line in self.now.trace.program.numbered() if line.phase == phase]
        if len(numbers) == 1:
            return words(say("  line {n}", n=str(numbers[0])))
        return words(say("  {n} lines, {first}-{last}", n=str(len(numbers)),
                         first=str(numbers[0]), last=str(numbers[-1])))  # fmt: skip

    def _line(self, number: int) -> Row:
        """` 13► ∂J/∂W2 = ∂J/∂z2 @ a1.T`, with the shape of the result if there is room."""
        places = max(2, len(str(len(self.now.trace.program.lines))))
        marks = self.marks(number)
        gutter = f"{number:>{places}}{marks:<2}"
        room = self.width - 1 - len(gutter) - self.shape_width
        ink: Ink = "mark" if marks and self._exists(number) else "dim"
        row: Row = ((self._break(number), "warn"), (gutter, "title" if self._here(number) else ink),
                    *fit(self._written(number, room), room, self.look))  # fmt: skip
        shape = self._shape(number).rjust(self.shape_width - 1) + " " if self.shape_width else ""
        return (*row, (shape, "dim"))

    @cached_property
    def shape_width(self) -> int:
        """The cells of the longest shape with the gaps beside it; 0 if no shapes are shown."""
        if self.width < WIDE:
            return 0
        values = (self.now.trace.values[slot] for slot in _results(self.now.trace.code).values())
        return max(len(shape_text(v, self.look)) if np.ndim(v) else 1 for v in values) + 2

    def marks(self, number: int) -> str:
        """The marks of a line: here, differentiated now, read now, not computed yet, changed."""
        wrong = self._wrong(number)
        changed = wrong or ("~" if self._slot(number) in self.now.changed else "")
        if self._here(number):
            begun = "" if self._exists(number) else self.look.sign("·", ".")
            return self.look.sign("►", ">") + (begun or changed)
        if not self._exists(number):
            return self.look.sign("·", ".") + wrong
        line = self.now.trace.program.lines[number - 1]
        marks = ""
        if line.phase == "forward" and line.target in self.through:
            marks += self.look.sign("∂", "d")
        marks += self.look.sign("›", "-") if number in self.read else ""
        return marks[: 2 - len(changed)] + changed  # two cells, the last for a change

    def _wrong(self, number: int) -> str:
        """The mark of the line that was made wrong on purpose; empty for any other."""
        altered = self.now.trace.program.altered
        is_it = altered is not None and number == altered.number
        return self.look.sign("✗", "x") if is_it else ""

    def _here(self, number: int) -> bool:
        return self.now.step is not None and self.now.step.line == number

    def _slot(self, number: int) -> Slot:
        return _results(self.now.trace.code)[number]

    def _exists(self, number: int) -> bool:
        return self.now.cursor.exists(self._slot(number))

    def _shape(self, number: int) -> str:
        if not self._exists(number):
            return self.look.sign("·", ".")
        value = self.now.trace.values[self._slot(number)]
        return shape_text(value, self.look) if np.ndim(value) else "1"

    def _written(self, number: int, room: int) -> Row:
        """The line as code; of the current one, all or the part computed now is in reverse."""
        line, style = self.now.trace.program.lines[number - 1], self._style
        if line_covered(self.now, number):
            hidden = f"{name_text(line.target, style)} = ?"
            return ((hidden, "here" if self._here(number) else "dim"),)
        if not self._here(number):
            written = _texts(self.now.trace.program, style.partial)[number - 1]
            return ((written, "text" if self._exists(number) else "dim"),)
        step = self.now.step
        assert step is not None
        if not step.path or self.now.cursor.level in ("phase", "line"):
            return ((line.text(style), "here"),)
        target, tree = f"{name_text(line.target, style)} = ", text(line.tree, style)
        start, end = part_of_text(line.tree, step.path, style)
        return in_sight(target + tree[:start], tree[start:end], tree[end:], room, self.look)

    @property
    def _style(self) -> Style:
        return _style(self.now.trace.program, partial=not self.look.ascii)


def _style(program: Source, *, partial: bool) -> Style:
    """The style of code that can be typed back, with ∂ unless the screen is ASCII."""
    return Style(partial=partial, tight=True, layout=program.layout)


@lru_cache(maxsize=8)
def _texts(program: Source, partial: bool) -> list[str]:
    """Every line of a program as code."""
    return [line.text(_style(program, partial=partial)) for line in program.lines]
