"""The labs, one for each network: variants that only train in another way are left out."""

from functools import cache

from stepper.labs.lab import Lab
from stepper.labs.load import load
from stepper.labs.source import lab_names, read


@cache
def lab(name: str) -> Lab:
    return load(name)


def networks() -> list[str]:
    """The names of labs with different forward programs."""
    found: dict[tuple[str, ...], str] = {}
    for stem in lab_names():
        for name in (stem, *(f"{stem}:{v}" for v in read(stem).table("variants"))):
            lines = tuple(line.text() for line in lab(name).forward.lines)
            found.setdefault((lab(name).layout, *lines), name)
    return sorted(found.values())
