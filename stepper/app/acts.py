"""Commands that act on the screen itself: open, scroll, read out, derive, copy, draw, speak."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from stepper.app.moves.counts import digit
from stepper.app.moves.epochs import to_epoch
from stepper.app.snapshot import told
from stepper.app.widgets.derivation import DerivationPanel
from stepper.app.widgets.entry import Entry
from stepper.app.widgets.tabbed import Tabbed
from stepper.show.translation import spoken

if TYPE_CHECKING:
    from stepper.app.screens.debugger import DebuggerScreen
    from stepper.app.screens.teacher import Teacher

Act = Callable[["DebuggerScreen"], None]
"""An act changes the screen itself; a move makes the next frame that it shows."""
Given = Callable[["DebuggerScreen", str], None]
"""An act that receives a key or typed text."""

PAGE = 8
"""Rows per page, in every panel."""


def _say(screen: DebuggerScreen, template: str) -> None:
    assert screen.now is not None
    screen.now = told(replace(screen.now, count=0), template)


def leave(screen: DebuggerScreen) -> None:
    screen.app.exit()


def show_help(screen: DebuggerScreen) -> None:
    from stepper.app.screens.help import Help  # needed only after the first frame

    screen.open(Help(screen.look, screen.focused_panel, screen.known))


def show_commands(screen: DebuggerScreen) -> None:
    screen.asking.palette()


ABOVE: tuple[Act, ...] = (show_help, show_commands)
"""The acts that push a screen over the frame and leave the frame unchanged."""


def other_panel(screen: DebuggerScreen, key: str) -> None:
    """Moves the focus to the next or the previous panel; this ends a zoom."""
    screen.arrangement.leave()
    (screen.focus_previous if key == "shift+tab" else screen.focus_next)()


def turn(by: int) -> Act:
    """An act that opens the tab `by` places further on."""

    def act(screen: DebuggerScreen) -> None:
        if not screen.arrangement.turn(by):
            _say(screen, "every tab is on the screen: the {key_panel} key goes to the next panel")

    return act


def zoom(screen: DebuggerScreen) -> None:
    if not screen.arrangement.zoom():
        _say(screen, "no panel has the focus: {key_panel} chooses one")


def scroll(rows: int, columns: int = 0) -> Act:
    """An act that scrolls the focused panel, as many times as the count says."""

    def act(screen: DebuggerScreen) -> None:
        focused, times = screen.focused, screen.pressing.times
        panel = focused if isinstance(focused, Tabbed) else screen.query_one(Entry)
        if not panel.scroll(rows * times, columns * times):
            _say(screen, "there is no more that way: everything is shown")

    return act


def read(rows: int, columns: int) -> Act:
    """An act that moves the read-out of the focused chart, as many times as the count says."""

    def act(screen: DebuggerScreen) -> None:
        from stepper.app.widgets.chart import Chart  # seldom part of the first frame

        chart, times = screen.focused, screen.pressing.times
        if not isinstance(chart, Chart):
            _say(
                screen,
                "the loss and the boundary are read out when they have the focus: {key_panel}",
            )
        elif not chart.read(rows * times, columns * times):
            _say(screen, "there is nothing more to read out that way")

    return act


def go_to_read(screen: DebuggerScreen) -> None:
    """Goes to the epoch that is read out."""
    from stepper.app.widgets.loss import Loss

    assert screen.now is not None
    epoch = screen.query_one(Loss).read_at
    if epoch is None:
        _say(screen, "no epoch is read out: in the loss, {key_read_left} and {key_read_right} do")
    else:
        screen.now = to_epoch(screen.now, epoch)


def derive(screen: DebuggerScreen) -> None:
    """Shows the derivation; if it is shown already, toggles between all of it and its answer."""
    panel = screen.query_one(DerivationPanel)
    if not panel.display:
        screen.arrangement.open("derive")
    elif not panel.turn():
        _say(screen, "there is no more and no less to this derivation")


def derive_more(screen: DebuggerScreen) -> None:
    panel = screen.query_one(DerivationPanel)
    if not panel.more():
        _say(screen, "every line is shown: {key_derive} shows the answer alone" if panel.opened
                     else "there is no derivation here now")  # fmt: skip


def copy(screen: DebuggerScreen, format: str = "numpy") -> None:
    from stepper.app import copying  # needed only after the first frame

    assert screen.now is not None
    said = copying.copied(screen.now, format, screen.app, screen.look)
    screen.now = replace(screen.now, message=said)


def copy_as(screen: DebuggerScreen) -> None:
    from stepper.app import copying

    screen.asking.choose(copying.copy_as(partial(copy, screen)))


def copy_selected(screen: DebuggerScreen) -> None:
    """Copies the text selected with the mouse when the button is released."""
    text = screen.get_selected_text()
    if screen.now is not None and text and text.strip():
        from stepper.app import copying

        said = copying.copied_text(text, screen.app)
        screen.now = replace(screen.now, message=said)


def draw(screen: DebuggerScreen, file: str = "") -> None:
    """Saves a picture of the screen, once the list of commands has closed."""
    screen.call_after_refresh(_draw, screen, file)


def _draw(screen: DebuggerScreen, file: str) -> None:
    from stepper.app import picture

    assert screen.now is not None
    svg = screen.app.export_screenshot(title=f"stepper {screen.now.lab.name}")
    screen.now = replace(screen.now, message=picture.written(svg, screen.now, file))


def next_theme(screen: DebuggerScreen) -> None:
    screen.call_later(screen.app.run_action, "app.next_theme")


def next_language(screen: DebuggerScreen) -> None:
    from stepper.app import speaking

    speaking.next_language(screen)
    if screen.teacher:
        screen.teacher.speak(spoken())


def in_lesson(act: Callable[[Teacher], None]) -> Act:
    """An act of the lesson that is open beside the debugger."""

    def taught(screen: DebuggerScreen) -> None:
        assert screen.teacher is not None
        act(screen.teacher)

    return taught


def count(screen: DebuggerScreen, key: str) -> None:
    """Adds a digit to the count for the next key."""
    assert screen.now is not None
    screen.now = digit(screen.now, key)


def choose(screen: DebuggerScreen, key: str) -> None:
    """Makes a choice if the lesson waits for one; otherwise the key does what it does elsewhere."""
    assert screen.teacher is not None
    if not screen.teacher.choose(key):
        screen.pressing.run_everywhere(key)


COUNTING: tuple[Given, ...] = (count, choose)
"""The acts whose keys are digits: they build the count, so they do not clear it."""
