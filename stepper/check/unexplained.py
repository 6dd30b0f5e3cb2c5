"""A wrong formula that no mistake on the list explains: the place where it goes wrong."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from stepper.check.question import Question, true_formulas
from stepper.check.search import Search, size
from stepper.expr.sentence import Sentence, say
from stepper.expr.tree import Call, Expr, Name, Path, Span, walk
from stepper.language.text import text


@dataclass(frozen=True, slots=True, eq=False)
class Unexplained:
    """No mistake on the list: `theirs` is the smallest part whose value is no known quantity."""

    path: Path
    span: Span | None
    theirs: Expr
    message: Sentence
    why: Sentence
    clue: Sentence | None = None
    """The message without the right form, if the message reveals it."""


def unexplained(question: Question, search: Search) -> Unexplained:
    """The smallest part that would have to be a known quantity, or that is none."""
    parts = sorted(walk(question.tree), key=lambda item: (size(item[1]), item[0]))
    for path, node in parts:
        for name in question.scope.known if path and isinstance(node, Call) else ():
            if search.mends(path, Name(name)):
                return should_be(path, node, Name(name))
    known = list(_quantities(question))
    for path, node in parts:
        if not isinstance(node, Call) or node.op == "neg":
            continue
        if not any(search.same_everywhere(node, k) for k in known):
            return _stopped(path, node, question)
    return _put_together(question)


def _quantities(question: Question) -> Iterator[Expr]:
    """The quantities that a right formula may be composed of."""
    yield from (Name(n) for n in question.worlds[0].values)
    for right in (*true_formulas(question), *(a.slope for a in question.scope.activations)):
        yield from (node for _, node in walk(right))


def should_be(path: Path, node: Expr, ours: Expr) -> Unexplained:
    """A part that should be a known quantity, while everything around it is right."""
    return Unexplained(
        path, getattr(node, "span", None), node,
        say("`{part}` should be {ours}, and is not; no mistake on the list explains it",
            part=text(node), ours=text(ours)),
        say("all else in the formula is right: with {ours} there, it is right", ours=text(ours)),
        say("`{part}` is not what belongs there; all else in the formula is right",
            part=text(node)),
    )  # fmt: skip


def _put_together(question: Question) -> Unexplained:
    return Unexplained(
        (), getattr(question.tree, "span", None), question.tree, _not_it(question),
        say("every part of it is a quantity of this network: what is wrong is how they are put "
            "together"),
    )  # fmt: skip


def _not_it(question: Question) -> Sentence:
    return say("this is not {target}, and no mistake on the list explains it",
               target=Name(question.target))  # fmt: skip


def _stopped(path: Path, node: Expr, question: Question) -> Unexplained:
    return Unexplained(
        path, getattr(node, "span", None), node, _not_it(question),
        say("`{part}` has a value that no quantity of this network has: begin there",
            part=text(node)),
    )  # fmt: skip
