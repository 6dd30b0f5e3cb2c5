"""The result of a training on paper: the curve, predictions beside the truth, the boundary."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import isfinite

import numpy as np
from rich.cells import cell_len

from stepper.expr.sentence import Sentence, say
from stepper.expr.tree import Name
from stepper.labs.lab import Lab
from stepper.ops.card import Value
from stepper.show.charts import area_of, framed, plane
from stepper.show.curve import apart, curve
from stepper.show.numbers import scalar
from stepper.show.rows import Look, Row, paragraph
from stepper.show.words import words
from stepper.train.broke import Broke
from stepper.train.fit import Fit
from stepper.train.loop import State, accuracy, quantity
from stepper.train.predict import classes, labelled_points, own_points, predicted
from stepper.train.stability import largest_rate

LISTED = 24
"""Up to this many samples every prediction is listed; beyond, only the worst ones."""
WORST = 8
COLUMNS, ROWS = 48, 16
"""The largest size of the picture of the boundary."""


def trained_rows(fit: Fit, state: State, look: Look) -> Iterator[Row]:
    """The whole report. `state` holds the reported weights, the last finite ones."""
    lab, loss = fit.lab, fit.lab.forward.loss
    yield from paragraph(words(ended(fit)), look)
    yield ()
    measured = [(epoch, seen[loss]) for epoch, seen in fit.history if isfinite(seen[loss])]
    if len(measured) > 1:
        yield from curve(measured, loss, look)
        if apart(measured) > 1:
            said = say("what happens between the points is not drawn: --every 1 notes every epoch")
            yield from paragraph(words(said), look, ink="dim")
        yield ()
    extras = [f"{name} {value}" for name, value in _extras(fit, state)]
    yield from paragraph(look.sign(" · ", " - ").join(extras), look, ink="title")
    if fit.broke is not None:
        yield ()
        yield from broke_rows(lab, fit.broke, look)
    elif lab.training.predict is not None and lab.data is not None:
        yield ()
        yield from prediction_rows(lab, state, look)
        if own_points(lab)[0].shape[1] == 2:
            yield ()
            yield from boundary_rows(lab, state, look)


def ended(fit: Fit) -> Sentence:
    """Why training stopped, and when."""
    epoch = str(fit.run.epoch)
    if fit.stopped == "until":
        return say("the condition held after epoch {epoch}", epoch=epoch)
    if fit.stopped == "interrupted":
        return say("interrupted after epoch {epoch}; what was reached is kept", epoch=epoch)
    if fit.broke is not None:
        return fit.broke.sentence
    return say("trained for {n} epochs", n=epoch)


def _extras(fit: Fit, state: State) -> Iterator[tuple[str, str]]:
    """Metrics and the share of correct predictions, as name and value."""
    yield fit.lab.forward.loss, scalar(fit.loss)
    if (right := accuracy(fit.lab, state)) is not None:
        yield words(say("accuracy")), f"{right[0]}/{right[1]}"
    for name, value in fit.metrics.items():
        yield name, scalar(value)


def broke_rows(lab: Lab, broke: Broke, look: Look) -> Iterator[Row]:
    """The last epochs before a number was not finite, and how large a rate would be stable."""
    loss = lab.forward.loss
    cells = [[words(say("epoch")), loss, words(say("largest weight")), ""]]
    for state in broke.last:
        name, size = max(_sizes(lab, state), key=lambda sized: sized[1])
        value = scalar(float(quantity(lab, state, Name(loss))))
        cells.append([str(state.epoch), value, scalar(size), words(say("in {name}", name=name))])
    yield from table(cells, look)
    rate = largest_rate(lab, broke.last[0])
    if rate is not None and lab.training.optimizer.name == "gd":
        said = say(
            "where epoch {epoch} begins, gradient descent holds for rates below {rate}; it is {lr}",
            epoch=str(broke.last[0].epoch), rate=scalar(rate),
            lr=scalar(lab.training.rate(broke.epoch)),
        )  # fmt: skip
        yield from paragraph(words(said), look)


def _sizes(lab: Lab, state: State) -> Iterator[tuple[str, float]]:
    """The largest absolute entry of every trained parameter."""
    for name in (n for n in lab.parameters if n not in lab.training.fixed):
        yield name, float(np.max(np.abs(state.parameters[name])))


def prediction_rows(lab: Lab, state: State, look: Look) -> Iterator[Row]:
    """Every sample with its truth and its prediction; of many only the worst predictions."""
    points, targets = own_points(lab)
    made = predicted(lab, state, points)
    off = np.max(np.abs(made - targets), axis=1)
    chosen = range(len(off)) if len(off) <= LISTED else np.argsort(-off, kind="stable")[:WORST]
    right = classes(made) == classes(targets)
    heads = [words(say("sample")), words(say("input")), words(say("target"))]
    cells = [[*heads, str(lab.training.predict), ""]]
    for k in chosen:
        mark = "" if right[k] else look.sign("✗", "x")
        cells.append([str(k), *map(_numbers, (points[k], targets[k], made[k])), mark])
    if len(off) > LISTED:
        said = say(
            "the {n} of {all} samples that are furthest off", n=str(WORST), all=str(len(off))
        )
        yield from paragraph(words(said), look, ink="dim")
    yield from table(cells, look)


def _numbers(values: Value) -> str:
    """`(0.1, 0.9)`; the first numbers of a long row."""
    shown = [scalar(float(v)) for v in values[:4]] + (["…"] if len(values) > 4 else [])
    return shown[0] if len(shown) == 1 else f"({', '.join(shown)})"


def table(cells: Sequence[Sequence[str]], look: Look) -> Iterator[Row]:
    """Rows of cells under a heading, right-aligned; a row that is too long continues below."""
    widths = [max(cell_len(line[k]) for line in cells) for k in range(len(cells[0]))]
    gap = "  " if sum(widths) + 2 * len(widths) < look.width else " "
    for n, line in enumerate(cells):
        text = gap.join(" " * (w - cell_len(c)) + c for c, w in zip(line, widths, strict=True))
        yield from paragraph(text.rstrip(), look, ink="text" if n else "dim", hang=4)


def boundary_rows(lab: Lab, state: State, look: Look) -> Iterator[Row]:
    """The plane as the network classifies it, with the samples on it."""
    area = area_of(own_points(lab)[0], min(look.width - 6, COLUMNS), ROWS)
    regions = classes(predicted(lab, state, area.centres()))
    yield from framed(plane(area, regions, labelled_points(lab), look), area, regions, look)
