"""What a lesson shows, and what it asks of the debugger beside it, as data for any face."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from stepper.check.judged import JudgedLine
from stepper.course.stage import Stage
from stepper.expr.sentence import Sentence

Role = Literal["title", "text", "hint", "right", "wrong", "note", "ask"]


@dataclass(frozen=True, slots=True, eq=False)
class Passage:
    """Paragraphs to read, a blank line between them."""

    sentence: Sentence
    role: Role = "text"


@dataclass(frozen=True, slots=True, eq=False)
class Choices:
    """What can be chosen; an answer is its number, from 1."""

    labels: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Walk:
    """The lines of the lab from one to another, with their numbers; None: from the first."""

    stage: Stage
    start: str | None
    until: str


@dataclass(frozen=True, slots=True, eq=False)
class Listing:
    """A program with its line numbers, of which only the backward lines are in question."""

    stage: Stage


Shown = Passage | Choices | JudgedLine | Walk | Listing


@dataclass(frozen=True, slots=True, eq=False)
class OpenLab:
    """The debugger opens this lab on this sample."""

    stage: Stage


@dataclass(frozen=True, slots=True)
class GoTo:
    """The debugger goes to the line that gives `name`; None: before the first line."""

    name: str | None


@dataclass(frozen=True, slots=True)
class Hide:
    """What stays hidden until there is an answer; nothing: all is shown again."""

    values: frozenset[str] = frozenset()
    """The names whose numbers are hidden, wherever one goes."""
    lines: frozenset[str] = frozenset()
    """Those whose lines are hidden too."""


Command = OpenLab | GoTo | Hide
