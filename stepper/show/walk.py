"""The walk on paper: what is given, each step or line with its numbers, and a phase's results."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from stepper.calculus.worked import FourParts, line_parts, step_parts
from stepper.expr.sentence import Sentence, say
from stepper.expr.tree import Expr, Path, names
from stepper.language.text import name_text, text
from stepper.ops.card import Index, Value
from stepper.program.code import Step
from stepper.program.program import Phase, Program
from stepper.program.trace import Trace
from stepper.show.arrays import matrix, side_by_side
from stepper.show.breaking import broken
from stepper.show.formula import four_parts
from stepper.show.origin import origin
from stepper.show.reads import operands_of, part_of_text, read_by_line, results
from stepper.show.rows import Look, Row, paragraph, row
from stepper.show.words import PHASE_NAMES, words

INDENT = 3


def step_rows(trace: Trace, step: Step, look: Look) -> Iterator[Row]:
    """One operation: its line with the operation marked, operands, result, reason, one entry."""
    index = fitting(trace, step, look)
    parts = step_parts(trace, step, index)
    yield from header(trace, step, look, step.path)
    yield from numbers(trace, step, look, operands_of(trace, step), parts, index)
    yield from paragraph(words(trace.reason(step), look.code, ascii=look.ascii), look)
    yield from entry_rows(trace, step, look, parts, index)


def line_rows(trace: Trace, step: Step, look: Look) -> Iterator[Row]:
    """A whole line, of which `step` is the last: what it reads, its result, why, one entry."""
    index = fitting(trace, step, look)
    parts = line_parts(trace, step, index)
    yield from header(trace, step, look, ())
    yield from numbers(trace, step, look, read_by_line(trace, step), parts, index)
    yield from paragraph(words(trace.reason(step), look.code, ascii=look.ascii), look)
    yield from paragraph(origin(trace, step, look), look, ink="dim", hang=2)
    yield from entry_rows(trace, step, look, parts, index)


def every_entry(trace: Trace, step: Step, look: Look, only: Index | None = None) -> Iterator[Row]:
    """One operation, entry by entry in reading order, or one entry of it."""
    yield from header(trace, step, look, step.path)
    yield from numbers(trace, step, look, operands_of(trace, step))
    value = np.atleast_2d(trace.values[step.output])
    for index in [only] if only else np.ndindex(value.shape):
        parts = step_parts(trace, step, index)
        yield from entry_rows(trace, step, look, parts, index)


def fitting(trace: Trace, step: Step, look: Look) -> Index:
    """The wanted entry if the result has it, else its first."""
    shape = np.atleast_2d(trace.values[step.output]).shape
    return look.index if look.index[0] < shape[0] and look.index[1] < shape[1] else (0, 0)


def phase_rows(trace: Trace, phase: Phase, look: Look) -> Iterator[Row]:
    """A whole phase: its lines, and its results."""
    yield row(words(PHASE_NAMES[phase]), "title")
    for n, line in trace.program.numbered():
        if line.phase == phase:
            mark = altered_mark(trace.program, n, look)
            written = f"{n:>3}{mark} {line.text(look.code)}"
            yield from paragraph(written, look, hang=4)
    blocks = []
    inner = look.narrower(INDENT)
    for name in results(trace, phase):
        moved = phase == "update" and len(trace.code.names[name]) > 1
        if moved:
            blocks.append(matrix(words(say("{name} before", name=name)), trace.value(name), inner))
        after = words(say("{name} after", name=name)) if moved else name
        value = trace.last(name) if moved else trace.value(name)
        blocks.append(matrix(after, value, inner, ink="result"))
    yield from side_by_side(blocks, look, INDENT)


def given_rows(trace: Trace, look: Look) -> Iterator[Row]:
    """Everything that exists before the first step."""
    yield row(words(say("given")), "title")
    read = {n for line in trace.program.lines for n in names(line.tree)}
    blocks = [
        matrix(name, trace.value(name), look.narrower(INDENT))
        for name in trace.program.given
        if name in read
    ]
    yield from side_by_side(blocks, look, INDENT)


def header(trace: Trace, step: Step, look: Look, path: Path) -> Iterator[Row]:
    """`12 · backward · line 9: dJ_dz3 = dJ_da3 * (a3 * (1 - a3))`, with one operation marked."""
    line = trace.program.lines[step.line - 1]
    dot = look.sign("·", "-")
    written = marked_text(line.tree, path, look)
    line_n = words(say("line {n}", n=str(step.line)))
    mark = altered_mark(trace.program, step.line, look)
    where = (
        f"{step.index} {dot} {words(PHASE_NAMES[step.phase])} {dot} {line_n}{mark and ' '}{mark}: "
    )
    target = name_text(line.target, look.code)
    return paragraph(f"{where}{target} = {written}", look, indent=0, ink="title", hang=INDENT)


def altered_mark(program: Program, number: int, look: Look) -> str:
    """`✗` on a line that was made wrong on purpose, `~` on those that depend on it; else empty."""
    if program.altered is None:
        return ""
    if number == program.altered.number:
        return look.sign("✗", "x")
    return "~" if number in program.following(program.altered.number) else ""


def marked_text(tree: Expr, path: Path, look: Look) -> str:
    """A tree's text with the operation at `path` between ‹ ›; the root is not marked."""
    if not path:
        return text(tree, look.code)
    start, end = part_of_text(tree, path, look.code)
    whole = text(tree, look.code)
    left, right = look.sign("‹", "<"), look.sign("›", ">")
    return f"{whole[:start]}{left}{whole[start:end]}{right}{whole[end:]}"


