"""a step key until its frame is drawn while a training goes on, against the same key without"""

import time

from tests.bench.clock import compared
from tests.bench.terminal import Terminal

BAR = 1.3
DRAWN = b"\x1b]1337;drawn\x07"
"""Written behind the frame of every key: the frames of a training come in between."""
MARKING = f"""
from stepper.app.screens.debugger import DebuggerScreen
from stepper.cli.main import main

on_key = DebuggerScreen.on_key

def marked(self, event):
    on_key(self, event)
    self.call_after_refresh(self.app._driver.write, {DRAWN.decode()!r})

DebuggerScreen.on_key = marked
raise SystemExit(main())
"""
KEYS = "np" * 15
PACE = 0.15
"""Seconds before each key: by then the training goes on at full speed."""


def measured() -> float:
    with _debugger() as trains, _debugger() as rests:
        for terminal in (trains, rests):
            terminal.settle()
            terminal.press("v")
        trains.until("t", b"train; enter")
        trains.until("9999999\r", b"t pauses")
        keys = iter(key for key in KEYS for _ in range(2))
        return compared(
            lambda: _pressed(trains, next(keys)), lambda: _pressed(rests, next(keys)), len(KEYS) - 1
        )


def _pressed(terminal: Terminal, key: str) -> float:
    time.sleep(PACE)
    return terminal.until(key, DRAWN)


def _debugger() -> Terminal:
    return Terminal("-c", MARKING, "run", "xor")
