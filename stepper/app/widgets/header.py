"""The first row: which lab and sample at the left, where in the walk at the right."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from stepper.app.edited import marks
from stepper.app.fitting import fit, spread
from stepper.app.snapshot import Snapshot, outermost
from stepper.app.widgets.painted import Painted
from stepper.expr.sentence import Sentence, say
from stepper.program.cursor import LEVELS, Level
from stepper.show.numbers import scalar
from stepper.show.rows import Look, Row, Run
from stepper.show.words import PHASE_NAMES, words

LEVEL_NAMES: dict[Level, Sentence] = {
    "phase": say("phase"), "line": say("line"), "operation": say("op"), "entry": say("entry"),
}  # fmt: skip
LIES = {"columns": say("samples are columns"), "rows": say("samples are rows")}


class Header(Painted):
    """` xor · sample 3: (0.1, 0.9) → 1 · epoch 0      backward ▸ [line 13/22] ▸ op ▸ entry `."""

    ignores = frozenset({"chosen", "message", "count", "past", "watches", "breakpoints"})

    def paint(self, now: Snapshot, width: int, height: int) -> list[Row]:
        lefts, rights = list(about(now, self.look)), list(crumbs(now, self.look))
        for place in rights:
            for left in lefts:
                row = spread(((f" {left}", "title"),), place, width)
                if row is not None:
                    return [row]
        return [fit((*rights[-1], (f" {lefts[-1]}", "title")), width, self.look)]


def about(now: Snapshot, look: Look) -> Iterator[str]:
    """The lab and its sample, the fullest way of saying it first."""
    dot = look.sign("·", "-")
    layout = words(LIES[now.lab.layout])
    epoch = words(say("epoch {n}", n=str(now.lab.epoch)))
    for parts in (
        (now.lab.name, layout, sample(now, look, ranged=True), epoch),
        (now.lab.name, sample(now, look, ranged=False), epoch),
        (sample(now, look, ranged=False), epoch),
    ):
        yield f" {dot} ".join(part for part in parts if part)


def sample(now: Snapshot, look: Look, *, ranged: bool) -> str:
    """`sample 3 of 0-20: (0.1, 0.9) → 1`; a long input is not written out.

    A number that was edited has its sign: `(*0.7, 0.9)`.
    """
    if now.lab.data is None:
        return ""
    if now.sample is None:
        return words(say("all {n} samples", n=str(now.lab.samples)))
    here = say("sample {n} of 0-{last}" if ranged else "sample {n}",
               n=str(now.sample), last=str(now.lab.samples - 1))  # fmt: skip
    own = outermost(now)
    return f"{words(here)}: {point(own, 'X')} {look.sign('→', '->')} {point(own, 'y')}"


def point(now: Snapshot, name: str) -> str:
    """`(0.1, 0.9)`; of a long one the first numbers."""
    value = now.trace.value(name)
    mark = marks(now, value) or (lambda index: "")
    numbers = [f"{mark(i)}{scalar(float(v))}" for i, v in np.ndenumerate(value)]
    shown = numbers[:4] + (["..."] if len(numbers) > 4 else [])
    return shown[0] if len(numbers) == 1 else f"({', '.join(shown)})"


def crumbs(now: Snapshot, look: Look) -> Iterator[Row]:
    """The four levels, the one that `n` moves by in brackets; the fullest way first."""
    counted = counts(now)
    here = LEVELS.index(now.cursor.level)
    arrow = look.sign("▸", ">")
    full = [counted[level] for level in LEVELS]
    brief = [full[0], line_count(now), *full[2:]]
    yield _crumbs(full, here, f" {arrow} ")
    yield _crumbs(brief if here != 1 else full, here, f" {arrow} ")
    yield _crumbs([*brief[: max(here, 1)], full[here]] if here else full[:1], here or 0, " ")
    yield _crumbs(full[here : here + 1], 0, " ")


def _crumbs(levels: list[str], here: int, between: str) -> Row:
    runs: list[Run] = []
    for n, word in enumerate(levels):
        runs.append((between if n else "", "dim"))
        runs.append((f"[{word}]", "title") if n == here else (word, "dim"))
    return (*runs, (" ", "text"))


def counts(now: Snapshot) -> dict[Level, str]:
    """The word of each level, with its number where the cursor is in one."""
    step, level = now.step, LEVELS.index(now.cursor.level)
    said = dict(LEVEL_NAMES)
    said["line"] = say("line {count}", count=line_count(now))
    if step and level >= 2:
        steps = now.trace.line_steps(step.line)
        said["operation"] = say("op {count}", count=f"{steps.index(step) + 1}/{len(steps)}")
    if step and level >= 3:
        said["entry"] = say("entry {count}", count=f"{now.filled}/{int(np.prod(now.shape))}")
    return {**{level: words(name) for level, name in said.items()}, "phase": _phase(now)}


def line_count(now: Snapshot) -> str:
    """`13/22`: the line one is in, of how many."""
    return f"{now.step.line if now.step else 0}/{len(now.trace.program.lines)}"


def _phase(now: Snapshot) -> str:
    """`forward`; inside a step also the line of the program that one is inside of."""
    phase = words(PHASE_NAMES[now.step.phase] if now.step else say("start"))
    outer = outermost(now).step
    return f"{phase} {outer.line}" if now.outer is not None and outer is not None else phase
