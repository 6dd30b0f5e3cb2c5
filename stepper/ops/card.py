"""A card holds all that is known of one operation. Defining the class registers it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial, reduce
from operator import add
from typing import Any, ClassVar, Literal, NamedTuple

import numpy as np

from stepper.expr.errors import FormulaError, ShapeError
from stepper.expr.tree import Call, Expr, call
from stepper.ops.dims import SCALAR, Shape, broadcast

Value = Any
"""A float64 scalar or a 2-D float64 array (a stack of runs has more axes in front)."""

Index = tuple[int, int]
"""Which entry: row and column, from 0. A scalar has none, written as (0, 0)."""

Place = int | range
"""A row or a column, from 0; several of them where a block of entries is meant."""
Places = tuple[Place, Place]

Calls = tuple[Callable[[], Any], ...]
"""Calls that are made one after the other, for what they write."""

Role = Literal["features", "samples"]
CARDS: dict[str, Op] = {}


class Notation(NamedTuple):
    """How an operation is written: `form` says where its sign stands, the rest is the sign."""

    form: Literal["infix", "prefix", "postfix", "function"]
    code: str
    unicode: str = ""
    latex: str = ""
    precedence: int = 9
    spellings: tuple[str, ...] = ()

    def sign(self, ascii: bool) -> str:
        return self.code if ascii or not self.unicode else self.unicode


COMPARE, SUM, PRODUCT, NEGATIVE, POWER, ATOM = 1, 2, 3, 4, 5, 9


def function(
    code: str, unicode: str = "", latex: str = "", spellings: Sequence[str] = ()
) -> Notation:
    """`name(operands)`; `spellings` are other names that learners type for it."""
    return Notation("function", code, unicode, latex, ATOM, tuple(spellings))


class Sample(NamedTuple):
    """Operands to try a card on, with settings."""

    operands: tuple[Value, ...]
    settings: Mapping[str, Any]


class Op:
    """Base of all cards. The docstring of a card is the sentence a learner reads.

    In a sentence `{0}`, `{1}` stand for the operands, `{y}` for the output and `{g}` for the
    gradient that comes from above.
    """

    name: ClassVar[str]
    arity: ClassVar[int]
    notation: ClassVar[Notation]
    one: ClassVar[str] = ""
    """The sentence about single numbers, where that is another one."""
    optional: ClassVar[int] = 0
    """How many of the last operands may be left out; `fill` says what they are then."""
    settings: ClassVar[Mapping[str, Any]] = {}
    """What may be set, with its default; a Role is filled in by the layout when text is read."""
    is_view: ClassVar[bool] = False
    """A view (`.T`, a slice) only looks at its operand: it is no step of its own."""
    is_linear: ClassVar[bool] = False
    """Linear in each operand: its derivative does not need the value of a nested `@`."""
    is_elementwise: ClassVar[bool] = False
    is_even: ClassVar[bool] = False
    """All its entries are made in one way: `entry` says it of a block of them at once too."""
    mathematics: ClassVar[str] = ""
    """What sympy and mpmath call it, so that derivations can be proved: of a function of one
    entry that has no definition in smaller operations."""
    saturates: ClassVar[bool] = False
    """Flat far out on both sides, as σ and tanh are: little of an error comes back from there."""
    is_loss: ClassVar[bool] = False
    """Compares a prediction with a target entry by entry, and averages."""
    last_is_part: ClassVar[bool] = False
    """Its last operand is written as the part that `rows` and `columns` mean: `pad(g, W[:-1])`."""
    wants_own_line: ClassVar[bool] = False
    """Its vjp reads the gradient from above more than once, so that one needs a name."""

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if "name" in cls.__dict__:
            CARDS[cls.name] = cls()

    @property
    def sentence(self) -> str:
        return " ".join((type(self).__doc__ or "").split())

    @property
    def of_one(self) -> str:
        """The sentence where the output is a single number: there are no entries to speak of."""
        return self.one or self.sentence

    def eval(self, *xs: Value, **settings: Any) -> Value:
        """The value. Works on the last two axes; complex operands allowed (complex step)."""
        raise FormulaError("not-a-value", None, "{op} has no value", op=self.name)

    def into(self, out: Value, *xs: Value, **settings: Any) -> Calls:
        """What to call, again and again, to write the value of these very arrays into `out`.

        For training: the arrays stay, their numbers change. A card that needs no new memory for
        this says so; operands are two-dimensional, or a float or an array without axes.
        """
        return (lambda: np.copyto(out, self.eval(*xs, **settings)),)

    def shape(self, *shapes: Shape, **settings: Any) -> Shape:
        """The shape of the output; raises ShapeError where the operands do not fit."""
        raise FormulaError("not-a-value", None, "{op} has no shape", op=self.name)

    def vjp(self, g: Expr, y: Expr, *xs: Expr, **settings: Any) -> Sequence[Expr | None]:
        """For each operand, what its gradient is, given `g`; None: nothing flows there, ever.

        Broadcasting is not undone here: the adjoint does that, once, for all cards.
        """
        raise FormulaError("no-derivative", None, "{op} has no derivative here", op=self.name)

    def fill(self, *xs: Expr) -> tuple[Expr, ...]:
        """All operands, with what is meant by those left out."""
        return xs

    def definition(self, *xs: Expr, **settings: Any) -> Expr | None:
        """A composite written out in smaller operations; None for one that is not composite."""
        return None

    def piece(self, *xs: Expr, **settings: Any) -> Expr | None:
        """For an operation with kinks, which piece its operands are on; None for a smooth one."""
        return None

    def algebra(self, *xs: Expr) -> Sequence[Expr]:
        """Of a composite of single numbers: the lines between what the rules of calculus make of
        its definition, differentiated in its first operand, and the slope as people know it."""
        return ()

    def indexed(self, i: str, *xs: Letter, **settings: Any) -> Sequence[Expr]:
        """Entry `i` of the output on entries of the operands, by letters: `z[i]`, `sum(z[k])`.

        First the definition, then the forms it is brought into before it is differentiated, each
        with its reason.
        """
        raise FormulaError("no-entry", None, "{op} has no formula with letters", op=self.name)

    def entry(self, index: Index, *xs: Operand, **settings: Any) -> Expr:
        """The formula of one entry of the output, on entries of the operands."""
        raise FormulaError("no-entry", None, "{op} has no entry formula", op=self.name)

    def samples(self, rng: np.random.Generator) -> Iterator[Sample]:
        """Operands on which the laws try this card."""
        yield Sample(tuple(rng.normal(size=(3, 4)) for _ in range(self.arity)), {})


class Letter(NamedTuple):
    """An operand of which entries are asked by a letter: `z("i")` is the tree of z[i]."""

    tree: Expr
    entry: Callable[[str], Expr]

    def __call__(self, i: str) -> Expr:
        return self.entry(i)


Added = Callable[[int, Callable[[Any], Expr]], Expr]
"""What adds up so many terms, given the term at a place."""


def added(length: int, term: Callable[[Any], Expr]) -> Expr:
    """Every term written out."""
    return reduce(add, map(term, range(length)))


class Operand:
    """An operand of which single entries are asked; a one-wide side is broadcast."""

    def __init__(
        self,
        tree: Expr,
        shape: tuple[int, ...],
        entry: Callable[[Any], Expr],
        added: Added = added,
    ) -> None:
        self.tree, self.shape, self._entry, self.added = tree, shape, entry, added

    def at(self, i: Place, j: Place) -> Expr:
        if not self.shape:
            return self._entry((0, 0))
        rows, columns = self.shape
        return self._entry((i if rows > 1 else 0, j if columns > 1 else 0))

    def indices(self) -> Iterator[Index]:
        """Every index, in reading order."""
        rows, columns = self.shape or (1, 1)
        return ((i, j) for i in range(rows) for j in range(columns))


class Elementwise(Op):
    """Works on each entry by itself; shapes are broadcast."""

    is_elementwise = is_even = True
    ufunc: ClassVar[np.ufunc | None] = None
    """numpy's own function for it, where there is one."""

    def into(self, out: Value, *xs: Value, **settings: Any) -> Calls:
        """An array without axes is read faster than a float, a place faster than a keyword."""
        if self.ufunc is None:
            return super().into(out, *xs)
        return (partial(self.ufunc, *map(np.asarray, xs), out),)

    def shape(self, *shapes: Shape, **settings: Any) -> Shape:
        result: Shape = SCALAR
        for s in shapes:
            joined = broadcast(result, s)
            if joined is None:
                raise misfit(self)
            result = joined
        return result

    def entry(self, index: Index, *xs: Operand, **settings: Any) -> Expr:
        return call(self.name, *(x.at(*index) for x in xs), **settings)

    def indexed(self, i: str, *xs: Letter, **settings: Any) -> Sequence[Expr]:
        return (call(self.name, *(x(i) for x in xs), **settings),)


def misfit(op: Op) -> ShapeError:
    """Shapes that cannot be combined entry by entry."""
    return ShapeError(
        "shape",
        None,
        "`{op}` works entry by entry, and these shapes differ: each side must be equal, or 1",
        op=op.notation.code,
    )


def rows_or_columns(axis: int) -> int:
    """An axis of a matrix (0 or 1) as one of the last two axes of a stack."""
    return axis - 2


def size(x: Expr, axis: int | None = None) -> Call:
    """How many entries `x` has, in all or along an axis."""
    return call("size", x) if axis is None else call("size", x, axis=axis)


def exp(x: Expr) -> Call:
    return call("exp", x)


def log(x: Expr) -> Call:
    return call("log", x)


def ones_like(x: Expr) -> Call:
    return call("ones_like", x)


def expand(g: Expr, like: Expr) -> Call:
    """`g` repeated to the shape of `like`."""
    return call("expand", g, like)


def total(x: Expr, axis: int | None = None) -> Call:
    """`sum(x)`, or along an axis that is kept with length 1."""
    return call("sum", x) if axis is None else call("sum", x, axis=axis, keepdims=True)
