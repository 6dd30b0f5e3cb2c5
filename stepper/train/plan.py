"""A program prepared for many runs: preallocated arrays, constants once, only what is needed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Literal, NamedTuple

import numpy as np

from stepper.expr.tree import Call, Expr, settings_of
from stepper.ops import CARDS
from stepper.ops.card import Value
from stepper.program.code import Code, Slot, compile_program
from stepper.program.program import Line, Program

Calls = list[Callable[[], Any]]
Part = Literal["lasting", "look", "extra", "update"]


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """One pass of a program over preallocated arrays; each value equals that of a traced run.

    `lasting` is run after a size, a constant or the learning rate has changed; `look` computes all
    that the update needs; `extra` computes what else is measured; `update` changes the parameters
    in place.
    """

    given: Mapping[str, Value]
    """The input arrays, by name: write into them."""
    measured: Mapping[str, Value]
    calls: Mapping[Part, Calls]

    def run(self, *parts: Part) -> None:
        for part in parts:
            for call in self.calls[part]:
                call()


def plan(
    program: Program,
    given: Mapping[str, Value],
    measures: Mapping[str, Expr],
    shared: Mapping[str, Value] | None = None,
    lasting: Iterable[str] = (),
) -> Plan:
    """The plan of a program for given values of these shapes, with formulas to measure before the
    update.

    The arrays in `shared` are used as they are, those in `given` are copied. Names in `lasting`
    keep their values.
    """
    code = compile_program(_with(program, measures))
    making = _Making(code, given, measures, shared or {}, frozenset(lasting))
    making.bind_all()
    ready = Plan(making.given, making.measured, making.calls)
    ready.run("lasting")
    return ready


def _with(program: Program, measures: Mapping[str, Expr]) -> Program:
    """The program with a line for each measure, before the update."""
    asked = tuple(Line(_line(name), tree, "backward") for name, tree in measures.items())
    lines = (*program.phase("forward"), *program.phase("backward"), *asked)
    return Program((*lines, *program.phase("update")), program.given, program.loss, program.layout)


def _line(measure: str) -> str:
    """The name of a measure's line, which no program can use."""
    return f"measure {measure}"


class _Work(NamedTuple):
    """One operation, computed once however often it occurs."""

    node: Call
    inputs: tuple[Slot, ...]
    slot: Slot

    @property
    def is_view(self) -> bool:
        return CARDS[self.node.op].is_view


def _distinct(code: Code) -> tuple[list[_Work], dict[Slot, Slot]]:
    """The operations without repetitions, and for every slot the one that holds its value."""
    first: dict[Any, Slot] = {}
    held = {slot: first.setdefault(float(n), slot) for slot, n in code.constants.items()}
    found = []
    for _, inputs, slot in code.work:
        node, inputs = code.places[slot].node, tuple(held.get(i, i) for i in inputs)
        if not isinstance(node, Call):
            held[slot] = inputs[0]
            continue
        held[slot] = first.setdefault((node.op, node.settings, inputs), slot)
        if held[slot] == slot:
            found.append(_Work(node, inputs, slot))
    return found, held


def _needed(work: Sequence[_Work], wanted: Iterable[Slot]) -> set[Slot]:
    """The slots that the wanted ones depend on, including themselves."""
    found = set(wanted)
    for one in reversed(work):
        if one.slot in found:
            found.update(one.inputs)
    return found


def _last_read(work: Sequence[_Work]) -> dict[Slot, Slot]:
    """For each slot the last one computed from it, directly or through a view."""
    found: dict[Slot, Slot] = {}
    seen: dict[Slot, Slot] = {}
    for one in work:
        if one.is_view:
            seen[one.slot] = seen.get(one.inputs[0], one.inputs[0])
        for i in one.inputs:
            found[i] = found[seen.get(i, i)] = one.slot
    return found


@dataclass(slots=True, eq=False)
class _Making:
    """Binds the operations of a compiled program to arrays, one after the other."""

    code: Code
    values: Mapping[str, Value]
    measures: Mapping[str, Expr]
    shared: Mapping[str, Value]
    kept: frozenset[str]
    arrays: dict[Slot, Value] = field(default_factory=dict)
    calls: dict[Part, Calls] = field(default_factory=dict)
    lasting: set[Slot] = field(default_factory=set)
    """The slots whose values persist from update to update."""

    @property
    def given(self) -> dict[str, Value]:
        return {name: self.arrays[self.code.names[name][0]] for name in self.code.program.given}

    @property
    def measured(self) -> dict[str, Value]:
        return {name: self.arrays[self.code.names[_line(name)][0]] for name in self.measures}

    @property
    def moved(self) -> dict[Slot, Slot]:
        """The final slot of everything that is updated, with the given slot it overwrites."""
        names = {line.target for line in self.code.program.phase("update")}
        slots = (self.code.names[n] for n in names if n in self.code.program.given)
        return {versions[-1]: versions[0] for versions in slots}

    def bind_all(self) -> None:
        self.calls = {"lasting": [], "look": [], "extra": [], "update": []}
        self.bind_given()
        shapes = [np.shape(value) for value in self.code.run(self.values)]
        work, held = _distinct(self.code)
        moved = {held[new]: old for new, old in self.moved.items()}
        train = _needed(work, moved)
        asked = _needed(work, (held[self.code.names[_line(n)][0]] for n in self.measures))
        work = [one for one in work if one.slot in train | asked]
        last_read, updates = _last_read(work), self.updates
        for one in work:
            part: Part = "update" if one.slot in updates else "look"
            old = moved.get(one.slot)
            free = old is not None and last_read.get(old, one.slot) <= one.slot
            place = self.arrays[old] if old is not None and free else np.empty(shapes[one.slot])
            self.bind(one, part if one.slot in train else "extra", place)
        for slot, holder in held.items():
            if holder in self.arrays:
                self.arrays[slot] = self.arrays[holder]
        self.put_back()

    @property
    def updates(self) -> set[Slot]:
        return {step.output for step in self.code.steps if step.phase == "update"}

    def bind_given(self) -> None:
        for name, role in self.code.program.given.items():
            slot = self.code.names[name][0]
            own = self.shared.get(name)
            copied = np.array(self.values[name], dtype=np.float64, order="C")
            self.arrays[slot] = copied if own is None else own
            if name in self.kept or (role in ("count", "constant", "size") and name != "t"):
                self.lasting.add(slot)
        for slot, number in self.code.constants.items():
            self.arrays[slot] = float(number)
            self.lasting.add(slot)

    def bind(self, one: _Work, part: Part, place: Value) -> None:
        """Binds one operation; an elementwise one writes into an array that is no longer needed."""
        card, settings = CARDS[one.node.op], settings_of(one.node)
        xs = [self.arrays[i] for i in one.inputs]
        if one.is_view:
            self.arrays[one.slot] = card.eval(*xs, **settings)
            return
        if self.lasting.issuperset(one.inputs):
            self.lasting.add(one.slot)
            part = "lasting"
        own = part == "lasting" or not card.is_elementwise
        self.arrays[one.slot] = np.empty(np.shape(place)) if own else place
        self.calls[part] += card.into(self.arrays[one.slot], *xs, **settings)

    def put_back(self) -> None:
        """Copies what was computed in an array of its own to where the next run reads it."""
        for new, old in self.moved.items():
            if self.arrays[new] is not self.arrays[old]:
                copy = partial(np.copyto, self.arrays[old], self.arrays[new])
                self.calls["update"].append(copy)
