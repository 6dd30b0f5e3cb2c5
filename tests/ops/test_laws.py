"""What must hold for every card. A new card is tested by being registered."""

from __future__ import annotations

import itertools
import string
from collections.abc import Iterator, Sequence

import numpy as np
import pytest

from stepper.expr.errors import FormulaError
from stepper.expr.sentence import Sentence
from stepper.expr.tree import Call, Expr, Name, Number, call, walk
from stepper.language.evaluate import evaluate
from stepper.language.parse import parse
from stepper.language.shape import shape_of
from stepper.language.text import Style, text
from stepper.ops import CARDS, Op
from stepper.ops.card import Operand, Sample, Value
from stepper.ops.dims import SCALAR, Dim, N, Shape, dims

NAMES = ("a", "b", "c")
WITHOUT_RULE = ("stack",)
"""Cards of backward programs: nothing asks for their derivative, and they say so."""
each_op = pytest.mark.parametrize("op", CARDS.values(), ids=list(CARDS))
_RULED = {name: op for name, op in CARDS.items() if name not in WITHOUT_RULE}
each_op_with_a_rule = pytest.mark.parametrize("op", _RULED.values(), ids=list(_RULED))


def samples(op: Op, seed: int = 0) -> list[Sample]:
    return list(op.samples(np.random.default_rng(seed)))


def operands(op: Op) -> tuple[Name, ...]:
    return tuple(Name(n) for n in NAMES[: op.arity])


def written(op: Op, sample: Sample) -> Call:
    return call(op.name, *operands(op), **sample.settings)


def value_of(op: Op, xs: Sequence[Value], sample: Sample) -> Value:
    with np.errstate(all="ignore"):
        return op.eval(*xs, **sample.settings)


def each_rule(op: Op) -> Iterator[tuple[Sample, int, Expr | None]]:
    """For every sample and operand, the rule that says what flows back."""
    for sample in samples(op):
        parts = op.vjp(Name("g"), Name("y"), *operands(op), **sample.settings)
        assert len(parts) == op.arity
        yield from ((sample, k, part) for k, part in enumerate(parts))


def along(op: Op, sample: Sample, k: int, move: Value) -> Value:
    xs = list(sample.operands)
    xs[k] = xs[k] + move
    return value_of(op, xs, sample)


def measured(op: Op, sample: Sample, k: int, way: Value) -> tuple[Value, Value]:
    """The slope of the value along a direction: by central differences, by complex step."""
    h, tiny = 1e-6, 1e-30
    central = (along(op, sample, k, h * way) - along(op, sample, k, -h * way)) / (2 * h)
    return central, np.imag(along(op, sample, k, 1j * tiny * way)) / tiny


@each_op
def test_the_card_has_a_sentence_about_its_own_operands(op: Op) -> None:
    fields = {field for _, field, _, _ in string.Formatter().parse(op.sentence) if field}
    assert op.sentence.endswith(".")
    assert fields <= {*map(str, range(op.arity)), "y", "g"}


@each_op
def test_of_a_single_number_a_card_says_nothing_of_entries(op: Op) -> None:
    fields = {field for _, field, _, _ in string.Formatter().parse(op.of_one) if field}
    assert fields <= {*map(str, range(op.arity)), "y", "g"}
    assert op.of_one.endswith(".")
    assert "entr" not in op.of_one or not op.is_elementwise


@each_op
def test_samples_are_finite_and_give_finite_values(op: Op) -> None:
    assert samples(op)
    for sample in samples(op):
        assert len(sample.operands) == op.arity
        assert np.isfinite(value_of(op, sample.operands, sample)).all()


@each_op
def test_value_is_that_of_the_definition(op: Op) -> None:
    for sample in samples(op):
        tree = op.definition(*operands(op), **sample.settings)
        if tree is not None:
            given = dict(zip(NAMES, sample.operands, strict=False))
            ours = value_of(op, sample.operands, sample)
            np.testing.assert_allclose(ours, evaluate(tree, given), rtol=1e-12, atol=1e-14)


