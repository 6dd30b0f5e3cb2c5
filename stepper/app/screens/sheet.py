"""Style sheets for the parts of screens above the debugger; each screen takes those it has."""

from __future__ import annotations

TOP = "#above { height: 1; width: 100%; background: $panel; text-style: bold; }"
"""The line at the top."""
ROWS = "VerticalScroll { height: 1fr; scrollbar-size: 0 0; }"
"""The text to read, which is scrolled with keys."""
CUT = "#list { text-wrap: nowrap; text-overflow: ellipsis; }"
"""Listed things take one row each."""
CLOSED_BY = "#close { height: 1; background: $panel; text-style: bold; }"
FIELD = """
#ask { height: 1; width: 100%; background: $background; }
#question { width: auto; height: 1; text-style: bold; }
#ask Field { width: 1fr; background: $background; }
"""
BELOW = "#under { height: auto; max-height: 4; width: 100%; background: $panel; color: $mark; }"
"""The lines at the bottom, which say what the keys do."""


def sheet(screen: str, *parts: str) -> str:
    """The style sheet of a screen with these parts."""
    return f"{screen} {{ {' '.join(parts)} }}"
