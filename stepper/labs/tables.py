"""The numeric tables of a lab file: data, sizes, constants, initial weights."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from stepper.expr.errors import StepperError, near
from stepper.labs.calls import read_call
from stepper.labs.datasets import dataset_named
from stepper.labs.lab import Data, stream
from stepper.labs.source import LabFile
from stepper.labs.starts import blank, start_named
from stepper.language.layout import AXES, Layout
from stepper.ops.card import Value
from stepper.ops.dims import Shape, dims

_DATA_WORDS = ("set", "layout", "inputs", "targets", "csv", "sample")
MAX_ENTRIES = 10_000_000


class Tables:
    """Reads the numbers of one file. Every method raises StepperError with file and line."""

    def __init__(self, file: LabFile) -> None:
        self.file = file

    def layout(self) -> Layout:
        layout = self.file.table("data").get("layout", "columns")
        if layout not in tuple(AXES):  # a list in a file has no place among the keys of a table
            raise self.file.refuse("data", "layout", 'layout is "columns" or "rows"')
        return layout  # type: ignore[no-any-return]

    def whole(self, table: str, key: str, default: int) -> int:
        value = self.file.table(table).get(key, default)
        if type(value) is not int or value < 0:
            raise self.file.refuse(table, key, "{key} is a whole number from 0", key=key)
        return value

    def data(self, layout: Layout, seed: int) -> Data | None:
        table = self.file.table("data")
        if not set(table) - {"layout"}:
            return None
        with self.file.at("data", next(iter(table))):
            X, y = self.points(table, layout, seed)
        return Data(_frozen(X), _frozen(y), layout)

    def points(self, table: Mapping[str, Any], layout: Layout, seed: int) -> tuple[Value, Value]:
        """Inputs and targets in the layout, from whichever of the three sources is given."""
        sources = [k for k in ("set", "csv", "inputs") if k in table]
        if len(sources) != 1:
            raise self.file.refuse("data", "", "[data] wants one of `set`, `csv` or `inputs`")
        if "inputs" in table:
            from stepper.labs.given_data import inline  # most labs generate their data

            self.only_known(table, ())
            points, targets = inline(table["inputs"], table.get("targets"), layout)
        elif "csv" in table:
            from stepper.labs.given_data import read_csv

            self.only_known(table, ())
            points, targets = read_csv(self.file.path.parent / str(table["csv"]))
        else:
            with self.file.at("data", "set"):
                card = dataset_named(str(table["set"]))
            self.only_known(table, tuple(card.settings))
            settings = {k: self.number(k, v) for k, v in table.items() if k in card.settings}
            points, targets = card.made(stream(seed, "data"), card.filled(settings))
        return (points.T, targets.T) if layout == "columns" else (points, targets)

    def number(self, key: str, value: Any) -> float:
        """A setting of a data set."""
        if type(value) not in (int, float) or not math.isfinite(value):
            raise self.file.refuse("data", key, "{key} is a number", key=key)
        return value + 0  # type: ignore[no-any-return]  # a zero has no sign

    def only_known(self, table: Mapping[str, Any], settings: tuple[str, ...]) -> None:
        for key in table:
            if key not in (*_DATA_WORDS, *settings):
                raise self.file.refuse(
                    "data", key, "there is no `{key}` in this [data].{near}",
                    key=key, near=near(key, (*_DATA_WORDS, *settings)),
                )  # fmt: skip

    def sample(self, data: Data | None) -> int | None:
        if data is None:
            return None
        sample = self.whole("data", "sample", 0)
        if sample >= data.samples:
            if "sample" not in self.file.table("data"):
                return 0
            raise self.file.refuse(
                "data", "sample", "there is no sample {k}: they go from 0 to {last}",
                k=sample, last=data.samples - 1,
            )  # fmt: skip
        return sample

    def sizes(self) -> dict[str, int]:
        sizes = self.file.table("sizes")
        for key, value in sizes.items():
            if type(value) is not int or not 1 <= value <= 1_000_000:
                raise self.file.refuse("sizes", key, "{key} is a whole number from 1", key=key)
        return sizes

    def constants(self) -> dict[str, Value]:
        return {k: self.array("constants", k, v) for k, v in self.file.table("constants").items()}

    def array(self, table: str, key: str, value: Any) -> Value:
        """A number or a matrix in the file."""
        try:
            array = np.array(value)
            if array.dtype.kind not in "iuf":  # a text that looks like a number is none
                raise TypeError
        except (TypeError, ValueError):
            raise self.file.refuse(
                table, key, "{key} is neither a number nor a matrix with rows of one length",
                key=key,
            ) from None  # fmt: skip
        if array.ndim == 1:
            raise self.file.refuse(
                table, key,
                "{key} has one axis only: write a row as [[1, 2]], a column as [[1], [2]]", key=key,
            )  # fmt: skip
        if array.ndim > 2 or not array.size or not np.isfinite(array).all():
            raise self.file.refuse(table, key, "{key} holds nan, inf or no number at all", key=key)
        return _frozen(array) if array.ndim else np.float64(array)

    def parameters(
        self, sizes: Mapping[str, int], constants: Mapping[str, Value], seed: int
    ) -> tuple[dict[str, Value], dict[str, Shape]]:
        """Initial values and symbolic shapes; values are drawn in the order of the file."""
        rng = stream(seed, "start")
        words = {**sizes, **{k: float(v) for k, v in constants.items() if not np.ndim(v)}}
        values: dict[str, Value] = {}
        shapes: dict[str, Shape] = {}
        for key, value in self.file.table("parameters").items():
            if isinstance(value, str):
                values[key], shapes[key] = self.drawn(key, value, words, rng)
            else:
                values[key] = self.array("parameters", key, value)
                shapes[key] = dims(*np.shape(values[key]))
        if not values:
            raise self.file.refuse("parameters", "", "a lab needs at least one parameter")
        return values, shapes

    def drawn(
        self, key: str, text: str, words: Mapping[str, float], rng: np.random.Generator
    ) -> tuple[Value, Shape]:
        with self.file.at("parameters", key):
            call = read_call(text, words)
            card = start_named(call.name)
            settings = card.filled(call.settings)
            if len(call.args) not in (0, 2):
                raise StepperError(
                    "{text}: two lengths make a matrix, none a single number", text=text
                )
            shape = tuple(d.size or 1 for d in call.args)
            if math.prod(shape) > MAX_ENTRIES:
                raise StepperError("{text}: this is too large", text=text)
            drawn = card.drawn(rng, blank(shape, self.layout()), settings)
            return _frozen(drawn) if call.args else np.float64(drawn), call.args


def _frozen(array: Value) -> Value:
    array = np.ascontiguousarray(array, dtype=np.float64)
    array.flags.writeable = False
    return array
