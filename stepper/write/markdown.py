"""A walk as Markdown with fenced mathematics, as GitHub and GitLab render it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

import numpy as np

from stepper.language.latex import latex
from stepper.show import derivation_latex
from stepper.show.words import prose
from stepper.write import latex_parts
from stepper.write.formats import Format
from stepper.write.walk import (
    Assignment,
    Block,
    Derived,
    Heading,
    Matrices,
    Matrix,
    Paragraph,
    Said,
    Walk,
    Worked,
)

_SPECIAL = re.compile(r"[\\`*_{}\[\]|~$]")
_AT_THE_START = re.compile(r"^(\s*\d*)([#+\-=.)])")
"""What starts a heading, a list or a rule at the beginning of a paragraph."""


def _written(walk: Walk) -> str:
    parts = (part for block in walk.blocks for part in _block(block))
    return "\n\n".join(parts) + "\n"


FORMAT = Format("md", _written)


def _block(block: Block) -> Iterator[str]:
    match block:
        case Heading():
            yield f"{'#' * block.level} {_said(block.said)}"
        case Paragraph():
            yield _paragraph(block)
        case Assignment():
            yield _fenced(latex_parts.assignment(block))
            yield f"`{block.line.text()}`"
        case Matrices():
            yield _fenced(" \\qquad\n".join(map(_matrix, block.shown)))
        case Worked():
            yield from _worked(block)
        case Derived():
            marks = [mark for mark, _ in block.marks()]
            yield _fenced(derivation_latex.as_latex(block.derivation, marks))


def _fenced(formula: str) -> str:
    return f"```math\n{formula}\n```"


def _said(said: Said, sizes: Mapping[str, tuple[int, ...]] | None = None) -> str:
    """The text on one line, since a blank line would end the paragraph.

    Backticks protect a formula from Markdown.
    """
    whole = prose(said, escaped, lambda tree: f"$`{latex(tree, sizes=sizes)}`$")
    whole = " ".join(whole.split())
    return _AT_THE_START.sub(r"\1\\\2", whole)


def escaped(text: str) -> str:
    """Text in which nothing is read as Markdown or HTML."""
    safe = _SPECIAL.sub(r"\\\g<0>", text)
    return safe.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _paragraph(block: Paragraph) -> str:
    whole = " · ".join(_said(each, block.sizes) for each in block.said)
    return {"text": whole, "aside": f"*{whole}*", "warning": f"**{whole}**"}[block.kind]


def _matrix(matrix: Matrix) -> str:
    """`W_1 = (…)` and its shape, with the words about it."""
    name = prose(matrix.name, lambda words: rf"\text{{{words}}}" if words else "", latex)
    arrow = r"\to\ " if matrix.result else ""
    size = r"\times ".join(map(str, np.shape(matrix.value)))
    small = rf"\, {{\scriptstyle {size}}}" if size else ""
    return f"{arrow}{name} = {latex_parts.value(matrix)}{small}"


def _worked(block: Worked) -> Iterator[str]:
    if block.caption is not None:
        yield f"*{_said(block.caption)}*"
    yield _fenced(latex_parts.aligned(latex_parts.chain(block)))
    if block.agreement is not None:
        yield _said(block.agreement)
