"""`judge`: whatever is right is right in every spelling, and only that."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stepper.calculus.adjoint import adjoint
from stepper.check.formula import MOST_LINES, judge, judge_on
from stepper.check.judged import Judged
from stepper.check.vocabulary import Vocabulary
from stepper.check.world import worlds
from stepper.expr.tree import Expr, substitute
from stepper.labs.load import load
from stepper.language.spellings import spellings
from stepper.language.text import SCREEN, Style, name_text, text
from stepper.show.words import words
from tests.check.labs import lab, networks

each_lab = pytest.mark.parametrize("name", networks())


def said(judged: Judged, n: int = 0) -> str:
    line = judged.lines[n]
    return f"{words(line.message)}: {words(line.why)}" if line.why else words(line.message)


def backward(name: str) -> list[tuple[str, str]]:
    """The derived backward lines as target and formula."""
    style = Style(layout=lab(name).layout)
    return [(line.target, text(line.tree, style)) for line in adjoint(lab(name).forward)]


@each_lab
def test_every_derived_line_is_right_by_itself(name: str) -> None:
    for target, formula in backward(name):
        judged = judge(lab(name), f"{target} = {formula}")
        assert judged.verdict == "right", (target, said(judged))
        assert judged.lines[0].recognised == target
        assert judge(lab(name), formula, target).verdict == "right", target


@each_lab
def test_the_derived_program_is_right_under_other_names_too(name: str) -> None:
    renamed: dict[str, str] = {}
    lines = []
    for n, (target, formula) in enumerate(backward(name)):
        for old, new in renamed.items():
            formula = re.sub(rf"\b{old}\b", new, formula)
        renamed[target] = f"mine{n}_"
        lines.append(f"mine{n}_ = {formula}")
    judged = judge(lab(name), "\n".join(lines))
    assert judged.verdict == "right"
    wanted = worlds(lab(name))[0].values
    for line, target in zip(judged.lines, renamed, strict=True):
        assert line.verdict == "right", words(line.message)
        assert line.recognised is not None
        assert float(abs(wanted[line.recognised] - wanted[target]).max()) < 1e-12


@each_lab
def test_every_derived_line_times_two_is_wrong(name: str) -> None:
    for target, formula in backward(name)[:3]:
        judged = judge(lab(name), f"{target} = ({formula}) * 2")
        assert judged.verdict == "wrong", target
        assert judged.lines[0].mistake is not None
        assert judged.lines[0].recognised != target


@pytest.mark.parametrize("name", ["xor", "two-hidden", "mazur", "three-class:fused", "linear"])
def test_a_gradient_written_out_to_the_end_is_right(name: str) -> None:
    whole: dict[str, Expr] = {}
    for line in adjoint(lab(name).forward):
        whole[line.target] = substitute(line.tree, whole)
        formula = text(whole[line.target], Style(layout=lab(name).layout))
        judged = judge(lab(name), f"{line.target} = {formula}")
        assert judged.verdict == "right", formula


SPELLINGS = [
    "dL_dW3 = a2.T @ (2*(a3-y)*a3*(1-a3))",
    "dJ_dW3 = a2.T @ (2*(a3-y)*a3*(1-a3))",
    "∂J/∂W3 = a2ᵀ @ (2*(a3−y)⊙a3⊙(1−a3))",
    "∂L/∂W₃ = a₂ᵀ @ δ₃",
    "dL_dW3 = np.dot(a2.T, δ3)",
    "dL_dW3 = np.matmul(np.transpose(a2), np.multiply(dL_da3, a3*(1-a3)))",
    "dL_dW3 ＝ a2.T @ （２*(a3－y)*a3*(1－a3)）",
    "dL_dW3 = a2.T @ (dL_da3 * σ'(z3))",
    "dL_dW3 = a2.T @ (dL_da3 * sigmoid'(z3))",
    "dL_dW3 = a2.T @ (2*(a3-y)*np.exp(-z3)/(1+np.exp(-z3))**2)",
    "dL_dW3 = a2.T @ (2*(a3-y)*(a3 - a3²))",
    "dL_dW3 = ((a3*(1-a3)*(a3-y)*2).T @ a2).T  # backwards",
]


@pytest.mark.parametrize("typed", SPELLINGS)
def test_every_spelling_is_read(typed: str) -> None:
    judged = judge(lab("two-hidden"), typed)
    assert judged.verdict == "right", said(judged)
    assert judged.lines[0].recognised == "dL_dW3"


def test_the_sentence_this_is_for() -> None:
    judged = judge(lab("two-hidden"), "dJ_dz2 = dJ_dz3 @ W3.T * a2 * (1 - z2)")
    line = judged.lines[0]
    assert judged.verdict == "wrong"
    assert said(judged) == "at `z2`: this wants `a2`: σ′ written with its own output is a·(1 − a)"
    assert line.span is not None and line.text[slice(*line.span)] == "z2"
    assert line.reading == "((dL_dz3 @ W3.T) * a2) * (1 - z2)"
    assert line.mistake == "sigma-prime-argument"


def test_helpers_are_recognised_by_their_value() -> None:
    judged = judge(
        lab("two-hidden"),
        "d3 = (a3 - y)*a3*(1-a3)*2\ndW3 = a2.T @ d3\nfoo = d3 @ W3.T\ne = a3 - y\n",
    )
    found = [(line.target, line.verdict, line.recognised) for line in judged.lines]
    assert found == [
        ("dL_dz3", "right", "dL_dz3"),
        ("dL_dW3", "right", "dL_dW3"),
        ("dL_da2", "right", "dL_da2"),
        ("e", "unknown", None),
    ]
    assert said(judged) == "your d3 is dL_dz3"
    assert judged.verdict == "right"


def test_a_name_that_seems_to_mean_one_gradient_may_be_another() -> None:
    judged = judge(lab("two-hidden"), "d3 = 2*(a3 - y)\nd2 = d3 * a3*(1-a3) @ W3.T")
    assert [line.recognised for line in judged.lines] == ["dL_da3", "dL_da2"]


def test_the_first_wrong_line_is_named_and_the_rest_is_judged_given_it() -> None:
    judged = judge(
        lab("xor"),
        """
