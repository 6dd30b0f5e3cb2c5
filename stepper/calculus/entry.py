"""The scalar formula of one entry, compiled from the matrix formula.

`dJ_dz2 @ a1.T` at (2, 1) is `dJ_dz2[2, 0] * a1[1, 0]`: each card says how its entries are computed.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from functools import partial
from typing import Any, NamedTuple, cast

from stepper.expr.tree import Call, Expr, Name, Number, call, settings_of
from stepper.language.shape import shape_of
from stepper.ops import CARDS
from stepper.ops.card import Index, Op, Operand, Places, added
from stepper.ops.dims import dims

Sizes = Mapping[str, tuple[int, ...]]
"""The shape of each name's value, as numbers: `()` for a scalar, (rows, columns) for a matrix."""


def entry(tree: Expr, index: Index, sizes: Sizes) -> Expr:
    """One entry of a tree as a formula: matrices are read entry by entry with `item`, scalars
    whole.

    Raises FormulaError for an unknown name or an operation without a formula for one entry.
    """
    return Compiler(sizes).entry(tree, index)


def is_leaf(node: Expr) -> bool:
    """Whether a node is a name, or a view of one: it is shown as one matrix."""
    if isinstance(node, Call):
        return CARDS[node.op].is_view and is_leaf(node.args[0])
    return isinstance(node, Name)


class Middle(NamedTuple):
    """The omitted middle terms of a long sum, as one tree evaluated on all entries at once."""

    hole: Name
    """The placeholder for them in the formula."""
    tree: Expr
    length: int


class Uneven(Exception):
    """Raised for a block of entries that do not all have the same formula."""


class Compiler:
    """Compiles entries, and records which entries they read.

    `whole` holds the ids of nodes to be shown by their value, not by their own formula. In a sum of
    more than `longest` terms only the first two and the last are compiled one by one.
    """

    def __init__(
        self, sizes: Sizes, whole: Collection[int] = (), longest: int | None = None
    ) -> None:
        self.shapes = {name: dims(*size) for name, size in sizes.items()}
        self.whole, self.longest = whole, longest
        self.middles: dict[int, Middle] = {}
        """The middle of each long sum, by the id of its placeholder."""
        self.made: dict[int, Expr] = {}
        """Every tree that is an entry of some node, by its id."""
        self.taken: dict[int, tuple[Expr, Places]] = {}
        """For those trees that are entries of a whole node: the node and the entry."""
        self.used: dict[Expr, set[Index]] = {}
        """The entries read from each leaf and each whole node."""
        self._in_block = False
        self._known: dict[int, tuple[Expr, tuple[int, ...]]] = {}

    def entry(self, node: Expr, index: Places) -> Expr:
        tree = self._entry(node, index)
        self.made[id(tree)] = tree
        if id(node) in self.whole:
            self.taken[id(tree)] = (node, index)
        if id(node) in self.whole or is_leaf(node):
            self.used.setdefault(node, set()).update(_each(index))
        return tree

    def _entry(self, node: Expr, index: Places) -> Expr:
        if isinstance(node, Number):
            return node
        if isinstance(node, Name):
            row, column = index
            return call("item", node, row=row, column=column) if self.shape(node) else node
        assert isinstance(node, Call)
        card, settings = CARDS[node.op], settings_of(node)
        if type(card).entry is Op.entry:
            written_out = card.definition(*node.args, **settings)
            if written_out is not None:
                return self.entry(written_out, index)
        if self._in_block and not card.is_even:
            raise Uneven
        operands = (
            Operand(a, self.shape(a), partial(self.entry, a), self._added) for a in node.args
        )
        return card.entry(cast(Index, index), *operands, **settings)  # even: a block will do

    def _added(self, length: int, term: Callable[[Any], Expr]) -> Expr:
        """The terms added up; the middle of a long sum is one placeholder."""
        if self.longest is None or length <= self.longest or self._in_block:
            return added(length, term)
        hole = self._middle(range(2, length - 1), term)
        if hole is None:
            return added(length, term)
        return term(0) + term(1) + hole + term(length - 1)

    def _middle(self, places: range, term: Callable[[Any], Expr]) -> Name | None:
        """The placeholder for these terms; None if they have to be written out one by one."""
        self._in_block = True
        try:
            tree = term(places)
        except Uneven:
            return None
        finally:
            self._in_block = False
        hole = Name("…")
        self.middles[id(hole)] = Middle(hole, tree, len(places))
        return hole

    def shape(self, node: Expr) -> tuple[int, ...]:
        """The shape of a node's value."""
        if id(node) not in self._known:
            found = shape_of(node, self.shapes)
            self._known[id(node)] = (node, tuple(d.size or 0 for d in found))
        return self._known[id(node)][1]


def _each(places: Places) -> Iterator[Index]:
    """The single entries of a block."""
    rows, columns = (p if isinstance(p, range) else (p,) for p in places)
    return ((i, j) for i in rows for j in columns)
