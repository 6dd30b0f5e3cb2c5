"""A learner's own functions: put in where they are called, or left out with the reason."""

from __future__ import annotations

import pytest

from stepper.check.formula import judge
from stepper.language.helper import Helper
from stepper.language.parse import parse
from stepper.show.words import words
from tests.check.labs import lab
from tests.check.test_formula import said

STUDENT = '''
import numpy as np

def sigmoid(z):
    """1 / (1 + e^-z)."""
    return 1 / (1 + np.exp(-z))

def dsigmoid(z: np.ndarray) -> np.ndarray:
    """
    The slope (of the sigmoid.
    """
    return sigmoid(z) * (1 - sigmoid(z))

slope = lambda a: a * (1 - a)
def times(a, b): return a @ b.T

dz3 = dJ_da3 * dsigmoid(z3)
dW3 = times(dz3, a2)
da2 = W3.T @ dz3
dz2 = da2 * slope(a2)
dW2 = times(dz2, a1)
dz1 = (W2.T @ dz2) * dsigmoid(z1)
dW1 = times((W2.T @ dz2) * slope(sigmoid(z1)), X)
'''


def test_a_file_with_functions_is_judged_line_by_line() -> None:
    judged = judge(lab("xor"), STUDENT)
    assert judged.verdict == "right"
    lines = {line.text: line for line in judged.lines}
    assert len(lines) == 12
    assert lines["dz2 = da2 * slope(a2)"].reading == "da2 * (a2 * (1 - a2))"
    assert lines["dW2 = times(dz2, a1)"].recognised == "dJ_dW2"
    assert {line.verdict for line in judged.lines[:5]} == {"unknown"}
    assert "is sigmoid" in words(judged.lines[1].message)
    assert judged.lines[2].reading == "sigmoid(z) * (1 - sigmoid(z))"


@pytest.mark.parametrize(
    ("function", "call", "reading", "part", "mistake"),
    [
        ("lambda a: a * (1 + a)", "dJ_da2 * f(a2)", "a2 * (1 + a2)", "f(a2)", "wrong-derivative"),
        ("lambda z: sigmoid(z) * (1 - sigmoid(z))", "dJ_da2 * f(a2)",
         "sigmoid(a2) * (1 - sigmoid(a2))", "a2",
         "sigma-prime-argument"),
        ("lambda g, a: g @ a", "f(dJ_dz2, a1)", "dJ_dz2 @ a1", "a1", "missing-transpose"),
    ],
)  # fmt: skip
def test_a_mistake_is_named_where_the_function_is_called(
    function: str, call: str, reading: str, part: str, mistake: str
) -> None:
    target = "dJ_dW2" if "@" in function else "dJ_dz2"
    line = judge(lab("xor"), f"f = {function}\n{target} = {call}").lines[-1]
    assert line.verdict in ("wrong", "invalid")
    assert reading in line.reading
    assert line.mistake == mistake
    assert line.span is not None
    assert line.text[slice(*line.span)] == part
    assert "places" not in words(line.message)


LEFT_OUT = {
    "recursion": ("def f(x): return 2 * f(x)", "f", "`f` calls itself"),
    "recursion under a known name": ("def sigmoid(x): return sigmoid(x)", "sigmoid", "itself"),
    "a branch": ("def f(x):\n    if x:\n        x = 2\n    return x", None, "one by one"),
    "a loop": ("def f(x):\n    for i in x:\n        s = i\n    return s", None, "one by one"),
    "a print": ("def f(x):\n    print(x)\n    return x", None, "one by one"),
    "no return": ("def f(x):\n    s = x", None, "one by one"),
    "more behind the return": ("def f(x): return x; s = x", None, "one by one"),
    "a name that is changed": ("def f(x): x *= 2; return x", "x *", "gives one name a value"),
    "two names": ("def f(x): a, b = x; return a", "a, b", "gives one name a value"),
    "a name twice": ("def f(x): a = b = x; return a", "=", "cannot be read"),
    "an entry": ("def f(x): x[0, 0] = 1; return x", "x[0, 0]", "gives one name a value"),
    "a name read too early": ("def f(x): t = s; s = x; return t", "s", "there is no `s`"),
    "too large by its names": (
        "def f(x): " + "x = x + x; " * 12 + "return x", " x = x + x", "too large",
    ),
    "a decorator": ("@njit\ndef f(x): return x", "@njit", "what a decorator makes of it"),
    "two decorators": (
        "@a.b\n@cache(maxsize=None)\ndef f(x):\n    s = x\n    return s",
        "@a.b @cache(maxsize=None)", "what a decorator makes of it",
    ),
    "several lines": ("def f(x):\n    X = X\n    return x", None, "one by one"),
    "default": ("def f(x, k=2): return k * x", "(x, k=2)", "every value in the call"),
    "default of a lambda": ("f = lambda x=1: x", "lambda x=1", "every value in the call"),
    "star": ("def f(*x): return x", "(*x)", "name each"),
    "two stars": ("def f(x, **k): return x", "(x, **k)", "name each"),
    "only by name": ("def f(*, x): return x", "(*, x)", "name each"),
    "a name without a value": ("def f(x): return x * later", "later", "there is no `later`"),
    "a function that is not there": ("def f(x): return g(x)", "g(x)", "no function `g`"),
    "no formula": ("def f(x): return x, x", "x, x", "not in the language"),
    "no parameters to read": ("def f(1): return 1", "(1)", "cannot be read"),
    "no end of the parameters": ("def f(x) return x", "(x) return x", "`:`"),
    "too large": ("g = lambda x: " + "x + " * 40 + "x\nf = lambda x: g(g(x))", "g(g(x))", "large"),
}  # fmt: skip


