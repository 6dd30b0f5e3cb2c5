"""Derivations and their proofs, built in the background and cached; no screen code here."""

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
"""An entry whose chain rule sums over more entries than this is not proved: it would take too
long."""


class Key:
    """The identity of a place, with its hash computed once: hashing formulas is slow."""

    __slots__ = ("_hash", "of")

    def __init__(self, of: Hashable) -> None:
        self.of, self._hash = of, hash(of)

    def __hash__(self) -> int:
        return self._hash

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Key) and self.of == other.of


class Place:
    """A line of a program, the shapes of its names, and the selected entry."""

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
    """The current place; None before the first step. Inside a step every line counts as a
    definition."""
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
    """A line that may be a deliberate mistake, with the `through` of the right line."""
    lines = now.lab.right.program.phase(line.phase)
    right = next((r for r in lines if (r.target, r.of) == (line.target, line.of)), line)
    return replace(line, through=right.through)


class Derivations:
    """Every derivation asked for, and the proofs found so far.

    Threads may add to it while another reads: a cancelled one may still be at its last line when
    the next begins. What is added is stored under its own key and never changes.
    """

    def __init__(self) -> None:
        self.news = 0
        """A counter that grows with every addition."""
        self._explained: dict[Hashable, Explained | Sentence] = {}
        self._checks: dict[Hashable, dict[int, Check]] = {}
        self._found: dict[Derivation, dict[int, Check]] = {}
        self._entries: dict[Hashable, Check] = {}

    def of(self, place: Place) -> Explained | Sentence | None:
        """The derivation of a line, or the reason why there is none; None before it is built."""
        return self._explained.get(place.key)

    def proofs(self, explained: Explained) -> Mapping[Derivation, Sequence[Check]]:
        """The checks of each derivation's lines so far, including nested derivations."""
        every = (d for first in explained.derivations for d in first.all())
        return {d: tuple(self._of(d).values()) for d in every}

    def entry_proof(self, place: Place) -> Check | None:
        """The check of the line's entry formula against the chain rule; None before it is made."""
        return self._entries.get(place.key)

    def is_proved(self, place: Place) -> bool:
        """Whether nothing is left to prove."""
        explained = self.of(place)
        if explained is None or isinstance(explained, Sentence):
            return explained is not None
        whole = all(len(found) == len(d.lines) for d, found in self.proofs(explained).items())
        return whole and (not provable(place) or place.key in self._entries)

    def build(self, place: Place) -> None:
        """Builds the derivation of a line, unless it is known, perhaps from another trace."""
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
        """Proves line after line, the entry's formula last; yields after each line."""
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
        """The checks of a derivation by line number, in order from the first.

        Equal derivations share their checks.
        """
        if d not in self._found:
            key = d.trees(), tuple(d.where.items()), tuple(d.assumed.items())
            self._found[d] = self._checks.setdefault(key, {})
        return self._found[d]


def provable(place: Place) -> bool:
    """Whether the line can be checked against the chain rule, whose sum must not be too long."""
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
