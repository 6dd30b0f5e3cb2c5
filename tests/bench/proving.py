"""a step key while a proof runs beside the screen, against one while none does (120×40)"""

import time
from itertools import cycle

from tests.bench.clock import compared
from tests.bench.terminal import Terminal

BAR = 1.5
SETTLED = 0.35
"""Seconds after a key until the proof of where it led is under way."""
APP = """
from stepper.app.derivations import Derivations
from stepper.cli.main import main
once = Derivations.prove
def over_and_over(self, place):
    while True:
        known = Derivations()
        known.build(place)
        yield from once(known, place)
Derivations.prove = {prove}
raise SystemExit(main(["run", "xor", "--start", "dJ_dz2"]))
"""
NOTHING = "lambda self, place: iter(())"


def measured() -> float:
    with _debugger("over_and_over") as busy, _debugger(NOTHING) as idle:
        keys = {terminal: cycle("nnpp") for terminal in (busy, idle)}
        for terminal in (busy, idle) * 4:  # every line is derived once: the same is drawn each time
            _pressed(terminal, next(keys[terminal]))
        return compared(
            lambda: _pressed(busy, next(keys[busy])), lambda: _pressed(idle, next(keys[idle])), 24
        )


def _debugger(prove: str) -> Terminal:
    return Terminal("-c", APP.format(prove=prove))


def _pressed(terminal: Terminal, key: str) -> float:
    time.sleep(SETTLED)
    return terminal.press(key)[0]
