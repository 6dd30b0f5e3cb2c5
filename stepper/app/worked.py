"""The selected entry, worked out once per frame for all panels that show part of it."""

from __future__ import annotations

from functools import lru_cache

from stepper.app.sight import is_hidden
from stepper.app.snapshot import Snapshot
from stepper.calculus.worked import FourParts, line_parts, step_parts
from stepper.language.text import Style
from stepper.show.formula import four_parts
from stepper.show.rows import Look


@lru_cache(maxsize=8)
def parts_of(now: Snapshot) -> FourParts:
    """Symbol, formula, numbers and value: of the whole line, or of the current operation."""
    step = now.step
    assert step is not None
    worked = line_parts if now.cursor.level in ("phase", "line") else step_parts
    return worked(now.trace, step, now.entry)


def written(now: Snapshot, look: Look) -> list[str]:
    """Symbol, formula, formula with numbers and value; `= ?` after the symbol if hidden."""
    parts = _written(now, look.maths)
    return [parts[0], "= ?"] if is_hidden(now) else parts


@lru_cache(maxsize=8)
def _written(now: Snapshot, style: Style) -> list[str]:
    return four_parts(parts_of(now), style)
