"""Mistakes with the gradient of a bias: the sum over the samples."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from stepper.check.mistake import EXACT, PART, Example, Mistake, Place, Seen
from stepper.expr.sentence import say
from stepper.expr.tree import Call, Expr, Number, call, settings_of
from stepper.ops.parts import WHOLE
from stepper.program.trace import Trace

KEPT = (("keepdims", True),)


def over_samples(tree: Expr, place: Place) -> Expr:
    """The sum over the samples, an axis that is kept."""
    return call("sum", tree, axis=place.scope.samples, keepdims=True)


def is_sum(tree: Expr) -> bool:
    return isinstance(tree, Call) and tree.op == "sum"


class BiasNotSummed(Mistake):
    """Every sample keeps its own row of the bias gradient."""

    id, rank = "bias-not-summed", PART
    what = "not summed"
    why = "the bias is added to every sample, so its gradient is the sum over all samples"
    example = Example("xor", "dJ_db3", "dJ_dz3")

    def repairs(self, place: Place) -> Iterator[Expr]:
        if not place.inside("sum"):
            yield over_samples(place.node, place)
            yield call("sum", place.node)

    def wrongs(self, place: Place) -> Iterator[Expr]:
        node = place.node
        if isinstance(node, Call) and is_sum(node):
            yield node.args[0]


class BiasSumAxis(Mistake):
    """Summed over the wrong axis, or over all of it at once."""

    id, rank = "bias-sum-axis", EXACT
    what = "summed over the wrong axis"
    why = "one number for each unit is left once the samples are summed over"
    example = Example("xor", "dJ_db3", "sum(dJ_dz3, axis=0, keepdims=True)")

    def repairs(self, place: Place) -> Iterator[Expr]:
        node = place.node
        if isinstance(node, Call) and node.op in ("sum", "mean", "max", "min"):
            lost = settings_of(node).get("axis") is not None and not settings_of(node).get(
                "keepdims"
            )
            for x in _other_axes(node):
                if not _lost_only(node, x) and not (lost and x.settings == KEPT):
                    yield x

    def wrongs(self, place: Place) -> Iterator[Expr]:
        node = place.node
        if isinstance(node, Call) and is_sum(node):
            along = settings_of(node).get("axis")
            other = [x for x in _other_axes(node) if settings_of(x).get("axis") != along]
            yield from other


def _other_axes(node: Call) -> Iterator[Call]:
    for axis in (0, 1):
        yield replace(node, settings=(("axis", axis), *KEPT))
    yield replace(node, settings=())
    yield replace(node, settings=KEPT)


def _lost_only(one: Expr, other: Expr) -> bool:
    """Whether two sums differ in `keepdims` alone."""
    assert isinstance(one, Call)
    assert isinstance(other, Call)
    return settings_of(one).get("axis") == settings_of(other).get("axis")


class Keepdims(Mistake):
    """The sum lost its axis: (n,) where (n, 1) belongs."""

    id, rank = "keepdims", EXACT
    why = "without keepdims numpy drops the axis: (n,) is no column, and broadcasts as a row"
    example = Example("xor", "dJ_db2", "sum(dJ_dz2, axis=1)")

    def repairs(self, place: Place) -> Iterator[Expr]:
        node = place.node
        if isinstance(node, Call) and node.op in ("sum", "mean", "max", "min"):
            settings = settings_of(node)
            if not settings.get("keepdims"):
                yield replace(node, settings=tuple(sorted({**settings, "keepdims": True}.items())))

    def wrongs(self, place: Place) -> Iterator[Expr]:
        node = place.node
        if isinstance(node, Call) and is_sum(node) and settings_of(node).get("axis") is not None:
            kept = tuple(s for s in node.settings if s[0] != "keepdims")
            if kept != node.settings:
                yield replace(node, settings=kept)


class BiasFirstRow(Mistake):
    """Only one sample's δ is taken for the bias."""

    id, rank = "bias-first-row", EXACT
    what = "one sample only"
    why = "the bias is added to every sample, so every sample's share counts"
    example = Example("xor", "dJ_db2", "dJ_dz2[:, 0:1]")

    def repairs(self, place: Place) -> Iterator[Expr]:
        node = place.node
        if isinstance(node, Call) and node.op in ("slice", "item"):
            yield over_samples(node.args[0], place)
            yield call("sum", node.args[0])

    def wrongs(self, place: Place) -> Iterator[Expr]:
        node = place.node
        if isinstance(node, Call) and is_sum(node):
            first = {"rows": WHOLE, "columns": WHOLE}
            first["columns" if place.scope.samples == 1 else "rows"] = (None, 1)
            if settings_of(node).get("axis") == place.scope.samples:
                yield call("slice", node.args[0], **first)


class BiasNotTrained(Mistake):
    """The bias has no gradient, and never moves."""

    id, rank = "bias-not-trained", EXACT
    what = "a gradient of 0"
    why = "the loss depends on the bias as on any weight: without a gradient it never moves"
    example = Example("xor", "dJ_db3", "0 * sum(dJ_dz3, axis=1, keepdims=True)")

    def repairs(self, place: Place) -> Iterator[Expr]:
        node = place.node
        if isinstance(node, Call) and node.op == "mul" and node.args[0] == Number(0):
            yield node.args[1]
        of = place.scope.target.partition("_d")[2]
        if place.is_root and node == Number(0) and place.scope.kind(of) == "bias":
            yield from (x.tree for x in place.scope.backward if x.target == place.scope.target)

    def wrongs(self, place: Place) -> Iterator[Expr]:
        of = place.scope.target.partition("_d")[2]
        if place.is_root and place.scope.kind(of) == "bias":
            yield 0 * place.node

    def seen(self, trace: Trace) -> Iterator[Seen]:
        moved = {name for name, slots in trace.code.names.items() if len(slots) > 1}
        updated = {line.of for line in trace.program.phase("update")}
        for name, role in trace.program.given.items():
            if role != "parameter" or not moved:
                continue
            if name not in updated or np.array_equal(trace.value(name), trace.last(name)):
                yield Seen(
                    self.id, name,
                    say("{name} stays as it is: no update reaches it", name=name),
                    say("its gradient is 0, or no line of the update program is for it"),
                )  # fmt: skip
