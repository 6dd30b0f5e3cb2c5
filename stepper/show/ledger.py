"""The ledger as text: a table a lab, with its notes and sources under it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from textwrap import fill
from typing import Any

from stepper.expr.sentence import say
from stepper.show.record import plain
from stepper.show.words import words
from stepper.train.ledger import Row

WIDTH = 100
HEADINGS = (
    say("quantity"), say("epoch"), say("published"), say("ours"), say("digits that agree"),
)  # fmt: skip
EXTRA_DIGITS = 3
"""How many digits of our number are shown beyond the published ones."""


def table(name: str, title: str, rows: Sequence[Row]) -> str:
    """The rows of one lab; a number in brackets leads to the note under the table."""
    notes = list(dict.fromkeys(row.note for row in rows if row.note))
    cells = [tuple(map(words, HEADINGS)), *(_cells(row, notes) for row in rows)]
    widths = [max(len(line[column]) for line in cells) for column in range(len(HEADINGS))]
    lines = [f"{name}: {title}", *(_line(line, widths) for line in cells)]
    lines += [_wrapped(f"[{n}] ", note) for n, note in enumerate(notes, 1)]
    source = words(say("source: "))
    lines += [_wrapped(source, s) for s in dict.fromkeys(r.source for r in rows) if s]
    return "\n".join(lines) + "\n"


def _cells(row: Row, notes: list[str]) -> tuple[str, ...]:
    mark = f" [{notes.index(row.note) + 1}]" if row.note else ""
    wrong = "" if row.agrees or row.explained else " !"
    ours = format(row.ours, f".{min(row.of_digits + EXTRA_DIGITS, 17)}g")
    digits = words(say("{n} of {all}", n=str(row.digits), all=str(row.of_digits)))
    agree = f"{digits}{mark}{wrong}"
    return row.quantity, str(row.epoch), str(row.published), ours, agree


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    return "  " + "  ".join(c.ljust(w) for c, w in zip(cells, widths, strict=True)).rstrip()


def _wrapped(head: str, said: str) -> str:
    return fill(said, WIDTH, initial_indent=f"  {head}", subsequent_indent=" " * (len(head) + 2))


def summary(rows: Sequence[Row]) -> str:
    """How many of all the numbers agree, and what is said of the others."""
    agree = sum(row.agrees for row in rows)
    explained = sum(row.explained and not row.agrees for row in rows)
    said = say("{n} published numbers, {agree} agree at every digit",
               n=str(len(rows)), agree=str(agree))  # fmt: skip
    if explained:
        said = say("{before}; {n} differ, and a note says why", before=said, n=str(explained))
    if unexplained := len(rows) - agree - explained:
        said = say("{before}; {n} differ (marked !), and nothing explains it",
                   before=said, n=str(unexplained))  # fmt: skip
    return words(said) + "."


def record(row: Row) -> dict[str, Any]:
    """A row as plain data; the published number as the text it was published as."""
    return {**asdict(row), "published": str(row.published), "ours": plain(row.ours)}
