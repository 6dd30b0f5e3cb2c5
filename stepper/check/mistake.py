"""A mistake: a card with a stable id, its words, and the edits that make and repair it.

There is no detection code in a card. `wrongs` makes the mistake in a right tree, `repairs` takes it
out of a learner's; the search tries every repair at every place and keeps those that make the value
right in every world.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from stepper.check.factor import Factor
from stepper.check.scope import Activation, Scope
from stepper.expr.sentence import Sentence, say
from stepper.expr.tree import Call, Expr, Name, Path, Span, at, names, put, walk
from stepper.labs.lab import Lab
from stepper.language.text import text
from stepper.program.program import Line
from stepper.program.trace import Trace

EXACT, SLOPE, DERIVATIVE, PART, SCALE, NUMBER, ANY = range(7)
"""How specific an explanation is: the first of these wins if two explain the same value."""

MISTAKES: dict[str, Mistake] = {}


@dataclass(frozen=True, slots=True)
class Example:
    """A formula that makes the mistake: in which lab, for which target."""

    lab: str
    target: str
    formula: str


@dataclass(frozen=True, slots=True, eq=False)
class Place:
    """A node in a tree, and its context."""

    tree: Expr
    path: Path
    scope: Scope
    factor: Factor | None = None
    """The factor the node must be multiplied by, if only a number is wrong."""

    @property
    def node(self) -> Expr:
        return at(self.tree, self.path)

    @property
    def is_root(self) -> bool:
        return not self.path

    @property
    def parent(self) -> Call | None:
        above = at(self.tree, self.path[:-1]) if self.path else None
        return above if isinstance(above, Call) else None

    def inside(self, *ops: str) -> bool:
        """Whether the node is an operand of one of these operations."""
        return self.parent is not None and self.parent.op in ops

    @property
    def divides(self) -> bool:
        """Whether the node is in a denominator."""
        above = ((at(self.tree, self.path[:k]), i) for k, i in enumerate(self.path))
        return any(isinstance(n, Call) and n.op == "div" and i == 1 for n, i in above)

    @property
    def layer(self) -> Activation | None:
        """The layer whose z and a are the only names the node reads; None without a single one."""
        return layer_of(self.node, self.scope)


def layer_of(tree: Expr, scope: Scope) -> Activation | None:
    """The layer whose z and a are the only names a tree reads; None if there is no single one."""
    found = {scope.layer.get(name) for name in names(tree)}
    return found.pop() if len(found) == 1 else None


@dataclass(frozen=True, slots=True, eq=False)
class Finding:
    """A diagnosed mistake: where, the wrong and the right form, and why.

    `then` is the next mistake, which remains in the formula once this one is mended.
    """

    mistake: str
    path: Path
    span: Span | None
    theirs: Expr
    ours: Expr
    message: Sentence
    why: Sentence
    clue: Sentence
    """What is wrong, where and why, without revealing the right form."""
    also: tuple[str, ...] = ()
    then: Finding | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """What an observation on a trace reports, and about which name."""

    mistake: str
    name: str
    message: Sentence
    why: Sentence


class Mistake:
    """Base of the cards. The docstring describes the mistake in one sentence."""

    id: ClassVar[str]
    rank: ClassVar[int] = PART
    what: ClassVar[str] = ""
    """What is wrong, in a few words, if more can be said than where."""
    why: ClassVar[str]
    """A template; its fields are `theirs`, `ours`, `target` and those of `fields`."""
    clue: ClassVar[str] = ""
    """The reason for a learner who is to find the right form, if `why` would reveal it."""
    example: ClassVar[Example | None] = None
    phase: ClassVar[str] = "backward"

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if "id" in cls.__dict__:
            MISTAKES[cls.id] = cls()

    @property
    def sentence(self) -> str:
        return " ".join((type(self).__doc__ or "").split())

    def repairs(self, place: Place) -> Iterator[Expr]:
        """The possible right forms of a node, if this mistake was made there."""
        return iter(())

    def wrongs(self, place: Place) -> Iterator[Expr]:
        """The wrong forms of a node of a right tree, once this mistake is made there."""
        return iter(())

    def scales(self, factor: Factor, place: Place) -> bool:
        """Whether leaving out `factor` at a place is this mistake."""
        return False

    def fields(self, place: Place, ours: Expr) -> dict[str, Any]:
        """More fields for the templates."""
        return {}

    def reason(self, place: Place, ours: Expr) -> str:
        """The template of the sentence that gives the reason."""
        return self.why

    def seen(self, trace: Trace) -> Iterator[Seen]:
        """Where a trace shows this mistake."""
        return iter(())

    def found(self, place: Place, ours: Expr) -> Finding:
        """The finding for a node and its right form."""
        theirs = place.node
        words = {
            "theirs": text(theirs), "ours": text(ours), "target": place.scope.target,
            **self.fields(place, ours),
        }  # fmt: skip
        why = say(self.reason(place, ours), **words)
        return Finding(
            self.id, place.path, getattr(theirs, "span", None), theirs, ours,
            self._wants(words), why, self._clue(words, why),
        )  # fmt: skip

    def _wants(self, words: dict[str, Any]) -> Sentence:
        """Where it is wrong, and what the right form is."""
        if not self.what:
            return say("at `{theirs}`: this wants `{ours}`", **words)
        what = say(self.what, **words)
        return say("{what}: at `{theirs}` this wants `{ours}`", **{**words, "what": what})

    def _clue(self, words: dict[str, Any], why: Sentence) -> Sentence:
        """Where it is wrong, and why, without the right form."""
        theirs, why = words["theirs"], say(self.clue, **words) if self.clue else why
        if not self.what:
            return say("look at `{theirs}`: {why}", theirs=theirs, why=why)
        what = say(self.what, **words)
        return say("{what}, at `{theirs}`: {why}", what=what, theirs=theirs, why=why)

    def made(self, lines: Sequence[Line], lab: Lab) -> Iterator[tuple[Line, Expr]]:
        """Every place of the right program where the mistake can be made: the line, and its wrong
        tree. The tree may have no value: a crash is one way of being wrong."""
        for line in lines:
            if line.phase != self.phase:
                continue
            scope = Scope(lab, line.target)
            for path, _ in walk(line.tree):
                for wrong in self.wrongs(Place(line.tree, path, scope)):
                    yield line, put(line.tree, path, wrong)


class Swap(Mistake, ABC):
    """Base of the mistakes in which one name replaces another."""

    @abstractmethod
    def is_it(self, theirs: str, ours: str, place: Place) -> bool:
        """Whether writing `theirs` for `ours` is this mistake."""

    def repairs(self, place: Place) -> Iterator[Expr]:
        node = place.node
        if isinstance(node, Name):
            for ours in place.scope.known:
                if ours != node.id and self.is_it(node.id, ours, place):
                    yield Name(ours)

    def wrongs(self, place: Place) -> Iterator[Expr]:
        node = place.node
        if isinstance(node, Name):
            for theirs in place.scope.known:
                if theirs != node.id and self.is_it(theirs, node.id, place):
                    yield Name(theirs)
