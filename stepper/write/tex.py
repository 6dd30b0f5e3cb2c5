"""A walk as a complete LaTeX document, for pdflatex, xelatex or lualatex, without rare packages."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

import numpy as np

from stepper.expr.sentence import say
from stepper.language.latex import latex
from stepper.show import derivation_latex
from stepper.show.latex_text import latex_text
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
)  # fmt: skip

_BEGIN = r"""\documentclass[11pt]{article}
\usepackage{amsmath}
\usepackage[a4paper,margin=2cm]{geometry}
\setlength{\parindent}{0pt}
\setlength{\parskip}{0.6ex plus 0.3ex}
\setlength{\lineskip}{0.8ex}
\setcounter{secnumdepth}{0}
\emergencystretch=3em
% A letter beyond those of LaTeX's own fonts. With xelatex or lualatex and a font that has it
% (\usepackage{fontspec}\setmainfont{...}) it is printed, else its number in Unicode.
\newcommand{\unknown}[1]{\texttt{[U+#1]}}
\ifdefined\Umathchar
  \renewcommand{\unknown}[1]{\iffontchar\font"#1 \char"#1\relax\else\texttt{[U+#1]}\fi}
\fi
\newcommand{\letter}[1]{\ifmmode\mbox{\unknown{#1}}\else\unknown{#1}\fi}
% A formula in the largest size in which it fits the page.
\newsavebox{\formulabox}
\newcommand{\set}[2]{\sbox{\formulabox}{#1#2}}
\newcommand{\smaller}[2]{\ifdim\wd\formulabox>\linewidth\set{#1}{#2}\fi}
\newcommand{\fitted}[1]{\set{\normalsize}{#1}\smaller{\small}{#1}\smaller{\footnotesize}{#1}%
  \smaller{\scriptsize}{#1}\smaller{\tiny}{#1}\usebox{\formulabox}}
\newcommand{\shown}[1]{\par\smallskip\fitted{$\displaystyle #1$}\par\smallskip}
\begin{document}
"""
_END = "\\end{document}\n"
_SECTIONS = {1: "section", 2: "section", 3: "subsection"}


def _written(walk: Walk) -> str:
    body = "\n".join(line for block in walk.blocks for line in _block(block))
    return _BEGIN + re.sub(r"[^\x00-\x7f]", _by_number, body) + "\n" + _END


def _by_number(found: re.Match[str]) -> str:
    return rf"\letter{{{ord(found[0]):04X}}}"


FORMAT = Format("tex", _written, in_ascii=_written)


def _block(block: Block) -> Iterator[str]:
    match block:
        case Heading():
            yield "" if block.level == 3 else "\n\\bigskip"
            yield rf"\{_SECTIONS[block.level]}*{{{_said(block.said)}}}"
        case Paragraph():
            yield from _paragraph(block)
        case Assignment():
            yield _shown(latex_parts.assignment(block))
            yield rf"\texttt{{{latex_text(block.line.text())}}}" + "\n"
        case Matrices():
            matrices = " \\quad\n".join(map(_matrix, block.shown))
            yield f"{{\\raggedright\n{matrices}\\par}}\n"
        case Worked():
            yield from _worked(block)
        case Derived():
            marks = [latex_text(mark) for mark, _ in block.marks()]
            yield _shown(derivation_latex.as_latex(block.derivation, marks))


def _shown(formula: str) -> str:
    return f"\\shown{{{formula}}}"


def _said(said: Said, sizes: Mapping[str, tuple[int, ...]] | None = None) -> str:
    return prose(said, latex_text, lambda tree: f"${latex(tree, sizes=sizes)}$")


def _paragraph(block: Paragraph) -> Iterator[str]:
    whole = r" $\cdot$ ".join(_said(each, block.sizes) for each in block.said)
    whole = re.sub(r"\s*\n\s*", " ", whole)  # an empty line would end a braced paragraph
    dress = {"text": "", "aside": r"\footnotesize ", "warning": r"\bfseries "}[block.kind]
    yield f"{{{dress}{whole}\\par}}" if dress else whole + "\n"


def _matrix(matrix: Matrix) -> str:
    """`$W_1 = (…)$ 3×2`, with the words about it."""
    arrow = r"$\to$ " if matrix.result else ""
    size = r"$\times$".join(map(str, np.shape(matrix.value))) or _said(say("scalar"))
    numbers = latex_parts.value(matrix)
    return rf"\fitted{{{arrow}{_said(matrix.name)} $= {numbers}$ {{\footnotesize {size}}}}}"


def _worked(block: Worked) -> Iterator[str]:
    """`symbol = formula = numbers ≈ value`, on one line if that is short."""
    if block.caption is not None:
        yield rf"\par{{\footnotesize {_said(block.caption)}\par}}"
    parts = latex_parts.chain(block)
    if block.agreement is not None:
        parts[-1] += rf"\quad \text{{{_said(block.agreement)}}}"
    yield _shown(latex_parts.aligned(parts))
