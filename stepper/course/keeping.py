"""What every interface does between two moves: which lesson to open, and what to save."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from stepper.course import progress
from stepper.course.lesson import Lesson
from stepper.course.progress import Progress
from stepper.expr.sentence import Sentence

if TYPE_CHECKING:
    from stepper.course.state import Play


def resumed(known: Sequence[Lesson], kept: Progress) -> Lesson | None:
    """The lesson that was left, else the first one not done; None once all are done."""
    open_ones = [lesson for lesson in known if not _is_past(lesson, kept)]
    for lesson in open_ones:
        if (kept.current or "").startswith(f"{lesson.id}/"):
            return lesson
    return next(iter(open_ones), None)


def _is_past(lesson: Lesson, kept: Progress) -> bool:
    return all(record.is_past for record in kept.of_lesson(lesson).values())


def following(known: Sequence[Lesson], lesson: Lesson) -> Lesson | None:
    """The next lesson of the course; None after the last."""
    return next((other for other in known if other.number > lesson.number), None)


def keep_move(before: Play, after: Play) -> Sentence | None:
    """Saves what a move has changed; returns a message if that is not possible."""
    from stepper.course.play import changed  # with the numerics that a lesson needs

    now = datetime.now(UTC).isoformat(timespec="seconds")
    changes = {key: replace(record, at=now) for key, record in changed(before, after).items()}
    if not changes and before.key == after.key:
        return None
    return progress.keep(changes, after.key)
