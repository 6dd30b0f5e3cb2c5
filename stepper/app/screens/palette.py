"""All commands with their keys: typing filters them, `enter` runs one."""

from __future__ import annotations

import re
from collections.abc import Sequence

from textual.app import ComposeResult
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.widgets import Input, Static

from stepper.app.commands import COMMANDS, Command, Commands
from stepper.app.fitting import plain, wrap
from stepper.app.keyboard import key_names
from stepper.app.moves.counts import LONGEST
from stepper.app.panels import PANEL_NAMES, PANELS
from stepper.app.screens.choosing import Choosing
from stepper.app.screens.prompt import Field
from stepper.app.screens.sheet import BELOW, FIELD, ROWS, TOP, sheet
from stepper.expr.sentence import say
from stepper.show.rows import Look
from stepper.show.words import words

ABOVE = say(" all commands: their names, their keys, and what they do")
UNDER = say(" enter run  up, down choose  esc leave  ? what can I type")
CAN_TYPE = say(" a name or what it does: next, back to; more behind a name: break 2")
NAMED = 18
"""The column at which a command's keys begin."""
HANG = 34
"""The column at which a command's help begins."""
NONE = say("   no command is called that: esc leaves, backspace shows more")


class Palette(Choosing[tuple[Command, str]]):
    """Returns the chosen command with what was typed after its name, or None."""

    DEFAULT_CSS = sheet("Palette", TOP, ROWS, FIELD, BELOW)

    def __init__(self, look: Look, known: Commands = COMMANDS) -> None:
        super().__init__()
        self.look, self.known = look, known
        self.found = matching("", known)

    def compose(self) -> ComposeResult:
        yield Static(words(ABOVE), id="above", markup=False)
        with VerticalScroll(can_focus=False):
            yield Static(id="list", markup=False)
        with Horizontal(id="ask"):
            yield Static(" : ", id="question", markup=False)
            yield Field(compact=True)
        yield Static(words(UNDER), id="under", markup=False)

    def on_mount(self) -> None:
        self.query_one(Field).focus()

    def things(self) -> list[list[Content]]:
        if not self.found:
            return [[Content(words(NONE))]]
        here, width = self.look.sign("►", ">"), max(self.app.size.width, 60)
        lines = (line(c, here if n == self.at else " ") for n, c in enumerate(self.found))
        return [
            [
                self._styled(plain(row), width, here=n == self.at, first=k == 0)
                for k, row in enumerate(wrap(said, width - 1, HANG))
            ]
            for n, said in enumerate(lines)
        ]

    def _styled(self, row: str, width: int, *, here: bool, first: bool) -> Content:
        """A row with the name in bold; a row of the marked command in reverse, in full width."""
        said = self.look.spelled(row)
        if here:
            return Content.styled(said.ljust(width), "reverse")
        return Content(said).stylize("bold", 0, NAMED if first else 0)

    def on_input_changed(self, event: Input.Changed) -> None:
        self.found, self.at = matching(event.value, self.known), 0
        self.query_one("#under", Static).update(words(UNDER))
        self.show()

    def on_field_asked(self) -> None:
        self.query_one("#under", Static).update(words(CAN_TYPE))

    def on_input_submitted(self) -> None:
        self.choose(self.at)

    def choose(self, at: int) -> None:
        if self.found:
            command = self.found[at]
            named, given = understood(self.query_one(Field).value, self.known)
            self.dismiss((command, given if command is named else ""))


def matching(typed: str, known: Commands = COMMANDS) -> Sequence[Command]:
    """The commands that fit what was typed, the nearest first; a name may have text after it."""
    named, given = understood(typed, known)
    first = [named] if named is not None and given else []
    return [*first, *(c for c in _fitting(typed, known) if c not in first)]


def understood(typed: str, known: Commands = COMMANDS) -> tuple[Command | None, str]:
    """The command with the longest name that was typed, and what it is given after the name.

    For `until J < 0.5` that is the condition; `go back` is itself a name, so `go` gets nothing.
    """
    behind = [(c, rest) for c in _listed(known) if (rest := _behind(c, typed)) is not None]
    named, rest = max(behind, key=lambda found: len(found[0].name), default=(None, ""))
    return named, rest if named is not None and _takes(named, rest) else ""


def _behind(command: Command, typed: str) -> str | None:
    """What follows a command's name; None if another name was typed."""
    name = r"[\s-]".join(command.name.split())
    found = re.fullmatch(rf"\s*{name}(?:\s+(.*))?", typed.rstrip(), re.IGNORECASE | re.DOTALL)
    return None if found is None else found[1] or ""


def _takes(command: Command, given: str) -> bool:
    """Whether a command takes what follows its name; one that only counts takes a number."""
    counts = command.counted is not None and given.isdecimal() and len(given) <= LONGEST
    return command.asks is not None or command.takes is not None or counts


def _listed(known: Commands) -> list[Command]:
    return [c for c in known if c.id not in ("count", "palette")]


def _fitting(typed: str, known: Commands) -> list[Command]:
    wanted = typed.strip().casefold().replace("-", " ")
    ranked = [(_rank(wanted, c), c) for c in _listed(known)]
    kept = [(rank, command) for rank, command in ranked if rank is not None]
    return [command for _, command in sorted(kept, key=lambda found: found[0])]


def _rank(wanted: str, command: Command) -> int | None:
    """The rank of a command for what was typed, 0 the best; None if it does not fit."""
    name = command.name
    fits = (name == wanted, name.startswith(wanted), wanted in name,
            wanted in command.does.casefold())  # fmt: skip
    return fits.index(True) if any(fits) else None


def line(command: Command, mark: str) -> str:
    """` ► next          n  space      the next step at this level`."""
    keys, does = _keys_and_help(command)
    return f" {mark} {command.name:<{NAMED - 3}}{keys:<{HANG - NAMED}}{does}"


def _keys_and_help(command: Command) -> tuple[str, str]:
    """Its keys everywhere, or else its keys in one panel and which panel that is."""
    panel = next((p for p in PANELS if getattr(command, p)), None)
    if command.keys or panel is None:
        return key_names(command.keys), command.does
    does = words(say("in {panel}: {does}", panel=PANEL_NAMES[panel], does=say(command.help)))
    return key_names(getattr(command, panel)), does