dJ_dz3 = (y - a3) / N
dJ_dW3 = dJ_dz3 @ a2.T
dJ_da2 = W3.T @ dJ_dz3
dJ_dz2 = dJ_da2 * a2 * (1 - a2)
dJ_dW2 = dJ_dz2 @ a1
dJ_db2 = sum(dJ_dz2)
dJ_dW1 = (W2.T @ dJ_dz2 * (a1 * (1 - a1))) @ X.T
""",
    )
    assert [line.verdict for line in judged.lines] == [
        "wrong", "right", "right", "right", "invalid", "wrong", "right",
    ]  # fmt: skip
    assert judged.first_wrong is judged.lines[0]
    assert judged.lines[0].mistake == "sign"
    assert said(judged, 1) == "right, given your dJ_dz3"
    assert judged.lines[4].mistake == "missing-transpose"
    assert judged.lines[5].mistake == "bias-sum-axis"


def test_a_right_line_after_a_wrong_one_may_also_be_right_by_itself() -> None:
    judged = judge(lab("xor"), "dJ_dz3 = y - a3\ndJ_dW3 = ((a3 - y)/N) @ a2.T")
    assert [line.verdict for line in judged.lines] == ["wrong", "right"]
    assert judged.lines[1].recognised == "dJ_dW3"


def test_dividing_by_n_at_the_end_is_right_and_never_dividing_is_not() -> None:
    late = "dz3 = a3 - y\ndz2 = W3.T @ dz3 * a2*(1-a2)\ndW3 = dz3 @ a2.T"
    judged = judge(lab("xor"), f"{late} / N\ndW2 = dz2 @ a1.T / N")
    assert judged.verdict == "right"
    assert said(judged) == "this is N times dJ_dz3: the 1/N comes later"
    judged = judge(lab("xor"), f"{late}\ndW2 = dz2 @ a1.T")
    assert [line.verdict for line in judged.lines] == ["wrong", "right", "right", "right"]
    assert judged.lines[0].mistake == "missing-mean"
    judged = judge(lab("xor"), f"{late} / N\ndW2 = dz2 @ a1.T / N * 3")
    assert [line.verdict for line in judged.lines] == ["right", "right", "right", "wrong"]


def test_the_labs_own_sample_is_never_what_is_judged_on() -> None:
    judged = judge(lab("xor"), "dJ_dz3 = a3 - y")
    assert judged.verdict == "wrong"
    notes = [words(note) for note in judged.lines[0].notes]
    assert notes == ["with the lab's own sample you could not tell the two apart"]
    assert not judge(lab("xor"), "dJ_dz3 = (y - a3)/N").lines[0].notes


def test_a_wrong_formula_that_is_another_quantity_is_said_to_be_that() -> None:
    line = judge(lab("xor"), "dJ_dz3 = dJ_da3").lines[0]
    assert (line.verdict, line.recognised) == ("wrong", "dJ_da3")
    assert line.mistake == "missing-activation-derivative"
    assert "what you wrote is dJ_da3" in [words(note) for note in line.notes]


def test_a_square_layer_does_not_hide_a_missing_transpose() -> None:
    judged = judge(lab("two-hidden"), "dL_dz1 = dL_dz2 @ W2 * a1*(1-a1)")
    assert judged.verdict == "wrong"
    assert judged.lines[0].mistake == "missing-transpose"


def test_an_updated_weight_is_found_by_its_new_name_and_by_its_old_one() -> None:
    for own in ("W2_new", "W2"):
        judged = judge(
            lab("mazur"),
            f"{own} = W2 - lr*dE_dW2\ndE_dz1 = {own}.T @ dE_dz2 * (a1*(1-a1))\n"
            "dE_dW1 = dE_dz1 @ X.T",
        )
        assert [line.verdict for line in judged.lines[1:]] == ["wrong", "right"], own
        assert judged.lines[1].mistake == "updated-weight"


def test_a_bare_formula_is_recognised_or_asked_about() -> None:
    assert judge(lab("xor"), "dJ_dz3 @ a2.T").lines[0].recognised == "dJ_dW3"
    asked = judge(lab("xor"), "(a3 - y) / 3")
    assert asked.verdict == "unknown"
    assert said(asked).startswith("which gradient should this be?")
    assert judge(lab("xor"), "(a3 - y) / 3", "∂J/∂z3").verdict == "wrong"


@pytest.mark.parametrize(
    ("typed", "part", "message"),
    [
        ("dJ_dz3 = a3 - q", "q", "there is no `q` here"),
        ("dJ_dz3 = a3 - a4", "a4", "Did you mean"),
        ("dJ_dz3 = (a3 - y", "(", "never closed"),
        ("dJ_dz3 = 2(a3 - y)", "2(", "`*` or `@`?"),
        ("dJ_dW3 = dJ_dz3 · a2", "·", "can mean two things"),
        ("dJ_dX = W1.T @ dJ_dz1", None, "no gradient `dJ_dX`"),
        ("dJ_dz3 = ", None, "no formula here"),
        ("dJ_dz3 = __import__('os')", None, ""),
        ("dJ_dz3 = a3.tofile('x')", None, "text in quotes"),
        ("while True: pass", None, ""),
        ("dW3 += a3", "dW3", "begin with `dW3 = …`"),
        ("dJ_dz3 = [x for x in y]", None, ""),
        ("dJ_dz3 = lambda: 1", None, "no part of a formula"),
        ("dJ_dz3 = 9**99", None, "an exponent may be"),
        ("dJ_dz3 = nan", None, "there is no `nan`"),
        ("", None, "no formula here"),
        ("# nothing", None, "no formula here"),
    ],
)
def test_what_is_no_formula_is_no_attempt(typed: str, part: str | None, message: str) -> None:
    judged = judge(lab("xor"), typed)
    assert judged.verdict == "invalid", said(judged)
    line = judged.lines[0]
    assert message in said(judged)
    if part is not None:
        assert line.span is not None and line.text[slice(*line.span)] == part


@pytest.mark.parametrize("name", ["xor", "micrograd"])
@pytest.mark.parametrize("unknown", ["dJ_dz22", "dL_dz9 @ a1.T", "dLoss_da22", "δ9", "w9", "dC_dL"])
def test_only_names_of_the_lab_at_hand_are_proposed(name: str, unknown: str) -> None:
    proposed = re.findall(r"`(\w+)`", said(judge(lab(name), unknown)).partition("Did you mean")[2])
    assert set(proposed) <= set(Vocabulary(lab(name)).shapes)
    assert proposed or (name, unknown) not in PROPOSED


PROPOSED = {("xor", "dJ_dz22"), ("xor", "dL_dz9 @ a1.T"), ("xor", "δ9"), ("xor", "w9")}
"""To these there is a name near enough."""


def test_a_shape_that_does_not_fit_is_no_attempt_but_has_a_name() -> None:
    line = judge(lab("xor"), "dJ_da2 = W3 @ dJ_dz3").lines[0]
    assert (line.verdict, line.mistake) == ("invalid", "missing-transpose")
    assert "W3 (1, h2) @ dJ_dz3 (1, N)" in words(line.notes[0])
    line = judge(lab("xor"), "dJ_db2 = sum(dJ_dz2, axis=1)").lines[0]
    assert (line.verdict, line.mistake) == ("invalid", "keepdims")


def test_a_name_whose_line_could_not_be_read_is_not_called_unknown() -> None:
    judged = judge(lab("xor"), "e = a3 - q\ndJ_dz3 = e / N")
    assert said(judged, 1) == "`e` has no value: its line could not be judged"


def test_what_is_given_stays_as_it_is() -> None:
    judged = judge(lab("xor"), "N = 3\ndJ_dz3 = (a3 - y) / N")
    assert [line.verdict for line in judged.lines] == ["unknown", "right"]


def test_a_single_number_may_stand_for_a_one_by_one_matrix() -> None:
    line = judge(lab("xor"), "dJ_db3 = sum(dJ_dz3)").lines[0]
    assert line.verdict == "right"
    assert "scalar where (1, 1) belongs" in words(line.notes[0])


def test_what_surrounds_the_formulas_of_a_program_is_left_out() -> None:
    judged = judge(
        lab("xor"),
        "import numpy as np\ndef backward(X, y):\n    dz3 = (a3 - y) / N\n"
        "    dW3 = np.dot(dz3, a2.T)\n    W3 -= lr * dW3\n    return dW3\n",
    )
    found = [line.verdict for line in judged.lines]
    assert found == ["unknown", "unknown", "right", "right", "right", "unknown"]
    assert judged.verdict == "right"


def test_loops_and_prints_are_left_out() -> None:
    source = "for i in range(1000):\n    dZ3 = (a3 - y)/N\n    print('loss', J)\n"
    assert [line.verdict for line in judge(lab("xor"), source).lines] == [
        "unknown", "right", "unknown",
    ]  # fmt: skip


def test_a_name_with_a_capital_means_the_same_gradient() -> None:
    line = judge(lab("xor"), "dZ3 = (y - a3)/N").lines[0]
    assert (line.target, line.mistake) == ("dJ_dz3", "sign")


def test_a_gradient_that_is_another_quantity_is_called_by_its_name() -> None:
    assert said(judge(lab("xor"), "dJ_da3 = a3")) == "this is a3, not dJ_da3"


def test_what_is_another_gradient_is_called_that_before_any_operator_is_blamed() -> None:
    judged = judge(lab("three-class"), "dJ_dz2 = -y / p / N")
    assert said(judged) == "this is dJ_dp, not dJ_dz2"
    assert judged.lines[0].mistake is None


@pytest.mark.parametrize("typed", ["dJ_dz3 = log(0) * a3", "a3 = 1", "dJ_dW3 = W3", "dJ_dz3 = y"])
def test_what_no_edit_explains_accuses_of_nothing(typed: str) -> None:
    line = judge(lab("xor"), typed).lines[0]
    assert (line.verdict, line.mistake) == ("wrong", None)
    assert "has a value that no quantity" not in said(judge(lab("xor"), typed))


def test_the_reason_of_each_of_two_mistakes_stands_behind_it() -> None:
    line = judge(lab("xor"), "dJ_dz3 = 2*(y - a3)").lines[0]
    said = str(line.message)
    assert said.index("the sign of prediction") < said.index("N times too large")
    assert said.index("counts 1/N") < said.index("; then at `(a3 - y) / N`")
    assert str(line.clue).endswith("; and that is not all")


def test_an_update_uphill_is_a_sign() -> None:
    judged = judge(lab("xor"), "W3 += lr * dJ_dW3")
    assert (judged.verdict, judged.lines[0].mistake) == ("wrong", "sign")
    assert judged.lines[0].reading == "W3 + (lr * dJ_dW3)"


def test_what_is_added_up_is_judged_once_it_is_whole() -> None:
    typed = "dW3 = ((a3 - y)/N) @ a2.T * 0.5\ndW3 += ((a3 - y)/N) @ a2.T / 2"
    assert judge(lab("xor"), typed).lines[1].verdict == "right"


def test_a_constant_may_be_typed_as_its_number() -> None:
    line = judge(lab("three-class"), "dJ_dW2 = dJ_dz2 @ a1.T + 0.002 * W2").lines[0]
    assert line.verdict == "wrong"
    line = judge(lab("three-class"), "dJ_dW2 = dJ_dz2 @ a1.T + 2 * 0.001 * W2").lines[0]
    assert line.verdict == "right"
    assert line.reading == "(dJ_dz2 @ a1.T) + ((2 * lam) * W2)"


def test_too_many_lines_are_refused() -> None:
    judged = judge(lab("xor"), "e = a3 - y\n" * (MOST_LINES + 1))
    assert judged.verdict == "invalid" and len(judged.lines) == 1


def test_a_constant_is_judged_by_its_name_and_not_by_its_number(tmp_path: Path) -> None:
    nielsen = lab("nielsen")
    assert judge(nielsen, "dC_dw = x * dC_dz").verdict == "right"
    assert judge(nielsen, "dC_dw = dC_dz").verdict == "wrong", "x happens to be 1"


def test_names_on_the_screen_are_names_to_type() -> None:
    for target, formula in backward("xor"):
        shown = name_text(target, SCREEN)
        assert judge(lab("xor"), f"{shown} = {formula}").lines[0].recognised == target


WORDS = [
    "dJ_dz3", "dJ_dW3", "a3", "y", "W3", "X", "N", "z2", "d3", "=", "==", "+", "-", "*", "@", "/",
    "**", "(", ")", "[", "]", ".T", ",", ":", "sum", "axis=1", "keepdims=True", "σ'", "ᵀ", "∂J/∂W3",
    "1", "0.5", "1e308", "np.", "\n", "#", ";", "'", "\x1b", "\0", "（", "＝", "lambda", "·",
]  # fmt: skip


@given(st.lists(st.sampled_from(WORDS), max_size=14).map(" ".join) | st.text(max_size=40))
def test_anything_at_all_is_answered(typed: str) -> None:
    judged = judge(lab("xor"), typed)
    assert judged.lines
    for line in judged.lines:
        assert words(line.message)
        if line.span is not None:
            assert 0 <= line.span.start <= line.span.end <= max(1, len(line.text))
    again = judge(lab("xor"), typed)
    assert [line.verdict for line in again.lines] == [line.verdict for line in judged.lines]


LEAVES = [*"XyN2", "z1", "a2", "W2", "b2", "dJ_dz2", "dJ_dW2", "d3", "0.5", "1e308", "1e-300"]
PARTS = ["[:-1]", "[1:]", "[:, :1]", "[0, 0]", "[5:6]", ".T", "**2", "**0.5", "**(-3)"]


def _joined(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    pair = st.tuples(inner, inner)
    return st.one_of(
        st.tuples(pair, st.sampled_from("+-*/@")).map(lambda t: f"({t[0][0]} {t[1]} {t[0][1]})"),
        st.tuples(inner, st.sampled_from(PARTS)).map(lambda t: f"({t[0]}){t[1]}"),
        st.tuples(inner, st.sampled_from("01")).map(
            lambda t: f"sum({t[0]}, axis={t[1]}, keepdims=True)"
        ),
        st.tuples(st.sampled_from(sorted(spellings())), st.lists(inner, max_size=3)).map(
            lambda t: f"{t[0]}({', '.join(t[1])})"
        ),
    )


FORMULAS = st.recursive(st.sampled_from(LEAVES), _joined, max_leaves=6)


@given(
    st.sampled_from(["xor", "bce-momentum", "three-class:fused"]),
    st.lists(st.tuples(st.sampled_from(["dJ_dz2", "dJ_dW2", "d3", "W2"]), FORMULAS), min_size=1,
             max_size=2),
)  # fmt: skip
def test_whatever_the_language_holds_is_answered(name: str, lines: list[tuple[str, str]]) -> None:
    judged = judge(lab(name), "\n".join(f"{target} = {formula}" for target, formula in lines))
    assert len(judged.lines) == len(lines)
    assert all(line.mistake is None or line.verdict != "right" for line in judged.lines)


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("xor", "dJ_dW3 = dJ_db3[:-1]"),
        ("bce-momentum", "a1 = sum(mean(z3) - dJ_da1 * lr, axis=0, keepdims=True)"),
        ("two-hidden", "dL_da3 = bce(lr, X, z1)"),
        ("circuits", "q = softmax_ce(y, x)"),
        ("first-step", "dL_db = 1e308 * w * 9"),
        ("xor", "dJ_dz3 = " + " + ".join(["(a3 + z3)"] * 200)),
        ("xor", "dJ_dz3 = " + "(" * 45 + "a3" + " * z3)" * 45),
    ],
)
def test_what_once_was_not_answered_is(name: str, typed: str) -> None:
    assert judge(lab(name), typed).verdict in ("wrong", "invalid")


def test_what_could_not_be_told_apart_is_said_of_the_samples_that_are_shown() -> None:
    formula = "a3 - y"
    assert not judge_on(lab("xor"), None, formula, "dJ_dz3").lines[0].notes
    (note,) = judge_on(lab("xor"), 0, formula, "dJ_dz3").lines[0].notes
    assert words(note) == "with sample 0 of the lab you could not tell the two apart"


@pytest.mark.parametrize("name", [name for name in networks() if lab(name).samples > 1])
def test_the_number_of_samples_below_a_bar_is_right_and_said_to_be_n(name: str) -> None:
    count = str(lab(name).samples)
    for target, formula in backward(name):
        literal = re.sub(r"/ N\b", f"/ {count}", formula)
        if literal == formula:
            continue
        line = judge(lab(name), literal, target).lines[0]
        assert line.verdict == "right", literal
        assert f"write N for {count}: another data set has another size" in map(words, line.notes)


def test_a_number_that_is_not_n_keeps_its_own_meaning() -> None:
    """With four samples a 4 below a bar may be meant, and a 2 is not read as N."""
    four = load(str(Path(__file__).parents[2] / "lessons/04-loss/half.toml"))
    wrong = judge(four, "2 * (p - y) / 4", "dJ_dp").lines[0]
    assert (wrong.verdict, wrong.mistake) == ("wrong", "factor")
    assert "your 4 is read as N, the number of samples" in map(words, wrong.notes)
    other = judge(four, "(p - y) / 2", "dJ_dp").lines[0]
    assert (other.verdict, other.mistake, other.notes) == ("wrong", "wrong-number", ())
    assert not judge(four, "2 * (p - y) / (2 * N)", "dJ_dp").lines[0].notes


def test_the_names_that_a_lab_gives_its_activations_are_read() -> None:
    named = lab("chessboard")
    (name,) = [name for name in named.functions if name == "act"]
    judged = judge(named, f"da1 = dJ_da1\ndz1 = da1 * {name}'(z1)")
    assert judged.verdict == "right", said(judged, 1)
    assert judge(named, f"a2 = {name}(z2)").verdict == "right"
