"""A formula as a textbook prints it: e⁻ᶻ, a(1 − a), d/dz[…], Σₖ; on one line, or in 2-D."""

from __future__ import annotations

from dataclasses import dataclass

from stepper.expr.tree import DERIVATIVE, Call, Expr, Name, Number, names
from stepper.language.text import MATH, Style, entry_name, name_text, number_text, text
from stepper.ops import CARDS
from stepper.ops.card import ATOM, COMPARE, POWER, PRODUCT, SUM
from stepper.show.box import Box, bracketed, fraction, joined, word

_RAISED = dict(zip(
    "0123456789+-−()abcdefghijklmnoprstuvwxyz",
    "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻ", strict=True,
))  # fmt: skip
_LOWERED = {"i": "ᵢ", "j": "ⱼ", "k": "ₖ", "m": "ₘ", "r": "ᵣ"}
_ROUND, _SQUARE = "()⎛⎜⎝⎞⎟⎠", "[]⎡⎢⎣⎤⎥⎦"
_ROUND_ASCII, _SQUARE_ASCII = "()/|\\\\|/", "[][|[]|]"
_MINUS, _TERM, _SERIES = SUM + 0.5, SUM + 0.6, SUM + 0.7
"""A minus may begin a sum, but not follow a sign in it; a sum over k may, but is no factor."""

Written = tuple[Box, float]
"""A drawn formula with its precedence."""


