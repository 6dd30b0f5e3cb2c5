"""Where a learner stands in a lesson."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from stepper.course.lesson import Lesson, Section, Step
from stepper.course.progress import OPEN, Record
from stepper.course.stage import Stage, stage


@dataclass(frozen=True, eq=False)
class Play:
    """Where a learner stands in a lesson. `records` are by the id of a step."""

    lesson: Lesson
    language: str
    at: int = 0
    records: Mapping[str, Record] = field(default_factory=dict)
    skills: frozenset[str] = frozenset()
    answered: bool = False
    """Whether the step is answered, and enter goes on."""
    told: int = 0
    """How many hints were given since the step began."""
    told_at: float | None = None
    """When the last hint was given; None once an answer was tried after it."""
    again: bool = False
    """Whether the answer was told and other numbers are asked now."""

    @property
    def over(self) -> bool:
        return self.at >= len(self.lesson.steps)

    @property
    def step(self) -> Step:
        return self.lesson.steps[self.at]

    @property
    def key(self) -> str | None:
        """What progress calls the step; None at the end."""
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
        """Whether an answer is wanted; else enter goes on."""
        return not self.over and self.step.asks and not self.answered
