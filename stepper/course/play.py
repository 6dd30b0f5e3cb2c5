"""The engine of a lesson: a state, and the turn that each move of the learner leads to.

It knows no screen and no clock: an interface shows what a turn says, makes the debugger follow, and
passes on what is typed.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from stepper.course.answers import Answered, answered
from stepper.course.driving import driven
from stepper.course.lesson import LEVELS, Fill, FindBug, Formula, Lesson, Matrix, Worked
from stepper.course.progress import SHOWING, Progress, Record
from stepper.course.prose import filled
from stepper.course.saying import (
    asked,
    behind,
    ending,
    note,
    part,
    reveal,
    text,
    told_of,
    untranslated,
    what_to_type,
)
from stepper.course.showing import Command, Passage, Shown
from stepper.course.stage import again_of
from stepper.course.state import Play
from stepper.expr.sentence import Sentence, say

PAUSE = 5.0
"""Seconds between two hints, unless an answer was tried."""
EXERCISES = (Fill, Formula, Matrix, FindBug)


@dataclass(frozen=True, slots=True, eq=False)
class Turn:
    """The result of a move: the new state, what to show, and what the debugger does."""

    play: Play
    shows: tuple[Shown, ...]
    drive: tuple[Command, ...] = ()


def opened(
    lesson: Lesson, language: str, progress: Progress, skills: frozenset[str] = frozenset()
) -> Turn:
    """Opens a lesson where it was left: at the step that was current, or the first one not done."""
    play = Play(lesson, language, records=progress.of_lesson(lesson), skills=skills)
    left = [n for n, step in enumerate(lesson.steps) if not play.records[step.id].is_past]
    ids = {key: n for n, s in enumerate(lesson.steps) for key in (lesson.key(s), *s.was)}
    current = ids.get(progress.current or "")
    at = current if current in left else next(iter(left), 0)
    about = lesson.prose_in(language).about
    play = replace(play, at=at)
    shows = () if at or not about else (Passage(filled(about, play.stage)),)
    heading = Passage(say("{title}", title=lesson.prose_in(language).title), "title")
    turn = _begun(play)
    return replace(turn, shows=(heading, *shows, *turn.shows))


def said_again(play: Play, language: str) -> Turn:
    """Says the current step again from its beginning, in another language; nothing is undone."""
    return replace(_begun(replace(play, language=language)), drive=())


def changed(before: Play, after: Play) -> dict[str, Record]:
    """The records a move has changed, by the keys they are saved under."""
    lesson = after.lesson
    return {
        lesson.key(step): after.records[step.id]
        for step in lesson.steps
        if step.id in after.records and after.records[step.id] != before.records.get(step.id)
    }


def go_on(play: Play) -> Turn:
    """Moves on to the next step, if this one is read or answered: enter on an empty line."""
    if play.over:
        return Turn(play, ())
    if play.waits:
        return Turn(play, (note(what_to_type(play)),))
    if not play.step.asks:
        play = _recorded(play, state="seen")
    return _next(play)


def answer(play: Play, typed: str) -> Turn:
    """Judges an answer. A slip does not count as an attempt; a prediction is only compared."""
    if not typed.strip():
        return go_on(play)
    if not play.waits:
        return Turn(play, (note(say("nothing is asked here: an empty answer goes on")),))
    found = answered(play.step, play.stage, typed)
    shows = tuple(told_of(play, found))
    if found.verdict == "slip":
        if found.mistake is not None:  # no attempt, but enough of one for the next hint
            play = replace(play, told_at=None)
        return Turn(play, (*shows, note(say("this does not count as a try"))))
    play = _tried(play, found, typed)
    if found.verdict == "wrong" and play.step.retried:
        return Turn(play, shows)
    state = "done" if found.verdict == "right" else "seen"
    play = _recorded(replace(play, answered=True), state=state, answer=typed)
    return Turn(play, (*shows, *behind(play, found)), driven(play))


def hint(play: Play, now: float) -> Turn:
    """Gives the next hint. `now` is in seconds of any monotonic clock."""
    if play.over or not play.step.hints:
        return Turn(play, (note(say("there is no hint here")),))
    level = play.told + 1
    if level > LEVELS:
        return Turn(play, tuple(reveal(play)))
    if not play.answered and (refusal := _too_soon(play, level, now)) is not None:
        return Turn(play, (note(refusal),))
    shows = part(play, f"hint-{level}", "hint")
    play = replace(play, told=level, told_at=now)
    if play.answered:
        return Turn(play, shows)
    play = _recorded(play, hints=max(play.record.hints, level))
    return Turn(play, shows) if level < LEVELS else _told(play, shows)


def skip(play: Play) -> Turn:
    """Skips to the next step, or from an example to its exercise; a question is asked again
    later."""
    if play.over or play.answered:
        return go_on(play)
    play = _recorded(play, state="skipped" if play.step.asks else "seen")
    if not isinstance(play.step, Worked):
        return _next(play)
    later = range(play.at + 1, len(play.lesson.steps))
    exercise = next((n for n in later if isinstance(play.lesson.steps[n], EXERCISES)), play.at + 1)
    return _arrive(replace(play, at=exercise))


def _begun(play: Play) -> Turn:
    """Begins a step: its text, its question, and where the debugger is to stand."""
    if play.over:
        return Turn(play, tuple(ending(play)))
    number, total = str(play.at + 1), str(len(play.lesson.steps))
    title = say("step {n} of {all} · {title}", n=number, all=total, title=play.section.title)
    says = (*untranslated(play), *text(play, play.section.text), *asked(play))
    return Turn(play, (Passage(title, "title"), *says), driven(play))


def _tried(play: Play, found: Answered, typed: str) -> Play:
    record = play.record
    mistakes = (*record.mistakes, *((found.mistake,) if found.mistake else ()))
    play = replace(play, told_at=None)
    return _recorded(play, tries=record.tries + 1, answer=typed,
                     mistakes=tuple(dict.fromkeys(mistakes)))  # fmt: skip


def _too_soon(play: Play, level: int, now: float) -> Sentence | None:
    """Why there is no hint yet: a hint is to be used before the next one."""
    if play.told_at is None:
        return None
    if level == LEVELS:
        return say("one more try first: the next hint is the answer")
    left = PAUSE - (now - play.told_at)
    if left > 0:
        return say("take a moment with this one; the next hint is there in {n} s",
                   n=f"{left:.0f}")  # fmt: skip
    return None


def _told(play: Play, shows: tuple[Shown, ...]) -> Turn:
    """Tells the answer, and asks again with other numbers if the step has them."""
    shows = (*shows, *reveal(play))
    if play.again or again_of(play.step) is None:
        return Turn(play, (*shows, note(say("type it yourself, to have it done once"))))
    play = replace(play, again=True, told=0, told_at=None)
    other = note(say("and now with other numbers"))
    shows = (*shows, other, *text(play, play.section.text), *asked(play))
    return Turn(play, shows, driven(play))


def _recorded(play: Play, **more: object) -> Play:
    """The state with the step's record changed; a step once done stays done."""
    record = play.record
    if record.is_past:
        return play
    changed = replace(record, **more)  # type: ignore[arg-type]
    play = replace(play, records={**play.records, play.step.id: changed})
    skill = play.step.skill
    if skill and changed.at_first_try and play.step.kind in SHOWING:
        play = replace(play, skills=play.skills | {skill})
    return play


def _next(play: Play) -> Turn:
    return _arrive(replace(play, at=play.at + 1))


def _arrive(play: Play) -> Turn:
    """Arrives at a step; passes over those that teach a skill the learner already has."""
    play = replace(play, answered=False, told=0, told_at=None, again=False)
    passed: list[Shown] = []
    while not play.over and _is_known(play):
        said = say("passed over, you did the like at the first try: {title}",
                   title=play.section.title)  # fmt: skip
        passed.append(note(said))
        play = replace(_recorded(play, state="seen"), at=play.at + 1)
    turn = _begun(play)
    return replace(turn, shows=(*passed, *turn.shows))


def _is_known(play: Play) -> bool:
    fades = isinstance(play.step, Worked | Fill) and not play.record.is_past
    return fades and play.step.skill in play.skills
