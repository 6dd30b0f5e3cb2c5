"""Trains for a number of epochs or until a condition holds, and records the measures on the way."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal

from stepper.calculus.adjoint import gradient
from stepper.expr.errors import FormulaError, StepperError
from stepper.expr.tree import Call, Expr, Name, substitute, walk
from stepper.labs.lab import Lab
from stepper.language.parse import parse
from stepper.language.shape import shape_of
from stepper.ops.dims import SCALAR, shown
from stepper.train.broke import Broke
from stepper.train.loop import State, quantity
from stepper.train.running import Run

Stopped = Literal["epochs", "until", "nan", "interrupted"]
_UNTIL = " until"
"""The name of the condition among the measures; no metric can have it."""
POINTS = 500
"""About how many points of the loss curve are kept, unless more are asked for."""
COMPARISONS = ("greater", "less", "greater_equal", "less_equal", "equal")


def condition(lab: Lab, text: str) -> Expr:
    """A condition on what a lab computes or measures, like `J < 0.01` or `mae < 0.05`.

    Raises FormulaError with its place, StepperError if it is no condition.
    """
    loss = lab.forward.loss
    shapes = {**lab.forward.shapes}
    shapes |= {gradient(loss, name): shape for name, shape in lab.forward.shapes.items()}
    try:
        known = {*shapes, *lab.metrics}
        tree = substitute(parse(text, layout=lab.layout, names=known), lab.metrics)
        shape = shape_of(tree, shapes)
    except FormulaError as error:
        error.source = error.source or text
        raise
    if not any(isinstance(node, Call) and node.op in COMPARISONS for _, node in walk(tree)):
        raise StepperError(
            "`{text}` is no condition: compare it with something, like J < 0.01", text=text
        )
    if shape != SCALAR:
        raise StepperError(
            "the condition is {shape} and must be a single number: take a mean or a max",
            shape=shown(shape),
        )
    return tree


class Fit:
    """Trains a lab when iterated over; yields the epoch each time the loss has been measured.

    `stopped` says why it ended; `interrupt` ends it after the current epoch, from any thread.
    """

    def __init__(
        self, lab: Lab, epochs: int, until: Expr | None = None, every: int | None = None
    ) -> None:
        self.lab, self.until = lab, until
        self.last = lab.epoch + epochs
        self.every = every or max(1, epochs // POINTS)
        asked = {_UNTIL: until} if until is not None else {}
        self.run = Run(lab, {lab.forward.loss: Name(lab.forward.loss), **lab.metrics, **asked})
        self.history: list[tuple[int, dict[str, float]]] = []
        self.stopped: Stopped | None = None
        self.broke: Broke | None = None

    def interrupt(self) -> None:
        self.run.cancelled = True

    def __iter__(self) -> Iterator[int]:
        self._advance()
        yield self.run.epoch
        while self.stopped is None:
            self._advance()
            yield self.run.epoch

    @property
    def loss(self) -> float:
        """The latest measured loss of the whole data set."""
        return self.history[-1][1][self.lab.forward.loss]

    @property
    def metrics(self) -> dict[str, float]:
        return {name: self.history[-1][1][name] for name in self.lab.metrics}

    def _advance(self) -> None:
        """Trains to the next epoch that measures the loss; the first call only measures it."""
        more = self.every - self.run.epoch % self.every if self.history else 0
        try:
            self.run.advance(min(more, self.last - self.run.epoch), self._holds)
            self._measure()
        except Broke as broke:
            self.broke, self.stopped = broke, "nan"
            self._note(broke.last)

    def _note(self, states: Sequence[State]) -> None:
        """Records the last epochs before a break, up to the one whose walk meets the inf or nan."""
        loss = self.lab.forward.loss
        asked = {loss: Name(loss), **self.lab.metrics}
        for state in (s for s in states if not self.history or s.epoch > self.history[-1][0]):
            seen = {k: float(quantity(self.lab, state, tree)) for k, tree in asked.items()}
            self.history.append((state.epoch, seen))

    def _holds(self) -> bool:
        return self.until is not None and bool(self.run.measured()[_UNTIL])

    def _measure(self) -> None:
        """Records the measures, and whether training should stop. Raises Broke."""
        measured = self.run.measured()
        holds = bool(measured.pop(_UNTIL, 0))
        self.history.append((self.run.epoch, measured))
        if holds:
            self.stopped = "until"
        elif self.run.epoch >= self.last:
            self.stopped = "epochs"
        elif self.run.cancelled:
            self.stopped = "interrupted"
