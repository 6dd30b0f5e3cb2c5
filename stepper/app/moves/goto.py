"""Goes to a line, a name, a phase, a step, a sample or an epoch; and finds names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace

from stepper.app.moves import steps
from stepper.app.moves.epochs import NUMBER, to_epoch
from stepper.app.moves.jumps import at_step, jump, remembered
from stepper.app.moves.samples import to_sample
from stepper.app.prompts import Prompt
from stepper.app.snapshot import Move, Snapshot, told
from stepper.expr.errors import StepperError, near
from stepper.expr.sentence import say
from stepper.program.code import Step
from stepper.program.find import find
from stepper.program.program import PHASES
from stepper.program.trace import Trace
from stepper.show.excerpt import place

ENDS: Mapping[str, Move] = {"g": steps.start, "start": steps.start, "end": steps.end}
"""Places other than lines and names; `g` is for `gg`, as in vim."""


def ask_where(now: Snapshot) -> Prompt:
    """The prompt of `g`."""
    lines, made = now.trace.program.lines, now.trace.steps
    middle = made[len(made) // 2]
    can_type = say(
        "line {n}, name {name}, phase {phase}, step @{step}, sample s0, epoch e100, end",
        n=str(middle.line), name=lines[middle.line - 1].target, phase=middle.phase,
        step=str(middle.index),
    )  # fmt: skip
    named = any(name.startswith("g") for name in _names(now.trace))
    return Prompt(say("go to"), can_type, go, at_once={} if named else {"g": jump(steps.start)})


def go(now: Snapshot, typed: str) -> Snapshot:
    """Goes to what was typed. Raises StepperError if there is no such place."""
    elsewhere = re.fullmatch(r"([es])(\d{1,10})", typed)
    if elsewhere and not find(now.trace, typed):
        return (to_epoch if elsewhere[1] == "e" else _to_sample)(now, int(elsewhere[2]))
    if typed in PHASES and now.cursor.level == "phase":
        cursor = now.cursor.to(place(now.trace, typed)[0].index + 1)
        return remembered(now, replace(now, cursor=cursor, message=None))
    if typed in ENDS and typed not in _names(now.trace):
        return remembered(now, ENDS[typed](now))
    return remembered(now, at_step(now, wanted(now.trace, typed)))


def _to_sample(now: Snapshot, sample: int) -> Snapshot:
    if now.sample == sample:
        return told(now, "this is sample {n}", n=str(sample))
    return to_sample(now, sample)


def _names(trace: Trace) -> set[str]:
    return {*trace.program.given, *(line.target for line in trace.program.lines)}


def go_to_line(now: Snapshot, number: int) -> Snapshot:
    """Goes to the end of a line by its number; says if it does not exist."""
    try:
        return go(now, str(number))
    except StepperError as error:
        return replace(now, message=error.sentence)


def wanted(trace: Trace, typed: str) -> Step:
    """The step a text stands for. Raises StepperError if there is none or more than one."""
    if re.fullmatch(NUMBER, typed):
        return trace.line_steps(line_number(trace, int(typed)))[-1]
    if typed in PHASES:
        return trace.line_steps(place(trace, typed)[0].line)[-1]
    step = re.fullmatch(rf"@\s*({NUMBER})", typed)
    if step:
        return place(trace, str(int(step[1])))[0]
    return trace.line_steps(_named(trace, typed))[-1]


def line_number(trace: Trace, number: int) -> int:
    """The number itself. Raises StepperError if no line has it."""
    last = len(trace.program.lines)
    if not 1 <= number <= last:
        raise StepperError("there is no line {n}: they are 1 to {last}", n=number, last=last)
    return number


def _named(trace: Trace, typed: str) -> int:
    """The line number of a name: a whole name, or a part that only one line has."""
    found = find(trace, typed)
    whole = [n for n in found if len(_target(trace, n)) == _letters(typed)]
    if len(whole or found) == 1:
        return (whole or found)[0]
    if not found:
        raise _unknown(trace, typed)
    raise StepperError(
        "several lines: {names}; {key_find} goes through them",
        names=", ".join(f"{_target(trace, n)} {n}" for n in found[:4]),
    )


def _letters(typed: str) -> int:
    return len(typed.replace("/", "_").replace(" ", ""))


def _target(trace: Trace, number: int) -> str:
    return trace.program.lines[number - 1].target


def _unknown(trace: Trace, typed: str) -> StepperError:
    return _nearly(trace, typed, PHASES) or StepperError(
        "no line computes `{word}`: {key_go} takes 13, a name, a phase, @24, s0, e100, start, end",
        word=typed,
    )


def _unfound(trace: Trace, typed: str) -> StepperError:
    return _nearly(trace, typed) or StepperError("no line has `{word}` in its name", word=typed)


def _nearly(trace: Trace, typed: str, known: Iterable[str] = ()) -> StepperError | None:
    """The error for a name no line assigns, if it is given or close to a known one; else None."""
    if typed in trace.program.given:
        return StepperError("{name} is given: no line computes it", name=typed)
    targets = dict.fromkeys(line.target for line in trace.program.lines)
    meant = near(typed, [*targets, *known])
    if meant.template:
        return StepperError("no line computes `{word}`.{near}", word=typed, near=meant)
    return None


def ask_name(now: Snapshot) -> Prompt:
    """The prompt of `/`."""
    question = (
        say("find, enter: {name} again", name=now.past.sought) if now.past.sought else say("find")
    )
    return Prompt(question, say("a name or a part of one: W2, dJ_dW2, ∂J/∂"), seek, again)


def seek(now: Snapshot, typed: str) -> Snapshot:
    """Goes to the next line whose name contains this text. Raises StepperError if there is none."""
    found = find(now.trace, typed)
    if not found:
        raise _unfound(now.trace, typed)
    line = now.step.line if now.step else 0
    number = next((n for n in found if n > line), found[0])
    after = remembered(now, at_step(now, now.trace.line_steps(number)[-1]))
    after = replace(after, past=after.past._replace(sought=typed))
    said = (
        "{n} of {all} lines with {name} in their name"
        if number > line
        else "{n} of {all} lines with {name} in their name, from the top again"
    )
    return told(after, said, n=str(found.index(number) + 1), all=str(len(found)), name=typed)


def again(now: Snapshot) -> Snapshot:
    """Goes to the next hit of the last search."""
    if not now.past.sought:
        return told(now, "nothing was looked for yet: {key_find} and a name, W2")
    return seek(now, now.past.sought)
