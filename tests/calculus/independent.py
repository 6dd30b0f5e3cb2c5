"""A net's gradients by HIPS autograd: an interpreter of the forward tree, with its own rules."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import autograd.numpy as anp
from autograd import grad

from stepper.expr.tree import Call, Expr, Name, Number, settings_of
from stepper.language.parse import parse_program
from stepper.ops.card import Value
from tests.strategies import Net


def _softmax(z: Any, axis: int) -> Any:
    e = anp.exp(z)
    return e / anp.sum(e, axis=axis, keepdims=True)


def _with_ones(x: Any, axis: int) -> Any:
    ones = anp.ones((1, x.shape[1]) if axis == 0 else (x.shape[0], 1))
    return anp.concatenate((x, ones), axis=axis)


_OPERATIONS: Mapping[str, Callable[..., Any]] = {
    "add": lambda a, b: a + b,
    "sub": lambda a, b: a - b,
    "mul": lambda a, b: a * b,
    "div": lambda a, b: a / b,
    "pow": lambda a, b: a**b,
    "neg": lambda x: -x,
    "greater": lambda a, b: (a > b) * 1.0,
    "sigmoid": lambda x: 1 / (1 + anp.exp(-x)),
    "tanh": anp.tanh,
    "relu": lambda x: anp.where(x > 0, x, 0.0),
    "leaky_relu": lambda x: anp.where(x > 0, x, 0.01 * x),
    "softplus": lambda x: anp.log1p(anp.exp(x)),
    "identity": lambda x: x,
    "square": anp.square,
    "maximum": lambda a, b: anp.where(a > b, a, b),
    "exp": anp.exp,
    "log": anp.log,
    "sqrt": anp.sqrt,
    "abs": anp.abs,
    "matmul": anp.matmul,
    "transpose": lambda x: x.T,
    "slice": lambda x, rows, columns: x[slice(*rows), slice(*columns)],
    "sum": anp.sum,
    "mean": anp.mean,
    "with_ones": _with_ones,
    "softmax": _softmax,
    "mse": lambda p, y: anp.mean((p - y) ** 2),
    "bce": lambda p, y, eps: -anp.mean(y * anp.log(p + eps) + (1 - y) * anp.log(1 - p + eps)),
    "softmax_ce": lambda z, y, axis: -anp.sum(y * anp.log(_softmax(z, axis))) / z.shape[1 - axis],
}


def _value(tree: Expr, values: Mapping[str, Any]) -> Any:
    if isinstance(tree, Name):
        return values[tree.id]
    if isinstance(tree, Number):
        return tree.value
    assert isinstance(tree, Call)
    return _OPERATIONS[tree.op](*(_value(a, values) for a in tree.args), **settings_of(tree))


def loss(net: Net, parameters: Mapping[str, Any]) -> Any:
    """The loss of the net as it was typed, with these values of its parameters."""
    values = dict(net.values) | dict(parameters)
    for line in parse_program(net.source, layout=net.layout):
        values[line.target] = _value(line.tree, values)
    return values["J"]


def gradients(net: Net) -> dict[str, Value]:
    """∂J/∂p of every parameter p."""
    at = {p: net.values[p] for p in net.parameters}
    found: dict[str, Value] = grad(lambda parameters: loss(net, parameters))(at)
    return found
