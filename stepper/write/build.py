"""Builds the document of a walk: what is given, each line with reason and numbers, updates."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property

import numpy as np

from stepper.calculus.lines import derivation_of_line
from stepper.calculus.prove import proofs
from stepper.calculus.saturated import saturated
from stepper.calculus.worked import FourParts, line_parts, step_parts
from stepper.expr.errors import FormulaError
from stepper.expr.sentence import Sentence, say
from stepper.expr.tree import Expr, Name, names
from stepper.labs.lab import Lab
from stepper.ops.card import Index, Value
from stepper.program.code import Step
from stepper.program.cursor import Level
from stepper.program.program import PHASES, Line, Phase
from stepper.program.trace import Trace
from stepper.show.derivation import notes_of
from stepper.show.origin import origins
from stepper.show.reads import operands_of, read_by_line, results
from stepper.show.transcript import facts_of
from stepper.show.translation import text_of
from stepper.write.walk import (
    MARKS,
    Assignment,
    Block,
    Derived,
    Heading,
    Matrices,
    Matrix,
    Paragraph,
    Walk,
    Worked,
)  # fmt: skip

_TITLES: Mapping[Phase, Sentence] = {
    "forward": say("Forward"), "backward": say("Backward"), "update": say("Update"),
}  # fmt: skip
_FIRST: Index = (0, 0)


def walk_of(lab: Lab, trace: Trace, sample: int | None, level: Level) -> Walk:
    """The document of one run: of `sample`, or of the whole batch (None).

    The level says how fine its steps are: phases, lines, operations, or entries.
    """
    builder = _Builder(lab, trace, level)
    body = [*builder.given(), *(block for phase in PHASES for block in builder.phase(phase))]
    return Walk(
        text_of(lab.title), lab.layout, (*_front(lab, trace, sample), *_legend(body), *body)
    )


def _front(lab: Lab, trace: Trace, sample: int | None) -> Iterator[Block]:
    yield Heading(text_of(lab.title), 1)
    yield Paragraph((lab.name, *facts_of(lab, trace, sample)), "aside")
    if lab.about:
        yield Paragraph((text_of(lab.about),))


def _legend(body: list[Block]) -> Iterator[Block]:
    """The meaning of the marks that occur."""
    if any(isinstance(block, Worked) for block in body):
        yield Paragraph(
            (say("Marked entries are those that the worked entry is made of."),), "aside"
        )
    seen = {c.verdict for block in body if isinstance(block, Derived) for c in block.checks}
    for verdict, (mark, meaning) in MARKS.items():
        if verdict in seen:
            yield Paragraph((say("{mark}: {meaning}", mark=mark, meaning=meaning),), "aside")


class _Builder:
    """Goes through a trace and makes the blocks to show."""

    def __init__(self, lab: Lab, trace: Trace, level: Level) -> None:
        self.lab, self.trace, self.level = lab, trace, level

    @cached_property
    def sizes(self) -> dict[str, tuple[int, ...]]:
        return {name: np.shape(self.trace.value(name)) for name in self.trace.code.names}

    def given(self) -> Iterator[Block]:
        program = self.trace.program
        read = {n for line in program.lines for n in names(line.tree)}
        yield Heading(say("Given"), 2)
        yield self._matrices({Name(n): self.trace.value(n) for n in program.given if n in read})

    def phase(self, phase: Phase) -> Iterator[Block]:
        lines = [(n, x) for n, x in self.trace.program.numbered() if x.phase == phase]
        if not lines:
            return
        yield Heading(_TITLES[phase], 2)
        for n, line in lines:
            yield from self._line(n, line) if self.level != "phase" else self._formula(line)
        if phase == "update" or self.level == "phase":
            yield from self._results(phase)

    def _paragraph(self, said: Sentence) -> Paragraph:
        return Paragraph((said,), sizes=self.sizes)

    def _formula(self, line: Line) -> Iterator[Block]:
        yield Assignment(line, self.sizes)

    def _line(self, n: int, line: Line) -> Iterator[Block]:
        yield Heading(say("Line {n}: {name}", n=str(n), name=Name(line.target)), 3)
        yield Assignment(line, self.sizes)
        steps = self.trace.line_steps(n)
        if self.level == "line":
            parts = line_parts(self.trace, steps[-1], _FIRST)
            yield self._numbers(steps[-1], read_by_line(self.trace, steps[-1]), parts)
            yield self._paragraph(self.trace.reason(steps[-1]))
        yield Paragraph(tuple(origins(self.trace, steps[-1])), "aside")
        if line.phase != "update":
            yield from self._derivations(line)
        if self.level == "line":
            yield from self._worked(steps[-1], line.tree, parts, _FIRST)
        else:
            for step in steps:
                yield from self._operation(step)

    def _operation(self, step: Step) -> Iterator[Block]:
        """One operation of a line; at the finest level, each of its entries."""
        yield self._paragraph(say("Step {n}: {formula}", n=str(step.index), formula=step.node))
        shape = np.atleast_2d(self.trace.values[step.output]).shape
        places = list(np.ndindex(shape)) if self.level == "entry" else [_FIRST]
        parts = [step_parts(self.trace, step, (i, j)) for i, j in places]
        marked = None if self.level == "entry" else parts[0]
        yield self._numbers(step, operands_of(self.trace, step), marked)
        yield self._paragraph(self.trace.reason(step))
        for part, (i, j) in zip(parts, places, strict=True):
            yield from self._worked(step, step.node, part, (i, j))

    def _derivations(self, line: Line) -> Iterator[Block]:
        try:
            found = derivation_of_line(self.lab.forward, line, self.sizes, _FIRST).derivations
        except FormulaError as error:
            yield Paragraph((say("no derivation: {why}", why=error.sentence),), "aside")
            return
        known = proofs(found)
        for d in found:
            yield Derived(d, known[d])
            if notes := tuple(notes_of(d)):
                yield Paragraph(notes, "aside")

    def _worked(self, step: Step, tree: Expr, parts: FourParts, index: Index) -> Iterator[Block]:
        row, column = index
        shape = np.shape(self.trace.values[step.output])
        place = say("row {row}, column {column}", row=str(row + 1), column=str(column + 1))
        yield Worked(place if shape else None, parts)
        if parts.note is not None:
            yield Paragraph((parts.note,), "warning")
        if flat := saturated(self.trace, tree, parts.used):
            yield Paragraph((flat,), "aside")

    def _numbers(self, step: Step, read: Mapping[Expr, Value], parts: FourParts | None) -> Matrices:
        used = parts.used if parts else {}
        blocks = [
            Matrix(say("{name}", name=node), value, used.get(node, ()))
            for node, value in read.items()
        ]
        name = Name(self.trace.place(step.output).name) if step.last else step.node
        result = Matrix(
            say("{name}", name=name), self.trace.values[step.output],
            (_FIRST,) if parts else (), result=True,
        )  # fmt: skip
        return Matrices((*blocks, result))

    def _matrices(self, values: Mapping[Expr, Value]) -> Matrices:
        return Matrices([Matrix(say("{name}", name=node), v) for node, v in values.items()])

    def _results(self, phase: Phase) -> Iterator[Block]:
        """The results of the phase; for what the update changed, both before and after."""
        blocks = []
        for name in results(self.trace, phase):
            moved = phase == "update" and len(self.trace.code.names[name]) > 1
            if moved:
                before = say("{name} before", name=Name(name))
                blocks.append(Matrix(before, self.trace.value(name)))
            after = say("{name} after" if moved else "{name}", name=Name(name))
            value = self.trace.last(name) if moved else self.trace.value(name)
            blocks.append(Matrix(after, value, result=True))
        yield Matrices(blocks)
