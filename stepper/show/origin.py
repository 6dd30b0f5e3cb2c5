"""Where a value came from and who uses it: `from dJ_dz2 (line 12) · to V2 (line 19)`."""

from __future__ import annotations

from functools import lru_cache

from stepper.calculus.worked import slots_at
from stepper.expr.sentence import Sentence
from stepper.expr.tree import Expr, Name, operands
from stepper.program.code import Slot, Step
from stepper.program.trace import Trace
from stepper.show.rows import Look
from stepper.show.words import words


def origin(trace: Trace, step: Step, look: Look) -> str:
    """What a line was made from and which lines read its result, each with its line number."""
    made, read = made_from(trace, step), used_by(trace, step.output)
    sources = ", ".join(_placed(name, line) for name, line in made)
    users = ", ".join(_placed(target, line) for target, line in read)
    dot = look.sign("·", "-")
    parts = [words(Sentence("from {names}", {"names": sources}))] if made else []
    parts.append(
        words(Sentence("to {names}", {"names": users}))
        if read
        else words(Sentence("no later line reads it"))
    )
    return f" {dot} ".join(parts)


def _placed(name: str, line: int) -> str:
    said = Sentence("{name} (line {line})", {"name": name, "line": str(line)})
    return words(said if line else Sentence("{name} (given)", {"name": name}))


def made_from(trace: Trace, step: Step) -> list[tuple[str, int]]:
    """The names a line reads, each with the line that made it (0: it was given)."""
    slots = slots_at(trace, step)
    tree = trace.program.lines[step.line - 1].tree
    return [(name, _line_of(trace, slots[name])) for name in read_in_order(tree)]


def used_by(trace: Trace, slot: Slot) -> list[tuple[str, int]]:
    """The lines that read a value: what each of them makes, and its number."""
    return [(trace.program.lines[n - 1].target, n) for n in _readers(trace).get(slot, ())]


def _line_of(trace: Trace, slot: Slot) -> int:
    born = trace.place(slot).born
    return trace.steps[born - 1].line if born else 0


@lru_cache(maxsize=4)
def _readers(trace: Trace) -> dict[Slot, list[int]]:
    """For every value, the numbers of the lines that read it."""
    found: dict[Slot, list[int]] = {}
    for step in trace.steps:
        if step.last:
            slots = slots_at(trace, step)
            for name in read_in_order(trace.program.lines[step.line - 1].tree):
                found.setdefault(slots[name], []).append(step.line)
    return found


def read_in_order(tree: Expr) -> list[str]:
    """The names a tree reads, as they are written, each once."""
    if isinstance(tree, Name):
        return [tree.id]
    return list(dict.fromkeys(n for operand in operands(tree) for n in read_in_order(operand)))
