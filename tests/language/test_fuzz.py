"""Tens of thousands of broken formulas: nothing may come out but a tree or a FormulaError."""

from __future__ import annotations

import random
import time

import pytest

from stepper.expr.errors import FormulaError
from stepper.language.parse import parse, parse_line, parse_program
from stepper.language.text import text

SECONDS = 5.0
WORDS = [
    "W1", "X", "a3", "z", "y", "np", "numpy", ".", "T", ".T", "'", "(", ")", "[", "]", ",", ":",
    "=", "==", ">=", "<", ">", "!=", "**", "*", "@", "/", "//", "+", "-", "−", "⊙", "ᵀ", "₃", "²",
    "^", "^T", "⁻¹", "⁻", "σ", "σ'", "sigmoid(", "sum(", "axis=", "keepdims=", "True", "None", "0",
    "1", "-1", "2.", ".5", "1e-4", "1e999", "9999", "∂", "∂J/∂z2", "∂J_/∂z", "(a,b)", "mean(x)",
    ".sum(", "with_ones(", "pad(", "bce(", "stack(", "[:-1]", "[0,1]", "[0]", "[::]", "lambda",
    "if", "for", "in", ":=", "{", "}", "f\"", "\"", "\\", "__x__", "_", "é", "漢", "（", "）", "＝",
    "＋", "Ｗ", "\u3000", "\x00", "\ufeff", "�", "√", "·", "×", "≠", "≥", "1_0", "0x1", "1j", "5.T",
    "x.5", "...", "~", "not", "and", "yield", "softmax'", "maximum", "softmax_ce(", "\n", "\t",
    "#", ";", "\u2028", "\u0301", "\u200b",
]  # fmt: skip
VALID = (
    "dJ_dW3 = dJ_dz3 @ a2.T",
    "z1 = W1 @ X + b1\na1 = σ(z1)  # hidden",
    "J = -mean(y*log(a2+eps)+(1-y)*log(1-a2+eps))",
    "sum(dJ_dz3, axis=1, keepdims=True)",
    "pad(g, W[:, :-1]) + stack(a, b, axis=1)",
    "σ'(z₂) ⊙ (W₃ᵀ @ ∂J/∂z3)",
    "np.dot(W.T, x.sum(axis=0, keepdims=True))**2 > 0",
)


def soup(rng: random.Random) -> str:
    glue = rng.choice(("", "", " "))
    return glue.join(rng.choice(WORDS) for _ in range(rng.randint(1, 14)))


def mutation(rng: random.Random) -> str:
    signs = list(rng.choice(VALID))
    for _ in range(rng.randint(1, 4)):
        i = rng.randrange(len(signs) + 1)
        what = rng.random()
        if what < 0.4:
            del signs[i : i + 1]
        elif what < 0.7:
            signs[i:i] = rng.choice(WORDS)
        elif what < 0.85 and signs:
            signs[i:i] = signs[rng.randrange(len(signs)) :][:5]
        else:
            signs[i : i + 1] = chr(
                rng.choice((rng.randrange(128), rng.randrange(0x3000), rng.randrange(0x110000)))
            )
    return "".join(signs)


@pytest.mark.parametrize("make", [soup, mutation])
def test_nothing_comes_out_but_a_tree_or_a_refusal(make) -> None:  # type: ignore[no-untyped-def]
    rng = random.Random(20)
    tried, end = 0, time.monotonic() + SECONDS
    while tried < 20_000 and time.monotonic() < end:
        source = make(rng)
        tried += 1
        for read in (parse, parse_line, parse_program):
            try:
                result = read(source)
            except FormulaError as error:
                check(error, source if read is not parse_program else error.source)
            else:
                if read is parse:
                    assert parse(text(result)) == result, source
    assert tried > 500


def check(error: FormulaError, source: str) -> None:
    """A refusal can be told to a learner: in words, and with a place that is in the text."""
    assert str(error)
    assert error.pointing()
    if error.span is not None:
        start, end = error.span
        assert 0 <= start <= end <= max(1, len(source)), source
