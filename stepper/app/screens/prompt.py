"""The text field in the message line, with a footer of its own; the frame above it remains."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import ClassVar, Literal

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.message import Message
from textual.screen import ModalScreen
from textual.widgets import Input, Static
from textual.widgets.input import Selection

from stepper.app.prompts import Prompt
from stepper.app.screens.sheet import BELOW, FIELD, sheet
from stepper.app.snapshot import Snapshot
from stepper.app.widgets.numbers import screen
from stepper.expr.errors import FormulaError, StepperError
from stepper.expr.sentence import Sentence, say
from stepper.show.rows import Look
from stepper.show.words import words

KEYS = say(" enter answer  esc leave  ? what can I type  : commands")


class Field(Input):
    """Takes every character; only an empty field treats `?`, `:` and `letters` as commands."""

    letters: Collection[str] = ()

    BINDINGS: ClassVar[list[BindingType]] = [Binding("tab,shift+tab", "stay", show=False)]

    class Opened(Message):
        """`:` was pressed on the empty field, to ask for the list of commands."""

    class Asked(Message):
        """`?` was pressed on the empty field, to ask what can be typed."""

    class Pressed(Message):
        """One of the letters was pressed on the empty field."""

        def __init__(self, letter: str) -> None:
            super().__init__()
            self.letter = letter

    def action_stay(self) -> None:
        """Keep the focus: there is no other panel to go to while typing."""

    def on_key(self, event: events.Key) -> None:
        message = None if self.value else self._kept(event.character or "")
        if message is not None:
            event.stop()
            event.prevent_default()
            self.post_message(message)

    def _kept(self, sign: str) -> Message | None:
        """The message for a character on the empty field; None if it is simply typed."""
        if sign in ("?", "？"):
            return self.Asked()
        if sign in (":", "："):
            return self.Opened()
        return self.Pressed(sign) if sign in self.letters else None


class PromptScreen(ModalScreen[Snapshot | Literal["commands"]]):
    """Asks once; returns the frame after the answer, or None if there was no answer.

    Returns `commands` if `:` was pressed on the empty field, to ask for the list of commands.
    """

    DEFAULT_CSS = sheet(
        "PromptScreen", "background: transparent; align: left bottom;", FIELD, BELOW
    )
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "dismiss", show=False)]

    def __init__(
        self,
        prompt: Prompt,
        now: Callable[[], Snapshot],
        look: Look,
        refused: StepperError | None = None,
    ) -> None:
        super().__init__()
        self.prompt, self.look, self.refused = prompt, look, refused
        self.now = now
        """The frame at the time of the answer: training may have moved it since the question."""

    def on_mount(self) -> None:
        if self.refused is not None:
            self.call_after_refresh(self.refuse, self.refused)

    def compose(self) -> ComposeResult:
        sign = self.look.sign("›", ">")
        with Horizontal(id="ask"):
            yield Static(
                f" {self._text(self.prompt.question)} {sign} ", id="question", markup=False
            )
            field = Field(self.prompt.typed, compact=True, select_on_focus=False)
            field.letters = self.prompt.at_once
            yield field
        yield Static(self._text(KEYS), id="under", markup=False)

    def _text(self, said: Sentence) -> str:
        return words(said, screen(self.look), ascii=self.look.ascii)

    def under(self, said: Sentence) -> None:
        """Show a sentence in the last row, until the text changes."""
        self.query_one("#under", Static).update(f" {self._text(said)}")

    def on_field_asked(self) -> None:
        self.under(self.prompt.can_type)

    def on_field_opened(self) -> None:
        self.dismiss("commands")

    def on_field_pressed(self, event: Field.Pressed) -> None:
        self.dismiss(self.prompt.at_once[event.letter](self.now()))

    def on_input_changed(self) -> None:
        if self.query_one(Field).value != self.prompt.typed:
            self.query_one("#under", Static).update(self._text(KEYS))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        try:
            self.dismiss(self._answered(event.value.strip()))
        except StepperError as error:
            self.refuse(error)

    def refuse(self, error: StepperError) -> None:
        """Say what is wrong, and select the place in what was typed."""
        self.under(error.sentence)
        span = error.span if isinstance(error, FormulaError) else None
        if span is not None:
            field = self.query_one(Field)
            before = len(field.value) - len(field.value.lstrip())
            field.selection = Selection(before + span[0], before + span[1])

    def _answered(self, typed: str) -> Snapshot | None:
        if typed:
            return self.prompt.answer(self.now(), typed)
        return self.prompt.on_nothing(self.now()) if self.prompt.on_nothing else None
