"""Whether there is a screen to draw on; imports next to nothing."""

from __future__ import annotations

import os
import sys


def has_screen() -> bool:
    """Whether this output is a terminal on which a screen can be drawn: a dumb one is paper."""
    return sys.stdout.isatty() and os.environ.get("TERM") not in ("dumb", "unknown")
