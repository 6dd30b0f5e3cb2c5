"""Finds which mistake is in a wrong formula, and where: the one edit that makes it right.

Two directions are tried: every repair of every card at every place of the learner's formula, and
every mistake made in the true formula. Then two mistakes, one edit each; then "unexplained", with
the first part that is no quantity of this lab.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from stepper.check.edits import Fit, best, edits, made, repaired
from stepper.check.mistake import ANY, MISTAKES, NUMBER, SCALE, Finding
from stepper.check.question import Question
from stepper.check.search import Search, size
from stepper.check.unexplained import Unexplained, should_be, unexplained
from stepper.expr.tree import Call, Name

FIRST = 4
"""How many first edits are followed up in the search for two mistakes."""
ONE_FACTOR = 1e-12
"""The distance below which an edit brings a scalar nearer: one factor is all that is left wrong."""
MANY = 60
"""The largest formula, in nodes, that is searched for two mistakes."""


def diagnose(question: Question) -> Finding | Unexplained:
    """The mistake in a wrong formula, or the place from which it is unexplained.

    Raises FormulaError if the right formula has no value.
    """
    with np.errstate(all="ignore"):
        search = Search(question.tree, question.worlds, question.wanted, question.extra)
        fits = list(repaired(question, search)) or list(made(question, search))
        if fits:
            return _closer(question, best(fits))
        if question.target not in {line.target for line in question.scope.backward}:
            return unexplained(question, search)
        return two_mistakes(question, search) or unexplained(question, search)


def _closer(question: Question, found: Finding) -> Finding | Unexplained:
    """If a part replaces a gradient, the mistake that part makes as a formula of that gradient."""
    lines = {line.target: line.tree for line in question.scope.backward}
    is_vague = MISTAKES[found.mistake].rank == ANY and isinstance(found.theirs, Call)
    if not is_vague or not isinstance(found.ours, Name) or found.ours.id not in lines:
        return found
    target = found.ours.id
    inner = diagnose(replace(question, tree=found.theirs, right=lines[target], target=target))
    if isinstance(inner, Unexplained):
        return should_be(found.path, found.theirs, found.ours)
    if MISTAKES[inner.mistake].rank >= NUMBER:
        return found
    return replace(inner, path=(*found.path, *inner.path))


def two_mistakes(question: Question, search: Search) -> Finding | None:
    """Searches for two mistakes: the edits that bring it nearest, each with a second one."""
    if size(question.tree) > MANY:
        return None
    for fit in _nearest(question, search):
        second = _second(replace(question, tree=fit.mended))
        if second is not None:
            return replace(fit.finding, then=second)
    return None


def _nearest(question: Question, search: Search) -> list[Fit]:
    """The edits that make progress, the largest first."""
    before = search.distance((), question.tree)
    near: list[tuple[float, int, int, Fit]] = []
    for fit in edits(question, question.tree, SCALE):
        apart = search.distance(*fit.change)
        if apart < (before if search.has_direction else ONE_FACTOR):
            near.append((round(apart, 9), fit.card.rank, len(near), fit))
    return [fit for *_, fit in sorted(near, key=lambda item: item[:3])[:FIRST]]


def _second(question: Question) -> Finding | None:
    search = Search(question.tree, question.worlds, question.wanted, question.extra)
    fits = list(repaired(question, search, SCALE))
    return best(fits) if fits else None
