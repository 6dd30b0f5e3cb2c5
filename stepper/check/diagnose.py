"""Which mistake is in a wrong formula, and where: the one edit that makes it right.

Two ways round: every repair of every card at every place of the learner's formula, and every
mistake made on purpose in the true one. Then two mistakes, an edit each; then "unexplained", with
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
"""How many first edits are followed when two mistakes are looked for."""
ONE_FACTOR = 1e-12
"""Single numbers are near only where one factor is left to be wrong."""
MANY = 60
"""Nodes of a formula in which two mistakes are looked for at most."""


def diagnose(question: Question) -> Finding | Unexplained:
    """The mistake in a wrong formula, or where it stops being explained.

    Raises FormulaError for a right formula that has no value.
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
    """Where a part stands in the place of a gradient: what is wrong in it as that gradient."""
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
    """Two mistakes: the edits that bring the formula nearest, and a second one for each."""
    if size(question.tree) > MANY:
        return None
    for fit in _nearest(question, search):
        second = _second(replace(question, tree=fit.mended))
        if second is not None:
            return replace(fit.finding, then=second)
    return None


def _nearest(question: Question, search: Search) -> list[Fit]:
    """The edits that make progress, those that make most of it first."""
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
