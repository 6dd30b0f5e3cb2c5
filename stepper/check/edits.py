"""The edits that explain a wrong formula: those that make it right, and those that make it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from stepper.check.mistake import ANY, MISTAKES, Finding, Mistake, Place
from stepper.check.question import Question, true_formulas
from stepper.check.search import Search, Unfit, size
from stepper.expr.errors import FormulaError
from stepper.expr.tree import Expr, Number, Path, put, walk
from stepper.language.shape import shape_of
from stepper.ops.card import Value
from stepper.ops.dims import dims

import stepper.check.mistakes  # noqa: F401  isort: skip  (the cards register themselves)


@dataclass(frozen=True, slots=True, eq=False)
class Fit:
    """An edit that explains the formula."""

    card: Mistake
    place: Place
    ours: Expr
    indirect: int = 0
    """0: a repair; 1, 2, 3: a number put right, at a telling place or not."""

    @property
    def order(self) -> tuple[int, int, int, Path]:
        """The more special mistake first, then a direct edit, a small one, one further in."""
        nodes = size(self.place.node) + size(self.ours)
        return (self.card.rank, self.indirect, nodes, self.place.path)


def best(fits: Sequence[Fit]) -> Finding:
    ordered = sorted(fits, key=lambda fit: fit.order)
    special = ordered[0]
    also = dict.fromkeys(fit.card.id for fit in ordered if fit.card is not special.card)
    return replace(special.card.found(special.place, special.ours), also=tuple(also))


def repaired(question: Question, search: Search, most: int = ANY) -> Iterator[Fit]:
    """The repairs of the learner's formula that make it right."""
    for place, card, ours in edits(question, question.tree, most):
        if search.mends(place.path, ours) and _has_shape(question, place, ours):
            yield Fit(card, place, ours)
    yield from _scaled(question, search)


def edits(question: Question, tree: Expr, most: int = ANY) -> Iterator[tuple[Place, Mistake, Expr]]:
    """Every repair at every place, of the cards up to a rank."""
    cards = [card for card in MISTAKES.values() if card.rank <= most]
    for path, _ in walk(tree):
        place = Place(tree, path, question.scope)
        for card in cards:
            for ours in card.repairs(place):
                yield place, card, ours


def _scaled(question: Question, search: Search) -> Iterator[Fit]:
    """The places at which only a number is wrong."""
    for path, factor in search.scalings():
        place = Place(question.tree, path, question.scope, factor)
        ours = factor.applied(place.node)
        for card in MISTAKES.values():
            if card.scales(factor, place):
                yield Fit(card, place, ours, _tells(place, ours))


def _tells(place: Place, ours: Expr) -> int:
    """How telling the place of a wrong number is: the number itself or the error, the whole."""
    if isinstance(ours, Number) or place.scope.is_error(place.node):
        return 1
    return 2 if place.is_root else 3


def _has_shape(question: Question, place: Place, ours: Expr) -> bool:
    """Whether the language takes the mended formula too: values alone forgive a lost axis."""
    shapes = dict(question.worlds[0].shapes)
    for extra in question.extra[:1]:
        shapes |= {k: dims(*np.shape(v)) for k, v in extra.items()}
    try:
        shape_of(put(place.tree, place.path, ours), shapes)
    except FormulaError:
        return False
    return True


def made(question: Question, search: Search) -> Iterator[Fit]:
    """The mistakes that, made in the true formula, give the learner's number."""
    theirs = _values(search, question.tree)
    if theirs is None:
        return
    whole = Place(question.tree, (), question.scope)
    for right in true_formulas(question):
        other = Search(right, question.worlds, theirs)
        for path, _ in walk(right):
            place = Place(right, path, question.scope)
            for card in MISTAKES.values():
                for wrong in card.wrongs(place):
                    if card.phase == "backward" and other.mends(path, wrong):
                        yield Fit(card, whole, right)


def _values(search: Search, tree: Expr) -> list[Value] | None:
    try:
        return [search.value(tree, w) for w in range(len(search.given))]
    except Unfit:
        return None
