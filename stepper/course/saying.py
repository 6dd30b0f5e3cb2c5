"""What is said about a step: its text, its question, the response to an answer, a lesson's end."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from stepper.course.answers import BLANK, Answered, Verdict, answer_of
from stepper.course.driving import staged
from stepper.course.lesson import (
    LEVELS,
    Explain,
    Fill,
    FindBug,
    Formula,
    Matrix,
    Predict,
    Run,
    Step,
)
from stepper.course.progress import OPEN, Record
from stepper.course.prose import filled
from stepper.course.showing import (
    Choices,
    Listing,
    Passage,
    Role,
    Shown,
    Walk,
)
from stepper.course.stage import stage
from stepper.course.state import Play
from stepper.expr.sentence import Sentence, say
from stepper.expr.tree import Name

_ROLES: Mapping[Verdict, Role] = {"right": "right", "wrong": "wrong", "slip": "note"}


def what_to_type(play: Play) -> Sentence:
    """What kind of answer this step expects."""
    step = play.step
    if isinstance(step, Explain | Predict) and step.choices:
        return say("type the number of your choice")
    if isinstance(step, Fill):
        return _what_goes_in(step)
    if isinstance(step, Formula):
        return say("type a formula for {target}, made of {names}",
                   target=Name(step.target), names=", ".join(step.names))  # fmt: skip
    if isinstance(step, FindBug):
        return say("type the number of the line that is wrong")
    assert isinstance(step, Matrix | Predict) and step.of is not None, "all other kinds are above"
    if np.size(play.stage.value(step.of)) == 1:
        return say("type a number")
    if isinstance(step, Matrix):
        return say("type the numbers, row by row: [[1, 2], [3, 4]]")
    return say("type its shape, such as 4x1, or all its numbers")


def _what_goes_in(step: Fill) -> Sentence:
    blanks = step.formula.count(BLANK)
    if blanks == 1:
        return say("type what goes into the blank")
    return say("type what goes into the {n} blanks, with ; between", n=str(blanks))


def with_blanks(step: Fill) -> Sentence:
    """The formula with its blanks: `∂L/∂w = 2 * (y_hat - y) * ____`."""
    return say("{target} = {formula}", target=Name(step.target),
               formula=step.formula.replace(BLANK, "____"))  # fmt: skip


def asked(play: Play) -> Iterator[Shown]:
    step, labels = play.step, play.section.labels
    if isinstance(step, Explain | Predict) and step.choices:
        yield Choices(tuple(filled(labels.get(c, c), play.stage) for c in step.choices))
    if isinstance(step, Run):
        yield Walk(play.stage, step.start, step.until)
    if isinstance(step, FindBug):
        yield Listing(staged(play))
    if isinstance(step, Fill):
        yield Passage(with_blanks(step), "ask")
    if step.asks:
        yield Passage(what_to_type(play), "ask")


def told_of(play: Play, found: Answered) -> Iterator[Shown]:
    """What is said about an answer, the lesson's own words first."""
    role = _ROLES[found.verdict]
    if found.line is not None:
        yield found.line
    elif found.said is not None:
        yield Passage(found.said, role)
    elif found.verdict == "right":
        yield Passage(say("right"), role)
    elif found.verdict == "wrong" and found.part not in play.section.parts:
        yield Passage(say("not this one"), role)
    if found.part is not None:
        yield from part(play, found.part, role)


def behind(play: Play, found: Answered) -> Iterator[Shown]:
    """What follows an answer: the right one if it was not given, and the lesson's remarks."""
    if found.verdict == "wrong" and isinstance(play.step, Predict) and play.step.choices:
        right = play.section.labels.get(str(play.step.answer), str(play.step.answer))
        yield Passage(say("it is: {right}", right=filled(right, play.stage)), "note")
    yield from part(play, "after", "text")


def reveal(play: Play) -> Iterator[Shown]:
    said = say("the answer: {answer}", answer=answer_of(play.step, play.stage))
    yield Passage(said, "hint")


def learnt(play: Play) -> tuple[Shown, ...]:
    """What the lesson says has been learnt: its last step, if that is a text."""
    last = play.lesson.steps[-1]
    said = play.lesson.section(last, play.language).text
    if last.asks or not said:
        return ()
    return (Passage(filled(said, stage(play.lesson, last))),)


def ending(play: Play) -> Iterator[Shown]:
    """What was done, and what is worth coming back to."""
    asked = [s for s in play.lesson.steps if s.asks]
    records = {s.id: play.records.get(s.id, OPEN) for s in asked}
    first = sum(record.at_first_try for record in records.values())
    yield Passage(say("this lesson is at its end"), "title")
    tried = sum(not _is_passed_over(record) for record in records.values())
    yield Passage(say("right at the first try: {n} of {all}", n=str(first), all=str(tried)))
    for step in asked:
        if (why := _revisit(step, records[step.id])) is not None:
            title = play.lesson.section(step, play.language).title
            yield note(say("to come back to: {title} ({why})", title=title, why=why))


def _is_passed_over(record: Record) -> bool:
    """Whether the step was passed over because the learner had shown its skill before."""
    return record.state == "seen" and not record.tries


def _revisit(step: Step, record: Record) -> Sentence | None:
    """Why a step is worth coming back to; None if it is not."""
    if record.state == "skipped":
        return say("skipped")
    if record.hints >= LEVELS:
        return say("the answer was told")
    if step.retried and record.tries > 2:
        return say("{n} tries", n=str(record.tries))
    return None


def part(play: Play, name: str, role: Role) -> tuple[Shown, ...]:
    return text(play, play.section.parts.get(name, ""), role)


def text(play: Play, text: str, role: Role = "text") -> tuple[Shown, ...]:
    return (Passage(filled(text, play.stage), role),) if text else ()


def note(sentence: Sentence) -> Passage:
    return Passage(sentence, "note")


def untranslated(play: Play) -> tuple[Shown, ...]:
    """A note that the step is shown in English, if it has no translation."""
    if play.step.id in play.lesson.prose_in(play.language).sections:
        return ()
    return (note(say("this step is not translated yet")),)
