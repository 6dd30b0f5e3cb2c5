"""The first row: the lab and the sample on the left, the place in the walk on the right."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import product
from typing import NamedTuple

import numpy as np

from stepper.app.edited import marks
from stepper.app.fitting import fit, spread
from stepper.app.snapshot import Snapshot, outermost
from stepper.app.widgets.painted import Painted
from stepper.expr.sentence import Sentence, say
from stepper.program.cursor import LEVELS, Level
from stepper.show.numbers import scalar
from stepper.show.rows import Look, Row, Run
from stepper.show.words import PHASE_NAMES, all_samples, words

LEVEL_NAMES: dict[Level, Sentence] = {
    "phase": say("phase"), "line": say("line"), "operation": say("op"), "entry": say("entry"),
}  # fmt: skip
LIES = {"columns": say("samples are columns"), "rows": say("samples are rows")}


class Header(Painted):
    """` xor · sample 3: (0.1, 0.9) → 1 · epoch 0      backward ▸ [line 13/22] ▸ op ▸ entry `."""

    ignores = frozenset({"chosen", "message", "count", "past", "watches", "breakpoints"})

    def paint(self, now: Snapshot, width: int, height: int) -> list[Row]:
        places = list(crumbs(now, self.look))
        for lefts in (list(named(now, self.look)), list(unnamed(now, self.look))):
            for place, left in product(places, lefts):
                row = spread(((f" {left}", "title"),), place, width)
                if row is not None:
                    return [row]
        return [fit((*places[-1], (lefts[-1], "title")), width, self.look)]


def named(now: Snapshot, look: Look) -> Iterator[str]:
    """The lab and its sample, the fullest wording first."""
    layout = words(LIES[now.lab.layout])
    yield _parts(now, look, now.lab.name, layout, sample(now, look, FULL, ranged=True))
    yield _parts(now, look, now.lab.name, sample(now, look, FULL))
    yield _parts(now, look, now.lab.name, sample(now, look, BRIEF))


def unnamed(now: Snapshot, look: Look) -> Iterator[str]:
    """The sample alone, if there is no room for the lab's name."""
    yield _parts(now, look, sample(now, look, FULL))
    yield _parts(now, look, sample(now, look, BRIEF))


def _parts(now: Snapshot, look: Look, *parts: str) -> str:
    epoch = words(say("epoch {n}", n=str(now.lab.epoch)))
    return f" {look.sign('·', '-')} ".join(part for part in (*parts, epoch) if part)


class Spelling(NamedTuple):
    """How a sample's numbers are written, and how many of its inputs and targets."""

    number: Callable[[float], str]
    gap: str
    """The blank, if any, after a comma and on both sides of the arrow."""
    inputs: int
    targets: int = 4


def short(v: float) -> str:
    """A number in two digits, which looks whole only if it is whole."""
    text = f"{v:.2g}"
    return text if float(text) == v or not text.lstrip("-").isdecimal() else f"{v:.1f}"


FULL = Spelling(scalar, " ", inputs=4)
BRIEF = Spelling(short, "", inputs=2)


def sample(now: Snapshot, look: Look, spelling: Spelling, *, ranged: bool = False) -> str:
    """`sample 3 of 0-20: (0.1, 0.9) → 1`; long inputs are cut.

    An edited number has its mark: `(*0.7, 0.9)`.
    """
    if now.lab.data is None:
        return ""
    if now.sample is None:
        return words(all_samples(now.lab.samples))
    here = say("sample {n} of 0-{last}" if ranged else "sample {n}",
               n=str(now.sample), last=str(now.lab.samples - 1))  # fmt: skip
    inputs = point(outermost(now), "X", spelling, spelling.inputs)
    targets = point(outermost(now), "y", spelling, spelling.targets)
    arrow = f"{spelling.gap}{look.sign('→', '->')}{spelling.gap}"
    return f"{words(here)}: {inputs}{arrow}{targets}"


def point(now: Snapshot, name: str, spelling: Spelling, most: int) -> str:
    """`(0.1, 0.9)`; only the first numbers of a long value."""
    value = now.trace.value(name)
    mark = marks(now, value) or (lambda index: "")
    numbers = [f"{mark(i)}{spelling.number(float(v))}" for i, v in np.ndenumerate(value)]
    shown = numbers[:most] + (["..."] if len(numbers) > most else [])
    return shown[0] if len(numbers) == 1 else f"({f',{spelling.gap}'.join(shown)})"


def crumbs(now: Snapshot, look: Look) -> Iterator[Row]:
    """The four levels, the one that `n` moves by in brackets; the fullest wording first."""
    counted = counts(now)
    here = LEVELS.index(now.cursor.level)
    arrow = look.sign("▸", ">")
    full = [counted[level] for level in LEVELS]
    brief = [full[0], line_count(now), *full[2:]]
    yield _crumbs(full, here, f" {arrow} ")
    yield _crumbs(brief if here != 1 else full, here, f" {arrow} ")
    yield _crumbs([*brief[:here], full[here]], here, " ")
    yield _crumbs([*brief[:here], brief[here]], here, " ")


def _crumbs(levels: list[str], here: int, between: str) -> Row:
    runs: list[Run] = []
    for n, word in enumerate(levels):
        runs.append((between if n else "", "dim"))
        runs.append((f"[{word}]", "title") if n == here else (word, "dim"))
    return (*runs, (" ", "text"))


def counts(now: Snapshot) -> dict[Level, str]:
    """The name of each level, with a count if the cursor moves at that level or a finer one."""
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
    """`13/22`: the current line's number and the number of lines."""
    return f"{now.step.line if now.step else 0}/{len(now.trace.program.lines)}"


def _phase(now: Snapshot) -> str:
    """`forward`; on a walk inside a step, also the line of the program it belongs to."""
    phase = words(PHASE_NAMES[now.step.phase] if now.step else say("start"))
    outer = outermost(now).step
    return f"{phase} {outer.line}" if now.outer is not None and outer is not None else phase