@each_op_with_a_rule
def test_rule_agrees_with_calculus(op: Op) -> None:
    rng = np.random.default_rng(1)
    for sample, k, part in each_rule(op):
        y = value_of(op, sample.operands, sample)
        g = rng.normal(size=np.shape(y))[()]
        values = {**dict(zip(NAMES, sample.operands, strict=False)), "y": y, "g": g}
        for _ in range(3):
            way = rng.normal(size=np.shape(sample.operands[k]))[()]
            central, exact = measured(op, sample, k, way)
            if part is None:
                assert not np.any(central)
                assert not np.any(exact)
                continue
            ours = np.sum(evaluate(part, values) * way)
            np.testing.assert_allclose(ours, np.sum(g * exact), rtol=1e-12, atol=1e-13)
            np.testing.assert_allclose(ours, np.sum(g * central), rtol=1e-6, atol=1e-8)


@each_op_with_a_rule
def test_gradient_is_as_large_as_the_operand_or_as_what_it_was_stretched_to(op: Op) -> None:
    for sample, k, part in each_rule(op):
        if part is not None:
            y = value_of(op, sample.operands, sample)
            values = {
                **dict(zip(NAMES, sample.operands, strict=False)),
                "y": y,
                "g": np.ones_like(y),
            }
            have, want = np.shape(evaluate(part, values)), np.shape(sample.operands[k])
            assert np.broadcast_shapes(have, want) == have


@each_op_with_a_rule
def test_every_rule_says_why_in_words_of_its_operands(op: Op) -> None:
    for _, _, part in each_rule(op):
        if part is None:
            continue
        notes = [node.note for _, node in walk(part) if node.note]
        assert notes
        for note in notes:
            template = note.template if isinstance(note, Sentence) else note
            fields = {field for _, field, _, _ in string.Formatter().parse(template) if field}
            assert fields <= {*map(str, range(op.arity)), "x", "y", "g"}


EACH_FUNCTION = [op for op in CARDS.values() if op.is_elementwise and op.arity == 1]


@pytest.mark.parametrize("op", EACH_FUNCTION, ids=lambda op: op.name)
def test_what_saturates_is_flat_far_out_on_both_sides_and_nothing_else_is(op: Op) -> None:
    far = np.array([[-40.0, -30.0, 30.0, 40.0]])
    (slope,) = op.vjp(Number(1), Name("y"), Name("a"))
    with np.errstate(all="ignore"):
        at = None if slope is None else evaluate(slope, {"a": far, "y": op.eval(far)})
    flat = at is not None and bool(np.all(np.abs(at) < 1e-9))
    assert op.saturates == flat


FLAT = {"greater", "less", "greater_equal", "less_equal", "equal", "sign"}
"""What a rule uses where a slope jumps."""


@each_op_with_a_rule
def test_a_card_whose_slope_jumps_says_on_which_piece_it_is(op: Op) -> None:
    jumps = op.name in FLAT or any(
        isinstance(node, Call) and node.op in FLAT
        for _, _, part in each_rule(op) if part is not None
        for _, node in walk(part)
    )  # fmt: skip
    for sample in samples(op):
        piece = op.piece(*operands(op), **sample.settings)
        assert (piece is not None) == jumps
        if piece is not None:
            given = dict(zip(NAMES, sample.operands, strict=False))
            assert set(np.unique(evaluate(piece, given))) <= {-1.0, 0.0, 1.0}


@pytest.mark.parametrize("name", WITHOUT_RULE)
def test_a_card_without_a_rule_says_so(name: str) -> None:
    op = CARDS[name]
    with pytest.raises(FormulaError) as caught:
        op.vjp(Name("g"), Name("y"), *operands(op))
    assert caught.value.kind == "no-derivative"


@each_op
def test_shape_is_that_of_the_value(op: Op) -> None:
    for sample in samples(op):
        shapes = [dims(*np.shape(x)) for x in sample.operands]
        value = value_of(op, sample.operands, sample)
        assert op.shape(*shapes, **sample.settings) == dims(*np.shape(value))


@each_op
@pytest.mark.parametrize("length", [2, 3, 4])
@pytest.mark.parametrize("side", [N, N.plus(1)])
def test_shape_with_an_unknown_number_of_samples(op: Op, length: int, side: Dim) -> None:
    """The shape for N samples, or one more, with N put in, is the shape of the value."""
    for sample in samples(op):
        unknown = [
            tuple(side if n == length else Dim(n) for n in np.shape(x)) for x in sample.operands
        ]
        try:
            found = op.shape(*unknown, **sample.settings)
        except FormulaError as error:
            assert op.name in ("slice", "pad", "stack"), error
            continue
        value = value_of(op, sample.operands, sample)
        assert tuple(put_in(d, length - side.extra) for d in found) == np.shape(value)


