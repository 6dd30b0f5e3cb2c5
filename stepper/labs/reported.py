"""The published numbers of a lab: the `[[reported]]` tables of its file."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from math import isfinite
from typing import Any, Literal

from stepper.expr.errors import StepperError, near
from stepper.expr.sentence import Sentence, say
from stepper.labs.source import LabFile

Kind = tuple[Callable[[Any], bool], Sentence]
"""The type check for a key's value, and what to say of the type it wants."""


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _is_count(value: Any) -> bool:
    return type(value) is int and value >= 0


def _is_number(value: Any) -> bool:
    return type(value) in (int, Decimal) and isfinite(value)


def _is_published(value: Any) -> bool:
    return _is_number(value) or (isinstance(value, Decimal) and value.is_nan())


def _is_above_0(value: Any) -> bool:
    return _is_number(value) and value > 0


def _is_pair(value: Any) -> bool:
    return isinstance(value, list) and len(value) == 2 and all(map(_is_number, value))


TEXT: Kind = _is_text, say("a text, in quotation marks")
COUNT: Kind = _is_count, say("a whole number from 0")
NUMBER: Kind = _is_number, say("a number")
PUBLISHED: Kind = _is_published, say("a number, or nan")
KINDS: Mapping[str, Kind] = {
    "quantity": TEXT, "value": PUBLISHED, "ours": PUBLISHED, "epoch": COUNT, "sample": COUNT,
    "source": TEXT, "note": TEXT, "variant": TEXT, "mistake": TEXT, "measure": TEXT,
    "epsilon": (_is_above_0, say("a number above 0")),
    "settings": (lambda value: isinstance(value, dict), say("a table: {{ lr = 0.5 }}")),
    "median": NUMBER, "percentile": NUMBER,
    "band": (_is_pair, say("two numbers: [0.1, 0.2]")),
    "slow": (lambda value: isinstance(value, bool), say("true or false")),
}  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class Reported:
    """A published number: the quantity, the epoch at which it was taken, and its digits."""

    quantity: str
    value: Decimal
    epoch: int = 0
    sample: int | None = None
    source: str = ""
    note: str = ""
    variant: str = ""
    mistake: str = ""
    """The mistake that produces the number, `ID` or `ID@LINE`."""
    ours: Decimal | None = None
    """The correct number, if the published digits are wrong and the note says why."""
    measure: str = "quantity"
    epsilon: float = 1e-7
    settings: Mapping[str, str] = field(default_factory=dict)
    """The settings changed in the lab for this number, as `--set` changes them."""
    median: float | None = None
    """The median over many random starts, if the author's own start is unknown."""
    band: tuple[float, float] | None = None
    """The range of 8 in 10 of the starts: one in ten is below, one in ten above."""
    percentile: float | None = None
    """How many of 100 starts give less than the published number."""
    slow: bool = False
    """Whether it takes more than a second or two."""

    @property
    def verdict(self) -> Literal["", "IN", "edge", "OUT"]:
        """Where the published number stands among many starts; empty if there is only one start.

        IN: among the middle 8 in 10; edge: further out; OUT: beyond all of them.
        """
        if self.band is None and self.percentile is None:
            return ""
        low, high = self.band or (10, 90)
        if low <= (float(self.value) if self.band else self.percentile or 0) <= high:
            return "IN"
        return "OUT" if self.percentile in (0, 100) else "edge"


def reported(file: LabFile) -> Iterator[Reported]:
    """Every published number of the file. Raises StepperError with file and line."""
    for n, row in enumerate(file.tables.get("reported", [])):
        for key in row:
            if key not in KINDS:
                raise file.refuse("reported", key, "there is no `{key}` in [[reported]].{near}",
                                  key=key, near=near(key, KINDS))  # fmt: skip
        _check(row, file.where_row("reported", n))
        yield Reported(**{key: _plain(key, value) for key, value in row.items()})


def _check(row: Mapping[str, Any], where: str) -> None:
    if not {"quantity", "value"} <= row.keys():
        raise StepperError("[[reported]] wants a `quantity` and a `value`", where=where)
    for key, value in row.items():
        fits, kind = KINDS[key]
        if not fits(value):
            raise StepperError("`{key}` of [[reported]] is {kind}", where=where, key=key, kind=kind)
    if row.get("slow") and row.get("measure") == "lost":
        raise StepperError(
            "{quantity} is lost, so it is not measured and takes no time: "
            "leave out `slow`, or write another `measure`",
            where=where, quantity=row["quantity"],
        )  # fmt: skip


def _plain(key: str, value: Any) -> Any:
    """A value in the form the record keeps: published digits and settings as they were written."""
    if key in ("value", "ours"):
        return Decimal(value)
    if key == "settings":
        return {name: str(setting) for name, setting in value.items()}
    if key == "band":
        return tuple(map(float, value))
    return float(value) if isinstance(value, Decimal) else value
