"""The commands as Textual's key bindings."""

from __future__ import annotations

from textual.binding import Binding, BindingType

from stepper.app.commands import COMMANDS, Panel


def everywhere() -> list[BindingType]:
    """The keys that mean the same in every panel."""
    return [_binding(c.id, key) for c in COMMANDS for key in c.keys if c.id != "panel"]


def bindings(panel: Panel) -> list[BindingType]:
    """The keys that work only while a panel has the focus."""
    return [_binding(c.id, key) for c in COMMANDS for key in getattr(c, panel)]


def _binding(command: str, key: str) -> Binding:
    return Binding(key, f"screen.do('{command}', '{key}')", command, show=False)
