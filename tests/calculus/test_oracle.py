"""sympy's own derivative of a net's whole loss, written out, against the numbers of our program."""

from __future__ import annotations

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
    """The loss of a net as one expression of sympy's in its parameters; X and y are numbers."""

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
        if self.trace.program.given[name] == "parameter":
            return sympy.Symbol(f"{name}_{index[0]}_{index[1]}")
        value = self.trace.value(name)
        return sympy.Float(float(value[index] if np.ndim(value) else value), 17)


_FUNCTIONS = {
    "add": lambda a, b: a + b, "sub": lambda a, b: a - b, "mul": lambda a, b: a * b,
    "div": lambda a, b: a / b, "neg": lambda a: -a, "pow": lambda a, b: a**b, "log": sympy.log,
    "sigmoid": lambda z: 1 / (1 + sympy.exp(-z)), "tanh": sympy.tanh,
}  # fmt: skip


def gradients(trace: Trace) -> dict[str, Value]:
    """∂J/∂p of every parameter p, by sympy alone."""
    loss = WrittenOut(trace).of(Name("J"))
    entries = {
        (p, index): sympy.Symbol(f"{p}_{index[0]}_{index[1]}")
        for p, role in trace.program.given.items() if role == "parameter"
        for index in np.ndindex(trace.value(p).shape)
    }  # fmt: skip
    slopes = [loss.diff(symbol) for symbol in entries.values()]
    numbers = sympy.lambdify(list(entries.values()), slopes, cse=True)(
        *(trace.value(p)[index] for p, index in entries)
    )
    found = {p: np.zeros(trace.value(p).shape) for p, _ in entries}
    for (p, index), number in zip(entries, numbers, strict=True):
        found[p][index] = number
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
