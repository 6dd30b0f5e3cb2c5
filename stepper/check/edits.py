"""The edits that explain a wrong formula: repairs of it, and mistakes made in the true one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np

from stepper.check.factor import Factor
from stepper.check.mistake import ANY, MISTAKES, SCALE, Finding, Mistake, Place
from stepper.check.question import Question, true_formulas
from stepper.check.search import Search, Unfit, size
from stepper.expr.errors import FormulaError
from stepper.expr.sentence import say
from stepper.expr.tree import Expr, Name, Number, Path, at, put, walk
from stepper.language.shape import shape_of
from stepper.ops.card import Value
from stepper.ops.dims import dims

import stepper.check.mistakes  # noqa: F401  isort: skip  (the cards register themselves)

OFTEN = 6
"""A name that is read more often than this is not replaced in several places at once."""


@dataclass(frozen=True, slots=True, eq=False)
class Fit:
    """An edit that explains the formula."""

    card: Mistake
    place: Place
    ours: Expr
    indirect: int = 0
    """0: a repair; 1, 2, 3: a corrected number, from the most to the least telling place."""
    again: tuple[Path, ...] = ()
    """The other places at which the same name is replaced by the same one."""
    then: Fit | None = None
    """The next mistake at the same place: a number, once the sign is right."""

    @property
    def order(self) -> tuple[int, int, int, Path]:
        """The sort key: the more special mistake first, then a direct edit, a small one, an outer
        one."""
        nodes = size(self.place.node) + size(self.ours) + len(self.again)
        return (self.card.rank, self.indirect, nodes, self.place.path)

    @property
    def change(self) -> tuple[Path, Expr]:
        """The edit as one place and its replacement: the whole tree if there are several places."""
        if not self.again:
            return self.place.path, self.ours
        tree = self.place.tree
        for path in (self.place.path, *self.again):
            tree = put(tree, path, self.ours)
        return (), tree

    @property
    def mended(self) -> Expr:
        """The formula with this mistake corrected."""
        return put(self.place.tree, *self.change)

    @property
    def finding(self) -> Finding:
        """The finding that describes this edit."""
        found, tree = self.card.found(self.place, self.ours), self.place.tree
        typed = {at(tree, path).span or path for path in (self.place.path, *self.again)}
        if (
            len(typed) > 1
        ):  # an argument of an inlined function occurs in several places, but is typed once
            many = say("{what}, in {n} places", what=found.message, n=str(len(typed)))
            found = replace(found, message=many)
        return replace(found, then=self.then.finding) if self.then else found


def best(fits: Sequence[Fit]) -> Finding:
    ordered = sorted(fits, key=lambda fit: fit.order)
    special = ordered[0]
    also = dict.fromkeys(fit.card.id for fit in ordered if fit.card is not special.card)
    return replace(special.finding, also=tuple(also))


def repaired(question: Question, search: Search, most: int = ANY) -> Iterator[Fit]:
    """The repairs that make the learner's formula right."""
    for fit in edits(question, question.tree, most):
        if search.mends(*fit.change) and _has_shape(question, fit.mended):
            yield fit
    yield from _scaled(question, search)


def edits(question: Question, tree: Expr, most: int = ANY) -> Iterator[Fit]:
    """Every repair at every place, by the cards up to a rank."""
    cards = [card for card in MISTAKES.values() if card.rank <= most]
    for path, _ in walk(tree):
        place = Place(tree, path, question.scope)
        for card in cards:
            yield from (Fit(card, place, ours) for ours in card.repairs(place))
    yield from _renamed(question, tree, cards)


def _renamed(question: Question, tree: Expr, cards: Sequence[Mistake]) -> Iterator[Fit]:
    """One name mistaken for another in several places: `z2 * (1 - z2)` is one mistake."""
    for first, *again in _runs(tree):
        place = Place(tree, first, question.scope)
        for card in cards:
            for ours in card.repairs(place):
                if isinstance(ours, Name):
                    yield Fit(card, place, ours, again=tuple(again))


def _runs(tree: Expr) -> Iterator[list[Path]]:
    """The places at which a name is read, in every run of two or more consecutive ones."""
    places: dict[str, list[Path]] = {}
    for path, node in walk(tree):
        if isinstance(node, Name):
            places.setdefault(node.id, []).append(path)
    for paths in places.values():
        ends = combinations(range(len(paths) + 1), 2) if len(paths) <= OFTEN else ()
        yield from (paths[i:j] for i, j in ends if j - i > 1)


def _scaled(question: Question, search: Search) -> Iterator[Fit]:
    """The places at which only a number is wrong."""
    for path, factor in search.scalings():
        place = Place(question.tree, path, question.scope, factor)
        if len(factor.parts) > 1:
            yield from _together(place, factor.parts) if _are_several(place, factor) else ()
        else:
            ours = factor.applied(place.node)
            yield from (Fit(c, place, ours, _tells(place, ours)) for c in _scaling(place, factor))


def _are_several(place: Place, factor: Factor) -> bool:
    """Whether the parts of a factor are separate mistakes."""
    if isinstance(place.node, Number):
        return False
    with_a_number = factor.name and factor.under and abs(factor.number) != 1
    return not (with_a_number and _divides_by_a_number(place))  # it stands where N belongs


def _together(place: Place, parts: Sequence[Factor]) -> Iterator[Fit]:
    """Factors that are wrong together, one after the other: the sign, N, and a number."""
    first, *rest = parts
    place, ours = replace(place, factor=first), first.applied(place.node)
    if not rest:
        yield from (Fit(card, place, ours) for card in _scaling(place, first))
        return
    mended = replace(place, tree=put(place.tree, place.path, ours))
    then = min(_together(mended, rest), key=lambda fit: fit.order, default=None)
    for card in _scaling(place, first) if then else ():
        if card.rank <= SCALE:
            yield Fit(card, place, ours, _tells(place, ours), then=then)


def _divides_by_a_number(place: Place) -> bool:
    below = (replace(place, path=path) for path, node in walk(place.tree)
             if isinstance(node, Number) and node.value != 1)  # fmt: skip
    return any(number.divides for number in below)


def _scaling(place: Place, factor: Factor) -> list[Mistake]:
    return [card for card in MISTAKES.values() if card.scales(factor, place)]


def _tells(place: Place, ours: Expr) -> int:
    """How telling the place of a wrong number is: 1 the number or the error, 2 the whole, 3
    else."""
    if isinstance(ours, Number) or place.scope.is_error(place.node):
        return 1
    return 2 if place.is_root else 3


def _has_shape(question: Question, mended: Expr) -> bool:
    """Whether the mended formula passes the shape check too: values alone hide a lost axis."""
    shapes = dict(question.worlds[0].shapes)
    for extra in question.extra[:1]:
        shapes |= {k: dims(*np.shape(v)) for k, v in extra.items()}
    try:
        shape_of(mended, shapes)
    except FormulaError:
        return False
    return True


def made(question: Question, search: Search) -> Iterator[Fit]:
    """The mistakes that, made in the true formula, give the learner's values."""
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
    """The values of a tree in every world; None if it has none or a non-finite one."""
    try:
        found = [search.value(tree, w) for w in range(len(search.given))]
    except Unfit:
        return None
    return found if all(np.isfinite(value).all() for value in found) else None
