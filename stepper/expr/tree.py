"""The expression tree: names, numbers and calls. Everything stepper shows is one of these."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from stepper.expr.sentence import Sentence

Settings = tuple[tuple[str, Any], ...]
Path = tuple[int, ...]
"""The path from a tree's root to a node: the index of the operand to take at each level."""


class Span(NamedTuple):
    """A range of characters in the text a tree was read from; the end is exclusive."""

    start: int
    end: int


class Expr:
    """Base of the nodes. Python's operators build trees: `g * (1 - y)` is a tree, not a number."""

    __slots__ = ()
    span: Span | None
    note: Sentence | str

    def __add__(self, other: Expr | float) -> Expr:
        return call("add", self, other)

    def __radd__(self, other: float) -> Expr:
        return call("add", other, self)

    def __sub__(self, other: Expr | float) -> Expr:
        return call("sub", self, other)

    def __rsub__(self, other: float) -> Expr:
        return call("sub", other, self)

    def __mul__(self, other: Expr | float) -> Expr:
        return call("mul", self, other)

    def __rmul__(self, other: float) -> Expr:
        return call("mul", other, self)

    def __truediv__(self, other: Expr | float) -> Expr:
        return call("div", self, other)

    def __rtruediv__(self, other: float) -> Expr:
        return call("div", other, self)

    def __matmul__(self, other: Expr) -> Expr:
        return call("matmul", self, other)

    def __pow__(self, other: Expr | float) -> Expr:
        return call("pow", self, other)

    def __gt__(self, other: Expr | float) -> Expr:
        return call("greater", self, other)

    def __lt__(self, other: Expr | float) -> Expr:
        return call("less", self, other)

    def __neg__(self) -> Expr:
        return call("neg", self)

    @property
    def T(self) -> Expr:
        return call("transpose", self)


@dataclass(frozen=True, slots=True)
class Name(Expr):
    """A variable: `W1`, `dJ_dz2`."""

    id: str
    span: Span | None = field(default=None, compare=False, repr=False)
    note: Sentence | str = field(default="", compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Number(Expr):
    """A literal, never negative (a minus is an operation); `text` is what was typed."""

    value: float
    text: str = field(default="", compare=False, repr=False)
    span: Span | None = field(default=None, compare=False, repr=False)
    note: Sentence | str = field(default="", compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Call(Expr):
    """An operation on operands: `op` names its card, `settings` are literals such as `axis`."""

    op: str
    args: tuple[Expr, ...]
    settings: Settings = ()
    span: Span | None = field(default=None, compare=False, repr=False)
    note: Sentence | str = field(default="", compare=False, repr=False)


def call(op: str, *args: Expr | float, **settings: Any) -> Call:
    """`call("sum", x, axis=1)`: a node; operands that are plain numbers are made into trees."""
    trees = tuple([a if isinstance(a, Expr) else lift(a) for a in args])
    return Call(op, trees, tuple(sorted(settings.items())) if settings else ())


def lift(value: Expr | float) -> Expr:
    """A plain number as a tree; a negative one becomes the negation of its absolute value."""
    if isinstance(value, Expr):
        return value
    return call("neg", Number(-value)) if value < 0 else Number(value)


DERIVATIVE = "derivative"
"""The op of a derivative that has not been worked out yet: it has no value and no card."""


def derivative(f: Expr, by: Expr) -> Call:
    """d f / d by, still to be worked out; `by` is a name or one entry of a matrix."""
    return Call(DERIVATIVE, (f, by))


def because(tree: Expr, note: Sentence | str) -> Expr:
    """The same tree, carrying the reason why it has this form."""
    return replace(tree, note=note)  # type: ignore[type-var]


def settings_of(node: Call) -> Mapping[str, Any]:
    """A call's settings as keyword arguments."""
    return dict(node.settings)


def operands(node: Expr) -> tuple[Expr, ...]:
    return node.args if isinstance(node, Call) else ()


def walk(tree: Expr, path: Path = ()) -> Iterator[tuple[Path, Expr]]:
    """Every node with its path, operands before the operation they belong to."""
    for i, arg in enumerate(operands(tree)):
        yield from walk(arg, (*path, i))
    yield path, tree


def names(tree: Expr) -> frozenset[str]:
    """The variables a tree reads."""
    return frozenset(node.id for _, node in walk(tree) if isinstance(node, Name))


def at(tree: Expr, path: Path) -> Expr:
    """The node at a path."""
    for i in path:
        tree = operands(tree)[i]
    return tree


def rebuild(tree: Expr, change: Callable[[Expr], Expr]) -> Expr:
    """The tree with `change` applied to every node, operands first."""
    if isinstance(tree, Call):
        args = tuple(rebuild(a, change) for a in tree.args)
        if any(new is not old for new, old in zip(args, tree.args, strict=True)):
            tree = replace(tree, args=args)
    return change(tree)


def substitute(tree: Expr, values: Mapping[str, Expr]) -> Expr:
    """The tree with names replaced by trees."""
    return rebuild(tree, lambda n: values.get(n.id, n) if isinstance(n, Name) else n)


def put(tree: Expr, path: Path, new: Expr) -> Expr:
    """The tree with the node at a path replaced."""
    if not path:
        return new
    assert isinstance(tree, Call)
    first, rest = path[0], path[1:]
    args = tuple(put(a, rest, new) if i == first else a for i, a in enumerate(tree.args))
    return replace(tree, args=args)
