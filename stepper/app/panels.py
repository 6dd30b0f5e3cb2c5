"""The panels of the debugger that can have the focus, and their names."""

from __future__ import annotations

from typing import Literal

from stepper.expr.sentence import Sentence, say

Panel = Literal[
    "program", "numbers", "entry", "derive", "graph", "loss", "boundary", "watch", "lesson"
]
"""The panels that can have the focus."""
PANELS: tuple[Panel, ...] = (
    "program", "numbers", "entry", "derive", "graph", "loss", "boundary", "watch", "lesson",
)  # fmt: skip
PANEL_NAMES: dict[Panel, Sentence] = {
    "program": say("program"), "numbers": say("numbers"), "entry": say("entry"),
    "derive": say("derive"), "graph": say("graph"),
    "loss": say("loss"), "boundary": say("boundary"), "watch": say("watch"),
    "lesson": say("lesson"),
}  # fmt: skip
