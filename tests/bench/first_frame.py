"""`stepper run xor --start z1` until its numbers are drawn, against a minimal Textual app"""

from tests.bench.clock import compared
from tests.bench.terminal import debugger, minimal

BAR = 1.6


def measured() -> float:
    return compared(_debugger, _minimal, 15)


def _debugger() -> float:
    with debugger("xor", "--start", "z1") as terminal:
        return terminal.first("z1  4×1")


def _minimal() -> float:
    with minimal() as terminal:
        return terminal.first("pressed 0")
