"""The derivations that stepper is known by: formula, variable, and what the answer has to be."""

from __future__ import annotations

from collections.abc import Iterator

from stepper.calculus.derivation import Derivation
from stepper.calculus.entries import derivations
from stepper.language.parse import parse

LISTED = (
    ("sigmoid(z)", "z", "a * (1 - a)"),
    ("tanh(z)", "z", "1 - a**2"),
    ("relu(z)", "z", "z > 0"),
    ("leaky_relu(z)", "z", "(z > 0) + 0.01 * (z <= 0)"),
    ("softplus(z)", "z", "sigmoid(z)"),
    ("identity(z)", "z", "1"),
    ("mse(a, y)", "a", "2 * (a - y)"),
    ("mean((a - y)**2) / 2", "a", "(a[i] - y[i]) / n"),
    ("mean((a - y)**2)", "a", "2 * (a[i] - y[i]) / n"),
    ("sum((a - y)**2) / 2", "a", "a[i] - y[i]"),
    ("sum((a - y)**2) / N", "a", "2 * (a[i] - y[i]) / N"),
    ("1/2 * sum(square(a - y)) / N", "a", "(a[i] - y[i]) / N"),
    ("bce(a, y)", "a", "(a - y) / (a * (1 - a))"),
    (
        "bce(a, y, eps)", "a",
        "(a + eps - y * (1 + 2 * eps)) / ((a + eps) * (1 - a + eps))",
    ),
    ("bce(sigmoid(z), y)", "z", "a - y"),
    (
        "bce(sigmoid(z), y, eps)", "z",
        "(a + eps - y * (1 + 2 * eps)) * a * (1 - a) / ((a + eps) * (1 - a + eps))",
    ),
    ("mse(sigmoid(z), y) / 2", "z", "(a - y) * a * (1 - a)"),
    ("softmax_ce(z, y)", "z", "p[i] - y[i]"),
    ("z * sigmoid(z)", "z", "a + z * a * (1 - a)"),
    ("z * tanh(log(1 + exp(z)))", "z", "a + z * (1 - a**2) * exp(z) / (1 + exp(z))"),
    ("z / (1 + abs(z))", "z", "(1 + abs(z) - z * sign(z)) / (1 + abs(z))**2"),
    ("exp(-z**2 / 2)", "z", "-(exp(-(z**2 / 2)) * z)"),
    ("sqrt(1 + z**2)", "z", "z / sqrt(1 + z**2)"),
    ("log(sigmoid(z))", "z", "1 - a"),
    ("maximum(z, 0)**2", "z", "2 * maximum(z, 0) * (z > 0)"),
    ("z**z", "z", "exp(z * log(z)) * (log(z) + 1)"),
)  # fmt: skip


def listed() -> Iterator[Derivation]:
    """All of them, with both of the softmax."""
    for source, by, _ in LISTED:
        yield from derivations(parse(source), by)
    yield from derivations(parse("softmax(z)"), "z")
