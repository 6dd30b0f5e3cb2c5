"""A derivation as LaTeX: an `aligned` block, a line a row, the rule beside it."""

from __future__ import annotations

from stepper.calculus.derivation import Derivation, Rewrite
from stepper.expr.tree import Expr, names
from stepper.language.latex import latex
from stepper.show.words import translate


def as_latex(d: Derivation) -> str:
    r"""The derivation for LaTeX's mathematics mode (the package amsmath has `aligned`)."""
    rows = [rf"& {_formula(d.start)}"]
    for line in d.lines:
        rows.append(rf"={{}}& {_formula(line.tree)} && \text{{{_rule(line)}}}")
    joined = " \\\\\n  ".join(rows)
    return f"\\begin{{aligned}}\n  {joined}\n\\end{{aligned}}"


def _formula(tree: Expr) -> str:
    return latex(tree, sizes=dict.fromkeys(names(tree), ()))  # all are single numbers


def _rule(line: Rewrite) -> str:
    """The rule in words, its formulas as formulas."""
    formulas: list[str] = []

    def shown(field: object) -> str:
        formulas.append(f"${_formula(field)}$" if isinstance(field, Expr) else _text(str(field)))
        return f"\0{len(formulas) - 1}\0"

    said = _text(line.rule.words(shown, translate))
    for n, formula in enumerate(formulas):
        said = said.replace(f"\0{n}\0", formula)
    return said


def _text(rule: str) -> str:
    for sign, written in _SIGNS:
        rule = rule.replace(sign, written)
    return rule


_SIGNS = (
    ("−", "$-$"), ("σ", r"$\sigma$"), ("√", r"$\surd$"), ("·", r"$\cdot$"), ("Σ", r"$\Sigma$"),
    ("%", r"\%"), ("_", r"\_"), ("^", r"\^{}"),
)  # fmt: skip
