"""The training of a lab as the debugger knows it, and one leg of it, run in another thread."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from threading import Event
from time import monotonic, sleep
from typing import TYPE_CHECKING, TypeVar

from stepper.expr.errors import StepperError, fault
from stepper.expr.sentence import Sentence
from stepper.expr.tree import Expr
from stepper.labs.lab import Lab
from stepper.labs.whatif import Edits
from stepper.train.loop import State, at, start

if TYPE_CHECKING:
    from stepper.app.snapshot import Snapshot
    from stepper.train.broke import Broke
    from stepper.train.fit import Fit, Stopped

INTERVAL = 0.1
"""The least seconds between two reports of a running leg, and between a key and a report."""
LATEST = 1.0
"""The seconds after which a leg reports even while keys are pressed."""
PATIENCE = 0.05
"""The seconds a leg pauses after a key, so that the key's frame is drawn first."""
STATES = 64
"""The most states that are kept to go back to."""

T = TypeVar("T")
Point = tuple[int, Mapping[str, float]]
"""An epoch, and the measures on the whole data set after it."""


@dataclass(frozen=True, slots=True, eq=False)
class Goal:
    """The goal of a leg: from a state to an epoch, or until a condition holds."""

    begin: State
    epoch: int
    until: Expr | None = None
    watched: bool = False
    """Whether the learner wants to watch the training, not only to get there."""
    paused: bool = False
    """Whether the learner has asked for the leg to end."""


@dataclass(frozen=True, slots=True, eq=False)
class Training:
    """What is known of a training: its curve, the states to go back to, and how it ended."""

    first: Lab
    """The lab before the first epoch trained here."""
    points: tuple[Point, ...] = ()
    states: tuple[State, ...] = ()
    """Some of the states that were reached, in order of their epochs."""
    goal: Goal | None = None
    """The goal of the leg under way; None without one."""
    stopped: Stopped | None = None
    broke: Broke | None = None
    failed: Sentence | None = None
    """Why the last leg failed, if its numbers are not the reason."""
    edits: Edits = ()
    """All edits it is trained with, included in `first`; entries of the inputs are indexed in the
    whole data set."""
    before: Snapshot | None = None
    """The frame from which it began if it has edits; there the newest can be undone."""

    @property
    def opened(self) -> Lab:
        """The lab before any epoch and any edit."""
        if self.before is None:
            return self.first
        return self.before.training.opened if self.before.training else self.before.lab

    def without_edits(self, lab: Lab) -> Lab:
        """A lab of this training as it would be without the edits still in effect."""
        if self.before is None:
            return lab
        own = self.before.lab if lab.epoch == self.first.epoch else lab
        fixed = {name: self.opened.parameters[name] for name in lab.training.fixed}
        parameters = {**own.parameters, **fixed}
        return at(self.opened, State(lab.epoch, own.updates, parameters, own.state))

    def nearest(self, epoch: int) -> State:
        """The last kept state up to and including an epoch."""
        here = bisect_right([s.epoch for s in self.states], epoch)
        return self.states[here - 1] if here else start(self.first)

    def noted(self, points: Sequence[Point], states: Sequence[State]) -> Training:
        """With more points and states; if they grow too many, every second one is dropped."""
        from stepper.train.fit import POINTS  # needed only for training

        return replace(
            self,
            points=_thinned({epoch: (epoch, seen) for epoch, seen in (*self.points, *points)},
                            2 * POINTS),
            states=_thinned({s.epoch: s for s in (*self.states, *states)}, STATES),
        )  # fmt: skip

    def passes(self, epoch: int) -> bool:
        """Whether training breaks in the epoch after this one or earlier."""
        return self.broke is not None and epoch >= self.broke.last[-1].epoch


def begun(lab: Lab) -> Training:
    """An empty history that starts at this lab."""
    return Training(lab, states=(start(lab),))


