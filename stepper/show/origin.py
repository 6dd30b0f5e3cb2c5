"""Where a value came from and who uses it: `from dJ_dz2 (line 12) · to V2 (line 19)`."""

from __future__ import annotations

from collections.abc import Iterator

from stepper.expr.sentence import Sentence, say
from stepper.program import find
from stepper.program.code import Slot, Step
from stepper.program.trace import Trace
from stepper.show.rows import Look
from stepper.show.words import words


def origin(trace: Trace, step: Step, look: Look) -> str:
    """The lines that made a line's operands and those that read its result, with their numbers."""
    return f" {look.sign('·', '-')} ".join(map(words, origins(trace, step)))


def origins(trace: Trace, step: Step) -> Iterator[Sentence]:
    """The same as sentences."""
    made, read = made_from(trace, step), used_by(trace, step.output)
    if made:
        yield say("from {names}", names=", ".join(_placed(name, line) for name, line in made))
    users = ", ".join(_placed(target, line) for target, line in read)
    yield say("to {names}", names=users) if read else say("no later line reads it")


def _placed(name: str, line: int) -> str:
    said = Sentence("{name} (line {line})", {"name": name, "line": str(line)})
    return words(said if line else Sentence("{name} (given)", {"name": name}))


def made_from(trace: Trace, step: Step) -> list[tuple[str, int]]:
    """The names a line reads, each with the line that made it (0: it was given)."""
    slots = find.slots_read(trace, step.line)
    return [(trace.place(slot).name, _line_of(trace, slot)) for slot in slots]


def used_by(trace: Trace, slot: Slot) -> list[tuple[str, int]]:
    """The targets of the lines that read a value, with their line numbers."""
    lines = [trace.steps[last].line for last in find.readers(trace, slot)]
    return [(trace.program.lines[n - 1].target, n) for n in lines]


def _line_of(trace: Trace, slot: Slot) -> int:
    born = trace.place(slot).born
    return trace.steps[born - 1].line if born else 0
