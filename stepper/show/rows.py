"""Rows of text with inks, drawn by a rich console or joined as plain text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from stepper.language.layout import Layout
from stepper.language.text import Style
from stepper.language.width import columns
from stepper.ops.card import Index
from stepper.show.cells import wrapped
from stepper.show.words import to_ascii

if TYPE_CHECKING:
    from rich.console import Console, ConsoleOptions, RenderResult

Ink = Literal["text", "title", "dim", "mark", "left", "right", "result", "here", "warn"]
_COLOURS = {
    "text": "", "title": "bold", "dim": "dim", "mark": "bold cyan", "left": "blue",
    "right": "magenta", "result": "green", "here": "reverse", "warn": "bold red",
}  # fmt: skip

Run = tuple[str, Ink]
Row = tuple[Run, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Look:
    """How things are shown: the width, the alphabet, and which entry is worked out."""

    width: int = 80
    ascii: bool = False
    layout: Layout = "columns"
    index: Index = (0, 0)
    most_rows: int = 8

    @property
    def code(self) -> Style:
        """The style of names and formulas as they are typed."""
        return Style(layout=self.layout)

    @property
    def maths(self) -> Style:
        """The style of formulas as mathematics writes them; without its signs, as code."""
        return Style(brief=True, partial=not self.ascii, maths=not self.ascii, layout=self.layout)

    def sign(self, unicode: str, ascii: str) -> str:
        return ascii if self.ascii else unicode

    def spelled(self, text: str) -> str:
        """The text in the alphabet of this look."""
        return to_ascii(text) if self.ascii else text

    def narrower(self, columns: int) -> Look:
        return replace(self, width=max(self.width - columns, 20))


class Drawing:
    """Rows that rich can print; `str` gives the same without colours."""

    def __init__(self, rows: tuple[Row, ...], ascii: bool = False) -> None:
        self.rows, self.ascii = rows, ascii

    def __str__(self) -> str:
        return "\n".join(self._text("".join(t for t, _ in row)).rstrip() for row in self.rows)

    def _text(self, text: str) -> str:
        return to_ascii(text) if self.ascii else text

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        from rich.segment import Segment

        for row in self.rows:
            for text, ink in row:
                yield Segment(self._text(text), console.get_style(_COLOURS[ink] or "none"))
            yield Segment.line()


def row(text: str, ink: Ink = "text") -> Row:
    return ((text, ink),)


def paragraph(
    text: str, look: Look, indent: int = 3, ink: Ink = "text", hang: int = 0
) -> Iterator[Row]:
    """Text on as many rows as it needs; later ones are indented by `hang` more columns."""
    if indent + columns(text) <= look.width:
        return iter((row(" " * indent + text, ink),))
    lines = wrapped(text, max(look.width - indent, hang + 20), hang)
    return (row(" " * indent + line, ink) for line in lines)


def width(rows: Sequence[Row]) -> int:
    """The width of the widest row, in columns."""
    return max((sum(columns(text) for text, _ in r) for r in rows), default=0)
