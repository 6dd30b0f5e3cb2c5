"""Every gradient beside its two measurements: a table, and the diagnoses of the wrong ones."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from stepper.check.numeric import Entry, Opinion, verdict_of
from stepper.check.relation import place
from stepper.expr.sentence import Sentence, say
from stepper.labs.lab import Lab
from stepper.language.width import columns
from stepper.show.cells import ljust, rjust
from stepper.show.record import plain
from stepper.show.rows import Ink, Look, Row, paragraph, row
from stepper.show.words import words

HEADINGS = (
    say("gradient"), say("worst entry"), say("backward"), say("central"), say("complex step"),
    say("off by"),
)  # fmt: skip
MOST = 4
"""How many wrong entries of a gradient are listed."""


def opinion_rows(
    lab: Lab, which: Sequence[int] | None, opinions: Sequence[Opinion], look: Look
) -> Iterator[Row]:
    """The table, the worst gradient first; then, line by line, what is wrong and the kinks."""
    yield from paragraph(_heading(lab, which, look), look, indent=0, ink="title")
    lines = [(tuple(map(words, HEADINGS)), "dim"), *(_cells(o, o.worst) for o in opinions)]
    widths = [max(columns(cells[k]) for cells, _ in lines) for k in range(len(HEADINGS))]
    for cells, ink in lines:
        yield row(_aligned(cells, widths), ink)
    yield row("")
    for opinion in sorted(opinions, key=lambda o: o.line):
        yield from _said(opinion, look)
    yield from paragraph(words(_summary(opinions), ascii=look.ascii), look, indent=0)


def _heading(lab: Lab, which: Sequence[int] | None, look: Look) -> str:
    chosen = _chosen(lab, which)
    if not chosen:
        said = say("{lab}: every gradient, measured twice", lab=lab.name)
    elif len(chosen) == 1:
        k = str(chosen[0])
        said = say("{lab}: every gradient, measured twice on sample {k}", lab=lab.name, k=k)
    else:
        n, all = str(len(chosen)), str(lab.samples)
        said = say(
            "{lab}: every gradient, measured twice on {n} of {all} samples",
            lab=lab.name, n=n, all=all,
        )  # fmt: skip
    return words(said, ascii=look.ascii)


def _chosen(lab: Lab, which: Sequence[int] | None) -> list[int]:
    return list(range(lab.samples) if which is None else which)


def _cells(opinion: Opinion, entry: Entry) -> tuple[tuple[str, ...], Ink]:
    ink: Ink = "warn" if entry.wrong or not entry.measured else "dim" if entry.kink else "text"
    at = place(entry.index) if opinion.shape else ""
    numbers = [f"{v:.7g}" for v in (entry.backward, entry.central, entry.complex)]
    return (opinion.name, at, *numbers, _off(entry)), ink


def _off(entry: Entry) -> str:
    if not entry.measured:
        return words(say("not measured"))
    return words(say("kink")) if entry.kink else f"{entry.difference:.0e}"


def _aligned(cells: Sequence[str], widths: Sequence[int]) -> str:
    named = (ljust(c, w) for c, w in zip(cells[:2], widths[:2], strict=True))
    numbers = (rjust(c, w) for c, w in zip(cells[2:], widths[2:], strict=True))
    return "  ".join((*named, *numbers))


def _said(opinion: Opinion, look: Look) -> Iterator[Row]:
    if opinion.diagnosis is not None:
        said = say(
            "{name}, line {n}: {what}", name=opinion.name, n=str(opinion.line),
            what=opinion.diagnosis,
        )  # fmt: skip
        yield from paragraph(words(said, ascii=look.ascii), look, indent=0, ink="warn", hang=3)
        for entry in [e for e in opinion.entries if e.wrong][:MOST]:
            yield from paragraph(words(_beside(opinion, entry), ascii=look.ascii), look)
    if opinion.kinks:
        yield from paragraph(words(_kinks(opinion), ascii=look.ascii), look, indent=0, hang=3)
    if not all(entry.measured for entry in opinion.entries):
        unmeasured = words(_unmeasured(opinion), ascii=look.ascii)
        yield from paragraph(unmeasured, look, indent=0, ink="warn", hang=3)


def _beside(opinion: Opinion, entry: Entry) -> Sentence:
    at = place(entry.index) if opinion.shape else ""
    return say(
        "{name}{at} is {ours}, measured {exact}",
        name=opinion.name, at=at, ours=f"{entry.backward:.7g}", exact=f"{entry.complex:.7g}",
    )  # fmt: skip


def _kinks(opinion: Opinion) -> Sentence:
    count = sum(entry.kink for entry in opinion.entries)
    return say(
        "{name}: entries at a kink, {n} of {all} (of {lines}): there the loss has two slopes, and "
        "neither is judged",
        name=opinion.name, n=str(count), all=str(len(opinion.entries)),
        lines=", ".join(opinion.kinks),
    )  # fmt: skip


def _unmeasured(opinion: Opinion) -> Sentence:
    count = sum(not entry.measured for entry in opinion.entries)
    return say(
        "{name}: entries that cannot be measured, {n} of {all}: a step beside them the loss is "
        "nan or inf. Try other numbers, further from where a log, a root or a division ends",
        name=opinion.name, n=str(count), all=str(len(opinion.entries)),
    )  # fmt: skip


def _summary(opinions: Sequence[Opinion]) -> Sentence:
    wrong = sum(o.verdict == "wrong" for o in opinions)
    unknown = sum(o.verdict == "unknown" for o in opinions)
    if unknown and not wrong:
        return say(
            "gradients that could not be measured: {n} of {all}. The others are what central "
            "differences and the complex step measure",
            n=str(unknown), all=str(len(opinions)),
        )  # fmt: skip
    if not wrong:
        return say(
            "{all} gradients, and all of them are what central differences and the complex step "
            "measure",
            all=str(len(opinions)),
        )
    return say(
        "wrong gradients: {n} of {all}. A wrong one makes those that are computed from it wrong "
        "too: begin with the first line",
        n=str(wrong), all=str(len(opinions)),
    )  # fmt: skip


def record(lab: Lab, which: Sequence[int] | None, opinions: Sequence[Opinion]) -> dict[str, Any]:
    """Everything as plain data, every entry, the worst first."""
    return {
        "lab": lab.name,
        "samples": _chosen(lab, which),
        "verdict": verdict_of(opinions),
        "gradients": [_record(o) for o in opinions],
    }


def _record(opinion: Opinion) -> dict[str, Any]:
    return {
        "name": opinion.name,
        "of": opinion.of,
        "line": opinion.line,
        "verdict": opinion.verdict,
        "message": words(opinion.diagnosis) if opinion.diagnosis is not None else "",
        "kinks": list(opinion.kinks),
        "entries": [
            {
                "index": list(entry.index),
                "backward": plain(entry.backward),
                "central": plain(entry.central),
                "complex": plain(entry.complex),
                "difference": plain(entry.difference),
                "kink": entry.kink,
                "wrong": entry.wrong,
                "measured": entry.measured,
            }
            for entry in opinion.entries
        ],
    }
