"""Prints for paper: the width and alphabet of the output, and the printing."""

from __future__ import annotations

import os
import sys

from stepper.language.layout import Layout
from stepper.ops.card import Index
from stepper.show.rows import Drawing, Look


def look_of(layout: Layout, ascii: bool, entry: Index | None = None) -> Look:
    """How things are shown on this output."""
    return Look(max(_columns(), 40), ascii or not _has_signs(), layout, entry or (0, 0))


def _columns() -> int:
    """The width of the output: COLUMNS, else the terminal's, else 80."""
    said = os.environ.get("COLUMNS", "")
    if said.isdecimal() and int(said):
        return int(said)
    try:
        return os.get_terminal_size(sys.stdout.fileno()).columns or 80
    except (OSError, ValueError):
        return 80


def _has_signs() -> bool:
    """Whether the output can carry the signs of mathematics."""
    try:
        "∂⁽₂⊙ᵀ‹→≈".encode(sys.stdout.encoding or "ascii")
    except UnicodeEncodeError:
        return False
    return True


def put(drawing: Drawing) -> None:
    """Prints in colour on a terminal, as plain text anywhere else."""
    if not sys.stdout.isatty():
        print(str(drawing).rstrip("\n"))
        return
    from rich.console import Console

    Console(soft_wrap=True, highlight=False).print(drawing)
