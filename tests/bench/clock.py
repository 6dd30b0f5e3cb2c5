"""How much longer one thing takes than another, both measured in turns in the same run."""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from statistics import median

Work = Callable[[], object]
STEPPER = "from stepper.cli.main import main; raise SystemExit(main())"


def ratio(work: Work, bare: Work, times: int) -> float:
    """The median of the one over the median of the other, after a turn that does not count."""
    return compared(lambda: _seconds(work), lambda: _seconds(bare), times)


def compared(work: Callable[[], float], bare: Callable[[], float], times: int) -> float:
    """The same of two that say themselves how many seconds they took."""
    work(), bare()
    taken = [(work(), bare()) for _ in range(times)]
    return median(t for t, _ in taken) / median(t for _, t in taken)


def least_ratio(work: Work, bare: Work, times: int) -> float:
    """The least of the one over the least of the other: what a busy machine disturbs least."""
    work(), bare()
    taken = [(_seconds(work), _seconds(bare)) for _ in range(times)]
    return min(t for t, _ in taken) / min(t for _, t in taken)


def _seconds(work: Work) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def python(code: str, *words: str) -> Work:
    """A fresh interpreter on this code; compiled modules are kept as an installation keeps them."""
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}

    def run() -> None:
        command = [sys.executable, "-c", code, *words]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env=environment)

    return run
