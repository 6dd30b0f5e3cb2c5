"""The training of a lab as the debugger knows it, and one leg of it, made in another thread."""

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
"""Seconds between two reports of a leg under way, and between a key and the next one."""
LATEST = 1.0
"""Seconds after which it reports even between keys."""
PATIENCE = 0.05
"""Seconds that a leg waits after a key, so that its frame is drawn first."""
STATES = 64
"""So many states are kept at most, to go back to."""

T = TypeVar("T")
Point = tuple[int, Mapping[str, float]]
"""An epoch, and what was measured of the whole data set after it."""


@dataclass(frozen=True, slots=True, eq=False)
class Goal:
    """How far a leg goes: from a state to an epoch, or until a condition holds."""

    begin: State
    epoch: int
    until: Expr | None = None
    watched: bool = False
    """Whether the learner wants to see how it goes, and not only to get there."""
    paused: bool = False
    """Whether the learner wants it to end here."""


@dataclass(frozen=True, slots=True, eq=False)
class Training:
    """What is known of a training: its curve, states to go back to, and how it ended."""

    first: Lab
    """The lab before the first epoch that is trained here."""
    points: tuple[Point, ...] = ()
    states: tuple[State, ...] = ()
    """Some of those that were reached, by their epochs."""
    goal: Goal | None = None
    """What is being trained for at this moment."""
    stopped: Stopped | None = None
    broke: Broke | None = None
    failed: Sentence | None = None
    """Why the last leg could not be gone to its end, where its numbers are not the reason."""
    edits: Edits = ()
    """All edits that it is trained with, entries of the inputs being those of the whole data set;
    `first` has them."""
    before: Snapshot | None = None
    """The frame that was left for it: there the newest of its edits can be taken back."""

    @property
    def opened(self) -> Lab:
        """The lab before any epoch and any edit."""
        if self.before is None:
            return self.first
        return self.before.training.opened if self.before.training else self.before.lab

    def without_edits(self, lab: Lab) -> Lab:
        """A lab of this training as it would be without the edits that still stand in it."""
        if self.before is None:
            return lab
        own = self.before.lab if lab.epoch == self.first.epoch else lab
        fixed = {name: self.opened.parameters[name] for name in lab.training.fixed}
        parameters = {**own.parameters, **fixed}
        return at(self.opened, State(lab.epoch, own.updates, parameters, own.state))

    def nearest(self, epoch: int) -> State:
        """The last state that is kept up to an epoch."""
        here = bisect_right([s.epoch for s in self.states], epoch)
        return self.states[here - 1] if here else start(self.first)

    def noted(self, points: Sequence[Point], states: Sequence[State]) -> Training:
        """With what else was seen; where it grows too much, every second of the old ones goes."""
        from stepper.train.fit import POINTS  # first wanted when something is trained

        return replace(
            self,
            points=_thinned({epoch: (epoch, seen) for epoch, seen in (*self.points, *points)},
                            2 * POINTS),
            states=_thinned({s.epoch: s for s in (*self.states, *states)}, STATES),
        )  # fmt: skip

    def passes(self, epoch: int) -> bool:
        """Whether training breaks in the epoch after this one, or has broken before it."""
        return self.broke is not None and epoch >= self.broke.last[-1].epoch


def begun(lab: Lab) -> Training:
    """An empty history that starts at this lab."""
    return Training(lab, states=(start(lab),))


def begun_edited(now: Snapshot) -> Training:
    """A training from what is on the screen: with its edits. Raises StepperError as `holding`."""
    from stepper.labs.held import holding, of_all

    new = of_all(now.lab, now.sample, now.edits)
    held = now.training.edits if now.training is not None else ()
    return replace(begun(holding(now.lab, new)), edits=(*held, *new), before=now)


def _thinned(by_epoch: Mapping[int, T], most: int) -> tuple[T, ...]:
    """In the order of the epochs, not more than so many, the first and the last among them."""
    kept = [by_epoch[epoch] for epoch in sorted(by_epoch)]
    while len(kept) > most:
        kept = kept[:-1:2] + kept[-1:]
    return tuple(kept)


@dataclass(frozen=True, slots=True, eq=False)
class Report:
    """How far a leg has come."""

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
        """When a key was pressed last."""
        self._state = self.goal.begin
        """How far it has come, as was reported last."""

    def cancel(self) -> None:
        """End it after the update that is under way; only whole epochs count."""
        self._cancelled.set()

    @property
    def cancelled(self) -> bool:
        return self._cancelled.is_set()

    def hold(self) -> None:
        """Let the frame of a key be drawn first, and those of more keys that follow soon."""
        self._held = monotonic()

    def run(self, tell: Callable[[Report], None]) -> None:
        """Train, and tell now and then how far it has come; in the end for the last time.

        An error ends it as well, and is told: no one else hears of it in another thread.
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
        from stepper.train.fit import POINTS, Fit  # first wanted when something is trained
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
                sleep(0)  # another thread that waits gets its turn at once
            if self._cancelled.is_set():
                fit.interrupt()

        fit.run.between = between
        return fit

    def _report(self, fit: Fit) -> Report:
        """What is new since the last report, without the epochs that were known before."""
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
    """The break that has more epochs before it; trained again from near it, it has fewer."""
    if known is None or new is None or new.epoch != known.epoch:
        return new or known
    return known if len(known.last) >= len(new.last) else new
