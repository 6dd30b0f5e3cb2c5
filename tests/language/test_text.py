"""How a tree is shown: mathematics, the screen, ASCII, LaTeX, and numbers put in."""

from __future__ import annotations

import numpy as np
import pytest

from stepper.expr.tree import Expr, Name, Path
from stepper.language.evaluate import evaluate
from stepper.language.latex import latex
from stepper.language.parse import parse
from stepper.language.text import ASCII, MATH, SCREEN, Style, entry_name, name_text, text

# code, mathematics, ASCII
SHOWN = [
    ("dJ_dz3 @ a2.T", "∂J/∂z3 @ a2ᵀ", "dJ_dz3 @ a2.T"),
    ("dJ_da3 * (a3 * (1 - a3))", "∂J/∂a3 ⊙ (a3 ⊙ (1 − a3))", "dJ_da3 * (a3 * (1 - a3))"),
    ("sum(dJ_dz3, axis=1, keepdims=True)", "sum(∂J/∂z3, axis=1)", "sum(dJ_dz3, axis=1)"),
    ("2 * (P - y) / N", "2 · (P − y) / N", "2 * (P - y) / N"),
    ("sigmoid(W1 @ X)**2", "σ(W1 @ X)²", "sigmoid(W1 @ X)**2"),
    ("relu(z) * (z >= 0)", "ReLU(z) ⊙ (z ≥ 0)", "relu(z) * (z >= 0)"),
    ("g * (w == J)", "g ⊙ (w == J)", "g * (w == J)"),
    ("-a.T**2", "−aᵀ²", "-a.T**2"),
    ("z**-2 + z**p + z**0.5", "z^−2 + z^p + z^0.5", "z**-2 + z**p + z**0.5"),
    ("sqrt(v) + 1e-4", "√(v) + 1e-4", "sqrt(v) + 1e-4"),
    ("W2[:, :-1].T @ g", "W2[:, :-1]ᵀ @ g", "W2[:, :-1].T @ g"),
    ("W2[0, 2] * x[1, 0]", "w⁽²⁾₁₃ · x₂₁", "W2[0, 2] * x[1, 0]"),
    ("bce(a2, y) + mse(a2, y)", "BCE(a2, y) + MSE(a2, y)", "bce(a2, y) + mse(a2, y)"),
    ("ones_like(W) / 20", "𝟏(W) / 20", "ones_like(W) / 20"),
]


@pytest.mark.parametrize(("code", "maths", "ascii"), SHOWN, ids=[s[0] for s in SHOWN])
def test_styles(code: str, maths: str, ascii: str) -> None:
    tree = parse(code)
    assert text(tree) == code
    assert text(tree, MATH) == maths
    assert text(tree, ASCII) == ascii


def test_the_screen_writes_gradients_as_fractions() -> None:
    assert text(parse("dJ_dW1 - dL_dw"), SCREEN) == "∂J/∂W1 - ∂L/∂w"
    assert name_text("dJ_dW1") == "dJ_dW1"
    assert name_text("dead_dog", SCREEN) == "∂ead/∂og"


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("dmy_loss_dW", "∂my_loss/∂W"),
        ("dmy_loss_dW_dec", "∂my_loss/∂W_dec"),
        ("dJ_dW_dec", "∂J/∂W_dec"),
        ("dL_reg_dW_1", "∂L_reg/∂W_1"),
        ("dcross_entropy_dz", "∂cross_entropy/∂z"),
        ("d損失_dθ", "∂損失/∂θ"),
        ("drop_out_dim", "drop_out_dim"),
        ("delta_d1", "delta_d1"),
        ("d_loss_dW", "d_loss_dW"),
        ("dW", "dW"),
    ],
)
def test_which_names_are_gradients(name: str, shown: str) -> None:
    assert name_text(name, SCREEN) == shown
    assert parse(shown) == Name(name)
    assert (r"\partial" in latex(Name(name))) == ("∂" in shown)


def test_the_layout_need_not_be_said() -> None:
    tree = parse("with_ones(softmax(z))", layout="rows")
    assert text(tree, Style(layout="rows")) == "with_ones(softmax(z))"
    assert text(tree, Style(layout="columns")) == "with_ones(softmax(z, axis=1), axis=1)"


