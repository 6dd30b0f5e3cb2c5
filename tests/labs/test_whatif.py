"""What if: edits change what depends on them and nothing else, and can be taken back."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stepper.expr.errors import StepperError
from stepper.labs.lab import Lab
from stepper.labs.load import load
from stepper.labs.whatif import Edit, Edits, changed, edited, with_edits
from stepper.ops.card import Index
from stepper.program.code import Slot
from stepper.program.trace import Trace

LABS = {
    name: load(name)
    for name in ("xor:momentum", "xor:rows", "linear", "three-class", "nielsen", "mazur")
}
FIXED = ("count", "size")
"""The roles of what cannot be edited."""


def editable(lab: Lab) -> list[str]:
    return [name for name, role in lab.program.given.items() if role not in FIXED]


@st.composite
def one_number(draw: st.DrawFn) -> tuple[Lab, str, Index]:
    """A lab, and one number of what is given to its program."""
    lab = LABS[draw(st.sampled_from(sorted(LABS)))]
    name = draw(st.sampled_from(editable(lab)))
    value = lab.trace(lab.sample).value(name)
    rows, columns = np.shape(value) or (1, 1)
    return lab, name, (draw(st.integers(0, rows - 1)), draw(st.integers(0, columns - 1)))


def entry(trace: Trace, name: str, index: Index) -> float:
    value = trace.value(name)
    return float(value[index] if np.ndim(value) else value)


def downstream(trace: Trace, slot: Slot) -> set[Slot]:
    """Every value that the value of a slot has a part in, itself included."""
    found = {slot}
    for _, inputs, output in trace.code.work:
        if found & set(inputs):
            found.add(output)
    return found


def same(a: Trace, b: Trace) -> bool:
    return all(np.array_equal(x, y) for x, y in zip(a.values, b.values, strict=True))


@given(one_number())
def test_the_same_number_again_changes_nothing(chosen: tuple[Lab, str, Index]) -> None:
    lab, name, index = chosen
    old = lab.trace(lab.sample)
    by_entry = edited(lab, lab.sample, (Edit(name, index, entry(old, name, index)),))
    whole = edited(lab, lab.sample, (Edit(name, None, old.value(name)),))
    assert changed(old, by_entry) == {}
    assert changed(old, whole) == {}
    assert same(old, by_entry)


@given(one_number(), st.floats(0.05, 0.9))
def test_only_what_depends_on_an_edit_changes(chosen: tuple[Lab, str, Index], value: float) -> None:
    lab, name, index = chosen
    old = lab.trace(lab.sample)
    new = edited(lab, lab.sample, (Edit(name, index, value),))
    new.verify()
    slots = changed(old, new)
    assert set(slots) <= downstream(old, old.slot(name))
    at_edit = np.zeros(np.shape(old.value(name)) or (1, 1), dtype=bool)
    at_edit[index] = entry(old, name, index) != value
    found = slots.get(old.slot(name), np.zeros_like(at_edit))
    assert np.array_equal(np.atleast_2d(found), at_edit)
    for slot, differ in slots.items():
        assert np.array_equal(differ, old.values[slot] != new.values[slot])


@settings(max_examples=30)
@given(one_number(), st.lists(st.floats(0.05, 0.9), min_size=1, max_size=4))
def test_dropping_the_last_edit_takes_it_back(
    chosen: tuple[Lab, str, Index], values: list[float]
) -> None:
    lab, name, index = chosen
    edits: Edits = ()
    before = [lab.trace(lab.sample)]
    for value in values:
        edits = (*edits, Edit(name, index, value))
        before.append(edited(lab, lab.sample, edits))
        assert entry(before[-1], name, index) == value
    while edits:
        edits = edits[:-1]
        before.pop()
        assert same(before[-1], edited(lab, lab.sample, edits))


def test_edited_weights_give_what_a_lab_with_these_weights_gives() -> None:
    lab = LABS["xor:momentum"]
    weights = dict(lab.parameters)
    weights["W2"] = weights["W2"].copy()
    weights["W2"][2, 1] = 0.75
    values = lab.code.run(lab.given(None, weights))
    trace = edited(lab, None, (Edit("W2", (2, 1), 0.75),))
    assert all(np.array_equal(a, b) for a, b in zip(trace.values, values, strict=True))
    assert lab.parameters["W2"][2, 1] != 0.75


def test_the_given_values_stay_as_they_are() -> None:
    lab = LABS["xor:momentum"]
    given, again = lab.given([3]), lab.given([3])
    edits = (Edit("W1", (0, 0), 9.0), Edit("X", None, [[0.5], [0.5]]), Edit("lr", None, 3.0))
    values = with_edits(lab.program, given, edits)
    assert (values["W1"][0, 0], values["X"].tolist(), values["lr"]) == (9, [[0.5], [0.5]], 3)
    assert given.keys() == again.keys()
    assert all(np.array_equal(given[name], again[name]) for name in given)


def test_an_edited_rate_scales_the_step() -> None:
    lab = LABS["linear"]
    old, new = lab.trace(0), edited(lab, 0, (Edit("lr", None, 0.0),))
    assert np.array_equal(new.last("W1"), old.value("W1"))
    assert not np.array_equal(old.last("W1"), old.value("W1"))
    assert np.array_equal(new.value("dJ_dW1"), old.value("dJ_dW1"))


def test_a_scalar_takes_its_number_with_and_without_an_index() -> None:
    lab = LABS["nielsen"]
    for index in (None, (0, 0)):
        trace = edited(lab, None, (Edit("w", index, 2),))
        assert trace.value("z") == 2 * trace.value("x") + trace.value("b")


REFUSED = {
    "no such name": (Edit("W9", (0, 0), 1.0), "there is no `W9`"),
    "computed": (Edit("z1", (0, 0), 1.0), "z1 is computed, in line 1: edit .* W1, X, b1"),
    "gradient": (Edit("dJ_dW2", (0, 0), 1.0), "∂J/∂W2 is computed"),
    "number of samples": (Edit("N", None, 2.0), "number of samples"),
    "row too far": (Edit("W1", (4, 0), 1.0), r"no entry \[4, 0\]: it is 4×2"),
    "counted from behind": (Edit("W1", (-1, 0), 1.0), r"no entry \[-1, 0\]"),
    "entry of a scalar": (Edit("lr", (0, 1), 1.0), "single number"),
    "nan": (Edit("W1", (0, 0), float("nan")), "nan and inf"),
    "inf": (Edit("lr", None, float("inf")), "nan and inf"),
    "nan in a matrix": (Edit("X", None, [[0.1], [float("nan")]]), "nan and inf"),
    "one number for all": (Edit("W1", None, 1.0), "W1 is 4×2, and this is a single number"),
    "another shape": (Edit("X", None, [[0.1, 0.9]]), "X is 2×1, and this is 1×2"),
    "a matrix for an entry": (Edit("X", (0, 0), [[0.1]]), "takes one number"),
    "ragged": (Edit("W1", None, [[1.0], [1.0, 2.0]]), "neither a number nor a matrix"),
    "text": (Edit("W1", (0, 0), "a"), "neither a number nor a matrix"),
    "an infinity further down": (Edit("y", (0, 0), 1e308), "is inf"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_refuses(what: str) -> None:
    edit, said = REFUSED[what]
    with pytest.raises(StepperError, match=said):
        edited(LABS["xor:momentum"], 3, (edit,))


def test_how_large_the_operands_were_is_said_in_the_language_of_the_learner() -> None:
    with pytest.raises(StepperError) as refused:
        edited(LABS["xor:momentum"], 3, (Edit("y", (0, 0), 1e308),))
    said = refused.value.sentence
    assert "y is 1e+308" in str(said) and " is between " not in str(said)
    assert "y 是 1e+308" in said.words(translate=lambda t: t.replace("{name} is ", "{name} 是 "))


def test_a_size_is_no_number_to_edit() -> None:
    lab = LABS["mazur"]
    program = replace(lab.program, given={**lab.program.given, "h": "size"})
    sized = replace(lab, program=program)
    with pytest.raises(StepperError, match="stepper run LAB --set h="):
        edited(sized, None, (Edit("h", None, 3.0),))


def test_targets_of_softmax_ce_must_add_up_to_one() -> None:
    lab = load("three-class:fused")
    y = lab.given([0])["y"]
    with pytest.raises(StepperError, match=r"add up to 1.*edit y as a whole"):
        edited(lab, 0, (Edit("y", (0, 0), 0.3),))
    turned = edited(lab, 0, (Edit("y", None, y[::-1]),))
    assert np.array_equal(turned.value("y"), y[::-1])
