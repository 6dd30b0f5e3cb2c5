"""Keys that come faster than a screen opens."""

from __future__ import annotations

from collections.abc import Iterable
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
    handed_on([event], opened)
    event.stop()
    return True


def handed_on(keys: Iterable[events.Key], opened: Screen[Any]) -> None:
    """Give keys to the text field of a screen, in their order, once this is there."""
    again = [events.Key(key.key, key.character) for key in keys]

    def give() -> None:
        for key in again:
            (opened.focused or opened)._forward_event(key)

    opened.call_later(give)
