"""A walk as plain text of 80 columns, with mathematical signs or in ASCII alone."""

from __future__ import annotations

from collections.abc import Iterator

from stepper.show.arrays import matrix, side_by_side
from stepper.show.derivation import Page, lines_of
from stepper.show.formula import four_parts
from stepper.show.rows import Drawing, Look, Row, paragraph, row
from stepper.show.walk import INDENT, chain_rows
from stepper.show.words import words
from stepper.write.formats import Format
from stepper.write.walk import (
    Assignment,
    Block,
    Derived,
    Heading,
    Matrices,
    Paragraph,
    Said,
    Walk,
    Worked,
)

WIDTH = 80
_RULES = {1: "=", 2: "-", 3: ""}


def _unicode(walk: Walk) -> str:
    return _written(walk, Look(WIDTH, layout=walk.layout))


def _ascii(walk: Walk) -> str:
    return _written(walk, Look(WIDTH, ascii=True, layout=walk.layout))


FORMAT = Format("txt", _unicode, in_ascii=_ascii)


def _written(walk: Walk, look: Look) -> str:
    rows = tuple(row for block in walk.blocks for row in _block(block, look))
    return str(Drawing(rows, look.ascii)).strip() + "\n"


def _block(block: Block, look: Look) -> Iterator[Row]:
    match block:
        case Heading():
            yield from _heading(block, look)
        case Paragraph():
            dot = f" {look.sign('·', '-')} "
            said = dot.join(_said(each, look) for each in block.said)
            yield from paragraph(said, look, INDENT, hang=2 if block.kind == "aside" else 0)
        case Assignment():
            yield from paragraph(block.line.text(look.code), look, INDENT, hang=4)
        case Matrices():
            yield from _matrices(block, look)
        case Worked():
            if block.caption is not None:
                yield from paragraph(_said(block.caption, look), look)
            yield from chain_rows(four_parts(block.parts, look.maths), look)
            if block.agreement is not None:
                yield from paragraph(_said(block.agreement, look), look)
        case Derived():
            known = {block.derivation: block.checks}
            page = Page(look.narrower(INDENT), proofs=known, style=look.maths)
            indent: Row = ((" " * INDENT, "text"),)
            yield from ((*indent, *line) for line in lines_of(block.derivation, page))


def _said(said: Said, look: Look) -> str:
    """The text, with the formulas of a sentence as they are typed."""
    if isinstance(said, str):
        return look.spelled(said)
    return words(said, look.code, ascii=look.ascii)


def _heading(block: Heading, look: Look) -> Iterator[Row]:
    said = " ".join(_said(block.said, look).split())
    rule = _RULES[block.level]
    yield row("")
    yield from paragraph(said, look, indent=0)
    if rule:
        yield row(rule * min(len(said), look.width))


def _matrices(block: Matrices, look: Look) -> Iterator[Row]:
    inner = look.narrower(INDENT)
    arrow = look.sign("→", "->")
    drawn = [
        matrix(
            f"{arrow} {_said(m.name, look)}" if m.result else _said(m.name, look),
            m.value, inner, marked=m.marked,
        )
        for m in block.shown
    ]  # fmt: skip
    return side_by_side(drawn, look, INDENT)
