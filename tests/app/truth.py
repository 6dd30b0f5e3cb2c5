"""What a frame may show: every number that it prints is compared with the run itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np

from stepper.app.block import Block
from stepper.app.sight import is_hidden
from stepper.app.snapshot import Snapshot
from stepper.app.widgets.program import Listing
from stepper.app.worked import written
from stepper.app.written import Number
from stepper.expr.tree import names
from stepper.language.evaluate import evaluate
from stepper.ops.card import Value
from stepper.program.program import PHASES
from stepper.show.numbers import scalar
from stepper.show.rows import Look, Row

UNKNOWN = ("·", ".", "?")
"""What stands in a cell that has no number: not computed yet, or hidden."""


def check_cells(now: Snapshot, rows: Iterable[Row]) -> None:
    """Every cell of a drawing has the number that the run has there, and none of the future."""
    blocks: dict[int, tuple[Block, list[Number]]] = {}
    for cell in (run for row in rows for run, _ in row if isinstance(run, Number)):
        blocks.setdefault(id(cell.block), (cell.block, []))[1].append(cell)
    for block, cells in blocks.values():
        shown = {cell.at: cell.strip() for cell in cells}
        if block.selects:
            _check_result(now, shown)
            continue
        known = [v for v in _known(now, block) if np.shape(np.atleast_2d(v)) == block.entries.shape]
        fits = (all(_same(t, np.atleast_2d(v)[i]) for i, t in shown.items()) for v in known)
        to_come = block.filled == 0 and set(shown.values()) <= {"·", "."}
        hidden = now.hiding.on and set(shown.values()) == {"?"}
        assert to_come or hidden or any(fits), (block.name, shown)


def _check_result(now: Snapshot, shown: dict[tuple[int, int], str]) -> None:
    """The result of the current step: its numbers as far as they are computed, and no further."""
    assert now.step is not None
    value = np.atleast_2d(now.trace.values[now.step.output])
    for (row, column), text in shown.items():
        there = row * value.shape[1] + column < now.cursor.entries
        assert (text in ("·", ".")) == (not there), (text, row, column, now.cursor.stop)
        assert _same(text, value[row, column]), (text, value[row, column])
        if text == "?":
            assert now.hiding.on


def _known(now: Snapshot, block: Block) -> Iterator[Value]:
    """The values that a block may show now: what the phase made, or what the line reads."""
    trace, step = now.trace, now.step
    if step is None:
        yield from (trace.value(name) for name in block.of)
    elif now.cursor.level == "phase":
        assert trace.place(trace.slot(block.of[0])).born <= now.cursor.at or now.hiding.on
        version = -1 if step.phase == "update" else 0
        yield from (trace.value(name, version) for name in block.of)
    else:
        steps = (s for s in trace.line_steps(step.line) if s.index < now.cursor.at)
        read = [trace.values[i] for s in steps for i in s.inputs]
        yield from read
        yield from (np.transpose(value) for value in read)
        before = trace.line_steps(step.line)[0].index
        for name in block.of:
            born = [slot for slot in trace.code.names[name] if trace.place(slot).born <= before]
            yield from (trace.values[slot] for slot in born[-1:])


def _same(text: str, value: float) -> bool:
    """Whether a text is the number to its last digit, rounded as numbers are."""
    text = text.lstrip("*~")
    if text in UNKNOWN:
        return True
    if value == 0 or not np.isfinite(value):
        return text == ("0" if value == 0 else f"!{value}")
    mantissa, power, _ = text.partition("e")
    decimals = len(mantissa.partition(".")[2])
    return text == f"{value:.{decimals}{'e' if power else 'f'}}"


def check_entry(now: Snapshot, look: Look) -> None:
    """The line of the selected entry ends on the number that the run has there."""
    if now.step is None:
        return
    parts = written(now, look)
    if is_hidden(now):
        assert parts[1:] == ["= ?"]
        return
    # at the levels of phases and lines the entry is that of the whole line
    whole = now.cursor.level in ("phase", "line")
    step = now.trace.line_steps(now.step.line)[-1] if whole else now.step
    value = now.trace.values[step.output]
    number = scalar(float(value[now.entry] if np.ndim(value) else value))
    assert parts[-1].split(" ")[-1] == number, (parts, number)


def check_watches(now: Snapshot) -> None:
    """A watch has the newest whole value of each of its names, and waits for those to come."""
    for watch in now.watches:
        newest = {}
        for name in names(watch.tree):
            for slot in now.trace.code.names[name]:
                born = now.trace.place(slot).born
                whole = np.size(now.trace.values[slot]) == now.cursor.entries
                if born < now.cursor.at or not born or (born == now.cursor.at and whole):
                    newest[name] = now.trace.values[slot]
        value = watch.value_at(now.cursor)
        if set(newest) < names(watch.tree):
            assert value is None
        else:
            assert np.array_equal(value, evaluate(watch.tree, newest), equal_nan=True)


def check_order(now: Snapshot) -> None:
    """The program marks every line that has not run to its end, and no other."""
    listing = Listing(now, Look(), 80, PHASES)
    for step in now.trace.steps:
        if step.last:
            to_come = "·" in listing.marks(step.line)
            assert to_come == (step.index >= now.cursor.at), step.line
