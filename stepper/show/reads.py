"""What a step reads, where its operation is in the text, and the results of a phase."""

from __future__ import annotations

from collections.abc import Iterator

from stepper.calculus.entry import is_leaf
from stepper.calculus.worked import values_at
from stepper.expr.tree import Expr, Number, Path, names, operands
from stepper.language.evaluate import evaluate
from stepper.language.text import Style, text
from stepper.ops.card import Value
from stepper.program.code import Step
from stepper.program.program import Phase
from stepper.program.trace import Trace


def results(trace: Trace, phase: Phase) -> list[str]:
    """The names a phase results in: prediction and loss, all gradients of weights, the updated."""
    program = trace.program
    targets = [line.target for line in program.phase(phase)]
    if phase == "update":
        return list(dict.fromkeys(targets))
    if phase == "backward":
        lines = program.phase("backward")
        return [n.target for n in lines if program.given.get(n.of or "") == "parameter"]
    last = program.phase("forward")[-1]
    return [*(n for n in targets if n in names(last.tree)), last.target]


def part_of_text(tree: Expr, path: Path, style: Style) -> tuple[int, int]:
    """The start and end of a node in the text of its tree, brackets included."""
    whole = text(tree, style)
    around = text(tree, style, lambda node, at: "\0" if at == path else None)
    before, after = around.split("\0")
    return len(before), len(whole) - len(after)


def operands_of(trace: Trace, step: Step) -> dict[Expr, Value]:
    """The operands of an operation with their values, without literals."""
    nodes = operands(step.node) or (step.node,)
    return {
        node: trace.values[slot]
        for node, slot in zip(nodes, step.inputs, strict=True)
        if not isinstance(node, Number)
    }


def read_by_line(trace: Trace, step: Step) -> dict[Expr, Value]:
    """The names and views of names a line reads, in reading order."""
    values = values_at(trace, step)
    tree = trace.program.lines[step.line - 1].tree
    return {leaf: evaluate(leaf, values) for leaf in leaves(tree)}


def leaves(tree: Expr) -> Iterator[Expr]:
    """The outermost names and views of names."""
    if is_leaf(tree):
        yield tree
        return
    for operand in operands(tree):
        yield from leaves(operand)
