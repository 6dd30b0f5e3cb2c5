"""Training beside a screen: a leg in another thread, and what it reports."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.message import Message

from stepper.app.moves.epochs import reached

if TYPE_CHECKING:
    from stepper.app.screens.debugger import DebuggerScreen
    from stepper.app.training import Leg, Report


class Reported(Message):
    """A training under way in another thread has come so far."""

    def __init__(self, report: Report) -> None:
        super().__init__()
        self.report = report

    def can_replace(self, message: Message) -> bool:
        """Only the newest is worth a frame; the last one of a leg is newer than all others."""
        return isinstance(message, Reported) and message.report.leg is self.report.leg


class Trainer:
    """Starts and ends the training that the frame of a screen wants."""

    def __init__(self, screen: DebuggerScreen) -> None:
        self.screen = screen
        self.leg: Leg | None = None
        """The training that is under way in another thread."""

    def follow(self) -> None:
        """Start, end or turn a training so that it goes where the frame wants it."""
        now = self.screen.now
        training = now.training if now is not None else None
        goal = training.goal if training is not None else None
        if self.leg is not None and goal is not self.leg.goal:
            self.leg.cancel()
            if goal is not None and goal.paused and goal.begin is self.leg.goal.begin:
                return  # what it reached is still reported
            self.leg = None
        if self.leg is None and training is not None and goal is not None:
            from stepper.app.training import Leg  # first wanted when something is trained

            self.leg = leg = Leg(training)
            self.screen.run_worker(lambda: self._make(leg), thread=True, group="training")
            if goal.watched:
                self.screen.arrangement.show_training()

    def _make(self, leg: Leg) -> None:
        def tell(report: Report) -> None:
            self.screen.post_message(Reported(report))

        leg.run(tell)

    def reached(self, report: Report) -> None:
        """The frame follows a training; one that was given up says nothing any more."""
        if self.leg is None or report.leg is not self.leg or self.screen.now is None:
            return
        if report.training.goal is None:
            self.leg = None
        elif self.leg.cancelled:
            return
        self.screen.now = reached(self.screen.now, report)

    def hold(self) -> None:
        """A training under way waits until what a key does is drawn."""
        if self.leg is not None:
            self.leg.hold()

    def leave(self) -> None:
        """End what is under way: the screen is gone."""
        if self.leg is not None:
            self.leg.cancel()
