"""An experiment: one training of a lab, and all that was published of it."""

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
"""Makes a lab with a mistake, named by its id, from one without."""

SAID = ("title", "about", "reported", "variants")
"""The tables of a lab file that no number depends on; the variant is among the others by then."""


@dataclass(frozen=True, slots=True)
class Experiment:
    """One training of a lab, and the numbers that were published of it, in their epochs' order."""

    lab: str
    """The lab, and its variant: `half-mse:wide`."""
    settings: Mapping[str, str]
    mistake: str
    reported: tuple[Reported, ...]

    @property
    def label(self) -> str:
        """The lab with all that is to be typed for it."""
        words = [f"--set {quoted(f'{key}={value}')}" for key, value in self.settings.items()]
        return " ".join((self.lab, *words))

    def key(self, reported: Reported) -> str:
        """Names a number by all of the lab that it depends on, its file of data too."""
        file = read(self.lab)
        tables = {k: v for k, v in file.tables.items() if k not in SAID}
        made = plain(tables), _points(file), dict(self.settings), self.mistake
        asked = reported.quantity, reported.epoch, reported.sample, reported.measure
        return sha256(repr((made, asked, reported.epsilon)).encode()).hexdigest()

    def measured(
        self, with_mistake: Switch, asked: Iterable[Reported], heard: Heard = unheard
    ) -> Iterator[tuple[Reported, float | None]]:
        """Our number for each that is asked, in their order, which is that of their epochs.

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
    """What the lab's file of data holds; nothing where the lab has none."""
    csv = file.table("data").get("csv")
    return b"" if csv is None else (file.path.parent / str(csv)).read_bytes()


def experiments(name: str) -> Iterator[Experiment]:
    """The experiments that something was published of, in a lab or in one variant of it."""
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
    """How many published numbers of these labs take long."""
    return sum(r.slow for name in names for e in experiments(name) for r in e.reported)
