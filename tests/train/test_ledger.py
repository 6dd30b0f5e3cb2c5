"""Every number that was published of a lab comes out, at every published digit, or is explained."""

from collections import Counter
from decimal import Decimal

import pytest

from stepper.check.switch import with_mistake
from stepper.expr.errors import StepperError
from stepper.labs.load import load
from stepper.labs.reported import Reported
from stepper.labs.source import lab_names
from stepper.language.parse import parse
from stepper.show.ledger import table
from stepper.train.experiment import experiments, slow
from stepper.train.ledger import Row, rows
from stepper.train.measures import Measuring
from stepper.train.running import Run

WORKED = {
    "mazur": 77, "xor-symmetric": 33, "circuits": 6, "circuits-neuron": 8, "circuits-staged": 3,
    "gradient-check": 3, "micrograd": 7, "micrograd-neuron": 5, "first-step": 8, "zhou": 4,
    "xor-trace": 6, "two-hidden": 22, "nielsen": 6,
}  # fmt: skip
"""How many published numbers there are of each worked example: none may be lost."""

REPORTS = {
    "bce-momentum": 26, "half-mse": 24, "three-hidden": 29, "online-momentum": 23,
    "folded-bias": 19,
}  # fmt: skip
"""And of each lab report, those that take long included."""


@pytest.fixture(scope="module")
def ledger() -> list[Row]:
    return list(rows(lab_names(), with_mistake))


def test_every_row_agrees_or_is_explained(ledger: list[Row]) -> None:
    wrong = [r for r in ledger if not (r.agrees or r.explained)]
    assert not wrong


def test_no_published_number_is_lost(ledger: list[Row]) -> None:
    counted = Counter(r.lab.partition(":")[0] for r in ledger)
    assert all(counted[lab] >= n for lab, n in WORKED.items())


@pytest.mark.parametrize("name", REPORTS)
def test_no_number_of_a_report_is_lost(name: str) -> None:
    assert len(load(name).reported) >= REPORTS[name]


@pytest.mark.parametrize("name", REPORTS)
def test_every_slow_number_has_a_variant_and_settings_that_load(name: str) -> None:
    for r in load(name).reported:
        assert load(f"{name}:{r.variant}" if r.variant else name, sets=r.settings).parameters


@pytest.mark.parametrize("name", REPORTS)
def test_what_is_not_in_the_middle_has_a_reason(name: str) -> None:
    assert all(r.note for r in load(name).reported if r.verdict in ("edge", "OUT"))


def test_our_starts_lie_where_most_starts_do(ledger: list[Row]) -> None:
    """Eight in ten of them, as the brackets say, if the labs are what the reports describe."""
    among = [low <= (r.ours or 0) <= high for r in ledger if r.band for low, high in [r.band]]
    assert len(among) > 40
    assert 0.7 < sum(among) / len(among) < 1


@pytest.mark.parametrize(
    ("value", "band", "percentile", "verdict"),
    [
        ("0.5", (0.4, 0.6), 50, "IN"),
        ("0.7", (0.4, 0.6), 95, "edge"),
        ("0.7", (0.4, 0.6), 100, "OUT"),
        ("0.7", (0.4, 0.6), None, "edge"),
        ("0.7", None, 10, "IN"),
        ("0.7", None, 9, "edge"),
        ("0.7", None, 0, "OUT"),
        ("0.7", None, None, ""),
    ],
)
def test_the_verdict_of_a_number_among_many_starts(
    value: str, band: tuple[float, float] | None, percentile: float | None, verdict: str
) -> None:
    assert Reported("J", Decimal(value), band=band, percentile=percentile).verdict == verdict


def test_what_cannot_be_computed_again_is_no_number(ledger: list[Row]) -> None:
    lost = [r for r in ledger if r.ours is None]
    assert str(lost[0].published) == "0.00790854"
    assert all(r.explained and not r.agrees and r.digits == 0 for r in lost)
    assert "·" in table("", "", lost[:1])


def test_the_exact_numbers_of_the_reports(ledger: list[Row]) -> None:
    exact = {(r.lab, str(r.published)): r for r in ledger if not r.verdict}
    assert exact["bce-momentum:no-activation", "0.6920093402625231"].digits == 16
    assert exact["bce-momentum:relu", "0.0329023"].agrees
    assert exact["half-mse:no-activation", "NaN"].agrees
    assert exact["half-mse:no-activation --set lr=0.001", "0.124717"].agrees
    assert exact["half-mse", "1.00"].ours == pytest.approx(1, abs=1e-3)


def test_relu_without_a_bias_never_falls_below_its_floor() -> None:
    run = Run(load("bce-momentum:relu"), {"J": parse("J"), **load("bce-momentum:relu").metrics})
    for _ in range(20):
        run.advance(50)
        assert run.measured()["J"] > run.measured()["floor"]


def test_one_variant_only() -> None:
    assert {r.lab for r in rows(["folded-bias:linear"], with_mistake)} == {"folded-bias:linear"}
    assert slow(["half-mse:linear"]) < slow(["half-mse"])


@pytest.mark.slow
def test_numbers_that_take_seconds() -> None:
    """`stepper labs --ledger --full` runs all; those of three-hidden take minutes each."""
    known = {
        experiment.key(reported): ours
        for experiment in experiments("half-mse:linear")
        for reported, ours in experiment.measured(with_mistake, experiment.reported)
    }
    found = list(rows(["half-mse:linear"], with_mistake, known))
    assert {r.epoch for r in found} >= {20_000, 50_000}
    assert all(r.agrees or r.explained for r in found)


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


@pytest.mark.parametrize(
    ("lab", "published", "said"),
    [
        ("xor", {"quantity": "J + q"}, "there is no `q`"),
        ("xor", {"quantity": "W1"}, "must be a single number"),
        ("xor", {"quantity": "sum(W1 @ W1)"}, "inner sizes 2 and 4 differ"),
        ("xor", {"quantity": "J", "sample": 21}, "samples 0 to 20"),
        ("micrograd", {"quantity": "accuracy"}, "makes no predictions"),
    ],
)
def test_what_no_lab_measures_is_refused(lab: str, published: dict, said: str) -> None:
    with pytest.raises(StepperError, match=said):
        Measuring(load(lab)).of(Reported(value=Decimal(1), **published))
