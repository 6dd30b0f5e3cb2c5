"""A lesson as its file describes it: steps of a few kinds, each with its question and answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar

LEVELS = 3
"""The hints of a step that has any: where to look, what to do, and the answer with its reason."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class World:
    """What a lesson computes with: a lab, its settings, and which sample."""

    lab: str
    set: Mapping[str, str] = field(default_factory=dict)
    data: str | None = None
    seed: int | None = None
    sample: int | None = None
    batch: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Reject:
    """A typical wrong answer, and the id of the mistake that must be diagnosed in it."""

    text: str
    mistake: str | None = None


@dataclass(frozen=True, kw_only=True, eq=False)
class Step:
    """What all steps have. `id` is never renamed: progress is saved under it."""

    kind: ClassVar[str]
    asks: ClassVar[bool] = True
    """Whether there is something to answer."""
    retried: ClassVar[bool] = True
    """Whether a wrong answer is tried again; a prediction is only compared."""

    id: str
    world: World
    show: str | None = None
    """The name whose line the debugger goes to."""
    skill: str | None = None
    """The skill practised here: a learner who shows it at the first try is not taught it again."""
    was: tuple[str, ...] = ()
    """Former ids, `lesson/step`, under which its progress may have been saved."""
    hints: int = 0


@dataclass(frozen=True, kw_only=True, eq=False)
class Say(Step):
    """Something to read."""

    kind = "say"
    asks = False


@dataclass(frozen=True, kw_only=True, eq=False)
class Run(Step):
    """The learner walks through the lab, from the line of `start` to that of `until`."""

    kind = "run"
    asks = False
    until: str
    start: str | None = None


@dataclass(frozen=True, kw_only=True, eq=False)
class Worked(Step):
    """A fully worked example, which may be skipped for the exercise that follows it."""

    kind = "worked"
    asks = False


@dataclass(frozen=True, kw_only=True, eq=False)
class Predict(Step):
    """A guess before the number is shown: one of some choices, or the value `of` a formula."""

    kind = "predict"
    retried = False
    choices: tuple[str, ...] = ()
    answer: str | None = None
    of: str | None = None


@dataclass(frozen=True, kw_only=True, eq=False)
class Explain(Step):
    """The follow-up question after a right answer: why is it so?"""

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
    """Why it may be judged in a world in which some sizes are equal."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Formula(Judged):
    """A whole formula, typed; `names` are the names it may use."""

    kind = "formula"
    names: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, eq=False)
class Fill(Judged):
    """A formula with blanks, each written `?`; the answers are separated by `;`."""

    kind = "fill"
    formula: str


@dataclass(frozen=True, kw_only=True, eq=False)
class Matrix(Step):
    """The numbers of a line, typed; `again` are other settings, used once the answer was told."""

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
    """The text of one step in one language; any text may hold placeholders, `{{ w }}`."""

    title: str = ""
    text: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)
    """The labels of the choices."""
    parts: Mapping[str, str] = field(default_factory=dict)
    """The texts under `### name`: `hint-1`, `after`, `wrong-up`."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Prose:
    """All texts of a lesson in one language."""

    language: str
    title: str
    about: str
    sections: Mapping[str, Section]
    made_from: str | None = None
    """The mark of the English text it was translated from."""
    mark: str = ""
    """A digest that identifies this version of the text."""
    source: str = ""


@dataclass(frozen=True, kw_only=True, eq=False)
class Named:
    """A value that the prose may refer to: a formula, with other numbers for some given names."""

    of: str
    given: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, eq=False)
class Lesson:
    """A lesson with its texts. `folder` is its folder, `number` its place in the course."""

    id: str
    folder: Path
    number: int
    minutes: int
    needs: tuple[str, ...]
    values: Mapping[str, Named]
    steps: tuple[Step, ...]
    prose: Mapping[str, Prose]

    def key(self, step: Step) -> str:
        """The key under which the progress of a step is saved."""
        return f"{self.id}/{step.id}"

    def prose_in(self, language: str) -> Prose:
        """The prose in a language; in English if there is none."""
        return self.prose.get(language) or self.prose["en"]

    def section(self, step: Step, language: str) -> Section:
        """The text of a step; in English if the language lacks it."""
        found = self.prose_in(language).sections.get(step.id)
        return found or self.prose["en"].sections.get(step.id) or Section()
