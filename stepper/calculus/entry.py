"""The formula of one entry, compiled from the matrix formula.

`dJ_dz2 @ a1.T` at (2, 1) is `dJ_dz2[2, 0] * a1[1, 0]`: each card says how its entries are made.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import partial

from stepper.expr.tree import Call, Expr, Name, Number, call, settings_of
from stepper.language.shape import shape_of
from stepper.ops import CARDS
from stepper.ops.card import Index, Op, Operand
from stepper.ops.dims import dims

Sizes = Mapping[str, tuple[int, ...]]
"""How large each name's value is: `()` for a scalar, rows and columns for a matrix."""


def entry(tree: Expr, index: Index, sizes: Sizes) -> Expr:
    """One entry of a tree, on entries of its names: matrices are read by `item`, scalars whole.

    Raises FormulaError for an unknown name or an operation without a formula for one entry.
    """
    return Compiler(sizes).entry(tree, index)


def is_leaf(node: Expr) -> bool:
    """A name, or a view of one: what stands on the screen as one matrix."""
    if isinstance(node, Call):
        return CARDS[node.op].is_view and is_leaf(node.args[0])
    return isinstance(node, Name)


class Compiler:
    """Compiles entries, and remembers what was read for them.

    `whole` are the ids of nodes that will be shown by their value, not by what they are made of.
    """

    def __init__(self, sizes: Sizes, whole: Collection[int] = ()) -> None:
        self.shapes = {name: dims(*size) for name, size in sizes.items()}
        self.whole = whole
        self.made: dict[int, Expr] = {}
        """Every tree that is one entry of some node, by its id."""
        self.taken: dict[int, tuple[Expr, Index]] = {}
        """Of the trees above, those of a whole node: which one, and which entry."""
        self.used: dict[Expr, set[Index]] = {}
        """The entries that were read of each leaf and each whole node."""
        self._known: dict[int, tuple[Expr, tuple[int, ...]]] = {}

    def entry(self, node: Expr, index: Index) -> Expr:
        tree = self._entry(node, index)
        self.made[id(tree)] = tree
        if id(node) in self.whole:
            self.taken[id(tree)] = (node, index)
        if id(node) in self.whole or is_leaf(node):
            self.used.setdefault(node, set()).add(index)
        return tree

    def _entry(self, node: Expr, index: Index) -> Expr:
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
        operands = (Operand(a, self.shape(a), partial(self.entry, a)) for a in node.args)
        return card.entry(index, *operands, **settings)

    def shape(self, node: Expr) -> tuple[int, ...]:
        """How large a node's value is."""
        if id(node) not in self._known:
            found = shape_of(node, self.shapes)
            self._known[id(node)] = (node, tuple(d.size or 0 for d in found))
        return self._known[id(node)][1]
