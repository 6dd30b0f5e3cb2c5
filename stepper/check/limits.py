"""Reads a learner's file up to a limit, without ever waiting for it."""

from __future__ import annotations

import os
import stat

from stepper.expr.errors import StepperError

MOST_BYTES = 4_000_000
MOST_NUMBERS = 100_000


def bytes_of(path: str) -> bytes:
    """The bytes of a file. Raises StepperError if it is no file, or too large."""
    try:
        about = os.stat(path)
        if not stat.S_ISREG(about.st_mode):
            raise StepperError("this is no file of numbers")
        if about.st_size > MOST_BYTES:
            raise _too_large(about.st_size)
        with open(path, "rb") as file:
            found = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise StepperError("cannot read it: {why}", why=error.strerror or "?") from None
    except ValueError:
        raise StepperError("this is no name of a file") from None
    if len(found) > MOST_BYTES:
        raise _too_large(len(found))
    return found


def _too_large(size: int) -> StepperError:
    return StepperError(
        "this file has {size} MB, and one gradient has fewer than {most}: keep to that gradient",
        size=f"{size / 1e6:.0f}", most=f"{MOST_BYTES / 1e6:.0f}",
    )  # fmt: skip


def check_count(count: int) -> None:
    """Raises StepperError if there are more numbers than one gradient may have."""
    if count > MOST_NUMBERS:
        raise StepperError(
            "this holds more than {most} numbers: keep to one gradient", most=MOST_NUMBERS
        )
