"""The tables and keys a lab file may have; an unknown one is refused with its place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from stepper.expr.errors import StepperError, near
from stepper.language.tokens import spelled

if TYPE_CHECKING:
    from stepper.labs.source import LabFile

MAX_DIGITS = 18
"""The most digits of a whole number: TOML promises no more than 64 bits."""

_TEXTS = ("title", "about")
_KEYS: Mapping[str, tuple[str, ...] | None] = {
    "data": None,
    "sizes": None,
    "constants": None,
    "functions": None,
    "parameters": None,
    "program": ("forward", "backward", "update"),
    "training": (
        "optimizer", "schedule", "batch", "order", "epochs", "stop", "seed", "fixed", "predict",
        "gradients",
    ),
    "metrics": None,
    "variants": None,
}  # fmt: skip
"""The tables of a lab file with their keys; None if the author chooses the keys."""
_NAMING = {"sizes", "constants", "functions", "parameters", "metrics"}
"""The tables whose keys are names in formulas."""


def check_keys(file: LabFile) -> None:
    """Raises StepperError for an unknown key, or if a table or a text has another type."""
    known = (*_TEXTS, "reported", *_KEYS)
    for key, value in file.tables.items():
        if key not in known:
            raise file.refuse("", key, "there is no `{key}` in a lab file.{near}",
                              key=key, near=near(key, known))  # fmt: skip
        _check_value(file, key, value)
    for row in _rows(file):
        for key, value in row.items():
            _check_digits(file, "reported", key, value)


def _check_value(file: LabFile, key: str, value: Any) -> None:
    """Checks the value of a key at the top level of a file or of a variant."""
    if key in _TEXTS and not isinstance(value, str):
        raise file.refuse("", key, "{key} is a text, in quotation marks", key=key)
    if key in _KEYS:
        _check_table(file, key, value)


def _check_digits(file: LabFile, place: str, key: str, value: Any) -> None:
    if any(abs(n) >= 10**MAX_DIGITS for n in _whole_numbers(value)):
        raise too_long(file.where(place, key))


def too_long(where: str) -> StepperError:
    """The error for a number with more digits than can be read."""
    return StepperError(
        "a number here is too long: a whole number has {most} digits at most, an exponent 3",
        where=where, most=MAX_DIGITS,
    )  # fmt: skip


def _whole_numbers(value: Any) -> Iterator[int]:
    """All whole numbers in a value, however deeply nested."""
    if isinstance(value, int):
        yield value
    elif isinstance(value, dict | list):
        for part in value.values() if isinstance(value, dict) else value:
            yield from _whole_numbers(part)


def _rows(file: LabFile) -> list[dict[str, Any]]:
    rows = file.tables.get("reported", [])
    if isinstance(rows, list) and all(isinstance(row, dict) for row in rows):
        return rows
    raise file.refuse(
        "", "reported", "a published number is a table of its own: write [[reported]] above its "
        "quantity and its value",
    )  # fmt: skip


def _check_table(file: LabFile, name: str, value: Any) -> None:
    if not isinstance(value, dict):
        raise file.refuse("", name, "`{name}` is a table: write [{name}]", name=name)
    if name == "variants":
        for variant, tables in value.items():
            if not isinstance(tables, dict):
                raise file.refuse(name, variant, "a variant is a table: [variants.{variant}]",
                                  variant=variant)  # fmt: skip
            inside = file._replace(variant=variant)
            for table, content in tables.items():
                if table not in (*_KEYS, *_TEXTS):
                    raise inside.refuse("", table, "there is no `{key}` in a lab file", key=table)
                _check_value(inside, table, content)
        return
    allowed = _KEYS[name]
    for key, inside in value.items():
        _check_digits(file, name, key, inside)
        if allowed is not None and key not in allowed:
            raise file.refuse(name, key, "there is no `{key}` in [{table}].{near}",
                              key=key, table=name, near=near(key, allowed))  # fmt: skip


def with_names_spelled(file: LabFile, tables: Mapping[str, Any]) -> dict[str, Any]:
    """The tables, variants included, with every name spelled as formulas keep it: `ε` for `ϵ`."""
    result = dict(tables)
    for table in _NAMING & tables.keys():
        result[table] = {}
        for key, value in tables[table].items():
            if spelled(key) in result[table]:
                raise file.refuse(table, key, "`{key}` is there twice", key=spelled(key))
            result[table][spelled(key)] = value
    if "variants" in tables:
        result["variants"] = {
            name: with_names_spelled(file._replace(variant=name), variant)
            for name, variant in tables["variants"].items()
        }
    return result
