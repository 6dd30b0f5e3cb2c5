"""A program made ready to run many times: fixed arrays, constants once, only what is needed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Literal

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
    """One pass of a program over arrays that stay where they are; every value is a walk's value.

    `lasting` is run when a size, a constant or the learning rate has changed; `look` gives all
    that the update needs; `extra` what else is measured; `update` moves the parameters in place.
    """

    given: Mapping[str, Value]
    """The arrays that are read, by name: write into them."""
    measured: Mapping[str, Value]
    calls: Mapping[Part, Calls]

    def run(self, *parts: Part) -> None:
        for part in parts:
            for call in self.calls[part]:
                call()

    def feed(self, values: Mapping[str, Value]) -> None:
        """Other values for given names, in the shapes that they had."""
        for name, value in values.items():
            self.given[name][...] = value


def plan(
    program: Program,
    given: Mapping[str, Value],
    measures: Mapping[str, Expr],
    shared: Mapping[str, Value] | None = None,
) -> Plan:
    """The plan of a program for given values of these shapes, and formulas to measure before the
    update. The arrays of `shared` are used as they are, those of `given` are copied."""
    making = _Making(compile_program(_with(program, measures)), given, measures, shared or {})
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
    """A name that no program can have."""
    return f"measure {measure}"


@dataclass(slots=True, eq=False)
class _Making:
    """Binds the operations of a compiled program to arrays, one after the other."""

    code: Code
    values: Mapping[str, Value]
    measures: Mapping[str, Expr]
    shared: Mapping[str, Value]
    arrays: dict[Slot, Value] = field(default_factory=dict)
    calls: dict[Part, Calls] = field(default_factory=dict)
    lasting: set[Slot] = field(default_factory=set)
    """The slots whose values stay from update to update."""
    same: dict[tuple[Any, ...], Slot] = field(default_factory=dict)
    """Operations that are bound already, by what they do to what."""
    stands_for: dict[Slot, Slot] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.calls = {"lasting": [], "look": [], "extra": [], "update": []}

    @property
    def given(self) -> dict[str, Value]:
        return {name: self.arrays[self.code.names[name][0]] for name in self.code.program.given}

    @property
    def measured(self) -> dict[str, Value]:
        slots = {name: self.code.names[_line(name)][0] for name in self.measures}
        return {n: self.arrays[self.stands_for.get(s, s)] for n, s in slots.items()}

    @property
    def moved(self) -> dict[Slot, Slot]:
        """The last value of everything that is updated, with the given one whose place it takes."""
        names = {line.target for line in self.code.program.phase("update")}
        slots = (self.code.names[n] for n in names if n in self.code.program.given)
        return {versions[-1]: versions[0] for versions in slots}

    def bind_all(self) -> None:
        self.bind_given()
        shapes = [np.shape(value) for value in self.code.run(self.values)]
        moved = self.moved
        train = _needed(self.code, moved)
        asked = _needed(self.code, (self.code.names[_line(n)][0] for n in self.measures)) - train
        last_read = _last_read(self.code, train | asked)
        updates = {s.output for s in self.code.steps if s.phase == "update"}
        for position, (_, inputs, slot) in enumerate(self.code.work):
            if slot not in train | asked:
                continue
            part: Part = "update" if slot in updates else "look" if slot in train else "extra"
            old = moved.get(slot)
            free = old is not None and last_read.get(old, -1) <= position
            place = self.arrays[old] if old is not None and free else None
            self.bind(slot, inputs, part, shapes[slot], place)
        for new, old in moved.items():
            if self.arrays[new] is not self.arrays[old]:
                copy = partial(np.copyto, self.arrays[old], self.arrays[new])
                self.calls["update"].append(copy)

    def bind_given(self) -> None:
        for name, role in self.code.program.given.items():
            slot = self.code.names[name][0]
            own = self.shared.get(name)
            copied = np.array(self.values[name], dtype=np.float64, order="C")
            self.arrays[slot] = copied if own is None else own
            if role in ("count", "constant", "size") and name != "t":
                self.lasting.add(slot)
        for slot, number in self.code.constants.items():
            self.arrays[slot] = float(number)
            self.lasting.add(slot)

    def bind(
        self,
        slot: Slot,
        inputs: tuple[Slot, ...],
        part: Part,
        shape: tuple[int, ...],
        place: Value | None,
    ) -> None:
        """One operation, into a place that is free or an array of its own."""
        node = self.code.places[slot].node
        inputs = tuple(self.stands_for.get(i, i) for i in inputs)
        xs = [self.arrays[i] for i in inputs]
        if not isinstance(node, Call):
            self.stands_for[slot], self.arrays[slot] = inputs[0], xs[0]
            return
        card, settings = CARDS[node.op], settings_of(node)
        if card.is_view:
            self.arrays[slot] = card.eval(*xs, **settings)
            return
        key = (node.op, node.settings, inputs)
        if key in self.same:
            self.stands_for[slot] = self.same[key]
            self.arrays[slot] = self.arrays[self.same[key]]
            return
        self.same[key] = slot
        inplace = place is not None and card.is_elementwise and np.shape(place) == shape
        if self.lasting.issuperset(inputs):
            self.lasting.add(slot)
            part, inplace = "lasting", False
        self.arrays[slot] = place if inplace else np.empty(shape)
        self.calls[part] += card.into(self.arrays[slot], *xs, **settings)


def _needed(code: Code, wanted: Iterable[Slot]) -> set[Slot]:
    """The slots that the wanted ones are computed from, themselves included."""
    found = set(wanted)
    for _, inputs, slot in reversed(code.work):
        if slot in found:
            found.update(inputs)
    return found


def _last_read(code: Code, needed: set[Slot]) -> dict[Slot, int]:
    """Where each slot, or a view of it, is read for the last time."""
    found: dict[Slot, int] = {}
    of: dict[Slot, Slot] = {}
    for position, (_, inputs, slot) in enumerate(code.work):
        if slot not in needed:
            continue
        node = code.places[slot].node
        if not isinstance(node, Call) or CARDS[node.op].is_view:
            of[slot] = of.get(inputs[0], inputs[0])
        for i in inputs:
            found[of.get(i, i)] = position
            found[i] = position
    return found
