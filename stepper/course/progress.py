"""A learner's progress: one record per step, saved atomically and merged with what others saved."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from stepper.expr.sentence import Sentence
from stepper.program.store import Store

if TYPE_CHECKING:  # progress is also read and changed where no lesson is open
    from stepper.course.lesson import Lesson, Step

STORE = Store("progress", 1)
STATES = ("open", "seen", "skipped", "done")
"""In ascending order: when two records are merged, the higher state counts."""


@dataclass(frozen=True, slots=True)
class Record:
    """The record of one step. `hints` is the highest level given, `at` the time it was changed."""

    state: str = "open"
    tries: int = 0
    hints: int = 0
    answer: str = ""
    mistakes: tuple[str, ...] = ()
    at: str = ""

    @property
    def is_done(self) -> bool:
        return self.state == "done"

    @property
    def is_past(self) -> bool:
        """Whether nothing more is to be done in this step."""
        return self.state in ("done", "seen")

    @property
    def at_first_try(self) -> bool:
        return self.is_done and self.tries == 1 and not self.hints


OPEN = Record()


@dataclass(frozen=True, slots=True)
class Progress:
    """All records, by `lesson/step`; those of lessons that no longer exist are kept too."""

    language: str | None = None
    current: str | None = None
    steps: Mapping[str, Record] = field(default_factory=dict)

    def of(self, lesson: Lesson, step: Step) -> Record:
        """The record of a step, under its current or a former id."""
        for key in (lesson.key(step), *step.was):
            if key in self.steps:
                return self.steps[key]
        return OPEN

    def without(self, lesson: Lesson) -> Progress:
        """The progress without any record of a lesson."""
        gone = keys(lesson)
        return replace(self, steps={k: kept for k, kept in self.steps.items() if k not in gone})

    def of_lesson(self, lesson: Lesson) -> dict[str, Record]:
        """The records of a lesson's steps, by the step's id."""
        return {step.id: self.of(lesson, step) for step in lesson.steps}

    def skills(self, lessons: Iterable[Lesson]) -> frozenset[str]:
        """The skills a learner has shown at the first try, without a hint."""
        return frozenset(
            step.skill
            for lesson in lessons
            for step in lesson.steps
            if step.skill and step.kind in SHOWING and self.of(lesson, step).at_first_try
        )


SHOWING = ("explain", "formula")
"""The kinds of steps that show a skill: an explanation, and a whole formula."""


def keys(lesson: Lesson) -> frozenset[str]:
    """The keys under which the records of a lesson are saved, or once were."""
    return frozenset(key for step in lesson.steps for key in (lesson.key(step), *step.was))


def read() -> tuple[Progress, Sentence | None]:
    """The saved progress, and a message about it if there is one."""
    kept, said = STORE.read()
    return from_content(kept), said


def keep(changes: Mapping[str, Record], current: str | None) -> Sentence | None:
    """Adds records to what is saved, without undoing what another process saved meanwhile."""

    def change(content: dict[str, Any]) -> dict[str, Any]:
        steps = _steps(content)
        for key, mine in changes.items():
            theirs = _record(steps.get(key))
            steps[key] = as_table(merged(theirs, mine) if theirs else mine)
        return {**content, "current": current, "steps": steps}

    return STORE.change(change)


def forget(lesson: Lesson) -> Sentence | None:
    """Deletes a lesson's records."""
    gone = keys(lesson)

    def change(content: dict[str, Any]) -> dict[str, Any]:
        steps = {key: kept for key, kept in _steps(content).items() if key not in gone}
        current = content.get("current")
        return {**content, "current": None if current in gone else current, "steps": steps}

    return STORE.change(change)


def forget_all() -> Sentence | None:
    """Deletes every record, but keeps the language."""
    return STORE.change(lambda content: {**content, "current": None, "steps": {}})


def keep_language(language: str) -> Sentence | None:
    return STORE.change(lambda content: {**content, "lang": language})


def add(content: Mapping[str, Any]) -> Sentence | None:
    """Merges progress that another machine saved."""
    theirs = from_content(content)
    current = read()[0].current or theirs.current
    return keep(theirs.steps, current)


def merged(one: Record, other: Record) -> Record:
    """Merges two records of a step; among equal states the later answer counts."""
    old, new = sorted((one, other), key=lambda record: (STATES.index(record.state), record.at))
    return replace(
        new,
        tries=max(old.tries, new.tries),
        hints=max(old.hints, new.hints),
        answer=new.answer or old.answer,
        mistakes=tuple(dict.fromkeys((*old.mistakes, *new.mistakes))),
    )


def from_content(content: Mapping[str, Any]) -> Progress:
    """Progress from its JSON form; unreadable records are skipped."""
    found = {key: _record(table) for key, table in _steps(content).items()}
    language, current = content.get("lang"), content.get("current")
    return Progress(
        language if isinstance(language, str) else None,
        current if isinstance(current, str) else None,
        {key: record for key, record in found.items() if record is not None},
    )


def as_table(record: Record) -> dict[str, Any]:
    """A record in its JSON form."""
    return {
        "state": record.state, "tries": record.tries, "hints": record.hints,
        "answer": record.answer, "mistakes": list(record.mistakes), "at": record.at,
    }  # fmt: skip


def _steps(content: Mapping[str, Any]) -> dict[str, Any]:
    steps = content.get("steps")
    return dict(steps) if isinstance(steps, dict) else {}


def _record(table: Any) -> Record | None:
    """A record from its JSON form; None if it is none."""
    try:
        mistakes = tuple(map(str, table["mistakes"]))
        record = Record(**{**table, "mistakes": mistakes})
    except (TypeError, KeyError):
        return None
    whole = type(record.tries) is int and type(record.hints) is int
    texts = isinstance(record.answer, str) and isinstance(record.at, str)
    return record if record.state in STATES and whole and texts else None
