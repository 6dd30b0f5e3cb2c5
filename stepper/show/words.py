"""Writes sentences in the learner's language and alphabet."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from typing import Any

from stepper.expr.sentence import Sentence, say
from stepper.expr.tree import Expr
from stepper.language.text import CODE, Style, text
from stepper.program.program import Phase
from stepper.show.numbers import written
from stepper.show.translation import is_only, translate

PHASE_NAMES: Mapping[Phase, Sentence] = {
    "forward": say("forward"), "backward": say("backward"), "update": say("update"),
}  # fmt: skip

_ASCII: Mapping[str, str] = {
    "σ": "sigmoid", "Σ": "sum", "√": "sqrt ", "δ": "delta", "ε": "eps", "𝟏": "1", "ᵀ": ".T",
    "−": "-", "·": "*", "⊙": "*", "×": "x", "²": "^2", "³": "^3", "ᶻ": "^z", "′": "'", "∂": "d",
    "≈": "~=", "≠": "!=", "≤": "<=", "≥": ">=", "…": "...", "→": "->", "⋮": ":", "‹": "<",
    "›": ">", "–": "-", "—": "-", "“": '"', "”": '"', "’": "'", "✓": "ok", "Δ": "delta ",
    "½": "1/2", "±": "+/-", "✗": "x",
}  # fmt: skip


_GREEK = re.compile(r"GREEK (SMALL|CAPITAL) LETTER (\w+)")


def all_samples(n: int) -> Sentence:
    """What a batch of so many samples is called."""
    return say("its only sample") if n == 1 else say("all {n} samples", n=str(n))


def words(sentence: Sentence, style: Style = CODE, *, ascii: bool = False) -> str:
    """A sentence as text, its formulas written in this style."""

    def shown(field: Any) -> str:
        return text(field, style) if isinstance(field, Expr) else written(field)

    said = sentence.words(shown, translate)
    return to_ascii(said) if ascii else said


def prose(
    said: Sentence | str, escape: Callable[[str], str], formula: Callable[[Expr], str]
) -> str:
    """A sentence for a document: its words escaped, its formulas typeset."""
    formulas: list[str] = []

    def shown(field: Any) -> str:
        formulas.append(formula(field) if isinstance(field, Expr) else escape(str(field)))
        return f"\0{len(formulas) - 1}\0"

    cleaned = _without_marks(said)
    whole = cleaned if isinstance(cleaned, str) else cleaned.words(shown, translate)
    parts = re.split("\0(\\d+)\0", whole)
    return "".join(formulas[int(p)] if n % 2 else escape(p) for n, p in enumerate(parts))


def _without_marks(field: Any) -> Any:
    """The text without the characters that mark formulas while a sentence is assembled."""
    if isinstance(field, Sentence):
        return Sentence(field.template, {k: _without_marks(v) for k, v in field.fields.items()})
    return field.replace("\0", "") if isinstance(field, str) else field


def to_ascii(said: str) -> str:
    """The text in ASCII; letters that are full-width on every terminal may stay.

    They stay unless only ASCII can be written at all.
    """
    if said.isascii():
        return said
    signs = (_ASCII.get(ch, ch) for ch in said)
    return "".join(sign if _stays(sign) else _in_ascii(sign) for sign in signs)


def _stays(sign: str) -> bool:
    return sign.isascii() or (not is_only() and unicodedata.east_asian_width(sign) in "WF")


def _in_ascii(sign: str) -> str:
    if greek := _GREEK.fullmatch(unicodedata.name(sign, "") if len(sign) == 1 else ""):
        return greek[2].lower() if greek[1] == "SMALL" else greek[2].title()
    letters = (ch for ch in unicodedata.normalize("NFKD", sign) if not unicodedata.combining(ch))
    return "".join(letters).encode("ascii", "replace").decode()
