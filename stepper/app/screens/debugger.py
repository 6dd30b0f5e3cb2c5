"""The debugger: the program, its numbers, one entry explained, and the keys to walk through it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.reactive import reactive
from textual.screen import Screen

from stepper.app import commands
from stepper.app.asking import answered, pressed
from stepper.app.bindings import everywhere
from stepper.app.commands import Command, Panel
from stepper.app.screens.help import Help
from stepper.app.session import Snapshot, told
from stepper.app.widgets.ask import Ask, Field
from stepper.app.widgets.entry import Entry
from stepper.app.widgets.footer import Footer, MessageLine
from stepper.app.widgets.header import Header
from stepper.app.widgets.numbers import MatrixView
from stepper.app.widgets.painted import Painted, Wanted
from stepper.app.widgets.program import Program
from stepper.app.widgets.too_small import LEAST, TooSmall
from stepper.show.rows import Look

WIDTHS = [(0, "-tiny"), (70, "-narrow"), (110, "-wide")]
HEIGHTS = [(0, "-flat"), (22, "-low"), (34, "-high")]
"""From so many columns or rows on the screen has this class; `app.tcss` says what it means."""


class DebuggerScreen(Screen[None]):
    """One snapshot, bound to every panel; a key makes the next one."""

    BINDINGS: ClassVar[list[BindingType]] = everywhere()
    HORIZONTAL_BREAKPOINTS = WIDTHS
    VERTICAL_BREAKPOINTS = HEIGHTS

    now: reactive[Snapshot | None] = reactive[Snapshot | None](None)
    focused_panel: reactive[Panel | None] = reactive[Panel | None](None)

    def __init__(self, first: Snapshot, look: Look) -> None:
        super().__init__()
        self.look = look
        self.set_reactive(DebuggerScreen.now, first)

    def compose(self) -> ComposeResult:
        now, look = DebuggerScreen.now, self.look
        yield TooSmall()
        yield Header(look, id="header").data_bind(now)
        with Horizontal(id="body"):
            yield Program(look, id="program").data_bind(now)
            with Vertical():
                yield MatrixView(look, id="numbers").data_bind(now)
                yield Entry(look, id="entry").data_bind(now)
        yield Ask(look, id="ask").data_bind(now)
        yield MessageLine(look, id="message").data_bind(now)
        yield Footer(look, id="footer").data_bind(now, focused=DebuggerScreen.focused_panel)

    def on_mount(self) -> None:
        self.query_one(Program).focus()

    def on_resize(self, event: events.Resize) -> None:
        columns, rows = LEAST
        self.set_class(event.size.width < columns or event.size.height < rows, "-too-small")

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        self.focused_panel = event.widget.panel if isinstance(event.widget, Painted) else None

    def on_wanted(self, event: Wanted) -> None:
        assert self.now is not None
        self.now = event.move(replace(self.now, asked=None))

    def on_input_submitted(self, event: Field.Submitted) -> None:
        assert self.now is not None
        if self.now.asked is not None:
            self.now = answered(self.now, event.value)

    def on_field_pressed(self, event: Field.Pressed) -> None:
        assert self.now is not None
        self.now = pressed(self.now, event.key)

    def action_do(self, id: str) -> None:
        """Run the command of this id."""
        command = next(c for c in commands.COMMANDS if c.id == id)
        self._run(command)

    def _run(self, command: Command) -> None:
        assert self.now is not None
        if command.move is not None:
            self.now = command.move(self.now)
            return
        own: dict[str, Callable[[], None]] = {
            "help": self._help, "quit": self.app.exit, "theme": self._theme,
            "scroll-up": lambda: self._scroll(-1), "scroll-down": lambda: self._scroll(1),
        }  # fmt: skip
        own[command.id]()

    def _theme(self) -> None:
        self.call_later(self.app.run_action, "app.next_theme")

    def _help(self) -> None:
        self.app.push_screen(Help(self.look, self.focused_panel))

    def _scroll(self, rows: int) -> None:
        if not self.query_one(Entry).scroll(rows):
            self.say("there is no more text that way: everything is shown")

    def say(self, template: str, **fields: object) -> None:
        assert self.now is not None
        self.now = told(self.now, template, **fields)

    def on_key(self, event: events.Key) -> None:
        """A key that is bound to nothing says what to press instead."""
        if self.now is not None and self.now.asked is not None:
            return
        if commands.find(event.key, self.focused_panel) or event.key.startswith("ctrl+"):
            return
        event.stop()
        command = commands.find(commands.plain_key(event.character) or "", self.focused_panel)
        if command is not None:
            self._run(command)
            return
        self.say(commands.unknown(event.key, event.character), key=event.character or event.key)