@pytest.mark.parametrize(
    "function",
    [
        "def f(z): s = sigmoid(z); return s * (1 - s)",
        "def f(z):\n    s = sigmoid(z)  # the output\n    t = 1 - s\n    return s * t",
        "def f(z: float):\n    z = sigmoid(z)\n    z = z * (1 - z)\n    return (z)",
        'def f(v):\n    """The slope."""\n    e = np.exp(-v)\n    return e * (1 / (1 + e))**2',
    ],
)
def test_names_that_a_function_gives_its_parts_are_put_in(function: str) -> None:
    judged = judge(lab("xor"), f"{function}\ndz2 = dJ_da2 * f(z2)\nwrong = dJ_da2 * f(a2)")
    defined, right, wrong = judged.lines
    assert "your function" in words(defined.message)
    assert (right.verdict, right.recognised) == ("right", "dJ_dz2")
    assert "a2" in wrong.reading and wrong.verdict == "unknown"


def test_a_body_with_quantities_of_the_lab_is_judged_line_by_line() -> None:
    source = "def back(X, y):\n    d3 = (a3 - y) / N\n    dW3 = d3 @ a2\n    return dW3"
    verdicts = {line.text: line.verdict for line in judge(lab("xor"), source).lines}
    assert verdicts == {
        "def back(X, y):": "unknown", "d3 = (a3 - y) / N": "right", "dW3 = d3 @ a2": "invalid",
        "return dW3": "unknown",
    }  # fmt: skip


@pytest.mark.parametrize("name", LEFT_OUT)
def test_a_function_is_left_out_and_a_call_of_it_says_why(name: str) -> None:
    source, part, why = LEFT_OUT[name]
    judged = judge(lab("xor"), f"{source}\ndz3 = f(z3)")
    (defined, *_) = [line for line in judged.lines if "left out: " in words(line.message)]
    assert defined.verdict == "unknown"
    assert why in words(defined.message)
    if part is not None:
        assert defined.span is not None
        assert defined.text[slice(*defined.span)] == part
    if "known name" not in name:
        called = judged.lines[-1]
        assert (called.verdict, called.text[slice(*called.span or ())]) == ("invalid", "f(z3)")
        assert "write the formula" in words(called.message)
        assert why in words(called.message)


@pytest.mark.parametrize(
    ("call", "part", "why"),
    [
        ("f(z3)", "f(z3)", "`f` takes 2 values, and here are 1"),
        ("f(z3, z3, z3)", "f(z3, z3, z3)", "here are 3"),
        ("f(a=z3, b=z3)", "z3", "in their order: `f(a, b)`"),
        ("f(z3, z9)", "z9", "there is no `z9`"),
        ("f(a1, z2)", "f(a1, z2)", "shapes differ"),
        ("f * z3", "f", "there is no `f`"),
        ("ff(z3)", "ff(z3)", "Did you mean `f`?"),
    ],
)
def test_a_call_that_does_not_fit_is_refused_at_its_place(call: str, part: str, why: str) -> None:
    line = judge(lab("xor"), f"f = lambda a, b: a * b\ndz3 = {call}").lines[-1]
    assert line.verdict == "invalid"
    assert why in words(line.message)
    assert line.span is not None
    assert line.text[slice(*line.span)] == part


def test_a_function_of_a_known_name_is_the_known_one_only_where_it_gives_the_same() -> None:
    for body, known in (("1 / (1 + np.exp(-z))", True), ("1 / (1 + np.exp(z))", False)):
        judged = judge(lab("xor"), f"sigmoid = lambda z: {body}\na3 = sigmoid(z3)")
        assert ("this is not sigmoid" in said(judged)) is not known
        assert (judged.lines[1].verdict == "right") is known
        assert (judged.lines[1].reading == "sigmoid(z3)") is known


@pytest.mark.parametrize(
    "line",
    [
        "sigmoid = lambda z: z[0, 99]",
        "sigmoid = lambda z: z @ z",
        "relu = lambda z: X @ z",
        'def f(z: "\\d"): return z',
        "def f(z: 1 is 1): return z",
        "f = lambda x) + (y: x",
        "def f(\0): return 1",
        "def f(" + "[" * 300 + ": return 1",
        "def f(a, " + "b, " * 2000 + "c): return a",
        "def sigmoid(): return 1",
    ],
)
def test_no_definition_stops_the_judging(line: str) -> None:
    assert judge(lab("xor"), f"{line}\ndJ_dz3 = (a3 - y) / N").lines[-1].verdict in (
        "right", "unknown", "invalid",
    )  # fmt: skip


def test_a_function_that_is_defined_again_is_another_one() -> None:
    call = "dz3 = dJ_da3 * f(a3)"
    again = [f"f = lambda {rest}\n{call}" for rest in ("a: a", "a: a * (1 - a)", "*a: a")]
    verdicts = [line.verdict for line in judge(lab("xor"), "\n".join(again)).lines[1::2]]
    assert verdicts == ["wrong", "right", "invalid"]


def test_values_are_put_in_at_once_and_keep_their_places() -> None:
    helper = Helper("f", ("a", "b"), parse("a - 2 * b"))
    tree = parse("f(b + 1, a)", helpers={"f": helper})
    assert tree == parse("(b + 1) - 2 * a")
    spans = {node: tuple(node.span or ()) for node in (tree, tree.args[0], tree.args[1])}
    assert list(spans.values()) == [(0, 11), (2, 7), (0, 11)]
