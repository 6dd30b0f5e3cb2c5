"""The debugger's state file: what is kept of every lab, and whether the hint was shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from hashlib import sha256
from typing import Any, NamedTuple

from stepper.app.kept import Kept, kept, merged, restored
from stepper.app.snapshot import Snapshot
from stepper.expr.sentence import Sentence
from stepper.labs.lab import Lab
from stepper.labs.spec import identity
from stepper.program.cursor import LEVELS
from stepper.program.store import Store

STORE = Store("debugger", 1)
MOST = 200
"""The number of labs remembered, those left last."""


class Memory(NamedTuple):
    """What was kept of a lab when it was opened."""

    key: str
    digest: str
    known: Kept | None = None
    hinted: bool = False
    """Whether the hint for the first run has been shown before."""
    said: Sentence | None = None
    """Why something could not be read, if so."""

    def opened(self, first: Snapshot, *, place: bool) -> Snapshot:
        """The first frame as it was left; `place` is False if the command line names the place."""
        there = replace(first, message=None) if self.hinted else first
        if self.known is not None:
            there = restored(there, self.known, place=place)
        return replace(there, message=self.said) if self.said else there

    def keep(self, first: Snapshot, now: Snapshot) -> Sentence | None:
        """Keeps the state of a lab that was opened with `first`, without undoing what another app
        has kept meanwhile; returns a message if that is not possible.
        """
        before, mine = kept(first), kept(now)

        def change(content: dict[str, Any]) -> dict[str, Any]:
            labs = _labs(content)
            there = _kept_in(labs.pop(self.key, None), self.digest)
            record = as_record(merged(there, before, mine), self.digest)
            newest = dict([*labs.items(), (self.key, record)][-MOST:])
            return {**content, "hinted": True, "labs": newest}

        return STORE.change(change)


def memory_of(lab: Lab) -> Memory:
    """What is kept of a lab; nothing if it was kept of an older program of the same name."""
    content, said = STORE.read()
    name, mark = identity(lab.name), digest(lab)
    known = _kept_in(_labs(content).get(name), mark)
    return Memory(name, mark, known, content.get("hinted") is True, said)


def _labs(content: Mapping[str, Any]) -> dict[str, Any]:
    labs = content.get("labs")
    return dict(labs) if isinstance(labs, dict) else {}


def _kept_in(record: Any, mark: str) -> Kept | None:
    """A record of the same program; None if it is of another one or cannot be parsed."""
    if not isinstance(record, dict) or record.get("digest") != mark:
        return None
    try:
        return from_record(record)
    except ValueError:
        return None


def digest(lab: Lab) -> str:
    """A hash of a lab's program: what was kept of a program that has changed is not restored."""
    return sha256(lab.program.text().encode()).hexdigest()[:16]


def as_record(kept: Kept, mark: str) -> dict[str, Any]:
    """The record as JSON data."""
    return {
        "digest": mark, "sample": kept.sample, "stop": list(kept.stop), "level": kept.level,
        "entry": list(kept.entry), "breaks": {str(n): said for n, said in kept.breaks.items()},
        "watches": list(kept.watches),
    }  # fmt: skip


def from_record(record: Any) -> Kept:
    """The record in JSON data. Raises ValueError if there is none."""
    try:
        sample, level, watches = record["sample"], record["level"], tuple(record["watches"])
        breaks = {int(n): said for n, said in record["breaks"].items()}
        stop, entry = _pair(record["stop"]), _pair(record["entry"])
    except (TypeError, KeyError, AttributeError) as error:
        raise ValueError("no record") from error
    if not (sample is None or type(sample) is int) or level not in LEVELS:
        raise ValueError("no record")
    if not all(isinstance(said, str) for said in (*watches, *breaks.values())):
        raise ValueError("no record")
    return Kept(sample, stop, level, entry, breaks, watches)


def _pair(value: Any) -> tuple[int, int]:
    first, second = value
    if type(first) is not int or type(second) is not int:
        raise ValueError("no record")
    return first, second
