"""A derivation as LaTeX: an `aligned` block, a line a row, the rule beside it."""

from __future__ import annotations

from collections.abc import Sequence

from stepper.calculus.derivation import Derivation
from stepper.expr.sentence import Sentence
from stepper.expr.tree import Expr, names
from stepper.language.latex import latex
from stepper.show.latex_text import latex_text
from stepper.show.words import prose


def as_latex(d: Derivation, marks: Sequence[str] = ()) -> str:
    r"""The derivation for LaTeX's math mode (`aligned` is from the package amsmath).

    `marks` are LaTeX text placed after the rule of each line.
    """
    rows = [rf"& {formula(d.start)}"]
    for n, line in enumerate(d.lines):
        mark = f" {marks[n]}" if n < len(marks) else ""
        rows.append(rf"={{}}& {formula(line.tree)} && \text{{{words(line.rule)}{mark}}}")
    joined = " \\\\\n  ".join(rows)
    return f"\\begin{{aligned}}\n  {joined}\n\\end{{aligned}}"


def formula(tree: Expr) -> str:
    """A formula of scalars, whose products need no sign."""
    return latex(tree, sizes=dict.fromkeys(names(tree), ()))


def words(said: Sentence) -> str:
    """The rule as text, with its formulas typeset."""
    return prose(said, latex_text, lambda tree: f"${formula(tree)}$")
