"""`stepper check`: exit codes, JSON, what is read from where, and being asked."""

from __future__ import annotations

import io
import json
import shlex
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stepper.cli.asking import Asking
from stepper.cli.main import main
from stepper.labs.load import load
from stepper.labs.source import HERE
from stepper.program.store import Store
from stepper.show.rows import Look

KEYS = [
    "text", "target", "verdict", "recognised", "mistake", "also", "span", "message", "reading",
]  # fmt: skip
WRONG = "dJ_dz2 = dJ_dz3 @ W3.T * a2 * (1 - z2)"


class Stream(io.TextIOWrapper):
    """A stream of bytes that is, or is not, a terminal."""

    def __init__(self, content: bytes = b"", tty: bool = False) -> None:
        super().__init__(io.BytesIO(content), encoding="utf-8")
        self.tty = tty

    def isatty(self) -> bool:
        return self.tty


@pytest.fixture
def stepper(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> Any:
    """Runs `stepper check`; gives its exit code, what it printed, and what it said on stderr."""
    monkeypatch.delenv("COLUMNS", raising=False)
    monkeypatch.setenv("STEPPER_STATE", str(tmp_path / "state"))

    def call(*words: str, stdin: bytes = b"", tty: bool = False) -> tuple[int, str, str]:
        out = Stream(tty=tty)
        monkeypatch.setattr(sys, "stdout", out)
        monkeypatch.setattr(sys, "stdin", Stream(stdin, tty))
        try:
            code = main(["check", *words])
        except SystemExit as end:
            code = int(end.code or 0)
        out.flush()
        return code, out.buffer.getvalue().decode(), capsys.readouterr().err  # type: ignore[attr-defined]

    return call


def test_the_exit_code_is_the_verdict(stepper: Any) -> None:
    assert stepper("xor", "dJ_dz3 = (a3 - y) / N")[0] == 0
    assert stepper("xor", "dJ_dz3 = (y - a3) / N")[0] == 1
    assert stepper("xor", "dJ_dz3 = (y - ")[0] == 2
    assert stepper("xor", "(y - a3) / 7")[0] == 2
    assert stepper("nowhere", "dJ_dz3 = y")[0] == 2


def test_json_has_exactly_these_parts(stepper: Any) -> None:
    code, out, err = stepper("two-hidden", "--json", "d3 = dJ_dz3", WRONG)
    found = json.loads(out)
    assert (code, err) == (1, "")
    assert list(found) == ["verdict", "lines"]
    assert found["verdict"] == "wrong"
    assert all(list(line) == KEYS for line in found["lines"])
    line = found["lines"][1]
    assert line["text"][slice(*line["span"])] == "z2"
    assert line["mistake"] == "sigma-prime-argument"
    assert line["target"] == "dL_dz2"
    assert line["recognised"] is None
    assert line["message"] == (
        "at `z2`: this wants `a2`: σ′ written with its own output is a·(1 − a)"
    )
    assert line["reading"] == "((dL_dz3 @ W3.T) * a2) * (1 - z2)"
    assert found["lines"][0]["recognised"] == "dL_dz3"


def test_json_of_what_cannot_be_read(stepper: Any) -> None:
    code, out, _ = stepper("xor", "--json", "dJ_dz3 = a3 - q")
    assert code == 2
    line = json.loads(out)["lines"][0]
    assert (line["verdict"], line["span"], line["mistake"]) == ("invalid", [14, 15], None)


def test_the_page_underlines_what_is_wrong(stepper: Any) -> None:
    _, out, _ = stepper("two-hidden", WRONG)
    lines = out.splitlines()
    assert lines[0] == f"✗  {WRONG}"
    assert lines[0][lines[1].index("^") : lines[1].rindex("^") + 1] == "z2"
    assert lines[2] == "   read as ((dL_dz3 @ W3.T) * a2) * (1 - z2)"
    assert lines[3] == "   at `z2`: this wants `a2`: σ′ written with its own output is a·(1 − a)"
    assert len(lines) == 4


def test_the_readmes_example_is_what_is_printed(stepper: Any) -> None:
    readme = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
    block = readme.partition("<!-- check -->\n```\n")[2].partition("```")[0]
    command, _, shown = block.partition("\n\n")
    words = shlex.split(command)
    assert words[:2] == ["stepper", "check"]
    assert stepper(*words[2:])[1] == shown


def test_full_width_signs_take_two_columns(stepper: Any) -> None:
    _, out, _ = stepper("xor", "dJ_dz3 = （y - a3）／N")
    assert out.splitlines()[1].index("^") == len("✗  dJ_dz3 = ") + 2


def test_a_name_that_is_too_long_is_said_short_and_kept_in_full(stepper: Any) -> None:
    typed = f"dJ_dW3 = {'b' * 500} @ a2.T"
    (_, page, _), (_, record, _) = stepper("xor", typed), stepper("xor", "--json", typed)
    echo, under, said = page.splitlines()
    assert echo == f"?  dJ_dW3 = {'b' * 40}… @ a2.T"
    assert under == " " * 12 + "^" * 41
    assert said == f"   there is no `{'b' * 40}…` here."
    assert json.loads(record)["lines"][0]["text"] == typed


def test_several_lines_end_with_where_to_begin(stepper: Any) -> None:
    code, out, _ = stepper("xor", "dz3 = (a3 - y)/N", "dW3 = dz3 @ a2", "db3 = 2 * sum(dz3)")
    assert code == 1
    assert out.splitlines()[-1] == "wrong: 1 of 3 lines; begin with line 3, db3 = 2 * sum(dz3)"


def test_ascii_is_ascii(stepper: Any) -> None:
    for typed in (WRONG, "∂J/∂W3 = a2ᵀ @ δ3", "∂J/∂W3 = a2 · δ3"):
        assert stepper("two-hidden", typed, "--ascii")[1].isascii()


def test_a_terminal_is_told_nothing_that_it_would_obey(stepper: Any) -> None:
    _, out, _ = stepper("xor", "dJ_dz3 = \x1b[2J\x07 a3")
    assert "\x1b" not in out and "\x07" not in out


def test_no_color_is_obeyed(stepper: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm-256color")
    _, out, _ = stepper("xor", "dJ_dz3 = y", tty=True)
    assert "[31m" not in out and "✗" in out


def test_formulas_come_from_a_file_and_from_standard_input(stepper: Any, tmp_path: Path) -> None:
    path = tmp_path / "mine.txt"
    path.write_text("\ufeff# mine\r\nd3 = (a3 - y)/N\r\ndJ_dW3 = d3 @ a2.T\r\n", encoding="utf-8")
    code, from_file, _ = stepper("xor", "--file", str(path))
    assert code == 0
    for words in (("xor",), ("xor", "-")):
        assert stepper(*words, stdin=path.read_bytes()) == (0, from_file, "")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"\x89PNG\r\n\x1a\n\0\0", "this is no text"),
        (b"a3 = \xff\xfe", "this is no text"),
        (b"dJ_dz3 = a3\0", "this is no text"),
        (b"a" * 300_000, "too large"),
    ],
)
def test_a_file_of_another_kind_is_refused(
    stepper: Any, tmp_path: Path, content: bytes, message: str
) -> None:
    path = tmp_path / "mine.txt"
    path.write_bytes(content)
    code, out, err = stepper("xor", "--file", str(path))
    assert (code, out) == (2, "") and message in err
    assert message in stepper("xor", stdin=content)[2]


