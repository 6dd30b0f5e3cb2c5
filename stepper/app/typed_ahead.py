"""Keys that come faster than a screen opens."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from textual.events import Key
from textual.screen import Screen


class TypedAhead:
    """Keys for a screen that opens above another: they wait for it, and none overtakes another.

    A key comes to the app, and goes from there to the panel with the focus and on to its screen.
    While a screen opens some are on that way still, and others come when no field has the focus.
    """

    def __init__(self, below: Screen[Any]) -> None:
        self.below = below
        self.opening: Screen[Any] | None = None
        self.passed: list[Key] = []
        """Those that came through the screen below."""
        self.held: list[Key] = []
        """Those that came to the app later."""

    def wait_for(self, opening: Screen[Any], first: Iterable[Key] = ()) -> None:
        """Hold keys back, behind the `first`, until a screen that was just put on top is there.

        What is called later comes behind the keys that are on their way by then.
        """
        self.opening, self.passed, self.held = opening, [*map(_again, first)], []
        below = self.below

        def passed() -> None:
            below.call_later(opening.call_later, self._there, opening)

        (below.focused or below).call_later(passed)

    def hold(self, key: Key) -> bool:
        """Whether a key that came to the app has to wait."""
        if key.is_forwarded or self.opening is None or self.below.app.screen is not self.opening:
            return False
        self.held.append(key)
        return True

    def passes(self, key: Key) -> bool:
        """Whether a key that came to the screen below is meant for the one above it."""
        above = self.below.app.screen
        if above is self.below:
            return False
        key.stop()
        if self.opening is None:
            _give([_again(key)], above)
        else:
            self.passed.append(_again(key))
        return True

    def _there(self, opening: Screen[Any]) -> None:
        if opening is self.opening:
            keys, self.opening = [*self.passed, *self.held], None
            _give(keys, self.below.app.screen)


def _again(key: Key) -> Key:
    """A key that has come to one screen, for another: it goes up to the app only from below."""
    return Key(key.key, key.character)


def _give(keys: Iterable[Key], screen: Screen[Any]) -> None:
    for key in keys:
        (screen.focused or screen)._forward_event(key)