@dataclass(frozen=True, slots=True)
class Textbook:
    """Draws formulas. With `tall`, fractions and exponents take rows of their own."""

    tall: bool = False
    ascii: bool = False
    style: Style = MATH

    def __call__(self, tree: Expr) -> Box:
        """The formula as a box, of one row unless `tall`."""
        return self._write(tree)[0]

    def line(self, tree: Expr) -> str:
        """The formula on one line."""
        return Textbook(False, self.ascii, self.style)(tree).rows[0]

    def _sign(self, unicode: str, ascii: str) -> str:
        return ascii if self.ascii else unicode

    def _write(self, node: Expr) -> Written:
        if isinstance(node, Name):
            return word(self._name(node.id)), ATOM
        if isinstance(node, Number):
            return word(number_text(node)), ATOM
        assert isinstance(node, Call)
        own = _FORMS.get(node.op)
        if own:
            return own(self, node)
        form = CARDS[node.op].notation.form
        return self._function(node) if form == "function" else self._infix(node)

    def _inside(self, node: Expr, least: float) -> Box:
        box, precedence = self._write(node)
        return box if precedence >= least else self._round(box)

    def _round(self, box: Box) -> Box:
        return bracketed(box, self._sign(_ROUND, _ROUND_ASCII))

    def _name(self, name: str) -> str:
        stem, bracket, letter = name.partition("[")
        if self.ascii or not bracket:
            return name_text(name, self.style) if not self.ascii else name
        return entry_name(stem, 0, 0, Style(sizes={stem: (1, 1)})) + _LOWERED[letter.rstrip("]")]

    def _infix(self, node: Call) -> Written:
        notation = CARDS[node.op].notation
        own, (left, right) = notation.precedence, node.args
        a = self._inside(left, own + (own == COMPARE))
        least = _TERM if own == SUM else own + 1
        return joined(a, f" {notation.sign(self.ascii)} ", self._inside(right, least)), own

    def _neg(self, node: Call) -> Written:
        return joined(self._sign("−", "-"), self._inside(node.args[0], _SERIES)), _MINUS

    def _product(self, node: Call) -> Written:
        left, right = (self._factor(a, i) for i, a in enumerate(node.args))
        beside = right.rows[right.middle][0] in "(⎜⎛⎝" and _may_touch(node.args[0])
        dot = "" if beside and not self.ascii else self._sign("·", "*")
        return joined(left, dot, right) if dot else joined(left, right), PRODUCT

    def _factor(self, node: Expr, place: int) -> Box:
        fraction_line = isinstance(node, Call) and node.op == "div" and not self.tall
        return self._inside(node, PRODUCT + 1 if place or fraction_line else PRODUCT)

    def _quotient(self, node: Call) -> Written:
        above, below = node.args
        if self.tall:
            bar = self._sign("─", "-")
            return fraction(self._write(above)[0], self._write(below)[0], bar), POWER
        over = self._factor(above, 0)
        return joined(over, " / ", self._inside(below, PRODUCT + 1)), PRODUCT

    def _power(self, node: Call) -> Written:
        base, exponent = node.args
        return self._raised(self._inside(base, POWER + 1), exponent), POWER

    def _exponential(self, node: Call) -> Written:
        if self.ascii and not self.tall:
            return self._function(node)
        return self._raised(word("e"), node.args[0]), POWER

    def _raised(self, base: Box, exponent: Expr) -> Box:
        written = self.line(exponent)
        if not self.ascii and all(ch in _RAISED for ch in written) and _has_short_names(exponent):
            small = word("".join(_RAISED[ch] for ch in written))
            return base.raised(small) if base.height > 1 else joined(base, small)
        if self.tall:
            return base.raised(self(exponent))
        atom = self._write(exponent)[1] > POWER or written.removeprefix("-").isdigit()
        return joined(base, self._sign("^", "**"), written if atom else f"({written})")

    def _derivative(self, node: Call) -> Written:
        f, by = node.args
        d = self._sign("∂" if not isinstance(by, Name) or "[" in by.id else "d", "d")
        whole = bracketed(self(f), self._sign(_SQUARE, _SQUARE_ASCII))
        written = self.line(by)
        below = f"{d}{written}" if written.find("[") < 0 else f"{d}({written})"
        if self.tall:
            return joined(fraction(word(d), word(below), self._sign("─", "-")), whole), ATOM
        return joined(f"{d}/{below}", whole), ATOM

    def _sum(self, node: Call) -> Written:
        letters = {n.partition("[")[2].rstrip("]") for n in names(node.args[0])}
        letter = next((k for k in ("k", "m") if k in letters), None)
        if letter is None or (self.ascii and not self.tall):
            return self._function(node)
        sign = self._sign(f"Σ{_LOWERED[letter]} ", f"sum_{letter} ")
        return joined(sign, self._inside(node.args[0], PRODUCT)), _SERIES

    def _size(self, node: Call) -> Written:
        return word("n"), ATOM

    def _item(self, node: Call) -> Written:
        return word(text(node, Style() if self.ascii else self.style)), ATOM

    def _function(self, node: Call) -> Written:
        card = CARDS[node.op]
        left_out = bool(card.optional) and card.fill(*node.args[: -card.optional]) == node.args
        shown = node.args[: -card.optional] if left_out else node.args
        inner = self(shown[0])
        for a in shown[1:]:
            inner = joined(inner, ", ", self(a))
        return joined(card.notation.sign(self.ascii), self._round(inner)), ATOM

    def _view(self, node: Call) -> Written:
        return word(text(node, Style() if self.ascii else self.style)), ATOM


_FORMS = {
    "neg": Textbook._neg, "mul": Textbook._product, "div": Textbook._quotient,
    "pow": Textbook._power, "exp": Textbook._exponential, DERIVATIVE: Textbook._derivative,
    "sum": Textbook._sum, "size": Textbook._size, "item": Textbook._item,
    "transpose": Textbook._view, "slice": Textbook._view,
}  # fmt: skip


def _has_short_names(exponent: Expr) -> bool:
    """Whether no name could be read as a power: in e to the z1 the 1 is no exponent."""
    return all(len(n) == 1 for n in names(exponent))


def _may_touch(node: Expr) -> bool:
    """Whether `node(…)` cannot look like a call: a letter, a number or brackets before it."""
    if isinstance(node, Name):
        return len(node.id) == 1 or "[" in node.id
    if isinstance(node, Number):
        return True
    if not isinstance(node, Call) or node.op in ("exp", "item"):
        return False
    if node.op == "mul":
        return _may_touch(node.args[1])
    form = CARDS[node.op].notation.form if node.op in CARDS else ""
    return form == "function" and node.op != "sum"
