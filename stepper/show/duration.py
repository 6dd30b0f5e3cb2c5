"""A duration in the one or two units that express it best."""

from __future__ import annotations

from stepper.expr.sentence import Sentence, say

MINUTE, HOUR = 60, 3600
LONG = 10 * MINUTE
"""Durations from here on are given without seconds."""


def duration(seconds: float) -> Sentence:
    """`8 s`, `2 min 5 s`, `45 min`, `1 h 30 min`, rounded to the smallest unit shown."""
    whole = round(seconds)
    if whole < MINUTE:
        return say("{s} s", s=str(whole))
    if whole < LONG:
        return say("{min} min {s} s", min=str(whole // MINUTE), s=str(whole % MINUTE))
    minutes = round(seconds / MINUTE)
    if minutes < HOUR // MINUTE:
        return say("{min} min", min=str(minutes))
    hours, minutes = divmod(minutes, HOUR // MINUTE)
    return say("{h} h {min} min", h=str(hours), min=str(minutes))
