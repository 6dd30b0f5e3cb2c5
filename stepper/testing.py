"""For a test of your own: is this gradient right, and if not, what is wrong with it?

    from stepper.testing import assert_gradient

    def test_backward():
        assert_gradient(loss, {"W": W, "b": b}, backward(W, b))

A failure says which parameter is wrong and how: a factor, a sign, a transpose, or which entries.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from stepper.calculus.measured import ROUNDING, Measured, measured
from stepper.calculus.numeric import Loss
from stepper.check.relation import common_ratio, place, relation, where
from stepper.expr.errors import StepperError
from stepper.expr.sentence import Sentence, say
from stepper.ops.card import Value

CLOSE = 1e-6
"""The tolerance of a gradient, relative to the measured one's largest entry."""
LARGE = 1e5
"""The largest loss up to which the threshold for a zero gradient grows with the loss."""

Parameters = Mapping[str, Any] | Sequence[Any] | np.ndarray
__all__ = ["assert_gradient"]


@dataclass(frozen=True, slots=True, eq=False)
class _Wrong:
    """A gradient that differs from the measured one, or that could not be measured."""

    name: str
    what: Sentence
    at: Sentence | None = None
    measured: bool = True


def assert_gradient(
    loss: Callable[..., Any],
    params: Parameters,
    grads: Parameters,
    *,
    samples: int | None = None,
) -> None:
    """Fails unless `grads` are the gradients of `loss` at `params`, by central differences.

    `params` and `grads` are both dicts, `loss(params)`, or both sequences, `loss(*params)`, or both
    single arrays, `loss(params)`; arrays of any shape, each gradient in the shape of its parameter.
    `samples` is the number of samples, by which the message can recognise a forgotten mean. The
    loss is called with float64 copies, about four times for each entry of each parameter, and more
    often where that is inconclusive.

    Raises AssertionError for a wrong gradient, with what is wrong with it, and for one that cannot
    be measured; StepperError if there is no parameter, or if the loss is not a single finite number
    or not the same on every call.
    """
    __tracebackhide__ = True
    alone = isinstance(params, np.ndarray) and isinstance(grads, Sequence)
    at, claims = _named(loss, params), _named(loss, np.array(grads) if alone else grads)
    if not any(value.size for value in at.values()):
        raise StepperError("there is no parameter, so there is no gradient to judge")
    ask = _asking(loss, params, list(at))
    size = min(_check_steady(ask, at), LARGE)
    zero = ROUNDING * max(1.0, size, *map(_largest, claims.values()))
    judged = {name: _judge(ask, at, name, claims.get(name), samples, zero) for name in at}
    wrong = [found for found in judged.values() if found is not None]
    wrong += [_Wrong(n, say("there is no parameter of this name")) for n in claims if n not in at]
    if wrong:
        raise AssertionError("\n".join(_report(wrong, [n for n, w in judged.items() if w is None])))


def _named(loss: Callable[..., Any], values: Parameters) -> dict[str, Value]:
    """Parameters by name; those of a sequence have the names of the loss's arguments."""
    if isinstance(values, Mapping):
        named = dict(values)
    else:
        if values is None:
            raise StepperError("there are no gradients: None came out of the backward pass")
        listed = [values] if isinstance(values, np.ndarray) else list(values)
        named = dict(zip(_names(loss, len(listed)), listed, strict=True))
    return {str(name): _array(str(name), value) for name, value in named.items()}


def _array(name: str, value: Any) -> Value:
    try:
        return np.array(value, dtype=np.float64)
    except (TypeError, ValueError):
        raise StepperError("{name} is no array of numbers", name=name) from None


def _names(loss: Callable[..., Any], count: int) -> list[str]:
    """The names of the loss's first arguments; `#1` and so on if it does not give them."""
    try:
        found = [
            p.name
            for p in inspect.signature(loss).parameters.values()
            if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)
        ]
    except (TypeError, ValueError):
        found = []
    return found[:count] + [f"#{k + 1}" for k in range(len(found), count)]


def _asking(loss: Callable[..., Any], params: Parameters, names: Sequence[str]) -> Loss:
    """The loss as a function of named parameters, called the way it expects."""

    def ask(values: Mapping[str, Value]) -> float:
        copies = {name: value.copy() for name, value in values.items()}
        if isinstance(params, Mapping):
            return _number(loss(copies))
        return _number(loss(*(copies[name] for name in names)))

    return ask


def _number(value: Any) -> float:
    try:
        found = np.asarray(value, dtype=np.float64)
    except (TypeError, ValueError):
        raise StepperError("the loss is no number") from None
    if found.size != 1:
        raise StepperError(
            "the loss is an array of shape {shape} and must be a single number: take a mean or a "
            "sum",
            shape=found.shape,
        )
    return float(found.reshape(()))


