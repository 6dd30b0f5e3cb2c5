"""Playing a lesson: a state, and what every move of the learner makes of it.

There is no screen in here and no clock: a face shows what a turn says, makes the debugger follow,
and hands in what is typed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from stepper.check.switch import with_mistake
from stepper.course.answers import BLANK, Answered, answer_of, answered
from stepper.course.lesson import (
    LEVELS,
    Explain,
    Fill,
    FindBug,
    Formula,
    Judged,
    Lesson,
    Matrix,
    Predict,
    Run,
    Section,
    Step,
    Worked,
)
from stepper.course.progress import OPEN, SHOWING, Progress, Record
from stepper.course.prose import filled
from stepper.course.showing import (
    Choices,
    Command,
    GoTo,
    Hide,
    Listing,
    OpenLab,
    Passage,
    Role,
    Shown,
    Walk,
)
from stepper.course.stage import Stage, again_of, stage
from stepper.expr.sentence import Sentence, say
from stepper.expr.tree import Name

PAUSE = 5.0
"""Seconds between two hints, unless an answer was tried."""
EXERCISES = (Fill, Formula, Matrix, FindBug)


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


@dataclass(frozen=True, slots=True, eq=False)
class Turn:
    """What a move led to: the new state, what to show, and what the debugger does."""

    play: Play
    shows: tuple[Shown, ...]
    drive: tuple[Command, ...] = ()


def opened(
    lesson: Lesson, language: str, progress: Progress, skills: frozenset[str] = frozenset()
) -> Turn:
    """A lesson where it was left: at the step that was current, or the first that is not done."""
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


def changed(before: Play, after: Play) -> dict[str, Record]:
    """The records that a move has changed, by what progress keeps them under."""
    lesson = after.lesson
    return {
        lesson.key(step): after.records[step.id]
        for step in lesson.steps
        if step.id in after.records and after.records[step.id] != before.records.get(step.id)
    }


def go_on(play: Play) -> Turn:
    """Enter on nothing: the next step, where this one is read or answered."""
    if play.over:
        return Turn(play, ())
    if play.waits:
        return Turn(play, (_note(what_to_type(play)),))
    if not play.step.asks:
        play = _recorded(play, state="seen")
    return _next(play)


def answer(play: Play, typed: str) -> Turn:
    """An answer. A slip of writing is no attempt; a prediction is compared and left."""
    if not typed.strip():
        return go_on(play)
    if not play.waits:
        return Turn(play, (_note(say("enter goes on")),))
    found = answered(play.step, play.stage, typed)
    shows = tuple(_found(play, found))
    if found.verdict == "slip":
        if found.mistake is not None:  # no try, but enough of one for the next hint
            play = replace(play, told_at=None)
        return Turn(play, (*shows, _note(say("this does not count as a try"))))
    play = _tried(play, found, typed)
    if found.verdict == "wrong" and play.step.retried:
        return Turn(play, shows)
    play = _recorded(replace(play, answered=True), state="done", answer=typed)
    return Turn(play, (*shows, *_after(play, found)), (Hide(on=False),))


def hint(play: Play, now: float) -> Turn:
    """The next hint. `now` are seconds of any clock that runs on; raises nothing."""
    if play.over or not play.step.hints:
        return Turn(play, (_note(say("there is no hint here")),))
    level = play.told + 1
    if level > LEVELS:
        return Turn(play, tuple(_reveal(play)))
    if not play.answered and (refusal := _too_soon(play, level, now)) is not None:
        return Turn(play, (_note(refusal),))
    shows = _part(play, f"hint-{level}", "hint")
    play = replace(play, told=level, told_at=now)
    if play.answered:
        return Turn(play, shows)
    play = _recorded(play, hints=max(play.record.hints, level))
    return Turn(play, shows) if level < LEVELS else _told(play, shows)


def skip(play: Play) -> Turn:
    """On to the next step, or from an example to its exercise; what is left out is asked again."""
    if play.over or play.answered:
        return go_on(play)
    play = _recorded(play, state="skipped")
    if not isinstance(play.step, Worked):
        return _next(play)
    later = range(play.at + 1, len(play.lesson.steps))
    exercise = next((n for n in later if isinstance(play.lesson.steps[n], EXERCISES)), play.at + 1)
    return _arrive(replace(play, at=exercise))


def restarted(play: Play) -> Turn:
    """From the first step on, as if it had never been played."""
    return _arrive(Play(play.lesson, play.language, skills=play.skills))


def to_step(play: Play, at: int) -> Turn:
    """Another step of the lesson, counted from 0."""
    return _arrive(replace(play, at=at))


def what_to_type(play: Play) -> Sentence:
    """What an answer to this step looks like."""
    step = play.step
    if isinstance(step, Explain) or (isinstance(step, Predict) and step.choices):
        return say("type the number of your choice")
    if isinstance(step, Fill):
        return say("type what goes into the blank, ; between two of them")
    if isinstance(step, Formula):
        return say("type a formula for {target}, made of {names}",
                   target=Name(step.target), names=", ".join(step.names))  # fmt: skip
    if isinstance(step, FindBug):
        return say("type the number of the line that is wrong")
    if isinstance(step, Matrix):
        return say("type the numbers: 0.25, or [[1, 2], [3, 4]]")
    return say("type a number, or a sign: + - 0, or a shape: 4x1")


def _begun(play: Play) -> Turn:
    """The step's own text, what is asked, and where the debugger is to stand."""
    if play.over:
        return Turn(play, tuple(_ending(play)))
    number, total = str(play.at + 1), str(len(play.lesson.steps))
    title = say("step {n} of {all} · {title}", n=number, all=total, title=play.section.title)
    shows = (Passage(title, "title"), *_text(play, play.section.text), *_asked(play))
    return Turn(play, shows, _driven(play))


