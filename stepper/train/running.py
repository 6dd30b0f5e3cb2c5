"""Training: epoch after epoch in preallocated arrays, stopped when a number is no longer finite."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from math import isfinite
from typing import Any

import numpy as np

from stepper.expr.errors import StepperError
from stepper.expr.tree import Expr
from stepper.labs.batch import check_batch
from stepper.labs.lab import Lab, stream
from stepper.ops.card import Value
from stepper.program.trace import run
from stepper.train.broke import Broke
from stepper.train.loop import State, at, batches, epoch_order, start, updated
from stepper.train.plan import Plan, plan

CHECKED = 32
"""After so many updates, or an epoch, all numbers are checked to be finite."""
KEPT = 5
"""How many epochs are kept, to be walked through when training breaks."""


class Run:
    """A training under way: the only mutable thing here. It can start from any state."""

    def __init__(
        self, lab: Lab, measures: Mapping[str, Expr] | None = None, state: State | None = None
    ) -> None:
        begin = state or start(lab)
        self.lab = lab
        self.epoch, self.updates = begin.epoch, begin.updates
        self._measures = measures or {}
        self._arrays = {
            name: np.array(value, dtype=np.float64, order="C")
            for name, value in {**begin.parameters, **begin.memory}.items()
        }
        self._plans: dict[int, Plan] = {}
        self._cut: list[tuple[Value, Value, Plan]] = []
        self._shuffle = stream(lab.training.seed, "shuffle")
        for _ in range(begin.epoch if lab.training.order == "shuffle" else 0):
            list(batches(lab, self._shuffle))
        self.cancelled = False
        """Set to true, from any thread, to end the epochs under way."""
        self.between: Callable[[], None] = _nothing
        """Called before every update: it may wait, to give other threads their turn, or cancel."""
        self._looked = False
        self._every = max(1, CHECKED // sum(1 for _ in batches(lab, stream(0, "shuffle"))))
        self._good: deque[tuple[State, dict[str, Any]]] = deque(maxlen=KEPT + 1)
        self._keep()

    def state(self) -> State:
        """A snapshot of the lab's state, which later training does not change."""
        now = {name: np.array(value) for name, value in self._arrays.items()}
        parameters = {name: now[name] for name in self.lab.parameters}
        memory = {name: now[name] for name in self.lab.state}
        return State(self.epoch, self.updates, parameters, memory)

    def advance(self, epochs: int = 1, until: Callable[[], bool] = lambda: False) -> None:
        """Trains for `epochs` epochs; fewer if `until` holds after one or the run is cancelled.

        Only whole epochs count. Raises Broke if a number is no longer finite.
        """
        with np.errstate(all="ignore"):
            for _ in range(epochs):
                self._epoch()
                if self.epoch % self._every == 0:
                    self._check()
                if self.cancelled or until():
                    break
        self._check()

    def measured(self) -> dict[str, float]:
        """The measures, on the whole data set with the current weights.

        Raises Broke if the loss is among them and no longer finite.
        """
        with np.errstate(all="ignore"):
            whole = self._whole()
            if not self._looked:
                self._feed(whole)
                whole.run("look")
                self._looked = self.lab.training.batch is None
            whole.run("extra")
        found = {name: float(value) for name, value in whole.measured.items()}
        if not isfinite(found.get(self.lab.forward.loss, 0)):
            raise self._broken()
        return found

    def _epoch(self) -> None:
        if self.lab.training.batch is None or self.lab.data is None:
            whole = self._whole()
            self._feed_rate(whole)
            self._update(whole, looked=self._looked)
        elif not self._batches():
            return
        self._looked = False
        self.epoch += 1

    def _batches(self) -> bool:
        """Makes an update for every batch; returns False, with nothing changed, if cancelled."""
        before = self.state(), dict(self._shuffle.bit_generator.state)
        self._put_in_order()
        for X, y, ready in self._cut:
            if self.cancelled:
                self._back(*before)
                return False
            np.copyto(ready.given["X"], X)
            np.copyto(ready.given["y"], y)
            self._update(ready, looked=False)
        return True

    def _put_in_order(self) -> None:
        """Puts the samples in this epoch's order and its rate into the plans; cuts batches once."""
        data, shuffled = self.lab.data, self.lab.training.order == "shuffle"
        assert data is not None
        if not self._cut:
            self._ordered = np.array(data.X), np.array(data.y)
            self._cut = list(self._batches_of(*self._ordered))
        if shuffled:
            order = epoch_order(self.lab, self._shuffle)
            for placed, values in zip(self._ordered, (data.X, data.y), strict=True):
                placed[...] = np.take(values, order, data.sample_axis)
        for ready in self._plans.values():
            self._feed_rate(ready)

    def _batches_of(self, X: Value, y: Value) -> Iterator[tuple[Value, Value, Plan]]:
        """Views of every batch of an epoch, each with the plan for its number of samples."""
        size = self.lab.training.batch or self.lab.samples
        columns = self.lab.layout == "columns"
        for first in range(0, self.lab.samples, size):
            part = slice(first, first + size)
            where = (slice(None), part) if columns else part
            count = min(size, self.lab.samples - first)
            yield X[where], y[where], self._batch(range(first, first + count))

    def _back(self, state: State, shuffle: dict[str, Any]) -> None:
        """Restores the state before an unfinished epoch."""
        self.updates = state.updates
        self._shuffle.bit_generator.state = shuffle
        for name, value in {**state.parameters, **state.memory}.items():
            self._arrays[name][...] = value

    def _update(self, ready: Plan, looked: bool) -> None:
        self.between()
        if not looked:
            self._feed_count(ready)
            ready.run("look")
        ready.run("update")
        self.updates += 1

    def _feed(self, ready: Plan) -> None:
        """Writes this epoch's learning rate and this update's count into a plan that reads them."""
        self._feed_rate(ready)
        self._feed_count(ready)

    def _feed_rate(self, ready: Plan) -> None:
        rate = ready.given.get("lr")
        if rate is not None and rate.item() != (new := self.lab.training.rate(self.epoch + 1)):
            rate[...] = new
            ready.run("lasting")

    def _feed_count(self, ready: Plan) -> None:
        if "t" in ready.given:
            ready.given["t"][...] = self.updates + 1

    def _whole(self) -> Plan:
        """The plan for all samples; it measures, and also updates if the batch is the full one."""
        if 0 not in self._plans:
            full = self.lab.training.batch is None or self.lab.data is None
            if full:
                check_batch(self.lab, self.lab.samples)
            program = self.lab.program
            lines = (
                program.lines if full else tuple(x for x in program.lines if x.phase != "update")
            )
            self._plans[0] = plan(
                replace(program, lines=lines), self.lab.given(), self._measures, self._arrays,
                lasting=("X", "y"),
            )  # fmt: skip
        return self._plans[0]

    def _batch(self, which: Sequence[int]) -> Plan:
        """The plan for batches of this size."""
        size = len(which)
        if size not in self._plans:
            check_batch(self.lab, size)
            self._plans[size] = plan(self.lab.program, self.lab.given(which), {}, self._arrays)
        return self._plans[size]

    def _keep(self) -> None:
        self._good.append((self.state(), dict(self._shuffle.bit_generator.state)))

    def _check(self) -> None:
        if not all(np.isfinite(value).all() for value in self._arrays.values()):
            raise self._broken()
        if self.epoch - self._good[-1][0].epoch >= self._every:
            self._keep()

    def _broken(self) -> StepperError:
        """Replays the last epochs from a finite state, one step at a time, to find the break."""
        last: deque[State] = deque(maxlen=KEPT)
        early = [kept for kept in self._good if kept[0].epoch <= self.epoch - KEPT - self._every]
        state, self._shuffle.bit_generator.state = (early or self._good)[-1 if early else 0]
        while state.epoch <= self.epoch:
            last.append(state)
            for which in batches(self.lab, self._shuffle):
                if broke := self._broke(state, which, last):
                    return broke
                state = updated(self.lab, state, which)
            state = replace(state, epoch=state.epoch + 1)
        return self._broke(self.state(), None, last) or StepperError(
            "training broke in epoch {epoch}", epoch=self.epoch
        )

    def _broke(
        self, state: State, which: Sequence[int] | None, last: Sequence[State]
    ) -> Broke | None:
        """The first step that is not finite in one walk with a state's weights; None without
        one."""
        trace = run(self.lab.code, at(self.lab, state).given(which))
        step = trace.first_not_finite()
        if step is None:
            return None
        rate = self.lab.training.rate(state.epoch + 1)
        return Broke(state.epoch + 1, which, step, trace.values[step.output], last, rate)


def _nothing() -> None:
    """Does nothing between two updates: nobody waits."""


def epochs(lab: Lab) -> Iterator[State]:
    """The states of the lab before training, after one epoch, after two, and so on without end.

    Raises Broke at the first epoch that leaves a parameter nan or inf.
    """
    running = Run(lab)
    while True:
        yield running.state()
        running.advance()


def after(lab: Lab, count: int) -> State:
    """The state of the lab after `count` epochs. Raises Broke."""
    running = Run(lab)
    running.advance(count)
    return running.state()
