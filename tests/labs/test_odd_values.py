"""Whatever stands in a lab file, or behind `--set`: a lab comes of it, or a message."""

import json
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from stepper.expr.errors import StepperError
from stepper.labs.load import load
from stepper.labs.overrides import settable
from stepper.labs.source import read
from tests.labs.test_load import GOOD

WHOLE = GOOD + '[constants]\neps = 1\n[[reported]]\nquantity = "J"\nvalue = 1\n'
MORE = {
    "": ("about", "reported"),
    "data": ("layout", "inputs", "targets", "csv", "n"),
    "program": ("backward", "update"),
    "training": ("schedule", "batch", "order", "epochs", "seed", "fixed", "gradients"),
    "reported": (
        "epoch", "sample", "source", "note", "variant", "mistake", "ours", "measure", "epsilon",
        "settings", "median", "band", "percentile", "slow",
    ),
}  # fmt: skip
"""The keys that the lab above has not."""

NUMBERS = st.one_of(
    st.integers().map(str),
    st.floats().map(str),
    st.sampled_from(
        (
            "-0.0",
            "1e308",
            "1e400",
            "-inf",
            f"1e{'9' * 20}",
            "9" * 400,
            "9" * 5_000,
            f"0x{'f' * 400}",
        )
    ),
)
CALLS = st.builds(
    "{}({}, {}={})".format,
    st.sampled_from(("normal", "uniform", "he", "gd", "adagrad", "step", "cosine", "*", "")),
    st.sampled_from(("h1, 2", "1e300*1e300, 2", "[], 2", "lambda: 0", "0", "eps, eps", "")),
    st.sampled_from(("std", "low", "lr", "factor", "every", "start", "*", "")),
    NUMBERS,
)
TEXTS = st.one_of(CALLS, st.sampled_from(("J", "W1", "X", "sigmoid", "-" * 2_000)), st.text())
SCALARS = st.one_of(
    NUMBERS,
    TEXTS.map(json.dumps),
    st.sampled_from(("true", "[]", "{}", "1979-05-27", "07:32:00", "1979-05-27T07:32:00Z")),
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda parts: f"[{', '.join(parts)}]"),
        inner.map("{{ h1 = {} }}".format),
    ),
    max_leaves=4,
)
"""Values as TOML has them, of every type."""


class Typed(str):
    """A value in the words of TOML."""


def places() -> list[tuple[str, str]]:
    """Every key that a lab file may have, with its table; those of the file are in none."""
    whole = tomllib.loads(WHOLE)
    there = {(t, key) for t, table in whole.items() for key in _keys(table)}
    return sorted({("", key) for key in whole} | there | {(t, k) for t in MORE for k in MORE[t]})


def _keys(table: Any) -> dict[str, Any]:
    """The keys of a table, of the first where there are several; a text has none."""
    first = table[0] if isinstance(table, list) else table
    return first if isinstance(first, dict) else {}


def with_value(table: str, key: str, value: str) -> str:
    """The lab with one more key, or with another value under it."""
    whole = tomllib.loads(WHOLE)
    if (table, key) in (("data", "inputs"), ("data", "targets"), ("data", "csv")):
        whole["data"] = {"inputs": [[1]], "targets": [[1]]} if key != "csv" else {}
    (whole if not table else _keys(whole[table]))[key] = Typed(value)
    return "\n".join(f"{name} = {written(content)}" for name, content in whole.items())


def written(value: Any) -> str:
    if isinstance(value, Typed):
        return value
    if isinstance(value, list):
        return f"[{', '.join(map(written, value))}]"
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{k} = {written(v)}" for k, v in value.items()) + " }"
    return json.dumps(value)


def says(work: Callable[[], object]) -> str:
    """What a learner is told; nothing where a lab comes of it."""
    try:
        work()
    except StepperError as error:
        return str(error)
    return ""


@settings(max_examples=300)
@given(st.sampled_from(places()), VALUES)
@example(("data", "csv"), '"\\u0000"')
@example(("training", "fixed"), "[[1]]")
@example(("program", "update"), "[]")
def test_any_value_under_any_key_is_a_lab_or_a_message(
    tmp_path_factory: pytest.TempPathFactory, place: tuple[str, str], value: str
) -> None:
    path = tmp_path_factory.getbasetemp() / "odd.toml"
    path.write_text(with_value(*place, value), encoding="utf-8")
    said = says(lambda: load(str(path)))
    assert not said or "odd.toml" in said


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("odd") / "good.toml"
    path.write_text(WHOLE)
    return path


@settings(max_examples=200)
@given(st.data())
def test_any_setting_is_a_lab_or_a_message(good: Path, data: st.DataObject) -> None:
    key = data.draw(st.sampled_from(sorted(settable(read(str(good))))))
    typed = data.draw(st.one_of(NUMBERS, TEXTS, st.sampled_from(("sNaN", "-snan7", "1_0", "٣"))))
    said = says(lambda: load(str(good), sets={key: typed}))
    assert not said or key in said or "good.toml" in said, (key, typed, said)
