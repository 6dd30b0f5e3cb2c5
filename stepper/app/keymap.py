"""Commands with other keys than those they are declared with."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from stepper.app.commands import COMMANDS, TEACHING, Command, Commands, find, taught
from stepper.app.keyboard import NAMES, key_name
from stepper.app.panels import PANELS, Panel

Keys = Mapping[str, tuple[str, ...]]
"""The keys that are wanted, by the id of their command."""

NAMED = (
    "left", "right", "up", "down", "home", "end", "pageup", "pagedown", "space", "enter", "tab",
    "shift+tab", "escape", "backspace", "delete", "insert", *(f"f{n}" for n in range(1, 13)),
)  # fmt: skip
"""Keys that no sign stands on."""
KEYS = {shown: key for key, shown in NAMES.items()}
"""Keys by the sign that stands on them."""


ALL = taught(COMMANDS)
"""Those that a lesson brings too: its keys are chosen like any others."""


def remapped(keys: Keys, of: Commands = COMMANDS) -> Commands:
    """The commands with the user's keys, taken from any panel or lesson that used them."""
    changed = tuple(_with(c, keys) for c in of)
    return tuple(c._replace(shown=_shown(c, changed)) if c.shown else c for c in changed)


def _with(command: Command, keys: Keys) -> Command:
    """One command: its own new keys, and none that another one has now."""
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
    return command._replace(**fields)


def _reach(id: str, keys: tuple[str, ...], panel: Panel) -> tuple[str, ...]:
    """Those of a command's new keys that it has in a panel."""
    command = next(c for c in ALL if c.id == id)
    only = not command.keys and any(getattr(command, p) for p in PANELS)
    return keys if not only or getattr(command, panel) else ()


def _shown(command: Command, changed: Commands) -> str:
    """What the footer shows for it: `] [` with the new keys of the same two commands."""
    by_id = {c.id: c for c in changed}
    before = next(c for c in ALL if c.id == command.id)
    words = []
    for word in before.shown.split(" "):
        owner = _owner(KEYS.get(word, word))
        if owner is not None:
            words.append(key_name(by_id[owner.id].any_key))
        else:
            same = all(getattr(before, p) == getattr(command, p) for p in ("keys", *PANELS))
            words.append(word if same else key_name(command.any_key))
    return " ".join(dict.fromkeys(words))


def _owner(key: str) -> Command | None:
    return next((c for c in ALL if key in c.keys), None)


def clashes(commands: Commands) -> Iterator[tuple[str, Command, Command]]:
    """Every key that means two commands in one panel."""
    for panel in PANELS:
        for command in commands:
            for key in command.keys_in(panel):
                first = find(key, panel, commands)
                if first is not None and first.id != command.id:
                    yield key, first, command
