"""seconds after the first frame until the first line is proved, the wait for a pause included"""

import time
from statistics import median

from tests.bench.terminal import debugger

BAR = 1.5


def measured() -> float:
    return median(_seconds() for _ in range(5))


def _seconds() -> float:
    with debugger("xor", "--start", "dJ_dz2") as terminal:
        terminal.first("quit")
        began = time.perf_counter()
        terminal.wait("recognise")
        terminal.wait("✓")
        return time.perf_counter() - began
