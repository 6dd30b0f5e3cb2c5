"""Breakpoints: sets and clears them, runs on and back to them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from stepper.app.moves.goto import line_number
from stepper.app.moves.jumps import at_step, remembered
from stepper.app.prompts import Prompt
from stepper.app.snapshot import Snapshot, told
from stepper.expr.errors import StepperError
from stepper.expr.sentence import say
from stepper.program.breakpoints import Breakpoints, condition, next_stop, previous_stop
from stepper.program.cursor import Cursor


def toggle_here(now: Snapshot) -> Snapshot:
    """Sets a breakpoint on the current line, or clears it."""
    if now.step is None:
        return told(
            now,
            "no line has run yet: {key_next}, or {n}{key_break} for one on line {n}",
            n=_some_line(now),
        )
    return toggle(now, now.step.line)


def toggle(now: Snapshot, number: int) -> Snapshot:
    """Sets a breakpoint on a line by its number, or clears it; says if there is no such line."""
    try:
        points = now.breakpoints.toggled(line_number(now.trace, number))
    except StepperError as error:
        return replace(now, message=error.sentence)
    said = (
        "a breakpoint on line {n}: {key_run} runs on to it, {key_run_back} back"
        if number in points.lines
        else "no breakpoint on line {n} any more"
    )
    return told(replace(now, breakpoints=points), said, n=str(number))


def run_on(now: Snapshot) -> Snapshot:
    """Runs on to the next breakpoint; stays if there is none."""
    return _run(now, next_stop, "no breakpoint comes after this line: {key_end} goes to the end")


def run_back(now: Snapshot) -> Snapshot:
    """Runs back to the breakpoint before; stays if there is none."""
    return _run(
        now, previous_stop, "no breakpoint comes before this line: {key_start} goes to the start"
    )


def _run(
    now: Snapshot, stop: Callable[[Cursor, Breakpoints], Cursor | None], none: str
) -> Snapshot:
    if not now.breakpoints.lines and now.outer is not None:
        return told(
            now, "no breakpoints inside this step: {key_break} sets one here, {key_out} goes out"
        )
    if not now.breakpoints.lines:
        return told(now, "no breakpoints: {key_break} sets one on this line, "
                         "{n}{key_break} on line {n}",
                    n=_some_line(now))  # fmt: skip
    cursor = stop(now.cursor, now.breakpoints)
    if cursor is None or cursor.step is None:
        return told(now, none)
    return remembered(now, at_step(now, cursor.step))


def ask_condition(now: Snapshot) -> Prompt:
    """The prompt of `:until`."""
    example = say("a condition: {loss} < 0.5, max({name}) > 1",
                  loss=now.trace.program.loss, name=now.trace.program.lines[0].target)  # fmt: skip
    return Prompt(say("run on until"), example, run_until)


def run_until(now: Snapshot, typed: str) -> Snapshot:
    """Runs on to the end of the next line where a condition holds. Raises FormulaError if what was
    typed is no condition."""
    wanted = condition(typed, now.trace)
    numbers = [n for n, _ in now.trace.program.numbered()]
    everywhere = Breakpoints(frozenset(numbers), dict.fromkeys(numbers, wanted))
    cursor = next_stop(now.cursor, everywhere)
    if cursor is None or cursor.step is None:
        return told(now, "after this line {condition} is never true; {key_train} trains until "
                         "something holds", condition=wanted)  # fmt: skip
    return told(
        remembered(now, at_step(now, cursor.step)), "{condition} holds here", condition=wanted
    )


def _some_line(now: Snapshot) -> str:
    """The number of a line near the middle, as an example."""
    return str(len(now.trace.program.lines) // 2 + 1)
