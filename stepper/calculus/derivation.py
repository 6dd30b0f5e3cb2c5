"""What a derivation is: a chain of equal formulas, each with the rule that made it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from stepper.expr.sentence import Sentence
from stepper.expr.tree import Expr, substitute


@dataclass(frozen=True, slots=True, eq=False)
class Rewrite:
    """One line: what the formula before it comes to, and by which rule.

    `finer` are the derivations of what this line did in one go; a learner can open them.
    """

    tree: Expr
    rule: Sentence
    finer: tuple[Derivation, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Derivation:
    """`start = … = …`: formulas that are all equal, from the question to the answer."""

    start: Expr
    lines: tuple[Rewrite, ...]
    where: Mapping[str, Expr] = field(default_factory=dict)
    """What short names stand for: `a` for σ(z)."""
    assumed: Mapping[str, Expr] = field(default_factory=dict)
    """What is taken for granted: of three targets the third, if they add up to 1."""
    notes: tuple[Sentence, ...] = ()
    """What there is to say at the end."""

    @property
    def last(self) -> Expr:
        """The answer."""
        return self.lines[-1].tree if self.lines else self.start

    @property
    def answer(self) -> Expr:
        """The answer without the short names."""
        return substitute(self.last, self.where)

    def trees(self) -> tuple[Expr, ...]:
        """The formulas, the question first."""
        return (self.start, *(line.tree for line in self.lines))

    def all(self) -> Iterator[Derivation]:
        """This derivation and all that can be opened in it."""
        yield self
        for line in self.lines:
            for finer in line.finer:
                yield from finer.all()
