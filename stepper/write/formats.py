"""The formats a walk can be written in: each is a module beside this one with a `FORMAT`."""

from __future__ import annotations

import pkgutil
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib import import_module

import stepper.write as package
from stepper.write.walk import Walk


@dataclass(frozen=True, slots=True)
class Format:
    """How to write a file whose name ends in `.ending`."""

    ending: str
    written: Callable[[Walk], str]
    in_ascii: Callable[[Walk], str] | None = None
    """The same in pure ASCII, if that is possible."""


@cache
def formats() -> dict[str, Format]:
    """The formats by their endings."""
    modules = (import_module(f"{package.__name__}.{m.name}") for m in pkgutil.iter_modules(
        package.__path__))  # fmt: skip
    found = (module.__dict__.get("FORMAT") for module in modules)
    return {f.ending: f for f in found if isinstance(f, Format)}
