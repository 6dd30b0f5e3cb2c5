"""A trained lab in a file: its weights, its optimizer's state, and its epoch."""

from __future__ import annotations

import csv
import io
import json
import os
import zipfile
from collections.abc import Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np

from stepper.expr.errors import StepperError
from stepper.expr.sentence import Sentence, say
from stepper.labs.lab import Lab
from stepper.labs.spec import identity
from stepper.ops.card import Value
from stepper.program.whole import write_whole
from stepper.train.loop import State, at

FORMAT = 1
MAX_BYTES = 500_000_000
_ABOUT, _PARAMETER, _MEMORY = "about", "parameter.", "memory."


def save(path: Path, lab: Lab, state: State) -> None:
    """Writes a state to a `.npz` file, whole or not at all. Raises StepperError."""
    about = {
        "format": FORMAT, "lab": lab.name, "file": _mark(lab.name),
        "epoch": state.epoch, "updates": state.updates,
    }  # fmt: skip
    arrays = {_ABOUT: np.array(json.dumps(about))}
    arrays |= {_PARAMETER + name: np.asarray(v) for name, v in state.parameters.items()}
    arrays |= {_MEMORY + name: np.asarray(v) for name, v in state.memory.items()}
    content = io.BytesIO()
    np.savez(content, **arrays)  # type: ignore[arg-type]
    _write(path, content.getvalue())


def save_table(path: Path, history: Sequence[tuple[int, Mapping[str, float]]]) -> None:
    """Writes the measures to a `.csv` file, one epoch a line. Raises StepperError."""
    content = io.StringIO()
    table = csv.writer(content, lineterminator="\n")
    table.writerow(["epoch", *history[0][1]])
    table.writerows([epoch, *map(repr, seen.values())] for epoch, seen in history)
    _write(path, content.getvalue().encode())


def _write(path: Path, content: bytes) -> None:
    try:
        write_whole(path, content)
    except OSError as error:
        raise StepperError(
            "cannot write {path}: {why}", path=str(path), why=error.strerror or "?"
        ) from None


def trained(lab: Lab, path: Path) -> Lab:
    """The lab with the weights in a file. Raises StepperError if it is another lab's."""
    arrays = _read(path)
    about = _about(path, arrays)
    if not _is_of(about, lab):
        raise StepperError(
            "{path} is a training of {theirs}, and this is {ours}",
            path=str(path), theirs=about["lab"], ours=lab.name,
        )  # fmt: skip
    parameters = _matching(path, arrays, _PARAMETER, lab.parameters)
    memory = _matching(path, arrays, _MEMORY, lab.state)
    return at(lab, State(about["epoch"], about["updates"], parameters, memory))


def _is_of(about: Mapping[str, Any], lab: Lab) -> bool:
    """Whether a saved training belongs to this lab, however its file was spelled then and now."""
    then = about.get("file", _mark(about["lab"]))  # older files know only what was typed
    return lab.name == about["lab"] or bool(then == _mark(lab.name))


def _mark(name: str) -> str:
    """Identifies a lab in a file that others may read, without revealing the lab's path."""
    return sha256(identity(name).encode("utf-8", "surrogateescape")).hexdigest()[:16]


def _read(path: Path) -> dict[str, Value]:
    try:
        with zipfile.ZipFile(path) as packed:
            if sum(part.file_size for part in packed.infolist()) > MAX_BYTES:
                raise StepperError("{path} is too large for a training", path=str(path))
        with np.load(path, allow_pickle=False) as file:
            return {name: file[name] for name in file.files}
    except OSError as error:
        raise StepperError(
            "cannot read {path}: {why}", path=str(path), why=error.strerror or "?"
        ) from None
    except (ValueError, EOFError, zipfile.BadZipFile, NotImplementedError, MemoryError):
        raise _no_training(path) from None


def _no_training(path: Path) -> StepperError:
    return StepperError(
        "{path} is no training that `stepper train LAB --save {path}` wrote", path=str(path)
    )


def _about(path: Path, arrays: Mapping[str, Value]) -> dict[str, Any]:
    """The metadata of a saved file, checked."""
    try:
        about: dict[str, Any] = json.loads(str(arrays[_ABOUT]))
        known = about["format"] <= FORMAT
        named = b"\0" not in os.fsencode(about["lab"])
        whole = named and all(type(about[k]) is int and about[k] >= 0 for k in ("epoch", "updates"))
    except (KeyError, ValueError, TypeError, RecursionError):
        raise _no_training(path) from None
    if not known:
        raise StepperError("{path} was written by a later stepper", path=str(path))
    if not whole:
        raise _no_training(path)
    return about


def _matching(
    path: Path, arrays: Mapping[str, Value], kind: str, ours: Mapping[str, Value]
) -> dict[str, Value]:
    """The arrays of one kind; their names and shapes must be the lab's."""
    theirs = {k.removeprefix(kind): v for k, v in arrays.items() if k.startswith(kind)}
    if theirs.keys() != ours.keys():
        raise StepperError(
            "{path} holds {theirs}, and this lab has {ours}: was it trained with other settings?",
            path=str(path), theirs=_listed(theirs), ours=_listed(ours),
        )  # fmt: skip
    for name, value in theirs.items():
        if np.shape(value) != np.shape(ours[name]):
            raise StepperError(
                "{name} is {theirs} in {path} and {ours} in this lab: was it trained with another "
                "--set?",
                name=name, path=str(path),
                theirs=_by(value), ours=_by(ours[name]),
            )  # fmt: skip
        if value.dtype != np.float64 or not np.isfinite(value).all():
            raise StepperError("{name} in {path} is not finite", name=name, path=str(path))
    return theirs


def _by(value: Value) -> str | Sentence:
    return "×".join(map(str, np.shape(value))) or say("a single number")


def _listed(names: Mapping[str, Value]) -> str:
    return ", ".join(names) or "-"
