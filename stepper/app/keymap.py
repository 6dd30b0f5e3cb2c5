"""Remaps the keys of commands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from stepper.app.commands import COMMANDS, TEACHING, Command, Commands, find, paired, taught
from stepper.app.keyboard import NAMES
from stepper.app.panels import PANELS, Panel

Keys = Mapping[str, tuple[str, ...]]
"""The wanted keys, by the id of their command."""

NAMED = (
    "left", "right", "up", "down", "home", "end", "pageup", "pagedown", "space", "enter", "tab",
    "shift+tab", "escape", "backspace", "delete", "insert",
)  # fmt: skip
"""Keys that are labelled with a name."""
NUMBERED = tuple(f"f{n}" for n in range(1, 13))
"""The function keys."""
KEYS = {shown: key for key, shown in NAMES.items()}
"""Textual's names of keys, by their labels."""


ALL = taught(COMMANDS)
"""All commands, including those of a lesson, whose keys can be chosen like any others."""


def remapped(keys: Keys, of: Commands = COMMANDS) -> Commands:
    """The commands with the user's keys; a panel or a lesson that used one of these loses it."""
    return paired(tuple(_with(c, keys) for c in of))


def _with(command: Command, keys: Keys) -> Command:
    """One command with its own new keys, and without those that another one has now.

    The footer's word for its keys (`arrows`) is dropped if they change.
    """
    own = keys.get(command.id)
    panels = {p: getattr(command, p) for p in PANELS if getattr(command, p)}
    in_panels = bool(panels) and not command.keys
    fields: dict[str, Any] = {}
    for panel, had in panels.items():
        taken = {k for id in keys.keys() - {command.id} for k in _reach(id, keys[id], panel)}
        fields[panel] = own if own and in_panels else tuple(k for k in had if k not in taken)
    if own and not in_panels:
        fields["keys"] = own
    elif command in TEACHING:
        fields["keys"] = tuple(k for k in command.keys if all(k not in keys[id] for id in keys))
    same = all(getattr(command, name) == new for name, new in fields.items())
    return command if same else command._replace(**fields, shown="")


def _reach(id: str, keys: tuple[str, ...], panel: Panel) -> tuple[str, ...]:
    """The new keys of a command that work in a panel."""
    command = next(c for c in ALL if c.id == id)
    only = not command.keys and any(getattr(command, p) for p in PANELS)
    return keys if not only or getattr(command, panel) else ()


def clashes(commands: Commands) -> Iterator[tuple[str, Command, Command]]:
    """Every key that two commands share in one panel, with both."""
    for panel in PANELS:
        for command in commands:
            for key in command.keys_in(panel):
                first = find(key, panel, commands)
                if first is not None and first.id != command.id:
                    yield key, first, command