def begun_edited(now: Snapshot) -> Training:
    """A training that starts with the edits on the screen. Raises StepperError like `holding`."""
    from stepper.labs.held import holding, of_all

    new = of_all(now.lab, now.sample, now.edits)
    held = now.training.edits if now.training is not None else ()
    return replace(begun(holding(now.lab, new)), edits=(*held, *new), before=now)


def _thinned(by_epoch: Mapping[int, T], most: int) -> tuple[T, ...]:
    """At most `most` values in order of their epochs, the first and the last among them."""
    kept = [by_epoch[epoch] for epoch in sorted(by_epoch)]
    while len(kept) > most:
        kept = kept[:-1:2] + kept[-1:]
    return tuple(kept)


@dataclass(frozen=True, slots=True, eq=False)
class Report:
    """The progress of a leg."""

    leg: Leg
    training: Training
    state: State


class Leg:
    """One run of training towards a goal. `run` blocks; the rest may be called from any thread."""

    def __init__(self, training: Training) -> None:
        assert training.goal is not None
        self.training, self.goal = training, training.goal
        self._cancelled = Event()
        self._held = 0.0
        """When a key was last pressed."""
        self._state = self.goal.begin
        """The state last reported."""

    def cancel(self) -> None:
        """Ends the leg after the current update; only whole epochs count."""
        self._cancelled.set()

    @property
    def cancelled(self) -> bool:
        return self._cancelled.is_set()

    def hold(self) -> None:
        """Lets the frame of a key be drawn first, and those of keys that follow soon."""
        self._held = monotonic()

    def run(self, tell: Callable[[Report], None]) -> None:
        """Trains, and reports its progress now and then, and a last time at the end.

        An error ends the leg and is reported too: in this thread nobody else would see it.
        """
        try:
            self._train(tell)
        except Exception as error:
            why = error.sentence if isinstance(error, StepperError) else fault(error)
            self.training = replace(self.training, goal=None, failed=why)
            tell(Report(self, self.training, self._state))

    def _train(self, tell: Callable[[Report], None]) -> None:
        fit = self._fit()
        told = monotonic()
        for _ in fit:
            now = monotonic()
            quiet = now - max(told, self._held) >= INTERVAL
            if fit.stopped is None and (quiet or now - told >= LATEST):
                tell(self._report(fit))
                told = now
        tell(self._report(fit))

    def _fit(self) -> Fit:
        from stepper.train.fit import POINTS, Fit  # needed only for training
        from stepper.train.sizes import followed

        lab, goal = followed(at(self.training.first, self.goal.begin)), self.goal
        epochs = goal.epoch - goal.begin.epoch
        points = 4 * POINTS if lab.training.batch else POINTS
        every = max(1, min(epochs, lab.training.epochs) // points)
        fit = Fit(lab, epochs, goal.until, every)

        def between() -> None:
            left = self._held + PATIENCE - monotonic()
            if left > 0:
                self._cancelled.wait(left)
            else:
                sleep(0)  # yields to a waiting thread at once
            if self._cancelled.is_set():
                fit.interrupt()

        fit.run.between = between
        return fit

    def _report(self, fit: Fit) -> Report:
        """The report of the training so far, with what is new since the last one added."""
        self._state = state = fit.broke.last[-1] if fit.broke else fit.run.state()
        training = self.training.noted(fit.history, [state])
        del fit.history[:-1]
        ended = fit.stopped is not None
        self.training = replace(
            training,
            goal=None if ended else self.goal,
            stopped=fit.stopped,
            broke=_longer(self.training.broke, fit.broke),
        )
        return Report(self, self.training, state)


def _longer(known: Broke | None, new: Broke | None) -> Broke | None:
    """The record of a break with more epochs before it: trained again from nearby, it has fewer."""
    if known is None or new is None or new.epoch != known.epoch:
        return new or known
    return known if len(known.last) >= len(new.last) else new
