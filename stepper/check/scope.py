"""How the names of a lab are related: which slope, which layer, which gradient."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Literal

from stepper.calculus.adjoint import adjoint, gradient
from stepper.expr.tree import Call, Expr, Name, Number, names, operands, substitute, walk
from stepper.labs.lab import Lab
from stepper.language.layout import AXES
from stepper.ops import CARDS, Op
from stepper.program.program import Line

Kind = Literal[
    "gradient", "weight", "bias", "activation", "pre-activation", "target", "count", "other"
]


@dataclass(frozen=True, slots=True)
class Activation:
    """A forward line `a = act(z)`."""

    card: Op
    z: Name
    a: Name

    @property
    def slope(self) -> Expr:
        """The card's derivative, written with the names of this layer: `a2 * (1 - a2)`."""
        return _slope(self)


@lru_cache(maxsize=64)
def _slope(act: Activation) -> Expr:
    return own_slope(act.card, act.z, act.a)


def own_slope(card: Op, z: Expr, a: Expr) -> Expr:
    """An elementwise card's derivative as its rule writes it, with output `a` and operand `z`."""
    part = card.vjp(Name("g"), a, z)[0]
    assert part is not None
    if isinstance(part, Call) and part.op == "mul" and part.args[0] == Name("g"):
        return part.args[1]
    return substitute(part, {"g": Number(1)})


@dataclass(frozen=True, eq=False)
class Scope:
    """The names a formula for `target` may use, and what they are."""

    lab: Lab
    target: str
    aliases: Mapping[str, str] = field(default_factory=dict)
    """The known name that each of a learner's own names equals in value: `d3` is `dJ_dz3`."""

    @property
    def loss(self) -> str:
        return self.lab.forward.loss

    @property
    def samples(self) -> int:
        """The axis that indexes samples."""
        return AXES[self.lab.layout]["samples"]

    @property
    def backward(self) -> tuple[Line, ...]:
        """The derived backward program, whatever the lab's author wrote."""
        return _true_backward(self.lab)

    @cached_property
    def activations(self) -> tuple[Activation, ...]:
        found = (_activation(line) for line in self.lab.forward.lines)
        return tuple(act for act in found if act is not None)

    @cached_property
    def layer(self) -> dict[str, Activation]:
        """For each name, the activation it is the input or output of."""
        found = {n.id: act for act in self.activations for n in (act.z, act.a)}
        own = {n: found[known] for n, known in self.aliases.items() if known in found}
        return found | own

    @cached_property
    def known(self) -> tuple[str, ...]:
        """The names a formula for the target may use: all forward names, and the gradients computed
        before it."""
        earlier = []
        for line in self.backward:
            if line.target == self.target:
                break
            earlier.append(line.target)
        given = [n for n, role in self.lab.program.given.items() if role not in ("state", "size")]
        forward = [line.target for line in self.lab.forward.lines]
        found = dict.fromkeys([*earlier[::-1], *forward, *given])
        return tuple(n for n in found if n not in (self.target, self.loss, "lr", "t"))

    @cached_property
    def kinds(self) -> dict[str, Kind]:
        kinds: dict[str, Kind] = dict.fromkeys(self._gradients(), "gradient")
        for name, role in self.lab.program.given.items():
            if role == "parameter":
                kinds[name] = "weight" if name in self._multiplied else "bias"
            elif role in ("input", "target", "count"):
                which: dict[str, Kind] = {"input": "activation", "target": "target"}
                kinds[name] = which.get(role, "count")
        for act in self.activations:
            kinds[act.z.id] = "pre-activation"
            kinds[act.a.id] = "activation"
        return kinds

    def kind(self, name: str) -> Kind:
        return self.kinds.get(self.aliases.get(name, name), "other")

    def alike(self, one: str, other: str) -> bool:
        """Whether two names play the same role in different layers."""
        kind = self.kind(one)
        same = one != other and kind == self.kind(other) and kind not in ("other", "gradient")
        return same and not self._are_together(one, other)

    def _are_together(self, one: str, other: str) -> bool:
        """Whether one forward line reads both, as a neuron reads its weights and its inputs."""
        both = {self.aliases.get(name, name) for name in (one, other)}
        return any(both <= read for read in self._read_together)

    @cached_property
    def _read_together(self) -> tuple[frozenset[str], ...]:
        """The names that each forward line reads."""
        return tuple(names(line.tree) for line in self.lab.forward.lines)

    def is_error(self, tree: Expr) -> bool:
        """Whether a tree is prediction minus target, or the reverse."""
        parts = operands(tree) if isinstance(tree, Call) and tree.op == "sub" else ()
        if len(parts) != 2 or any(isinstance(p, Number) for p in parts):
            return False
        return sum(self._is_target(p) for p in parts) == 1

    def _is_target(self, tree: Expr) -> bool:
        return {self.kind(n) for n in names(tree)} == {"target"}

    def _gradients(self) -> Iterator[str]:
        return (gradient(self.loss, n) for n in self.lab.forward.shapes)

    @cached_property
    def _multiplied(self) -> frozenset[str]:
        """The names that multiply the layer's input: weights, not biases."""
        products = [
            node for line in self.lab.forward.lines for _, node in walk(line.tree)
            if isinstance(node, Call) and node.op in ("matmul", "mul")
        ]  # fmt: skip
        return frozenset(n for node in products for n in names(node))


@lru_cache(maxsize=32)
def _true_backward(lab: Lab) -> tuple[Line, ...]:
    return adjoint(lab.forward)


def _activation(line: Line) -> Activation | None:
    """The activation a line computes, if it is one."""
    tree = line.tree
    if not isinstance(tree, Call) or len(tree.args) != 1 or tree.op in ("neg", "identity"):
        return None
    card, z = CARDS[tree.op], tree.args[0]
    if not card.is_elementwise or not isinstance(z, Name):
        return None
    return Activation(card, z, Name(line.target))
