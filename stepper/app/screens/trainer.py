"""Training beside a screen: a leg of it runs in another thread and reports its progress."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.message import Message

from stepper.app.moves.epochs import reached

if TYPE_CHECKING:
    from stepper.app.screens.debugger import DebuggerScreen
    from stepper.app.training import Leg, Report


class Reported(Message):
    """How far a training in another thread has come."""

    def __init__(self, report: Report) -> None:
        super().__init__()
        self.report = report

    def can_replace(self, message: Message) -> bool:
        """Only the newest report is worth a frame; the last one of a leg is the newest."""
        return isinstance(message, Reported) and message.report.leg is self.report.leg


class Trainer:
    """Starts and ends the training that the frame of a screen asks for."""

    def __init__(self, screen: DebuggerScreen) -> None:
        self.screen = screen
        self.leg: Leg | None = None
        """The training that runs in another thread."""

    def follow(self) -> None:
        """Start, end or redirect training, so that it has the goal of the frame."""
        now = self.screen.now
        training = now.training if now is not None else None
        goal = training.goal if training is not None else None
        if self.leg is not None and goal is not self.leg.goal:
            self.leg.cancel()
            if goal is not None and goal.paused and goal.begin is self.leg.goal.begin:
                return  # what it reached is still reported
            self.leg = None
        if self.leg is None and training is not None and goal is not None:
            from stepper.app.training import Leg  # needed only once something is trained

            self.leg = leg = Leg(training)
            self.screen.run_worker(lambda: self._make(leg), thread=True, group="training")
            if goal.watched:
                self.screen.arrangement.show_training()

    def _make(self, leg: Leg) -> None:
        def tell(report: Report) -> None:
            self.screen.post_message(Reported(report))

        leg.run(tell)

    def reached(self, report: Report) -> None:
        """Update the frame from a report; reports of a training that was given up are ignored."""
        if self.leg is None or report.leg is not self.leg or self.screen.now is None:
            return
        if report.training.goal is None:
            self.leg = None
        elif self.leg.cancelled:
            return
        self.screen.now = reached(self.screen.now, report)

    def hold(self) -> None:
        """Make a running training wait until the effect of a key is drawn."""
        if self.leg is not None:
            self.leg.hold()

    def leave(self) -> None:
        """End a running training, because the screen is gone."""
        if self.leg is not None:
            self.leg.cancel()
