"""What learners type, and the tree that it is."""

from __future__ import annotations

import pytest

from stepper.expr.tree import Span, walk
from stepper.language.parse import parse, parse_line, parse_program
from stepper.language.spellings import spellings
from stepper.language.text import text

SPELLINGS = {
    # numpy
    "np.dot(W, x)": "W @ x",
    "numpy.matmul(W1, X)": "W1 @ X",
    "W.dot(a) + b": "W @ a + b",
    "np.multiply(a, b)": "a * b",
    "np.divide(np.add(a, b), np.subtract(a, b))": "(a + b) / (a - b)",
    "np.power(np.negative(a), 2)": "(-a)**2",
    "np.sum(z, axis=1, keepdims=True)": "sum(z, axis=1, keepdims=True)",
    "np.sum(z, 1, keepdims=True)": "sum(z, axis=1, keepdims=True)",
    "np.sum(z, axis=-1, keepdims=True)": "sum(z, axis=1, keepdims=True)",
    "z.sum(axis=0, keepdims=True)": "sum(z, axis=0, keepdims=True)",
    "z.sum(0, keepdims=True)": "sum(z, axis=0, keepdims=True)",
    "x.mean()": "mean(x)",
    "np.average(x)": "mean(x)",
    "z.max(axis=0, keepdims=True)": "max(z, axis=0, keepdims=True)",
    "np.transpose(W) @ W.transpose()": "W.T @ W.T",
    "np.exp(-z) + math.exp(z)": "exp(-z) + exp(z)",
    "np.absolute(e)": "abs(e)",
    "np.maximum(0, z)": "maximum(0, z)",
    # other words for the same
    "logistic(z) + expit(z)": "sigmoid(z) + sigmoid(z)",
    "ln(p)": "log(p)",
    "ReLU(z)": "relu(z)",
    # mathematics
    "σ(z₁)": "sigmoid(z1)",
    "W₃ᵀ @ δ₃": "W3.T @ δ3",
    "W3^T @ a": "W3.T @ a",
    "∂J/∂z2": "dJ_dz2",
    "∂J/∂W₃": "dJ_dW3",
    "∂J / ∂z2 * a": "dJ_dz2 * a",
    "a ⊙ b ∘ c ∗ d": "a * b * c * d",
    "a ÷ b": "a / b",
    "a² + b³": "a**2 + b**3",
    "x⁻¹": "x**-1",
    "a^2 + b^-1": "a**2 + b**-1",
    "-a^2": "-a**2",
    "2^x^2": "2**x**2",
    "√(x)": "sqrt(x)",
    "a − b – c — d": "a - b - c - d",
    "z ≥ 0": "z >= 0",
    "z ≤ 0": "z <= 0",
    # slopes
    "σ'(z2)": "sigmoid(z2) * (1 - sigmoid(z2))",
    "sigmoid' (z)": "sigmoid(z) * (1 - sigmoid(z))",
    "g * tanh’(z)": "g * (1 - tanh(z)**2)",
    "relu'(z)": "z > 0",
    "log'(z)": "1 / z",
    "identity'(z)": "1",
    # input methods
    "（Ｗ１＠Ｘ）＋ｂ": "W1 @ X + b",
    "ｎｐ．ｄｏｔ（Ｗ，ｘ）": "W @ x",
    "ｓｕｍ（ｚ，　ａｘｉｓ＝１，　ｋｅｅｐｄｉｍｓ＝Ｔｒｕｅ）": "sum(z, axis=1, keepdims=True)",
    "ａ＊＊２": "a**2",
    # numbers and signs
    "+a - +b": "a - b",
    "--a": "--a",
    "1.e3 * .5": "1.e3 * .5",
    "5 .T": "(5).T",
    "W[0:2]": "W[:2]",
    "W[:, :]": "W[:]",
    "stack(a, b, 1)": "stack(a, b, axis=1)",
    "size(x, 0)": "size(x, axis=0)",
    "bce(a, y, 0)": "bce(a, y)",
}


@pytest.mark.parametrize(("typed", "meant"), SPELLINGS.items())
def test_learners_spellings(typed: str, meant: str) -> None:
    assert text(parse(typed)) == meant


