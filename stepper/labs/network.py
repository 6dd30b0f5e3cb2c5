"""The programs of a lab file: forward as typed, backward derived, update from the optimizer."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import numpy as np

from stepper.calculus.adjoint import Forward, adjoint, gradient
from stepper.calculus.naming import named
from stepper.expr.errors import FormulaError, StepperError, near
from stepper.expr.sentence import say
from stepper.expr.tree import Call, Name, names, walk
from stepper.labs.batch import counted
from stepper.labs.lab import Data, Training
from stepper.labs.optimizers import rule_names, starting_state, update_lines
from stepper.labs.source import LabFile
from stepper.language.layout import AXES, Layout
from stepper.language.parse import Assignment, comments, name_read, parse_program
from stepper.language.shape import Shapes, shape_of
from stepper.ops import CARDS
from stepper.ops.card import Value
from stepper.ops.dims import SCALAR, Dim, N, Shape, dims, shown
from stepper.program.program import Line, Program, Role

MISSHAPEN = "{name} is {theirs}, and {of} is {ours}: a gradient has the shape of what it belongs to"
MISSHAPEN_BATCH = (
    "{name} is {theirs}, and {of} is {ours}: a gradient has the shape of what it belongs to. Take "
    "one sample at a time (batch=1), or sum over the samples"
)


class Network:
    """Reads the programs of one file. Every method raises StepperError with file and line."""

    def __init__(self, file: LabFile) -> None:
        self.file = file

    def given_shapes(
        self, data: Data | None, sizes: Mapping[str, int], constants: Mapping[str, Value]
    ) -> dict[str, Shape]:
        shapes: dict[str, Shape] = dict.fromkeys(sizes, SCALAR)
        shapes |= {k: dims(*np.shape(v)) for k, v in constants.items()}
        if data is not None:
            features, samples = AXES[data.layout]["features"], AXES[data.layout]["samples"]
            for name, array in (("X", data.X), ("y", data.y)):
                both: list[Dim] = [N, N]
                both[features], both[samples] = Dim(array.shape[features]), N
                shapes[name] = tuple(both)
            shapes["N"] = SCALAR
        return shapes

    def check_names(self, data: Data | None, training: Training) -> frozenset[str]:
        """The names stepper itself defines; raises if the file takes one of them."""
        given = rule_names(training.optimizer) | {"lr"} | set(training.settings)
        given |= {"X", "y", "N"} if data is not None else set()
        seen: set[str] = set()
        for table in ("sizes", "constants", "functions", "parameters"):
            for key in self.file.table(table):
                if name_read(key) != key:
                    raise self.file.refuse(table, key, "`{key}` is no name", key=key)
                if key in given:
                    raise self.file.refuse(
                        table, key, "`{key}` is given by stepper: choose another name", key=key
                    )
                if key in seen:
                    raise self.file.refuse(table, key, "`{key}` is there twice", key=key)
                seen.add(key)
        return frozenset(given)

    def assignments(self, key: str, source: str, layout: Layout) -> tuple[Assignment, ...]:
        functions = self.functions()
        with self.file.in_program(key):
            return parse_program(source, layout=layout, functions=functions)

    def functions(self) -> dict[str, str]:
        functions = {k: str(v) for k, v in self.file.table("functions").items()}
        for key, word in functions.items():
            if word not in CARDS or not CARDS[word].is_elementwise or CARDS[word].arity != 1:
                raise self.file.refuse(
                    "functions", key, "{key}: there is no activation `{word}`.{near}",
                    key=key, word=word, near=near(word, _activations()),
                )  # fmt: skip
        return functions

    def forward(
        self,
        layout: Layout,
        shapes: dict[str, Shape],
        parameters: tuple[str, ...],
        scalars: tuple[str, ...],
        data: Data | None,
        taken: frozenset[str],
    ) -> Forward:
        source = self.file.program("forward")
        if not source or not source.strip():
            raise self.file.refuse(
                "program", "", "[program] needs `forward`: the lines of the network"
            )
        typed = self.assignments("forward", source, layout)
        self.check_targets(typed, {*shapes, *taken})
        for a in typed:
            shapes[a.target] = self.shape(a, "forward", shapes, typed)
        lines = named(tuple(Line(a.target, a.tree) for a in typed), {*shapes, *taken})
        for line in lines:
            shapes[line.target] = shape_of(line.tree, shapes)
        self.check_gradients(lines, shapes)
        if data is not None:
            self.check_shares(lines, data)
        scalars = (*scalars, "N") if data is not None else scalars
        return Forward(lines, shapes, parameters, scalars)

    def check_targets(self, typed: tuple[Assignment, ...], taken: Collection[str]) -> None:
        seen: set[str] = set()
        for a in typed:
            if a.target in taken or a.target in seen:
                raise StepperError(
                    "`{name}` has a value already: forward lines give each name one value",
                    where=self.file.where_text("program", "forward", a.text), name=a.target,
                )  # fmt: skip
            seen.add(a.target)

    def check_gradients(self, lines: tuple[Line, ...], shapes: Shapes) -> None:
        loss = lines[-1].target
        for name in shapes:
            if (clash := gradient(loss, name)) in shapes:
                raise self.file.refuse(
                    "program", "forward",
                    "`{clash}` is what the gradient of {name} will be called: choose another name",
                    clash=clash, name=name,
                )  # fmt: skip

    def shape(
        self, a: Assignment, key: str, shapes: Shapes, typed: tuple[Assignment, ...]
    ) -> Shape:
        try:
            return shape_of(a.tree, shapes)
        except FormulaError as error:
            error.where = self.file.where_text("program", key, a.text)
            error.source = a.text
            later = {b.target for b in typed}
            word = error.sentence.fields.get("word")
            if error.kind == "unknown-name" and word in later:
                raise FormulaError(
                    "undefined", error.span, "`{word}` is used before it has a value",
                    where=error.where, word=word,
                ) from None  # fmt: skip
            raise

    def check_shares(self, lines: tuple[Line, ...], data: Data) -> None:
        """Checks that targets of softmax_ce add up to 1 in each sample: its derivative relies on
        it."""
        axis = AXES[data.layout]["features"]
        for line in lines:
            for _, node in walk(line.tree):
                if isinstance(node, Call) and node.op == "softmax_ce" and node.args[1] == Name("y"):
                    off = np.abs(np.sum(data.y, axis=axis) - 1) > 1e-9
                    if off.any():
                        raise self.file.refuse(
                            "data", "targets",
                            "softmax_ce wants targets that add up to 1; those of sample {k} do not",
                            k=int(np.argmax(off)),
                        )  # fmt: skip

    def own_backward(self, layout: Layout, forward: Forward) -> tuple[Line, ...]:
        """The author's backward program; its shapes are checked, its correctness is not.

        A comment at the end of a line is its reason.
        """
        source = self.file.program("backward")
        if source is None:
            return ()
        typed, said = self.assignments("backward", source, layout), comments(source)
        known = self.shapes_it_is_for(forward)
        shapes = dict(known) | {"lr": SCALAR}
        lines = []
        for a in typed:
            if a.target in shapes:
                raise StepperError(
                    "`{name}` has a value already", name=a.target,
                    where=self.file.where_text("program", "backward", a.text),
                )  # fmt: skip
            shapes[a.target] = self.shape(a, "backward", shapes, typed)
            of = a.target.removeprefix(f"d{forward.loss}_d")
            belongs = a.target.startswith(f"d{forward.loss}_d") and of in forward.shapes
            if belongs and known[of] != shapes[a.target]:
                raise StepperError(
                    MISSHAPEN if known is forward.shapes else MISSHAPEN_BATCH,
                    where=self.file.where_text("program", "backward", a.text),
                    name=a.target, of=of, theirs=shown(shapes[a.target]),
                    ours=shown(known[of]),
                )  # fmt: skip
            reason = say("{comment}", comment=said[a.line]) if a.line in said else None
            of_what = of if belongs else None
            lines.append(Line(a.target, a.tree, "backward", of=of_what, reason=reason))
        return tuple(lines)

    def shapes_it_is_for(self, forward: Forward) -> Shapes:
        """The shapes the author's backward program must fit: those of the batch it is trained with,
        or of any batch if it is not trained with."""
        table = self.file.table("training")
        batch = table.get("batch", "full")
        if table.get("gradients") == "own" and isinstance(batch, int):
            return counted(forward.shapes, batch)
        return forward.shapes

    def gradients(
        self, forward: Forward, own: tuple[Line, ...], training: Training
    ) -> tuple[Line, ...]:
        """The backward lines used for walking and training."""
        which = self.file.table("training").get("gradients", "derived")
        if which not in ("derived", "own") or (which == "own" and not own):
            raise self.file.refuse(
                "training",
                "gradients",
                'gradients is "derived", or "own" with a [program] backward',
            )
        try:
            derived = adjoint(forward)
        except StepperError as error:
            error.where = error.where or self.file.where("program", "forward")
            raise
        if which == "derived":
            return derived
        there = {line.target for line in own}
        for parameter in forward.parameters:
            if parameter not in training.fixed and gradient(forward.loss, parameter) not in there:
                raise self.file.refuse(
                    "program", "backward", "there is no line for {name}",
                    name=gradient(forward.loss, parameter),
                )  # fmt: skip
        return own

    def update(
        self, training: Training, forward: Forward, parameters: Mapping[str, Value]
    ) -> tuple[tuple[Line, ...], dict[str, Value]]:
        """The update lines of every trained parameter, and the optimizer's initial state."""
        card = training.optimizer
        lines: list[Line] = []
        state: dict[str, Value] = {}
        for name in (p for p in parameters if p not in training.fixed):
            try:
                lines += update_lines(
                    card, name, gradient(forward.loss, name), scalars=forward.scalars
                )
            except FormulaError as error:
                error.where = self.file.where("program", "update")
                raise
            state |= starting_state(card, name, parameters[name], training.settings)
        for clash in set(forward.shapes) & set(state):
            raise self.file.refuse(
                "program", "forward", "`{name}` is the optimizer's own name", name=clash
            )
        return tuple(lines), state

    def program(
        self,
        lines: tuple[Line, ...],
        forward: Forward,
        layout: Layout,
        state: Mapping[str, Value],
        training: Training,
    ) -> Program:
        """The program with the role of every name it reads without computing it."""
        read = {n for line in lines for n in names(line.tree)}
        roles: dict[str, Role] = {}
        if "N" in forward.scalars:
            roles |= {"X": "input", "y": "target", "N": "count"}
        roles |= dict.fromkeys(forward.parameters, "parameter")
        for name in (*self.file.table("constants"), *training.settings, "lr", "t"):
            if name in read:
                roles[name] = "constant"
        roles |= {n: "size" for n in self.file.table("sizes") if n in read}
        roles |= dict.fromkeys(state, "state")
        return Program(lines, roles, forward.loss, layout)


def _activations() -> list[str]:
    return [c.name for c in CARDS.values() if c.is_elementwise and c.arity == 1]
