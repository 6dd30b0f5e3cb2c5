"""Saves the screen as an SVG file, never over another file."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from itertools import chain, count
from pathlib import Path

from stepper.app.snapshot import Snapshot, outermost
from stepper.expr.sentence import Sentence, say

KEPT = '<svg xml:space="preserve" '
"""Some viewers drop a run's leading spaces without this, and columns lose their alignment."""


def default_names(now: Snapshot) -> Iterator[Path]:
    """`stepper-xor-27.svg`, then `stepper-xor-27-2.svg`: the lab, and how many steps have run."""
    name = Path(now.lab.name.replace(".toml", "")).name
    stem = f"stepper-{re.sub(r'[^0-9A-Za-z_-]+', '-', name)}-{outermost(now).cursor.at}"
    return (Path(f"{stem}{more}.svg") for more in chain([""], (f"-{n}" for n in count(2))))


def written(svg: str, now: Snapshot, typed: str = "") -> Sentence:
    """Writes the picture to the file that was typed, or to a new one; says how that went."""
    path = Path(os.path.expanduser(typed)) if typed else _free(now)
    try:
        _new(path, svg.replace("<svg ", KEPT, 1))
    except FileExistsError:
        return say(
            "not written: {path} is there already; {key_palette}screenshot another.svg",
            path=str(path),
        )
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or str(error)
        return say("not written: {path}: {why}", path=str(path), why=why)
    return say("{name} is this screen, in {folder}",
               name=path.name, folder=str(path.absolute().parent))  # fmt: skip


def _new(path: Path, svg: str) -> None:
    """Writes a new file, or none: a full disk leaves no half of one. Raises OSError."""
    with open(path, "x", encoding="utf-8") as file:
        try:
            file.write(svg)
            file.flush()
        except OSError:
            path.unlink()
            raise


def _free(now: Snapshot) -> Path:
    return next(path for path in default_names(now) if not os.path.lexists(path))
