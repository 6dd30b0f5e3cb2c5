"""A cache of slow numbers on disk, valid as long as the code that computes them is unchanged."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from hashlib import sha256
from pathlib import Path

import numpy as np

import stepper
from stepper.expr.sentence import Sentence
from stepper.program.store import Store

STORE = Store("ledger", 1)
MAKING = ("expr", "ops", "language", "program", "calculus", "labs", "train", "check")
"""The packages that compute a number; `check` makes the mistakes of a lab that has one."""


def known() -> tuple[dict[str, float], Sentence | None]:
    """The cached numbers by their keys, and a message about the file if there is one."""
    content, said = STORE.read()
    return {key: float(text) for key, text in _of(content).items()}, said


def keep(key: str, number: float) -> Sentence | None:
    """Caches a number; returns a message if that is not possible."""
    return STORE.change(
        lambda content: {"code": _code(), "numbers": {**_of(content), key: repr(number)}}
    )


def _of(content: dict[str, object]) -> dict[str, str]:
    """The numbers in a file that this very version of the code computed."""
    numbers = content.get("numbers")
    return numbers if content.get("code") == _code() and isinstance(numbers, dict) else {}


@cache
def _code() -> str:
    """A digest of everything that computes: numpy's version and our own source."""
    whole = sha256(np.__version__.encode())
    for source in sources():
        whole.update(source.read_bytes())
    return whole.hexdigest()


def sources() -> Iterable[Path]:
    """Every source file of ours that a number depends on."""
    here = Path(stepper.__file__).parent
    return (path for package in MAKING for path in sorted((here / package).rglob("*.py")))
