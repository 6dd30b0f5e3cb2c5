"""Which mistake is in a wrong formula, and where: the one edit that makes it right.

Two ways round: every repair of every card at every place of the learner's formula, and every
mistake made on purpose in the true one. Then two mistakes, an edit each; then "unexplained", with
the first part that is no quantity of this lab.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from stepper.check.mistake import ANY, MISTAKES, NUMBER, Finding, Mistake, Place
from stepper.check.scope import Scope
from stepper.check.search import Search, Unfit, size
from stepper.check.world import World
from stepper.expr.errors import FormulaError
from stepper.expr.sentence import Sentence, say
from stepper.expr.tree import Call, Expr, Name, Number, Path, Span, names, put, substitute, walk
from stepper.labs.lab import Lab
from stepper.language.shape import shape_of
from stepper.language.text import text
from stepper.ops.card import Value
from stepper.ops.dims import dims

import stepper.check.mistakes  # noqa: F401  isort: skip  (the cards register themselves)

DEEP = 3
"""How many upstream gradients are written out when a mistake is made in the true formula."""
LARGE = 120
"""Nodes of a true formula that are searched at most."""
FIRST = 4
"""How many first edits are followed when two mistakes are looked for."""
MANY = 60
"""Nodes of a formula in which two mistakes are looked for at most."""


@dataclass(frozen=True, eq=False)
class Question:
    """A learner's wrong formula for `target`, and a right one.

    `extra` are the learner's own names, world by world; their trees count as they stand.
    """

    tree: Expr
    right: Expr
    target: str
    lab: Lab
    worlds: tuple[World, ...]
    extra: tuple[Mapping[str, Value], ...] = ()

    @cached_property
    def scope(self) -> Scope:
        return Scope(self.lab, self.target)

    @cached_property
    def wanted(self) -> list[Value]:
        """The right value in every world."""
        return [Search(self.right, [w], [np.float64(0)]).value(self.right) for w in self.worlds]


@dataclass(frozen=True, slots=True, eq=False)
class Unexplained:
    """No mistake on the list: `theirs` is the smallest part whose value is no known quantity."""

    path: Path
    span: Span | None
    theirs: Expr
    message: Sentence
    why: Sentence


@dataclass(frozen=True, slots=True, eq=False)
class _Fit:
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


def diagnose(question: Question) -> Finding | Unexplained:
    """The mistake in a wrong formula, or where it stops being explained.

    Raises FormulaError for a right formula that has no value.
    """
    with np.errstate(all="ignore"):
        search = Search(question.tree, question.worlds, question.wanted, question.extra)
        fits = list(_repaired(question, search)) or list(_made(question, search))
        if fits:
            return _first(fits)
        return _two(question, search) or _unexplained(question, search)


def _first(fits: Sequence[_Fit]) -> Finding:
    ordered = sorted(fits, key=lambda fit: fit.order)
    best = ordered[0]
    also = dict.fromkeys(fit.card.id for fit in ordered if fit.card is not best.card)
    return replace(best.card.found(best.place, best.ours), also=tuple(also))


def _repaired(question: Question, search: Search, most: int = ANY) -> Iterator[_Fit]:
    """The repairs of the learner's formula that make it right."""
    for place, card, ours in _edits(question, question.tree, most):
        if search.mends(place.path, ours) and _has_shape(question, place, ours):
            yield _Fit(card, place, ours)
    yield from _scaled(question, search)


def _edits(
    question: Question, tree: Expr, most: int = ANY
) -> Iterator[tuple[Place, Mistake, Expr]]:
    """Every repair at every place, of the cards up to a rank."""
    cards = [card for card in MISTAKES.values() if card.rank <= most]
    for path, _ in walk(tree):
        place = Place(tree, path, question.scope)
        for card in cards:
            for ours in card.repairs(place):
                yield place, card, ours


def _scaled(question: Question, search: Search) -> Iterator[_Fit]:
    """The places at which only a number is wrong."""
    for path, factor in search.scalings():
        place = Place(question.tree, path, question.scope)
        ours = factor.applied(place.node)
        for card in MISTAKES.values():
            if card.scales(factor, place):
                yield _Fit(card, place, ours, _tells(place, ours))


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


