"""What to say about a wrong formula: the mistake by name, or as much as is known without one."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from stepper.check.diagnose import diagnose
from stepper.check.mistake import MISTAKES, NUMBER, Finding, Place
from stepper.check.notebook import Notebook, Values, fits
from stepper.check.question import Question
from stepper.check.vocabulary import Vocabulary
from stepper.expr.sentence import Sentence, say
from stepper.expr.tree import Expr, Name, Span, names, walk
from stepper.ops.dims import Shape, shown


@dataclass(frozen=True, slots=True, eq=False)
class Wrong:
    """The explanation of a wrong formula: which mistake, where, and in which words."""

    message: Sentence
    why: Sentence | None = None
    clue: Sentence | None = None
    mistake: str | None = None
    also: tuple[str, ...] = ()
    span: Span | None = None
    recognised: str | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Formula:
    """A formula whose value is not that of its target."""

    tree: Expr
    shape: Shape
    values: Values
    target: str


def explained(book: Notebook, words: Vocabulary, formula: Formula) -> Wrong:
    """The most telling explanation of a formula that differs from its target."""
    known = (*words.gradients, *(line.target for line in book.lab.forward.lines))
    seen = book.recognised(formula.values, known)
    found = _updated(book, formula) or diagnose(_question(book, formula))
    plain = _plainly(words, formula, seen)
    if isinstance(found, Finding):
        is_vague = MISTAKES[found.mistake].rank >= NUMBER
        by_name = replace(_named(found), recognised=seen)
        return plain if plain is not None and seen and is_vague else by_name
    return plain or Wrong(found.message, found.why, found.clue, span=found.span)


def named(book: Notebook, tree: Expr, target: str) -> Wrong | None:
    """The mistake in a formula that has no value, if correcting it makes the formula right."""
    found = diagnose(_question(book, Formula(tree, (), None, target)))
    return _named(found) if isinstance(found, Finding) else None


def _question(book: Notebook, formula: Formula) -> Question:
    worlds, extra = book.point(formula.tree)
    right = book.right(formula.target)
    if book.is_n_times(formula.target, worlds):
        right = right / Name("N")
    elif names(formula.tree) & book.late:
        right = book.later(formula.target) or right
    return Question(formula.tree, right, formula.target, book.lab, worlds, extra)


def _named(found: Finding) -> Wrong:
    message, why, clue = found.message, found.why, found.clue
    if found.then is not None:
        then = _named(found.then)
        message = say("{one}: {why}; then {other}", one=message, why=why, other=then.message)
        why, clue = then.why or why, say("{one}; and that is not all", one=clue)
    return Wrong(message, why, clue, found.mistake, found.also, found.span)


def _updated(book: Notebook, formula: Formula) -> Finding | None:
    """The mistake of reading a parameter after its update, if that explains the formula."""
    target = formula.target
    then = book.before_update(formula.tree)
    if not any(fits(of(target), then) for of in (book.truth, book.given)):
        return None
    scope = _question(book, formula).scope
    for path, node in walk(formula.tree):
        if isinstance(node, Name) and node.id in book.updated:
            place = Place(formula.tree, path, scope)
            return MISTAKES["updated-weight"].found(place, Name(book.updated[node.id]))
    return None


def _plainly(words: Vocabulary, formula: Formula, seen: str | None) -> Wrong | None:
    """What needs no diagnosis: nan, a wrong shape, or the value of another quantity."""
    target = Name(formula.target)
    if formula.values is not None and not all(np.isfinite(v).all() for v in formula.values):
        return Wrong(say("this is nan or inf where {target} is a number", target=target))
    wanted = words.shapes[formula.target]
    if formula.shape != wanted:
        return Wrong(_misshapen(target, wanted, formula.shape))
    if seen is None:
        return None
    message = say("this is {seen}, not {target}", seen=Name(seen), target=target)
    return Wrong(message, recognised=seen)


def _misshapen(target: Name, ours: Shape, theirs: Shape) -> Sentence:
    return say(
        "{target} is {ours}, and this is {theirs}: a gradient has the shape of what it belongs to",
        target=target, ours=shown(ours), theirs=shown(theirs),
    )  # fmt: skip
