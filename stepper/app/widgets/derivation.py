"""The derivation of the current line: its rules, the entry's formula, this network's numbers."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from functools import partial
from threading import Event, Thread
from typing import ClassVar, Literal

from textual.timer import Timer
from textual.worker import Worker

from stepper.app.derivations import Derivations, Place, place_of
from stepper.app.fitting import wrap
from stepper.app.sight import is_hidden
from stepper.app.snapshot import Snapshot
from stepper.app.widgets.facts import around_tab
from stepper.app.widgets.tabbed import Scrolled
from stepper.expr.sentence import Sentence, say
from stepper.show.rows import Look, Row
from stepper.show.words import words

LEAST_ROWS = 5
"""The reason is shown beside the derivation only if that keeps at least this many rows."""
SOON, OFTEN = 0.01, 0.05
"""Seconds until the first check for results of the thread, and between further checks."""
SENT = 0.03
"""Seconds after drawing the first frame, by which the terminal has it: then sympy is loaded."""
REST = 0.2
"""Seconds without a key before anything is proved, so that quick stepping is not slowed down."""

Form = Literal["fitting", "short", "full"] | int
"""How much is shown: all if there is room for it, the answer, everything, or that many lines."""


class DerivationPanel(Scrolled, can_focus=True):
    """Draws what is known; a thread finds out more, and nothing ever waits for it."""

    DEFAULT_CLASSES = "lower tall"
    panel = "derive"
    ignores: ClassVar[frozenset[str]] = frozenset(
        {"message", "count", "breakpoints", "past", "watches"}
    )
    form: Form = "fitting"
    ready = False
    """Whether the first frame has been drawn; sympy is not imported before that."""

    def __init__(
        self, look: Look, known: Derivations, *, proves: bool = False, id: str | None = None
    ) -> None:
        super().__init__(look, id=id)
        self.known, self.proves = known, proves
        self.whole = False
        """Whether every line of the derivation is drawn."""
        self.opened = 0
        """The number of rows that the drawn lines take."""
        self.resting: Timer | None = None
        """The timer that starts the proof of a line that is already derived."""

    def on_mount(self) -> None:
        if self.proves:
            self.call_after_refresh(self.set_timer, SENT, self._begin)

    def _begin(self) -> None:
        self.ready = True
        self._find_out(None, "sympy")
        self._ask()

    def on_show(self) -> None:
        self._ask()

    def watch_now(self, before: Snapshot | None, now: Snapshot | None) -> None:
        if before is not None and now is not None and _line(before) != _line(now):
            self.top = 0
            self.form = self.form if isinstance(self.form, str) else "fitting"
        super().watch_now(before, now)
        self._ask()

    def _ask(self) -> None:
        """Let a thread find out what is not yet known of this line, if the panel is visible."""
        if not self.ready:
            return
        place = place_of(self.now) if self.now is not None and self.display else None
        self.workers.cancel_group(self, "proofs")
        if self.resting is not None:
            self.resting.stop()
        if place is not None and self.known.of(place) is None:
            self._find_out(place, "proofs")
        elif place is not None and not self.known.is_proved(place):
            prove = partial(self._find_out, place, "proofs")
            self.resting = self.set_timer(REST, prove)  # no thread if another key comes first

    def _find_out(self, place: Place | None, group: str) -> Worker[None]:
        """Start the thread, and cancel the one started before in the same group."""
        return self.run_worker(
            partial(self._found_out, place), group=group, exclusive=True, exit_on_error=False
        )

    async def _found_out(self, place: Place | None) -> None:
        """Draw what a thread finds out, until it is done or something else is asked for.

        The thread is a daemon and not one of an executor's, because leaving the app would wait for
        those, and a proof may be slow.
        """
        left, drawn = Event(), self.known.news
        thread = Thread(target=find_out, args=(self.known, place, left), daemon=True)
        thread.start()
        pause = SOON
        try:
            while thread.is_alive():
                await asyncio.sleep(pause)
                pause = OFTEN
                if drawn != self.known.news:
                    drawn = self.known.news
                    self.redraw()
        finally:
            left.set()
        self.redraw()

    def paint(self, now: Snapshot, width: int, height: int) -> list[Row]:
        head, foot, room = around_tab(self, now, width, height, LEAST_ROWS)
        self.room = room
        shown, end = self.in_sight(self._body(now, width - 3))
        return self.framed([*head, *shown, *foot], width, height, end)

    def _body(self, now: Snapshot, width: int) -> list[Row]:
        """The derivation, or the reason why none is shown."""
        self.whole, self.opened = False, 0
        place = place_of(now)
        if place is None:
            return self._said(say("no step has run yet: {key_next} makes the first one"), width)
        if is_hidden(now):
            asked = say(
                "the derivation is shown with the result: {key_guess} asks for "
                "it, {key_reveal} reveals it"
            )
            return self._said(asked, width)
        explained = self.known.of(place)
        if explained is None:
            return self._said(say("deriving…"), width)
        if isinstance(explained, Sentence):
            return self._said(explained, width)
        from stepper.app.derived import Derived

        look = replace(self.look, width=width)
        derived = Derived(now, place, explained, self.known, look, proves=self.proves)
        rest = derived.rest()
        room = self.room - len(rest) if self.tabbed else self.room  # the entry's panel shows it too
        rows, self.whole = derived.derivation(self.form, room)
        self.opened = len(rows)
        return [*rows, *rest]

    def _said(self, sentence: Sentence, width: int) -> list[Row]:
        return wrap(words(sentence, ascii=self.look.ascii), width, ink="dim")

    def turn(self) -> bool:
        """Switch between the answer alone and everything; False if both are the same."""
        before = self.rows
        self.form, self.top = "short" if self.whole else "full", 0
        self.redraw()
        return self.rows != before

    def more(self) -> bool:
        """Show one more line; False if all are shown, or none can be."""
        if self.whole or not self.opened:
            return False
        self.form = self.form + 1 if isinstance(self.form, int) else 1
        self.redraw()
        self.scroll(self.opened - self.room - self.top)
        return True


def find_out(known: Derivations, place: Place | None, left: Event) -> None:
    """Derive a line, load sympy, and prove the line once the learner stays on it.

    A line that is already derived is asked for only after a rest, so it does not wait again.
    """
    from stepper.calculus.prove import load

    new = place is not None and known.of(place) is None
    if place is not None:
        known.build(place)
    load()
    if place is None or left.wait(REST if new else 0):
        return
    for _ in known.prove(place):
        if left.is_set():
            return


def _line(now: Snapshot) -> object:
    return now.trace.code, now.step.line if now.step else 0, now.entry
