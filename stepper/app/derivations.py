"""What is known of derivations: built and proved beside the screen, and kept. No screen here."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property, lru_cache
from math import prod
from typing import TYPE_CHECKING

from stepper.app.snapshot import Snapshot
from stepper.calculus.adjoint import Forward
from stepper.expr.errors import FormulaError
from stepper.expr.sentence import Sentence
from stepper.ops.card import Index
from stepper.program.program import Line

if TYPE_CHECKING:  # not imported before the first frame, which shows none of it
    from stepper.calculus.derivation import Derivation
    from stepper.calculus.lines import Explained
    from stepper.calculus.prove import Check

MOST_TERMS = 400
"""An entry whose chain rule goes through more entries than this is not proved while one waits."""


class Key:
    """What makes two places the same; its formulas are gone through once for all look-ups."""

    __slots__ = ("_hash", "of")

    def __init__(self, of: Hashable) -> None:
        self.of, self._hash = of, hash(of)

    def __hash__(self) -> int:
        return self._hash

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Key) and self.of == other.of


class Place:
    """A line of a program, how large its names are, and the entry that is looked at."""

    def __init__(
        self, forward: Forward, line: Line, sizes: Mapping[str, tuple[int, ...]], index: Index
    ) -> None:
        self.forward, self.line, self.sizes, self.index = forward, line, sizes, index

    @cached_property
    def key(self) -> Key:
        line = self.line
        known = line.target, line.tree, line.of, line.through, line.phase
        return Key((known, tuple(self.sizes.items()), self.index))


@lru_cache(maxsize=2)
def place_of(now: Snapshot) -> Place | None:
    """Where one is; None before the first step. Inside a step every line is there to be defined."""
    if now.step is None:
        return None
    line = now.trace.program.lines[now.step.line - 1]
    if now.outer is not None:
        line = replace(line, of=None)
    elif now.trace.program.altered is not None:
        line = _as_it_should_be(now, line)
    index = now.entry if now.step.last else (0, 0)
    return Place(now.lab.right.forward, line, now.trace.shapes, index)


def _as_it_should_be(now: Snapshot, line: Line) -> Line:
    """A line that may be wrong on purpose, with what the right one is the derivative of."""
    lines = now.lab.right.program.phase(line.phase)
    right = next((r for r in lines if (r.target, r.of) == (line.target, line.of)), line)
    return replace(line, through=right.through)


class Derivations:
    """Every derivation that was asked for, and as many proofs as there are so far.

    Threads may add to it while another reads: one that was left is still at its last line when the
    next begins. What is added stands under what it is of, and never changes.
    """

    def __init__(self) -> None:
        self.news = 0
        """Grows with everything that becomes known."""
        self._explained: dict[Hashable, Explained | Sentence] = {}
        self._checks: dict[Hashable, dict[int, Check]] = {}
        self._found: dict[Derivation, dict[int, Check]] = {}
        self._entries: dict[Hashable, Check] = {}

    def of(self, place: Place) -> Explained | Sentence | None:
        """What is behind a line, or why nothing can be shown; None before it is built."""
        return self._explained.get(place.key)

    def proofs(self, explained: Explained) -> Mapping[Derivation, Sequence[Check]]:
        """The checks of its lines so far, those of finer lines too."""
        every = (d for first in explained.derivations for d in first.all())
        return {d: tuple(self._of(d).values()) for d in every}

    def entry_proof(self, place: Place) -> Check | None:
        """Whether the line's formula of the entry is what the chain rule says."""
        return self._entries.get(place.key)

    def is_proved(self, place: Place) -> bool:
        """Whether there is nothing left to find out."""
        explained = self.of(place)
        if explained is None or isinstance(explained, Sentence):
            return explained is not None
        whole = all(len(found) == len(d.lines) for d, found in self.proofs(explained).items())
        return whole and (not provable(place) or place.key in self._entries)

    def build(self, place: Place) -> None:
        """Derive what is behind a line; the same line of another trace is known already."""
        from stepper.calculus.lines import derivation_of_line

        if place.key in self._explained:
            return
        built: Explained | Sentence
        try:
            built = derivation_of_line(place.forward, place.line, place.sizes, place.index)
        except FormulaError as error:
            built = error.sentence
        self._explained.setdefault(place.key, built)
        self.news += 1

    def prove(self, place: Place) -> Iterator[None]:
        """Prove line after line, the formula of the entry last; a pause after each."""
        from stepper.calculus.prove import check

        explained = self.of(place)
        if explained is None or isinstance(explained, Sentence):
            return
        for d in [d for first in explained.derivations for d in first.all()]:
            trees, found = d.trees(), self._of(d)
            for n in (n for n in range(len(d.lines)) if n not in found):
                found.setdefault(n, check(trees[n], trees[n + 1], d))
                self.news += 1
                yield
        if provable(place) and place.key not in self._entries:
            self._entries.setdefault(place.key, _entry(place))
            self.news += 1

    def _of(self, d: Derivation) -> dict[int, Check]:
        """The checks of a derivation by its lines, one after the other from the first.

        The same formulas are proved once.
        """
        if d not in self._found:
            key = d.trees(), tuple(d.where.items()), tuple(d.assumed.items())
            self._found[d] = self._checks.setdefault(key, {})
        return self._found[d]


def provable(place: Place) -> bool:
    """Whether the chain rule can be held against the line, which must not be too long."""
    if place.line.phase != "backward" or place.line.of is None or not place.line.through:
        return False
    return sum(prod(place.sizes.get(name, ())) for name in place.line.through) <= MOST_TERMS


def _entry(place: Place) -> Check:
    from stepper.calculus.lines import entry_rule
    from stepper.calculus.prove import Check, check

    try:
        return check(*entry_rule(place.forward, place.line, place.sizes, place.index))
    except FormulaError:
        return Check("unknown")
