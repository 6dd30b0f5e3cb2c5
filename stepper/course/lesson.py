"""A lesson as its file says it: steps of a few kinds, each with what is asked and what is right."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar

LEVELS = 3
"""Hints of a step that has any: where to look, what to do, and the answer with its reason."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class World:
    """The numbers that a lesson speaks of: a lab, what is set in it, and which sample."""

    lab: str
    set: Mapping[str, str] = field(default_factory=dict)
    data: str | None = None
    seed: int | None = None
    sample: int | None = None
    batch: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Reject:
    """A wrong answer that learners give, and the id of the mistake that must be found in it."""

    text: str
    mistake: str | None = None


@dataclass(frozen=True, kw_only=True, eq=False)
class Step:
    """What all steps have. `id` is never renamed: progress is kept under it."""

    kind: ClassVar[str]
    asks: ClassVar[bool] = True
    """Whether there is something to answer."""
    retried: ClassVar[bool] = True
    """Whether a wrong answer is tried again; a prediction is compared and left."""

    id: str
    world: World
    show: str | None = None
    """The name of the line that the debugger goes to."""
    skill: str | None = None
    """What is practised here: who showed it at the first try is not shown it again."""
    was: tuple[str, ...] = ()
    """Under which ids, `lesson/step`, its progress was kept before it was moved."""
    hints: int = 0


@dataclass(frozen=True, kw_only=True, eq=False)
class Say(Step):
    """Something to read."""

    kind = "say"
    asks = False


@dataclass(frozen=True, kw_only=True, eq=False)
class Run(Step):
    """The learner walks through the lab, from the line of `start` to the one of `until`."""

    kind = "run"
    asks = False
    until: str
    start: str | None = None


@dataclass(frozen=True, kw_only=True, eq=False)
class Worked(Step):
    """An example worked out to the end, which may be left for the exercise that follows it."""

    kind = "worked"
    asks = False


@dataclass(frozen=True, kw_only=True, eq=False)
class Predict(Step):
    """A guess before the number is seen: one of some choices, or the value `of` a formula."""

    kind = "predict"
    retried = False
    choices: tuple[str, ...] = ()
    answer: str | None = None
    of: str | None = None


@dataclass(frozen=True, kw_only=True, eq=False)
class Explain(Step):
    """The one question after a right answer: why is it so?"""

    kind = "explain"
    choices: tuple[str, ...]
    answer: str


@dataclass(frozen=True, kw_only=True, eq=False)
class Judged(Step):
    """Base of the steps whose answer is a formula for `target`."""

    target: str
    answer: str
    accept: tuple[str, ...] = ()
    reject: tuple[Reject, ...] = ()
    hints: int = LEVELS
    alike: str | None = None
    """Why it may be judged in a world whose sizes do not differ."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Formula(Judged):
    """A whole formula, typed; `names` are what it may be made of."""

    kind = "formula"
    names: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, eq=False)
class Fill(Judged):
    """A formula with blanks, each written `?`; the answer is what goes there, `;` between them."""

    kind = "fill"
    formula: str


@dataclass(frozen=True, kw_only=True, eq=False)
class Matrix(Step):
    """The numbers of a line, typed; `again` is where who was told the answer is asked again."""

    kind = "matrix"
    of: str
    reject: tuple[Reject, ...] = ()
    again: World | None = None
    hints: int = LEVELS


@dataclass(frozen=True, kw_only=True, eq=False)
class FindBug(Step):
    """A backward pass with one mistake, `ID@LINE`: which line is wrong?"""

    kind = "find-bug"
    mistake: str
    hints: int = LEVELS


KINDS: Mapping[str, type[Step]] = {
    cls.kind: cls for cls in (Say, Run, Worked, Predict, Explain, Fill, Formula, Matrix, FindBug)
}


@dataclass(frozen=True, kw_only=True, eq=False)
class Section:
    """The text of one step in one language; every text may hold placeholders, `{{ w }}`."""

    title: str = ""
    text: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)
    """What the choices are called."""
    parts: Mapping[str, str] = field(default_factory=dict)
    """What stands under `### name`: `hint-1`, `after`, `wrong-up`."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Prose:
    """All that a lesson says in one language."""

    language: str
    title: str
    about: str
    sections: Mapping[str, Section]
    made_from: str | None = None
    """Of which English text it is the translation: the text's mark."""
    mark: str = ""
    """What tells this text from any other."""
    source: str = ""


@dataclass(frozen=True, kw_only=True, eq=False)
class Named:
    """A value that the prose may name: a formula, with other numbers for some given names."""

    of: str
    given: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, eq=False)
class Lesson:
    """A lesson with its texts. `folder` is where it lies, `number` its place in the course."""

    id: str
    folder: Path
    number: int
    minutes: int
    needs: tuple[str, ...]
    values: Mapping[str, Named]
    steps: tuple[Step, ...]
    prose: Mapping[str, Prose]

    def key(self, step: Step) -> str:
        """What the progress of a step is kept under."""
        return f"{self.id}/{step.id}"

    def prose_in(self, language: str) -> Prose:
        """The text in a language; English where there is none."""
        return self.prose.get(language) or self.prose["en"]

    def section(self, step: Step, language: str) -> Section:
        """What is said of a step; English where the language lacks it."""
        found = self.prose_in(language).sections.get(step.id)
        return found or self.prose["en"].sections.get(step.id) or Section()
