"""The formulas and matrices of a walk in LaTeX, for all formats that use it."""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np

from stepper.expr.tree import Name
from stepper.language.latex import latex, latex_number
from stepper.show.formula import links
from stepper.write.walk import Assignment, Cell, Matrix, Worked

_SHORT = 80
"""A chain longer than this, in characters, has each of its parts on a line of its own."""
_OPENING, _CLOSING = ("{", r"\left"), ("}", r"\right")
_SIGN_OR_BRACKET = re.compile(r"\\left|\\right|[{}]| [+-] ")
_DOTS = {"⋱": r"\ddots", "⋮": r"\vdots", "…": r"\cdots"}
_SIGNS = {"": "", "=": "= ", "≈": r"\approx ", "≠": r"\neq "}


def assignment(block: Assignment) -> str:
    """A line of the program."""
    return f"{latex(Name(block.line.target))} = {latex(block.line.tree, sizes=block.sizes)}"


def value(matrix: Matrix) -> str:
    """The numbers between brackets; a scalar as a plain number."""
    grid = matrix.grid()
    if not np.ndim(matrix.value):
        return _cell(grid[0][0])
    rows = " \\\\\n".join(" & ".join(map(_cell, row)) for row in grid)
    columns = "r" * len(grid[0])
    return f"\\left(\\begin{{array}}{{{columns}}}\n{rows}\n\\end{{array}}\\right)"


def _cell(cell: Cell) -> str:
    if cell.gap:
        return _DOTS[cell.text]
    number = latex_number(cell.text).replace("!", "")
    return rf"\mathbf{{{number}}}" if cell.marked else number


def chain(block: Worked) -> list[str]:
    """`symbol`, `= formula`, `= numbers`, `≈ value`."""
    parts = []
    for link in links(block.parts):
        tree = link.tree and latex(link.tree, link.values, block.parts.sizes)
        parts.append(_SIGNS[link.sign] + (tree or latex_number(link.said)))
    return parts


def aligned(parts: list[str]) -> str:
    """A chain on one line if it is short, else with its signs aligned."""
    first, *rest = parts
    if sum(map(_length, parts)) <= _SHORT:
        between = " "
    else:
        between, rest = " \\\\\n&", [" \\\\\n&\\quad ".join(_broken(part)) for part in rest]
    return f"\\begin{{aligned}}\n{first} &{between.join(rest)}\n\\end{{aligned}}"


def _length(written: str) -> int:
    """The approximate visible length of a formula: a command counts as one character or none."""
    return len(re.sub(r"\\(?:left|right|frac|mathrm|operatorname)|[{}_^ ]|(\\)[a-z]+", "", written))


def _broken(written: str) -> Iterator[str]:
    """A long formula in pieces: each but the first begins with a plus or minus outside brackets."""
    start = depth = 0
    most = _SHORT / 4 if _length(written) > _SHORT else _SHORT
    for found in _SIGN_OR_BRACKET.finditer(written):
        depth += (found[0] in _OPENING) - (found[0] in _CLOSING)
        long = _length(written[start : found.start()]) > most
        if found[0] in (" + ", " - ") and not depth and long:
            yield written[start : found.start()]
            start = found.start() + 1
    yield written[start:]
