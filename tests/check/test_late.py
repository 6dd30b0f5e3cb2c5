"""The 1/N that many bring in at the end: a mistake before it leaves right lines right."""

from __future__ import annotations

from stepper.check.formula import judge
from stepper.check.judged import JudgedLine
from stepper.labs.load import load

UPSTREAM = """
d3 = (a3 - y)*a3*(1 - a3)
dW3 = a2.T @ d3 / N
d2 = d3 @ W3.T * a2*(1 - {argument})
"""


def lines(source: str, lab: str = "half-mse") -> dict[str, JudgedLine]:
    """What is said of each line, by the name that it gives a value."""
    judged = judge(load(lab), source)
    return {line.text.split("=")[0].strip(" /"): line for line in judged.lines}


def wrong(found: dict[str, JudgedLine]) -> dict[str, str | None]:
    return {name: line.mistake for name, line in found.items() if line.verdict == "wrong"}


def test_behind_a_mistake_the_division_is_still_right() -> None:
    found = lines(UPSTREAM.format(argument="z2") + "dW2 = a1.T @ d2 / N\ndb2 = d2.mean(axis=0, "
                  "keepdims=True)")  # fmt: skip
    assert wrong(found) == {"d2": "sigma-prime-argument"}
    assert found["dW2"].verdict == "right"
    assert found["dW2"].recognised is None


def test_who_divides_some_and_not_all_is_told_of_those() -> None:
    found = lines(UPSTREAM.format(argument="a2") + "dW2 = a1.T @ d2")
    assert wrong(found) == {"dW2": "missing-mean"}


def test_who_divides_nothing_is_told_once_and_at_the_beginning() -> None:
    found = lines("d3 = (a3 - y)*a3*(1 - a3)\ndW3 = a2.T @ d3")
    assert wrong(found) == {"d3": "missing-mean"}


def test_a_gradient_may_be_divided_in_a_line_of_its_own() -> None:
    source = "d3 = a3 - y\ndW3 = d3 @ a2.T\ndW3 /= N"
    assert judge(load("xor"), source).verdict == "right"


def test_a_missing_weight_decay_is_seen_beside_the_division() -> None:
    found = lines("dZ2 = p - y\ndW2 = dZ2 @ a1.T / N", "three-class")
    assert wrong(found) == {"dW2": "missing-term"}


def test_the_number_of_samples_may_be_a_length_or_a_number() -> None:
    for n in ("X.shape[0]", "len(X)", "21", "y.shape[-2]"):
        assert judge(load("half-mse"), f"m = {n}\nd3 = (a3 - y)*a3*(1 - a3)/m").verdict == "right"
