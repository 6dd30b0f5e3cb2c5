"""The changes that the command line makes to a lab file: `--set`, `--data`, `--seed`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation
from math import isfinite
from typing import Any

from stepper.expr.errors import StepperError, near
from stepper.labs.calls import CardCall, read_call
from stepper.labs.datasets import DATASETS, dataset_named
from stepper.labs.optimizers import OPTIMIZERS
from stepper.labs.schedules import SCHEDULES
from stepper.labs.source import LabFile
from stepper.language.tokens import spelled

_WORDS = ("optimizer", "schedule", "order", "stop")
"""The training settings that are text, and those that are numbers."""
_COUNTS = ("batch", "epochs")
_NUMBER = re.compile(r"\s*[-+]?[\d.]+(e[-+]?\d+)?\s*", re.IGNORECASE)


def changed(file: LabFile, table: str, key: str, value: Any) -> LabFile:
    return file._replace(tables={**file.tables, table: {**file.table(table), key: value}})


def with_data(file: LabFile, name: str) -> LabFile:
    dataset_named(name)
    kept = {k: v for k, v in file.table("data").items() if k == "layout"}
    return file._replace(tables={**file.tables, "data": {**kept, "set": name}})


def with_settings(file: LabFile, sets: Mapping[str, str]) -> LabFile:
    for key, typed in zip(map(spelled, sets), sets.values(), strict=True):
        place = settable(file).get(key)
        if place is None:
            raise StepperError(
                "--set {key}: the lab {name} has no such setting.{near} It has {all}",
                key=key, name=file.name, near=near(key, settable(file)),
                all=", ".join(sorted(settable(file))),
            )  # fmt: skip
        file = _set(file, place, key, typed)
    return file


def _set(file: LabFile, place: str, key: str, typed: str) -> LabFile:
    if _is_worded(file, place, key, typed):
        return changed(file, place, key, typed)
    number = _number(key, typed)
    if place in ("optimizer", "schedule"):
        return changed(file, "training", place, _call_with(file, place, key, number))
    return changed(file, place, key, number)


def _is_worded(file: LabFile, place: str, key: str, typed: str) -> bool:
    """Whether a setting is kept as text: a function, a draw of initial values, a training word."""
    if place == "parameters":
        return isinstance(file.table(place)[key], str | list) or not _NUMBER.fullmatch(typed)
    return place == "functions" or key in _WORDS or (key, typed) == ("batch", "full")


def _number(key: str, typed: str) -> int | float:
    try:
        value = Decimal(typed)
        if value.is_nan() or not isfinite(value):  # as a float64: 1e400 overflows
            raise InvalidOperation
    except InvalidOperation:
        raise StepperError("--set {key}: `{typed}` is no number", key=key, typed=typed) from None
    return int(value) if value == value.to_integral_value() and "." not in typed else float(value)


def _call_with(file: LabFile, place: str, key: str, number: float) -> str:
    """The optimizer's or schedule's text with one setting changed."""
    call = card_call(file, place)
    settings = {**call.settings, key: number}
    return f"{call.name}({', '.join(f'{k}={v!r}' for k, v in settings.items())})"


def card_call(file: LabFile, place: str) -> CardCall:
    default = {"optimizer": "gd()", "schedule": "constant"}[place]
    words = {**file.table("sizes"), **file.table("constants")}
    with file.at("training", place):
        return read_call(str(file.table("training").get(place, default)), words)


def settable(file: LabFile) -> dict[str, str]:
    """Every name that `--set` accepts, with the table it belongs to.

    Raises StepperError if two tables share a name.
    """
    found: dict[str, str] = {}
    for place, keys in _namespaces(file):
        for key in keys:
            if key in found:
                raise file.refuse(
                    place, key, "`{key}` is set twice: in {first} and in {second}",
                    key=key, first=found[key], second=place,
                )  # fmt: skip
            found[key] = place
    return found


def _namespaces(file: LabFile) -> Iterable[tuple[str, Iterable[str]]]:
    for place in ("sizes", "constants", "functions", "parameters"):
        yield place, file.table(place)
    yield "training", (*_WORDS, *_COUNTS)
    card = DATASETS.get(str(file.table("data").get("set")))
    yield "data", card.settings if card else ()
    optimizer = OPTIMIZERS.get(card_call(file, "optimizer").name)
    yield "optimizer", optimizer.settings if optimizer else ()
    schedule = SCHEDULES.get(card_call(file, "schedule").name)
    yield "schedule", schedule.settings if schedule else ()