def test_a_file_that_is_not_there_or_empty(stepper: Any, tmp_path: Path) -> None:
    assert "cannot read" in stepper("xor", "--file", str(tmp_path / "no.txt"))[2]
    assert "cannot read" in stepper("xor", "--file", str(tmp_path))[2]
    (tmp_path / "empty.txt").write_text("")
    code, out, _ = stepper("xor", "--file", str(tmp_path / "empty.txt"))
    assert code == 2 and "no formula here" in out


def test_both_a_file_and_formulas_are_one_too_many(stepper: Any) -> None:
    assert stepper("xor", "dJ_dz3 = y", "--file", "x")[0] == 2


def test_a_bare_formula_is_held_against_what_was_asked(stepper: Any) -> None:
    assert stepper("xor", "--of", "dJ_dW3", "dJ_dz3 @ a2.T")[0] == 0
    assert stepper("xor", "--of", "∂J/∂W3", "dJ_dz3 @ a2.T")[0] == 0
    assert stepper("xor", "--of", "dJ_dW3", "dJ_dz3 @ a2")[0] == 2
    code, out, _ = stepper("xor", "--of", "dJ_dW9", "dJ_dz3 @ a2.T")
    assert code == 2 and "Did you mean" in out


def test_on_a_terminal_the_target_of_a_bare_formula_is_asked_for(stepper: Any) -> None:
    code, out, _ = stepper("xor", "2 * dJ_dz3 @ a2.T", stdin=b"dJ_dW3\n", tty=True)
    assert code == 1 and "which gradient should this be? " in out
    assert stepper("xor", "2 * dJ_dz3 @ a2.T", stdin=b"\n", tty=True)[0] == 2


