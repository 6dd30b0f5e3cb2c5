"""The ledger: every number somebody published of a lab, beside what comes out here."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from stepper.calculus.adjoint import gradient
from stepper.calculus.numeric import central, distance
from stepper.expr.tree import Name
from stepper.labs.lab import Lab, Reported
from stepper.labs.load import load
from stepper.language.parse import parse
from stepper.train.loop import State, quantity
from stepper.train.running import epochs


@dataclass(frozen=True, slots=True)
class Row:
    """One published number. `digits` of it agree with ours; `agrees` means all of them do."""

    lab: str
    mistake: str
    """The mistake that was switched on to get it; mostly none."""
    quantity: str
    epoch: int
    published: Decimal
    ours: float
    digits: int
    of_digits: int
    agrees: bool
    explained: bool
    """Ours differs, the note says why, and ours is the number that the note promises."""
    note: str
    source: str


def rows(names: Iterable[str], with_mistake: Callable[[Lab, str], Lab]) -> Iterator[Row]:
    """The rows of some labs, a lab, a variant and a mistake at a time, in the order of their
    epochs; `with_mistake` switches a mistake on."""
    for name in names:
        lab = load(name)
        for variant, mistake in dict.fromkeys((r.variant, r.mistake) for r in lab.reported):
            spec = f"{name}:{variant}" if variant else name
            wanted = [r for r in lab.reported if (r.variant, r.mistake) == (variant, mistake)]
            made = with_mistake(load(spec), mistake) if mistake else load(spec)
            yield from _rows(made, spec, wanted)


def _rows(lab: Lab, spec: str, wanted: list[Reported]) -> Iterator[Row]:
    last = max(r.epoch for r in wanted)
    for state in epochs(lab):
        for reported in wanted:
            if reported.epoch == state.epoch:
                yield _row(spec, reported, _measured(lab, state, reported))
        if state.epoch == last:
            return


def _measured(lab: Lab, state: State, reported: Reported) -> float:
    if reported.measure == "gradient-check":
        return gradient_check(lab, reported.epsilon)
    tree = parse(reported.quantity, layout=lab.layout)
    which = None if reported.sample is None else [reported.sample]
    return float(quantity(lab, state, tree, which))


def gradient_check(lab: Lab, epsilon: float) -> float:
    """How far the walked backward program is from central differences, over all parameters."""
    code = lab.code
    values = code.run(lab.given())
    loss = lab.forward.loss
    trained = [p for p in lab.parameters if p not in lab.training.fixed]
    claimed = {p: values[code.names[gradient(loss, p)][0]] for p in trained}
    slot = code.names[Name(loss).id][0]

    def loss_of(parameters: dict[str, float]) -> float:
        return float(code.run(lab.given(None, parameters))[slot])

    tried = {p: central(loss_of, lab.parameters, p, epsilon) for p in trained}  # type: ignore[arg-type]
    return distance(claimed, tried)


def _row(spec: str, reported: Reported, ours: float) -> Row:
    of_digits = len(reported.value.as_tuple().digits)
    agrees = _agrees(reported.value, ours)
    promised = reported.ours is not None and _agrees(reported.ours, ours)
    return Row(
        lab=spec,
        mistake=reported.mistake,
        quantity=reported.quantity,
        epoch=reported.epoch,
        published=reported.value,
        ours=ours,
        digits=of_digits if agrees else _same_digits(reported.value, ours),
        of_digits=of_digits,
        agrees=agrees,
        explained=bool(reported.note) and promised,
        note=reported.note,
        source=reported.source,
    )


def _agrees(published: Decimal, ours: float) -> bool:
    """Equal to half a unit of the last published digit, or to what float64 can hold.

    A whole number was published as exactly that.
    """
    exponent = published.as_tuple().exponent
    assert isinstance(exponent, int)
    unit = Decimal(10) ** exponent if exponent < 0 else Decimal(0)
    off = abs(Decimal(ours) - published)
    least = max(abs(published), Decimal(1)) * Decimal(float(8 * np.finfo(np.float64).eps))
    return off <= max(unit / 2, least)


def _same_digits(published: Decimal, ours: float) -> int:
    """How many leading digits agree, rounding allowed."""
    if not published or not np.isfinite(ours):
        return 0
    off = abs(Decimal(ours) - published) / abs(published)
    return max(0, int(-(off * 2).log10())) if off else len(published.as_tuple().digits)
