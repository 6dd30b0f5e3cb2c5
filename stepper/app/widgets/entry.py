"""The selected entry explained: its four-part line, the reason, its origin and its uses."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import chain

import numpy as np
from rich.cells import cell_len

from stepper.app.fitting import blank, wrap
from stepper.app.question import why
from stepper.app.sight import is_hidden, line_asked
from stepper.app.snapshot import Snapshot, outermost
from stepper.app.still import Still
from stepper.app.widgets.numbers import screen
from stepper.app.widgets.tabbed import Scrolled
from stepper.app.worked import parts_of, written
from stepper.calculus.saturated import saturated
from stepper.expr.sentence import Sentence, say
from stepper.expr.tree import Name
from stepper.language.text import name_text, text
from stepper.program.code import Step
from stepper.show.origin import made_from, used_by
from stepper.show.rows import Look, Row
from stepper.show.translation import text_of
from stepper.show.words import words

LEAST = 3
"""The least number of rows that are left for what scrolls."""


class Entry(Scrolled, can_focus=True):
    """Never cuts its text: what is longer than the panel scrolls, and the rule says so.

    The line's origin and uses do not scroll away, nor does the reason if there is room for it.
    """

    DEFAULT_CLASSES = "lower"
    panel = "entry"

    def __init__(self, look: Look, *, id: str | None = None) -> None:
        super().__init__(look, id=id)
        self._origin = Still(origin_rows)

    def watch_now(self, before: Snapshot | None, now: Snapshot | None) -> None:
        if before is None or now is None or _says_another(before, now):
            self.top = 0
        super().watch_now(before, now)

    def paint(self, now: Snapshot, width: int, height: int) -> list[Row]:
        rows, last = self._rows(now, width - 3, height - 1)
        self.room = height - 1 - len(last)
        shown, end = self.in_sight(rows)
        return self.framed([*shown[: len(rows)], *last], width, height, end)

    def _rows(self, now: Snapshot, width: int, height: int) -> tuple[list[Row], list[Row]]:
        """The rows that scroll, and those that stay below them: the origin and the uses.

        Blank rows separate the sections as far as there is room for them.
        """
        origin = self._origin.of(now, width, self.look)
        sections = [s for s in (*sections_of(now, width, self.look), origin) if s]
        place = place_rows(now, width, self.look) if now.step else []
        taken = len(place) + sum(map(len, sections))
        blanks = max(min(height - taken, len(sections) - 1), 0)
        spaced = [[()] * (0 < n <= blanks) + section for n, section in enumerate(sections)]
        split = len(sections) - (standing(sections, height) if now.step else 0)
        return [*place, *chain(*spaced[:split])], [*chain(*spaced[split:])]


def _says_another(before: Snapshot, now: Snapshot) -> bool:
    """Whether another entry is explained, or what is hidden of it or typed for it has changed."""
    looked_at = (before.where, before.entry) != (now.where, now.entry)
    return looked_at or before.hiding is not now.hiding


def standing(sections: list[list[Row]], height: int) -> int:
    """How many sections at the end stay: the reason too if that leaves room to scroll."""
    return 2 if height - sum(map(len, sections[-2:])) >= LEAST else 1


def place_rows(now: Snapshot, width: int, look: Look) -> list[Row]:
    """Where the entry is; if it does not fit one row, the name gets a row of its own."""
    place = place_of(now, look)
    whole = cell_len(place) <= width or not now.shape
    said = [place] if whole else place.split(f" {look.sign('·', '-')} ", 1)
    return [row for part in said for row in wrap(part, width, ink="dim")]


def place_of(now: Snapshot, look: Look) -> str:
    """`row 3, column 2 · ∂J/∂W2[2, 1]`: words count from 1, numpy from 0; a scalar has no place."""
    if now.result is None:
        return ""
    name = text(now.result, screen(look))
    if not now.shape:
        return name
    row, column = now.entry
    place = words(say("row {row}, column {column}", row=str(row + 1), column=str(column + 1)))
    index = f"[{row}, {column}]" if isinstance(now.result, Name) else ""
    return f"{place} {look.sign('·', '-')} {name}{index}"


def sections_of(now: Snapshot, width: int, look: Look) -> Iterator[list[Row]]:
    """The entry's arithmetic and the reason; before the start, a description of the lab."""
    step = now.step
    if step is None:
        yield wrap(text_of(now.lab.title), width, ink="title")
        yield wrap(text_of(now.lab.about), width)
        return
    yield answered(now, width, look)
    yield arithmetic(now, width, look)
    yield wrap(words(why(now, step), screen(look), ascii=look.ascii), width)


