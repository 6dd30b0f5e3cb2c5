"""`python -m tests.bench [--check]`: ratios of medians; with --check, exit 1 beyond a bar.

A bench is a module beside this one with `BAR` and `measured()`; its docstring says what it is.
"""

import os
import sys
from importlib import import_module
from pathlib import Path
from types import ModuleType

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # as the command does, before numpy is loaded


def benches() -> list[ModuleType]:
    names = sorted(p.stem for p in Path(__file__).parent.glob("[a-z]*.py"))
    modules = [import_module(f"tests.bench.{name}") for name in names]
    return [m for m in modules if hasattr(m, "BAR")]


def main(words: list[str]) -> int:
    beyond = 0
    for bench in benches():
        ratio = bench.measured()
        beyond += ratio > bench.BAR
        verdict = "beyond the bar of" if ratio > bench.BAR else "within"
        print(f"{ratio:6.2f}  {verdict} {bench.BAR:g}: {bench.__doc__}", flush=True)
    return int(bool(beyond and "--check" in words))


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
