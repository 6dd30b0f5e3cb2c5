"""The formula of one entry, against the engine's own number."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stepper.calculus.entry import Compiler, entry
from stepper.calculus.worked import FourParts, line_parts, step_parts, values_at
from stepper.expr.tree import Call, Expr, Name, settings_of, walk
from stepper.language.evaluate import evaluate
from stepper.language.parse import parse
from stepper.language.text import ASCII, MATH, text
from stepper.ops import CARDS
from stepper.program.code import Step, compile_program
from stepper.program.trace import Trace, run
from stepper.show.formula import digits_needed, four_parts, shown_value
from stepper.show.numbers import scalar
from tests.show.walks import traced
from tests.strategies import Net, filled, nets


def indices(value: object) -> list[tuple[int, int]]:
    return list(np.ndindex(np.atleast_2d(np.asarray(value)).shape))  # type: ignore[arg-type]


def at(value: object, index: tuple[int, int]) -> float:
    return float(np.atleast_2d(np.asarray(value))[index])


def some(data: st.DataObject, trace: Trace) -> list[tuple[Step, tuple[int, int]]]:
    """A few steps of a run, each with one of its entries."""
    chosen = data.draw(st.lists(st.sampled_from(trace.steps), min_size=1, max_size=6))
    return [(s, data.draw(st.sampled_from(indices(trace.values[s.output])))) for s in chosen]


@settings(max_examples=25)
@given(nets(), st.integers(1, 7), st.data())
def test_the_formula_of_an_entry_gives_the_number_of_the_program(
    net: Net, samples: int, data: st.DataObject
) -> None:
    trace = run(compile_program(net.program()), filled(net, samples).values)
    for step, index in some(data, trace):
        values = values_at(trace, step)
        sizes = {name: np.shape(value) for name, value in values.items()}
        formula = entry(step.node, index, sizes)
        value = at(trace.values[step.output], index)
        assert evaluate(formula, values) == pytest.approx(value, rel=1e-9, abs=1e-12)
        assert _reads_only_entries(formula, sizes)


def _reads_only_entries(formula: Expr, sizes: dict[str, tuple[int, ...]]) -> bool:
    """No matrix is left but inside `item`."""
    inside = {id(n.args[0]) for _, n in walk(formula) if isinstance(n, Call) and n.op == "item"}
    return all(
        id(node) in inside or sizes[node.id] == ()
        for _, node in walk(formula)
        if isinstance(node, Name)
    )


@settings(max_examples=25)
@given(nets(), st.integers(1, 40), st.data())
def test_formula_with_numbers_agrees_with_the_engine(
    net: Net, samples: int, data: st.DataObject
) -> None:
    trace = run(compile_program(net.program()), filled(net, samples).values)
    for step, index in some(data, trace):
        both = (step_parts, line_parts) if step.last else (step_parts,)
        for parts in (worked(trace, step, index) for worked in both):
            assert parts.agrees, (text(step.node), index, parts.computed, parts.value)
            assert parts.note is None


@pytest.mark.parametrize("name", sorted(CARDS))
def test_every_card_has_a_formula_for_each_entry(name: str) -> None:
    card = CARDS[name]
    for sample in card.samples(np.random.default_rng(0)):
        names = [Name(f"x{i}") for i in range(len(sample.operands))]
        values = {n.id: v for n, v in zip(names, sample.operands, strict=True)}
        tree = Call(name, tuple(names), tuple(sorted(sample.settings.items())))
        whole = evaluate(tree, values)
        for index in indices(whole):
            formula = entry(tree, index, {n: np.shape(v) for n, v in values.items()})
            assert evaluate(formula, values) == pytest.approx(at(whole, index), rel=1e-12)


XOR = """
z1 = W1 @ X + b1
a1 = sigmoid(z1)
z2 = W2 @ a1
a2 = sigmoid(z2)
J = bce(a2, y, eps)
"""


def parts_of(trace: Trace, target: str, index: tuple[int, int]) -> FourParts:
    line = trace.program.number_of(target)
    assert line is not None
    return line_parts(trace, trace.line_steps(line)[-1], index)


def test_the_four_parts_are_written_as_mathematics_and_as_code() -> None:
    trace = traced(XOR, samples=1, X=(2, 1), y=(1, 1), W1=(4, 2), b1=(4, 1), W2=(1, 4))
    parts = parts_of(trace, "dJ_dW1", (2, 1))
    symbol, formula, numbers, value = four_parts(parts, MATH)
    assert (symbol, formula) == ("∂J/∂w⁽¹⁾₃₂", "= ∂J/∂z⁽¹⁾₃ · x₂")
    g, x = trace.value("dJ_dz1")[2, 0], trace.value("X")[1, 0]
    first, second = numbers.removeprefix("= ").split(" · ")
    assert float(first) == pytest.approx(g, rel=1e-2)
    assert float(second.strip("()")) == pytest.approx(x, rel=1e-2)
    assert value == f"≈ {scalar(trace.value('dJ_dW1')[2, 1])}"
    assert " ".join(four_parts(parts, ASCII)).startswith("dJ_dW1[2, 1] = dJ_dz1[2, 0] * X[1, 0] = ")


def test_an_operand_that_is_an_operation_stands_by_its_value() -> None:
    trace = traced(XOR, samples=1, X=(2, 1), y=(1, 1), W1=(4, 2), b1=(4, 1), W2=(1, 4))
    line = trace.program.number_of("dJ_dz1")
    assert line is not None
    step = trace.line_steps(line)[-1]
    whole = four_parts(line_parts(trace, step, (0, 0)), ASCII)[2]
    short = four_parts(step_parts(trace, step, (0, 0)), ASCII)[2]
    slope = float(trace.values[step.inputs[1]][0, 0])
    assert "(1 - " in whole
    assert short.split(" * ")[1] == scalar(slope, digits_needed(step_parts(trace, step, (0, 0))))


def test_a_long_sum_shows_two_terms_the_sum_between_and_the_last() -> None:
    trace = traced(XOR, samples=21, X=(2, 21), y=(1, 21), W1=(4, 2), b1=(4, 1), W2=(1, 4))
    parts = parts_of(trace, "dJ_db1", (3, 0))
    _, formula, _, _ = four_parts(parts, ASCII)
    assert formula == "= dJ_dz1[3, 0] + dJ_dz1[3, 1] + ... + dJ_dz1[3, 20]"
    (between,) = (parts.numbers[h] for h in parts.holes)
    assert between == pytest.approx(trace.value("dJ_dz1")[3, 2:20].sum())


def test_a_sum_of_thousands_of_terms_is_no_deeper_than_one_of_ten() -> None:
    trace = traced(XOR, samples=5000, X=(2, 5000), y=(1, 5000), W1=(4, 2), b1=(4, 1), W2=(1, 4))
    assert all(parts_of(trace, name, (0, 0)).agrees for name in ("J", "dJ_dW1", "dJ_db1"))


@settings(max_examples=25)
@given(nets(), st.data())
def test_the_shown_numbers_come_to_the_shown_value(net: Net, data: st.DataObject) -> None:
    trace = run(compile_program(net.program()), filled(net, 2).values)
    for step, index in some(data, trace):
        parts = step_parts(trace, step, index)
        shown = shown_value(parts, parts.formula, digits_needed(parts))
        assert shown == pytest.approx(parts.value, rel=6e-3, abs=1e-12)


def test_a_number_that_is_not_the_engines_is_told() -> None:
    trace = traced(XOR, samples=1, X=(2, 1), y=(1, 1), W1=(4, 2), b1=(4, 1), W2=(1, 4))
    slot = trace.slot("dJ_dW2")
    wrong = trace.values[slot] * (1 + 1e-9)
    other = replace(trace, values=(*trace.values[:slot], wrong, *trace.values[slot + 1 :]))
    parts = parts_of(other, "dJ_dW2", (0, 2))
    assert not parts.agrees
    assert repr(float(parts.computed)) in str(parts.note)
    assert four_parts(parts, MATH)[-1].startswith("≠")


def test_an_update_reads_the_weight_as_it_was() -> None:
    sizes = {"W": (2, 2), "g": (2, 2), "lr": ()}
    assert text(entry(parse("W - lr * g"), (1, 0), sizes)) == "W[1, 0] - lr * g[1, 0]"
    trace = traced("J = sum(W**2)", W=(2, 2), update=("W = W - lr * dJ_dW",))
    parts = line_parts(trace, trace.steps[-1], (1, 0))
    assert parts.agrees
    assert trace.value("W")[1, 0] in parts.numbers.values()
    assert parts.value == trace.last("W")[1, 0]


@pytest.mark.parametrize("name", sorted(n for n in CARDS if CARDS[n].is_even))
def test_a_block_of_entries_has_the_formula_of_each_of_them(name: str) -> None:
    """What a card says of a block, read at one place of it, is what it says of that entry."""
    card = CARDS[name]
    for sample in card.samples(np.random.default_rng(0)):
        names = [Name(f"x{i}") for i in range(len(sample.operands))]
        sizes = {n.id: np.shape(v) for n, v in zip(names, sample.operands, strict=True)}
        tree = Call(name, tuple(names), tuple(sorted(sample.settings.items())))
        rows, columns = np.shape(
            evaluate(tree, dict(zip(sizes, sample.operands, strict=True)))
        ) or (1, 1)
        for j in range(columns):
            block = Compiler(sizes).entry(tree, (range(rows), j))
            assert [_at_row(block, i) for i in range(rows)] == [
                entry(tree, (i, j), sizes) for i in range(rows)
            ]


def _at_row(tree: Expr, i: int) -> Expr:
    """A formula of a block of rows at one of them."""
    if not isinstance(tree, Call):
        return tree
    if tree.op == "item":
        where = settings_of(tree)
        places = {k: v[i] if isinstance(v, range) else v for k, v in where.items()}
        return replace(tree, settings=tuple(sorted(places.items())))
    return replace(tree, args=tuple(_at_row(a, i) for a in tree.args))


def test_what_is_compiled_of_a_long_sum_does_not_grow_with_it() -> None:
    compiled = []
    for samples in (21, 2000):
        shapes = {"X": (2, samples), "y": (1, samples), "W1": (4, 2), "b1": (4, 1), "W2": (1, 4)}
        trace = traced(XOR, samples=samples, **shapes)
        for target in ("J", "dJ_dW1", "dJ_db1"):
            line = trace.program.number_of(target)
            assert line is not None
            tree = trace.program.lines[line - 1].tree
            sizes = {
                n: np.shape(v) for n, v in values_at(trace, trace.line_steps(line)[-1]).items()
            }
            compiler = Compiler(sizes, longest=4)
            compiler.entry(tree, (0, 0))
            compiled.append(len(compiler.made))
            assert max(len(found) for found in compiler.used.values()) >= samples
    assert compiled[:3] == compiled[3:]
