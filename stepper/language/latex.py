"""A tree as LaTeX."""

from __future__ import annotations

import re
from collections.abc import Mapping

from stepper.expr.tree import Expr
from stepper.language.text import Values, no_number
from stepper.language.typeset import GREEK, Typesetter

LETTERS = {
    "α": r"\alpha", "β": r"\beta", "γ": r"\gamma", "δ": r"\delta", "ε": r"\varepsilon",
    "ζ": r"\zeta", "η": r"\eta", "θ": r"\theta", "ι": r"\iota", "κ": r"\kappa",
    "λ": r"\lambda", "μ": r"\mu", "ν": r"\nu", "ξ": r"\xi", "π": r"\pi",
    "ρ": r"\rho", "σ": r"\sigma", "τ": r"\tau", "υ": r"\upsilon", "φ": r"\varphi",
    "χ": r"\chi", "ψ": r"\psi", "ω": r"\omega", "Γ": r"\Gamma", "Δ": r"\Delta",
    "Θ": r"\Theta", "Λ": r"\Lambda", "Ξ": r"\Xi", "Π": r"\Pi", "Σ": r"\Sigma",
    "Φ": r"\Phi", "Ψ": r"\Psi", "Ω": r"\Omega", "…": r"\dots",
}  # fmt: skip
_POWER_OF_TEN = re.compile(r"[eE]([+-]?\d+)")


def latex(
    tree: Expr, values: Values = no_number, sizes: Mapping[str, tuple[int, ...]] | None = None
) -> str:
    """The tree for LaTeX's math mode; `values` gives the numbers to print in place of nodes."""
    return Typesetter(_Latex(), values, sizes or {})(tree)


def latex_number(written: str) -> str:
    """A formatted number as LaTeX: it may contain brackets, dots or a power of ten."""
    signed = written.replace("−", "-").replace("…", r"\dots")
    return _POWER_OF_TEN.sub(lambda m: rf"\cdot 10^{{{int(m[1])}}}", signed)


class _Latex:
    """The LaTeX of each block."""

    def letters(self, word: str) -> str:
        greek = LETTERS.get(GREEK.get(word, word))
        return greek or (word if len(word) == 1 else rf"\mathit{{{_escaped(word)}}}")

    def number(self, written: str) -> str:
        return latex_number(written)

    def code(self, text: str) -> str:
        return rf"\texttt{{{text}}}"

    def sign(self, unicode: str, latex: str) -> str:
        return latex

    def function(self, unicode: str, latex: str) -> str:
        return latex

    def row(self, *parts: str) -> str:
        return " ".join(filter(None, parts))

    def tight(self, *parts: str) -> str:
        return "".join(parts)

    def listed(self, parts: list[str]) -> str:
        return ", ".join(parts)

    def fenced(self, inner: str, square: bool = False) -> str:
        left, right = "[]" if square else "()"
        return rf"\left{left}{inner}\right{right}"

    def fraction(self, above: str, below: str) -> str:
        return rf"\frac{{{above}}}{{{below}}}"

    def root(self, inner: str) -> str:
        return rf"\sqrt{{{inner}}}"

    def power(self, base: str, exponent: str) -> str:
        entry = "^" in base and not base.endswith(")")  # it has a superscript already
        return f"{{{base}}}^{{{exponent}}}" if entry else f"{base}^{{{exponent}}}"

    def transposed(self, base: str) -> str:
        return rf"{{{base}}}^{{\top}}"

    def part(self, base: str, which: str) -> str:
        return f"{{{base}}}_{{{which}}}"

    def indexed(self, word: str, below: str, above: str) -> str:
        return word + (f"^{{{above}}}" if above else "") + (f"_{{{below}}}" if below else "")

    def total(self, letter: str, inner: str) -> str:
        return rf"\sum_{{{letter}}} {inner}"


def _escaped(word: str) -> str:
    return word.replace("_", r"\_")
