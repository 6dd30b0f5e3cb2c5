"""The derivations behind the lines of a net, and the matrix rules proved entry by entry."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from stepper.calculus.adjoint import Forward, adjoint
from stepper.calculus.lines import derivation_of_line, entry_rule
from stepper.calculus.prove import check, proofs
from stepper.labs.load import load
from stepper.labs.source import lab_names
from stepper.language.text import MATH, text
from stepper.ops.dims import N
from stepper.program.program import Line
from tests.show.walks import forward_of

COLUMNS = """
z1 = W1 @ X + b1
a1 = {act}(z1)
z2 = W2 @ a1 + b2
a2 = sigmoid(z2)
J = {loss}
"""
ROWS = COLUMNS.replace("W1 @ X", "X @ W1").replace("W2 @ a1", "a1 @ W2")
Sizes = dict[str, tuple[int, ...]]


def net(layout: str, samples: int, act: str, loss: str) -> tuple[Forward, Sizes]:
    """A 2-3-2 net in one of the four conventions, with all its sizes."""
    shapes = {"X": (2, samples), "y": (2, samples), "W1": (3, 2), "b1": (3, 1)}
    shapes |= {"W2": (2, 3), "b2": (2, 1)}
    if layout == "rows":
        shapes = {k: v[::-1] for k, v in shapes.items()}
    source = (COLUMNS if layout == "columns" else ROWS).format(act=act, loss=loss)
    forward = forward_of(source, shapes, layout)  # type: ignore[arg-type]
    sizes = {k: tuple(d.size or 0 for d in s) for k, s in forward.shapes.items()}
    sizes |= {f"dJ_d{k}": s for k, s in sizes.items()}
    return forward, sizes


def entries(line: Line, sizes: Sizes) -> Iterator[tuple[int, int]]:
    rows, columns = sizes[line.target] or (1, 1)
    return ((i, j) for i in range(rows) for j in range(columns))


@pytest.mark.parametrize("layout", ["columns", "rows"])
@pytest.mark.parametrize("samples", [1, 3])
@pytest.mark.parametrize(
    ("act", "loss"), [("sigmoid", "mse(a2, y) / 2"), ("tanh", "bce(a2, y, eps)")]
)
def test_every_entry_of_every_backward_line_is_what_the_chain_rule_says(
    layout: str, samples: int, act: str, loss: str
) -> None:
    forward, sizes = net(layout, samples, act, loss)
    for line in adjoint(forward):
        for index in entries(line, sizes):
            by_chain, own = entry_rule(forward, line, sizes, index)
            assert check(by_chain, own).verdict == "proved", (line.text(), index)


def test_a_missing_transpose_or_factor_is_not_proved() -> None:
    forward, sizes = net("columns", 2, "sigmoid", "mse(a2, y)")
    for line in adjoint(forward):
        by_chain, own = entry_rule(forward, line, sizes, (0, 0))
        assert check(by_chain, own * 2).verdict == "wrong"
        if sizes[line.target] == (3, 2):
            assert check(entry_rule(forward, line, sizes, (0, 1))[0], own).verdict == "wrong"


@pytest.mark.parametrize("name", [n for n in lab_names() if "chess" not in n])
def test_every_derivation_behind_a_lab_is_proved(name: str) -> None:
    lab = load(name)
    trace = lab.trace(lab.check_sample(None))
    sizes = {n: np.shape(trace.value(n)) for n in trace.code.names}
    seen = 0
    for line in lab.program.lines:
        if line.phase == "update":
            continue
        explained = derivation_of_line(lab.forward, line, sizes)
        for d, checks in proofs(explained.derivations).items():
            seen += 1
            for found, shown in zip(checks, d.lines, strict=True):
                assert found.verdict == "proved", (line.text(), text(shown.tree))
    assert seen


def test_a_backward_line_has_its_rule_its_derivation_and_its_entry() -> None:
    forward, sizes = net("columns", 1, "sigmoid", "mse(a2, y) / 2")
    lines = {line.target: line for line in adjoint(forward)}
    z1 = derivation_of_line(forward, lines["dJ_dz1"], sizes, (2, 0))
    assert z1.rule is lines["dJ_dz1"].reason
    assert text(z1.symbol, MATH) == "∂J/∂z⁽¹⁾₃₁"
    assert text(z1.derivations[0].last) == "a1 * (1 - a1)"
    W2 = derivation_of_line(forward, lines["dJ_dW2"], sizes, (1, 2))
    assert text(W2.derivations[0].last) == "dJ_dz2[1, 0] * a1[2, 0]"
    assert text(W2.formula) == "dJ_dz2[1, 0] * a1[2, 0]"


@pytest.mark.parametrize(
    ("loss", "answer"),
    [
        ("mean((a2 - y)**2) / 2", "(a2[i] - y[i]) / (2 * N)"),
        ("mean((a2 - y)**2)", "2 * (a2[i] - y[i]) / (2 * N)"),
        ("sum((a2 - y)**2) / 2", "a2[i] - y[i]"),
        ("sum((a2 - y)**2) / N", "2 * (a2[i] - y[i]) / N"),
        ("mse(a2, y)", "2 * (a2[i] - y[i]) / (2 * N)"),
    ],
)
def test_a_loss_is_derived_as_this_lab_writes_it(loss: str, answer: str) -> None:
    given = {"X": (2, 3), "y": (2, 3), "W1": (3, 2), "b1": (3, 1), "W2": (2, 3), "b2": (2, 1)}
    forward = forward_of(COLUMNS.format(act="sigmoid", loss=loss), given)
    forward = with_unknown_samples(forward)
    (line,) = (x for x in adjoint(forward) if x.target == "dJ_da2")
    sizes: Sizes = {"a2": (2, 3), "y": (2, 3), "dJ_da2": (2, 3), "N": ()}
    (d,) = derivation_of_line(forward, line, sizes).derivations
    answers = [text(tree) for tree in d.trees()]
    assert answer in answers, answers
    assert all(c.verdict == "proved" for checks in proofs([d]).values() for c in checks)


def with_unknown_samples(forward: Forward) -> Forward:
    """The same with N for the number of samples, as in a lab."""
    names = ("X", "y", "z1", "a1", "z2", "a2")
    shapes = {k: (s[0], N) if k in names else s for k, s in forward.shapes.items()}
    return forward._replace(shapes=shapes)


def test_a_softmax_line_has_both_cases() -> None:
    given = {"X": (2, 1), "y": (3, 1), "W": (3, 2)}
    forward = forward_of("z = W @ X\np = softmax(z)\nJ = -sum(y * log(p)) / N", given)
    (line,) = (x for x in adjoint(forward) if x.target == "dJ_dz")
    sizes = {"z": (3, 1), "p": (3, 1), "y": (3, 1), "dJ_dz": (3, 1), "dJ_dp": (3, 1)}
    same, other = derivation_of_line(forward, line, sizes).derivations
    assert (text(same.last), text(other.last)) == ("p[i] * (1 - p[i])", "-(p[i] * p[j])")
