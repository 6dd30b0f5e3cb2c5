"""The labs that come with stepper, each with its variants: they walk, and their gradients hold."""

import numpy as np
import pytest

from stepper.calculus.adjoint import gradient
from stepper.calculus.numeric import central
from stepper.labs.lab import Lab
from stepper.labs.load import load
from stepper.labs.source import lab_names, read

SPECS = [
    spec
    for name in lab_names()
    for spec in (name, *(f"{name}:{variant}" for variant in read(name).tables.get("variants", {})))
]
MISTAKEN = {
    "mazur:updated-weight": {"W1", "b1"},
    "mazur:not-transposed": {"W1", "b1"},
    "gradient-check:planted-bugs": {"W2", "b1"},
    "bce-momentum:as-written": {"W1", "W2", "W3"},
}
"""The variants whose hand-written backward program is wrong, and where it is; the last one has sums
for means until its update."""
ONE_AT_A_TIME = {"three-hidden:as-written"}
"""The variants whose hand-written backward program takes one sample at a time."""
each_spec = pytest.mark.parametrize("spec", SPECS)


@each_spec
def test_walks_whole(spec: str) -> None:
    lab = load(spec)
    for sample in {lab.sample, lab.sample if spec in ONE_AT_A_TIME else None}:
        trace = lab.trace(sample)
        trace.verify()
        assert {step.phase for step in trace.steps} >= {"forward", "backward"}


@each_spec
def test_tells_a_learner_what_it_is(spec: str) -> None:
    lab = load(spec)
    assert 20 < len(lab.title) < 80
    assert lab.about.endswith(".")
    assert "\n" not in lab.about
    assert "  " not in lab.about


def _wrong(lab: Lab) -> set[str]:
    """The parameters whose gradient is not what nudging them gives (with six samples at most)."""
    most = 1 if lab.name in ONE_AT_A_TIME else 6
    which = list(range(min(lab.samples, most))) or None
    values = lab.code.run(lab.given(which))

    def loss(parameters: dict[str, np.ndarray]) -> float:
        slot = lab.code.names[lab.forward.loss][0]
        return float(lab.code.run(lab.given(which, parameters))[slot])

    return {
        name
        for name in lab.parameters
        if not np.allclose(
            values[lab.code.names[gradient(lab.forward.loss, name)][0]],
            central(loss, lab.parameters, name, 1e-5),  # type: ignore[arg-type]
            rtol=1e-6,
            atol=1e-8,
        )
    }


@each_spec
def test_gradients_are_slopes_except_in_the_mistaken_variants(spec: str) -> None:
    sizes = [name for name, size in load(spec).sizes.items() if size > 6]
    small = {name: str(5 - k) for k, name in enumerate(sizes)}
    lab = load(spec, sets=small)
    assert _wrong(lab) == MISTAKEN.get(spec, set())


def test_the_flagship_opens_on_one_tenth_nine_tenths() -> None:
    lab = load("xor")
    assert lab.sample == 3
    given = lab.given([3])
    assert given["X"].tolist() == [[0.1], [0.9]]
    assert given["y"].tolist() == [[1]]
    assert [lab.parameters[f"W{k}"].shape for k in (1, 2, 3)] == [(4, 2), (3, 4), (1, 3)]


def test_rows_and_columns_of_one_network_agree() -> None:
    columns, rows = load("xor"), load("xor:rows")
    turned = {name: value.T for name, value in columns.parameters.items()}
    one = columns.code.run(columns.given())
    other = rows.code.run(rows.given(None, turned))
    for name in ("J", "dJ_dW1", "dJ_db2", "dJ_dW3"):
        mine, theirs = one[columns.code.names[name][0]], other[rows.code.names[name][0]]
        assert np.allclose(mine, np.transpose(theirs), rtol=1e-12)


def test_the_old_generator_gave_the_numbers_of_gradient_check() -> None:
    lab, old = load("gradient-check"), np.random.RandomState(1)
    drawn = {"X": old.randn(4, 3)}
    for layer, (n, m) in enumerate([(5, 4), (3, 5), (1, 3)], 1):
        drawn |= {f"W{layer}": old.randn(n, m), f"b{layer}": old.randn(n, 1)}
    given = lab.given()
    assert all(np.array_equal(given[name], value) for name, value in drawn.items())


def test_a_comment_behind_a_line_of_a_lab_s_own_backward_program_is_its_reason() -> None:
    lab = load("online-momentum:as-written")
    said = {line.target: line.reason.words() for line in lab.program.lines if line.reason}
    assert said["grad_z2"] == "it is ∂J/∂a2"
    assert said["grad_a2"] == "it is ∂J/∂z2"
    assert "dJ_dW2" not in said