def answered(now: Snapshot, width: int, look: Look) -> list[Row]:
    """The formula that was typed here: how it was parsed, what is wrong in it, where and why."""
    answer = now.hiding.answer(now.where)
    if answer is None or answer.line is None:
        return []
    from stepper.show.checked import line_rows  # needed only once a formula is typed

    return list(line_rows(answer.line, replace(look, width=width)))


def arithmetic(now: Snapshot, width: int, look: Look) -> list[Row]:
    """Symbol, formula, formula with its numbers, value: all on one row, or each on its own."""
    parts = written(now, look)
    if sum(map(cell_len, parts)) + len(parts) - 1 <= width and len(parts) < 3:
        return [((" ".join(parts), "text"),)]
    rows = min(_aligned(parts, width), _under_each_other(parts, width), key=len)
    for note in () if is_hidden(now) else notes(now):
        rows += wrap(words(note, screen(look), ascii=look.ascii), width, ink="warn")
    return rows


@lru_cache(maxsize=2)
def notes(now: Snapshot) -> Sequence[Sentence]:
    """The warnings about an entry: its formula and the engine differ, or digits are lost."""
    return tuple(_notes(now))


def _notes(now: Snapshot) -> Iterator[Sentence]:
    parts = parts_of(now)
    if parts.note is not None:
        yield parts.note
    if now.step is not None and now.outer is None and now.cursor.level in ("phase", "line"):
        tree = now.trace.program.lines[now.step.line - 1].tree
        flat = saturated(now.trace, tree, parts.used)
        if flat is not None:
            yield flat


def _aligned(written: list[str], width: int) -> list[Row]:
    """The parts with their `=` aligned in a column, the symbol before the first."""
    symbol, *rest = written
    hang = min(cell_len(symbol) + 1, width // 2)
    rows = wrap(f"{symbol} {rest[0]}" if rest else symbol, width, hang + 2)
    return [*rows, *_indented(rest[1:], width, hang)]


def _under_each_other(written: list[str], width: int) -> list[Row]:
    """The symbol on a row of its own, which leaves more room for the rest."""
    return [*wrap(written[0], width, 2), *_indented(written[1:], width, 2)]


def _indented(parts: list[str], width: int, hang: int) -> list[Row]:
    return [(blank(hang), *row) for part in parts for row in wrap(part, width - hang, 2)]


def origin_rows(now: Snapshot, width: int, look: Look) -> list[Row]:
    """Where the line comes from and where it goes to, the same for every entry."""
    return [] if now.step is None else wrap(provenance(now, now.step, look), width, ink="dim")


def provenance(now: Snapshot, step: Step, look: Look) -> str:
    """`from ∂J/∂z2 12, a1 2 · to V2 19 · shape W2 ✓`: each number is that of a line."""
    style, dot = screen(look), look.sign("·", "-")
    read = [] if line_asked(now, step.line) else made_from(now.trace, step)
    made = ", ".join(_placed(name_text(n, style), line) for n, line in read)
    last = now.trace.line_steps(step.line)[-1]
    users = used_by(now.trace, last.output)
    later = ", ".join(_placed(name_text(n, style), line) for n, line in users)
    parts = [words(say("from {names}", names=made))] if made else []
    parts.append(words(say("to {names}", names=later) if later else say("no later line reads it")))
    if step.phase == "backward" and step.of is not None and _same_shape(now, last, step.of):
        parts.append(words(say("shape {name} {ok}", name=step.of, ok=look.sign("✓", "ok"))))
    return f" {dot} ".join(parts)


def _placed(name: str, line: int) -> str:
    return f"{name} {line}" if line else name


def _same_shape(now: Snapshot, step: Step, of: str) -> bool:
    """Whether a gradient has the shape of the quantity it belongs to."""
    return np.shape(now.trace.values[step.output]) == np.shape(outermost(now).trace.value(of))
