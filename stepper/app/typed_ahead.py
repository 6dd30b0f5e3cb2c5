"""Keys that come faster than a screen opens."""

from __future__ import annotations

from typing import Any

from textual import events
from textual.screen import Screen


def typed_ahead(event: events.Key, here: Screen[Any]) -> bool:
    """Whether a key that came to a screen is meant for the one that just opens above it.

    It is handed on to that one's text field once this is there: no letter gets lost.
    """
    opened = here.app.screen
    if opened is here:
        return False
    key = events.Key(event.key, event.character)
    opened.call_later(lambda: (opened.focused or opened)._forward_event(key))
    event.stop()
    return True