@pytest.mark.parametrize("word", spellings())
def test_every_word_of_a_card_is_known_bare_and_with_np(word: str) -> None:
    card = spellings()[word]
    operands = ["a", "b", "c"][: card.arity]
    if card.last_is_part:
        operands[-1] = "W[:-1]"
    args = ", ".join(operands)
    tree = parse(f"{word}({args})")
    assert tree.op == card.name  # type: ignore[attr-defined]
    assert parse(f"np.{word}({args})") == tree


@pytest.mark.parametrize(("layout", "axis"), [("columns", 0), ("rows", 1)])
def test_the_layout_says_which_axis_the_features_are(layout: str, axis: int) -> None:
    for source in ("softmax(z)", "with_ones(z)", "softmax_ce(z, y)"):
        tree = parse(source, layout=layout)  # type: ignore[arg-type]
        assert dict(tree.settings) == {"axis": axis}  # type: ignore[attr-defined]


def test_a_name_may_stand_for_an_activation() -> None:
    assert text(parse("act(z) * act'(z)", functions={"act": "relu"})) == "relu(z) * (z > 0)"


def test_lines_and_comments_of_a_program() -> None:
    source = "\n# the network\nz1 = W1 @ X  # one\n\na1 ＝ σ(z1);\n∂J/∂a1 = a1 - y\n"
    lines = parse_program(source)
    assert [(line.target, text(line.tree), line.line) for line in lines] == [
        ("z1", "W1 @ X", 3),
        ("a1", "sigmoid(z1)", 5),
        ("dJ_da1", "a1 - y", 6),
    ]


def test_the_equals_sign_of_a_setting_or_a_mask_is_not_that_of_the_line() -> None:
    assert parse_line("b = sum(z, axis=1, keepdims=True)")[0] == "b"
    assert text(parse_line("m = a == b")[1]) == "a == b"
    assert text(parse_line("m = a >= b")[1]) == "a >= b"


SPANS = {
    "W1 @ X": {"W1": "W1", "X": "X"},
    "σ(z₁) ⊙ a": {"sigmoid(z1)": "σ(z₁)", "z1": "z₁", "a": "a"},
    "（Ｗ１＠Ｘ）＋ｂ": {"W1 @ X": "Ｗ１＠Ｘ", "W1": "Ｗ１", "b": "ｂ"},
    "W₃ᵀ @ ∂J/∂z₃": {"W3.T": "W₃ᵀ", "dJ_dz3": "∂J/∂z₃", "W3": "W₃"},
    "x⁻² + 1": {"x**-2": "x⁻²", "2": "⁻²", "1": "1"},
    "g * σ'(z)": {"z": "z", "g": "g"},
    "np.dot(W, x.sum())": {"W @ sum(x)": "np.dot(W, x.sum())", "sum(x)": "x.sum()"},
    "δ1  +  θ": {"δ1": "δ1", "θ": "θ"},
    "W3^T - 0.10": {"W3.T": "W3^T", "0.10": "0.10"},
}


@pytest.mark.parametrize(("source", "places"), SPANS.items())
def test_spans_point_at_the_learners_own_columns(source: str, places: dict[str, str]) -> None:
    found = {text(node): source[slice(*node.span)] for _, node in walk(parse(source)) if node.span}
    assert places.items() <= found.items()


def test_spans_of_a_line_count_from_its_beginning() -> None:
    source = "ｚ１　＝ W₁ ⊙ X"
    target, tree = parse_line(source)
    assert target == "z1"
    assert tree.span == Span(5, len(source))
    assert [source[slice(*node.span)] for _, node in walk(tree) if node.span] == [
        "W₁",
        "X",
        "W₁ ⊙ X",
    ]


CHOICES = {
    "np.where(z > 0, g, 0)": "(z > 0) * g",
    "np.where(z > 0, 1, 0)": "z > 0",
    "np.where(z <= 0, 0, g)": "(1 - (z <= 0)) * g",
    "np.where(z > 0, 0, 1)": "1 - (z > 0)",
    "np.where(z > 0, g, a)": "(z > 0) * g + (1 - (z > 0)) * a",
}


@pytest.mark.parametrize(("source", "same"), CHOICES.items())
def test_a_choice_is_a_product_with_a_mask(source: str, same: str) -> None:
    assert parse(source) == parse(same)
