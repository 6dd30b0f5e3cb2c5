"""Right formulas with one node changed, at random: what a slip of the pen makes."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace

from stepper.check.scope import Scope
from stepper.expr.tree import Call, Expr, Name, Number, call, names, put, substitute, walk
from stepper.labs.lab import Lab
from stepper.labs.load import load

LABS = (
    "two-hidden", "xor", "xor:rows", "three-class", "mazur", "gradient-check", "circuits-staged",
    "chessboard", "zhou", "linear",
)  # fmt: skip
NUMBERS = (0, 1, 2, 3, 4, 0.5)
BINARY = ("add", "sub", "mul", "div", "matmul")
UNARY = ("exp", "log", "tanh", "sigmoid", "square", "abs", "neg", "transpose", "sum")
AXES = ((), (("axis", 0), ("keepdims", True)), (("axis", 1), ("keepdims", True)), (("axis", 1),))


@dataclass(frozen=True, slots=True, eq=False)
class Case:
    """A formula for a target of a lab, and the right one."""

    lab: Lab
    scope: Scope
    tree: Expr
    right: Expr

    @property
    def target(self) -> str:
        return self.scope.target


def rights(rng: random.Random) -> Iterator[Case]:
    """Right formulas without end: a backward line as it is, or with what it reads written out."""
    labs = [load(name) for name in LABS]
    lines = [(lab, line) for lab in labs for line in Scope(lab, "").backward]
    while True:
        lab, line = rng.choice(lines)
        scope = Scope(lab, line.target)
        upstream = {x.target: x.tree for x in scope.backward if x.target in names(line.tree)}
        tree = substitute(line.tree, upstream) if rng.random() < 0.5 else line.tree
        yield Case(lab, scope, tree, line.tree)


def mutants(seed: int) -> Iterator[Case]:
    """Right formulas with one node changed, without end, the same every time."""
    rng = random.Random(seed)
    for case in rights(rng):
        path, node = rng.choice(list(walk(case.tree)))
        tree = put(case.tree, path, changed(node, case.scope, rng))
        if tree != case.tree:
            yield replace(case, tree=tree)


def changed(node: Expr, scope: Scope, rng: random.Random) -> Expr:
    """Another node in place of this one."""
    turned = rng.choice([-node, node.T])
    if isinstance(node, Name):
        return rng.choice([*(Name(rng.choice(scope.known)) for _ in range(4)), turned])
    if isinstance(node, Number):
        return rng.choice([Number(rng.choice(NUMBERS)), Name(rng.choice(scope.known))])
    assert isinstance(node, Call)
    ways = [turned, rng.choice(node.args), replace(node, args=node.args[::-1])]
    if len(node.args) == 2:
        ways += [call(rng.choice(BINARY), *node.args) for _ in range(3)]
    else:
        ways += [call(rng.choice(UNARY), node.args[0]) for _ in range(2)]
    if node.op in ("sum", "mean"):
        ways.append(replace(node, settings=rng.choice(AXES)))
    return rng.choice(ways)
