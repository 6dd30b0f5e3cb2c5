"""How a screen asks: with a text field, with the list of commands, or for a single key."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Literal

from stepper.app.choice import NO_ANSWER, Choice
from stepper.app.commands import Command
from stepper.app.prompts import Prompt
from stepper.app.snapshot import Snapshot
from stepper.expr.errors import StepperError

if TYPE_CHECKING:
    from stepper.app.screens.debugger import DebuggerScreen


class Asking:
    """Opens questions above a screen, and acts on the answers."""

    def __init__(self, screen: DebuggerScreen) -> None:
        self.screen = screen
        self.choice: Choice | None = None
        """A question that the next key answers, as long as it is on the screen."""

    def ask(self, prompt: Prompt | Snapshot, refused: StepperError | None = None) -> None:
        """Open a text field in the message line, or show why there is nothing to ask.

        `refused` is the reason why the text that the field starts with was no answer.
        """
        if isinstance(prompt, Snapshot):
            self.screen.now = prompt
            return
        from stepper.app.screens.prompt import PromptScreen  # needed only after the first frame

        field = PromptScreen(prompt, self._frame, self.screen.look, refused)
        self.screen.open(field, self._answered)

    def _frame(self) -> Snapshot:
        assert self.screen.now is not None
        return self.screen.now

    def _answered(self, after: Snapshot | Literal["commands"] | None) -> None:
        if after == "commands":
            self.palette()
        elif after is not None:
            self.screen.now = after

    def palette(self) -> None:
        """List all commands with their keys, and run the one that is chosen."""
        from stepper.app.screens.palette import Palette

        screen = self.screen
        screen.open(Palette(screen.look, screen.known), self._chosen)

    def _chosen(self, found: tuple[Command, str] | None) -> None:
        if found is None:
            return
        command, typed = found
        if not typed:
            self.screen.pressing.run(command, command.any_key)
        elif command.counted is not None and typed.isdecimal():
            self.screen.now = command.counted(self._frame(), int(typed))
        elif command.asks is not None:
            self._asked(command.asks(self._frame()), typed)
        elif command.takes is not None:
            command.takes(self.screen, typed)

    def _asked(self, prompt: Prompt | Snapshot, typed: str) -> None:
        """Answer a prompt at once; if the text is no answer, ask again and give the reason."""
        if isinstance(prompt, Snapshot):
            self.screen.now = prompt
            return
        try:
            self.screen.now = prompt.answer(self._frame(), typed)
        except StepperError as error:
            self.ask(prompt._replace(typed=typed), error)

    def choose(self, choice: Choice) -> None:
        """Ask a question that the next key answers."""
        self.choice = choice
        self.screen.now = replace(self._frame(), message=choice.question)

    def decided(self, key: str) -> bool:
        """Answer the open question with this key; False if none is open."""
        choice, self.choice = self.choice, None
        if choice is None or self._frame().message is not choice.question:
            return False
        self.screen.now = replace(self._frame(), message=None if key == "escape" else NO_ANSWER)
        answer = choice.answer(key)
        if answer is not None:
            answer()
        return True
