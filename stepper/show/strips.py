"""The course of a size over the epochs, as a strip of one character each: the taller the larger."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from stepper.show.numbers import scalar
from stepper.show.rows import Look, Row

LEVELS, LEVELS_ASCII = "▁▂▃▄▅▆▇█", ".:-=+*#@"
ZERO = "0"
"""The sign of an exact 0, which has no place on a logarithmic axis."""


def strips(sizes: Sequence[tuple[str, Sequence[float]]], look: Look) -> list[Row]:
    """A row for each name: the name, its strip, its last number. All share one logarithmic axis."""
    found = [v for _, values in sizes for v in values if v > 0 and math.isfinite(v)]
    low, high = (math.log10(f(found)) for f in (min, max)) if found else (0.0, 0.0)
    named = max((len(name) for name, _ in sizes), default=0)
    lasts = [scalar(values[-1]) for _, values in sizes]
    room = max(look.width - named - max(map(len, lasts), default=0) - 3, 4)
    return [
        ((f"{name:<{named}} ", "text"), (_strip(values, room, low, high, look), "result"),
         (f" {last}", "text"))
        for (name, values), last in zip(sizes, lasts, strict=True)
    ]  # fmt: skip


def _strip(values: Sequence[float], room: int, low: float, high: float, look: Look) -> str:
    """The largest value of each stretch, so that no spike is lost."""
    stretches = np.array_split(np.asarray(values), min(room, len(values)))
    drawn = "".join(_sign(float(np.max(s)), low, high, look) for s in stretches)
    return drawn.ljust(room)


def _sign(value: float, low: float, high: float, look: Look) -> str:
    signs = LEVELS_ASCII if look.ascii else LEVELS
    if value == 0:
        return ZERO
    if not math.isfinite(value):
        return look.sign("!", "!")
    part = (math.log10(value) - low) / (high - low) if high > low else 0.5
    return signs[min(int(part * len(signs)), len(signs) - 1)]
