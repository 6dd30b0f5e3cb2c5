"""The last two rows: a message or the legend of the marks, and the keys."""

from __future__ import annotations

from collections.abc import Iterable

from rich.cells import cell_len
from textual import events
from textual.message import Message
from textual.reactive import reactive

from stepper.app.commands import COMMANDS, Command, Commands, in_footer, pressed
from stepper.app.fitting import cells, wrap
from stepper.app.keyboard import Enter
from stepper.app.panels import Panel
from stepper.app.snapshot import PARTS, Snapshot
from stepper.app.widgets.numbers import screen
from stepper.app.widgets.painted import Painted
from stepper.expr.sentence import Sentence, say
from stepper.show.rows import Look, Row
from stepper.show.translation import translate
from stepper.show.words import words

LEGEND = (
    ("►", ">", say("here")), ("∂", "d", say("differentiated now")), ("›", "-", say("read now")),
    ("●", "*", say("break")), ("·", ".", say("not computed yet")),
    ("‹ ›", "< >", say("the chosen entry and what it is made of")),
    ("?", "?", say("hidden")), ("*", "*", say("before a number: edited by you")),
    ("✗", "x", say("wrong on purpose")), ("~", "~", say("changed by that")),
    ("!nan", "!nan", say("the first number that is not finite")),
)  # fmt: skip
"""The marks of the screen: as a sign, in ASCII, and their meaning."""

MOST = 3
"""The most rows that a message may take."""


class Pressed(Message):
    """An entry of the footer was clicked."""

    def __init__(self, command: str) -> None:
        super().__init__()
        self.command = command


class EnterDoes(Message):
    """A lesson shows another part of its text, so enter does something else now."""

    def __init__(self, enter: Enter) -> None:
        super().__init__()
        self.enter = enter


class MessageLine(Painted):
    """The last message, over the last rows of the panels if it is long; without one, the legend."""

    def redraw(self) -> None:
        super().redraw()
        self._grow()

    def on_resize(self) -> None:
        super().on_resize()
        self._grow()

    def _grow(self) -> None:
        """Take as many rows as the message needs; the panels under it keep their layout."""
        if self.now is None or not self.size.width:
            return
        tall = len(self.paint(self.now, self.size.width, MOST))
        if self.size.height != tall:
            self.styles.height = tall

    def shows_another(self, before: Snapshot, now: Snapshot) -> bool:
        return _said(before) != _said(now) or _here(before) != _here(now)

    def paint(self, now: Snapshot, width: int, height: int) -> list[Row]:
        message = _said(now)
        if message is not None:
            said = words(message, screen(self.look), ascii=self.look.ascii)
            return wrap(f" {self.look.spelled(said)}", width, hang=1, ink="mark")[:MOST]
        entries = [
            f"{self.look.sign(sign, plain)} {words(means, ascii=self.look.ascii)}"
            for sign, plain, means in legend(now)
        ]
        return [((whole_entries(entries, width), "dim"),)]


def _said(now: Snapshot) -> Sentence | None:
    return now.message or now.hiding.said(now.where)


def legend(now: Snapshot) -> list[tuple[str, str, Sentence]]:
    """The marks; those that an edit or hiding has brought to the screen come first."""
    here = _here(now)
    return sorted(LEGEND, key=lambda mark: not here.get(mark[0], False))


def _here(now: Snapshot) -> dict[str, bool]:
    """For each mark that is not always there, whether it is on the screen."""
    hides = now.hiding.on or bool(now.hiding.asked.values)
    return {"?": hides, "*": bool(now.edits), "~": bool(now.edits)}


class Footer(Painted):
    """The keys of the focused panel, help and quit first: whole entries, as many as fit."""

    ignores = frozenset(PARTS)
    focused: reactive[Panel | None] = reactive[Panel | None](None, repaint=False)
    enter: reactive[Enter | None] = reactive[Enter | None](None, repaint=False)
    """What enter does in the lesson beside the debugger, once known."""

    def __init__(self, look: Look, known: Commands = COMMANDS, *, id: str | None = None) -> None:
        super().__init__(look, id=id)
        self.known = known

    def watch_focused(self) -> None:
        self.redraw()

    def watch_enter(self) -> None:
        self.redraw()

    @property
    def commands(self) -> Commands:
        """All known commands; the one that goes on in a lesson is labelled by what it does now."""
        return tuple(_called(c, self.enter) if c.id == "go-on" else c for c in self.known)

    def paint(self, now: Snapshot, width: int, height: int) -> list[Row]:
        return [keys_row(in_footer(self.focused, self.commands), width)]

    def on_click(self, event: events.Click) -> None:
        """A click on an entry presses its key; of two keys, the one under the mouse."""
        command = command_at(event.x, self.focused, self.size.width, self.commands)
        if command is not None:
            self.post_message(Pressed(command))


def _called(command: Command, enter: Enter | None) -> Command:
    if enter is None:
        return command
    return command._replace(label=enter.label.template, shown=enter.keys)


def command_at(x: int, panel: Panel | None, width: int, known: Commands = COMMANDS) -> str | None:
    """The command whose entry is at a cell of the footer; None if there is none."""
    start = 1
    for command in in_footer(panel, known):
        end = start + cell_len(command.footer)
        if end > width:
            return None
        if start <= x < end:
            word = command.footer[: x - start + 1].split(" ")[-1]
            rest = command.footer[x - start + 1 :].split(" ")[0]
            return pressed(command, word + rest, panel, known).id
        start = end + 2
    return None


def keys_row(commands: Iterable[Command], width: int) -> Row:
    """` ? help  q quit  n next`, keys and labels in different inks."""
    row: Row = ()
    for command in commands:
        key, label = f"{command.shown_keys} ", translate(command.label)
        more: Row = ((" " if not row else "  ", "text"), (key, "title"), (label, "dim"))
        if cells((*row, *more)) > width:
            break
        row = (*row, *more)
    return row


def whole_entries(entries: Iterable[str], width: int) -> str:
    """Entries side by side, as many as fit uncut."""
    said = ""
    for entry in entries:
        more = f"{said}  {entry}" if said else f" {entry}"
        if cell_len(more) > width:
            break
        said = more
    return said
