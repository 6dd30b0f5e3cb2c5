"""Random trees over all cards, and random networks over all that a lab's program may hold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from hypothesis import strategies as st

from stepper.calculus.adjoint import Forward, adjoint
from stepper.calculus.naming import named
from stepper.expr.tree import Expr, Name, Number, call
from stepper.language.layout import AXES, Layout
from stepper.language.parse import parse_program
from stepper.language.shape import shape_of
from stepper.ops import CARDS
from stepper.ops.card import Value
from stepper.ops.dims import N, Shape, dims
from stepper.program.program import Line, Program, Role

LAYOUTS = st.sampled_from(("columns", "rows"))

_NAMES = ("x", "y", "W1", "z2", "a3", "b", "dJ_dz2", "lam", "N", "δ3", "act_1", "sum")
_CUT = st.sampled_from(
    ((None, None), (None, -1), (1, None), (-2, None), (1, 3), (None, 4), (-3, -1))
)
_SETTINGS = {
    ("axis", "features"): st.sampled_from((0, 1)),
    ("axis", None): st.sampled_from((None, 0, 1)),
    ("axis", 0): st.sampled_from((0, 1)),
    ("keepdims", False): st.booleans(),
    ("rows", (None, None)): _CUT,
    ("columns", (None, None)): _CUT,
    ("row", 0): st.integers(-3, 12),
    ("column", 0): st.integers(-3, 12),
}
"""What a setting may be, by its key and its default."""

_NUMBERS = st.one_of(
    st.integers(0, 20).map(Number),
    st.floats(0, 1e6, allow_nan=False).map(Number),
    st.sampled_from(("0.010", "1e-4", "2.", ".5", "3.0E2")).map(lambda t: Number(float(t), t)),
)


@st.composite
def trees(draw: Any, depth: int = 4) -> Expr:
    """Random trees of the language, over all cards; their shapes need not fit."""
    if depth == 0 or draw(st.integers(0, 4)) == 0:
        return draw(st.one_of(st.sampled_from(_NAMES).map(Name), _NUMBERS))  # type: ignore[no-any-return]
    card = CARDS[draw(st.sampled_from(sorted(CARDS)))]
    args = [draw(trees(depth - 1)) for _ in range(card.arity)]
    if card.name == "pow" and isinstance(args[1], Number):
        args[1] = Number(draw(st.integers(0, 64)))
    settings = {k: draw(_SETTINGS[k, default]) for k, default in card.settings.items()}
    always = card.is_view or card.last_is_part
    kept = {k: v for k, v in settings.items() if always or v != card.settings[k]}
    return call(card.name, *args, **kept)


@dataclass(frozen=True, slots=True, eq=False)
class Net:
    """A network as text, with the shapes and the values of all that its lines are given."""

    source: str
    layout: Layout
    shapes: Mapping[str, Shape]
    parameters: tuple[str, ...]
    values: Mapping[str, Value] = field(default_factory=dict)
    scalars: tuple[str, ...] = ("N", "lam", "eps")

    def forward(self) -> Forward:
        lines = tuple(
            Line(a.target, a.tree) for a in parse_program(self.source, layout=self.layout)
        )
        lines = named(lines, self.shapes)
        shapes = dict(self.shapes) | dict.fromkeys(self.scalars, ())
        for line in lines:
            shapes[line.target] = shape_of(line.tree, shapes)
        return Forward(lines, shapes, self.parameters, self.scalars)

    def program(self, update: tuple[Line, ...] = ()) -> Program:
        forward = self.forward()
        given: dict[str, Role] = dict.fromkeys(self.shapes, "input") | dict.fromkeys(
            self.scalars, "constant"
        )
        given |= dict.fromkeys(self.parameters, "parameter")
        return Program(
            (*forward.lines, *adjoint(forward), *update), given, forward.loss, self.layout
        )


def filled(net: Net, samples: int, seed: int = 0) -> Net:
    """The net with a value for everything that it is given; masks (`m…`) are 0 or 1."""
    rng = np.random.default_rng(seed)
    values: dict[str, Value] = {
        "N": np.float64(samples),
        "lam": np.float64(0.1),
        "eps": np.float64(1e-3),
    }
    for name, shape in net.shapes.items():
        sizes = tuple(samples if d == N else d.size for d in shape)
        values[name] = rng.normal(scale=0.7, size=sizes) if sizes else np.float64(rng.normal())
        if name.startswith("m"):
            values[name] = (rng.random(size=sizes) < 0.7).astype(float)
    if net.shapes.get("y"):
        y = rng.uniform(0.1, 0.9, size=values["y"].shape)
        values["y"] = y / y.sum(axis=AXES[net.layout]["features"], keepdims=True)
    return Net(net.source, net.layout, net.shapes, net.parameters, values, net.scalars)


class _Writer:
    """Writes a network line by line, each layer in one of the ways people write it."""

    def __init__(self, draw: Any, layout: Layout) -> None:
        self.draw, self.layout = draw, layout
        self.lines: list[str] = []
        self.shapes: dict[str, Shape] = {}
        self.parameters: list[str] = []

    def pick(self, *choices: Any) -> Any:
        return self.draw(st.sampled_from(choices))

    def matrix(self, features: Any, others: Any) -> Shape:
        """A shape in this layout: features × others, or others × features."""
        return dims(features, others) if self.layout == "columns" else dims(others, features)

    def parameter(self, name: str, shape: Shape) -> str:
        self.shapes[name] = shape
        self.parameters.append(name)
        return name

    def given(self, name: str, features: int) -> str:
        self.shapes[name] = self.matrix(features, N)
        return name

    def product(self, W: str, a: str) -> str:
        return f"{W} @ {a}" if self.layout == "columns" else f"{a} @ {W}"

    def features(self, cut: str) -> str:
        """The slice of a weight matrix along its input features."""
        return f"[:, {cut}]" if self.layout == "columns" else f"[{cut}]"

    def weighted(self, k: int, a: str, n: int, m: int) -> str:
        """`W @ a + b`: m outputs from n inputs, in one of many spellings."""
        way = self.pick("plain", "bias", "scalar", "turned", "folded", "sliced", "shared")
        if way == "shared":
            for old in self.parameters:
                if self.shapes[old] == self.matrix(m, n):
                    return self.product(old, a)
            way = "bias"
        if way == "turned":
            W = self.parameter(f"W{k}", self.matrix(n, m))
            return f"{self.product(f'{W}.T', a)} + {self.parameter(f'b{k}', self.matrix(m, 1))}"
        if way in ("folded", "sliced"):
            W = self.parameter(f"W{k}", self.matrix(m, n + 1))
            if way == "folded":
                return self.product(W, f"with_ones({a})")
            return f"{self.product(W + self.features(':-1'), a)} + {W}{self.features('-1:')}"
        W = self.parameter(f"W{k}", self.matrix(m, n))
        if way == "plain":
            return self.product(W, a)
        b = self.parameter(f"b{k}", self.matrix(m, 1) if way == "bias" else ())
        return f"{self.product(W, a)} + {b}"

    def layer(self, k: int, a: str, n: int, m: int) -> str:
        """One hidden layer; the text of its output, a name or a sub-expression left in line."""
        act = self.pick("sigmoid", "tanh", "relu", "leaky_relu", "softplus", "identity", "square")
        z = self.weighted(k, a, n, m)
        if self.pick(True, False):
            self.lines.append(f"z{k} = {z}")
            z = f"z{k}"
        out = f"maximum({z}, 0.1 * {z})" if act == "square" and z == f"z{k}" else f"{act}({z})"
        extra = self.pick("", "", "residual", "mask", "gate")
        if extra == "residual" and n == m and "(" not in a:
            out = f"{a} + {out}"
        elif extra == "mask":
            out = f"{out} * {self.given(f'm{k}', m)}"
        elif extra == "gate" and z == f"z{k}":
            out = f"{out} * (z{k} > -1)"
        elif self.pick(True, False, False):
            return out if extra == "" else f"({out})"
        self.lines.append(f"a{k} = {out}")
        return f"a{k}"

    def loss(self, z: str, m: int) -> str:
        along = f"axis={AXES[self.layout]['features']}, keepdims=True"
        output, loss = self.pick(
            ("", "mse(p, y)"), ("", "mean((p - y)**2) / 2"), ("", "sum(square(p - y)) / N"),
            ("", "mean(abs(y - p))"), ("tanh", "mean(p * y) - mean(p)**2"),
            ("sigmoid", "bce(p, y)"),
            ("sigmoid", "bce(p, y, eps)"), ("sigmoid", "-mean(y*log(p) + (1 - y)*log(1 - p))"),
            ("softmax", "-sum(y * log(p)) / N"), ("softmax", "mse(p, y)"), ("", "softmax_ce(p, y)"),
            ("", f"-mean(sum(y * log(softmax(p)), {along}))"),
            ("", f"mean(log(sum(exp(p), {along})) - sum(y * p, {along}))"),
            ("exp", "mean(sqrt(1 + p / (1 + y)))"),
        )  # fmt: skip
        self.lines.append(f"p = {output}({z})" if output else f"p = {z}")
        for W in self.parameters:
            decay = self.pick("", "", "", " + lam * sum({0}**2)", " + lam / 2 * sum(square({0}))")
            loss += decay.format(W)
        return str(loss)


@st.composite
def nets(draw: Any) -> Net:
    """Random networks of one to three hidden layers, with values."""
    writer = _Writer(draw, draw(LAYOUTS))
    size = st.integers(1, 4)
    n, a = draw(size), "X"
    writer.given("X", n)
    for k in range(1, draw(st.integers(1, 3)) + 1):
        m = draw(size)
        a, n = writer.layer(k, a, n, m), m
    m = draw(st.integers(1, 3))
    writer.given("y", m)
    out = writer.weighted(9, a, n, m)
    writer.lines.append(f"J = {writer.loss(out, m)}")
    net = Net("\n".join(writer.lines), writer.layout, writer.shapes, tuple(writer.parameters))
    return filled(net, draw(st.integers(1, 4)), draw(st.integers(0, 99)))