def test_the_options_of_a_lab_count(stepper: Any) -> None:
    slope = "dJ_dz2 = dJ_da2 * (1 - a2**2)"
    assert stepper("xor", slope)[0] == 1
    assert stepper("chessboard", slope)[0] == 0
    assert stepper("chessboard", slope, "--set", "act=sigmoid")[0] == 1
    assert stepper("xor", slope, "--data", "nowhere")[0] == 2


def test_a_labs_own_program_is_judged(stepper: Any) -> None:
    code, out, _ = stepper("gradient-check:planted-bugs", "--backward", "--json")
    lines = json.loads(out)["lines"]
    assert code == 1
    assert [line["target"] for line in lines if line["verdict"] == "wrong"] == [
        "dJ_dW2", "dJ_db1",
    ]  # fmt: skip
    assert stepper("mazur:updated-weight", "--backward", "--json")[0] == 1
    assert "no backward program of its own" in stepper("xor", "--backward")[2]


N_TIMES = """
title = "N times"
[data]
layout = "columns"
set = "xor"
[parameters]
W = "normal(1, 2)"
[program]
forward = '''
z = W @ X
a = sigmoid(z)
J = bce(a, y)
'''
backward = '''
dJ_dz = a - y
dJ_dW = dJ_dz @ X.T
'''
"""


def test_a_program_that_divides_in_the_update_is_right(stepper: Any, tmp_path: Path) -> None:
    path = tmp_path / "n.toml"
    path.write_text(N_TIMES)
    code, out, _ = stepper(str(path), "--backward")
    assert code == 0 and out.count("right × N until the update") == 2
    path.write_text(N_TIMES.replace("dJ_dz @ X.T", "-dJ_dz @ X.T"))
    assert stepper(str(path), "--backward")[0] == 1


def _answers(*lines: str) -> bytes:
    return "\n".join([*lines, ""]).encode()


def test_every_gradient_is_asked_for_in_turn(stepper: Any) -> None:
    typed = _answers(
        "x * (y_hat - y)", "2*(y_hat - y)", ":hint", ":hint", ":hint", "x * dL_dy_hat", "dL_dy_hat"
    )
    code, out, _ = stepper("first-step", stdin=typed, tty=True)
    assert code == 0
    assert out.count("∂L/∂y_hat = ") == 2
    assert "has the shape of w, scalar" in out
    assert "all 3 gradients are right" in out


def test_one_gradient_is_asked_for_and_no_other(stepper: Any) -> None:
    typed = _answers(":hint", "x", "2*(y_hat - y)")
    for of in ("dL_dy_hat", "∂L/∂y_hat"):
        code, out, _ = stepper("first-step", "--of", of, stdin=typed, tty=True)
        assert code == 0
        assert out.count("∂L/∂y_hat = ") == 3 and "∂L/∂w = " not in out
        assert "1 of 3 are right; still to do: dL_dw, dL_db" in out
    _, out, _ = stepper("first-step", stdin=_answers(":quit"), tty=True)
    assert "1 of 3 are right already" in out


@pytest.mark.parametrize("of", ["y_hat", "dL_dq"])
def test_only_a_gradient_is_asked_for(stepper: Any, of: str) -> None:
    code, out, err = stepper("first-step", "--of", of, tty=True)
    assert (code, out) == (2, "") and of in err and "Did you mean `dL_d" in err


def test_without_a_formula_and_a_terminal_it_says_what_to_give(stepper: Any) -> None:
    code, out, err = stepper("xor", "--of", "dJ_dW3")
    assert (code, out) == (2, "") and "what is dJ_dW3? Write its formula behind it" in err
    code, out, err = stepper("xor", stdin=b" \n")
    assert (code, out) == (2, "") and "write a formula, such as" in err
    code, out, _ = stepper("xor", "--json", "--of", "dJ_dW3")
    assert code == 2 and json.loads(out)["verdict"] == "invalid"


