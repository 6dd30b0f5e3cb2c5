"""A lesson is accepted only if it proves itself: each answer, each planted mistake, each hint."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from math import inf
from pathlib import Path

import numpy as np

from stepper.check.mistakes import MISTAKES
from stepper.check.world import LEAST, NOTHING, worlds
from stepper.course.answers import BLANK, answer_of, answered, filled_in
from stepper.course.lesson import (
    Explain,
    Fill,
    FindBug,
    Formula,
    Judged,
    Lesson,
    Matrix,
    Predict,
    Step,
)
from stepper.course.lint_text import texts
from stepper.course.load import folders_in, home, load
from stepper.course.play import Turn, answer, go_on, hint, opened
from stepper.course.progress import Progress
from stepper.course.stage import Stage, again_of, stage
from stepper.course.state import Play
from stepper.expr.errors import StepperError
from stepper.expr.sentence import Sentence, say

Complaint = tuple[str, Sentence]
"""The place, and what is wrong there."""
Rule = Callable[[Lesson, Step, Stage], Iterator[Sentence]]


def lint(folders: Sequence[Path]) -> Iterator[Complaint]:
    """All complaints about these lessons; none if they prove themselves."""
    read, unread = _read(folders)
    yield from unread
    course, _ = _read(folders_in(home()))
    yield from _ids(read, course)
    for lesson in read:
        yield from proved(lesson)


def _read(folders: Sequence[Path]) -> tuple[list[Lesson], list[Complaint]]:
    """The lessons that can be read, and why the others cannot."""
    read, unread = [], []
    for folder in folders:
        try:
            read.append(load(folder))
        except StepperError as error:
            unread.append((error.where or folder.name, error.sentence))
    return read, unread


def proved(lesson: Lesson) -> Iterator[Complaint]:
    """The complaints about one lesson; it is played only if there are none about its parts."""
    found = list(_steps(lesson)) or list(texts(lesson))
    yield from found or _played(lesson)


def _steps(lesson: Lesson) -> Iterator[Complaint]:
    """The complaints about single steps: rules 1 to 4."""
    for step in lesson.steps:
        try:
            shown = stage(lesson, step)
            _ = shown.values
            found = list(names(lesson, step, shown))
            found = found or [said for rule in RULES for said in rule(lesson, step, shown)]
        except StepperError as error:
            found = [error.sentence]
        yield from ((_place(lesson, step), said) for said in found)


def _ids(read: Sequence[Lesson], others: Sequence[Lesson]) -> Iterator[Complaint]:
    """Ids are unique in a lesson and in the course; lessons that are needed exist and come
    earlier."""
    course = {lesson.id: lesson for lesson in (*others, *read)}
    for lesson in read:
        name = lesson.folder.name
        twins = [other for other in (*others, *read) if other.id == lesson.id]
        if len({twin.folder.resolve() for twin in twins}) > 1:
            yield name, say("the id `{id}` is taken by another lesson", id=lesson.id)
        for needed in lesson.needs:
            if needed not in course or course[needed].number >= lesson.number:
                yield name, say("it needs `{id}`, and no earlier lesson is called so", id=needed)
        ids = [step.id for step in lesson.steps]
        if not ids:
            yield name, say("a lesson has steps: [[step]]")
        for twice in sorted({n for n in ids if ids.count(n) > 1}):
            yield name, say("two steps are called `{id}`", id=twice)


def names(lesson: Lesson, step: Step, shown: Stage) -> Iterator[Sentence]:
    """Rule 1: every name exists in the world of its step."""
    lines = {line.target for line in shown.lab.program.lines} | {g.target for g in shown.gradients}
    for key in ("show", "until", "start", "target", "of"):
        name = getattr(step, key, None)
        computed = name in lines or (isinstance(step, Predict) and key == "of")
        if name is not None and not computed:
            yield say("{key}: no line of {lab} gives `{name}`",
                      key=key, lab=shown.lab.name, name=name)  # fmt: skip
    if isinstance(step, Formula):
        known = worlds(shown.lab)[0].values
        for name in step.names:
            if name not in known:
                yield say("names: there is no `{name}` in {lab}", name=name, lab=shown.lab.name)
    if isinstance(step, Predict) and step.of is not None:
        shown.value(step.of)


def schema(lesson: Lesson, step: Step, shown: Stage) -> Iterator[Sentence]:
    """Rule 1: how the fields of a step must be related."""
    if isinstance(step, Predict | Explain) and step.choices and step.answer not in step.choices:
        yield say("the answer is none of the choices")
    if isinstance(step, Predict) and bool(step.choices) == (step.of is not None):
        yield say("a prediction has choices with an answer, or the value `of` a formula")
    if isinstance(step, Predict | Explain) and len(step.choices) == 1:
        yield say("one choice is none")
    if isinstance(step, Fill) and not step.formula.count(BLANK):
        yield say("there is no blank in the formula: write ? for it")
    if again_of(step) is not None and isinstance(step, Matrix):
        other = stage(lesson, step, True)
        if np.array_equal(other.value(step.of), shown.value(step.of)):
            yield say("the other numbers give the same answer")
    if isinstance(step, FindBug) and not _derived_before(lesson, step):
        yield say("a mistake is only looked for by who has derived the like: a formula comes first")


def _derived_before(lesson: Lesson, step: Step) -> bool:
    """Whether a formula was already typed in this lesson or in one it needs."""
    before = lesson.steps[: lesson.steps.index(step)]
    return bool(lesson.needs) or any(isinstance(s, Formula) for s in before)


def answers(lesson: Lesson, step: Step, shown: Stage) -> Iterator[Sentence]:
    """Rule 2: right answers are judged right, wrong ones wrong, with the stated mistake."""
    if not step.asks:
        return
    for text in (answer_of(step, shown), *getattr(step, "accept", ())):
        if (found := answered(step, shown, text)).verdict != "right":
            said = found.said or (found.line.message if found.line else say("not this one"))
            yield say("`{text}` should be right, and is {verdict}: {said}",
                      text=text, verdict=found.verdict, said=said)  # fmt: skip
    for reject in getattr(step, "reject", ()):
        found = answered(step, shown, reject.text)
        if found.verdict == "right":
            yield say("`{text}` should be wrong, and is right", text=reject.text)
        elif found.verdict == "slip" and found.mistake is None:
            yield say("`{text}` should be wrong, and cannot be judged", text=reject.text)
        elif reject.mistake is not None and reject.mistake not in MISTAKES:
            yield say("there is no mistake `{id}`", id=reject.mistake)
        elif found.mistake != reject.mistake:
            yield say("`{text}` is diagnosed as {found}, and not as {wanted}",
                      text=reject.text, found=found.mistake or say("no mistake with a name"),
                      wanted=reject.mistake or say("no mistake with a name"))  # fmt: skip
    if isinstance(step, Judged) and not step.reject:
        yield say("a formula has planted wrong answers: reject = [{example}]",
                  example='{ try = "…", as = "sign" }')  # fmt: skip


def starts(lesson: Lesson, step: Step, shown: Stage) -> Iterator[Sentence]:
    """Rule 3: an empty answer and the initial content are not right."""
    texts = [""]
    if isinstance(step, Judged):
        texts += [step.target, f"{step.target} ="]
    if isinstance(step, Fill):
        blanks = step.formula.count(BLANK)
        ones = filled_in(step.formula, ["1"] * blanks)
        texts += [step.formula, " ; ".join([BLANK] * blanks), ones]
    for text in texts if step.asks else ():
        if answered(step, shown, text).verdict == "right":
            yield say("`{text}` is right from the start: nothing is left to do", text=text)


def generic(lesson: Lesson, step: Step, shown: Stage) -> Iterator[Sentence]:
    """Rule 4: a formula is judged in a world where no wrong one passes, or the step says why
    not."""
    if not isinstance(step, Judged):
        return
    drawn = worlds(shown.lab)
    if len(drawn) < LEAST or any(np.max(np.abs(w.values[step.target])) <= NOTHING for w in drawn):
        yield say("{target} is nearly zero: it judges nothing", target=step.target)
    if step.alike is None and not _differ(shown):
        yield say("the sizes of {lab} are alike, or it has one sample: say why with `alike`",
                  lab=shown.lab.name)  # fmt: skip


def _differ(shown: Stage) -> bool:
    """Whether the judging world has several samples, and no square parameter larger than 1×1."""
    values = worlds(shown.lab)[0].values
    if "N" not in values or values["N"] <= 1:
        return False
    given = [n for n in shown.lab.parameters if np.ndim(values[n])]
    wide = [np.shape(values[n]) for n in given]
    return not any(shape[0] == shape[1] > 1 for shape in wide)


def _played(lesson: Lesson) -> Iterator[Complaint]:
    """Rule 6: the lesson can be played to its end with the right answers, and with every hint."""
    for language in lesson.prose:
        for way in (with_answers, with_hints):
            *_, last = way(lesson, language)
            if not last.play.over:
                place = lesson.folder.name if last.play.over else _place(lesson, last.play.step)
                yield place, say("it cannot be played to its end in {language}", language=language)


def with_answers(lesson: Lesson, language: str) -> Iterator[Turn]:
    """The turns of a learner who knows every answer."""
    return _turns(lesson, language, _right, at_most=3)


def with_hints(lesson: Lesson, language: str) -> Iterator[Turn]:
    """The turns of a learner who takes every hint, tries in between, and then types the answer."""
    return _turns(lesson, language, _helped, at_most=12)


def _turns(
    lesson: Lesson, language: str, answered: Callable[[Play], Turn], at_most: int
) -> Iterator[Turn]:
    """The turns up to the end, or up to more of them than any step needs."""
    turn = opened(lesson, language, Progress())
    yield turn
    for _ in range(at_most * len(lesson.steps)):
        if turn.play.over:
            return
        turn = answered(turn.play) if turn.play.waits else go_on(turn.play)
        yield turn


def _helped(play: Play) -> Turn:
    reject = getattr(play.step, "reject", ())
    if play.told >= 3 or play.again or not play.step.hints:
        return _right(play)
    if play.told == 2 and play.told_at is not None and reject:
        return answer(play, reject[0].text)
    after = hint(play, inf)
    return after if after.play.told > play.told or after.play.again else _right(play)


def _right(play: Play) -> Turn:
    return answer(play, answer_of(play.step, play.stage))


def _place(lesson: Lesson, step: Step) -> str:
    return f"{lesson.folder.name}/{step.id}"


RULES: tuple[Rule, ...] = (schema, answers, starts, generic)