@each_op
def test_with_a_single_number_for_any_operand_there_is_a_shape_or_a_refusal(op: Op) -> None:
    for sample in samples(op):
        shapes = [dims(*np.shape(x)) for x in sample.operands]
        for numbers in itertools.product((True, False), repeat=op.arity):
            given = [SCALAR if n else s for n, s in zip(numbers, shapes, strict=True)]
            try:
                found = op.shape(*given, **sample.settings)
            except FormulaError as error:
                assert error.kind
                continue
            xs = [1.0 if n else x for n, x in zip(numbers, sample.operands, strict=True)]
            assert found == dims(*np.shape(value_of(op, xs, sample)))


def put_in(dim: Dim, samples: int) -> int:
    """`N+1` with a number for N."""
    return samples + dim.extra if dim.size is None else dim.size


def lifted(x: Value) -> Value:
    """A number in a stack has two sides of length 1 behind it."""
    return np.reshape(x, (1, 1)) if np.ndim(x) == 0 else x


@each_op
def test_a_stack_of_inputs_evaluates_like_each_of_them(op: Op) -> None:
    runs = [samples(op, seed) for seed in range(3)]
    for same in zip(*runs, strict=True):
        stacked = [np.stack([lifted(s.operands[k]) for s in same]) for k in range(op.arity)]
        together = value_of(op, stacked, same[0])
        for i, one in enumerate(same):
            alone = lifted(value_of(op, one.operands, one))
            ours = together[i] if np.ndim(together) else together
            np.testing.assert_allclose(ours, alone, rtol=1e-14, atol=1e-15)


@each_op
def test_one_operand_may_be_a_stack_and_the_others_not(op: Op) -> None:
    runs = [samples(op, seed) for seed in range(3)]
    for same in zip(*runs, strict=True):
        for k in range(op.arity):
            mixed = list(same[0].operands)
            mixed[k] = np.stack([lifted(s.operands[k]) for s in same])
            together = value_of(op, mixed, same[0])
            for i, one in enumerate(same):
                xs = [*same[0].operands[:k], one.operands[k], *same[0].operands[k + 1 :]]
                ours = together[i] if np.ndim(together) > 2 else together
                alone = lifted(value_of(op, xs, one))
                np.testing.assert_allclose(lifted(ours), alone, rtol=1e-14, atol=1e-15)


@each_op
def test_the_formula_of_each_entry_gives_that_entry(op: Op) -> None:
    for sample in samples(op):
        given = dict(zip(NAMES, sample.operands, strict=False))
        xs = [operand(name, given[name.id]) for name in operands(op)]
        value = lifted(value_of(op, sample.operands, sample))
        for i, j in np.ndindex(value.shape):
            try:
                tree = op.entry((i, j), *xs, **sample.settings)
            except FormulaError as error:
                assert error.kind == "no-entry"
                assert op.definition(*operands(op), **sample.settings) is not None
                break
            np.testing.assert_allclose(evaluate(tree, given), value[i, j], rtol=1e-13, atol=1e-14)


def operand(name: Name, value: Value) -> Operand:
    def entry(index: tuple[int, int]) -> Expr:
        row, column = index
        return call("item", name, row=row, column=column) if np.ndim(value) else name

    return Operand(name, np.shape(value), entry)


@each_op
@pytest.mark.parametrize("layout", ["columns", "rows"])
def test_notation_reads_back(op: Op, layout: str) -> None:
    for sample in samples(op):
        tree = written(op, sample)
        known = {
            k: v for k, v in tree.settings if v != op.settings[k] or op.is_view or op.last_is_part
        }
        tree = call(op.name, *tree.args, **known)
        printed = text(tree, Style(layout=layout))  # type: ignore[arg-type]
        assert parse(printed, layout=layout) == tree  # type: ignore[arg-type]


@each_op
def test_what_is_printed_can_be_given_a_shape(op: Op) -> None:
    for sample in samples(op):
        shapes: dict[str, Shape] = {
            n: dims(*np.shape(x)) for n, x in zip(NAMES, sample.operands, strict=False)
        }
        value = value_of(op, sample.operands, sample)
        assert shape_of(parse(text(written(op, sample))), shapes) == dims(*np.shape(value))


