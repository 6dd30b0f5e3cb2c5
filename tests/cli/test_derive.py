"""`stepper derive` and `stepper ops`."""

import json
import shlex
from pathlib import Path

import pytest

from stepper.cli.main import main
from stepper.ops import CARDS

Said = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def eighty_columns(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")


def test_the_sigmoid_has_each_line_of_a_report_by_hand(capsys: Said) -> None:
    assert main(["derive", "sigmoid(z)"]) == 0
    rows = capsys.readouterr().out.splitlines()
    assert rows[0] == "d/dz[σ(z)]"
    assert rows[3].split("  ")[1] == "= −(1 + e⁻ᶻ)⁻²·d/dz[1 + e⁻ᶻ]"
    assert rows[-1].startswith("  = a(1 − a)") and "with a = σ(z)" in rows[-1]
    assert all(row.endswith("✓") for row in rows[1:])


def test_the_readme_shows_what_is_printed(capsys: Said) -> None:
    readme = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
    block = readme.partition("<!-- derive -->\n```\n")[2].partition("```")[0]
    command, *printed = block.splitlines()
    assert main(shlex.split(command.removeprefix("$ stepper "))) == 0
    assert capsys.readouterr().out.splitlines() == printed


@pytest.mark.parametrize(
    ("words", "last"),
    [
        (["z*sigmoid(z)", "--by", "z"], "= a + z·a(1 − a)"),
        (["bce(sigmoid(z), y)", "--by", "z"], "= a − y"),
        (["σ(z)", "--full"], "= a(1 − a)"),
        (["sigmoid(z)", "--tall"], "= a(1 − a)"),
        (["sigmoid(z)", "--ascii"], "= a*(1 - a)"),
    ],
)
def test_forms(words: list[str], last: str, capsys: Said) -> None:
    assert main(["derive", *words]) == 0
    out = capsys.readouterr().out
    *_, end = (line for line in out.splitlines() if "This is for one entry" not in line)
    assert last in end
    assert out.isascii() or "--ascii" not in words


def test_a_loss_that_is_a_mean_says_what_the_mean_makes_of_it(capsys: Said) -> None:
    for words in (["mse(a, y)", "--by", "a"], ["mse(a, y)", "--by", "a", "--claim", "2*(a-y)/N"]):
        main(["derive", *words])
        assert "in the mean of n entries each has this slope over n" in capsys.readouterr().out
    main(["derive", "sigmoid(z)"])
    assert "one entry" not in capsys.readouterr().out


def test_a_line_of_a_report_that_lost_the_minus_of_its_exponent_is_refuted(capsys: Said) -> None:
    assert main(["derive", "-(1+exp(-x))**-2", "--claim", "-(1+exp(-x))**2"]) == 1
    out = capsys.readouterr().out
    assert "✗" in out
    assert "not equal: at x = 0.8651 the first is -0.4952 and the second -2.0193" in out


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["1/(1+exp(-x))", "--claim", "exp(x)/(1+exp(x))"], 0),
        (["sigmoid(z)", "--by", "z", "--claim", "sigmoid(z)*(1-sigmoid(z))"], 0),
        (["sigmoid(z)", "--by", "z", "--claim", "sigmoid(z)*(1+sigmoid(z))"], 1),
        (["bce(sigmoid(z), y)", "--by", "z", "--claim", "sigmoid(z) - y"], 0),
        (["mean((a-y)**2)/2", "--by", "a", "--claim", "(a-y)/n"], 0),
        (["mean((a-y)**2)/2", "--by", "a", "--claim", "a-y"], 1),
        (["softmax_ce(z, y)", "--by", "z", "--claim", "p - y"], 0),
        (["softmax_ce(z, y)", "--by", "z", "--claim", "softmax(z) - y"], 0),
        (["softmax_ce(z, y)", "--by", "z", "--claim", "y - softmax(z)"], 1),
        (["softmax(z)", "--by", "z", "--claim", "softmax(z)*(1 - softmax(z))"], 0),
    ],
)
def test_claims(words: list[str], code: int, capsys: Said) -> None:
    assert main(["derive", *words]) == code
    assert ("✓" in capsys.readouterr().out) == (code == 0)


def test_json_has_every_line_with_its_proof(capsys: Said) -> None:
    assert main(["derive", "tanh(z)", "--json"]) == 0
    (d,) = json.loads(capsys.readouterr().out)
    assert d["answer"] == "1 - tanh(z)**2"
    assert d["where"] == {"a": "tanh(z)"}
    assert {line["proof"] for line in d["lines"]} == {"proved"}
    assert [line["rule"] for line in d["lines"]][:2] == ["definition", "quotient rule"]
    assert main(["derive", "a - y", "--claim", "y - a", "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["proof"] == "wrong"


def test_latex_is_an_aligned_block_each(capsys: Said) -> None:
    assert main(["derive", "softmax(z)", "--latex"]) == 0
    out = capsys.readouterr().out
    assert out.count(r"\begin{aligned}") == out.count(r"\end{aligned}") == 2
    assert r"\sum_{m} e^{z_{m}}" in out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["a*b"], "by which variable? Add --by a; there are a, b"),
        (["2 + 3"], "no variable"),
        (["sigmoid(z)", "--by", "q"], "there is no `q`"),
        (["W @ x", "--by", "x"], "give it a name"),
        (["sigmoid("], "never closed"),
    ],
)
def test_refused(words: list[str], said: str, capsys: Said) -> None:
    assert main(["derive", *words]) == 2
    assert said in capsys.readouterr().err


def test_the_list_of_operations_has_them_all(capsys: Said) -> None:
    assert main(["ops"]) == 0
    rows = capsys.readouterr().out.splitlines()
    assert {row.split()[0] for row in rows if row[0] != " "} == set(CARDS)
    assert max(map(len, rows)) <= 80


@pytest.mark.parametrize("name", CARDS)
def test_every_card_has_a_page(name: str, capsys: Said) -> None:
    assert main(["ops", name, "--ascii"]) == 0
    out = capsys.readouterr().out
    assert out.isascii()
    assert max(map(len, out.splitlines())) <= 80
    assert "shapes" in out and "with numbers" in out and "{" not in out
    assert ("curve" in out) == (CARDS[name].is_elementwise and CARDS[name].arity == 1)
    assert "WRONG" not in out and "~=" not in out


def test_a_card_is_found_by_its_sign_and_its_other_words(capsys: Said) -> None:
    for word, name in (("σ", "sigmoid"), ("@", "matmul"), ("ln", "log"), ("ReLU", "relu")):
        assert main(["ops", word]) == 0
        assert capsys.readouterr().out.startswith(f"{name}: ")
    assert main(["ops", "sigmod"]) == 2
    assert "Did you mean `sigmoid`" in capsys.readouterr().err
