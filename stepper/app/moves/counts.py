"""Counts: `10n` is ten times `n`, as far as it goes."""

from __future__ import annotations

from dataclasses import fields, replace

from stepper.app.moves.steps import AT_END, AT_END_OF_ALL, AT_LAST_LINE, AT_START
from stepper.app.snapshot import Move, Snapshot, told
from stepper.expr.sentence import Sentence, say

LONGEST = 6
"""The most digits of a count."""


def digit(now: Snapshot, key: str) -> Snapshot:
    """Adds a digit to the count for the next key."""
    if key == "0" and not now.count:
        return told(now, "0 alone is no count: 10{key_next} makes ten steps")
    count = int(f"{now.count or ''}{key}")
    if len(str(count)) > LONGEST:
        return told(
            now, "{n}: a count has at most {most} digits", n=str(now.count), most=str(LONGEST)
        )
    return told(replace(now, count=count), "{n}: so many times the next key; {key_cancel} "
                                           "clears it",
                n=str(count))  # fmt: skip


def cancel(now: Snapshot) -> Snapshot:
    """`esc` without a count: there is nothing to close, and it never moves the walk."""
    return told(now, "nothing is open; {key_out} goes one level out")


def cleared(now: Snapshot, count: int) -> Snapshot:
    """`esc` after a count clears it."""
    return replace(now, count=0, message=None)


def none(now: Snapshot, count: int) -> Snapshot:
    """Says that the command takes no count: repeated, it would do nothing more, or undo itself."""
    return told(now, "this takes no count: {count} times would be once, or nothing",
                count=str(count))  # fmt: skip


def repeated(move: Move, now: Snapshot, count: int, key: str) -> Snapshot:
    """Repeats a move `count` times; if it cannot go on, says how often it was made.

    A move that never comes to an end handles a count in its own way.
    """
    made, after = 0, now
    while made < count:
        before, after = after, move(after)
        if same_place(before, after):
            return _capped(after, made, count, key)
        made += 1
    return after


def same_place(before: Snapshot, after: Snapshot) -> bool:
    """Whether only the message differs."""
    kept = (f.name for f in fields(Snapshot) if f.name != "message")
    return all(getattr(before, name) is getattr(after, name) for name in kept)


def _capped(now: Snapshot, made: int, count: int, key: str) -> Snapshot:
    if not made:
        return now
    return told(now, "{count}{key}: moved {made}, {why}",
                count=str(count), key=key, made=str(made), why=_why(now.message))  # fmt: skip


def _why(message: Sentence | None) -> Sentence:
    """Why a move went no further: the ends in a word, anything else as the move said it."""
    ends = {
        id(AT_END): "the end", id(AT_END_OF_ALL): "the end", id(AT_LAST_LINE): "the end",
        id(AT_START): "the start",
    }  # fmt: skip
    return say(ends[id(message)]) if id(message) in ends else message or say("the end")
