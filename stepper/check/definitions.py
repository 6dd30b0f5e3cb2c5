"""Finds the lines of a text that define a function, and joins a function's body to its `def`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

BEGIN = re.compile(
    r"(?:@.*\s)?def\s+(?P<def>\w+)\s*(?=\()|(?P<lambda>\w+)\s*=\s*(?=lambda\s+[\w*])"
)
RETURN = re.compile(r"\s*return\b")
_DECORATOR = re.compile(r"@[A-Za-z_][\w.]*\s*(?:\(.*\))?$")
_GIVEN = re.compile(r"(\w+)\s*=(?!=)")
_DOCSTRING = re.compile(r"^[ \t]*[rR]?(\"\"\"|'''|\"|')(?:.*?)\1[ \t]*$", re.M | re.S)


def defined(line: str) -> str | None:
    """The name of the function a line defines; None for any other line."""
    found = BEGIN.match(line)
    return found["def"] or found["lambda"] if found else None


def without_docstrings(source: str) -> str:
    """The text with strings that stand by themselves replaced by blank lines."""
    return _DOCSTRING.sub(lambda found: "\n" * found[0].count("\n"), source)


def with_their_bodies(lines: Iterable[str], is_quantity: Callable[[str], bool]) -> Iterator[str]:
    """The lines, with a `def`, the assignments of its body and its `return` joined into one.

    A body that assigns a quantity of the lab is no helper but what is to be judged: its lines
    remain separate.
    """
    held: list[str] = []
    for line in _with_decorators(lines):
        given = _GIVEN.match(line)
        if held and RETURN.match(line):
            held, line = [], f"{held[0]} {'; '.join([*held[1:], line])}"
        elif held and given is not None and not is_quantity(given[1]):
            held.append(line)
            continue
        yield from held
        held = [line] if defined(line) and line.endswith(":") else []
        if not held:
            yield line
    yield from held


def _with_decorators(lines: Iterable[str]) -> Iterator[str]:
    """The lines, with decorators joined to their `def`."""
    held: list[str] = []
    for line in lines:
        if _DECORATOR.match(line):
            held.append(line)
            continue
        if defined(line):
            held, line = [], " ".join([*held, line])
        yield from held
        held = []
        yield line
    yield from held
