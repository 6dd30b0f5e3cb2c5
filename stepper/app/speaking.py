"""Switches the language at once: every panel is repainted."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from stepper.app import noticed
from stepper.app.widgets.painted import Painted
from stepper.app.widgets.too_small import TooSmall
from stepper.show.switching import switch

if TYPE_CHECKING:
    from stepper.app.screens.debugger import DebuggerScreen


def next_language(screen: DebuggerScreen) -> None:
    """Changes the language of the whole screen, saves the choice, and says so."""
    assert screen.now is not None
    said = switch()
    noticed.said_of_break.cache_clear()  # the rows of a break hold words
    screen.now = replace(screen.now, count=0, message=said)
    for panel in screen.query(Painted):
        panel.redraw()
    screen.query_one(TooSmall).refresh()
