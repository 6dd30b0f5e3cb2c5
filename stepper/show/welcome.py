"""The choices `stepper` alone offers: the ways to begin, or to continue."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from stepper.course.keeping import resumed
from stepper.course.lesson import Lesson
from stepper.course.progress import Progress
from stepper.expr.sentence import Sentence, say
from stepper.show.lesson_list import lesson_state


@dataclass(frozen=True, slots=True)
class Choice:
    """A command with a short label and a sentence about it."""

    words: tuple[str, ...]
    """The words typed after `stepper`."""
    label: Sentence
    about: Sentence

    @property
    def typed(self) -> str:
        return " ".join(("stepper", *self.words))


WALK = Choice(
    ("run", "xor"), say("walk through XOR"),
    say("One sample forwards to its loss, backwards to every weight, and one update: n goes on, p "
        "goes back. Nothing can break."),
)  # fmt: skip
CHECK = Choice(
    ("check", "xor"), say("check what you derived by hand"),
    say("Asks for each gradient of XOR in turn: you type your formula, and are told whether it is "
        "right, or where and why it is not."),
)  # fmt: skip
HELP = Choice(
    ("--help",), say("help"),
    say("All commands, with what each does: your own networks, training, derivations, documents."),
)  # fmt: skip


def choices(known: Sequence[Lesson], kept: Progress, language: str) -> tuple[Choice, ...]:
    """The ways to begin, the likeliest first.

    A new learner sees the walk first: it asks for nothing. One who has begun a lesson sees that one
    first, or the next that is not done; once all are done the walk is first again.
    """
    lesson = resumed(known, kept) if kept.current or kept.steps else None
    going_on = () if lesson is None else (_resume(lesson, kept, language),)
    lessons = (_lessons(known, begun=bool(kept.current or kept.steps)),) if known else ()
    return (*going_on, WALK, *lessons, CHECK, HELP)


def _resume(lesson: Lesson, kept: Progress, language: str) -> Choice:
    title = lesson.prose_in(language).title
    return Choice(
        ("learn",), say("go on with lesson {n}", n=str(lesson.number)),
        say("{title}: {state}. It opens where you left.",
            title=title, state=lesson_state(lesson, kept)),
    )  # fmt: skip


def _lessons(known: Sequence[Lesson], *, begun: bool) -> Choice:
    about = say("From one neuron to the output layer, a pen beside you: predict, walk, fill in, "
                "derive, explain.")  # fmt: skip
    if begun:
        return Choice(("learn", "--list"), say("all {n} lessons", n=str(len(known))), about)
    label = say("lessons: {n}, the first takes {minutes} minutes",
                n=str(len(known)), minutes=str(known[0].minutes))  # fmt: skip
    return Choice(("learn",), label, about)
