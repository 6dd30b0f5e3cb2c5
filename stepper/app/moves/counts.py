"""Counts: `10n` is ten times `n`, as far as it goes."""

from __future__ import annotations

from dataclasses import fields, replace

from stepper.app.moves.steps import AT_END, AT_END_OF_ALL, AT_LAST_LINE, AT_START
from stepper.app.snapshot import Move, Snapshot, told
from stepper.expr.sentence import Sentence, say

LONGEST = 6
"""More digits than this no count needs."""


def digit(now: Snapshot, key: str) -> Snapshot:
    """One more digit of the count before a key."""
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
    """`esc` on its own: there is nothing to close; it never moves in time."""
    return told(now, "nothing is open; {key_out} goes one level out")


def cleared(now: Snapshot, count: int) -> Snapshot:
    """`esc` after a count: the count is gone."""
    return replace(now, count=0, message=None)


def none(now: Snapshot, count: int) -> Snapshot:
    """Says that a count means nothing: done again it changes nothing, or takes itself back."""
    return told(now, "this takes no count: {count} times would be once, or nothing",
                count=str(count))  # fmt: skip


def repeated(move: Move, now: Snapshot, count: int, key: str) -> Snapshot:
    """Repeats a move `count` times; where it cannot go on, says how often it was made.

    A move that never comes to an end has a way of its own with a count.
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
    """The ends in a word; anything else as the move said it."""
    ends = {
        id(AT_END): "the end", id(AT_END_OF_ALL): "the end", id(AT_LAST_LINE): "the end",
        id(AT_START): "the start",
    }  # fmt: skip
    return say(ends[id(message)]) if id(message) in ends else message or say("the end")
