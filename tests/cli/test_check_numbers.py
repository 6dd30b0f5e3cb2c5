"""`stepper check` on numbers: what is measured, and what a file holds."""

from __future__ import annotations

import json
from typing import Any

import pytest

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


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("no-such-lab", "--numeric"), "no-such-lab"),
        (("xor", "--numeric", "--sample", "21"), "21"),
        (("circuits", "--numeric", "--sample", "0"), "no samples"),
        (("xor", "--numeric", "--set", "lr"), "lr"),
    ],
)
def test_what_cannot_be_judged_is_said_in_one_message(
    check: Any, words: tuple[str, ...], said: str
) -> None:
    code, out, err = check(*words)
    assert (code, out) == (2, "")
    assert said in err
    assert "Traceback" not in err
