"""The last two rows: a message, or the legend of the marks; and the keys."""

from __future__ import annotations

from collections.abc import Iterable

from textual.reactive import reactive

from stepper.app.commands import Panel, footer_entries
from stepper.app.fitting import cells
from stepper.app.session import Snapshot
from stepper.app.widgets.numbers import screen
from stepper.app.widgets.painted import Painted
from stepper.show.rows import Row
from stepper.show.words import words

LEGEND = (
    ("►", ">", "here"), ("∂", "d", "differentiated now"), ("›", "-", "read now"),
    ("●", "*", "break"), ("·", ".", "not computed yet"),
    ("‹ ›", "< >", "the chosen entry and what it is made of"),
)  # fmt: skip
"""The marks of the screen: with signs, in ASCII, and what they mean."""


class MessageLine(Painted):
    """What was last said; at rest what the marks mean."""

    def paint(self, now: Snapshot, width: int, height: int) -> list[Row]:
        if now.message is not None:
            said = words(now.message, screen(self.look), ascii=self.look.ascii)
            return [((f" {said}", "mark"),)]
        entries = [f"{self.look.sign(sign, plain)} {means}" for sign, plain, means in LEGEND]
        return [((whole_entries(entries, width), "dim"),)]


class Footer(Painted):
    """The keys of the focused panel, help and quit first: whole entries, as many as fit."""

    focused: reactive[Panel | None] = reactive[Panel | None](None, repaint=False)

    def watch_focused(self) -> None:
        self.redraw()

    def paint(self, now: Snapshot, width: int, height: int) -> list[Row]:
        return [keys_row(footer_entries(self.focused), width)]


def keys_row(entries: Iterable[str], width: int) -> Row:
    """` ? help  q quit  n next`, keys and labels in inks of their own."""
    row: Row = ()
    for entry in entries:
        key, _, label = entry.rpartition(" ")
        more: Row = ((" " if not row else "  ", "text"), (key, "title"), (f" {label}", "dim"))
        if cells((*row, *more)) > width:
            break
        row = (*row, *more)
    return row


def whole_entries(entries: Iterable[str], width: int) -> str:
    """Entries beside each other, as many as fit whole."""
    said = ""
    for entry in entries:
        more = f"{said}  {entry}" if said else f" {entry}"
        if len(more) > width:
            break
        said = more
    return said
