"""Sigmoid nets of any depth: as a lab, and as the same operations in bare numpy."""

import tempfile
from pathlib import Path

import numpy as np

from stepper.labs.lab import Lab
from stepper.labs.load import load


def lab(sizes: list[int]) -> Lab:
    """A lab of these layer sizes."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "net.toml"
        path.write_text(lab_file(sizes))
        return load(str(path))


def lab_file(sizes: list[int]) -> str:
    """Layers of these sizes with biases, a sigmoid after every layer and a squared loss."""
    layers = range(1, len(sizes))
    parameters, lines, before = [], [], "X"
    for k in layers:
        parameters += [f'W{k} = "normal({sizes[k]}, {sizes[k - 1]})"']
        parameters += [f'b{k} = "zeros({sizes[k]}, 1)"']
        lines += [f"z{k} = W{k} @ {before} + b{k}", f"a{k} = sigmoid(z{k})"]
        before = f"a{k}"
    return "\n".join([
        '[data]\nset = "xor"\nsample = 3', "[parameters]", *parameters,
        "[program]", 'forward = """', *lines, f"J = mean(({before} - y)**2) / 2", '"""',
        '[training]\noptimizer = "gd(lr=0.1)"',
    ])  # fmt: skip


def bare(net: Lab, sample: int) -> dict[str, np.ndarray]:
    """One sample forwards, backwards and updated, by hand."""
    assert net.data is not None
    X, y = net.data.take([sample])
    depth = len(net.parameters) // 2
    W = [net.parameters[f"W{k}"] for k in range(1, depth + 1)]
    b = [net.parameters[f"b{k}"] for k in range(1, depth + 1)]
    a = [X]
    for k in range(depth):
        a.append(1 / (1 + np.exp(-(W[k] @ a[k] + b[k]))))
    loss = np.mean((a[-1] - y) ** 2) / 2
    above = a[-1] - y
    after = {"J": loss}
    for k in reversed(range(depth)):
        dz = above * (a[k + 1] * (1 - a[k + 1]))
        dW, db, above = dz @ a[k].T, np.sum(dz, axis=1, keepdims=True), W[k].T @ dz
        after[f"W{k + 1}"], after[f"b{k + 1}"] = W[k] - 0.1 * dW, b[k] - 0.1 * db
    return after
