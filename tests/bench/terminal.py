"""An app in a terminal of its own: what it writes, and how long after a key the last of it comes.

The whole way is measured, from the key to the letters that a terminal is sent. The terminal says
that it knows synchronized output, as most of today's do.
"""

from __future__ import annotations

import fcntl
import os
import pty
import select
import signal
import struct
import sys
import tempfile
import termios
import time

ASKED, ANSWER = b"\x1b[?2026$p", b"\x1b[?2026;2$y"
QUIET, SETTLED, PATIENCE = 0.08, 0.8, 30.0
"""Seconds without a letter after which a frame is whole, an app has started, an app is stuck."""

MINIMAL = """
from textual.app import App
from textual.widgets import Static

class Minimal(App):
    pressed = 0

    def compose(self):
        yield Static("pressed 0")

    def on_key(self):
        self.pressed += 1
        self.query_one(Static).update(f"pressed {self.pressed}")

Minimal().run()
"""
"""The least that Textual can do: one line, and another one after a key."""


def minimal() -> Terminal:
    return Terminal("-c", MINIMAL)


def debugger(*words: str) -> Terminal:
    return Terminal("-m", "stepper", "run", *words)


class Terminal:
    """Python with these words, in a terminal of so many columns and rows."""

    def __init__(self, *words: str, size: tuple[int, int] = (120, 40)) -> None:
        self.state = tempfile.TemporaryDirectory()
        environment = {**_environment(), "STEPPER_STATE": self.state.name}
        self.began = time.perf_counter()
        self.pid, self.fd = pty.fork()
        if not self.pid:
            os.execve(sys.executable, [sys.executable, *words], environment)
        columns, rows = size
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def __enter__(self) -> Terminal:
        return self

    def __exit__(self, *error: object) -> None:
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        os.close(self.fd)
        self.state.cleanup()

    def first(self, shown: str) -> float:
        """Seconds from the start until this text is on the screen."""
        self.wait(shown)
        return time.perf_counter() - self.began

    def wait(self, shown: str) -> None:
        """Until this text is written from now on."""
        written = b""
        while shown.encode() not in written:
            written += self._read(PATIENCE)

    def settle(self) -> bytes:
        """All that is written until nothing more comes."""
        return self._frame(SETTLED)[0]

    def press(self, key: str) -> tuple[float, bytes]:
        """Seconds from a key to the last letter that it draws, and what is written for it."""
        began = time.perf_counter()
        os.write(self.fd, key.encode())
        written, ended = self._frame(QUIET)
        return ended - began, written

    def until(self, keys: str, shown: bytes) -> float:
        """Seconds from keys until this is written."""
        began, written = time.perf_counter(), b""
        os.write(self.fd, keys.encode())
        while shown not in written:
            written += self._read(PATIENCE)
        return time.perf_counter() - began

    def _frame(self, quiet: float) -> tuple[bytes, float]:
        written = self._read(PATIENCE)
        ended = time.perf_counter()
        while more := self._read(quiet):
            written, ended = written + more, time.perf_counter()
        return written, ended

    def _read(self, patience: float) -> bytes:
        if not select.select([self.fd], [], [], patience)[0]:
            if patience == PATIENCE:
                raise TimeoutError("the app writes nothing")
            return b""
        written = os.read(self.fd, 1 << 16)
        if ASKED in written:
            os.write(self.fd, ANSWER)
        return written


def _environment() -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if k not in _LEFT_OUT}
    return {**kept, "TERM": "xterm-256color", "COLORTERM": "truecolor"}


_LEFT_OUT = ("PYTHONDONTWRITEBYTECODE", "NO_COLOR", "COLUMNS", "LINES")
