"""One entry worked out: its symbol, its formula, the formula with numbers, and its value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from math import isnan

import numpy as np

from stepper.calculus.entry import Compiler, Middle, Sizes, is_leaf
from stepper.expr.sentence import Sentence
from stepper.expr.tree import Call, Expr, Name, Number, call, names, operands, settings_of, walk
from stepper.ops import CARDS
from stepper.ops.card import Index, Value
from stepper.program.code import Slot, Step
from stepper.program.trace import Trace

CHAINS = ("add", "maximum")
"""The operations long formulas are chains of; their middle can be evaluated beforehand."""
LONGEST = 4
"""A sum of more terms shows its first two, the partial sum of the middle, and its last."""
ACCURACY = 1e-12
"""How closely the formula must agree with the engine, relative to its largest term."""


@dataclass(frozen=True, slots=True, eq=False)
class FourParts:
    """`symbol = formula = formula with numbers ≈ value`, as trees and numbers."""

    symbol: Expr | None
    """The entry's name; None for an operation inside a line, which has no name."""
    formula: Expr
    numbers: Mapping[int, float]
    """The number printed in place of a node of the formula, by the node's id."""
    holes: frozenset[int]
    """The ids of the nodes that represent the omitted middle of a sum."""
    value: float
    """The engine's value."""
    computed: float
    """The value of the formula with these numbers, at full precision."""
    agrees: bool
    sizes: Sizes
    used: Mapping[Expr, frozenset[Index]]
    """The entries of each operand that the formula reads."""

    @property
    def note(self) -> Sentence | None:
        """The note to show if formula and engine differ."""
        if self.agrees:
            return None
        return Sentence(
            "worked out by itself the formula gives {formula}, and the program has {value}: "
            "more than rounding lies between",
            {"formula": repr(float(self.computed)), "value": repr(float(self.value))},
        )


def step_parts(trace: Trace, step: Step, index: Index) -> FourParts:
    """One entry of a step; operands that are operations themselves are shown by their value."""
    inner = dict(zip(map(id, operands(step.node)), step.inputs, strict=False))
    whole = {
        id(a): trace.values[inner[id(a)]]
        for a in operands(step.node)
        if isinstance(a, Call) and not is_leaf(a)
    }
    return _worked(trace, step, step.node, index, whole)


def line_parts(trace: Trace, step: Step, index: Index) -> FourParts:
    """One entry of the whole line a step belongs to, expanded down to the names it reads."""
    last = trace.line_steps(step.line)[-1]
    return _worked(trace, last, last.node, index, {})


def slots_at(trace: Trace, step: Step) -> Mapping[str, Slot]:
    """The slot of each name as a step's line sees it: its latest value before the line."""
    return _slots_at(trace, step.line)


@lru_cache(maxsize=8)
def _slots_at(trace: Trace, line: int) -> Mapping[str, Slot]:
    first = trace.line_steps(line)[0].index
    places, found = trace.code.places, {}
    for name, slots in trace.code.names.items():
        for slot in slots:
            if places[slot].born <= first:
                found[name] = slot
    return found


def values_at(trace: Trace, step: Step) -> dict[str, Value]:
    """The value of each name as a step's line sees it."""
    return {name: trace.values[slot] for name, slot in slots_at(trace, step).items()}


def _worked(
    trace: Trace, step: Step, node: Expr, index: Index, whole: Mapping[int, Value]
) -> FourParts:
    slots = slots_at(trace, step)
    values = {name: trace.values[slots[name]] for name in names(node)}
    sizes = {name: np.shape(value) for name, value in values.items()}
    compiler = Compiler(sizes, whole, LONGEST)
    tree = compiler.entry(node, index)
    reader = _Reader(compiler, values, whole)
    with np.errstate(all="ignore"):
        computed, scale = reader.weigh(tree)
        formula = reader.shortened(tree)
    value = item_of(trace.values[step.output], index)
    target = Name(trace.place(step.output).name)
    shape = np.shape(trace.values[step.output])
    return FourParts(
        symbol_of(target, shape, index) if step.last else None,
        formula,
        reader.numbers_in(formula),
        frozenset(reader.holes),
        value,
        float(computed),
        _agree(float(computed), value, float(scale)),
        {target.id: shape, **sizes},
        {leaf: frozenset(found) for leaf, found in compiler.used.items()},
    )


def symbol_of(name: Name, shape: tuple[int, ...], index: Index) -> Expr:
    """The symbol of an entry: `W1[2, 0]`; for a scalar its name alone."""
    return call("item", name, row=index[0], column=index[1]) if shape else name


def item_of(value: Value, index: Index) -> float:
    """One entry of a matrix; a scalar itself."""
    return float(value[index] if np.ndim(value) else value)


def _agree(computed: float, value: float, scale: float) -> bool:
    if isnan(computed) or isnan(value):
        return isnan(computed) and isnan(value)
    return computed == value or abs(computed - value) <= ACCURACY * max(abs(value), scale)


