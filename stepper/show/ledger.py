"""The ledger as text: a table for each lab, with its notes and sources below."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from stepper.expr.sentence import say
from stepper.language.width import columns
from stepper.show.cells import ljust, wrapped
from stepper.show.record import plain
from stepper.show.words import words
from stepper.train.ledger import Row

WIDTH = 100
"""The most cells in a line."""
HEADINGS = say("quantity"), say("epoch"), say("published"), say("ours")
DIGITS = say("digits that agree")
VERDICT = say("verdict, and many starts: median [10 %, 90 %]")
EXTRA_DIGITS = 3
"""How many digits of our number are shown beyond the published ones."""


def table(name: str, title: str, rows: Sequence[Row], width: int = WIDTH) -> str:
    """The table of one lab; a number in brackets refers to the note below the table.

    Whatever is wider than `width` continues on another line.
    """
    notes = list(dict.fromkeys(row.note for row in rows if row.note))
    last = VERDICT if any(row.verdict for row in rows) else DIGITS
    cells = [tuple(map(words, (*HEADINGS, last))), *(_cells(row, notes) for row in rows)]
    widths = [max(columns(line[column]) for line in cells) for column in range(len(cells[0]))]
    lines = [*wrapped(f"{name}: {title}", width, 4)]
    lines += [part for line in cells for part in _line(line, widths, width)]
    source = words(say("source: "))
    said = [(f"[{n}] ", note) for n, note in enumerate(notes, 1)]
    said += [(source, s) for s in dict.fromkeys(r.source for r in rows) if s]
    for head, text in said:
        lines += wrapped(f"  {head}{text}", width, columns(head) + 2)
    return "\n".join(lines) + "\n"


def _cells(row: Row, notes: list[str]) -> tuple[str, ...]:
    mark = f" [{notes.index(row.note) + 1}]" if row.note else ""
    wrong = "" if row.agrees or row.explained else " !"
    return (
        _quantity(row),
        str(row.epoch),
        str(row.published),
        _ours(row),
        f"{_agreement(row)}{mark}{wrong}",
    )


def _quantity(row: Row) -> str:
    """What was measured; a long formula is cut, and written out in its note."""
    return row.quantity if len(row.quantity) <= 24 else row.quantity[:23] + "…"


def _ours(row: Row) -> str:
    if row.ours is None:
        return "·"
    return format(row.ours, f".{min(max(row.of_digits, 1) + EXTRA_DIGITS, 17)}g")


def _agreement(row: Row) -> str:
    """The digits that agree, or where the number stands among many starts."""
    if row.ours is None:
        return words(say("not computed again"))
    if row.published.is_nan():
        return words(say("both nan") if row.agrees else say("ours is finite"))
    if not row.verdict:
        return words(say("{n} of {all}", n=str(row.digits), all=str(row.of_digits)))
    median = "" if row.median is None else f"{row.median:g}"
    band = "" if row.band is None else f"[{row.band[0]:g}, {row.band[1]:g}]"
    return " ".join(filter(None, (f"{row.verdict:4}", median, band)))


def _line(cells: Sequence[str], widths: Sequence[int], width: int) -> list[str]:
    """A row of the table; if it is too wide, its last cell goes below the others."""
    placed = [ljust(c, w) for c, w in zip(cells, widths, strict=True)]
    whole = "  " + "  ".join(placed).rstrip()
    if columns(whole) <= width:
        return [whole]
    above = "  " + "  ".join(placed[:-1]).rstrip()
    return [*wrapped(above, width, 4), *wrapped(f"      {cells[-1]}", width, 6)]


def summary(rows: Sequence[Row]) -> str:
    """How many of all the numbers agree, and remarks about the others."""
    if not rows:
        return words(say("nothing that was published of this is on the list"))
    among = sum(row.agrees and bool(row.verdict) for row in rows)
    lost = sum(row.ours is None for row in rows)
    agree = sum(row.agrees for row in rows) - among
    explained = sum(row.explained and not row.agrees for row in rows) - lost
    unexplained = len(rows) - agree - among - explained - lost
    parts = [
        say("{n} published numbers, {k} agree at every digit", n=len(rows), k=agree),
        among and say("{k} are what random starts give here", k=among),
        explained and say("{k} differ, and a note says why", k=explained),
        lost and say("{k} cannot be computed again, and a note says why", k=lost),
        unexplained and say("{k} differ (marked !), and nothing explains it", k=unexplained),
    ]
    return "; ".join(words(part) for part in parts if part) + "."


def record(row: Row) -> dict[str, Any]:
    """A row as plain data; the published number stays the text it was published as."""
    ours = None if row.ours is None else plain(row.ours)
    return {**asdict(row), "published": str(row.published), "ours": ours}
