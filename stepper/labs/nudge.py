"""A small nudge of one number: how the loss changes, beside what its gradient predicts."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite

import numpy as np

from stepper.calculus.adjoint import gradient
from stepper.expr.errors import StepperError
from stepper.expr.sentence import Sentence, say
from stepper.expr.tree import Expr, Name, call
from stepper.labs.lab import Lab
from stepper.labs.whatif import Edit, Edits, check_index, edited, not_given
from stepper.language.text import SCREEN, name_text
from stepper.ops.card import Index
from stepper.program.trace import Trace


@dataclass(frozen=True, slots=True)
class Nudge:
    """A given number moved by ±ε, and the loss before and after."""

    name: str
    entry: Expr
    """The entry that was moved: `W2[2, 1]`."""
    slope_entry: Expr
    """Its gradient: `dJ_dW2[2, 1]`."""
    loss: str
    eps: float
    before: float
    plus: float
    """The loss with ε added."""
    minus: float
    """The loss with ε subtracted."""
    slope: float
    """The program's gradient with respect to the number."""

    @property
    def moved(self) -> float:
        """The change of the loss when ε is added."""
        return self.plus - self.before

    @property
    def promised(self) -> float:
        """The change that the gradient predicts: gradient · ε."""
        return self.slope * self.eps

    @property
    def difference(self) -> float:
        """The error of the linear prediction; it shrinks with ε² if the gradient is right."""
        return self.moved - self.promised

    @property
    def central(self) -> float:
        """The central difference: (J(+ε) − J(−ε)) / 2ε."""
        return (self.plus - self.minus) / (2 * self.eps)

    @property
    def ratio(self) -> float | None:
        """The actual change over the predicted one: about 1; None if no change was predicted."""
        return self.moved / self.promised if self.promised else None

    @property
    def sentence(self) -> Sentence:
        both = say(
            "{eps} on {entry}: Δ{loss} {moved}, {slope}·ε {promised}",
            eps=_signed(f"{self.eps:+g}"), entry=self.entry, loss=self.loss,
            moved=_signed(f"{self.moved:.3g}"), slope=self.slope_entry,
            promised=_signed(f"{self.promised:.3g}"),
        )  # fmt: skip
        if self.ratio is None:
            return both
        return say("{both}, ratio {ratio}", both=both, ratio=_signed(f"{self.ratio:.4g}"))


def nudge(
    lab: Lab, sample: int | None, edits: Edits, name: str, index: Index, eps: float = 1e-4
) -> Nudge:
    """Moves one number by ±ε and compares the change of the loss with its gradient's prediction.

    Raises StepperError as `edited` does, and for a number the program has no gradient for.
    """
    before = edited(lab, sample, edits)
    loss, value = lab.program.loss, _entry_of(before, name, index)
    slope = gradient(loss, name)
    if slope not in before.code.names:
        raise StepperError(
            "the program has no {slope} to compare with: nudge a weight",
            slope=name_text(slope, SCREEN),
        )
    if not isfinite(eps) or value + eps == value:
        raise StepperError("{eps} is too small, or no number, to move {name}", eps=eps, name=name)
    plus, minus = (
        edited(lab, sample, (*edits, Edit(name, index, value + way))) for way in (eps, -eps)
    )
    is_matrix = bool(np.ndim(before.value(name)))
    return Nudge(
        name,
        _item(name, index, is_matrix),
        _item(slope, index, is_matrix),
        loss,
        eps,
        float(before.value(loss)),
        float(plus.value(loss)),
        float(minus.value(loss)),
        _entry_of(before, slope, index),
    )


def _entry_of(trace: Trace, name: str, index: Index) -> float:
    """One entry of a value as it was given or first computed."""
    if name not in trace.code.names:
        raise not_given(trace.program, name)
    value = trace.value(name)
    check_index(value, Edit(name, index, 0.0))
    return float(value[index] if np.ndim(value) else value)


def _item(name: str, index: Index, is_matrix: bool) -> Expr:
    return call("item", Name(name), row=index[0], column=index[1]) if is_matrix else Name(name)


def _signed(number: str) -> str:
    """A number for a sentence, with the minus sign of mathematics."""
    return f"−{number[1:]}" if number.startswith("-") else number
