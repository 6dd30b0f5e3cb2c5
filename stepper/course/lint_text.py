"""Rule 5: every language has every step and every hint, and the formulas are the same in all."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from stepper.course.lesson import Explain, Lesson, Predict, Prose, Section, Step
from stepper.course.prose import HOLE, filled, holes
from stepper.course.stage import stage
from stepper.expr.errors import StepperError
from stepper.expr.languages import ENGLISH, LANGUAGES
from stepper.expr.sentence import Sentence, say
from stepper.language.width import columns

MOST = 78
_CODE = re.compile(r"`([^`]+)`")
_FORMULA = re.compile(r"`[^`]*[A-Za-z?@*][^`]*`")
"""Code that is more than a number."""
_NUMBER = re.compile(r"(?<![\w.])[-−]?\d+(?:[.,]\d+)?(?![\w.])")
_ROWS = re.compile(
    r"(?<![排系並下上陳序陣數佇])列(?!（row）|出|表|舉|印|入)"
    r"|(?<![執進平可不旅運自另流發])行(?!（column）|為|動|走|進|駛)"
)
"""Matches 列, a row in Taiwan and a column elsewhere, and 行, the reverse; not inside a word."""

Complaint = tuple[str, Sentence]


def texts(lesson: Lesson) -> Iterator[Complaint]:
    """The complaints about the texts of a lesson."""
    for language in LANGUAGES:
        if language not in lesson.prose:
            yield lesson.folder.name, say("there is no {file}", file=f"{language}.md")
    english = lesson.prose[ENGLISH]
    for prose in lesson.prose.values():
        yield from ((f"{_file(lesson, prose)}", said) for said in _whole(prose, english))
        steps = {step.id: step for step in lesson.steps}
        for stray in prose.sections.keys() - steps.keys():
            yield _file(lesson, prose), say("no step is called `{id}`", id=stray)
        for step in lesson.steps:
            place = f"{_file(lesson, prose)}, {step.id}"
            section = prose.sections.get(step.id)
            if section is None:
                yield place, say("nothing is said of this step")
                continue
            found = (*_section(step, section), *_alike(section, english.sections.get(step.id)))
            yield from ((place, said) for said in (*found, *_filled(lesson, step, section)))


def _file(lesson: Lesson, prose: Prose) -> str:
    return f"{lesson.folder.name}/{prose.language}.md"


def _whole(prose: Prose, english: Prose) -> Iterator[Sentence]:
    if prose.language not in LANGUAGES:
        yield say("stepper does not speak {language}", language=prose.language)
    if prose is not english and prose.made_from != english.mark:
        yield say("it was made from another English text; once it says the same, its first line "
                  "is {line}", line=f"<!-- en: {english.mark} -->")  # fmt: skip
    for number, line in enumerate(prose.source.split("\n"), 1):
        for word in bare_rows(line) if prose.language == "zh-TW" else ():
            yield say("line {n}: `{word}` alone is read both ways: 列（row） or 行（column）",
                      n=str(number), word=word)  # fmt: skip
        if columns(line) > MOST:
            yield say("line {n} is {wide} cells wide, and {most} are the most",
                      n=str(number), wide=str(columns(line)), most=str(MOST))  # fmt: skip


def bare_rows(text: str) -> list[str]:
    """Every 列 or 行 in a text without a note that says whether it is a row or a column."""
    return _ROWS.findall(text)


def _section(step: Step, section: Section) -> Iterator[Sentence]:
    """Title, text, hints and choices exist, and nothing else does."""
    if not section.title:
        yield say("the step has no title: `## {id}: …`", id=step.id)
    if not section.text:
        yield say("the step has no text")
    choices = set(step.choices) if isinstance(step, Predict | Explain) else set()
    for missing in sorted(choices - section.labels.keys()):
        yield say("the choice `{id}` has no words: `- {id}: …`", id=missing)
    for stray in sorted(section.labels.keys() - choices):
        yield say("there is no choice `{id}`", id=stray)
    wanted = {f"hint-{n}" for n in range(1, step.hints + 1)}
    for missing in sorted(wanted - section.parts.keys()):
        yield say("there is no `### {part}`", part=missing)
    answer = getattr(step, "answer", None)
    may = {"after", *(f"wrong-{c}" for c in choices if c != answer)} if step.asks else set()
    for stray in sorted(section.parts.keys() - wanted - may):
        yield say("`### {part}` belongs to nothing", part=stray)
    for name, text in _all(section):
        if name != "title" and not text:
            yield say("`{part}` is empty", part=name)


def _filled(lesson: Lesson, step: Step, section: Section) -> Iterator[Sentence]:
    """Every placeholder has a value, with the other numbers too, and no number is typed by hand."""
    for name, text in _all(section):
        try:
            for again in (False, True):
                filled(text, stage(lesson, step, again))
        except StepperError as error:
            yield say("{part}: {said}", part=name, said=error.sentence)
        for number in _NUMBER.findall(_FORMULA.sub("", HOLE.sub("", text))):
            yield say("{part}: the number {number} is typed; `{hole}` computes it",
                      part=name, number=number, hole="{{ … }}")  # fmt: skip


def _alike(section: Section, english: Section | None) -> Iterator[Sentence]:
    """The formulas and numbers are those of the English text."""
    if english is None or section is english:
        return
    others = dict(_all(english))
    for name, text in _all(section):
        for what in (holes, _CODE.findall):
            mine, theirs = Counter(what(text)), Counter(what(others.get(name, "")))
            for odd in sorted((mine - theirs) | (theirs - mine)):
                yield say("{part}: `{formula}` does not stand in both languages",
                          part=name, formula=odd)  # fmt: skip


def _all(section: Section) -> Iterator[tuple[str, str]]:
    yield "title", section.title
    yield "text", section.text
    yield from section.labels.items()
    yield from section.parts.items()
