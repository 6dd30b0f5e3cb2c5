"""A number that is missing or too many: 2, ½, N, 1/N or any other."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from stepper.check.factor import Factor
from stepper.check.mistake import ANY, EXACT, SCALE, Example, Mistake, Place
from stepper.expr.sentence import Sentence, say
from stepper.expr.tree import Call, Expr, Name, Number


def reads_loss(place: Place) -> bool:
    """Whether a right line differentiates the loss itself: there its constants come in."""
    line = next((x for x in place.scope.backward if x.target == place.scope.target), None)
    return line is not None and place.scope.loss in line.through


def without(node: Expr, x: Expr) -> Iterator[Expr]:
    """A product or quotient without the factor `x`."""
    if isinstance(node, Call) and node.op in ("mul", "div"):
        if node.args[1] == x:
            yield node.args[0]
        if node.op == "mul" and node.args[0] == x:
            yield node.args[1]


class WrongFactor(Mistake):
    """The 2 of the power rule or the ½ of the loss is missing, or there twice."""

    id, rank = "factor", SCALE
    why = "the power rule brings down a 2, unless a ½ in the loss takes it away"
    example = Example("two-hidden", "dL_da3", "a3 - y")

    def repairs(self, place: Place) -> Iterator[Expr]:
        yield from without(place.node, Number(2))
        yield from without(place.node, Number(0.5))

    def scales(self, factor: Factor, place: Place) -> bool:
        is_count = isinstance(place.node, Number) and place.inside("add", "sub", "pow")
        return factor.is_number and abs(factor.number) in (2.0, 0.5) and not is_count

    def wrongs(self, place: Place) -> Iterator[Expr]:
        node = place.node
        if not reads_loss(place):
            return
        if isinstance(node, Call) and node.op == "mul" and node.args[0] == Number(2):
            yield node.args[1]
        elif place.is_root:
            yield 2 * node
            yield node / 2


class MissingMean(Mistake):
    """The 1/N of the loss is forgotten."""

    id, rank = "missing-mean", SCALE
    what = "N times too large"
    why = "the loss is a mean over N samples, so every sample counts 1/N"
    example = Example("xor", "dJ_dz3", "a3 - y")

    def repairs(self, place: Place) -> Iterator[Expr]:
        node = place.node
        if isinstance(node, Call) and node.op == "mul":
            yield from without(node, Name("N"))

    def scales(self, factor: Factor, place: Place) -> bool:
        return factor.name == "N" and factor.under

    def wrongs(self, place: Place) -> Iterator[Expr]:
        node = place.node
        if isinstance(node, Call) and node.op == "div" and node.args[1] == Name("N"):
            yield node.args[0]


class ExtraMean(Mistake):
    """Divided by N once too often."""

    id, rank = "extra-mean", SCALE
    what = "N times too small"
    why = "the 1/N of the loss comes in once, and not at all where the loss is a sum"
    example = Example("xor", "dJ_dW3", "dJ_dz3 @ a2.T / N")

    def repairs(self, place: Place) -> Iterator[Expr]:
        node = place.node
        if isinstance(node, Call) and node.op == "div" and node.args[1] == Name("N"):
            yield node.args[0]
        if isinstance(node, Call) and node.op == "mul" and node.args[0] == 1 / Name("N"):
            yield node.args[1]

    def scales(self, factor: Factor, place: Place) -> bool:
        return factor.name == "N" and not factor.under

    def wrongs(self, place: Place) -> Iterator[Expr]:
        if place.is_root and "N" in place.scope.known:
            yield place.node / Name("N")


class SumVersusMean(Mistake):
    """The bias gradient is averaged over the samples, where it is summed."""

    id, rank = "sum-vs-mean", EXACT
    why = "the bias is added to every sample, so its gradient is the sum over them; the 1/N of a "
    why += "mean loss is in there already"
    example = Example("xor", "dJ_db3", "mean(dJ_dz3, axis=1, keepdims=True)")

    def repairs(self, place: Place) -> Iterator[Expr]:
        yield from _reduced(place.node, "mean", "sum")

    def wrongs(self, place: Place) -> Iterator[Expr]:
        if place.is_root or place.inside("neg"):
            yield from _reduced(place.node, "sum", "mean")


def _reduced(node: Expr, old: str, new: str) -> Iterator[Expr]:
    if isinstance(node, Call) and node.op == old:
        yield Call(new, node.args, node.settings)


class ConstantFactor(Mistake):
    """A number is wrong, by a factor that is none of the usual ones."""

    id, rank = "constant-factor", ANY
    what = "{off}"
    why = "everything else in `{theirs}` is right; only this number is off"
    example = Example("two-hidden", "dL_da3", "6 * (a3 - y)")

    def scales(self, factor: Factor, place: Place) -> bool:
        return True

    def wrongs(self, place: Place) -> Iterator[Expr]:
        if place.is_root:
            yield 3 * place.node

    def fields(self, place: Place, ours: Expr) -> dict[str, Any]:
        return {"off": _off(place.factor)}


def _off(factor: Factor | None) -> Sentence:
    """By how much a number is off."""
    if factor is None or factor.name or factor.number < 0:
        return say("a number is wrong")
    if factor.number > 1:
        return say("{times} times too small", times=f"{factor.number:.6g}")
    return say("{times} times too large", times=f"{1 / factor.number:.6g}")


class WrongNumber(Mistake):
    """A number stands where another belongs."""

    id, rank = "wrong-number", ANY
    why = "the rule of this formula has another number here"
    of_n = "a mean divides by the number of samples"
    example = Example("circuits-staged", "df_dden", "-df_dinvden / den**3")

    def repairs(self, place: Place) -> Iterator[Expr]:
        if isinstance(place.node, Number) and (place.inside("pow") or place.divides):
            yield from (Number(n) for n in (0, 1, 2, 3, 4, 0.5) if n != place.node.value)
            yield -place.node
            if place.divides and "N" in place.scope.known:
                yield Name("N")

    def reason(self, place: Place, ours: Expr) -> str:
        return self.of_n if ours == Name("N") else self.why

    def wrongs(self, place: Place) -> Iterator[Expr]:
        if isinstance(place.node, Number) and place.inside("pow"):
            yield Number(place.node.value + 1)
