"""Rows as Textual draws them: pieces of text in the colours of the theme."""

from __future__ import annotations

from functools import lru_cache

from rich.color import Color as RichColor
from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.strip import Strip
from textual.widget import Widget

from stepper.app.fitting import plain
from stepper.app.heat import LEVELS
from stepper.app.themes import inked
from stepper.app.written import Written
from stepper.show.rows import Ink, Row, Run


class Colours:
    """The theme's colour of each ink, on a panel's own background or a tint of it."""

    def __init__(self, panel: Widget) -> None:
        self.panel = panel
        self._known: dict[tuple[Ink, int], Style] = {}
        self._same: dict[Style, Style] = {}
        """The one style of all inks that look the same."""
        self._ground: Color | None = None

    def forget(self) -> None:
        """Forget all styles, because the theme or the panel's style sheet has changed."""
        self._known.clear()
        self._same.clear()
        self._ground = None

    @property
    def ground(self) -> Color:
        """The panel's background."""
        if self._ground is None:
            self._ground = self.panel.background_colors[1]
        return self._ground

    def of(self, ink: Ink, heat: int = 0) -> Style:
        style = self._known.get((ink, heat))
        if style is None:
            made = self._filtered(self._style(ink, heat))
            style = self._known[ink, heat] = self._same.setdefault(made, made)
        return style

    def _style(self, ink: Ink, heat: int) -> Style:
        own = inked(ink, self.panel.app.theme_variables)
        return Style(bgcolor=self._behind(heat)) + own

    def _behind(self, heat: int) -> RichColor | None:
        """The panel's background; behind a number, a tint that is deeper the larger the number is.

        Without colours there is no tint: both tints would become the same grey.
        """
        app = self.panel.app
        if not heat or app.no_color:
            return self.ground.rich_color
        tint = Color.parse(app.theme_variables["more" if heat > 0 else "less"])
        return self.ground.blend(tint, abs(heat) / LEVELS).rich_color

    def _filtered(self, style: Style) -> Style:
        """A style as it is sent to the terminal: without colours, or with those it supports."""
        segments = [Segment(" ", style)]
        for filter in self.panel.get_line_filters():
            segments = filter.apply(segments, self.ground)
        return segments[0].style or style


def strip(row: Row, y: int, width: int, colours: Colours) -> Strip:
    """A row of `width` cells in its colours, in as few segments as possible."""
    segments, x = [], 0
    for text, style in joined(row, colours):
        segments.append(Segment(text, placed(style, x, y)))
        x += len(text)
    return Strip(segments, width)


@lru_cache(maxsize=4096)
def placed(style: Style, x: int, y: int) -> Style:
    """A style that records where its text is, so that Textual knows what a drag selects."""
    return style + Style.from_meta({"offset": (x, y)})


def joined(row: Row, colours: Colours) -> list[tuple[str, Style]]:
    """Merges runs of one style, because every segment writes its colours again."""
    found: list[tuple[str, Style]] = []
    for text, ink in row:
        if not text:
            continue
        style = colours.of(ink, text.heat if isinstance(text, Written) else 0)
        before, last = found[-1] if found else ("", None)
        if style is last or (last is not None and text.isspace() and alike(style, last)):
            found[-1] = (before + text, last)
        else:
            found.append((text, style))
    return found


def alike(a: Style, b: Style) -> bool:
    """Whether a blank looks the same in two styles."""
    return a.bgcolor == b.bgcolor and not (a.reverse or b.reverse)


def reversed_between(row: Row, start: int, end: int) -> Row:
    """A row with its letters from `start` to `end` in reverse; -1 is the end of the row."""
    end = len(plain(row)) if end < 0 else end
    runs: list[Run] = []
    at = 0
    for text, ink in row:
        cuts = [min(max(cut - at, 0), len(text)) for cut in (start, end)]
        runs += [(text[: cuts[0]], ink), (text[cuts[0] : cuts[1]], "here"), (text[cuts[1] :], ink)]
        at += len(text)
    return tuple(run for run in runs if run[0])
