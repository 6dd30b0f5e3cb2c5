"""A walk as one self-contained HTML file: MathML, for a screen, a phone and paper."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from html import escape
from importlib.resources import files

import numpy as np

from stepper.expr.sentence import say
from stepper.expr.tree import Expr, Name, names
from stepper.language.mathml import mathml, mathml_number, mathml_sign
from stepper.language.text import MATH, Style, Values, no_number, text
from stepper.show.formula import links
from stepper.show.textbook import Textbook
from stepper.show.translation import spoken
from stepper.show.words import prose
from stepper.write.formats import Format
from stepper.write.walk import (
    Assignment,
    Block,
    Cell,
    Derived,
    Heading,
    Matrices,
    Matrix,
    Paragraph,
    Said,
    Walk,
    Worked,
)

Sizes = Mapping[str, tuple[int, ...]]


def _written(walk: Walk) -> str:
    parts = [part for n, block in enumerate(walk.blocks) for part in _block(block, n)]
    first = next((n for n, part in enumerate(parts) if part.startswith("<h2")), len(parts))
    parts.insert(first, _contents(walk))
    return _PAGE.format(
        language=spoken(), title=_escaped(walk.title), style=_beside("html.css"),
        script=_beside("html.js"), body="\n".join(parts),
    )  # fmt: skip


def _ascii(walk: Walk) -> str:
    return _written(walk).encode("ascii", "xmlcharrefreplace").decode()


FORMAT = Format("html", _written, in_ascii=_ascii)

_PAGE = """<!DOCTYPE html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{title}</title>
<style>
{style}</style>
</head>
<body>
<main>
{body}
</main>
<script>
{script}</script>
</body>
</html>
"""


def _beside(name: str) -> str:
    """The text of a file beside this module."""
    return files("stepper.write").joinpath(name).read_text(encoding="utf-8")


def _contents(walk: Walk) -> str:
    """The table of contents: links to phases and lines."""
    links_to = [
        f'<a class="level{block.level}" href="#b{n}">{_said(block.said)}</a>'
        for n, block in enumerate(walk.blocks)
        if isinstance(block, Heading) and block.level > 1
    ]
    return f"<nav>{' '.join(links_to)}</nav>"


def _block(block: Block, number: int) -> Iterator[str]:
    match block:
        case Heading():
            tag = f"h{block.level}"
            yield f'<{tag} id="b{number}">{_said(block.said)}</{tag}>'
        case Paragraph():
            whole = " · ".join(_said(each, block.sizes) for each in block.said)
            yield f'<p class="{block.kind}">{whole}</p>'
        case Assignment():
            yield _assignment(block)
        case Matrices():
            yield f'<div class="matrices">{"".join(map(_matrix, block.shown))}</div>'
        case Worked():
            yield _worked(block)
        case Derived():
            yield from _derived(block)


def _escaped(said: str) -> str:
    """Text in which nothing is read as HTML; characters HTML does not have are dropped."""
    return escape("".join(ch for ch in said if ch.isprintable() or ch.isspace()))


def _said(said: Said, sizes: Sizes | None = None) -> str:
    return prose(said, _escaped, lambda tree: _math(mathml(tree, sizes=sizes), text(tree, MATH)))


def _math(inner: str, plain: str, more: str = "") -> str:
    """A formula; `plain` is the fallback where there is no MathML."""
    return f'<math alttext="{_escaped(plain)}"{more}><mrow>{inner}</mrow></math>'


def _assignment(block: Assignment) -> str:
    target, sizes = Name(block.line.target), dict(block.sizes)
    inner = mathml(target) + mathml_sign("=") + mathml(block.line.tree, sizes=sizes)
    plain = block.line.text(Style(partial=True, maths=True, brief=True, sizes=sizes))
    code = f"<code>{_escaped(block.line.text())}</code>"
    return f'<div class="assignment"><p>{_math(inner, plain)}</p><p>{code}</p></div>'


def _matrix(matrix: Matrix) -> str:
    """A table between brackets, with its name and its shape above."""
    size = "×".join(map(str, np.shape(matrix.value))) or _said(say("scalar"))
    arrow, kind = ("→ ", ' class="result"') if matrix.result else ("", "")
    rows = "".join(f"<tr>{''.join(map(_cell, row))}</tr>" for row in matrix.grid())
    caption = f"<figcaption>{arrow}{_said(matrix.name)} <small>{size}</small></figcaption>"
    brackets = "" if np.ndim(matrix.value) else ' class="scalar"'
    table = f'<div class="scroll"><table{brackets}>{rows}</table></div>'
    return f"<figure{kind}>{caption}{table}</figure>"


def _cell(cell: Cell) -> str:
    written = _escaped(cell.text.replace("-", "−"))
    return f"<td><mark>{written}</mark></td>" if cell.marked else f"<td>{written}</td>"


def _worked(block: Worked) -> str:
    """The chain `symbol = formula = numbers ≈ value`, broken only before a sign."""
    sizes = dict(block.parts.sizes)
    style = Style(partial=True, maths=True, brief=True, sizes=sizes)
    parts = []
    for link in links(block.parts):
        sign = mathml_sign(link.sign) if link.sign else ""
        if link.tree is None:
            parts.append(_math(sign + mathml_number(link.said), f"{link.sign} {link.said}"))
        else:
            plain = f"{link.sign} {text(link.tree, style, link.values)}".strip()
            parts.append(_math(sign + mathml(link.tree, link.values, sizes), plain))
    agrees = f'<span class="rule">{_said(block.agreement)}</span>' if block.agreement else ""
    caption = "" if block.caption is None else f'<p class="aside">{_said(block.caption)}</p>'
    chain = "".join(f'<span class="scroll">{part}</span>' for part in parts)
    return f'{caption}<p class="chain">{chain}{agrees}</p>'


def _derived(block: Derived) -> Iterator[str]:
    """A line a row: the formula, the rule, and the proof's verdict."""
    d, marks = block.derivation, block.marks()
    rows = [_row("", d.start, "")]
    for line, (mark, meaning) in zip(d.lines, marks, strict=True):
        tip = f'<abbr title="{_said(meaning)}">{_escaped(mark)}</abbr>'
        rows.append(_row("=", line.tree, f"{_rule(line.rule)} {tip}"))
    yield f'<div class="derivation">{"".join(rows)}</div>'


def _rule(said: Said) -> str:
    return prose(said, _escaped, lambda tree: _single(tree))


def _row(sign: str, tree: Expr, rule: str) -> str:
    formula = f'<span class="scroll">{_single(tree, sign)}</span>'
    return f'<p>{formula}<span class="rule">{rule}</span></p>'


def _single(tree: Expr, sign: str = "", values: Values = no_number) -> str:
    """A formula of scalars, whose products need no sign."""
    sizes: Sizes = dict.fromkeys(names(tree), ())
    before = mathml_sign(sign) if sign else ""
    return _math(before + mathml(tree, values, sizes), f"{sign} {Textbook().line(tree)}".strip())
