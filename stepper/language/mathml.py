"""A tree as MathML, which a browser renders without any library."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import escape

from stepper.expr.tree import Expr
from stepper.language.text import Values, no_number
from stepper.language.typeset import GREEK, Typesetter

_PIECE = re.compile(r"[eE](?P<power>[+−]?\d+)|(?P<mn>[\d.]+)|(?P<mi>[a-z]+)|(?P<mo>\S)")
_LEAF = re.compile(r"<(\w+)[^<>]*>[^<>]*</\1>")
_MINUS = '<mo form="prefix">−</mo>'
"""The minus of a negative number, which is never spaced like a difference."""
_NOTHING = "\u2062"
"""The invisible product sign; a browser leaves no gap for it."""


def mathml(
    tree: Expr, values: Values = no_number, sizes: Mapping[str, tuple[int, ...]] | None = None
) -> str:
    """The contents of a `<math>` element; `values` gives the numbers to print in place of nodes."""
    return Typesetter(_MathML(), values, sizes or {})(tree)


def mathml_number(written: str) -> str:
    """A formatted number as MathML: it may contain brackets, dots or a power of ten."""
    return _row(*map(_piece, _PIECE.finditer(written.replace("-", "−"))))


def mathml_sign(sign: str) -> str:
    """An operator: `=`, `≈`."""
    return f"<mo>{escape(sign)}</mo>"


class _MathML:
    """The MathML Core of each block."""

    def letters(self, word: str) -> str:
        return f"<mi>{escape(GREEK.get(word, word))}</mi>"

    def number(self, written: str) -> str:
        return mathml_number(written)

    def code(self, text: str) -> str:
        return f'<mtext class="code">{escape(text)}</mtext>'

    def sign(self, unicode: str, latex: str) -> str:
        if unicode.isalpha():  # the d of a derivative is upright, but still a letter
            return f'<mi mathvariant="normal">{unicode}</mi>'
        return mathml_sign(unicode) if unicode.strip() else '<mspace width="0.17em"/>'

    def function(self, unicode: str, latex: str) -> str:
        return f"<mi>{escape(unicode)}</mi>"

    def row(self, *parts: str) -> str:
        return _row(*(part or mathml_sign(_NOTHING) for part in parts))

    def tight(self, *parts: str) -> str:
        return _row(*parts)

    def listed(self, parts: list[str]) -> str:
        return _row(mathml_sign(",").join(parts))

    def fenced(self, inner: str, square: bool = False) -> str:
        left, right = "[]" if square else "()"
        return _row(_bracket(left, inner), inner, _bracket(right, inner))

    def fraction(self, above: str, below: str) -> str:
        return f"<mfrac>{_row(above)}{_row(below)}</mfrac>"

    def root(self, inner: str) -> str:
        return f"<msqrt>{inner}</msqrt>"

    def power(self, base: str, exponent: str) -> str:
        return f"<msup>{_row(base)}{_row(exponent)}</msup>"

    def transposed(self, base: str) -> str:
        return self.power(base, mathml_sign("⊤"))

    def part(self, base: str, which: str) -> str:
        return f"<msub>{_row(base)}{_row(which)}</msub>"

    def indexed(self, word: str, below: str, above: str) -> str:
        if not above:
            return f"<msub>{word}{_index(below)}</msub>" if below else word
        upper = mathml_number(above)
        return f"<msubsup>{word}{_index(below)}{upper}</msubsup>"

    def total(self, letter: str, inner: str) -> str:
        return _row(f"<munder><mo>∑</mo><mi>{letter}</mi></munder>", inner)


def _bracket(sign: str, inner: str) -> str:
    """Brackets stretch only around tall content: in some fonts they leave gaps beside them."""
    grows = "<mfrac>" in inner or "<munder>" in inner
    return mathml_sign(sign) if grows else f'<mo stretchy="false">{sign}</mo>'


def _index(below: str) -> str:
    """A subscript: digits and letters, or MathML already."""
    return below if below.startswith("<") else mathml_number(below)


def _row(*parts: str) -> str:
    """One element: a row, or the part itself if it is a single leaf."""
    whole = "".join(parts)
    return whole if _LEAF.fullmatch(whole) else f"<mrow>{whole}</mrow>"


def _piece(found: re.Match[str]) -> str:
    if found["power"]:
        tens = f"<msup><mn>10</mn>{_row(*_exponent(found['power']))}</msup>"
        return f"{mathml_sign('·')}{tens}"
    if found[0] == "−":
        return _MINUS
    if found[0] in "()":
        return _bracket(found[0], "")
    kind = found.lastgroup or "mo"
    return f"<{kind}>{escape(found[0])}</{kind}>"


def _exponent(power: str) -> tuple[str, ...]:
    digits = f"<mn>{power.lstrip('+−0') or '0'}</mn>"
    return (_MINUS, digits) if power.startswith("−") else (digits,)
