"""The Textual app: the debugger of one lab, at one sample or the whole batch."""

from __future__ import annotations

import gc
import sys
from collections.abc import Sequence
from dataclasses import replace

from textual import events
from textual.app import App

from stepper.app.commands import name_keys
from stepper.app.config import configured
from stepper.app.leaving import code_of, leave_on_signals
from stepper.app.memory import memory_of
from stepper.app.screens.debugger import DebuggerScreen
from stepper.app.snapshot import Snapshot, opened, recomputed, told
from stepper.app.terminal import needs_ascii
from stepper.app.themes import DARK, LIGHT, THEMES, after
from stepper.app.typed_ahead import Typed
from stepper.expr.errors import FAULT
from stepper.expr.sentence import say
from stepper.labs.lab import Lab
from stepper.labs.whatif import Edits
from stepper.ops.card import Index
from stepper.program.cursor import Level
from stepper.show.rows import Look
from stepper.show.words import words

CTRL_C = say(
    "{key_quit} quits and prints the command that comes back here; ctrl+c again leaves too"
)


SHEET, LESSON = "app.tcss", "lesson.tcss"
"""The style sheets of the debugger and of a lesson beside it."""
SHARE = 0.001
"""The interpreter's switch interval in seconds: how long a thread may hold the GIL when another
waits.

One thread of Textual writes the frames, others read the keys, train and prove: at Python's default
of 5 ms, a finished frame would wait as long again as it took to draw.
"""


class StepperApp(App[None]):
    """Shows the debugger of one lab."""

    TITLE = "stepper"
    ENABLE_COMMAND_PALETTE = False

    def __init__(self, debugger: DebuggerScreen) -> None:
        super().__init__(css_path=[SHEET, LESSON] if debugger.teacher else SHEET)
        for theme in THEMES:
            self.register_theme(theme)
        self.debugger = debugger
        # Set without its watcher, which would parse every style sheet again.
        self.set_reactive(StepperApp.theme, THEMES[0].name)
        self.stylesheet.set_variables(self.get_css_variables())
        name_keys(debugger.known)

    def get_css_variables(self) -> dict[str, str]:
        """The theme's colours; empty if Textual asks before our themes are registered."""
        return super().get_css_variables() if hasattr(self, "debugger") else {}

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """The default colours of operands, results and marks; a theme may override them."""
        return DARK if self.current_theme.dark else LIGHT

    def action_next_theme(self) -> None:
        """Switches to the next theme, and names it in a message."""
        self.theme = after(self.theme)
        if self.debugger.now is not None:
            self.debugger.now = told(self.debugger.now, "colours: {name}", name=self.theme)

    def get_default_screen(self) -> DebuggerScreen:
        """The debugger itself, so that no empty screen is drawn before it."""
        return self.debugger

    async def on_event(self, event: events.Event) -> None:
        if not isinstance(event, Typed) or event.is_forwarded:
            await super().on_event(event)
        elif not self.debugger.typed_ahead.holds(event):
            await super().on_event(event)
            self.debugger.typed_ahead.handed_on()

    def on_ready(self) -> None:
        """Mounts what the first frame could do without, now that it is drawn."""
        gc.enable()
        self.debugger.call_later(self.debugger.panels.mount_others)

    def on_mount(self) -> None:
        leave_on_signals(self)

    @property
    def left(self) -> Snapshot | None:
        """The frame at which the user left; None if a fault of stepper ended the app."""
        return None if code_of(self) == FAULT else self.debugger.now

    def action_help_quit(self) -> None:
        """The first `ctrl+c` names the key that quits; the second in a row quits as well."""
        now = self.debugger.now
        if now is not None and now.message is not CTRL_C:
            self.debugger.now = replace(now, count=0, message=CTRL_C)
        else:
            self.exit()


def on_terminal(app: StepperApp, *, inline: bool = False) -> None:
    """Runs an app until the user leaves; `inline` preserves the terminal's content."""
    gc.freeze()  # modules and the trace live on: no later collection scans them
    before = sys.getswitchinterval()
    sys.setswitchinterval(SHARE)
    try:
        app.run(inline=inline, inline_no_clear=inline)
    finally:
        sys.setswitchinterval(before)


def run_app(
    lab: Lab,
    sample: int | None,
    ascii: bool = False,
    *,
    at: int = 0,
    level: Level = "line",
    entry: Index = (0, 0),
    options: Sequence[str] = (),
    edits: Edits = (),
    placed: bool = True,
    inline: bool = False,
) -> int:
    """Opens the debugger after `at` steps; on leaving, prints the command that returns there.

    `options` are the command-line options that made the lab. Unless the command line names a place
    (`placed`), the debugger opens where the user left last time. `inline` preserves the terminal's
    content, and leaves the last frame there. Raises StepperError like `Lab.trace`, and for an
    invalid configuration.
    """
    known, look = configured(), Look(ascii=ascii or needs_ascii(), layout=lab.layout)
    memory = memory_of(lab)
    first = memory.opened(opened(lab, sample, at, level, entry), place=not placed)
    if edits:
        first = recomputed(first, first.sample, edits)
    app = StepperApp(DebuggerScreen(first, look, known, proves=True))
    try:
        on_terminal(app, inline=inline)
    finally:
        said = memory.keep(first, app.left) if app.left is not None else None
    from stepper.app.returning import comes_back, without_training  # needed only at the end

    if app.left is not None:
        print(comes_back(app.left, options, ascii=ascii, inline=inline))
    lost = without_training(app.left, options) if app.left is not None else None
    for sentence in filter(None, (lost, memory.said, said)):
        print(f"stepper: {words(sentence)}", file=sys.stderr)
    return code_of(app)
