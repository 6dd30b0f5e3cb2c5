"""Leaves in order when the system ends the process, so that the place is kept then too."""

from __future__ import annotations

import asyncio
import signal
from contextlib import suppress
from functools import partial
from typing import Any

from textual.app import App

from stepper.expr.errors import FAULT

INTERRUPTED = 3
"""The exit code of an app that was ended from outside."""


def code_of(app: App[Any]) -> int:
    """The exit code of an app that has ended; FAULT for Textual's 1, an error it has shown."""
    return FAULT if app.return_code == 1 else app.return_code or 0


def leave_on_signals(app: App[None]) -> None:
    """SIGTERM, and SIGHUP of a closed terminal, end the app as `q` does; not on Windows."""
    loop = asyncio.get_running_loop()
    for name in ("SIGTERM", "SIGHUP"):
        with suppress(AttributeError, NotImplementedError, RuntimeError):
            ask = partial(app.exit, return_code=INTERRUPTED)
            loop.add_signal_handler(getattr(signal, name), ask)