def test_what_is_done_is_remembered_and_can_be_forgotten(stepper: Any) -> None:
    _, out, _ = stepper("first-step", stdin=_answers("e = y_hat - y", "2*e", ":quit"), tty=True)
    assert "1 of 3 are right; still to do: dL_dw, dL_db" in out
    _, out, _ = stepper("first-step", stdin=_answers("2*e*x", ":skip"), tty=True)
    assert "1 of 3 are right already" in out
    assert "2 of 3 are right; still to do: dL_db" in out
    _, out, _ = stepper("first-step", stdin=_answers(":reset", ":quit"), tty=True)
    assert "0 of 3 are right" in out


def test_two_at_once_keep_what_both_have_done(stepper: Any) -> None:
    one, other = (Asking(load("first-step"), Look(80), None) for _ in range(2))
    one.open()
    other.open()
    assert one.take("2*(y_hat - y)")
    assert other.take(":skip") and other.take("2*(y_hat - y) * x")
    _, out, _ = stepper("first-step", stdin=_answers(":quit"), tty=True)
    assert "2 of 3 are right already" in out
    assert other.take(":reset") and one.take("2*(y_hat - y) * x")
    _, out, _ = stepper("first-step", stdin=_answers(":quit"), tty=True)
    assert "1 of 3 are right already" in out


def test_what_is_done_is_known_however_the_file_is_spelled(
    stepper: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "my.toml").write_text((HERE / "first-step.toml").read_text())
    monkeypatch.chdir(tmp_path)
    stepper("my.toml", stdin=_answers("2*(y_hat - y)", ":quit"), tty=True)
    _, out, _ = stepper(f"../{tmp_path.name}/my.toml", stdin=_answers(":quit"), tty=True)
    assert "1 of 3 are right already" in out


def test_what_was_kept_under_a_spelling_is_still_known(
    stepper: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "my.toml").write_text((HERE / "first-step.toml").read_text())
    monkeypatch.chdir(tmp_path)
    Store("check-my-toml-ec4f924a", 1).write({"typed": [["dL_dy_hat", "2*(y_hat - y)"]]})
    _, out, _ = stepper("my.toml", stdin=_answers("x * dL_dy_hat", ":quit"), tty=True)
    assert "1 of 3 are right already" in out
    _, out, _ = stepper("./my.toml", stdin=_answers(":quit"), tty=True)
    assert "2 of 3 are right already" in out


def test_an_unknown_command_lists_the_commands(stepper: Any) -> None:
    _, out, _ = stepper("first-step", stdin=_answers(":help", ":quit"), tty=True)
    assert ":hint :skip :reset :quit" in out


def test_a_command_is_understood_without_its_colon(stepper: Any) -> None:
    _, out, _ = stepper("first-step", stdin=_answers("skip", "quit"), tty=True)
    assert "there is no" not in out


def test_formulas_and_a_measurement_are_two_things(stepper: Any) -> None:
    code, _, err = stepper("xor", "dJ_dz3 = a3 - y", "--numeric")
    assert code == 2
    assert "one thing at a time" in err


@pytest.mark.parametrize("columns", ["80", "40", "30"])
def test_the_wrong_part_is_underlined_also_in_a_line_that_is_broken(
    stepper: Any, monkeypatch: pytest.MonkeyPatch, columns: str
) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    lines = stepper("xor", "dJ_dz2 = W3.T @ dJ_dz3 * a2 * (1 - z2)")[1].splitlines()
    under = next(n for n, line in enumerate(lines) if "^" in line)
    start = lines[under].index("^")
    assert lines[under - 1][start : start + lines[under].count("^")] in "z2"


def test_a_spoiled_state_is_set_aside(stepper: Any, tmp_path: Path) -> None:
    stepper("first-step", stdin=_answers("2*(y_hat - y)", ":quit"), tty=True)
    (file,) = (tmp_path / "state").glob("check-*.json")
    for content in ("not json", '{"version": 1, "typed": [["x", 3], 4, ["dL_dw", "((("]]}'):
        file.write_text(content)
        code, out, _ = stepper("first-step", stdin=_answers(":quit"), tty=True)
        assert code == 0 and "0 of 3 are right" in out


@settings(max_examples=25)
@given(st.binary(max_size=60))
def test_any_bytes_at_all_end_with_an_exit_code(content: bytes) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "stdout", Stream())
        patch.setattr(sys, "stderr", Stream())
        patch.setattr(sys, "stdin", Stream(content))
        assert main(["check", "xor", "--json"]) in (0, 1, 2)