class _Reader:
    """Assigns numbers to the nodes of a compiled formula, and omits the middle of long sums."""

    def __init__(
        self, compiler: Compiler, values: Mapping[str, Value], whole: Mapping[int, Value]
    ) -> None:
        self.compiler, self.values, self.whole = compiler, values, whole
        self.given: dict[int, float] = {}
        self.holes: dict[int, Expr] = {}

    def number(self, node: Expr) -> Value | None:
        """The number shown in place of a node, or the numbers of a block of entries.

        None for a node that is to be evaluated.
        """
        if id(node) in self.given:
            return self.given[id(node)]
        if id(node) in self.compiler.middles:
            return self._weigh_middle(self.compiler.middles[id(node)])[0]
        if id(node) in self.compiler.taken:
            of, places = self.compiler.taken[id(node)]
            whole = self.whole[id(of)]
            return whole[places] if np.ndim(whole) else whole
        if isinstance(node, Name):
            value = self.values[node.id]
            return None if np.ndim(value) else float(value)
        if isinstance(node, Call) and node.op == "item" and isinstance(node.args[0], Name):
            where = settings_of(node)
            return self.values[node.args[0].id][where["row"], where["column"]]
        return None

    def weigh(self, node: Expr) -> tuple[Value, Value]:
        """A node's value, and the magnitude of the terms it is a sum of."""
        if id(node) in self.compiler.middles and id(node) not in self.given:
            return self._weigh_middle(self.compiler.middles[id(node)])
        number = node.value if isinstance(node, Number) else self.number(node)
        if number is not None:
            return number, abs(number)
        assert isinstance(node, Call)
        weighed = [self.weigh(a) for a in self.terms(node)]
        value, scale = weighed[0]
        if len(weighed) == 1:
            value = _apply(node, value)
            scale = scale if node.op == "neg" else abs(value)
        for more, its_scale in weighed[1:]:
            value, scale = _apply(node, value, more), _scale(node, scale, more, its_scale)
        return value, np.fmax(scale, abs(value))

    def _weigh_middle(self, middle: Middle) -> tuple[Value, Value]:
        """The value of a sum's omitted terms, each evaluated, and the magnitude of those."""
        value, scale = (np.sum(np.broadcast_to(x, middle.length)) for x in self.weigh(middle.tree))
        self.holes[id(middle.hole)], self.given[id(middle.hole)] = middle.hole, float(value)
        return value, scale

    def terms(self, node: Call) -> list[Expr]:
        """The operands; for a long sum all its terms (iterative: there may be thousands)."""
        if node.op not in CHAINS:
            return list(node.args)
        found: list[Expr] = []
        left: Expr = node
        while isinstance(left, Call) and left.op == node.op and self._goes_on(left, node):
            found.append(left.args[1])
            left = left.args[0]
        return [left, *reversed(found)]

    def _goes_on(self, left: Call, node: Call) -> bool:
        """Whether `left` continues the same sum, and is not a term that is a sum itself."""
        return left is node or id(left) not in self.compiler.made

    def shortened(self, node: Expr) -> Expr:
        """The formula to print: two terms of a long sum, a placeholder, and the last term."""
        if not isinstance(node, Call) or is_leaf(node):
            return node
        terms = self.terms(node)
        if len(terms) <= LONGEST:
            args = tuple(self.shortened(a) for a in node.args)
            same = all(a is b for a, b in zip(args, node.args, strict=True))
            return node if same else self._again(node, replace(node, args=args))
        hole = Name("…")
        self.holes[id(hole)] = hole
        self.given[id(hole)] = self._total(node, terms[2:-1])
        first, second, last = (self.shortened(t) for t in (terms[0], terms[1], terms[-1]))
        short = call(node.op, call(node.op, call(node.op, first, second), hole), last)
        return self._again(node, short)

    def _again(self, old: Expr, new: Expr) -> Expr:
        """Lets the new form of a node stand for the same number."""
        if id(old) in self.compiler.taken:
            self.compiler.taken[id(new)] = self.compiler.taken[id(old)]
        return new

    def _total(self, node: Call, terms: list[Expr]) -> float:
        value = self.weigh(terms[0])[0]
        for term in terms[1:]:
            value = _apply(node, value, self.weigh(term)[0])
        return float(value)

    def numbers_in(self, formula: Expr) -> dict[int, float]:
        """The number of every node of the formula that is shown by its value."""
        found = {}
        for _, node in walk(formula):
            number = self.number(node)
            if number is not None:
                found[id(node)] = float(number)
        return found


def _apply(node: Call, *xs: Value) -> Value:
    return CARDS[node.op].eval(*map(np.float64, xs), **settings_of(node))


def _scale(node: Call, left: Value, more: Value, right: Value) -> Value:
    """The magnitude of the terms of an operation's result, from those of its operands."""
    if node.op in ("add", "sub"):
        return left + right
    if node.op == "mul":
        return left * right
    return np.where(more == 0, 0.0, left / abs(more)) if node.op == "div" else 0.0
