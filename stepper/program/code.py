"""A program compiled once to a flat list of operations: all of its steps but the values."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

import numpy as np

from stepper.expr.errors import FormulaError, near
from stepper.expr.sentence import Sentence
from stepper.expr.tree import Call, Expr, Name, Number, Path, settings_of
from stepper.language.text import Style, text
from stepper.ops import CARDS
from stepper.ops.card import Value
from stepper.program.program import Line, Phase, Program, Role

Slot = int
"""The index of a value in the list of values; each value has its own (single assignment)."""


class Place(NamedTuple):
    """What is known of a value before it is computed."""

    name: str
    version: int
    role: Role
    born: int
    """The number of steps after which the value exists: 0 for a given one."""
    node: Expr


@dataclass(frozen=True, slots=True, eq=False)
class Step:
    """One executed operation: step `index` (from 0) of the whole program."""

    index: int
    phase: Phase
    line: int
    """The line's number, from 1."""
    path: Path
    """The path of the operation in its line's tree."""
    node: Expr
    inputs: tuple[Slot, ...]
    output: Slot
    reason: Sentence
    of_one: Sentence
    """The reason if the output is a single number."""
    of: str | None
    last: bool
    """Whether this operation gives the line its value."""


class Code:
    """A compiled program; `run` fills a list of values, one per slot."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.places: list[Place] = []
        self.steps: list[Step] = []
        self.names: dict[str, list[Slot]] = {}
        """The slots of each name, one per version."""
        self.constants: dict[Slot, Value] = {}
        self.work: list[tuple[Callable[..., Value], tuple[Slot, ...], Slot]] = []

    def run(self, given: Mapping[str, Value]) -> list[Value]:
        """All values, in slot order. Raises KeyError if a name is not given."""
        values: list[Value] = [None] * len(self.places)
        for name in self.program.given:
            values[self.names[name][0]] = given[name]
        for slot, number in self.constants.items():
            values[slot] = number
        with np.errstate(all="ignore"):
            for function, inputs, output in self.work:
                values[output] = function(*[values[i] for i in inputs])
        return values


def compile_program(program: Program) -> Code:
    """The flat form of a program. Raises FormulaError for a name used before it has a value."""
    code = Code(program)
    for name, role in program.given.items():
        code.names[name] = [_place(code, Place(name, 0, role, 0, Name(name)))]
    for number, line in program.numbered():
        _compile_line(code, number, line)
    return code


def _place(code: Code, place: Place) -> Slot:
    code.places.append(place)
    return len(code.places) - 1


def _compile_line(code: Code, number: int, line: Line) -> None:
    tree = line.tree
    slot = _compile_node(code, number, line, tree, ())
    if not isinstance(tree, Call):
        slot = _emit(code, number, line, tree, (), (slot,), lambda x: x)
    code.names.setdefault(line.target, []).append(slot)


def _compile_node(code: Code, number: int, line: Line, node: Expr, path: Path) -> Slot:
    """Compiles a node's operations and returns the slot of its value."""
    if isinstance(node, Name):
        if node.id not in code.names:
            raise _too_early(code.program, number, node)
        return code.names[node.id][-1]
    if isinstance(node, Number):
        slot = _place(code, Place(text(node), 0, "number", 0, node))
        code.constants[slot] = np.float64(node.value)
        return slot
    assert isinstance(node, Call)
    inputs = tuple(
        _compile_node(code, number, line, a, (*path, i)) for i, a in enumerate(node.args)
    )
    card = CARDS[node.op]
    settings = settings_of(node)
    function = partial(card.eval, **settings) if settings else card.eval
    if card.is_view and path:
        slot = _place(code, Place(_text(code, node), 0, "part", len(code.steps), node))
        code.work.append((function, inputs, slot))
        return slot
    return _emit(code, number, line, node, path, inputs, function)


def _emit(
    code: Code,
    number: int,
    line: Line,
    node: Expr,
    path: Path,
    inputs: tuple[Slot, ...],
    function: Callable[..., Value],
) -> Slot:
    index, last = len(code.steps), not path
    place = (
        Place(line.target, len(code.names.get(line.target, ())), _role(code, line), index + 1, node)
        if last
        else Place(_text(code, node), 0, "part", index + 1, node)
    )
    slot = _place(code, place)
    why = _reasons(line, node, last)
    code.steps.append(
        Step(index, line.phase, number, path, node, inputs, slot, *why, line.of, last)
    )
    code.work.append((function, inputs, slot))
    return slot


def _text(code: Code, node: Expr) -> str:
    return text(node, Style(layout=code.program.layout))


def _role(code: Code, line: Line) -> Role:
    if line.phase == "backward":
        return "gradient" if line.of else "intermediate"
    if line.phase == "update":
        return "state" if code.program.given.get(line.target) == "state" else "updated"
    return "loss" if line.target == code.program.loss else "intermediate"


def _reasons(line: Line, node: Expr, last: bool) -> tuple[Sentence, Sentence]:
    """The reason for an operation, for an array and for a single number: the line's own reason, the
    rule's note, or the card's sentence."""
    own = line.reason if last and line.reason is not None else node.note
    if own:
        said = own if isinstance(own, Sentence) else Sentence(own)
        return said, said
    y = Name(line.target) if last else node
    if isinstance(node, Call):
        card = CARDS[node.op]
        array = card_sentence(card.sentence, node.args, y=y)
        return array, card_sentence(card.of_one, node.args, y=y)
    plain = Sentence("{y} is {x}", {"y": y, "x": node})
    return plain, plain


def card_sentence(template: str, operands: Sequence[Expr], **more: Expr) -> Sentence:
    """A card's sentence with its operands (`{0}`, `{1}`, …) and other named trees filled in."""
    fields = dict(more)
    for i, operand in enumerate(operands):
        template = template.replace(f"{{{i}}}", f"{{x{i}}}")
        fields[f"x{i}"] = operand
    return Sentence(template, fields)


def _too_early(program: Program, number: int, node: Name) -> FormulaError:
    later = program.number_of(node.id)
    known = [*program.given, *(line.target for line in program.lines)]
    if later is not None:
        return FormulaError(
            "undefined", node.span,
            "line {n} reads `{word}`, which has no value before line {later}",
            n=number, word=node.id, later=later,
        )  # fmt: skip
    return FormulaError(
        "unknown-name", node.span, "line {n} reads `{word}`, and there is none.{near}",
        n=number, word=node.id, near=near(node.id, known),
    )  # fmt: skip