def numbers(
    trace: Trace,
    step: Step,
    look: Look,
    read: Mapping[Expr, Value],
    parts: FourParts | None = None,
    index: Index = (0, 0),
) -> Iterator[Row]:
    """The operands side by side, then the result; the worked entry's own entries are marked."""
    inner = look.narrower(INDENT)
    used = parts.used if parts else {}
    blocks = [
        matrix(text(node, look.code), value, inner, marked=used.get(node, ()))
        for node, value in read.items()
    ]
    value = trace.values[step.output]
    name = f"{look.sign('→', '->')} {trace.place(step.output).name}"
    blocks.append(matrix(name, value, inner, marked=(index,) if parts else (), ink="result"))
    return side_by_side(blocks, look, INDENT)


def entry_rows(
    trace: Trace, step: Step, look: Look, parts: FourParts, index: Index
) -> Iterator[Row]:
    """`symbol = formula = formula with numbers ≈ value`, on one row if that fits."""
    value = trace.values[step.output]
    if np.ndim(value):
        caption = entry_caption(trace.place(step.output).name, index, look)
        yield from paragraph(caption, look, ink="dim")
    yield from chain_rows(four_parts(parts, look.maths), look)
    if parts.note is not None:
        yield from paragraph(words(parts.note, look.code, ascii=look.ascii), look, ink="warn")


def chain_rows(parts: list[str], look: Look) -> Iterator[Row]:
    """The parts on one row if they fit, else each on its own, with aligned `=`."""
    inner = look.narrower(INDENT)
    if len(" ".join(parts)) <= inner.width or len(parts) < 3:
        yield from _formula_rows(" ".join(parts), look, INDENT, 4)
        return
    symbol, formula, *rest = parts
    hang = len(symbol) + 1 if len(symbol) < 20 else 2
    yield from _formula_rows(f"{symbol} {formula}", look, INDENT, hang + 2)
    for part in rest:
        yield from _formula_rows(part, look, INDENT + hang, 2)


def _formula_rows(written: str, look: Look, indent: int, hang: int) -> Iterator[Row]:
    """A formula on as many rows as it needs, each but the first beginning with an operator."""
    for line in broken(written, look.width - indent, hang):
        yield from paragraph(line, look, indent=indent, hang=hang)


def entry_caption(name: str, index: Index, look: Look) -> str:
    """`row 3, column 2 · dJ_dW2[2, 1]`: from 1 in words, from 0 in numpy."""
    row_number, column = index
    place = words(
        Sentence(
            "row {row}, column {column}", {"row": str(row_number + 1), "column": str(column + 1)}
        )
    )
    of = f"{name}[{row_number}, {column}]" if name.isidentifier() else name
    return f"{place} {look.sign('·', '-')} {of}"
