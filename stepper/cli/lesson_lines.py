"""A lesson line by line: for screen readers, input methods and pipes."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import replace
from itertools import count
from time import monotonic

from stepper.cli.paper import put
from stepper.course import progress as kept
from stepper.course.keeping import following, keep_move, resumed
from stepper.course.lesson import Lesson
from stepper.course.play import (
    PAUSE,
    Turn,
    answer,
    hint,
    opened,
    skip,
)
from stepper.course.progress import Progress
from stepper.course.showing import Passage, Shown
from stepper.course.state import Play
from stepper.expr.sentence import Sentence, say
from stepper.show.lesson import rows
from stepper.show.lesson_list import lesson_rows
from stepper.show.rows import Drawing, Look, row

HELP = say(
    "enter goes on · :hint helps, a little more each time · :list shows the lessons · :skip goes "
    "on without it · :reset begins the lesson again · :quit leaves, and goes on from here next time"
)


def play(known: Sequence[Lesson], lesson: Lesson | None, language: str, look: Look) -> int:
    """Plays on from where the learner left, to the end or until they leave; gives an exit code."""
    with suppress(ImportError):
        import readline  # noqa: F401  (makes the arrow keys work on a terminal)
    progress, trouble = kept.read()
    chosen = lesson or resumed(known, progress)
    clock = monotonic if sys.stdin.isatty() else count(0, PAUSE).__next__
    talk = Talk(known, language, look, clock)
    talk.tell(trouble)
    if chosen is None:
        talk.list()
        talk.tell(say("every lesson is done: `stepper learn 1` plays one again"))
        return 0
    talk.tell(HELP)
    talk.open(chosen, progress)
    while talk.goes_on:
        try:
            typed = input("> ").strip()
        except EOFError:
            print()
            break
        if not sys.stdin.isatty():
            print(typed)  # a terminal shows what is typed, a pipe does not
        talk.take(typed)
    return 0


class Talk:
    """The conversation: passes what is typed to the engine, and prints what the engine shows."""

    def __init__(
        self, known: Sequence[Lesson], language: str, look: Look, clock: Callable[[], float]
    ) -> None:
        self.known, self.language, self.look, self.clock = known, language, look, clock
        self.play: Play | None = None
        self.goes_on = True
        self.asked_to_reset = False
        self.troubles: set[str] = set()

    def open(self, lesson: Lesson, progress: Progress) -> None:
        """Opens a lesson where it was left; what other lessons have taught is not shown again."""
        turn = opened(lesson, self.language, progress, progress.skills(self.known))
        self.tell(kept.keep({}, turn.play.key))
        self.play = turn.play
        self.show(turn.shows)

    def take(self, typed: str) -> None:
        """Takes a line: an answer, or a command."""
        play = self.play
        assert play is not None, "a lesson was opened"
        if self.asked_to_reset:
            self.reset_now(play, typed)
        elif typed.replace("：", ":").startswith(":"):
            self.command(play, typed.replace("：", ":"))
        elif play.over:
            self.onwards(play)
        else:
            self.took(play, answer(play, typed))

    def command(self, play: Play, word: str) -> None:
        if word == ":hint":
            self.took(play, hint(play, self.clock()))
        elif word == ":skip":
            self.took(play, skip(play))
        elif word == ":list":
            self.list()
        elif word == ":reset":
            self.asked_to_reset = True
            self.tell(say("forget all that was done in this lesson? y or n"))
        elif word == ":quit":
            self.goes_on = False
        else:
            self.tell(say("there is no `{word}`", word=word))
            self.tell(HELP)

    def list(self) -> None:
        lines = lesson_rows(self.known, kept.read()[0], self.language)
        put(Drawing(tuple(map(row, lines)), self.look.ascii))

    def reset_now(self, play: Play, typed: str) -> None:
        self.asked_to_reset = False
        if typed.lower() not in ("y", "yes", "是", "好"):
            self.tell(say("nothing is forgotten"))
            return
        self.tell(kept.forget(play.lesson))
        self.open(play.lesson, kept.read()[0].without(play.lesson))

    def onwards(self, play: Play) -> None:
        """Moves on from the end of a lesson to the next one."""
        later = following(self.known, play.lesson)
        self.goes_on = later is not None
        if later is not None:
            self.open(later, kept.read()[0])

    def took(self, before: Play, turn: Turn) -> None:
        """Shows a turn, and saves what it changed."""
        self.play = turn.play
        self.show(turn.shows)
        self.tell(keep_move(before, turn.play))
        if turn.play.over and not before.over:
            later = following(self.known, turn.play.lesson)
            self.tell(say("enter opens the next lesson · :quit leaves") if later
                      else say("this was the last lesson · :quit leaves"))  # fmt: skip

    def show(self, shows: Iterable[Shown]) -> None:
        look = self.look
        if self.play is not None and not self.play.over:
            look = replace(look, layout=self.play.stage.lab.layout)
        put(Drawing(tuple(r for shown in shows for r in rows(shown, look)), look.ascii))

    def tell(self, sentence: Sentence | None) -> None:
        """Prints a sentence of its own; a failure to save the progress is reported once."""
        if sentence is None or str(sentence) in self.troubles:
            return
        if sentence.template.startswith("cannot write"):
            self.troubles.add(str(sentence))
        self.show((Passage(sentence, "note"),))
