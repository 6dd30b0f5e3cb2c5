"""How somebody's numbers relate to the right ones: a constant factor, a transpose."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

import numpy as np

from stepper.expr.sentence import Sentence, say
from stepper.ops.card import Value

Fits = Callable[[Value], bool]
"""Whether a learner's numbers equal these, as far as their digits tell."""
FactorOf = Callable[[Value], float | None]
"""The factor between some numbers and a learner's; None if there is none."""


def relation(
    right: Value, fits: Fits, factor: FactorOf, samples: int | None = None
) -> Sentence | None:
    """What a learner did to the right numbers; None if they are right, or it is nothing this
    simple.

    `samples` is the factor that a forgotten mean would leave.
    """
    if not np.any(right) or fits(right):
        return None
    if fits(np.zeros_like(right)):
        return say("it is 0 everywhere")
    if (said := _factor(right, fits, factor, samples)) is not None:
        return said
    turned = np.transpose(right)
    if not np.ndim(right) or (turned.shape == right.shape and np.array_equal(turned, right)):
        return None
    if fits(turned):
        return say("these are the right numbers, transposed")
    said = _factor(turned, fits, factor, samples)
    return say("it is transposed, and besides: {said}", said=said) if said is not None else None


def _factor(right: Value, fits: Fits, factor: FactorOf, samples: int | None) -> Sentence | None:
    known = (said for k, said in _factors(samples) if fits(k * right))
    if (said := next(known, None)) is not None:
        return said
    ratio = factor(right)
    if ratio is None or not np.isfinite(ratio) or not ratio or not fits(ratio * right):
        return None
    return _constant(ratio)


def _factors(samples: int | None) -> Iterator[tuple[float, Sentence]]:
    yield -1.0, say("its sign is the wrong way round")
    yield 2.0, say("it is 2 times too large: look for a factor 2 or ½ of the loss")
    yield 0.5, say("it is half of what is right: look for a factor 2 or ½ of the loss")
    if samples is not None and samples > 1:
        n = str(samples)
        missing = "it is {n} times too large, as if the mean over the {n} samples were missing"
        again = "it is {n} times too small, as if the mean over the {n} samples were taken twice"
        yield float(samples), say(missing, n=n)
        yield 1 / samples, say(again, n=n)
        both = "it is {k} times too large, as if the mean over {n} samples and a ½ were missing"
        yield 2.0 * samples, say(both, k=str(2 * samples), n=n)


def _constant(ratio: float) -> Sentence:
    size = abs(ratio)
    said = (
        say("it is {k} times too large, everywhere", k=f"{size:.4g}")
        if size > 1
        else say("it is {k} times too small, everywhere", k=f"{1 / size:.4g}")
    )
    return said if ratio > 0 else say("{said}, and its sign is the wrong way round", said=said)


def common_ratio(theirs: Value, right: Value) -> float | None:
    """The ratio of two values at the right one's largest entry; None if the shapes differ."""
    if np.shape(theirs) != np.shape(right):
        return None
    at = np.argmax(np.abs(right))
    largest = np.ravel(right)[at]
    return float(np.ravel(theirs)[at] / largest) if largest else None


MOST = 5
"""How many places a sentence names."""


def where(wrong: Value) -> Sentence:
    """Which entries of an array are wrong: all of them, whole rows or columns, or each by index."""
    if np.size(wrong) == 1:
        return say("it is another number")
    if np.all(wrong):
        return say("every entry is wrong")
    return say(
        "wrong entries: {n} of {all}, {which}",
        n=str(int(np.sum(wrong))), all=str(wrong.size), which=_which(wrong),
    )  # fmt: skip


def _which(wrong: Value) -> Sentence:
    if wrong.ndim == 2 and min(wrong.shape) > 1:
        rows, columns = wrong.all(axis=1), wrong.all(axis=0)
        if rows.any() and not wrong[~rows].any():
            return say("all of row {which}", which=_listed(rows))
        if columns.any() and not wrong[:, ~columns].any():
            return say("all of column {which}", which=_listed(columns))
    places = [place(index) for index in np.argwhere(wrong)[:MOST]]
    more = say(" and more") if np.sum(wrong) > MOST else ""
    return say("{places}{more}", places=", ".join(places), more=more)


def _listed(marks: Value) -> str:
    return ", ".join(str(int(i)) for i in np.nonzero(marks)[0][:MOST])


def place(index: Iterable[int]) -> str:
    """`[2, 1]`: row and column, counted from 0 as in numpy."""
    return f"[{', '.join(str(int(i)) for i in index)}]"
