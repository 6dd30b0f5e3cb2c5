"""Reads the training table of a lab file, its metrics, and its reported numbers."""

from __future__ import annotations

from collections.abc import Mapping

from stepper.calculus.adjoint import Forward
from stepper.expr.errors import FormulaError, near
from stepper.expr.tree import Expr
from stepper.labs.calls import CardCall
from stepper.labs.card import Card
from stepper.labs.lab import Training
from stepper.labs.optimizers import Optimizer, optimizer_named, own_rule
from stepper.labs.overrides import card_call
from stepper.labs.schedules import schedule_named
from stepper.labs.source import LabFile
from stepper.language.layout import Layout
from stepper.language.parse import parse
from stepper.language.shape import Shapes, shape_of
from stepper.language.tokens import spelled
from stepper.ops.card import Value
from stepper.ops.dims import SCALAR, shown


class TrainingTables:
    """Reads how one lab is trained and followed. Raises StepperError with file and line."""

    def __init__(self, file: LabFile) -> None:
        self.file = file

    def training(self, seed: int, epochs: int, parameters: Mapping[str, Value]) -> Training:
        table = self.file.table("training")
        optimizer, settings = self.optimizer(card_call(self.file, "optimizer"))
        call = card_call(self.file, "schedule")
        with self.file.at("training", "schedule"):
            schedule = schedule_named(call.name)
        batch, order = table.get("batch", "full"), table.get("order", "data")
        if batch != "full" and (type(batch) is not int or batch < 1):
            raise self.file.refuse("training", "batch", 'batch is "full" or a whole number from 1')
        if order not in ("data", "shuffle"):
            raise self.file.refuse("training", "order", 'order is "data" or "shuffle"')
        fixed = table.get("fixed", [])
        if not isinstance(fixed, list):
            raise self.file.refuse("training", "fixed", 'fixed is a list of names: ["b1", "b2"]')
        fixed = [spelled(str(name)) for name in fixed]
        for name in fixed:
            if not isinstance(name, str) or name not in parameters:
                raise self.file.refuse(
                    "training", "fixed", "fixed lists parameters, and `{name}` is none",
                    name=str(name),
                )  # fmt: skip
        training = Training(
            optimizer=optimizer,
            settings=settings,
            schedule=schedule,
            schedule_settings=self.filled("schedule", schedule, call),
            batch=None if batch == "full" else batch,
            order=order,
            epochs=epochs,
            stop=None,
            seed=seed,
            fixed=tuple(fixed),
            predict=None,
        )
        self.check_rate(training)
        return training

    def check_rate(self, training: Training) -> None:
        with self.file.at("training", "schedule"):
            training.rate(1)

    def predicted(self, forward: Forward) -> str | None:
        """The name of the forward line that is the lab's prediction; it has the shape of y."""
        typed, shapes = self.file.table("training").get("predict"), forward.shapes
        if typed is None:
            return None
        name = spelled(str(typed))
        targets = [line.target for line in forward.lines]
        if name not in targets:
            raise self.file.refuse(
                "training", "predict", "predict names a line of the forward program: `{name}` is "
                "none.{near}", name=name, near=near(name, targets),
            )  # fmt: skip
        if "y" in shapes and shapes[name] != shapes["y"]:
            raise self.file.refuse(
                "training", "predict", "predict names the line that is compared with y, and has "
                "its shape: {name} is {theirs}, y is {ours}",
                name=name, theirs=shown(shapes[name]), ours=shown(shapes["y"]),
            )  # fmt: skip
        return name

    def filled(self, key: str, card: Card, call: CardCall) -> dict[str, float]:
        """All settings of a card: the defaults, overridden by those of the file."""
        with self.file.at("training", key):
            return card.filled(call.settings)

    def optimizer(self, call: CardCall) -> tuple[Optimizer, dict[str, float]]:
        with self.file.at("training", "optimizer"):
            card = optimizer_named(call.name)
        settings = self.filled("optimizer", card, call)
        text = self.file.program("update")
        if text is None:
            return card, settings
        with self.file.in_program("update"):
            return own_rule(text, settings), settings

    def formula(
        self, table: str, key: str, layout: Layout, functions: Mapping[str, str], shapes: Shapes
    ) -> Expr:
        """A quantity defined in the file; it may use every forward and backward name."""
        source = str(self.file.table(table)[key])
        try:
            tree = parse(source, layout=layout, functions=functions, names=shapes)
            shape = shape_of(tree, shapes)
        except FormulaError as error:
            error.where, error.source = self.file.where(table, key), source
            raise
        if shape != SCALAR:
            raise self.file.refuse(
                table, key, "{key} is {shape} and must be a single number: take a mean or a max",
                key=key, shape=shown(shape),
            )  # fmt: skip
        return tree

    def condition(
        self, layout: Layout, functions: Mapping[str, str], shapes: Shapes
    ) -> Expr | None:
        if "stop" not in self.file.table("training"):
            return None
        return self.formula("training", "stop", layout, functions, shapes)

    def metrics(
        self, layout: Layout, functions: Mapping[str, str], shapes: Shapes
    ) -> dict[str, Expr]:
        keys = self.file.table("metrics")
        return {k: self.formula("metrics", k, layout, functions, shapes) for k in keys}
