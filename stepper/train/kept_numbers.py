"""Numbers that took long are kept between two runs, as long as the same code would make them."""

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
"""The packages that a number is computed with; `check` makes the mistakes of a lab with one."""


def known() -> tuple[dict[str, float], Sentence | None]:
    """The numbers that are kept, by their keys, and what there is to say of the file."""
    content, said = STORE.read()
    return {key: float(text) for key, text in _of(content).items()}, said


def keep(key: str, number: float) -> Sentence | None:
    """Keeps a number; what there is to say where that is not possible."""
    return STORE.change(
        lambda content: {"code": _code(), "numbers": {**_of(content), key: repr(number)}}
    )


def _of(content: dict[str, object]) -> dict[str, str]:
    """The numbers of a file that this very code has made; none of any other."""
    numbers = content.get("numbers")
    return numbers if content.get("code") == _code() and isinstance(numbers, dict) else {}


@cache
def _code() -> str:
    """A digest of all that computes: numpy's version, and our own source."""
    whole = sha256(np.__version__.encode())
    for source in sources():
        whole.update(source.read_bytes())
    return whole.hexdigest()


def sources() -> Iterable[Path]:
    """Every file of our own that a number depends on."""
    here = Path(stepper.__file__).parent
    return (path for package in MAKING for path in sorted((here / package).rglob("*.py")))
