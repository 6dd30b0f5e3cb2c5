"""The list of lessons with the progress of each; fast, because it imports no numerics."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from stepper.course.lesson import Lesson
from stepper.course.progress import Progress
from stepper.expr.sentence import Sentence, say
from stepper.language.width import columns
from stepper.show.translation import translate


def lesson_rows(known: Sequence[Lesson], progress: Progress, language: str) -> Iterator[str]:
    """A row for each lesson: its number, its title, and its progress."""
    titles = [lesson.prose_in(language).title for lesson in known]
    wide = max(map(columns, titles), default=0)
    for lesson, title in zip(known, titles, strict=True):
        state = lesson_state(lesson, progress).words(translate=translate)
        yield f"{lesson.number:>2}  {title}{' ' * (wide - columns(title))}  {state}"


def lesson_state(lesson: Lesson, progress: Progress) -> Sentence:
    """The progress of a lesson in words, without marks or colour."""
    records = progress.of_lesson(lesson).values()
    past = sum(record.is_past for record in records)
    skipped = sum(record.state == "skipped" for record in records)
    total = str(len(lesson.steps))
    if not any(record.state != "open" or record.tries for record in records):
        return say("not begun, about {n} minutes", n=str(lesson.minutes))
    if past == len(lesson.steps):
        return say("done")
    if skipped:
        return say("{n} of {all} steps done, {skipped} skipped",
                   n=str(past), all=total, skipped=str(skipped))  # fmt: skip
    return say("{n} of {all} steps done", n=str(past), all=total)
