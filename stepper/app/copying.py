"""Copies the current result to the clipboard through the terminal (OSC 52)."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from textual.app import App

from stepper.app.choice import Choice
from stepper.app.sight import covered
from stepper.app.snapshot import Snapshot
from stepper.expr.sentence import Sentence, say
from stepper.show.arrays import shape_text
from stepper.show.copy import FORMATS
from stepper.show.rows import Look

KEYS = {"n": "numpy", "t": "TSV", "l": "LaTeX"}
MOST = 74_994
"""The most characters every terminal takes at once (100,000 bytes with the escape sequence)."""


def copied(now: Snapshot, format: str, app: App[object], look: Look) -> Sentence:
    """Copies the result; the sentence says whether that succeeded, and if not, why."""
    if now.step is None or now.result is None:
        return say("no step has run yet, so there is no result to copy: {key_next}")
    if covered(now, now.step.output):
        return say(
            "not copied: {name} is hidden, {key_guess} guesses it, {key_reveal} reveals it",
            name=now.result,
        )
    if now.cursor.filled(now.step.output) is not None:
        return say(
            "not copied: {name} is not whole yet, {key_out} goes out to all of it", name=now.result
        )
    value = now.trace.values[now.step.output]
    text = FORMATS[format](value)
    return not_handed_over(text, app) or say(
        "copied {name} ({shape}) as {format}",
        name=now.result, shape=shape_text(value, look), format=format,
    )  # fmt: skip


def copied_text(text: str, app: App[object]) -> Sentence:
    """Copies text selected with the mouse; the sentence says whether that succeeded."""
    return not_handed_over(text, app) or say("copied {n} letters", n=str(len(text)))


def not_handed_over(text: str, app: App[object]) -> Sentence | None:
    """Copies text; None on success, else the reason for the failure."""
    if len(text) > MOST:
        return say("not copied: {n} letters are more than a terminal takes", n=str(len(text)))
    if not handed_over(app, text):
        return say("not copied: no terminal is here to take it")
    return None


def handed_over(app: App[object], text: str) -> bool:
    """Sends text to the terminal's clipboard; False if no terminal reads the output."""
    if app.is_headless or app.is_web:
        return False
    try:
        app.copy_to_clipboard(text)
    except OSError:
        return False
    return True


def copy_as(copy: Callable[[str], None]) -> Choice:
    """The choice of a format, one key each."""
    return Choice(
        say("copy as: n numpy  t TSV  l LaTeX  esc leave it"),
        {key: partial(copy, format) for key, format in KEYS.items()},
    )
