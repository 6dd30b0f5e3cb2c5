"""The names a learner may use for the quantities of a lab, and what they mean."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np

from stepper.calculus.adjoint import gradient
from stepper.check.world import worlds
from stepper.expr.errors import FormulaError, near
from stepper.expr.tree import Call, Expr, Name, Number, Span, rebuild
from stepper.labs.lab import Lab
from stepper.language.helper import Helper
from stepper.language.parse import equals_sign, name_read, parse, parse_line
from stepper.language.tokens import spelled
from stepper.ops.dims import SCALAR, Shape

LOSSES = ("J", "L", "E", "C", "loss", "Loss", "cost", "Cost")
"""What books call a loss: `dJ_dW1` is understood even if the lab calls it L."""
_GRADIENT = re.compile(rf"d(?:{'|'.join(LOSSES)})_d\w+")
_STEPPED = re.compile(r"\s*(?P<name>\w+)\s*(?P<sign>[-+*/@])=(?!=)")
_STEPS = {"-": "sub", "+": "add", "*": "mul", "/": "div", "@": "matmul"}
_GUESSED = re.compile(r"(?:d|delta|δ|grad|g)_?(\w+?)(?:_grad)?|(\w+)_grad")

NONE: Mapping[str, Helper] = {}
FEW = 4
"""The most samples whose number may be taken for another one, such as the 2 of a square."""


@dataclass(frozen=True, eq=False)
class Typed:
    """One line as typed: the name it assigns (None for a bare formula), and its tree."""

    text: str
    name: str | None
    tree: Expr
    counted: Expr | None = None
    """The tree with N in place of a number that may mean it; None if there is no such number."""


@dataclass(frozen=True, eq=False)
class Vocabulary:
    """Parses a learner's lines about one lab."""

    lab: Lab

    @cached_property
    def shapes(self) -> Mapping[str, Shape]:
        """Every known quantity with its symbolic shape."""
        shapes = {**self.lab.forward.known().shapes, "lr": SCALAR}
        return {name: shapes[name] for name in worlds(self.lab)[0].values}

    @cached_property
    def gradients(self) -> tuple[str, ...]:
        """The gradients, from the loss backwards."""
        return tuple(n for n in self.shapes if self.of(n) is not None)

    def of(self, name: str) -> str | None:
        """The name that a gradient is of; None for any other name."""
        of = name.removeprefix(gradient(self.lab.forward.loss, ""))
        return of if of != name and of in self.lab.forward.shapes else None

    @cached_property
    def aliases(self) -> Mapping[str, str]:
        """Other names of known quantities: `δ3` is ∂J/∂z3; the loss may have any usual letter."""
        found: dict[str, str] = {}
        for name in self.gradients:
            of = str(self.of(name))
            found |= {gradient(loss, of): name for loss in LOSSES}
            if digits := re.fullmatch(r"z_?(\d*)", of):
                found |= {f"δ{digits[1]}": name, f"δ_{digits[1]}": name}
        return {k: v for k, v in found.items() if k not in self.shapes}

    @cached_property
    def given(self) -> frozenset[str]:
        """The names a learner cannot assign: data, sizes, constants, the learning rate."""
        computed = {line.target for line in self.lab.forward.lines}
        return frozenset(self.shapes) - computed - {*self.gradients, *self.lab.forward.parameters}

    def known(self, name: str) -> str | None:
        """The known quantity a name stands for."""
        return name if name in self.shapes else self.aliases.get(name)

    def guessed(self, name: str) -> str | None:
        """The gradient that a learner's own name (`d3`, `dW3`, `delta_3`) appears to mean."""
        found = _GUESSED.fullmatch(name)
        word = (found[1] or found[2]) if found else ""
        of = f"z{word}" if word.isdecimal() else word
        wanted = (of, of[:1].lower() + of[1:])
        targets = (gradient(self.lab.forward.loss, each) for each in wanted)
        return next((t for t in targets if t in self.gradients), None)

    def meant(self, name: str) -> str | None:
        """The quantity of the lab a name stands for, or appears to mean."""
        return self.known(name) or self.guessed(name)

    def options(self, own: Mapping[str, object], helpers: Mapping[str, Helper]) -> dict[str, Any]:
        """The parser's options after lines that assigned these names."""
        return {
            "layout": self.lab.layout, "names": (*self.shapes, *own), "aliases": self.aliases,
            "functions": self.lab.functions, "helpers": helpers,
        }  # fmt: skip

    def read(
        self, source: str, own: Mapping[str, object], helpers: Mapping[str, Helper] = NONE
    ) -> Typed:
        """Parses one line. `own` are the names the learner has assigned, `helpers` the learner's
        functions.

        Raises FormulaError for what is not in the language and for an unknown name.
        """
        options = self.options(own, helpers)
        if stepped := _STEPPED.match(source):
            return self._stepped(source, stepped, own, options)
        if equals_sign(source) is None:
            return self._typed(source, None, parse(source, **options), own)
        name, tree = parse_line(source, **options)
        if _GRADIENT.fullmatch(name) and self.known(name) is None:
            raise FormulaError(
                "unknown-name", None, "there is no gradient `{word}` in {lab}.{near}",
                word=name, lab=self.lab.name, near=near(name, self.gradients),
            )  # fmt: skip
        return self._typed(source, self.aliases.get(name, name), tree, own)

    def _stepped(
        self, source: str, found: re.Match[str], own: Mapping[str, object], options: Any
    ) -> Typed:
        """Reads `W3 -= lr * dW3` as `W3 = W3 - lr * dW3`."""
        before = Name(spelled(found["name"]), Span(*found.span("name")))
        if before.id not in own and before.id not in self.lab.forward.parameters:
            raise FormulaError(
                "undefined", before.span, "`{word}` has no value yet: begin with `{word} = …`",
                word=before.id,
            )  # fmt: skip
        step = parse(" " * found.end() + source[found.end() :], **options)
        whole = Call(_STEPS[found["sign"]], (before, step), span=Span(0, len(source)))
        return self._typed(source, before.id, whole, own)

    def _typed(self, source: str, name: str | None, tree: Expr, own: Mapping[str, object]) -> Typed:
        plain = self._plain(tree, own)
        counted = self._counted(plain)
        return Typed(source, name, plain, None if counted == plain else counted)

    def _counted(self, tree: Expr) -> Expr:
        """The tree with N for every number in a denominator that equals the number of samples."""
        if self.lab.samples <= 1:
            return tree

        def counting(node: Expr) -> Expr:
            is_it = isinstance(node, Number) and node.value == self.lab.samples
            return Name("N", node.span, node.note) if is_it else node

        def below(node: Expr) -> Expr:
            if not isinstance(node, Call) or node.op != "div":
                return node
            above, under = node.args
            return replace(node, args=(above, rebuild(under, counting)))

        return rebuild(tree, below)

    def _plain(self, tree: Expr, own: Mapping[str, object]) -> Expr:
        """The tree in the lab's own names; a name the learner has assigned takes precedence."""

        def renamed(node: Expr) -> Expr:
            if isinstance(node, Name) and node.id not in own and node.id in self.aliases:
                return Name(self.aliases[node.id], node.span, node.note)
            if isinstance(node, Number) and node.value in self._constants:
                return Name(self._constants[node.value], node.span, node.note)
            return node

        return rebuild(tree, renamed)

    @cached_property
    def _constants(self) -> Mapping[float, str]:
        """The values by which constants are recognised: 0.001 may mean `lam`, and dividing by 21,
        where the lab has 21 samples, means N."""
        constants = ((float(v), k) for k, v in self.lab.constants.items() if not np.ndim(v))
        found = {value: name for value, name in constants if value * 4 != round(value * 4)}
        return {float(self.lab.samples): "N"} | found if self.lab.samples > FEW else found

    def asked(self, name: str) -> str:
        """The known quantity with a name that was asked for. Raises FormulaError if none has it."""
        known = self.known(name_read(name) or name)
        if known is None:
            raise FormulaError(
                "unknown-name", None, "there is no `{word}` in {lab}.{near}",
                word=name, lab=self.lab.name, near=near(name, self.gradients),
            )  # fmt: skip
        return known