def _made(question: Question, search: Search) -> Iterator[_Fit]:
    """The mistakes that, made in the true formula, give the learner's number."""
    theirs = _values(search, question.tree)
    if theirs is None:
        return
    whole = Place(question.tree, (), question.scope)
    for right in _true_formulas(question):
        other = Search(right, question.worlds, theirs)
        for path, _ in walk(right):
            place = Place(right, path, question.scope)
            for card in MISTAKES.values():
                for wrong in card.wrongs(place):
                    if card.phase == "backward" and other.mends(path, wrong):
                        yield _Fit(card, whole, right)


def _values(search: Search, tree: Expr) -> list[Value] | None:
    try:
        return [search.value(tree, w) for w in range(len(search.given))]
    except Unfit:
        return None


def _true_formulas(question: Question) -> Iterator[Expr]:
    """The right formula, with more and more of the gradients it reads written out."""
    lines = {line.target: line.tree for line in question.scope.backward}
    tree = lines.get(question.target, question.right)
    for _ in range(DEEP):
        if size(tree) > LARGE:
            return
        yield tree
        inner = {n: lines[n] for n in names(tree) if n in lines}
        if not inner:
            return
        tree = substitute(tree, inner)


def _two(question: Question, search: Search) -> Finding | None:
    """Two mistakes: the edits that bring the formula nearest, and a second one for each."""
    if size(question.tree) > MANY:
        return None
    for fit in _nearest(question, search):
        mended = put(question.tree, fit.place.path, fit.ours)
        second = _second(replace(question, tree=mended))
        if second is not None:
            return replace(fit.card.found(fit.place, fit.ours), then=second)
    return None


def _nearest(question: Question, search: Search) -> list[_Fit]:
    """The edits that make progress, those that make most of it first."""
    before = search.distance((), question.tree)
    near: list[tuple[float, int, _Fit]] = []
    for place, card, ours in _edits(question, question.tree, NUMBER):
        apart = search.distance(place.path, ours)
        if apart < before:
            near.append((apart, len(near), _Fit(card, place, ours)))
    return [fit for _, _, fit in sorted(near, key=lambda item: item[:2])[:FIRST]]


def _second(question: Question) -> Finding | None:
    search = Search(question.tree, question.worlds, question.wanted, question.extra)
    fits = list(_repaired(question, search, NUMBER))
    return _first(fits) if fits else None


def _unexplained(question: Question, search: Search) -> Unexplained:
    """The smallest part that would have to be a known quantity, or that is none."""
    parts = sorted(walk(question.tree), key=lambda item: (size(item[1]), item[0]))
    for path, node in parts:
        for name in question.scope.known if path and isinstance(node, Call) else ():
            if search.mends(path, Name(name)):
                return _should_be(path, node, Name(name))
    known = list(_quantities(question))
    for path, node in parts:
        if isinstance(node, Call) and not any(search.same_everywhere(node, k) for k in known):
            return _stopped(path, node, question)
    return _stopped((), question.tree, question)


def _quantities(question: Question) -> Iterator[Expr]:
    """Whatever a right formula may be put together from."""
    yield from (Name(n) for n in question.worlds[0].values)
    for right in (*_true_formulas(question), *(a.slope for a in question.scope.activations)):
        yield from (node for _, node in walk(right))


def _should_be(path: Path, node: Expr, ours: Expr) -> Unexplained:
    return Unexplained(
        path, getattr(node, "span", None), node,
        say("`{part}` should be {ours}, and is not; no mistake on the list explains it",
            part=text(node), ours=text(ours)),
        say("all else in the formula is right: with {ours} there, it is right", ours=text(ours)),
    )  # fmt: skip


def _stopped(path: Path, node: Expr, question: Question) -> Unexplained:
    return Unexplained(
        path, getattr(node, "span", None), node,
        say("this is not {target}, and no mistake on the list explains it",
            target=question.target),
        say("`{part}` has a value that no quantity of this network has: begin there",
            part=text(node)),
    )  # fmt: skip
