"""Prose with computed numbers: `{{ … }}` is evaluated in the lab beside it, never typed.

`{{ dL_dw }}` is the value of a formula, `{{ dL_dw | 2 }}` with so many decimals, `{{ formula dL_dw
}}` the right side of its line, `{{ line dL_dw }}` the whole line, `{{ name dL_dw }}` the name as it
is written, `{{ shape W1 }}` its shape. `{{ grid W1 }}`, on an indented line of its own, is a matrix
as a table.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from stepper.course.stage import Stage
from stepper.expr.errors import StepperError
from stepper.expr.sentence import Sentence, say
from stepper.expr.tree import Name
from stepper.language.parse import parse
from stepper.ops.card import Value
from stepper.program.program import Line

HOLE = re.compile(r"\{\{ *(.+?) *\}\}")
INDENT = " " * 4
"""The indentation of a line of prose that is not reflowed."""
_ROUNDED = re.compile(r"(.+?) *\| *(\d)")


def filled(text: str, stage: Stage) -> Sentence:
    """The text with its placeholders filled in. Raises StepperError for a wrong one."""
    holed = _holed(text)
    return Sentence(holed.template, {k: _field(hole, stage) for k, hole in holed.holes.items()})


@dataclass(frozen=True, slots=True)
class Holed:
    """A text as a sentence template, and the placeholder of each field."""

    template: str
    holes: Mapping[str, str]


def _holed(text: str) -> Holed:
    template, found = "", {}
    for n, piece in enumerate(HOLE.split(text)):
        if n % 2:
            found[f"x{n}"] = piece
            template += f"{{x{n}}}"
        else:
            template += piece.replace("{", "{{").replace("}", "}}")
    return Holed(template, found)


def holes(text: str) -> list[str]:
    """The placeholders of a text."""
    return HOLE.findall(text)


def _field(hole: str, stage: Stage) -> object:
    word, _, rest = hole.partition(" ")
    if word in _WORDS and rest:
        return _WORDS[word](rest, stage)
    if rounded := _ROUNDED.fullmatch(hole):
        return f"{_number(rounded[1], stage):.{rounded[2]}f}"
    value = stage.value(hole)
    return _single(value) if np.size(value) == 1 else np.asarray(value)


def _number(formula: str, stage: Stage) -> float:
    value = stage.value(formula)
    if np.size(value) != 1:
        raise StepperError("{formula} is a matrix: name one entry, or leave the digits out",
                           formula=formula)  # fmt: skip
    return _single(value)


def _single(value: Value) -> float:
    return float(np.reshape(value, ()))


def _line_of(name: str, stage: Stage) -> Line:
    lines = (*stage.lab.forward.lines, *stage.gradients, *stage.lab.program.lines)
    for line in lines:
        if line.target == name:
            return line
    raise StepperError("no line of {lab} gives `{name}`", lab=stage.lab.name, name=name)


def _line(name: str, stage: Stage) -> Sentence:
    return say("{target} = {formula}", target=Name(name), formula=_line_of(name, stage).tree)


def _formula(source: str, stage: Stage) -> object:
    """The right side of a name's line, or a formula as it would be written."""
    if source.isidentifier():
        return _line_of(source, stage).tree
    return parse(source, layout=stage.lab.layout, names=set(stage.values))


def _name(name: str, stage: Stage) -> Name:
    stage.value(name)
    return Name(name)


def _shape(source: str, stage: Stage) -> object:
    """`2×4`, the shape as it is shown above a matrix and as a learner types it."""
    return "×".join(map(str, np.shape(stage.value(source)))) or say("scalar")


def _grid(source: str, stage: Stage) -> str:
    """A matrix row by row, a line each; every column leaves room for a sign, so that two matrices
    below each other line up."""
    rounded = _ROUNDED.fullmatch(source)
    matrix = np.atleast_2d(stage.value(rounded[1] if rounded else source))
    entries = [[f"{v: .{rounded[2]}f}" if rounded else f"{v: .4g}" for v in row] for row in matrix]
    wide = max(len(entry) for row in entries for entry in row)
    return f"\n{INDENT}".join("  ".join(f"{e:>{wide}}" for e in row) for row in entries)


_WORDS: Mapping[str, Callable[[str, Stage], object]] = {
    "line": _line, "formula": _formula, "name": _name, "shape": _shape, "grid": _grid,
}  # fmt: skip
