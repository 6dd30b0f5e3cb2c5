"""The sizes of gradients and activations, layer by layer, by which a training is watched."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from stepper.calculus.adjoint import gradient
from stepper.expr.tree import Call, Expr, Name, Number, call, walk
from stepper.labs.lab import Lab
from stepper.language.text import text
from stepper.ops import CARDS
from stepper.program.program import Line


def sizes(lab: Lab) -> dict[str, Expr]:
    """By their text: each layer's largest weight gradient, and its mean activation."""
    loss = lab.forward.loss
    slopes = [gradient(loss, name) for name in weights(lab)]
    made = [line.target for line in lab.program.lines]
    found = [call("max", call("abs", Name(g))) for g in slopes if g in made]
    found += [call("mean", call("abs", Name(line.target))) for line in activations(lab)]
    return {text(tree): tree for tree in found}


def weights(lab: Lab) -> list[str]:
    """The trained parameters that are factors of a product; in a lab without any, all of them."""
    trained = [name for name in lab.parameters if name not in lab.training.fixed]
    nodes = (node for line in lab.program.phase("forward") for _, node in walk(line.tree))
    products = [n for n in nodes if isinstance(n, Call) and n.op == "matmul"]
    read = {a.id for n in products for a in n.args if isinstance(a, Name)}
    return [name for name in trained if name in read] or trained


def activations(lab: Lab) -> list[Line]:
    """The forward lines of the hidden layers' activations: `a1 = sigmoid(z1)`."""
    return [line for line in lab.program.phase("forward")
            if line.target != lab.training.predict and _is_activation(line.tree)]  # fmt: skip


def _is_activation(tree: Expr) -> bool:
    if not isinstance(tree, Call) or len(tree.args) != 1 or not isinstance(tree.args[0], Name):
        return False
    return tree.op == "softmax" or (CARDS[tree.op].is_elementwise and tree.op != "neg")


RIGHT = "right"
"""The name of the measure that counts correct predictions."""


def followed(lab: Lab) -> Lab:
    """The lab with its layers' sizes, and the number of correct predictions, among its measures."""
    return replace(lab, metrics={**_right(lab), **sizes(lab), **lab.metrics})


def _right(lab: Lab) -> dict[str, Expr]:
    """The number of correct predictions; empty for several outputs: no formula finds the
    largest."""
    if lab.data is None or lab.training.predict is None or np.size(lab.data.y) != lab.samples:
        return {}
    half = Number(0.5)
    said, wanted = (call("greater", Name(of), half) for of in (lab.training.predict, "y"))
    return {RIGHT: call("sum", call("equal", said, wanted))}
