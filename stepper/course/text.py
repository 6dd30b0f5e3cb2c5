"""Parses the text of a lesson, `en.md`: `## step: title`, then its choices, and `### hint-1`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha256

from stepper.course.lesson import Prose, Section
from stepper.expr.errors import StepperError

MADE_FROM = re.compile(r"<!-- en: ([0-9a-f]+|new) -->")
_CHOICE = re.compile(r"- ([a-z][a-z0-9-]*): (.+)")
_STEP = re.compile(r"([a-z][a-z0-9-]*)(?:: (.+))?")
_HEADING = re.compile(r"(#{1,3}) +(.+?) *")


def mark(text: str) -> str:
    """The digest of a text; the first line of a translation names that of its original."""
    return sha256(text.encode()).hexdigest()[:12]


def read_prose(text: str, language: str, where: str) -> Prose:
    """The prose in one language. Raises StepperError for a misplaced heading."""
    first = MADE_FROM.match(text)
    body = text[first.end() :] if first else text
    title, about = "", ""
    sections: dict[str, Section] = {}
    for depth, name, below, line in _parts(body):
        if depth == 1 and not title:
            title, about = name, below
        elif depth == 2 and (step := _STEP.fullmatch(name)) and step[1] not in sections:
            sections[step[1]] = replace(_section(below), title=step[2] or "")
        elif depth == 3 and sections:
            last = list(sections)[-1]
            parts = {**sections[last].parts, name: below}
            sections[last] = replace(sections[last], parts=parts)
        else:
            raise StepperError(
                "`{heading}` is out of place: `# title` comes first and once, each step has one "
                "`## step: title`, and `### hint-1` stands under its step",
                heading=f"{'#' * depth} {name}", where=f"{where}:{line}",
            )  # fmt: skip
    if not title:
        raise StepperError("a lesson's text begins with its title: `# …`", where=where)
    return Prose(
        language=language, title=title, about=about, sections=sections,
        made_from=first[1] if first else None, mark=mark(text), source=text,
    )  # fmt: skip


def _parts(body: str) -> Iterator[tuple[int, str, str, int]]:
    """Every heading: its level, its words, the text below it, and its line in the body."""
    found: tuple[int, str, int] | None = None
    below: list[str] = []
    for number, line in enumerate(body.split("\n"), 1):
        heading = _HEADING.fullmatch(line)
        if heading is None:
            below.append(line)
            continue
        if found:
            yield found[0], found[1], _trimmed(below), found[2]
        found, below = (len(heading[1]), heading[2], number), []
    if found:
        yield found[0], found[1], _trimmed(below), found[2]


def _section(below: str) -> Section:
    """The text of a step, without its choices; a choice continues on indented lines."""
    labels: dict[str, str] = {}
    kept: list[str] = []
    in_choice = False
    for line in below.split("\n"):
        choice = _CHOICE.fullmatch(line)
        in_choice = bool(choice or (in_choice and line.startswith("  ")))
        if choice:
            labels[choice[1]] = choice[2]
        elif in_choice:
            last = list(labels)[-1]
            labels[last] = f"{labels[last]} {line.strip()}"
        else:
            kept.append(line)
    return Section(text=_trimmed(kept), labels=labels)


def _trimmed(lines: list[str]) -> str:
    return "\n".join(line.rstrip() for line in lines).strip("\n")
