"""An experiment: one training of a lab, and all numbers that were published about it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256

from stepper.labs.lab import Lab
from stepper.labs.load import load
from stepper.labs.reported import Reported
from stepper.labs.source import LabFile, plain, read
from stepper.labs.spec import parts
from stepper.program.shell import quoted
from stepper.train.measures import Heard, Measuring, unheard

Switch = Callable[[Lab, str], Lab]
"""Switches a mistake, given by its id, on in a lab."""

SAID = ("title", "about", "reported", "variants")
"""The tables of a lab file that no number depends on; the variant is merged by then."""


@dataclass(frozen=True, slots=True)
class Experiment:
    """One training of a lab, and the numbers published about it, in the order of their epochs."""

    lab: str
    """The lab and its variant: `half-mse:wide`."""
    settings: Mapping[str, str]
    mistake: str
    reported: tuple[Reported, ...]

    @property
    def label(self) -> str:
        """The lab with all settings, as they would be typed."""
        words = [f"--set {quoted(f'{key}={value}')}" for key, value in self.settings.items()]
        return " ".join((self.lab, *words))

    def key(self, reported: Reported) -> str:
        """A digest of everything in the lab that a number depends on, its data file included."""
        file = read(self.lab)
        tables = {k: v for k, v in file.tables.items() if k not in SAID}
        made = plain(tables), _points(file), dict(self.settings), self.mistake
        asked = reported.quantity, reported.epoch, reported.sample, reported.measure
        return sha256(repr((made, asked, reported.epsilon)).encode()).hexdigest()

    def measured(
        self, with_mistake: Switch, asked: Iterable[Reported], heard: Heard = unheard
    ) -> Iterator[tuple[Reported, float | None]]:
        """Our number for each reported one that is asked for, in the order of their epochs.

        `with_mistake` switches a mistake on; `heard` is told after each epoch how many were run.
        """
        wanted = list(asked)
        if not wanted:
            return
        lab = load(self.lab, sets=self.settings)
        lab = with_mistake(lab, self.mistake) if self.mistake else lab
        measuring = Measuring(lab, heard)
        for reported in wanted:
            yield reported, measuring.of(reported)


def _points(file: LabFile) -> bytes:
    """The bytes of the lab's data file; empty if it has none."""
    csv = file.table("data").get("csv")
    return b"" if csv is None else (file.path.parent / str(csv)).read_bytes()


def experiments(name: str) -> Iterator[Experiment]:
    """The experiments of a lab, or of one variant of it, about which something was published."""
    stem, variant = parts(name)
    groups: dict[object, list[Reported]] = {}
    for r in load(name).reported:
        if variant in ("", r.variant):
            groups.setdefault((r.variant, r.mistake, tuple(r.settings.items())), []).append(r)
    for group in groups.values():
        first = group[0]
        lab = f"{stem}:{first.variant}" if first.variant else stem
        in_order = tuple(sorted(group, key=lambda r: r.epoch))
        yield Experiment(lab, first.settings, first.mistake, in_order)


def slow(names: Iterable[str]) -> int:
    """How many of the published numbers of these labs are slow to compute."""
    return sum(r.slow for name in names for e in experiments(name) for r in e.reported)