def _check_steady(ask: Loss, at: Mapping[str, Value]) -> float:
    """The absolute value of the loss. Raises StepperError if it is not finite or changes."""
    first, again = ask(at), ask(at)
    if not np.isfinite(first):
        raise StepperError("the loss is {value} at these parameters", value=first)
    if first != again:
        raise StepperError(
            "the loss is {first}, and a second time {again}, for the same parameters: fix what is "
            "random in it, and what it keeps",
            first=first, again=again,
        )  # fmt: skip
    return abs(first)


def _judge(
    ask: Loss,
    at: Mapping[str, Value],
    name: str,
    claimed: Value | None,
    samples: int | None,
    zero: float,
) -> _Wrong | None:
    """What is wrong with one gradient, if anything; entries up to `zero` are rounding of 0."""
    if claimed is None:
        return _Wrong(name, say("there is no gradient for it"))
    shape = at[name].shape
    if claimed.shape != shape:
        return _Wrong(name, _misshapen(claimed.shape, shape))
    if not np.isfinite(claimed).all():
        bad = np.argwhere(~np.isfinite(claimed))[0]
        return _Wrong(name, say("it is not finite at {place}", place=place(bad)))
    found = measured(ask, at, name)
    wrong = found.differs(claimed, CLOSE)
    if np.any(wrong):
        why = _diagnosis(claimed, found, wrong, samples)
        return _Wrong(name, why, _worst(claimed, found, wrong))
    nothing = np.isfinite(found.central) & (np.abs(claimed) <= zero)
    unknown = np.argwhere(~found.told & ~nothing)
    if not len(unknown):
        return None
    return _Wrong(name, _unmeasured(name, tuple(unknown[0]), found), measured=False)


def _largest(value: Value) -> float:
    return float(np.max(np.abs(value), initial=0, where=np.isfinite(value)))


def _unmeasured(name: str, index: tuple[int, ...], found: Measured) -> Sentence:
    """Which entry could not be measured, why, and what to try."""
    at = f"{name}{place(index) if index else ''}"
    if not np.isfinite(found.central[index]):
        return say(
            "cannot be measured at {at}: however little it moves, the loss is not finite there or "
            "has no slope. Try other parameters, or a small number added inside the log or root",
            at=at,
        )
    return say(
        "cannot be measured at {at}: its slope comes out as {slope}, give or take {doubt}. Try the "
        "loss without what is large and constant in it, or other parameters",
        at=at, slope=f"{found.central[index]:.3g}", doubt=f"{found.doubt[index]:.1g}",
    )  # fmt: skip


def _misshapen(theirs: tuple[int, ...], ours: tuple[int, ...]) -> Sentence:
    turned = say(": it is transposed") if theirs == ours[::-1] else say("")
    return say(
        "its gradient has shape {theirs}, the parameter has {ours}{turned}",
        theirs=theirs, ours=ours, turned=turned,
    )  # fmt: skip


def _diagnosis(claimed: Value, found: Measured, wrong: Value, samples: int | None) -> Sentence:
    def fits(value: Value) -> bool:
        return np.shape(value) == claimed.shape and found.likens(value, claimed, CLOSE)

    factor = partial(common_ratio, claimed)
    return relation(found.central, fits, factor, samples) or where(wrong)


def _worst(claimed: Value, found: Measured, wrong: Value) -> Sentence:
    off = np.where(wrong, np.abs(claimed - found.central), -1)
    index = tuple(map(int, np.unravel_index(int(np.argmax(off)), off.shape)))
    return say(
        "worst entry {place}: yours {theirs}, measured {ours}",
        place=place(index) if index else "",
        theirs=f"{float(claimed[index]):.7g}", ours=f"{float(found.central[index]):.7g}",
    )  # fmt: skip


def _report(wrong: Sequence[_Wrong], right: Sequence[str]) -> Iterator[str]:
    unknown, all = [w for w in wrong if not w.measured], str(len(wrong) + len(right))
    if len(wrong) > len(unknown):
        yield str(say("wrong gradients: {n} of {all}", n=str(len(wrong) - len(unknown)), all=all))
        yield from _listed(w for w in wrong if w.measured)
    if unknown:
        yield str(say("gradients not measured: {n} of {all}", n=str(len(unknown)), all=all))
        yield from _listed(unknown)
    if right:
        yield str(say("  right: {names}", names=", ".join(right)))


def _listed(wrong: Iterable[_Wrong]) -> Iterator[str]:
    for found in wrong:
        yield str(say("  {name}: {what}", name=found.name, what=found.what))
        if found.at is not None:
            yield str(say("      {at}", at=found.at))
