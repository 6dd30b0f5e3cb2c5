"""Finds out whether the terminal draws each mathematical sign in one cell."""

from __future__ import annotations

import os
import re
import select
import sys
import time
from collections.abc import Mapping

SIGNS = "∂·│─×Σ"
"""Signs whose East Asian width is ambiguous in Unicode: two cells in some settings."""
WIDE_LANGUAGES = ("zh", "ja", "ko")
PATIENCE = 0.3
"""Seconds to wait for an answer; a terminal that answers takes a few milliseconds."""


def needs_ascii(environ: Mapping[str, str] = os.environ, encoding: str | None = None) -> bool:
    """Whether the signs cannot be written, or would be drawn two cells wide.

    The terminal is asked only if the locale makes wide signs likely: the answer takes time, and
    most terminals draw these signs narrow in every language.
    """
    if not encodes(encoding or getattr(sys.__stderr__, "encoding", None) or "ascii"):
        return True
    return _language(environ).startswith(WIDE_LANGUAGES) and _drawn_wide()


def encodes(encoding: str) -> bool:
    """Whether an encoding can represent all the signs."""
    try:
        SIGNS.encode(encoding)
    except (LookupError, UnicodeEncodeError):
        return False
    return True


def _language(environ: Mapping[str, str]) -> str:
    """The locale of the terminal's characters, by its variables in order of precedence."""
    said = (environ.get(name, "") for name in ("LC_ALL", "LC_CTYPE", "LANG"))
    return next((value for value in said if value), "")


def _drawn_wide() -> bool:
    try:
        terminal = os.open("/dev/tty", os.O_RDWR | getattr(os, "O_NOCTTY", 0))
    except OSError:
        return False
    try:
        cells = cells_drawn(SIGNS, terminal)
    finally:
        os.close(terminal)
    return cells is not None and cells > len(SIGNS)


def cells_drawn(text: str, terminal: int) -> int | None:
    """How many cells a terminal moves its cursor for a text; None if it does not answer.

    The text is drawn at the start of the current row and erased again.
    """
    try:
        import termios
        import tty
    except ImportError:  # not on Windows, whose terminals draw these signs narrow
        return None
    before = termios.tcgetattr(terminal)
    try:
        tty.setcbreak(terminal)
        os.write(terminal, f"\r{text}\x1b[6n".encode())
        reply = _reply(terminal)
        os.write(terminal, b"\r\x1b[K")
    finally:
        termios.tcsetattr(terminal, termios.TCSADRAIN, before)
    return int(reply[1]) - 1 if reply else None


def _reply(terminal: int) -> re.Match[bytes] | None:
    """The cursor position report, `ESC [ row ; column R`."""
    read, until = b"", time.monotonic() + PATIENCE
    while (left := until - time.monotonic()) > 0 and select.select([terminal], [], [], left)[0]:
        read += os.read(terminal, 64)
        if found := re.search(rb"\x1b\[\d+;(\d+)R", read):
            return found
    return None