def _asked(play: Play) -> Iterator[Shown]:
    step, labels = play.step, play.section.labels
    if isinstance(step, Explain | Predict) and step.choices:
        yield Choices(tuple(filled(labels.get(c, c), play.stage) for c in step.choices))
    if isinstance(step, Run):
        yield Walk(play.stage, step.start, step.until)
    if isinstance(step, FindBug):
        yield Listing(_with_bug(play.stage, step))
    if isinstance(step, Fill):
        asked = say("{target} = {formula}", target=Name(step.target),
                    formula=step.formula.replace(BLANK, "____"))  # fmt: skip
        yield Passage(asked, "ask")
    if step.asks:
        yield Passage(what_to_type(play), "ask")


def _driven(play: Play) -> tuple[Command, ...]:
    step, shown = play.step, play.stage
    if isinstance(step, FindBug):
        shown = _with_bug(shown, step)
    hidden = isinstance(step, Predict | Matrix | Judged)
    return OpenLab(shown), Hide(hidden), GoTo(step.show)


def _with_bug(shown: Stage, step: FindBug) -> Stage:
    return replace(shown, lab=with_mistake(shown.lab, step.mistake))


def _found(play: Play, found: Answered) -> Iterator[Shown]:
    """What is said of an answer, the lesson's own words first."""
    role: Role = {"right": "right", "wrong": "wrong", "slip": "note"}[found.verdict]  # type: ignore[assignment]
    if found.line is not None:
        yield found.line
    elif found.said is not None:
        yield Passage(found.said, role)
    elif found.verdict == "right":
        yield Passage(say("right"), role)
    elif found.verdict == "wrong":
        yield Passage(say("not this one"), role)
    if found.part is not None:
        yield from _part(play, found.part, role)


def _after(play: Play, found: Answered) -> Iterator[Shown]:
    """What follows an answer: the right one where it was not given, and what the lesson says."""
    if found.verdict == "wrong" and isinstance(play.step, Predict) and play.step.choices:
        right = play.section.labels.get(str(play.step.answer), str(play.step.answer))
        yield Passage(say("it is: {right}", right=filled(right, play.stage)), "note")
    yield from _part(play, "after", "text")


def _tried(play: Play, found: Answered, typed: str) -> Play:
    record = play.record
    mistakes = (*record.mistakes, *((found.mistake,) if found.mistake else ()))
    play = replace(play, told_at=None)
    return _recorded(play, tries=record.tries + 1, answer=typed,
                     mistakes=tuple(dict.fromkeys(mistakes)))  # fmt: skip


def _too_soon(play: Play, level: int, now: float) -> Sentence | None:
    """Why there is no hint yet: one is to be used before the next."""
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
    """The answer, and the same with other numbers where the step has them."""
    shows = (*shows, *_reveal(play))
    if play.again or not again_of(play.step):
        return Turn(play, (*shows, _note(say("type it yourself, to have it done once"))))
    play = replace(play, again=True, told=0, told_at=None)
    other = _note(say("and now with other numbers"))
    text = _text(play, play.section.text)
    return Turn(play, (*shows, other, *text, *_asked(play)), _driven(play))


def _reveal(play: Play) -> Iterator[Shown]:
    said = say("the answer: {answer}", answer=answer_of(play.step, play.stage))
    yield Passage(said, "hint")


def _recorded(play: Play, **more: object) -> Play:
    """The state with the step's record changed; what is done stays as it was done."""
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
    """At a step; past what shows a skill that the learner has already."""
    play = replace(play, answered=False, told=0, told_at=None, again=False)
    passed: list[Shown] = []
    while not play.over and _is_known(play):
        said = say("passed over, you did the like at the first try: {title}",
                   title=play.section.title)  # fmt: skip
        passed.append(_note(said))
        play = replace(_recorded(play, state="seen"), at=play.at + 1)
    turn = _begun(play)
    return replace(turn, shows=(*passed, *turn.shows))


def _is_known(play: Play) -> bool:
    fades = isinstance(play.step, Worked | Fill) and not play.record.is_past
    return fades and play.step.skill in play.skills


def _ending(play: Play) -> Iterator[Shown]:
    """What was done, and what to come back to."""
    asked = [s for s in play.lesson.steps if s.asks]
    records = {s.id: play.records.get(s.id, OPEN) for s in asked}
    first = sum(record.at_first_try for record in records.values())
    yield Passage(say("this lesson is at its end"), "title")
    yield Passage(say("right at the first try: {n} of {all}", n=str(first), all=str(len(asked))))
    for step in asked:
        if (why := _revisit(step, records[step.id])) is not None:
            title = play.lesson.section(step, play.language).title
            yield _note(say("to come back to: {title} ({why})", title=title, why=why))


def _revisit(step: Step, record: Record) -> Sentence | None:
    """Why a step is worth a second visit."""
    if record.state == "skipped":
        return say("skipped")
    if record.hints >= LEVELS:
        return say("the answer was told")
    if step.retried and record.tries > 2:
        return say("{n} tries", n=str(record.tries))
    return None


def _part(play: Play, name: str, role: Role) -> tuple[Shown, ...]:
    return _text(play, play.section.parts.get(name, ""), role)


def _text(play: Play, text: str, role: Role = "text") -> tuple[Shown, ...]:
    return (Passage(filled(text, play.stage), role),) if text else ()


def _note(sentence: Sentence) -> Passage:
    return Passage(sentence, "note")
