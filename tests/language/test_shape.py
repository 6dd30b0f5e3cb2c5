"""Shapes by name, and what is said where two of them do not fit."""

from __future__ import annotations

import re

import pytest

from stepper.expr.errors import FormulaError, ShapeError
from stepper.language.parse import parse
from stepper.language.shape import shape_of
from stepper.ops.dims import Dim, N, dims, shown
from stepper.show.translation import speak
from stepper.show.words import words

H = Dim(4, "h")
SHAPES = {
    "W1": dims(H, 2),
    "W2": dims(1, H.plus(1)),
    "X": dims(N, 2),
    "XT": dims(2, N),
    "a1": dims(H, N),
    "b1": dims(H, 1),
    "y": dims(1, N),
    "K": dims(4, 2),
    "s": (),
}

FITTING = {
    "W1 @ XT + b1": "(h, N)",
    "X @ W1.T": "(N, h)",
    "a1 @ X": "(h, 2)",
    "W2 @ with_ones(a1)": "(1, N)",
    "W2[:, :-1] @ a1": "(1, N)",
    "W2[:, -1:]": "(1, 1)",
    "with_ones(X)": "(N+1, 2)",
    "with_ones(X, axis=1)": "(N, 3)",
    "with_ones(y, axis=1)": "(1, N+1)",
    "with_ones(with_ones(y, axis=1), axis=1)[:, 1:-1] + y": "(1, N)",
    "with_ones(y, axis=1)[:, :-1] + with_ones(y, axis=1)[:, 1:]": "(1, N)",
    "stack(y, b1[:1], axis=1)": "(1, N+1)",
    "stack(b1[:1], y, axis=1)": "(1, N+1)",
    "stack(a1, y)": "(h+1, N)",
    "K + W1": "(h, 2)",
    "s * W1 / 2": "(h, 2)",
    "sum(a1)": "scalar",
    "sum(a1, axis=1, keepdims=True)": "(h, 1)",
    "mean(a1, axis=0, keepdims=True)": "(1, N)",
    "sum(a1, keepdims=True)": "(1, 1)",
    "mse(y, y) + bce(y, s)": "scalar",
    "softmax_ce(a1, a1)": "scalar",
    "softmax(a1)": "(h, N)",
    "a1[0, 2]": "scalar",
    "X[:2]": "(2, 2)",
    "X[-1:]": "(1, 2)",
    "size(a1, 1) * ones_like(b1)": "(h, 1)",
    "pad(y, a1[:1])": "(h, N)",
    "expand(y, a1)": "(h, N)",
    "sum_to(a1, b1)": "(h, 1)",
    "2": "scalar",
}


@pytest.mark.parametrize(("source", "shape"), FITTING.items())
def test_shape(source: str, shape: str) -> None:
    assert str(shown(shape_of(parse(source), SHAPES))) == shape


