"""The whole program all the time: where the walk is, what it reads, what is not computed yet."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from textual import events

from stepper.app.bindings import bindings
from stepper.app.fitting import cells, fit
from stepper.app.session import Snapshot, back, next_step, to_line
from stepper.app.widgets.painted import Painted, Wanted, rule
from stepper.language.text import Style, name_text, text
from stepper.program.program import PHASES, Line, Phase
from stepper.show.arrays import shape_text
from stepper.show.origin import made_from
from stepper.show.rows import Look, Row
from stepper.show.walk import part_of_text

Numbered = tuple[int | None, Row]
"""A row, and the number of the line that stands in it."""


class Program(Painted, can_focus=True):
    """Phase headings and numbered lines, each with the marks of this moment."""

    panel = "program"
    BINDINGS = bindings("program")

    def paint(self, now: Snapshot, width: int, height: int) -> list[Row]:
        listing = window(listed(now, width, height - 1, self.look), now, height - 1)
        self.lines = [number for number, _ in listing]
        return [rule("program", width, self.look, heavy=self.has_focus), *(r for _, r in listing)]

    def on_click(self, event: events.Click) -> None:
        number = self.lines[event.y - 1] if 0 < event.y <= len(self.lines) else None
        if number is not None:
            self.post_message(Wanted(lambda now: to_line(now, number)))

    def on_mouse_scroll_down(self) -> None:
        self.post_message(Wanted(next_step))

    def on_mouse_scroll_up(self) -> None:
        self.post_message(Wanted(back))


def listed(now: Snapshot, width: int, height: int, look: Look) -> list[Numbered]:
    """Every row of the program; what is far from here is folded where not all fits."""
    lines = now.trace.program.lines
    phases = [phase for phase in PHASES if now.trace.program.phase(phase)]
    here = now.step.phase if now.step else phases[0]
    all_fit = len(lines) + len(phases) <= height
    folded: Phase = "forward" if here == "update" else "update"
    rows: list[Numbered] = []
    for phase in phases:
        whole = all_fit or phase != folded
        rows.append((None, heading(now, phase, folded=not whole, look=look)))
        if whole:
            rows += [(n, line_row(now, n, line, width, look))
                     for n, line in now.trace.program.numbered() if line.phase == phase]  # fmt: skip
    return rows


def window(rows: list[Numbered], now: Snapshot, height: int) -> list[Numbered]:
    """As many rows as there is room for, with the current line and some that follow it."""
    if len(rows) <= height:
        return rows
    line = now.step.line if now.step else 1
    here = next((y for y, (number, _) in enumerate(rows) if number == line), 0)
    start = min(max(here - height + 4, 0), len(rows) - height)
    return rows[start : start + height]


def heading(now: Snapshot, phase: Phase, *, folded: bool, look: Look) -> Row:
    """` backward`; a folded phase says how many lines it has."""
    numbers = [n for n, line in now.trace.program.numbered() if line.phase == phase]
    mark = look.sign("►", ">") if here_is_phase(now, phase) else " "
    count = f"  {len(numbers)} lines, {numbers[0]}-{numbers[-1]}" if folded else ""
    return ((f"{mark}{phase}", "title"), (count, "dim"))


def here_is_phase(now: Snapshot, phase: Phase) -> bool:
    """Whether a whole phase is what is shown."""
    return now.cursor.level == "phase" and now.step is not None and now.step.phase == phase


def line_row(now: Snapshot, number: int, line: Line, width: int, look: Look) -> Row:
    """` 13► ∂J/∂W2 = ∂J/∂z2 @ a1.T`, where there is room with the shape of the result."""
    places = max(2, len(str(len(now.trace.program.lines))))
    marks = "".join(marks_of(now, number, look)).ljust(2)
    current = now.step is not None and now.step.line == number
    gutter = f" {number:>{places}}{marks}"
    later = marks[:1] == look.sign("·", ".")
    room = width - len(gutter) - (SHAPE if width >= WIDE else 0)
    written = _written(now, line, look, room) if current else (
        (line.text(code(now, look)), "dim" if later else "text"),
    )  # fmt: skip
    row: Row = ((gutter, "mark" if marks.strip() and not later else "dim"), *fit(written, room, look))
    if width >= WIDE:
        row = (*row, (_shape(now, number, look).rjust(SHAPE - 1) + " ", "dim"))
    return row


WIDE, SHAPE = 38, 6
"""From so many columns on a line says the shape of its result, at the right."""


def code(now: Snapshot, look: Look) -> Style:
    """How the program is written: what can be typed back, with ∂ where there is one."""
    return Style(partial=not look.ascii, layout=now.lab.layout)


def _shape(now: Snapshot, number: int, look: Look) -> str:
    last = now.trace.line_steps(number)[-1]
    if not now.cursor.exists(last.output):
        return look.sign("·", ".")
    value = now.trace.values[last.output]
    return shape_text(value, look) if np.ndim(value) else "1"


def _written(now: Snapshot, line: Line, look: Look, room: int) -> Row:
    """The current line in reverse, or of a part of it that part only."""
    style = code(now, look)
    target, tree = f"{name_text(line.target, style)} = ", text(line.tree, style)
    assert now.step is not None
    if not now.step.path or now.cursor.level in ("phase", "line"):
        return ((target + tree, "here"),)
    start, end = part_of_text(line.tree, now.step.path, style)
    row: Row = ((target + tree[:start], "text"), (tree[start:end], "here"), (tree[end:], "text"))
    return row if cells(row[:2]) < room else _from_behind(row, room, look)


def _from_behind(row: Row, room: int, look: Look) -> Row:
    """A row that starts with `…`, so that its marked part is in sight."""
    (before, ink), marked, after = row
    kept = max(room - cells((marked,)) - 3, 0)
    cut = before[len(before) - min(kept, len(before)) :] if kept else ""
    return ((look.sign("…", "~"), "dim"), (cut, ink), marked, after)


def marks_of(now: Snapshot, number: int, look: Look) -> Iterator[str]:
    """The marks of a line: here, differentiated now, read now, not computed yet."""
    step = now.step
    if step is not None and number == step.line:
        yield look.sign("►", ">")
        return
    if not now.cursor.exists(now.trace.line_steps(number)[-1].output):
        yield look.sign("·", ".")
        return
    if step is None or now.cursor.level == "phase":
        return
    lines = now.trace.program.lines
    if lines[number - 1].phase == "forward" and lines[number - 1].target in lines[step.line - 1].through:
        yield look.sign("∂", "d")
    if number in {line for _, line in made_from(now.trace, step)}:
        yield look.sign("›", "-")
