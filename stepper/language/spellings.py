"""The words that learners type for a card, and the slope that `σ'` stands for."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from stepper.expr.errors import FormulaError
from stepper.expr.tree import Call, Expr, Name, Number, call, substitute
from stepper.ops import CARDS, Op


@cache
def spellings() -> Mapping[str, Op]:
    """Every word that names a card: its own name, numpy's and other common ones."""
    words: dict[str, Op] = {}
    for card in CARDS.values():
        own = (card.notation.code,) if card.notation.form == "function" else ()
        for word in (*own, *card.notation.spellings):
            words[word] = card
    return words


def slope(card: Op, x: Expr) -> Expr:
    """The derivative of an elementwise card at `x`: its vjp applied to a gradient of 1."""
    if not card.is_elementwise:
        why = "`{op}` has no slope: it mixes entries"
        raise FormulaError("not-allowed", None, why, op=card.name)
    g = Name("g")
    part = card.vjp(g, call(card.name, x), x)[0]
    if isinstance(part, Call) and part.op == "mul" and part.args[0] == g:
        return part.args[1]
    if part is None:
        raise FormulaError("not-allowed", None, "`{op}` has no slope", op=card.name)
    return substitute(part, {"g": Number(1)})
