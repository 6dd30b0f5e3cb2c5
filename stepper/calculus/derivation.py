"""A derivation: a chain of equal formulas, each with the rule that produced it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from stepper.expr.sentence import Sentence
from stepper.expr.tree import Expr, substitute


@dataclass(frozen=True, slots=True, eq=False)
class Rewrite:
    """One line of a derivation: the new formula, and the rule that produced it.

    `finer` are the derivations of the steps this line combines; a learner can open them.
    """

    tree: Expr
    rule: Sentence
    finer: tuple[Derivation, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Derivation:
    """`start = … = …`: equal formulas, from the question to the answer."""

    start: Expr
    lines: tuple[Rewrite, ...]
    where: Mapping[str, Expr] = field(default_factory=dict)
    """The meaning of short names: `a` for σ(z)."""
    assumed: Mapping[str, Expr] = field(default_factory=dict)
    """Assumed values: the last of three targets, for example, if they add up to 1."""
    notes: tuple[Sentence, ...] = ()
    """Remarks shown under the derivation."""

    @property
    def last(self) -> Expr:
        """The answer."""
        return self.lines[-1].tree if self.lines else self.start

    @property
    def answer(self) -> Expr:
        """The answer with its short names expanded."""
        return substitute(self.last, self.where)

    def trees(self) -> tuple[Expr, ...]:
        """The formulas, the question first."""
        return (self.start, *(line.tree for line in self.lines))

    def all(self) -> Iterator[Derivation]:
        """This derivation and, recursively, all that can be opened in it."""
        yield self
        for line in self.lines:
            for finer in line.finer:
                yield from finer.all()
