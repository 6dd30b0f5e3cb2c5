"""A tree as a typeset formula: one printer for LaTeX and MathML, which differ in their blocks."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from stepper.expr.tree import DERIVATIVE, Call, Expr, Name, Number, Path, names, settings_of
from stepper.language.text import (
    Values,
    cut_text,
    entry_indices,
    gradient_parts,
    is_single,
    mixes,
    no_number,
    number_text,
)
from stepper.ops import CARDS, Op
from stepper.ops.card import ATOM, COMPARE, NEGATIVE, POWER, PRODUCT, SUM

_NUMBERED = re.compile(r"(.*?)_?(\d*)")

GREEK = {
    "eps": "ε", "lam": "λ", "beta": "β", "alpha": "α", "eta": "η", "mu": "μ", "gamma": "γ",
    "delta": "δ", "lr": "η",
}  # fmt: skip
"""Names that are written with a Greek letter."""

Written = tuple[str, int]
"""A formatted formula with its precedence."""


class Blocks(Protocol):
    """The blocks a formula is built from. Each sign is given in Unicode and in LaTeX."""

    def letters(self, word: str) -> str: ...
    def number(self, written: str) -> str: ...
    def code(self, text: str) -> str: ...
    def sign(self, unicode: str, latex: str) -> str: ...
    def function(self, unicode: str, latex: str) -> str: ...
    def row(self, *parts: str) -> str: ...
    def tight(self, *parts: str) -> str: ...
    def listed(self, parts: list[str]) -> str: ...
    def fenced(self, inner: str, square: bool = False) -> str: ...
    def fraction(self, above: str, below: str) -> str: ...
    def root(self, inner: str) -> str: ...
    def power(self, base: str, exponent: str) -> str: ...
    def transposed(self, base: str) -> str: ...
    def part(self, base: str, which: str) -> str: ...
    def indexed(self, word: str, below: str, above: str) -> str: ...
    def total(self, letter: str, inner: str) -> str: ...


@dataclass(frozen=True, slots=True)
class Typesetter:
    """Writes each node with its precedence, so that brackets stand only where they are needed.

    `values` gives the numbers to print in place of nodes. Where `sizes` are known, a product of
    scalars needs no ⊙, and an entry of a vector has one index only.
    """

    blocks: Blocks
    values: Values = no_number
    sizes: Mapping[str, tuple[int, ...]] = field(default_factory=dict)

    def __call__(self, tree: Expr) -> str:
        return self._write(tree, ())[0]

    def name(self, name: str) -> str:
        """Writes `dJ_dW1` as a partial derivative, `W1` with a subscript, `a3[k]` with an index."""
        stem, _, letter = name.partition("[")
        return self._named(stem, letter.rstrip("]"))

    def _named(self, name: str, below: str = "") -> str:
        """A name; with an index `below` it is an entry, and its layer number becomes a
        superscript."""
        if parts := gradient_parts(name):
            d = self.blocks.sign("∂", r"\partial")
            above, under = (self._named(parts[0]), self._named(parts[1], below))
            return self.blocks.fraction(self.blocks.row(d, above), self.blocks.row(d, under))
        numbered = _NUMBERED.fullmatch(name)
        assert numbered is not None
        stem, layer = numbered[1], numbered[2]
        if not below:
            return self.blocks.indexed(self.blocks.letters(stem), layer, "")
        lower = stem.lower() if len(stem) == 1 and below[0].isdigit() else stem
        above = f"({layer})" if layer else ""
        return self.blocks.indexed(self.blocks.letters(lower), below, above)

    def _write(self, node: Expr, path: Path) -> Written:
        number = self.values(node, path)
        if number is not None:
            return self.blocks.number(number), _binding(number)
        if isinstance(node, Name):
            return self.name(node.id), ATOM
        if isinstance(node, Number):
            written = number_text(node)
            return self.blocks.number(written), _binding(written)
        assert isinstance(node, Call)
        if node.op == DERIVATIVE:
            return self._derivative(node, path)
        card = CARDS[node.op]
        own = _FORMS.get(node.op) or _FORMS[card.notation.form]
        return own(self, node, card, path)

    def _plain(self, node: Call, i: int, path: Path) -> str:
        return self._write(node.args[i], (*path, i))[0]

    def _inside(self, node: Call, i: int, path: Path, least: int) -> str:
        """Operand `i`, in brackets where it binds less tightly than `least`."""
        written, precedence = self._write(node.args[i], (*path, i))
        return written if precedence >= least else self.blocks.fenced(written)

    def _derivative(self, node: Call, path: Path) -> Written:
        by = node.args[1]
        whole = isinstance(by, Name) and "[" not in by.id
        d = self.blocks.sign("d", "d") if whole else self.blocks.sign("∂", r"\partial")
        below = self.blocks.row(d, self._plain(node, 1, path))
        inner = self.blocks.fenced(self._plain(node, 0, path), square=True)
        return self.blocks.tight(self.blocks.fraction(d, below), inner), ATOM

    def _infix(self, node: Call, card: Op, path: Path) -> Written:
        own = card.notation.precedence
        tighter = own == COMPARE or mixes(node, node.args[0])
        first = self._inside(node, 0, path, own + tighter)
        least = POWER if node.op == "matmul" else own + 1  # no sign, but then a minus?
        second = self._inside(node, 1, path, least)
        return self.blocks.row(first, self._sign(node, card), second), own

    def _sign(self, node: Call, card: Op) -> str:
        """`⊙` between matrices, `·` beside a number, a thin space between letters."""
        if node.op == "matmul":
            return ""
        if node.op != "mul":
            return self.blocks.sign(card.notation.unicode, card.notation.latex)
        if self.values is not no_number or any(isinstance(a, Number) for a in node.args):
            return self.blocks.sign("·", r"\cdot")
        if any(is_single(a, self.sizes) for a in node.args):
            return self.blocks.sign("\u2009", r"\,")
        return self.blocks.sign(card.notation.unicode, card.notation.latex)

    def _quotient(self, node: Call, card: Op, path: Path) -> Written:
        above, below = (self._plain(node, i, path) for i in (0, 1))
        return self.blocks.fraction(above, below), POWER

    def _power(self, node: Call, card: Op, path: Path) -> Written:
        base = self._inside(node, 0, path, POWER + 1)
        return self.blocks.power(base, self._plain(node, 1, path)), POWER

    def _exponential(self, node: Call, card: Op, path: Path) -> Written:
        e = self.blocks.function("e", "e")
        return self.blocks.power(e, self._plain(node, 0, path)), POWER

    def _prefix(self, node: Call, card: Op, path: Path) -> Written:
        sign = self.blocks.sign(card.notation.unicode, card.notation.latex)
        return self.blocks.tight(sign, self._inside(node, 0, path, NEGATIVE)), NEGATIVE

    def _transposed(self, node: Call, card: Op, path: Path) -> Written:
        return self.blocks.transposed(self._inside(node, 0, path, ATOM)), ATOM

    def _slice(self, node: Call, card: Op, path: Path) -> Written:
        which = self.blocks.code(cut_text(settings_of(node)))
        return self.blocks.part(self._inside(node, 0, path, ATOM), which), ATOM

    def _item(self, node: Call, card: Op, path: Path) -> Written:
        of, where = node.args[0], settings_of(node)
        row, column = where["row"], where["column"]
        if isinstance(of, Name) and "[" not in of.id and row >= 0 and column >= 0:
            below = entry_indices(row, column, self.sizes.get(of.id, (0, 0)))
            return self._named(of.id, below or "1"), ATOM
        which = self.blocks.number(f"{row + 1},{column + 1}")
        return self.blocks.part(self._inside(node, 0, path, ATOM), which), ATOM

    def _root(self, node: Call, card: Op, path: Path) -> Written:
        return self.blocks.root(self._plain(node, 0, path)), ATOM

    def _sum(self, node: Call, card: Op, path: Path) -> Written:
        letter = _runs_over(node)
        if not letter:
            return self._function(node, card, path)
        return self.blocks.total(letter, self._inside(node, 0, path, PRODUCT)), SUM + 1

    def _function(self, node: Call, card: Op, path: Path) -> Written:
        left_out = bool(card.optional) and card.fill(*node.args[: -card.optional]) == node.args
        shown = len(node.args) - (card.optional if left_out else 0)
        args = [self._plain(node, i, path) for i in range(shown)]
        if card.last_is_part:
            last = self._inside(node, shown - 1, path, ATOM)
            args[-1] = self.blocks.part(last, self.blocks.code(cut_text(settings_of(node))))
        name = self.blocks.function(
            card.notation.unicode or card.notation.code, card.notation.latex
        )
        axis = None if card.settings.get("axis") == "features" else settings_of(node).get("axis")
        if axis is not None:
            word = self.blocks.function("axis\u2009", r"\mathrm{axis}\,")
            below = self.blocks.tight(word, self.blocks.number(str(axis)))
            name = self.blocks.indexed(name, below, "")
        return self.blocks.tight(name, self.blocks.fenced(self.blocks.listed(args))), ATOM


_FORMS = {
    "infix": Typesetter._infix, "prefix": Typesetter._prefix, "function": Typesetter._function,
    "div": Typesetter._quotient, "pow": Typesetter._power, "exp": Typesetter._exponential,
    "transpose": Typesetter._transposed, "slice": Typesetter._slice, "item": Typesetter._item,
    "sqrt": Typesetter._root, "sum": Typesetter._sum,
}  # fmt: skip


def _binding(written: str) -> int:
    """The precedence of a formatted number: a sign or a power of ten makes it compound."""
    return NEGATIVE if written[:1] in "-−" or "e" in written.lower() else ATOM


def _runs_over(node: Call) -> str:
    """The index that a sum over entries runs over: k for `sum(a[k])`."""
    letters = {n.partition("[")[2].rstrip("]") for n in names(node.args[0])}
    return next((k for k in ("k", "m") if k in letters), "")
