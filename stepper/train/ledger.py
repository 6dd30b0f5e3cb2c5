"""The ledger: every number published about a lab, beside the one computed here."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from stepper.labs.reported import Reported
from stepper.train.experiment import Experiment, Switch, experiments


@dataclass(frozen=True, slots=True)
class Row:
    """One published number. `digits` of it agree with ours; `agrees` says that all of them do, or,
    if the author's start is unknown, that random starts here give such numbers."""

    lab: str
    mistake: str
    """The mistake that was switched on to get it; usually none."""
    quantity: str
    epoch: int
    published: Decimal
    ours: float | None
    """None if it cannot be reproduced, and the note says why."""
    digits: int
    of_digits: int
    agrees: bool
    explained: bool
    """Whether ours differs, but is the number that the note gives and explains."""
    note: str
    source: str
    verdict: str = ""
    """Where the published number stands among many starts: IN, edge or OUT."""
    median: float | None = None
    band: tuple[float, float] | None = None


def rows(
    names: Iterable[str],
    with_mistake: Switch,
    known: Mapping[str, float] | None = None,
    began: Callable[[str], object] = lambda label: None,
) -> Iterator[Row]:
    """The rows of some labs, one experiment at a time, in the order of their epochs.

    Slow numbers are included only if they are `known`, by their keys. `began` is called with each
    experiment's label before it runs.
    """
    for experiment in (e for name in names for e in experiments(name)):
        began(experiment.label)
        quick = [r for r in experiment.reported if not r.slow]
        found = dict(experiment.measured(with_mistake, quick))
        for r in experiment.reported:
            if known and r.slow and (key := experiment.key(r)) in known:
                found[r] = known[key]
            if r in found:
                yield _row(experiment, r, found[r])


def _row(experiment: Experiment, reported: Reported, ours: float | None) -> Row:
    of_digits = len(reported.value.as_tuple().digits)
    verdict = reported.verdict
    same = ours is not None and _agrees(reported.value, ours)
    agrees = verdict == "IN" if verdict else same
    known = ours is None or bool(verdict)
    promised = known or (reported.ours is not None and _agrees(reported.ours, ours or 0.0))
    return Row(
        lab=experiment.label,
        mistake=reported.mistake,
        quantity=reported.quantity,
        epoch=reported.epoch,
        published=reported.value,
        ours=ours,
        digits=of_digits if same else _same_digits(reported.value, ours),
        of_digits=of_digits,
        agrees=agrees,
        explained=bool(reported.note) and promised,
        note=reported.note,
        source=reported.source,
        verdict=verdict,
        median=reported.median,
        band=reported.band,
    )


def _agrees(published: Decimal, ours: float) -> bool:
    """Whether they are equal to half a unit of the last published digit, or to float64's precision.

    A whole number was published as exactly that; a published nan agrees with nan or inf.
    """
    if published.is_nan() or not np.isfinite(ours):
        return published.is_nan() and not np.isfinite(ours)
    exponent = published.as_tuple().exponent
    assert isinstance(exponent, int)
    unit = Decimal(10) ** exponent if exponent < 0 else Decimal(0)
    off = abs(Decimal(ours) - published)
    least = max(abs(published), Decimal(1)) * Decimal(float(8 * np.finfo(np.float64).eps))
    return off <= max(unit / 2, least)


def _same_digits(published: Decimal, ours: float | None) -> int:
    """How many leading digits agree, up to rounding."""
    if published.is_nan() or not published or ours is None or not np.isfinite(ours):
        return 0
    off = abs(Decimal(ours) - published) / abs(published)
    return max(0, int(-(off * 2).log10())) if off else len(published.as_tuple().digits)
