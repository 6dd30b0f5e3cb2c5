"""sympy's own derivative of a net's whole loss, written out, against the numbers of our program."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from itertools import pairwise

import numpy as np
import pytest
import sympy

from stepper.calculus.entry import Compiler
from stepper.expr.tree import Call, Expr, Name, Number, settings_of
from stepper.ops.card import Value
from stepper.program.trace import Trace
from tests.show.walks import traced

ACCURACY = 1e-12
NETS = ([2, 2, 1], [3, 4, 2], [2, 4, 4, 1])


def walk_of(sizes: list[int], act: str, loss: str, layout: str) -> Trace:
    """Some samples through a net of these sizes, unsaturated; a deep net has one (it explodes)."""
    samples = 3 if len(sizes) == 3 else 1
    shapes = {"X": (sizes[0], samples), "y": (sizes[-1], samples)}
    lines, before = [], "X"
    for k, (n, m) in enumerate(pairwise(sizes), 1):
        shapes |= {f"W{k}": (m, n), f"b{k}": (m, 1)}
        made = f"W{k} @ {before}" if layout == "columns" else f"{before} @ W{k}"
        squash = "sigmoid" if k == len(sizes) - 1 else act
        lines += [f"z{k} = {made} + b{k}", f"a{k} = {squash}(z{k})"]
        before = f"a{k}"
    lines.append(f"J = {loss}({before}, y)")
    if layout == "rows":
        shapes = {k: s[::-1] for k, s in shapes.items()}
    return traced("\n".join(lines), samples=samples, layout=layout, **shapes)  # type: ignore[arg-type]


class WrittenOut:
    """The loss of a net as one expression of sympy's in the entries of its parameters, X and y.

    An entry is called by its place in a net of columns: one of rows has the same written-out loss.
    """

    def __init__(self, trace: Trace) -> None:
        self.trace = trace
        self.lines = {line.target: line.tree for line in trace.program.phase("forward")}
        values = trace.code.names
        self.compiler = Compiler({n: np.shape(trace.value(n)) for n in values})
        self.known: dict[Expr, sympy.Expr] = {}

    def of(self, tree: Expr) -> sympy.Expr:
        if tree not in self.known:
            self.known[tree] = self._of(tree)
        return self.known[tree]

    def _of(self, tree: Expr) -> sympy.Expr:
        if isinstance(tree, Number):
            return sympy.Rational(str(tree.value))
        if isinstance(tree, Name):
            return self._entry(tree.id, (0, 0))
        assert isinstance(tree, Call)
        if tree.op == "item":
            where = settings_of(tree)
            assert isinstance(tree.args[0], Name)
            return self._entry(tree.args[0].id, (where["row"], where["column"]))
        return _FUNCTIONS[tree.op](*map(self.of, tree.args))

    def _entry(self, name: str, index: tuple[int, int]) -> sympy.Expr:
        if name in self.lines:
            return self.of(self.compiler.entry(self.lines[name], index))
        value = self.trace.value(name)
        if np.ndim(value):
            return self.symbol(name, index)
        return sympy.Float(float(value), 17)

    def symbol(self, name: str, index: tuple[int, int]) -> sympy.Symbol:
        row, column = index if self.trace.program.layout == "columns" else index[::-1]
        return sympy.Symbol(f"{name}_{row}_{column}")


_FUNCTIONS = {
    "add": lambda a, b: a + b, "sub": lambda a, b: a - b, "mul": lambda a, b: a * b,
    "div": lambda a, b: a / b, "neg": lambda a: -a, "pow": lambda a, b: a**b, "log": sympy.log,
    "sigmoid": lambda z: 1 / (1 + sympy.exp(-z)), "tanh": sympy.tanh,
}  # fmt: skip


@cache
def slopes_of(
    loss: sympy.Expr, by: frozenset[sympy.Symbol]
) -> Callable[[dict[str, float]], dict[str, float]]:
    """The slopes of a loss by some of its symbols, by name, as a function of all their numbers."""
    symbols, wanted = sorted(loss.free_symbols | by, key=str), sorted(by, key=str)
    slopes = sympy.lambdify(symbols, [loss.diff(symbol) for symbol in wanted], cse=True)

    def numbers(values: dict[str, float]) -> dict[str, float]:
        found = slopes(*(values[symbol.name] for symbol in symbols))
        return {symbol.name: slope for symbol, slope in zip(wanted, found, strict=True)}

    return numbers


def gradients(trace: Trace) -> dict[str, Value]:
    """∂J/∂p of every parameter p, by sympy alone."""
    written = WrittenOut(trace)
    entries = {
        (name, index): written.symbol(name, index)
        for name in trace.program.given if np.ndim(trace.value(name))
        for index in np.ndindex(trace.value(name).shape)
    }  # fmt: skip
    parameters = {p for p, role in trace.program.given.items() if role == "parameter"}
    by = frozenset(symbol for (name, _), symbol in entries.items() if name in parameters)
    values = {symbol.name: trace.value(name)[i] for (name, i), symbol in entries.items()}
    slopes = slopes_of(written.of(Name("J")), by)(values)
    found = {p: np.zeros(trace.value(p).shape) for p in parameters}
    for (name, index), symbol in entries.items():
        if name in parameters:
            found[name][index] = slopes[symbol.name]
    return found


@pytest.mark.slow
@pytest.mark.parametrize("layout", ["columns", "rows"])
@pytest.mark.parametrize("loss", ["mse", "bce"])
@pytest.mark.parametrize("act", ["sigmoid", "tanh"])
@pytest.mark.parametrize("sizes", NETS, ids=str)
def test_the_gradients_are_those_of_the_written_out_loss(
    sizes: list[int], act: str, loss: str, layout: str
) -> None:
    trace = walk_of(sizes, act, loss, layout)
    for name, slopes in gradients(trace).items():
        np.testing.assert_allclose(
            trace.value(f"dJ_d{name}"), slopes, rtol=ACCURACY, atol=ACCURACY, err_msg=name
        )


def test_a_small_net_of_each_kind() -> None:
    for act, loss, layout in (("tanh", "mse", "columns"), ("sigmoid", "bce", "rows")):
        trace = walk_of([2, 2, 1], act, loss, layout)
        for name, slopes in gradients(trace).items():
            np.testing.assert_allclose(trace.value(f"dJ_d{name}"), slopes, rtol=ACCURACY)