# text, the part of it that the error points at, the message
MISFITS = [
    ("W1 @ X", "W1 @ X", "W1 (h, 2) @ X (N, 2): inner sizes 2 and N differ; `X.T`?"),
    ("sigmoid(W1 @ X) @ a1", "W1 @ X", "W1 (h, 2) @ X (N, 2): inner sizes 2 and N differ; `X.T`?"),
    ("XT @ W1.T", "XT @ W1.T", "XT (2, N) @ W1.T (2, h): inner sizes N and 2 differ; `XT.T`?"),
    ("X.T @ W1.T", "X.T @ W1.T", "X.T (2, N) @ W1.T (2, h): inner sizes N and 2 differ; "
     "`X @ W1.T`?"),
    ("W1 @ W1", "W1 @ W1", "W1 (h, 2) @ W1 (h, 2): inner sizes 2 and h differ; "
     "`W1 @ W1.T` or `W1.T @ W1`?"),
    ("W2 @ a1", "W2 @ a1", "W2 (1, h+1) @ a1 (h, N): inner sizes h+1 and h differ"),
    ("W1 @ s", "W1 @ s", "W1 (h, 2) @ s scalar: `@` multiplies matrices, and one side is a single "
     "number: use `*`"),
    ("2 * (W1 + X)", "W1 + X", "W1 (h, 2) + X (N, 2): `+` works entry by entry, and these shapes "
     "differ: each side must be equal, or 1"),
    ("XT - X", "XT - X", "XT (2, N) - X (N, 2): `-` works entry by entry, and these shapes differ: "
     "each side must be equal, or 1; `X.T` or `XT.T`?"),
    ("mean(a1, axis=1)", "mean(a1, axis=1)", "mean(a1 (h, N), axis=1): the mean of (h, N) over "
     "axis 1 loses that axis and leaves (h,): add keepdims=True to get (h, 1)"),
    ("mse(y, a1)", "mse(y, a1)", "mse(y (1, N), a1 (h, N)): prediction and target differ in shape: "
     "numpy would stretch one over the other and average over pairs that do not belong together"),
    ("softmax_ce(y, a1)", "softmax_ce(y, a1)", None),
    ("bce(y, X)", "bce(y, X)", None),
    ("W1[9, 0]", "W1[9, 0]", "W1 (h, 2)[9, 0]: there is no entry 9 in (h, 2): they count from 0"),
    ("K[5:]", "K[5:]", "K (4, 2)[5:]: nothing is left of a side of length 4"),
    ("X[1:]", "X[1:]", "X (N, 2)[1:]: how long this slice of N samples is cannot be known"),
    ("with_ones(X)[2:]", "with_ones(X)[2:]", "with_ones(X) (N+1, 2)[2:]: how long this slice of N "
     "samples is cannot be known"),
    ("with_ones(X)[:0]", "with_ones(X)[:0]", None),
    ("mse(with_ones(y, axis=1), y)", "mse(with_ones(y, axis=1), y)", "mse(with_ones(y, axis=1) "
     "(1, N+1), y (1, N)): `mse` works entry by entry, and these shapes differ: each side must be "
     "equal, or 1"),
    ("y + with_ones(y, axis=1)", "y + with_ones(y, axis=1)", None),
    ("XT @ with_ones(X)", "XT @ with_ones(X)", None),
    ("stack(X, X)", "stack(X, X)", "stack(X (N, 2), X (N, 2)): how long two sides of N samples are "
     "is not known"),
    ("s[:1]", "s[:1]", None),
    ("s[0, 0]", "s[0, 0]", None),
    ("with_ones(s)", "with_ones(s)", None),
    ("pad(y, W1[:1])", "pad(y, W1[:1])", "pad(y (1, N), W1 (h, 2)[:1]): (1, N) does not fit into "
     "(1, 2)"),
    ("expand(W1, X)", "expand(W1, X)", None),
    ("sum_to(y, W1)", "sum_to(y, W1)", None),
    ("stack(a1, W1)", "stack(a1, W1)", None),
]  # fmt: skip


@pytest.mark.parametrize(("source", "place", "message"), MISFITS, ids=[m[0] for m in MISFITS])
def test_misfit(source: str, place: str, message: str | None) -> None:
    with pytest.raises(FormulaError) as caught:
        shape_of(parse(source), SHAPES)
    assert caught.value.span is not None
    assert source[slice(*caught.value.span)] == place
    assert message is None or str(caught.value) == message
    assert caught.value.kind in ("shape", "keepdims")


@pytest.mark.parametrize("source", [m[0] for m in MISFITS])
def test_a_misfit_is_said_in_one_language(source: str) -> None:
    speak("zh-TW")
    with pytest.raises(FormulaError) as caught:
        shape_of(parse(source), SHAPES)
    said = words(caught.value.sentence)
    assert not re.search(r"\b(scalar|and|or|is|the|of)\b|: ", said), said


def test_an_unknown_name_has_no_shape() -> None:
    with pytest.raises(FormulaError) as caught:
        shape_of(parse("W3 @ X"), SHAPES)
    assert str(caught.value) == "there is no `W3` here. Did you mean `W1`, `W2`?"


def test_n_is_never_one_not_even_in_a_batch_of_one() -> None:
    shapes = {"a": dims(H, N), "b": dims(H, 1)}
    assert shape_of(parse("a + b"), shapes) == dims(H, N)
    with pytest.raises(ShapeError):
        shape_of(parse("W @ b"), {"W": dims(2, N), **shapes})
