"""The Textual app: one lab, one sample, walked through on the screen."""

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
"""The style sheets: of the debugger, and of a lesson beside it."""
SHARE = 0.001
"""Seconds that one thread keeps Python to itself while another waits, at most.

A thread of Textual writes the frames, others read the keys, train and prove: by Python's own 5 ms
a frame that is drawn would wait for as long as the drawing of it took.
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
        # As if it had always been there: setting it would have every style sheet read again.
        self.set_reactive(StepperApp.theme, THEMES[0].name)
        self.stylesheet.set_variables(self.get_css_variables())
        name_keys(debugger.known)

    def get_css_variables(self) -> dict[str, str]:
        """The colours of the theme; none while Textual asks before our themes are registered."""
        return super().get_css_variables() if hasattr(self, "debugger") else {}

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """The colours of operands, results and marks; a theme may have its own."""
        return DARK if self.current_theme.dark else LIGHT

    def action_next_theme(self) -> None:
        """Change the colours, and say to which."""
        self.theme = after(self.theme)
        if self.debugger.now is not None:
            self.debugger.now = told(self.debugger.now, "colours: {name}", name=self.theme)

    def get_default_screen(self) -> DebuggerScreen:
        """The debugger itself: no empty screen is drawn before it."""
        return self.debugger

    async def on_event(self, event: events.Event) -> None:
        if not isinstance(event, Typed) or event.is_forwarded:
            await super().on_event(event)
        elif not self.debugger.typed_ahead.holds(event):
            await super().on_event(event)
            self.debugger.typed_ahead.handed_on()

    def on_ready(self) -> None:
        """The first frame is drawn: mount what it could do without."""
        gc.enable()
        self.debugger.call_later(self.debugger.panels.mount_others)

    def on_mount(self) -> None:
        leave_on_signals(self)

    @property
    def left(self) -> Snapshot | None:
        """The frame at which the walk was left; None where a fault of stepper ended it."""
        return None if code_of(self) == FAULT else self.debugger.now

    def action_help_quit(self) -> None:
        """`ctrl+c` is no key of ours: it says which one is; twice it leaves too."""
        now = self.debugger.now
        if now is not None and now.message is not CTRL_C:
            self.debugger.now = replace(now, count=0, message=CTRL_C)
        else:
            self.exit()


def on_terminal(app: StepperApp, *, inline: bool = False) -> None:
    """Run an app until it is left; `inline` keeps what is on the terminal."""
    gc.freeze()  # modules and the trace stay: no later search for garbage goes through them
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
    """Open the debugger after `at` steps; at the end print the command that comes back.

    `options` are those of the command line that made the lab. Where it does not say the place
    (`placed`) the walk goes on where it was left. Raises StepperError as `Lab.trace`, and for a
    configuration that is wrong. `inline` keeps what is on the terminal, and leaves the last
    frame there.
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
    from stepper.app.returning import comes_back, without_training  # after the last frame

    if app.left is not None:
        print(comes_back(app.left, options, ascii=ascii, inline=inline))
    lost = without_training(app.left, options) if app.left is not None else None
    for sentence in filter(None, (lost, memory.said, said)):
        print(f"stepper: {words(sentence)}", file=sys.stderr)
    return code_of(app)
