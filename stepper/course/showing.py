"""What a lesson shows, and its commands to the debugger, as data for any interface."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from stepper.check.judged import JudgedLine
from stepper.course.stage import Stage
from stepper.expr.sentence import Sentence

Role = Literal["title", "text", "hint", "right", "wrong", "note", "ask"]


@dataclass(frozen=True, slots=True, eq=False)
class Passage:
    """Paragraphs to read, separated by blank lines."""

    sentence: Sentence
    role: Role = "text"


@dataclass(frozen=True, slots=True, eq=False)
class Choices:
    """The choices of a question; an answer is a choice's number, from 1."""

    labels: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Walk:
    """Lines of the lab to walk through, by their numbers; a start of None is the first."""

    stage: Stage
    start: str | None
    until: str


@dataclass(frozen=True, slots=True, eq=False)
class Listing:
    """A numbered program in which only the backward lines are in question."""

    stage: Stage


Shown = Passage | Choices | JudgedLine | Walk | Listing


@dataclass(frozen=True, slots=True, eq=False)
class OpenLab:
    """Opens this lab on this sample in the debugger."""

    stage: Stage


@dataclass(frozen=True, slots=True)
class GoTo:
    """Moves the debugger to the line that assigns `name`; None: before the first line."""

    name: str | None


@dataclass(frozen=True, slots=True)
class Hide:
    """Hides these until there is an answer; an empty one shows everything again."""

    values: frozenset[str] = frozenset()
    """The names whose values are hidden everywhere."""
    lines: frozenset[str] = frozenset()
    """The names whose lines are hidden too."""


Command = OpenLab | GoTo | Hide
