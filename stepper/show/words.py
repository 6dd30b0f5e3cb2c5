"""Sentences in a learner's language and alphabet."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from typing import Any

from stepper.expr.sentence import Sentence, say
from stepper.expr.tree import Expr
from stepper.language.text import CODE, Style, text
from stepper.program.program import Phase

PHASE_NAMES: Mapping[Phase, Sentence] = {
    "forward": say("forward"), "backward": say("backward"), "update": say("update"),
}  # fmt: skip

WORDS: dict[str, str] = {}
"""Templates in another language, by the English one."""

_ASCII: Mapping[str, str] = {
    "σ": "sigmoid", "Σ": "sum", "√": "sqrt ", "δ": "delta", "ε": "eps", "𝟏": "1", "ᵀ": ".T",
    "−": "-", "·": "*", "⊙": "*", "×": "x", "²": "^2", "³": "^3", "ᶻ": "^z", "′": "'", "∂": "d",
    "≈": "~=", "≠": "!=", "≤": "<=", "≥": ">=", "…": "...", "→": "->", "⋮": ":", "‹": "<",
    "›": ">", "–": "-", "—": "-", "“": '"', "”": '"', "’": "'", "✓": "ok", "Δ": "delta ",
}  # fmt: skip


def translate(template: str) -> str:
    """A template in the learner's language, or as it is where there is no translation."""
    return WORDS.get(template, template)


def words(sentence: Sentence, style: Style = CODE, *, ascii: bool = False) -> str:
    """A sentence in words, its formulas written in this style."""

    def shown(field: Any) -> str:
        return text(field, style) if isinstance(field, Expr) else str(field)

    said = sentence.words(shown, translate)
    return to_ascii(said) if ascii else said


def to_ascii(said: str) -> str:
    """The same text for a terminal that has nothing but ASCII."""
    if said.isascii():
        return said
    written = "".join(_ASCII.get(ch, ch) for ch in said)
    letters = (ch for ch in unicodedata.normalize("NFKD", written) if not unicodedata.combining(ch))
    return "".join(letters).encode("ascii", "replace").decode()
