"""The welcome screen: a menu of ways to begin. It imports no part of the debugger."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator, Sequence
from typing import ClassVar

from textual import events
from textual.app import App, ComposeResult
from textual.content import Content
from textual.widget import Widget

from stepper import __doc__ as about
from stepper.app.leaving import code_of
from stepper.app.terminal import needs_ascii
from stepper.app.themes import THEMES
from stepper.expr.errors import FAULT
from stepper.expr.sentence import Sentence, say
from stepper.language.width import columns
from stepper.show.cells import cut, ljust, wrapped
from stepper.show.switching import NAMES, following, switch
from stepper.show.translation import is_only, said, text_of
from stepper.show.welcome import Choice

Offer = Callable[[], Sequence[Choice]]
"""Returns the choices in the current language."""

ABOVE = 2
"""Rows before the first choice."""
BROAD = 76
"""The widest row of text: longer ones are hard to read."""
NARROW = 20
"""Text is wrapped to no fewer columns; a narrower window cuts it off."""


def ask(offer: Offer, troubles: Sequence[Sentence] = (), *, ascii: bool = False) -> Choice | None:
    """The choice made; None if the user leaves. Raises SystemExit after a fault of stepper."""
    app = Welcome(offer, troubles, ascii=ascii or needs_ascii())
    chosen = app.run()
    if code_of(app) == FAULT:
        raise SystemExit(FAULT)
    return chosen


class Menu(Widget):
    """The content of the screen, row by row."""

    def render(self) -> Content:
        app = self.app
        assert isinstance(app, Welcome)
        return Content("\n").join(app.rows(*self.size))


class Welcome(App[Choice]):
    """Arrows, digits, enter or the mouse choose; `Z` changes the language; q and esc leave."""

    TITLE = "stepper"
    ENABLE_COMMAND_PALETTE = False
    CSS: ClassVar[str] = "Menu { width: 100%; height: 100%; background: $background; }"

    def __init__(self, offer: Offer, troubles: Sequence[Sentence] = (), *, ascii: bool) -> None:
        super().__init__()
        self.register_theme(THEMES[0])
        self.theme = THEMES[0].name
        self.offer, self.troubles, self.ascii = offer, list(troubles), ascii
        self.at = 0

    def compose(self) -> ComposeResult:
        yield Menu()

    def rows(self, width: int, height: int) -> Iterator[Content]:
        """The rows of the screen; the last one shows the keys."""
        above = [*self._choices(width), Content(""), *self._said(width)]
        above = above[: height - 1]
        yield from above
        yield from [Content("")] * (height - 1 - len(above))
        yield Content.styled(ljust(f" {self._text(_keys())}", width), "dim")

    def _choices(self, width: int) -> Iterator[Content]:
        heading = f" {self._spelled(text_of(about or ''))}"
        yield Content.styled(ljust(cut(heading, width), width), "bold reverse")
        yield Content("")
        offered = self.offer()
        wide = max(columns(self._text(choice.label)) for choice in offered)
        for n, choice in enumerate(offered):
            mark = (">" if self.ascii else "►") if n == self.at else " "
            said = f" {mark} {n + 1}  {ljust(self._text(choice.label), wide)}   {choice.typed} "
            yield Content.styled(cut(said, width), "bold reverse" if n == self.at else "")

    def _said(self, width: int) -> Iterator[Content]:
        """What the selected choice does, and any troubles."""
        width = max(width, NARROW)
        room = min(width, BROAD) - 8
        for line in wrapped(self._text(self.offer()[self.at].about), room):
            yield Content(f"      {line}")
        for trouble in self.troubles:
            yield Content("")
            yield from (Content.styled(f" {line}", "bold")
                        for line in wrapped(self._text(trouble), width - 2))  # fmt: skip

    def _text(self, sentence: Sentence) -> str:
        return self._spelled(said(sentence))

    def _spelled(self, text: str) -> str:
        if not self.ascii or text.isascii():
            return text
        from stepper.show.words import to_ascii  # slow to import: it brings `show.numbers` along

        return to_ascii(text)

    def on_key(self, event: events.Key) -> None:
        key = unicodedata.normalize("NFKC", event.character or "") or event.key
        last = len(self.offer()) - 1
        if event.key in ("up", "down", "home", "end") or key in ("k", "j"):
            up = {"up": self.at - 1, "k": self.at - 1, "home": 0, "end": last}
            self._choose(up.get(event.key, up.get(key, self.at + 1)))
        elif key in map(str, range(1, last + 2)):
            self._open(int(key) - 1)
        elif event.key in ("enter", "space"):
            self._open(self.at)
        elif key == "Z":
            self._switch()
        elif key == "q" or event.key in ("escape", "ctrl+c"):
            self.exit()

    def on_click(self, event: events.Click) -> None:
        at = event.screen_y - ABOVE
        if 0 <= at < len(self.offer()):
            self._open(at)

    def on_mouse_scroll_up(self) -> None:
        self._choose(self.at - 1)

    def on_mouse_scroll_down(self) -> None:
        self._choose(self.at + 1)

    def _choose(self, at: int) -> None:
        """Selects another choice, stopping at either end."""
        self.at = min(max(at, 0), len(self.offer()) - 1)
        self._redraw()

    def _open(self, at: int) -> None:
        self.exit(self.offer()[at])

    def _switch(self) -> None:
        self.troubles = [switch()]
        self._redraw()

    def _redraw(self) -> None:
        self.query_one(Menu).refresh()


def _keys() -> Sentence:
    if is_only():
        return say("up down choose   enter opens   q leaves")
    return say("up down choose   enter opens   Z {language}   q leaves",
               language=NAMES[following()])  # fmt: skip
