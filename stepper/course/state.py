"""A learner's position in a lesson."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from stepper.course.lesson import Lesson, Section, Step
from stepper.course.progress import OPEN, Record
from stepper.course.stage import Stage, stage


@dataclass(frozen=True, eq=False)
class Play:
    """A learner's position in a lesson. `records` are by the id of a step."""

    lesson: Lesson
    language: str
    at: int = 0
    records: Mapping[str, Record] = field(default_factory=dict)
    skills: frozenset[str] = frozenset()
    answered: bool = False
    """Whether the step is answered, so that enter moves on."""
    told: int = 0
    """How many hints were given since the step began."""
    told_at: float | None = None
    """When the last hint was given; None if an answer was tried after it."""
    again: bool = False
    """Whether the answer was told and other numbers are now asked for."""

    @property
    def over(self) -> bool:
        return self.at >= len(self.lesson.steps)

    @property
    def step(self) -> Step:
        return self.lesson.steps[self.at]

    @property
    def key(self) -> str | None:
        """The key of the current step in the saved progress; None at the end."""
        return None if self.over else self.lesson.key(self.step)

    @property
    def record(self) -> Record:
        return self.records.get(self.step.id, OPEN)

    @property
    def section(self) -> Section:
        return self.lesson.section(self.step, self.language)

    @property
    def stage(self) -> Stage:
        return stage(self.lesson, self.step, self.again)

    @property
    def waits(self) -> bool:
        """Whether an answer is expected; otherwise enter moves on."""
        return not self.over and self.step.asks and not self.answered
