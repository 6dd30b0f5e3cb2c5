"""A lesson on the screen: its keys, its text field, its panels, and saving the progress."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from time import monotonic
from typing import TYPE_CHECKING

from stepper.app.choice import Choice
from stepper.app.classroom import Classroom, Said, come_back, entered, took
from stepper.app.keyboard import key_name
from stepper.app.prompts import Prompt
from stepper.app.snapshot import Snapshot, told
from stepper.app.widgets.lesson import LessonPanel
from stepper.course import play as engine
from stepper.course import progress as kept
from stepper.course.keeping import following, keep_move
from stepper.course.lesson import Fill, Formula, Lesson
from stepper.course.play import Turn
from stepper.course.progress import Progress
from stepper.course.saying import what_to_type, with_blanks
from stepper.expr.sentence import Sentence, say
from stepper.expr.tree import Name
from stepper.show.rows import Look

if TYPE_CHECKING:
    from stepper.app.screens.debugger import DebuggerScreen


class Teacher:
    """Passes what is typed to the lesson, and makes the screen follow it."""

    def __init__(self, screen: DebuggerScreen, course: Sequence[Lesson], turn: Turn) -> None:
        self.screen, self.course = screen, course
        self.room, _ = entered(turn)
        self.clock: Callable[[], float] = monotonic
        self.troubles: set[str] = set()

    def panel(self, id: str, look: Look) -> LessonPanel:
        """Make the panel for one of the lesson's two places on the screen."""
        panel = LessonPanel(look, id=id)
        panel.classroom = self.room
        return panel

    @property
    def shown(self) -> LessonPanel:
        """The lesson's panel that is in sight; if none is, the one on the right."""
        panels = list(self.screen.query(LessonPanel))
        return next((panel for panel in panels if panel.display), panels[-1])

    @property
    def now(self) -> Snapshot:
        assert self.screen.now is not None
        return self.screen.now

    def take(self, turn: Turn, typed: str = "") -> None:
        """Show a turn, let the debugger follow, and save what the turn changed."""
        before = self.room.play
        room, now = took(self.room, self.now, turn, typed)
        self.enter(room, now)
        self.tell(keep_move(before, room.play))
        if room.play.over and not before.over:
            self.done()

    def done(self) -> None:
        """Show what was learnt and what to come back to, over the whole screen."""
        from stepper.app.screens.done import Done  # needed only at the end of a lesson

        later = following(self.course, self.room.play.lesson)
        ended = Done(self.screen.look, self.room.play, later)
        self.screen.open(ended, self._went)

    def _went(self, where: str | None) -> None:
        if where == "next":
            self.onwards()
        elif where == "list":
            self.list()

    def enter(self, room: Classroom, now: Snapshot) -> None:
        """Replace the lesson and the frame by these, in every panel."""
        self.room, self.screen.now = room, now
        for panel in self.screen.query(LessonPanel):
            panel.classroom = room
        self.screen.arrangement.show_lesson()

    def say(self, template: str, **fields: object) -> None:
        self.screen.now = told(replace(self.now, count=0), template, **fields)

    def tell(self, trouble: Sentence | None) -> None:
        """Tell of trouble with saving the progress, once; the lesson goes on."""
        if trouble is not None and str(trouble) not in self.troubles:
            self.troubles.add(str(trouble))
            self.screen.now = replace(self.now, message=trouble)

    def speak(self, language: str) -> None:
        """Repeat the step in this language, which the lesson uses from now on."""
        if language == self.room.play.language:
            return
        turn = engine.said_again(self.room.play, language)
        said = (Said(turn.shows, self.room.stand.lab.layout),)
        self.enter(replace(self.room, play=turn.play, said=said), self.now)

    def go_on(self) -> None:
        """Do what enter means: read on, answer, or go on."""
        play = self.room.play
        if self.shown.page(1):
            return
        if play.over:
            self.onwards()
        elif self.room.choices:
            self._ask_to_choose()
        elif play.waits:
            self.screen.asking.ask(self.prompt())
        else:
            self.take(engine.go_on(play))

    def _ask_to_choose(self) -> None:
        self.say("press the number of your choice, 1 to {n}", n=str(self.room.choices))

    def prompt(self) -> Prompt:
        """The text field for an answer."""
        play = self.room.play
        match play.step:
            case Formula():
                question = say("{target} =", target=Name(play.step.target))
            case Fill():
                question = with_blanks(play.step)
            case _:
                question = say("your answer")
        return Prompt(question, what_to_type(play), self.answer, typed=self.room.tried)

    def answer(self, now: Snapshot, typed: str) -> Snapshot:
        """Give an answer to the lesson; returns the frame after it."""
        self.take(engine.answer(self.room.play, typed), typed)
        return self.now

    def choose(self, key: str) -> bool:
        """Take a digit as a choice or as the start of an answer; False if none is expected."""
        if self.now.count or not self.room.play.waits:
            return False
        sign = key_name(key)
        if not self.room.choices:
            self.screen.asking.ask(self.prompt()._replace(typed=sign))
        elif sign in map(str, range(1, self.room.choices + 1)):
            self.answer(self.now, sign)
        else:
            self._ask_to_choose()
        return True

    def hint(self) -> None:
        self.take(engine.hint(self.room.play, self.clock()))

    def come_back(self) -> None:
        """Return to where the lesson stands."""
        if self.room.elsewhere(self.now):
            self.screen.now = come_back(self.room, self.now)
            self.say("back where the lesson stands")
        else:
            self.say("this is where the lesson stands")
        self.screen.arrangement.show_lesson()

    def skip(self) -> None:
        """Go to the next step; if the lesson waits for an answer, ask first whether to skip it."""
        if not self.room.play.waits:
            self.take(engine.skip(self.room.play))
            return
        self.screen.asking.choose(Choice(
            say("skip this step? It comes back another time. y or n"),
            {"y": lambda: self.take(engine.skip(self.room.play)),
             "n": lambda: self.say("nothing is skipped")},
        ))  # fmt: skip

    def reset(self) -> None:
        """Ask whether to start the lesson over, and if so forget its progress."""
        self.screen.asking.choose(Choice(
            say("forget all that was done in this lesson? y or n"),
            {"y": self.forget, "n": lambda: self.say("nothing is forgotten")},
        ))  # fmt: skip

    def forget(self) -> None:
        lesson = self.room.play.lesson
        trouble = kept.forget(lesson)
        self.open(lesson, kept.read()[0].without(lesson))
        self.tell(trouble)

    def open(self, lesson: Lesson, progress: Progress) -> None:
        """Open a lesson where it was left."""
        language = self.room.play.language
        turn = engine.opened(lesson, language, progress, progress.skills(self.course))
        self.enter(*entered(turn))
        self.tell(kept.keep({}, turn.play.key))

    def list(self) -> None:
        from stepper.app.screens.lessons import Lessons  # needed only after the first frame

        here = self.room.play.lesson
        listed = Lessons(self.screen.look, self.course, here, self.room.play.language)
        self.screen.open(listed, self._chosen)

    def _chosen(self, lesson: Lesson | None) -> None:
        if lesson is not None and lesson is not self.room.play.lesson:
            self.open(lesson, kept.read()[0])

    def onwards(self) -> None:
        """Open the lesson after this one, or say that this was the last."""
        later = following(self.course, self.room.play.lesson)
        if later is None:
            self.say("this was the last lesson: {key_list} lists them all, {key_quit} leaves")
        else:
            self.open(later, kept.read()[0])

    def read(self, rows: int) -> None:
        if not self.shown.scroll(rows):
            self.say("there is no more that way: everything is shown")

    def read_page(self, by: int) -> None:
        if not self.shown.page(by):
            self.say("there is no more that way: everything is shown")
