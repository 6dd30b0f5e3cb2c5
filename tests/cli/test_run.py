"""`stepper run` without a screen: the walk as text, and as JSON."""

from __future__ import annotations

import io
import json
import sys
from typing import Any

import numpy as np
import pytest

from stepper.cli.main import main
from stepper.labs.load import load
from stepper.labs.source import lab_names
from stepper.labs.starts import STARTS

LEVELS = ("phase", "line", "operation", "entry")


class Pipe(io.StringIO):
    """Standard output that is no terminal and can carry every letter."""

    encoding = "utf-8"  # type: ignore[assignment]

    def isatty(self) -> bool:
        return False


@pytest.fixture
def stepper(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Any:
    """Runs a command line; gives its exit code, what it printed, and what it said on stderr."""
    monkeypatch.delenv("COLUMNS", raising=False)

    def call(*words: str) -> tuple[int, str, str]:
        out = Pipe()
        monkeypatch.setattr(sys, "stdout", out)
        try:
            code = main(["run", *words])
        except SystemExit as end:
            code = int(end.code or 0)
        return code, out.getvalue(), capsys.readouterr().err

    return call


@pytest.fixture
def xor(stepper: Any) -> dict[str, Any]:
    code, out, _ = stepper("xor", "--json")
    assert code == 0
    return json.loads(out)  # type: ignore[no-any-return]


def test_json_has_exactly_these_parts(xor: dict[str, Any]) -> None:
    assert list(xor) == ["lab", "sample", "mistake", "steps", "values", "after", "state"]
    assert (xor["lab"], xor["sample"]) == ("xor", 3)
    for n, step in enumerate(xor["steps"]):
        assert list(step) == [
            "index", "phase", "line", "text", "op", "inputs", "output", "shape", "value", "reason",
            "of",
        ]  # fmt: skip
        assert step["index"] == n
        assert step["shape"] == list(np.shape(step["value"]))
        assert (step["of"] is not None) == (step["phase"] == "backward")
        assert step["reason"]


def test_json_can_be_replayed_with_numpy(xor: dict[str, Any]) -> None:
    """The operations of the steps, done again by hand, give the values of the steps."""
    given = load("xor").given([3])
    known = {name: np.asarray(value) for name, value in given.items()}
    by_hand = {
        "matmul": np.matmul, "add": np.add, "sub": np.subtract, "mul": np.multiply,
        "div": np.divide, "neg": np.negative, "sigmoid": lambda z: 1 / (1 + np.exp(-z)),
    }  # fmt: skip

    def operand(named: Any) -> Any:
        if not isinstance(named, str):
            return np.float64(named)
        return known[named.removesuffix(".T")].T if named.endswith(".T") else known[named]

    redone = 0
    for step in xor["steps"]:
        if step["op"] in by_hand:
            again = by_hand[step["op"]](*map(operand, step["inputs"]))
            assert again.tolist() == step["value"], step["text"]
            redone += 1
        known[step["output"]] = np.asarray(step["value"])
    assert redone > 20


def test_json_values_are_those_of_the_trace(xor: dict[str, Any]) -> None:
    lab = load("xor")
    trace = lab.trace(3)
    for line in (*trace.program.phase("forward"), *trace.program.phase("backward")):
        assert xor["values"][line.target] == np.asarray(trace.value(line.target)).tolist()
    for name in lab.parameters:
        assert xor["values"][name] == trace.value(name).tolist()
        assert xor["after"][name] == trace.last(name).tolist()
        assert xor["after"][name] != xor["values"][name]
        assert f"dJ_d{name}" in xor["values"]
    assert xor["state"] == {}


def test_json_of_a_batch_with_state(stepper: Any) -> None:
    code, out, _ = stepper("xor:momentum", "--json", "--batch")
    assert code == 0
    data = json.loads(out)
    assert data["sample"] is None
    assert np.shape(data["values"]["a3"]) == (1, 21)
    assert set(data["state"]) == {f"V_{name}" for name in data["after"]}
    V, W = np.array(data["state"]["V_W1"]), np.array(data["values"]["W1"])
    np.testing.assert_allclose(W + V, data["after"]["W1"], rtol=1e-15)
    np.testing.assert_allclose(V, -0.2 * np.array(data["values"]["dJ_dW1"]), rtol=1e-15)


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("lab", lab_names())
def test_every_lab_at_every_level_fits_80_columns_of_ascii(
    stepper: Any, lab: str, level: str
) -> None:
    code, out, err = stepper(lab, "--plain", "--ascii", "--level", level)
    assert (code, err) == (0, "")
    assert out.isascii()
    assert max(map(len, out.split("\n"))) <= 80
    assert "more than rounding" not in " ".join(out.split())


def test_no_terminal_means_plain_text(stepper: Any) -> None:
    assert stepper("xor") == stepper("xor", "--plain")


def test_the_walk_is_lines_unless_asked_otherwise(stepper: Any) -> None:
    _, out, _ = stepper("xor", "--plain")
    program = load("xor").program
    heads = [line for line in out.split("\n") if " · line " in line]
    assert len(heads) == len(program.lines)
    for head, (n, line) in zip(heads, program.numbered(), strict=True):
        assert f" · {line.phase} · line {n}: {line.target} = " in head


def test_columns_are_kept(stepper: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    _, out, _ = stepper("xor", "--plain", "--batch")
    assert 50 < max(map(len, out.split("\n"))) <= 60


def lines_of(out: str) -> list[str]:
    return [line.split(" = ")[0].split(": ")[1] for line in out.split("\n") if " · line " in line]


def test_start_and_stop_at_a_variable_a_step_or_a_phase(stepper: Any) -> None:
    _, out, _ = stepper("xor", "--plain", "--start", "dJ_dW2", "--stop", "dJ_da1")
    assert lines_of(out) == ["dJ_dW2", "dJ_db2", "dJ_da1"]
    _, out, _ = stepper("xor", "--plain", "--start", "∂J/∂W2", "--stop", "dJ_dW2")
    assert lines_of(out) == ["dJ_dW2"]
    _, out, _ = stepper("xor", "--plain", "--stop", "forward")
    assert lines_of(out) == [line.target for line in load("xor").program.phase("forward")]
    assert "given" in out
    _, out, _ = stepper("xor", "--plain", "--start", "2", "--stop", "4", "--level", "operation")
    assert [line.split(" ")[0] for line in out.split("\n") if " · line " in line] == ["2", "3", "4"]
    _, out, _ = stepper("xor", "--json", "--start", "update")
    assert {step["phase"] for step in json.loads(out)["steps"]} == {"update"}


def test_the_chosen_entry_is_worked_out(stepper: Any) -> None:
    around = ("--start", "dJ_dW2", "--stop", "dJ_dW2")
    _, out, _ = stepper("xor", "--plain", "--entry", "2,1", *around)
    assert "row 3, column 2 · dJ_dW2[2, 1]" in out
    assert "∂J/∂w⁽²⁾₃₂ = ∂J/∂z⁽²⁾₃ · a⁽¹⁾₂ = " in out
    _, out, _ = stepper("xor", "--plain", "--entry", "2,1", *around, "--ascii")
    assert "dJ_dW2[2, 1] = dJ_dz2[2, 0] * a1[1, 0] = " in out
    _, out, _ = stepper("xor", "--plain", "--level", "entry", *around)
    assert sum("· dJ_dW2[" in line for line in out.split("\n")) == 12


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("no-such-lab",), "no-such-lab"),
        (("xor", "--sample", "21"), "21"),
        (("xor", "--sample", "-1"), "-1"),
        (("xor", "--start", "nonsense"), "nonsense"),
        (("xor", "--start", "dJ_dW"), "dJ_dW1"),
        (("xor", "--start", "X"), "given"),
        (("xor", "--start", "9999"), "9999"),
        (("xor", "--start", "update", "--stop", "forward"), "after"),
        (("xor", "--entry", "9,9"), "9"),
        (("xor", "--entry", "a"), "a"),
        (("xor", "--set", "lr"), "lr"),
        (("xor", "--set", "nothing=1"), "nothing"),
        (("xor", "--level", "deep"), "deep"),
        (("xor", "--data", "no-such-set"), "no-such-set"),
        (("xor", "--batch", "--sample", "3"), "--batch"),
        (("xor", "--plain", "--json"), "--plain"),
        ((), "LAB"),
    ],
)
def test_bad_options_are_refused_in_one_message(
    stepper: Any, words: tuple[str, ...], said: str
) -> None:
    code, out, err = stepper(*words)
    assert code == 2
    assert out == ""
    assert said in err
    assert "Traceback" not in err
    assert err.strip().count("stepper:") + err.count("error:") == 1


