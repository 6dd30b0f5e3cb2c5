"""Every number that was published of a lab comes out, at every published digit, or is explained."""

from collections import Counter
from decimal import Decimal

import pytest

from stepper.check.switch import with_mistake
from stepper.labs.load import load
from stepper.labs.source import lab_names
from stepper.train.ledger import Row, rows

WORKED = {
    "mazur": 77, "xor-symmetric": 33, "circuits": 6, "circuits-neuron": 8, "circuits-staged": 3,
    "gradient-check": 3, "micrograd": 7, "micrograd-neuron": 5, "first-step": 8, "zhou": 4,
    "xor-trace": 6, "two-hidden": 22, "nielsen": 6,
}  # fmt: skip
"""How many published numbers there are of each worked example: none may be lost."""


@pytest.fixture(scope="module")
def ledger() -> list[Row]:
    return list(rows(lab_names(), with_mistake))


def test_every_row_agrees_or_is_explained(ledger: list[Row]) -> None:
    wrong = [r for r in ledger if not (r.agrees or r.explained)]
    assert not wrong


def test_no_published_number_is_lost(ledger: list[Row]) -> None:
    counted = Counter(r.lab.partition(":")[0] for r in ledger)
    assert all(counted[lab] >= n for lab, n in WORKED.items())


def test_the_published_digits_of_mazur_are_those_of_the_mistake(ledger: list[Row]) -> None:
    after = {
        (r.lab, r.mistake, str(r.published)): r
        for r in ledger
        if r.lab.startswith("mazur") and r.epoch in (1, 10_000)
    }
    explained = after["mazur", "", "0.291027924"]
    assert not explained.agrees
    assert explained.explained
    assert after["mazur", "updated-weight", "0.291027924"].agrees
    assert after["mazur", "updated-weight", "0.015912196"].agrees
    assert after["mazur", "updated-weight", "0.984065734"].agrees


def test_a_wrong_number_is_seen() -> None:
    lab = load("first-step")
    reported = lab.reported[0]
    row = next(iter(rows(["first-step"], with_mistake)))
    assert row.published == reported.value
    assert row.agrees
    from stepper.train.ledger import _agrees

    assert not _agrees(Decimal("7.0001"), 7.0)
    assert not _agrees(Decimal("0.0214"), 0.021469535)
    assert _agrees(Decimal("0.0215"), 0.021469535)
