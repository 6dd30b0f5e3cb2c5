"""Whether there is a screen to draw on; imports next to nothing."""

from __future__ import annotations

import os
import sys


def has_screen() -> bool:
    """Whether the output is a terminal that can draw a screen; a dumb one counts as paper."""
    return sys.stdout.isatty() and os.environ.get("TERM") not in ("dumb", "unknown")
