"""A derivation as far as a learner has opened it: its answer alone, some lines, or all of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from stepper.calculus.derivation import Derivation, Rewrite
from stepper.calculus.prove import Check
from stepper.expr.sentence import say
from stepper.show.derivation import Page, derivation_rows
from stepper.show.rows import Row, paragraph

WORST = ("wrong", "unknown", "tried", "proved")
"""The verdicts, the decisive one first."""


def line_count(derivations: Sequence[Derivation]) -> int:
    return sum(len(d.lines) for d in derivations)


def short_rows(derivations: Sequence[Derivation], page: Page) -> Iterator[Row]:
    """The question and answer of each derivation, marked once the lines between are checked."""
    for d in derivations:
        if len(d.lines) < 2:
            yield from derivation_rows(d, page)
            continue
        said = say("in {n} steps: d shows all, enter one", n=str(len(d.lines)))
        short = replace(d, lines=(Rewrite(d.last, said),), notes=())
        found = _whole(d, page.proofs)
        yield from derivation_rows(short, replace(page, proofs={short: found}))


def first_rows(derivations: Sequence[Derivation], most: int, page: Page) -> Iterator[Row]:
    """The first `most` lines, and how many are left."""
    left = line_count(derivations) - most
    for d in derivations:
        if most <= 0:
            break
        if len(d.lines) <= most:
            yield from derivation_rows(d, page)
        else:
            part = replace(d, lines=d.lines[:most], notes=())
            known = page.proofs.get(d, ())
            yield from derivation_rows(part, replace(page, proofs={part: known}))
        most -= len(d.lines)
    if left > 0:
        said = say("{n} more: enter shows the next one, d all", n=str(left))
        yield from paragraph(page.words(said), page.look, indent=4, ink="dim")


def all_rows(derivations: Sequence[Derivation], page: Page) -> Iterator[Row]:
    """Every line; with the finer ones if the page is full."""
    for d in derivations:
        yield from derivation_rows(d, page)


def _whole(d: Derivation, proofs: Mapping[Derivation, Sequence[Check]]) -> Sequence[Check]:
    """The verdict on a derivation: that of its worst line, none until the last is checked."""
    found = proofs.get(d, ())
    if len(found) < len(d.lines):
        return ()
    return (min(found, key=lambda check: WORST.index(check.verdict)),)