@pytest.mark.parametrize("exponent", [1, 2, 3, 0.5, 64])
def test_power_rule_with_a_literal_exponent(exponent: float) -> None:
    x = np.array([[0.5, 1.5]])
    part = CARDS["pow"].vjp(Name("g"), Name("y"), Name("a"), Number(exponent))[0]
    assert part is not None
    ours = evaluate(part, {"g": np.ones((1, 2)), "a": x})
    np.testing.assert_allclose(ours, exponent * x ** (exponent - 1), rtol=1e-14)


@pytest.mark.parametrize(
    ("source", "slope"),
    [("relu'(0)", 0), ("leaky_relu'(0)", 0.01), ("abs'(0)", 0), ("softplus'(0)", 0.5)],
)
def test_slopes_at_a_kink_are_what_the_card_says(source: str, slope: float) -> None:
    assert evaluate(parse(source), {}) == slope


def test_a_tie_of_two_values_goes_to_the_second_once() -> None:
    parts = CARDS["maximum"].vjp(Name("g"), Name("y"), Name("a"), Name("b"))
    same = {"g": 1.0, "a": 2.0, "b": 2.0}
    assert [evaluate(p, same) for p in parts if p is not None] == [0, 1]


@pytest.mark.parametrize("name", ["max", "min"])
@pytest.mark.parametrize("axis", [None, 0, 1])
def test_a_tie_of_entries_goes_to_the_first_once(name: str, axis: int | None) -> None:
    x = np.array([[2.0, 5.0, 5.0], [5.0, 2.0, 2.0], [2.0, 5.0, 2.0]])
    settings = {} if axis is None else {"axis": axis, "keepdims": True}
    y = CARDS[name].eval(x, **settings)
    part = CARDS[name].vjp(Name("g"), Name("y"), Name("a"), **settings)[0]
    assert part is not None
    ours = evaluate(part, {"g": 3 * np.ones_like(y), "y": y, "a": x})
    where = getattr(np, f"arg{name}")(x, axis=axis)
    wanted = np.zeros(9) if axis is None else np.zeros((3, 3))
    if axis is None:
        wanted[where] = 3
    else:
        np.put_along_axis(wanted, np.expand_dims(where, axis), 3, axis)
    assert np.array_equal(ours, wanted.reshape(3, 3))


@pytest.mark.parametrize("name", ["sigmoid", "tanh", "softplus", "softmax", "relu", "leaky_relu"])
def test_activations_stay_finite_far_out(name: str) -> None:
    op, z = CARDS[name], np.array([[-800.0, 0.0, 800.0]])
    settings = {"axis": 1} if name == "softmax" else {}
    with np.errstate(over="ignore"):
        assert np.isfinite(op.eval(z, **settings)).all()


@each_op
@pytest.mark.parametrize("far", [800.0, -800.0, 1e5, -1e5, 1e-20])
def test_what_is_finite_can_be_measured_by_the_complex_step_too(op: Op, far: float) -> None:
    for sample in samples(op):
        for k in range(op.arity):
            xs = list(sample.operands)
            xs[k] = xs[k] * far
            with np.errstate(all="ignore"):
                value = op.eval(*xs, **sample.settings)
                xs[k] = xs[k] + 1e-30j
                moved = op.eval(*xs, **sample.settings)
            finite = np.isfinite(value)
            assert np.isfinite(moved)[finite].all()
            np.testing.assert_allclose(np.real(moved)[finite], value[finite], rtol=1e-12)


@pytest.mark.parametrize("name", ["sigmoid", "tanh", "softplus"])
@pytest.mark.parametrize("at", [0.0, -0.0, 36.0, -36.0])
def test_the_complex_step_of_an_activation_is_its_slope(name: str, at: float) -> None:
    op = CARDS[name]
    part = op.vjp(Name("g"), Name("y"), Name("a"))[0]
    assert part is not None
    ours = evaluate(part, {"g": 1.0, "y": op.eval(np.float64(at)), "a": np.float64(at)})
    for tiny in (1e-30, -1e-30):
        exact = np.imag(op.eval(np.complex128(complex(at, tiny)))) / tiny
        np.testing.assert_allclose(exact, ours, rtol=1e-14, atol=1e-15)


@each_op
def test_writing_into_an_array_gives_the_value(op: Op) -> None:
    for sample in samples(op):
        xs = [np.array(x, dtype=np.float64) for x in sample.operands]
        wanted = value_of(op, xs, sample)
        out = np.full(np.shape(wanted), np.nan)
        for call_again in op.into(out, *xs, **sample.settings) * 2:
            call_again()
        assert np.array_equal(out, wanted)
