"""The colour themes: dark, light, high contrast, and colour-blind safe."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from rich.style import Style
from textual.color import Color
from textual.theme import Theme

from stepper.show.rows import Ink

DARK = {
    "left": "#79b8ff", "right": "#d2a8ff", "result": "#85d893", "mark": "#ffb757",
    "more": "#14285c", "less": "#4a2410",
}  # fmt: skip
LIGHT = {
    "left": "#0550ae", "right": "#6639ba", "result": "#116329", "mark": "#953800",
    "more": "#d9ecff", "less": "#ffecd9",
}  # fmt: skip
CONTRAST = {
    "left": "#00ffff", "right": "#ff9dff", "result": "#00ff00", "mark": "#ffff00",
    "more": "#00275c", "less": "#4a2400",
}  # fmt: skip
SAFE = {
    "left": "#56b4e9", "right": "#cc79a7", "result": "#f0e442", "mark": "#e69f00",
    "more": "#0b2b4a", "less": "#3f2410",
}  # fmt: skip
"""Okabe and Ito's colours: no two of them differ by red and green alone.

`more` and `less` are the backgrounds of the largest positive and negative numbers: blue and orange
in every theme, which colour-blind readers can tell apart too.
"""

THEMES = (
    Theme(
        "dark", primary="#79b8ff", error="#ff7b72", foreground="#e6e6e6", background="#101216",
        surface="#101216", panel="#23272e", variables=DARK,
    ),
    Theme(
        "light", primary="#0550ae", error="#a40e26", foreground="#14171b", background="#fbfbfb",
        surface="#fbfbfb", panel="#e9ebee", dark=False, variables=LIGHT,
    ),
    Theme(
        "high contrast", primary="#00ffff", error="#ff8080", foreground="#ffffff",
        background="#000000", surface="#000000", panel="#000000", variables=CONTRAST,
    ),
    Theme(
        "colour-blind safe", primary="#56b4e9", error="#e69f00", foreground="#f2f2f2",
        background="#101216", surface="#101216", panel="#23272e", variables=SAFE,
    ),
)  # fmt: skip


INKS: Mapping[Ink, tuple[str, float, str]] = {
    "text": ("foreground", 1, ""), "title": ("foreground", 1, "bold"),
    "dim": ("foreground", 0.65, ""), "here": ("foreground", 1, "reverse bold"),
    "mark": ("mark", 1, "bold"), "warn": ("error", 1, "bold"),
    "left": ("left", 1, ""), "right": ("right", 1, ""), "result": ("result", 1, ""),
}  # fmt: skip
"""For every ink, the theme's colour, its share over the background, and the text attributes."""


def inked(ink: Ink, colours: Mapping[str, str]) -> Style:
    """An ink as a style in the colours of a theme, without a background."""
    name, share, marked = INKS[ink]
    return _blended(colours["background"], colours[name], share, marked)


@lru_cache(maxsize=64)
def _blended(ground: str, colour: str, share: float, marked: str) -> Style:
    """Cached for all panels."""
    blended = Color.parse(ground).blend(Color.parse(colour), share)
    return Style.parse(marked) + Style(color=blended.rich_color)


def after(name: str) -> str:
    """The name of the theme after another one."""
    names = [theme.name for theme in THEMES]
    return names[(names.index(name) + 1) % len(names)] if name in names else names[0]
