"""What if: the same lab with some of its numbers changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from stepper.expr.errors import StepperError, near
from stepper.expr.sentence import Sentence, say
from stepper.expr.tree import Call, names, settings_of
from stepper.labs.batch import check_batch
from stepper.labs.lab import Lab, check_finite
from stepper.language.text import SCREEN, name_text, text
from stepper.ops.card import Index, Value
from stepper.program.code import Slot
from stepper.program.program import Program
from stepper.program.trace import Trace, run


@dataclass(frozen=True, slots=True, eq=False)
class Edit:
    """A new number for a given value; of several edits of one number the last counts."""

    name: str
    index: Index | None
    """Row and column, from 0; None changes the whole value."""
    value: Value


Edits = tuple[Edit, ...]


def edited(lab: Lab, sample: int | None, edits: Edits) -> Trace:
    """Runs one sample (None: the whole batch) with weights, data or constants changed.

    Raises StepperError for a name that is not given, an entry that does not exist, a value that is
    no number, and for the step at which a nan or an inf first arises.
    """
    check_batch(lab, lab.samples if sample is None else 1)
    given = lab.given(None if sample is None else [sample])
    trace = run(lab.code, with_edits(lab.program, given, edits))
    check_finite(trace)
    check_shares(trace)
    return trace


def with_edits(program: Program, given: Mapping[str, Value], edits: Edits) -> dict[str, Value]:
    """The given values after the edits, in order. Raises StepperError as `edited` does."""
    values = dict(given)
    for edit in edits:
        _check_name(program, edit.name)
        values[edit.name] = _put(values[edit.name], edit)
    return values


def changed(old: Trace, new: Trace) -> dict[Slot, Value]:
    """Which entries differ exactly between two runs, as boolean arrays by the new run's slots.

    A slot without differences is left out; for two different programs only named values are
    compared.
    """
    one = old.code.program is new.code.program
    slots = enumerate(range(len(new.values))) if one else _named_alike(old, new)
    compared = {mine: _differ(old.values[theirs], new.values[mine]) for theirs, mine in slots}
    return {slot: differ for slot, differ in compared.items() if np.any(differ)}


def _named_alike(old: Trace, new: Trace) -> Iterator[tuple[Slot, Slot]]:
    """The slots that hold the same version of the same name in two programs."""
    for name, slots in new.code.names.items():
        yield from zip(old.code.names.get(name, ()), slots, strict=False)


def _differ(a: Value, b: Value) -> Value:
    if np.shape(a) != np.shape(b):
        return np.full(np.shape(b), True)
    return (a != b) & ~(np.isnan(a) & np.isnan(b))


def _check_name(program: Program, name: str) -> None:
    role = program.given.get(name)
    if role == "count":
        raise StepperError("{name} is the number of samples: it cannot be edited", name=name)
    if role == "size":
        raise StepperError(
            "{name} is a size, and another makes another network: `stepper run LAB --set {name}=…`",
            name=name,
        )
    if role is None:
        raise not_given(program, name)


def not_given(program: Program, name: str) -> StepperError:
    line = program.number_of(name)
    if line is None:
        return StepperError(
            "there is no `{name}` to edit.{near}", name=name, near=near(name, program.given)
        )
    read = sorted(names(program.lines[line - 1].tree))
    return StepperError(
        "{name} is computed, in line {line}: edit what it is made of, {read}",
        name=name_text(name, SCREEN),
        line=line,
        read=", ".join(name_text(n, SCREEN) for n in read),
    )


def _put(old: Value, edit: Edit) -> Value:
    """A copy of the value with the edit applied."""
    new = _number(edit)
    check_index(old, edit)
    if not np.ndim(old):
        return np.float64(new)
    matrix = np.array(old)
    matrix[... if edit.index is None else edit.index] = new
    return matrix


def _number(edit: Edit) -> Value:
    """The edit's number as a finite float64."""
    try:
        new = np.array(edit.value, dtype=np.float64)
    except (TypeError, ValueError, OverflowError):
        raise StepperError(
            "{value} is neither a number nor a matrix of numbers", value=str(edit.value)[:40]
        ) from None
    if not np.isfinite(new).all():
        raise StepperError(
            "{name} stays as it was: nan and inf are no numbers to compute with", name=edit.name
        )
    return new


def check_index(old: Value, edit: Edit) -> None:
    """Raises StepperError if the edit's index does not fit the value."""
    shape, new = np.shape(old), np.shape(edit.value)
    if edit.index is None:
        if new == () != shape:
            raise StepperError(
                "{name} is {ours}, and this is a single number: name an entry, {name}[0, 0]",
                name=edit.name, ours=_by(shape),
            )  # fmt: skip
        if new != shape:
            raise StepperError(
                "{name} is {ours}, and this is {theirs}",
                name=edit.name, ours=_by(shape), theirs=_by(new),
            )  # fmt: skip
        return
    if new != ():
        raise StepperError("one entry of {name} takes one number", name=edit.name)
    lengths = shape or (1, 1)
    if not all(0 <= i < n for i, n in zip(edit.index, lengths, strict=True)):
        raise StepperError(
            "{name} has no entry [{row}, {column}]: it is {ours}, counted from 0",
            name=edit.name, row=edit.index[0], column=edit.index[1], ours=_by(shape),
        )  # fmt: skip


def _by(shape: tuple[int, ...]) -> str | Sentence:
    return "×".join(map(str, shape)) if shape else say("a single number")


def check_shares(trace: Trace) -> None:
    """Raises StepperError if targets of softmax_ce no longer add up to 1 in each sample."""
    for step in trace.steps:
        if not isinstance(step.node, Call) or step.node.op != "softmax_ce":
            continue
        shares = np.sum(trace.values[step.inputs[1]], axis=settings_of(step.node)["axis"])
        if np.any(np.abs(shares - 1) > 1e-9):
            raise StepperError(
                "the targets of a sample must add up to 1, the derivative of softmax_ce relies on "
                "it: edit {y} as a whole",
                y=text(step.node.args[1], SCREEN),
            )
