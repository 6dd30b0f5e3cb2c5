"""The help: every key and every mark, from the same records that make them work."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Static

from stepper.app.commands import COMMANDS, Commands
from stepper.app.config import config_path
from stepper.app.keyboard import key_names
from stepper.app.panels import PANEL_NAMES, PANELS, Panel
from stepper.app.screens.sheet import CLOSED_BY, ROWS, sheet
from stepper.app.widgets.footer import LEGEND
from stepper.expr.sentence import Sentence, say
from stepper.show.cells import wrapped
from stepper.show.rows import Look
from stepper.show.words import words

KEYS = 20
"""The width of the key column, in cells."""
CLOSE = say(" esc closes this help   up, down: scroll ")


class Help(Screen[None]):
    """All keys with what they do, the focused panel's own keys first; then the marks."""

    DEFAULT_CSS = sheet("Help", ROWS, CLOSED_BY)
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,question_mark", "dismiss", show=False),
        Binding("j,n", "down", show=False),
        Binding("k,p", "up", show=False),
    ]

    def __init__(self, look: Look, panel: Panel | None, known: Commands = COMMANDS) -> None:
        super().__init__()
        self.look, self.panel, self.known = look, panel, known

    def compose(self) -> ComposeResult:
        with VerticalScroll():
            yield Static(id="all")
        yield Static(self.look.spelled(words(CLOSE)), id="close", markup=False)

    def on_resize(self, event: events.Resize) -> None:
        said = map(self.look.spelled, lines(self.look, self.panel, self.known))
        rows = [row for line in said for row in hung(line, event.size.width - 1)]
        self.query_one("#all", Static).update(Content("\n").join(styled(rows)))

    def action_down(self) -> None:
        self.query_one(VerticalScroll).scroll_down(animate=False)

    def action_up(self) -> None:
        self.query_one(VerticalScroll).scroll_up(animate=False)


def lines(look: Look, panel: Panel | None, known: Commands = COMMANDS) -> list[str]:
    """The whole help as text, the keys of the focused panel first."""
    said = []
    if panel:
        here = say(" In {panel}, which has the focus", panel=PANEL_NAMES[panel])
        said += _own(panel, known, here)
    said += ["", words(say(" Keys")), "", *(_line(c.keys, c.does) for c in known if c.keys)]
    for name in PANELS:
        if name != panel:
            said += _own(name, known, say(" Besides, in {panel}", panel=PANEL_NAMES[name]))
    said += ["", words(say(" Marks")), ""]
    said += [_line((look.sign(sign, plain),), words(means)) for sign, plain, means in LEGEND]
    return [*said, "", *map(words, NOTES), f" {words(OWN_KEYS)}", f"   {config_path()}", ""]


def _own(panel: Panel, known: Commands, heading: Sentence) -> list[str]:
    """The section of the keys that only this panel has; empty if it has none."""
    own = [_line(getattr(c, panel), c.does) for c in known if getattr(c, panel)]
    return ["", words(heading), "", *own] if own else []


OWN_KEYS = say(
    'Other keys: under [keys], next = "j" or ["j", "n"], '
    "with the names of {key_palette} in the file"
)


def hung(line: str, width: int) -> Iterator[str]:
    """A line in rows; those after the first are indented, below the help if it has keys."""
    return wrapped(line, width, KEYS if _has_keys(line) else 1)


def _has_keys(line: str) -> bool:
    return line[KEYS - 2 : KEYS] == "  "


def styled(said: Sequence[str]) -> Iterator[Content]:
    """The lines with their keys in bold; headings, which are between empty lines, all in bold."""
    for before, line, after in zip(["x", *said], said, [*said[1:], "x"], strict=False):
        if not before and not after:
            yield Content.styled(line, "bold")
        else:
            yield Content(line).stylize("bold", 0, KEYS if _has_keys(line) else 0)


def _line(keys: tuple[str, ...], help: str) -> str:
    return f"   {key_names(keys):<{KEYS - 4}} {help}"


NOTES = (
    say(" Rows and columns are counted from 1 in words and subscripts, from 0 in [ ] as in numpy."),
    say(
        " Levels: a phase, a line, an operation, an entry. The header "
        "shows which one {key_next} moves by."
    ),
    say(" Behind a number: blue for +, orange for -, the deeper the larger it is in its matrix."),
    say(" ∂J/∂W2 says how much J would grow if an entry of W2 grew; it has the shape of W2."),
)
