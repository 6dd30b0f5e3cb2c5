"""A lesson beside the debugger: the learner's progress in it, and the frame it asks for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from stepper.app.hiding import Asked
from stepper.app.keyboard import Enter
from stepper.app.moves.jumps import at_step
from stepper.app.snapshot import Snapshot, opened, outermost
from stepper.course.lesson import Judged, Matrix, Run
from stepper.course.play import Turn
from stepper.course.showing import Command, GoTo, Hide, OpenLab, Passage, Shown
from stepper.course.stage import Stage
from stepper.course.state import Play
from stepper.expr.sentence import Sentence, say
from stepper.language.layout import Layout


@dataclass(frozen=True, slots=True, eq=False)
class Said:
    """What one move of the lesson shows, for a lab in this layout; `typed` is the learner's input.

    `begins` says whether it begins a step of the lesson.
    """

    shows: tuple[Shown, ...]
    layout: Layout
    typed: str = ""
    begins: bool = True

    @property
    def passes(self) -> bool:
        """Whether the next message replaces it, as with "it is too early for a hint"."""
        notes = all(isinstance(s, Passage) and s.role == "note" for s in self.shows)
        return notes and not self.begins and not self.typed


@dataclass(frozen=True, slots=True, eq=False)
class Classroom:
    """An open lesson: its state, what it has said, and the frame it stands at."""

    play: Play
    stand: Snapshot
    said: tuple[Said, ...] = ()
    """Everything said since the lesson was opened, the newest last."""
    tried: str = ""
    """The last wrong answer of this step, offered for correction."""

    @property
    def choices(self) -> int:
        """The number of choices; 0 unless the lesson waits for one."""
        if not self.play.waits:
            return 0
        step = self.play.step
        return len(getattr(step, "choices", ()))

    def away(self, now: Snapshot) -> bool:
        """Whether the learner has left the frame of the lesson.

        Moves within the lesson's run count only while it waits for an answer.
        """
        return self._in_another_run(now) or (self.play.waits and self.elsewhere(now))

    def elsewhere(self, now: Snapshot) -> bool:
        """Whether the learner is anywhere but at the lesson's place."""
        return self._in_another_run(now) or now.cursor.stop != self.stand.cursor.stop

    def _in_another_run(self, now: Snapshot) -> bool:
        stand = self.stand
        if now.outer is not None or now.edits or now.lab is not stand.lab:
            return True
        return now.sample != stand.sample


def entered(turn: Turn) -> tuple[Classroom, Snapshot]:
    """A newly opened lesson, and its first frame."""
    stage = next(command.stage for command in turn.drive if isinstance(command, OpenLab))
    first = replace(opened(stage.lab, stage.sample), message=None)
    stand = obeyed(first, turn.drive)
    return Classroom(turn.play, stand, (Said(turn.shows, stage.lab.layout),)), stand


def took(room: Classroom, now: Snapshot, turn: Turn, typed: str = "") -> tuple[Classroom, Snapshot]:
    """The lesson and the frame after a move; if the lesson drives, the debugger follows."""
    play, begins = turn.play, turn.play.at != room.play.at
    said = Said(turn.shows, room.stand.lab.layout, typed, begins)
    if play.over:
        after = obeyed(now, (Hide(),))
    else:
        after = obeyed(replace(now, message=None), turn.drive)
        said = replace(said, layout=play.stage.lab.layout)
    stand = after if turn.drive else room.stand
    again = typed if play.waits and isinstance(play.step, Judged | Matrix) else ""
    return Classroom(play, stand, (*_still_said(room.said, said), said), again), after


def _still_said(before: Sequence[Said], newest: Said) -> Iterator[Said]:
    """What was said, without passing notes and without earlier tries of this step.

    This keeps the question and the newest verdict on the screen together.
    """
    step = max(n for n, said in enumerate(before) if said.begins)
    for n, said in enumerate(before):
        is_over = said.passes or (newest.typed and said.typed)
        if n <= step or not is_over:
            yield said


def come_back(room: Classroom, now: Snapshot) -> Snapshot:
    """The lesson's frame, with the current hiding, breakpoints and watches."""
    own, stand = outermost(now), room.stand
    if own.lab is not stand.lab:
        return replace(stand, hiding=own.hiding)
    return replace(stand, hiding=own.hiding, breakpoints=own.breakpoints, watches=own.watches)


def obeyed(now: Snapshot, drive: Sequence[Command]) -> Snapshot:
    """The frame after the debugger has carried out a lesson's commands."""
    for command in drive:
        now = _obeyed(replace(now, message=None), command)
    return now


def _obeyed(now: Snapshot, command: Command) -> Snapshot:
    match command:
        case OpenLab():
            return _in_lab(now, command.stage)
        case Hide():
            asked = Asked(command.values, command.lines)
            return replace(now, hiding=now.hiding._replace(asked=asked))
        case GoTo():
            return _at_line(now, command.name)


def _in_lab(now: Snapshot, stage: Stage) -> Snapshot:
    """The lab's own program as its file defines it; breakpoints and watches are kept."""
    own = outermost(now)
    as_it_was = own.edits == () and own.training is None and own.sample == stage.sample
    if own.lab is stage.lab and as_it_was:
        return replace(own, count=0)
    first = replace(opened(stage.lab, stage.sample), message=None)
    if own.lab is not stage.lab:
        return first
    return replace(first, breakpoints=own.breakpoints, watches=own.watches)


def _at_line(now: Snapshot, name: str | None) -> Snapshot:
    """The frame at the end of the line that assigns a name; for None, before the first line."""
    now = replace(now, cursor=replace(now.cursor, level="line"))
    if name is None:
        return replace(now, cursor=now.cursor.to(0), chosen=(0, 0))
    number = now.trace.program.number_of(name)
    assert number is not None, "a lesson proves that its lines exist"
    return at_step(now, now.trace.line_steps(number)[-1], (0, 0))


def enter_now(room: Classroom, *, more: bool) -> Enter:
    """What enter does in the lesson now; `more` says that there is more to read."""
    if more:
        return Enter(say("read on"))
    if room.play.over:
        return Enter(say("next lesson"))
    if room.choices:
        return Enter(say("choose"), f"1-{room.choices}")
    return Enter(say("answer") if room.play.waits else say("go on"))


def what_enter_does(room: Classroom, now: Snapshot, *, more: bool) -> Sentence:
    """The line below a lesson's text: what the learner can do now."""
    if more:
        return say("{key_go_on}: read on")
    can = _what_can_be_done(room, now)
    return say("{can} · {key_lesson}: back", can=can) if room.away(now) else can


def _what_can_be_done(room: Classroom, now: Snapshot) -> Sentence:
    step = room.play.step if not room.play.over else None
    if step is None:
        return say("{key_go_on}: the next lesson")
    if room.choices:
        return say("1-{n}: your choice", n=str(room.choices))
    if room.play.waits:
        return say("{key_go_on}: your answer")
    if isinstance(step, Run) and not _has_walked(step, now):
        return say("{key_next}: next line · {key_go_on}: on")
    return say("{key_go_on}: on")


def _has_walked(step: Run, now: Snapshot) -> bool:
    """Whether the walk has reached the line it should run up to."""
    number = now.trace.program.number_of(step.until)
    return now.step is not None and number is not None and now.step.line >= number
