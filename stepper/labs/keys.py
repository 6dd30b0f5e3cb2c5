"""The tables and keys that a lab file may have: an unknown one is refused where it stands."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from stepper.expr.errors import near

if TYPE_CHECKING:
    from stepper.labs.source import LabFile

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
"""The tables of a lab file; None where the keys are names of the author's choice."""
_REPORTED = (
    "quantity", "epoch", "sample", "value", "source", "note", "variant", "mistake", "ours",
    "measure", "epsilon", "settings", "median", "band", "percentile", "slow",
)  # fmt: skip


def check_keys(file: LabFile) -> None:
    """Raises StepperError for a key that does not exist, and a table that is none."""
    known = ("title", "about", "reported", *_KEYS)
    for key, value in file.tables.items():
        if key not in known:
            raise file.refuse("", key, "there is no `{key}` in a lab file.{near}",
                              key=key, near=near(key, known))  # fmt: skip
        if key in _KEYS:
            _check_table(file, key, value)
    for row in file.tables.get("reported", []):
        for key in row:
            if key not in _REPORTED:
                raise file.refuse("reported", key, "there is no `{key}` in [[reported]].{near}",
                                  key=key, near=near(key, _REPORTED))  # fmt: skip


def _check_table(file: LabFile, name: str, value: Any) -> None:
    if not isinstance(value, dict):
        raise file.refuse("", name, "`{name}` is a table: write [{name}]", name=name)
    if name == "variants":
        for variant, tables in value.items():
            if not isinstance(tables, dict):
                raise file.refuse(name, variant, "a variant is a table: [variants.{variant}]",
                                  variant=variant)  # fmt: skip
            for table, content in tables.items():
                if table not in _KEYS and table not in ("title", "about"):
                    raise file.refuse(f"variants.{variant}", table,
                                      "there is no `{key}` in a lab file", key=table)  # fmt: skip
                if table in _KEYS:
                    _check_table(file, table, content)
        return
    allowed = _KEYS[name]
    for key in value:
        if allowed is not None and key not in allowed:
            raise file.refuse(name, key, "there is no `{key}` in [{table}].{near}",
                              key=key, table=name, near=near(key, allowed))  # fmt: skip