def test_seed_and_sample_change_the_numbers(stepper: Any) -> None:
    texts = {stepper("xor", *words)[1] for words in ((), ("--seed", "5"), ("--sample", "4"))}
    assert len(texts) == 3


def test_on_a_terminal_with_plain_there_is_no_screen(
    stepper: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Pipe, "isatty", lambda self: True)
    monkeypatch.setenv("NO_COLOR", "1")
    code, out, _ = stepper("xor", "--plain", "--start", "J", "--stop", "J")
    assert code == 0
    assert "∂" not in out.split("\n")[0]
    assert " · line " in out


def test_run_imports_neither_the_screen_nor_sympy_when_it_prints() -> None:
    import subprocess

    code = (
        "import sys; from stepper.cli.main import main; main(['run', 'xor', '--plain']);"
        "print([m for m in ('textual', 'sympy', 'rich.console') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.rstrip().endswith("[]")


def test_on_a_terminal_it_opens_the_screen_where_it_was_asked_to(
    stepper: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[Any] = []

    def run_app(lab: Any, sample: int | None, ascii: bool, **more: Any) -> int:
        opened.append((lab.name, sample, ascii, more))
        return 0

    monkeypatch.setattr("stepper.app.app.run_app", run_app)
    monkeypatch.setattr(Pipe, "isatty", lambda self: True)
    code, _, _ = stepper("xor", "--start", "a1", "--set", "h1=5", "--seed", "7", "--level", "entry")
    step = next(s for s in load("xor").trace(3).steps if s.line == 2)
    assert code == 0
    assert opened == [
        (
            "xor", 3, False,
            {"at": step.index + 1, "level": "entry", "entry": (0, 0),
             "options": ["--set", "h1=5", "--seed", "7"], "edits": (), "placed": True,
             "inline": False},
        )
    ]  # fmt: skip


def test_edits_change_the_numbers_of_every_form(stepper: Any) -> None:
    edits = ("--edit", "W1[2, 0] = 0.5", "--edit", "lr=3")
    found = json.loads(stepper("xor", "--json", *edits)[1])
    plain = json.loads(stepper("xor", "--json")[1])
    assert found["values"]["W1"][2][0] == 0.5
    assert found["values"]["J"] != plain["values"]["J"]
    assert stepper("xor", *edits)[1] != stepper("xor")[1]


@pytest.mark.parametrize("typed", ["0.5", "W1=0.5", "W9[0,0]=1", "W1[9,9]=1", "z1[0,0]=1", "lr=x"])
def test_an_edit_that_cannot_be_made_is_refused(stepper: Any, typed: str) -> None:
    code, out, err = stepper("xor", "--edit", typed)
    assert (code, out) == (2, "")
    assert err.startswith("stepper: ")


def test_a_mistake_is_marked_and_so_is_all_that_follows(stepper: Any) -> None:
    mazur = ("mazur", "--mistake", "updated-weight")
    code, out, _ = stepper(*mazur, "--plain")
    assert code == 0
    heads = {line.split(" · ")[2].split(": ")[0] for line in out.split("\n") if " · line " in line}
    assert "line 10 ✗" in heads
    assert {h for h in heads if h.endswith("~")} == {
        "line 11 ~", "line 12 ~", "line 13 ~", "line 14 ~",
    }  # fmt: skip
    said = " ".join(out.split())
    assert "a mistake made on purpose: updated-weight, in line 10" in said
    assert "was updated. Right is W2.T @ dE_dz2" in said
    code, out, _ = stepper(*mazur, "--plain", "--ascii", "--level", "phase")
    assert out.isascii()
    assert "\n    10x dE_da1 = (W2 - lr * dE_dW2).T @ dE_dz2\n    11~ dE_dz1" in out
    code, out, _ = stepper(*mazur, "--json")
    assert json.loads(out)["mistake"] == {
        "id": "updated-weight", "line": 10, "right": "dE_da1 = W2.T @ dE_dz2",
        "follows": [11, 12, 13, 14],
    }  # fmt: skip


def test_a_mistake_that_cannot_be_made_is_refused(stepper: Any) -> None:
    for spec, said in (("nothing", "no mistake"), ("updated-weight@3", "line 10 (dE_da1)")):
        code, out, err = stepper("mazur", "--mistake", spec)
        assert (code, out) == (2, "")
        assert said in err


SCALARS = [
    (name, parameter)
    for name in lab_names()
    for parameter, value in load(name).parameters.items()
    if not np.ndim(value)
]
STARTED = [*(f"{start}()" for start in STARTS), "-2", "0.5"]
REFUSED = ["nan", "1e400", "-1e999999", "[[1]]", "normal(0, 1)", "normal(std=-1)", "no()", "h"]


@pytest.mark.parametrize(("name", "parameter"), SCALARS)
def test_a_single_number_is_set_or_drawn_or_refused_in_a_message(
    stepper: Any, name: str, parameter: str
) -> None:
    for typed in (*STARTED, *REFUSED):
        code, _, err = stepper("--plain", name, "--set", f"{parameter}={typed}")
        wanted = (0, 2) if typed in STARTED else (2,)  # a draw may leave what a log can take
        assert code in wanted, (typed, err)
        assert "Traceback" not in err
