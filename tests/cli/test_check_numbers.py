"""`stepper check` on numbers: what is measured, and what a file holds."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from stepper.check.mistakes import MISTAKES
from stepper.cli.main import main
from stepper.labs.load import load


@pytest.fixture
def check(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Any:
    """Runs `stepper check`; gives its exit code, what it printed, and what it said on stderr."""
    monkeypatch.setenv("COLUMNS", "80")

    def call(*words: str) -> tuple[int, str, str]:
        try:
            code = main(["check", *words])
        except SystemExit as end:
            code = int(end.code or 0)
        return code, *capsys.readouterr()

    return call


def test_a_lab_is_measured_and_right(check: Any) -> None:
    code, out, err = check("xor", "--numeric")
    assert (code, err) == (0, "")
    assert "on 21 of 21 samples" in out
    lines = [line for line in out.split("\n") if line.startswith("dJ_d")]
    assert len(lines) == 12
    assert "12 gradients, and all of them are what" in out


def test_wrong_gradients_are_named_line_by_line(check: Any) -> None:
    code, out, _ = check("gradient-check:planted-bugs", "--numeric", "--ascii")
    assert code == 1
    assert out.isascii()
    assert max(map(len, out.split("\n"))) <= 80
    joined = " ".join(out.split())
    assert "dJ_dW2, line 13: it is 2 times too large" in joined
    assert "dJ_db1, line 18: it is 4 times too large" in joined
    assert joined.index("line 13") < joined.index("line 18")
    assert "wrong gradients: 7 of 11" in joined


def test_numeric_json_has_every_entry_the_worst_first(check: Any) -> None:
    code, out, _ = check("gradient-check:planted-bugs", "--numeric", "--json")
    data = json.loads(out)
    assert (code, data["verdict"], data["samples"]) == (1, "wrong", [0, 1, 2])
    named = {g["name"]: g for g in data["gradients"]}
    assert {n for n, g in named.items() if g["verdict"] == "right"} == {
        "dJ_dW1", "dJ_dW3", "dJ_db2", "dJ_db3",
    }  # fmt: skip
    entries = named["dJ_dW2"]["entries"]
    assert len(entries) == 15
    assert {tuple(e["index"]) for e in entries} == {(i, j) for i in range(3) for j in range(5)}
    judged = [e["difference"] for e in entries if not e["kink"]]
    assert judged == sorted(judged, reverse=True)
    for entry in entries:
        assert entry["backward"] == pytest.approx(2 * entry["complex"], rel=1e-9, abs=1e-12)


def test_numeric_on_one_sample_and_with_settings(check: Any) -> None:
    code, out, _ = check("xor", "--numeric", "--sample", "7", "--set", "h1=2", "--json")
    data = json.loads(out)
    assert (code, data["samples"]) == (0, [7])
    shape = load("xor", sets={"h1": "2"}).parameters["W1"].size
    assert len(next(g for g in data["gradients"] if g["name"] == "dJ_dW1")["entries"]) == shape


def test_kinks_are_said(check: Any) -> None:
    code, out, _ = check("xor", "--numeric", "--set", "act=relu")
    assert code == 0
    assert "at a kink" in out
    assert " kink\n" in out


def test_what_cannot_be_measured_is_said_and_not_called_right(check: Any, tmp_path: Path) -> None:
    file = tmp_path / "edge.toml"
    file.write_text(
        'title = "edge"\n[parameters]\np = 0.999999\n[training]\nfixed = ["p"]\n'
        '[program]\nforward = "J = -log(1 - p)"\n'
    )
    code, out, _ = check(str(file), "--numeric")
    joined = " ".join(out.split())
    assert code == 2
    assert "not measured\n" in out
    assert "dJ_dp: entries that cannot be measured, 1 of 1" in joined
    assert "gradients that could not be measured: 1 of 1" in joined
    code, out, _ = check(str(file), "--numeric", "--json")
    data = json.loads(out)
    assert (code, data["verdict"]) == (2, "unknown")
    assert not data["gradients"][0]["entries"][0]["measured"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("no-such-lab", "--numeric"), "no-such-lab"),
        (("xor", "--numeric", "--sample", "21"), "21"),
        (("circuits", "--numeric", "--sample", "0"), "no samples"),
        (("xor", "--numeric", "--set", "lr"), "lr"),
        (("xor", "--numbers", "1.5"), "--of dJ_dW2"),
        (("xor", "--numbers", "1.5", "--of", "dJ_dW"), "dJ_dW1"),
        (("xor", "--numbers", "no-such.csv", "--of", "dJ_dW1"), "No such file"),
        (("xor", "--numbers", "[[nan]]", "--of", "dJ_dW1"), "nan"),
        (("xor", "--numbers", "1.5", "--of", "dJ_db3", "--batch", "--sample", "3"), "--batch"),
    ],
)
def test_what_cannot_be_judged_is_said_in_one_message(
    check: Any, words: tuple[str, ...], said: str
) -> None:
    code, out, err = check(*words)
    assert (code, out) == (2, "")
    assert said in err
    assert "Traceback" not in err


def test_a_file_of_numbers_is_judged(check: Any, tmp_path: Path) -> None:
    right = load("xor").trace(3).value("dJ_dW2")
    wrong = right.copy()
    wrong[1, 2] *= 1.1
    for name, value in (("right", right), ("wrong", wrong), ("turned", right.T)):
        np.savetxt(tmp_path / f"{name}.csv", value, delimiter=",")
    of = ("--of", "∂J/∂W2")
    code, out, err = check("xor", "--numbers", str(tmp_path / "right.csv"), *of)
    assert (code, err) == (0, "")
    assert out.startswith("✓ dJ_dW2: right")
    code, out, _ = check("xor", "--numbers", str(tmp_path / "wrong.csv"), *of)
    assert code == 1
    assert "wrong entries: 1 of 12, [1, 2]" in out
    assert out.count("‹") == 2
    code, out, _ = check("xor", "--numbers", str(tmp_path / "turned.csv"), *of, "--ascii")
    assert code == 1
    assert "transposed" in out
    assert out.isascii()


def test_numbers_as_json(check: Any) -> None:
    code, out, _ = check("xor", "--numbers", "[[-0.74]]", "--of", "dJ_dz3", "--json")
    data = json.loads(out)
    assert (code, data["verdict"]) == (0, "right")
    assert list(data["lines"][0]) == [
        "text", "target", "verdict", "recognised", "mistake", "also", "span", "message", "reading",
    ]  # fmt: skip
    assert data["lines"][0]["target"] == data["lines"][0]["recognised"] == "dJ_dz3"
    assert (data["yours"], data["wrong"]) == ([[-0.74]], [])
    code, out, _ = check("xor", "--numbers", "[[1], [2], [3]]", "--of", "dJ_dz2", "--json")
    data = json.loads(out)
    assert (code, data["verdict"], data["wrong"]) == (1, "wrong", [[0, 0], [1, 0], [2, 0]])


def test_numbers_of_a_sample_or_of_all(check: Any) -> None:
    lab = load("xor")
    for words, sample in ((("--sample", "5"), 5), (("--batch",), None)):
        value = float(lab.trace(sample).value("dJ_db3")[0, 0])
        number = f"[[{value:.6f}]]"
        assert check("xor", "--numbers", number, "--of", "dJ_db3", *words)[0] == 0
        assert check("xor", "--numbers", number, "--of", "dJ_db3")[0] == 1


def test_too_few_digits_are_exit_code_2_with_a_verdict(check: Any) -> None:
    code, out, err = check("xor", "--numbers", "-0.7", "--of", "dJ_dz3")
    assert (code, err) == (2, "")
    assert "too few digits to tell" in out


def test_the_mistakes_are_listed_with_their_examples(check: Any) -> None:
    code, out, _ = check("--mistakes", "--ascii")
    assert code == 0
    assert out.isascii()
    listed = [line for line in out.split("\n") if line and not line.startswith(" ")]
    assert listed == sorted(MISTAKES)
    assert 'stepper check mazur "dE_da1 = (W2 - lr*dE_dW2).T @ dE_dz2"' in " ".join(out.split())
    code, out, _ = check("--mistakes", "--json")
    assert [card["id"] for card in json.loads(out)] == sorted(MISTAKES)


def test_a_labs_mistakes_say_where_they_can_be_made(check: Any) -> None:
    code, out, _ = check("mazur", "--mistakes", "--json")
    found = {card["id"]: card["lines"] for card in json.loads(out)}
    assert code == 0
    assert found["updated-weight"] == [10]
    assert "keepdims" not in found
    assert "in line 10\n" in check("mazur", "--mistakes")[1]


def test_without_a_lab_there_is_nothing_to_judge(check: Any) -> None:
    code, _, err = check("--numeric")
    assert code == 2
    assert "which lab?" in err


def test_numbers_of_a_mistake_name_it(check: Any) -> None:
    numbers = "[[0.000364723, 0.000729446], [0.00042363, 0.000847259]]"
    code, out, _ = check("mazur", "--numbers", numbers, "--of", "dE_dW1")
    assert code == 1
    assert "exactly these numbers come out of `updated-weight` in line 10" in " ".join(out.split())
