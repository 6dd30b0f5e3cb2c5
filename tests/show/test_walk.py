"""The walk on paper: lines, operations, entries, phases."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stepper.expr.languages import ENGLISH
from stepper.expr.sentence import Sentence
from stepper.expr.tree import Call, Expr, walk
from stepper.language.parse import parse
from stepper.language.text import CODE, text
from stepper.program.code import Step, compile_program
from stepper.program.program import PHASES
from stepper.program.trace import Trace, run
from stepper.show import translation
from stepper.show.reads import part_of_text
from stepper.show.rows import Drawing, Look, Row
from stepper.show.translation import speak
from stepper.show.walk import (
    every_entry,
    given_rows,
    line_rows,
    phase_rows,
    step_rows,
)
from stepper.show.words import to_ascii, words
from tests.show.walks import traced
from tests.strategies import Net, filled, nets, trees

NET = "z1 = W1 @ X + b1\na1 = sigmoid(z1)\nz2 = W2 @ a1\na2 = sigmoid(z2)\nJ = bce(a2, y, eps)"
SHAPES = {"X": (2, 1), "y": (1, 1), "W1": (4, 2), "b1": (4, 1), "W2": (1, 4)}


@pytest.fixture
def trace() -> Trace:
    return traced(NET, update=("W2 = W2 - lr * dJ_dW2",), **SHAPES)


def printed(rows: Iterable[Row], ascii: bool = False) -> str:
    return str(Drawing(tuple(rows), ascii))


def last_step(trace: Trace, target: str) -> Step:
    line = trace.program.number_of(target)
    assert line is not None
    return trace.line_steps(line)[-1]


def test_a_line_shows_what_it_reads_its_result_why_and_one_entry(trace: Trace) -> None:
    step = last_step(trace, "dJ_dz1")
    lines = printed(line_rows(trace, step, Look(index=(2, 0)))).split("\n")
    assert lines[0] == (
        f"{step.index} · backward · line {step.line}: dJ_dz1 = dJ_da1 * (a1 * (1 - a1))"
    )
    assert lines[1].split() == ["dJ_da1", "4×1", "a1", "4×1", "→", "dJ_dz1", "4×1"]
    assert "‹" in lines[4]
    assert "‹" not in lines[3]
    whole = "\n".join(lines)
    assert "through line 2, a1 = sigmoid(z1)" in whole
    assert "row 3, column 1 · dJ_dz1[2, 0]" in whole
    assert "∂J/∂z⁽¹⁾₃ = ∂J/∂a⁽¹⁾₃ · (a⁽¹⁾₃ · (1 − a⁽¹⁾₃))" in whole
    assert f"from dJ_da1 (line {last_step(trace, 'dJ_da1').line}), a1 (line 2)" in whole
    assert f"to dJ_dW1 (line {last_step(trace, 'dJ_dW1').line})" in whole


def test_an_operation_is_marked_in_its_line(trace: Trace) -> None:
    inner = trace.line_steps(last_step(trace, "dJ_dz1").line)
    heads = [printed(step_rows(trace, step, Look())).split("\n")[0] for step in inner]
    assert [head.split(" = ")[1] for head in heads] == [
        "dJ_da1 * (a1 * ‹(1 - a1)›)", "dJ_da1 * ‹(a1 * (1 - a1))›", "dJ_da1 * (a1 * (1 - a1))",
    ]  # fmt: skip


@given(trees())
def test_the_marked_part_is_the_operation(tree: Expr) -> None:
    whole = text(tree, CODE)
    for path, node in walk(tree):
        if isinstance(node, Call):
            start, end = part_of_text(tree, path, CODE)
            assert whole[start:end] in (text(node, CODE), f"({text(node, CODE)})")


def test_every_entry_is_worked_out_once(trace: Trace) -> None:
    step = last_step(trace, "dJ_dW1")
    whole = printed(every_entry(trace, step, Look()))
    assert whole.count("dJ_dW1[") == 8
    assert printed(every_entry(trace, step, Look(), (3, 1))).count("dJ_dW1[") == 1


def test_a_phase_comes_to_its_results(trace: Trace) -> None:
    titles = {
        phase: [w for w in printed(phase_rows(trace, phase, Look())).split() if w in ROLES]
        for phase in PHASES
    }
    assert "J" in titles["forward"]
    assert "a2" in titles["forward"]
    assert {"dJ_dW1", "dJ_db1", "dJ_dW2"} <= set(titles["backward"])
    update = printed(phase_rows(trace, "update", Look()))
    assert "W2 before  1×4" in update
    assert f"{trace.value('W2')[0, 0]:.4f}" in update
    assert f"{trace.last('W2')[0, 0]:.4f}" in update


ROLES = ("J", "a2", "dJ_dW1", "dJ_db1", "dJ_dW2")


@settings(max_examples=20)
@given(nets(), st.integers(1, 30), st.booleans(), st.sampled_from((60, 80, 120)))
def test_nothing_is_wider_than_the_screen_and_ascii_is_ascii(
    net: Net, samples: int, ascii: bool, wide: int
) -> None:
    trace = run(compile_program(net.program()), filled(net, samples).values)
    look = Look(wide, ascii, net.layout)
    drawn = [given_rows(trace, look), *(phase_rows(trace, p, look) for p in PHASES)]
    drawn += [step_rows(trace, step, look) for step in trace.steps]
    drawn += [line_rows(trace, step, look) for step in trace.steps if step.last]
    for rows in drawn:
        whole = printed(rows, ascii)
        assert max(map(len, whole.split("\n"))) <= wide, whole
        assert not ascii or whole.isascii()


def test_a_drawing_prints_the_same_with_rich(trace: Trace) -> None:
    from rich.console import Console

    drawing = Drawing(tuple(line_rows(trace, last_step(trace, "dJ_dW2"), Look())))
    console = Console(width=80, no_color=True, color_system=None, force_terminal=False)
    with console.capture() as captured:
        console.print(drawing, soft_wrap=True)
    lines = [line.rstrip() for line in captured.get().rstrip("\n").split("\n")]
    assert lines == str(drawing).split("\n")


def test_words_can_be_translated(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(translation.WORDS, "{x} is used here", "hier steht {x}")
    sentence = Sentence("so: {why}", {"why": Sentence("{x} is used here", {"x": parse("a1 * 2")})})
    assert words(sentence) == "so: hier steht a1 * 2"


@given(st.text())
def test_ascii_is_ascii(said: str) -> None:
    speak(ENGLISH, only=True)
    assert to_ascii(said).isascii()
    assert to_ascii("σ′ ≈ a·(1 − a)²") == "sigmoid' ~= a*(1 - a)^2"
    assert to_ascii("ŷ") == "y"


@given(st.text())
def test_where_other_languages_can_be_written_wide_letters_stay(said: str) -> None:
    left = [ch for ch in to_ascii(said) if not ch.isascii()]
    assert all(unicodedata.east_asian_width(ch) in "WF" for ch in left)
    assert to_ascii("∂J/∂W1 的形狀是 3×4") == "dJ/dW1 的形狀是 3x4"


def test_values_that_are_no_numbers_are_marked() -> None:
    trace = traced("p = log(w)\nJ = p * p", w=(), seed=0)
    broken = run(
        trace.code, {**{n: trace.value(n) for n in trace.program.given}, "w": np.float64(-1)}
    )
    assert "!nan" in printed(line_rows(broken, broken.steps[0], Look()))