def test_an_entry_of_a_vector_has_one_index() -> None:
    style = Style(partial=True, maths=True, sizes={"b2": (3, 1), "dJ_dz2": (3, 4), "W1": (12, 2)})
    assert entry_name("b2", 2, 0, style) == "b⁽²⁾₃"
    assert entry_name("dJ_dz2", 2, 0, style) == "∂J/∂z⁽²⁾₃₁"
    assert entry_name("W1", 10, 1, style) == "w⁽¹⁾₁₁,₂"


def test_a_product_with_a_single_number_is_a_dot() -> None:
    style = Style(maths=True, sizes={"lr": (), "W": (2, 2)})
    assert text(parse("lr * W + W * W"), style) == "lr · W + W ⊙ W"


NUMBERS = {"a": 0.25, "b": -3.0, "c": 1e-07, "d": 12.0}


def as_number(node: Expr, path: Path) -> str | None:
    return repr(NUMBERS[node.id]) if isinstance(node, Name) else None


@pytest.mark.parametrize(
    "source",
    ["a - b", "a**2 + b**2", "b**3 - -b", "-b * (b - a)", "2 / b / c", "(a + b) * d**-1", "b @ b",
     "exp(b) - sigmoid(-b)", "a - (b - (c - d))", "b > a", "(-b)**2 * a**b"],
)  # fmt: skip
def test_a_formula_with_its_numbers_is_a_formula_of_the_same_value(source: str) -> None:
    tree = parse(source)
    shown = parse(text(tree, values=as_number))
    if "@" not in source:
        assert evaluate(shown, {}) == evaluate(tree, {k: np.float64(v) for k, v in NUMBERS.items()})
    assert "--" not in text(tree, values=as_number)


def test_negative_numbers_put_in_are_bracketed_where_they_must_be() -> None:
    shown = {s: text(parse(s), MATH, lambda n, p: "−3" if n == Name("b") else None)
             for s in ("b**2", "a - b", "b - a", "b * a", "b.T", "-b")}  # fmt: skip
    assert shown == {
        "b**2": "(−3)²",
        "a - b": "a − (−3)",
        "b - a": "−3 − a",
        "b * a": "−3 ⊙ a",
        "b.T": "(−3)ᵀ",
        "-b": "−(−3)",
    }


LATEX = {
    "dJ_dz3 @ a2.T": r"\frac{\partial J}{\partial z_{3}} {a_{2}}^{\top}",
    "dJ_da3 * (a3 * (1 - a3))": (
        r"\frac{\partial J}{\partial a_{3}} \odot \left(a_{3} \odot \left(1 - a_{3}\right)\right)"
    ),
    "2 * (P - y) / (3 * N)": r"\frac{2 \cdot \left(P - y\right)}{3 \cdot N}",
    "-a**2": "-a^{2}",
    "(-a)**2": r"\left(-a\right)^{2}",
    "exp(-z)**2": r"\left(e^{-z}\right)^{2}",
    "sqrt(v + eps)": r"\sqrt{v + \varepsilon}",
    "sigmoid(z) @ -b": r"\sigma\left(z\right) \left(-b\right)",
    "(1e-4)**2 + 1e-4": r"\left(1\cdot 10^{-4}\right)^{2} + 1\cdot 10^{-4}",
    "W2[:, :-1].T @ g": r"{{W_{2}}_{\texttt{[:, :-1]}}}^{\top} g",
    "W1[0, 1]": r"w^{(1)}_{12}",
    "a2[9, 1]**2": r"{a^{(2)}_{10,2}}^{2}",
    "dJ_dz3[0, 1]": r"\frac{\partial J}{\partial z^{(3)}_{12}}",
    "dJ_dz3.T[0, 1]": r"{{\frac{\partial J}{\partial z_{3}}}^{\top}}_{1,2}",
    "sum(z, axis=1, keepdims=True)": r"\operatorname{sum}_{\mathrm{axis}\,1}\left(z\right)",
    "learning_rate * δ3": r"\mathit{learning\_rate} \odot \delta_{3}",
    "(a @ b) * c": r"\left(a b\right) \odot c",
    "first(w == J, axis=0)": r"\operatorname{first}_{\mathrm{axis}\,0}\left(w == J\right)",
    "bce(a, y)": r"\operatorname{BCE}\left(a, y\right)",
}


@pytest.mark.parametrize(("source", "written"), LATEX.items())
def test_latex(source: str, written: str) -> None:
    assert latex(parse(source)) == written
