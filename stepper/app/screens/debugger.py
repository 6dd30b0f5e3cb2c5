"""The debugger: the program, its numbers, one entry explained, and the keys to walk through it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from textual import events
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.geometry import Size
from textual.reactive import reactive
from textual.screen import Screen
from textual.widget import Widget

from stepper.app import acts
from stepper.app.arrangement import LEAST, Arrangement
from stepper.app.commands import COMMANDS, Commands
from stepper.app.derivations import Derivations
from stepper.app.keyboard import Enter
from stepper.app.panels import Panel
from stepper.app.screens.asking import Asking
from stepper.app.screens.panels import Panels
from stepper.app.screens.pressing import Pressing
from stepper.app.screens.trainer import Reported, Trainer
from stepper.app.sight import whole_line
from stepper.app.snapshot import Snapshot
from stepper.app.typed_ahead import TypedAhead
from stepper.app.widgets.footer import EnterDoes, Footer, MessageLine, Pressed
from stepper.app.widgets.header import Header
from stepper.app.widgets.painted import Painted, Wanted
from stepper.app.widgets.tabbed import TabWanted
from stepper.show.rows import Look

if TYPE_CHECKING:
    from stepper.app.screens.teacher import Teacher

Answer = TypeVar("Answer")

WIDTHS = [(0, "-tiny"), (70, "-narrow"), (110, "-wide"), (160, "-huge")]
HEIGHTS = [(0, "-flat"), (22, "-low"), (34, "-high")]
"""The class of a screen from this many columns or rows on; `app.tcss` says what it means."""


class DebuggerScreen(Screen[None]):
    """One snapshot, drawn by every panel; a key makes the next one."""

    BLANK = True  # its panels cover it
    AUTO_FOCUS = "#program"
    HORIZONTAL_BREAKPOINTS = WIDTHS
    VERTICAL_BREAKPOINTS = HEIGHTS

    now: reactive[Snapshot | None] = reactive[Snapshot | None](None, repaint=False)
    focused_panel: reactive[Panel | None] = reactive[Panel | None](None, repaint=False)
    enter: reactive[Enter | None] = reactive[Enter | None](None, repaint=False)
    """What enter does in the open lesson."""

    def __init__(
        self,
        first: Snapshot,
        look: Look,
        known: Commands = COMMANDS,
        *,
        proves: bool = False,
        teach: Callable[[DebuggerScreen], Teacher] | None = None,
    ) -> None:
        super().__init__()
        self.look, self.known, self.proves = look, known, proves
        self.derivations = Derivations()
        self.panels = Panels(self)
        self.arrangement = Arrangement(self, self.panels.mount_others, taught=teach is not None)
        self.trainer = Trainer(self)
        self.pressing, self.asking = Pressing(self), Asking(self)
        self.typed_ahead = TypedAhead(self)
        self.teacher = teach(self) if teach else None
        """The lesson that is open beside the debugger; None if there is none."""
        self.set_reactive(DebuggerScreen.now, first)

    def compose(self) -> ComposeResult:
        self.set_classes(classes_for(self.app.size))  # before anything is styled
        look = self.look
        if self.has_class("-too-small"):
            yield self.panels.too_small()
        yield Header(look, id="header")
        with Horizontal(id="body"):
            with Vertical(id="left"):
                yield from self.panels.first("left")
            with Vertical(id="right"):
                yield from self.panels.first("right")
        yield MessageLine(look, id="message")
        yield Footer(look, self.known, id="footer").data_bind(
            focused=DebuggerScreen.focused_panel, enter=DebuggerScreen.enter
        )

    @property
    def focus_chain(self) -> list[Widget]:
        """The panels in tab order: a lesson first, the watches last."""
        order = {"reading": -1, "watches": 1}
        return sorted(super().focus_chain, key=lambda widget: order.get(widget.id or "", 0))

    async def on_event(self, event: events.Event) -> None:
        """Skip the restyling when the screen is first shown: its panels have just been styled."""
        if isinstance(event, events.ScreenResume) and not self.stack_updates:
            event.refresh_styles = False
        await super().on_event(event)

    def on_mount(self) -> None:
        self.panels.gather()
        self.arrangement.arrange()
        if self.teacher:
            self.arrangement.show_lesson()

    def on_resize(self, event: events.Resize) -> None:
        small = "-too-small" in classes_for(event.size)
        self.set_class(small, "-too-small")
        self.arrangement.arrange()
        if not small and self.focused is None and self.focused_panel is not None:
            # it lost the focus while it was hidden for lack of room
            self.call_after_refresh(self.arrangement.focus, self.focused_panel)
        if self.teacher:
            self.call_after_refresh(self._join_lines)

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        self.focused_panel = event.widget.panel if isinstance(event.widget, Painted) else None
        if self.teacher and self.has_class("-reading") == (self.focused_panel == "program"):
            self.toggle_class("-reading")
            self.call_after_refresh(self._join_lines)

    def _join_lines(self) -> None:
        """Redraw the panels, so that the lines between them meet the rules that have moved."""
        for panel in self.query(Painted):
            panel.redraw()

    def on_wanted(self, event: Wanted) -> None:
        assert self.now is not None
        self.now = event.move(replace(self.now, count=0))

    def on_enter_does(self, event: EnterDoes) -> None:
        self.enter = event.enter

    def on_tab_wanted(self, event: TabWanted) -> None:
        self.arrangement.open(event.tab)

    def on_zoom_wanted(self) -> None:
        self.arrangement.zoom()

    def validate_now(self, now: Snapshot) -> Snapshot:
        return whole_line(now)

    def watch_now(self) -> None:
        if self.selections:
            self.clear_selection()  # the text under it has changed
        self.panels.show(self.now)
        self.trainer.follow()

    def open(
        self,
        above: Screen[Answer],
        answered: Callable[[Answer | None], None] | None = None,
    ) -> None:
        """Push a screen above this one; it receives what is typed before it is ready."""
        self.app.push_screen(above, answered)
        self.typed_ahead.opens(above)

    def on_reported(self, message: Reported) -> None:
        self.trainer.reached(message.report)

    def on_unmount(self) -> None:
        self.trainer.leave()

    def on_text_selected(self) -> None:
        acts.copy_selected(self)

    def on_pressed(self, event: Pressed) -> None:
        command = next(c for c in self.known if c.id == event.command)
        self.pressing.run(command, command.any_key)

    def on_key(self, event: events.Key) -> None:
        """Every key runs a command, answers a question, or makes the screen say what to press."""
        if not self.typed_ahead.passes(event):
            self.panels.mount_others()  # a key may arrive before the rest of the panels
            self.trainer.hold()
            self.pressing.press(event)

    def on_paste(self, event: events.Paste) -> None:
        """Pass pasted text to a field that has just opened above; here it means nothing."""
        self.typed_ahead.passes(event)


def classes_for(size: Size) -> set[str]:
    """The classes of a screen of this size."""
    wide = max(least for least, _ in WIDTHS if least <= size.width)
    high = max(least for least, _ in HEIGHTS if least <= size.height)
    small = {"-too-small"} if size.width < LEAST[0] or size.height < LEAST[1] else set()
    return {dict(WIDTHS)[wide], dict(HEIGHTS)[high]} | small
