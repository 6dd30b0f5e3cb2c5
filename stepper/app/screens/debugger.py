"""The debugger: the program, its numbers, one entry explained, and the keys to walk through it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import events
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.geometry import Size
from textual.reactive import reactive
from textual.screen import Screen
from textual.widget import Widget

from stepper.app import commands
from stepper.app.arrangement import Arrangement
from stepper.app.commands import COMMANDS, Command, Commands
from stepper.app.derivations import Derivations
from stepper.app.keyboard import key_name, plain_key, unknown
from stepper.app.moves.counts import digit, repeated
from stepper.app.moves.epochs import to_epoch
from stepper.app.panels import Panel
from stepper.app.screens.asking import Asking
from stepper.app.screens.trainer import Reported, Trainer
from stepper.app.sight import whole_line
from stepper.app.snapshot import OPENING, Snapshot, told
from stepper.app.typed_ahead import typed_ahead
from stepper.app.widgets.boundary import Boundary
from stepper.app.widgets.chart import Chart
from stepper.app.widgets.derivation import DerivationPanel
from stepper.app.widgets.entry import Entry
from stepper.app.widgets.footer import Footer, MessageLine, Pressed
from stepper.app.widgets.graph import GraphPanel
from stepper.app.widgets.header import Header
from stepper.app.widgets.loss import Loss
from stepper.app.widgets.numbers import MatrixView
from stepper.app.widgets.painted import INK_CLASSES, Painted, Wanted
from stepper.app.widgets.program import Program
from stepper.app.widgets.tabbed import Tabbed, TabWanted
from stepper.app.widgets.too_small import LEAST, TooSmall
from stepper.app.widgets.watches import Watches
from stepper.show.rows import Look
from stepper.show.translation import spoken

if TYPE_CHECKING:
    from stepper.app.screens.teacher import Teacher

WIDTHS = [(0, "-tiny"), (70, "-narrow"), (110, "-wide"), (160, "-huge")]
HEIGHTS = [(0, "-flat"), (22, "-low"), (34, "-high")]
"""From so many columns or rows on the screen has this class; `app.tcss` says what it means."""

PAGE = 8
"""Rows of a page, the same in every panel."""

ARRANGING = ("tab", "tab-back", "zoom")
"""The commands that change which panels are in sight."""
ABOVE = ("help", "palette")
"""Those that open above the frame and leave it as it is."""


class DebuggerScreen(Screen[None]):
    """One snapshot, bound to every panel; a key makes the next one."""

    COMPONENT_CLASSES: ClassVar[set[str]] = INK_CLASSES
    AUTO_FOCUS = "#program"
    HORIZONTAL_BREAKPOINTS = WIDTHS
    VERTICAL_BREAKPOINTS = HEIGHTS

    now: reactive[Snapshot | None] = reactive[Snapshot | None](None, repaint=False)
    focused_panel: reactive[Panel | None] = reactive[Panel | None](None, repaint=False)

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
        self.arrangement = Arrangement(self, taught=teach is not None)
        self.trainer = Trainer(self)
        self.asking = Asking(self)
        self.teacher = teach(self) if teach else None
        """The lesson that is open beside the debugger; None where none is."""
        self.times = 1
        """How often the key of a command of the screen's own is meant."""
        self.set_reactive(DebuggerScreen.now, first)

    def compose(self) -> ComposeResult:
        self.set_classes(classes_for(self.app.size))  # before anything is laid out
        now, look = DebuggerScreen.now, self.look
        yield TooSmall(f"stepper {'learn' if self.teacher else 'run LAB'} --plain")
        yield Header(look, id="header").data_bind(now)
        with Horizontal(id="body"):
            with Vertical(id="left"):
                yield Program(look, id="program").data_bind(now)
                if self.teacher:
                    yield self.teacher.panel("reading", look).data_bind(now)
                yield Watches(look, id="watches").data_bind(now)
            with Vertical(id="right"):
                yield MatrixView(look, id="numbers").data_bind(now)
                yield Entry(look, id="entry").data_bind(now)
                yield DerivationPanel(
                    look, self.derivations, proves=self.proves, id="derive"
                ).data_bind(now)
                yield GraphPanel(look, id="graph").data_bind(now)
                if self.teacher:
                    yield self.teacher.panel("lesson", look).data_bind(now)
                with Horizontal(id="trained"):
                    yield Loss(look, id="loss").data_bind(now)
                    yield Boundary(look, id="boundary").data_bind(now)
                yield Watches(look, id="watch").data_bind(now)
        yield MessageLine(look, id="message").data_bind(now)
        yield Footer(look, self.known, id="footer").data_bind(
            now, focused=DebuggerScreen.focused_panel
        )

    @property
    def focus_chain(self) -> list[Widget]:
        """The panels in the order of tab: a lesson is the first, the watches are last."""
        order = {"reading": -1, "watches": 1}
        return sorted(super().focus_chain, key=lambda widget: order.get(widget.id or "", 0))

    def on_mount(self) -> None:
        self.arrangement.arrange()
        if self.teacher:
            self.arrangement.show_lesson()

    def on_resize(self, event: events.Resize) -> None:
        small = "-too-small" in classes_for(event.size)
        self.set_class(small, "-too-small")
        self.arrangement.arrange()
        if not small and self.focused is None and self.focused_panel is not None:
            # hidden while there was no room for it, it lost the focus
            self.call_after_refresh(self.arrangement.focus, self.focused_panel)
        if self.teacher:
            self.call_after_refresh(self._join_lines)

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        self.focused_panel = event.widget.panel if isinstance(event.widget, Painted) else None
        if self.teacher and self.has_class("-reading") == (self.focused_panel == "program"):
            self.toggle_class("-reading")
            self.call_after_refresh(self._join_lines)

    def _join_lines(self) -> None:
        """The lines between panels meet the rules that have moved."""
        for panel in self.query(Painted):
            panel.redraw()

    def on_wanted(self, event: Wanted) -> None:
        assert self.now is not None
        self.now = event.move(replace(self.now, count=0))

    def on_tab_wanted(self, event: TabWanted) -> None:
        self.arrangement.open(event.tab)

    def on_zoom_wanted(self) -> None:
        self.arrangement.zoom()

    def validate_now(self, now: Snapshot) -> Snapshot:
        return whole_line(now)

    def watch_now(self) -> None:
        if self.selections:
            self.clear_selection()  # the text under it is another one now
        self.trainer.follow()

    def on_reported(self, message: Reported) -> None:
        self.trainer.reached(message.report)

    def on_unmount(self) -> None:
        self.trainer.leave()

    def on_text_selected(self) -> None:
        """What was dragged over is copied as the button is let go."""
        text = self.get_selected_text()
        if self.now is not None and text and text.strip():
            from stepper.app import copying

            said = copying.copied_text(text, copying.driver_of(self.app))
            self.now = replace(self.now, message=said)

    def on_pressed(self, event: Pressed) -> None:
        command = next(c for c in self.known if c.id == event.command)
        self.run(command, command.any_key)

    def run(self, command: Command, key: str) -> None:
        """Run a command as often as the count before it says."""
        assert self.now is not None
        if command.id == "count":
            self.now = digit(self.now, key)
            return
        if command.id == "choose" and self.teacher:
            self._choose(self.teacher, key)
            return
        count = self.now.count
        if count:
            self.now = replace(self.now, count=0, message=None)
        if count and command.counted is not None:
            self.now = command.counted(self.now, count)
        elif command.move is not None:
            self.now = repeated(command.move, self.now, count or 1, key_name(key))
        elif command.asks is not None:
            self.asking.ask(command.asks(self.now))
        else:
            self.times = count or 1
            if self.now.message is not None and command.id not in ABOVE:
                self.now = replace(self.now, message=None)
            self.own(command)

    def _choose(self, teacher: Teacher, key: str) -> None:
        """A digit is for the lesson that waits for one; elsewhere it begins a count."""
        elsewhere = commands.find(key, None, self.known)
        if not teacher.choose(key) and elsewhere is not None:
            self.run(elsewhere, key)

    def own(self, command: Command, typed: str = "") -> None:
        own: dict[str, Callable[[], None]] = {
            "help": self._help, "quit": self.app.exit, "palette": self.asking.palette,
            "panel": self._next_panel, "theme": self._theme,
            "language": self._language,
            **{id: partial(self.arrangement.tell, id, self.say) for id in ARRANGING},
            "copy": lambda: self._copy("numpy"),
            "copy-as": self._copy_as,
            "screenshot": partial(self._picture_later, typed),
            "derive": self._derive, "derive-more": self._derive_more,
            "scroll-left": lambda: self._scroll(0, -4), "scroll-right": lambda: self._scroll(0, 4),
            "read-left": lambda: self._read(0, -1), "read-right": lambda: self._read(0, 1),
            "read-up": lambda: self._read(-1, 0), "read-down": lambda: self._read(1, 0),
            "read-go": self._read_go,
            "scroll-up": lambda: self._scroll(-1), "scroll-down": lambda: self._scroll(1),
            "page-up": lambda: self._scroll(-PAGE), "page-down": lambda: self._scroll(PAGE),
            **(self.teacher.actions if self.teacher else {}),
        }  # fmt: skip
        own[command.id]()

    def _picture_later(self, typed: str) -> None:
        """Once the list of commands is gone from the screen."""
        self.call_after_refresh(self._picture, typed)

    def _picture(self, typed: str) -> None:
        from stepper.app import picture  # first wanted after the first frame

        assert self.now is not None
        svg = self.app.export_screenshot(title=f"stepper {self.now.lab.name}")
        self.now = replace(self.now, message=picture.written(svg, self.now, typed))

    def _theme(self) -> None:
        self.call_later(self.app.run_action, "app.next_theme")

    def _language(self) -> None:
        from stepper.app.speaking import next_language  # first wanted after the first frame

        next_language(self)
        if self.teacher:
            self.teacher.speak(spoken())

    def _help(self) -> None:
        from stepper.app.screens.help import Help

        self.app.push_screen(Help(self.look, self.focused_panel, self.known))

    def _scroll(self, *by: int) -> None:
        panel = self.focused if isinstance(self.focused, Tabbed) else self.query_one(Entry)
        if not panel.scroll(*(n * self.times for n in by)):
            self.say("there is no more that way: everything is shown")

    def _read(self, rows: int, columns: int) -> None:
        """Move the read-out of the chart that has the focus, as often as the count says."""
        chart = self.focused
        if not isinstance(chart, Chart):
            self.say("the loss and the boundary are read out when they have the focus: {key_panel}")
        elif not chart.read(rows * self.times, columns * self.times):
            self.say("there is nothing more to read out that way")

    def _read_go(self) -> None:
        """To the epoch that is read out."""
        assert self.now is not None
        epoch = self.query_one(Loss).read_at
        if epoch is None:
            self.say("no epoch is read out: in the loss, {key_read_left} and {key_read_right} do")
        else:
            self.now = to_epoch(self.now, epoch)

    def _derive(self) -> None:
        """Bring the derivation into sight; where it is there already, all of it or its answer."""
        panel = self.query_one(DerivationPanel)
        if not panel.display:
            self.arrangement.open("derive")
        elif not panel.turn():
            self.say("there is no more and no less to this derivation")

    def _derive_more(self) -> None:
        panel = self.query_one(DerivationPanel)
        if not panel.more():
            self.say("every line is shown: {key_derive} shows the answer alone" if panel.opened
                     else "there is no derivation here now")  # fmt: skip

    def _next_panel(self) -> None:
        self.arrangement.leave()
        self.focus_next()

    def _copy(self, format: str) -> None:
        from stepper.app import copying  # first wanted after the first frame

        assert self.now is not None
        driver = copying.driver_of(self.app)
        self.now = replace(self.now, message=copying.copied(self.now, format, driver, self.look))

    def _copy_as(self) -> None:
        from stepper.app import copying

        self.asking.choose(copying.copy_as(self._copy))

    def _took(self, key: str) -> bool:
        """Whether a key was the answer to a question, or ended a zoom."""
        if self.asking.decided(key):
            return True
        if key in ("tab", "shift+tab", "escape") and self.arrangement.leave():
            if key != "escape":
                (self.focus_next if key == "tab" else self.focus_previous)()
            return True
        return False

    def say(self, template: str, **fields: object) -> None:
        assert self.now is not None
        self.now = told(replace(self.now, count=0), template, **fields)

    def on_key(self, event: events.Key) -> None:
        """Every key is a command, the answer to a question, or says what to press instead."""
        if typed_ahead(event, self):
            return
        self.trainer.hold()
        self._hint_goes()
        took = self._took(event.key)
        command = commands.find(event.key, self.focused_panel, self.known)
        if not took and self._is_textuals(event.key, command):
            return
        event.stop()
        event.prevent_default()
        if took:
            return
        if command is not None:
            self.run(command, event.key)
        else:
            self._elsewhere(event)

    def _is_textuals(self, key: str, command: Command | None) -> bool:
        """The screen's own way from panel to panel, and what it has bound to ctrl."""
        if command is None:
            return key.startswith("ctrl+") and key in self.active_bindings
        return command.id == "panel" and key in ("tab", "shift+tab")

    def _hint_goes(self) -> None:
        """With the first key; the legend of the marks comes in its place."""
        if self.now is not None and self.now.message is OPENING:
            self.now = replace(self.now, message=None)

    def _elsewhere(self, event: events.Key) -> None:
        """A full-width letter is its key; of any other key say what to press."""
        key = plain_key(event.character) or ""
        command = commands.find(key, self.focused_panel, self.known)
        if command is not None:
            self.run(command, key)
            return
        assert self.now is not None
        said = unknown(event.key, event.character)
        self.now = replace(self.now, count=0, message=said)


def classes_for(size: Size) -> set[str]:
    """The classes of a screen of this size."""
    wide = max(least for least, _ in WIDTHS if least <= size.width)
    high = max(least for least, _ in HEIGHTS if least <= size.height)
    small = {"-too-small"} if size.width < LEAST[0] or size.height < LEAST[1] else set()
    return {dict(WIDTHS)[wide], dict(HEIGHTS)[high]} | small
