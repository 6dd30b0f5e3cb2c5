"""`stepper train`: what it prints, keeps and says, and how it ends."""

import json
import os
import pty
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from stepper.cli.main import main
from stepper.cli.progress import line
from stepper.labs.edit_text import read
from stepper.labs.held import holding
from stepper.labs.load import load
from stepper.show.translation import speak
from stepper.train.fit import Fit
from stepper.train.running import after


def run(capsys, *words: str) -> tuple[int, str, str]:
    code = main(["train", *words])
    said = capsys.readouterr()
    return code, said.out, said.err


def test_json_says_what_came_of_it(capsys) -> None:
    code, out, err = run(capsys, "xor", "--epochs", "6", "--every", "2", "--json")
    record, state = json.loads(out), after(load("xor"), 6)
    assert code == 0
    assert not err
    assert set(record) == {
        "lab", "epochs", "loss", "accuracy", "metrics", "stopped", "parameters", "history",
    }  # fmt: skip
    assert (record["lab"], record["epochs"], record["stopped"]) == ("xor", 6, "epochs")
    assert [epoch for epoch, _ in record["history"]] == [0, 2, 4, 6]
    assert record["history"][-1][1] == record["loss"]
    assert np.allclose(record["parameters"]["W1"], state.parameters["W1"], rtol=1e-12)
    assert 0 <= record["accuracy"] <= 1


def test_the_report_shows_curve_predictions_and_boundary(capsys) -> None:
    code, out, _ = run(capsys, "xor", "--epochs", "300")
    assert code == 0
    for said in ("trained for 300 epochs", "0 epoch", "accuracy", "sample", "target", "░"):
        assert said in out
    _, plain, _ = run(capsys, "xor", "--epochs", "30", "--ascii")
    assert plain.isascii()


def test_every_line_fits_the_width(capsys, monkeypatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    for lab in ("xor", "three-class", "micrograd", "half-mse:no-activation"):
        _, out, _ = run(capsys, lab, "--epochs", "9")
        assert not [line for line in out.splitlines() if len(line) > 80]


def test_what_is_edited_is_trained_with(capsys) -> None:
    edits = ("--edit", "X[0,3]=0.25", "--edit", "W1[0,0]=2", "--edit", "lr=0.5")
    code, out, _ = run(capsys, "xor", "--epochs", "3", "--json", *edits)
    held = holding(load("xor"), tuple(map(read, edits[1::2])))
    assert code == 0
    assert held.given([3])["X"][0, 0] == 0.25
    ours, theirs = json.loads(out)["parameters"]["W1"], after(held, 3).parameters["W1"]
    assert np.allclose(ours, theirs, rtol=1e-12)
    code, _, err = run(capsys, "xor", "--epochs", "3", "--edit", "W1[0,9]=2")
    assert (code, "no entry [0, 9]" in err) == (2, True)


def test_a_mistake_is_trained_with(capsys) -> None:
    lost = [json.loads(run(capsys, "xor", "--epochs", "3", "--json", *words)[1])["loss"]
            for words in ((), ("--mistake", "sign"))]  # fmt: skip
    assert lost[0] != lost[1]


def test_a_condition_ends_it(capsys) -> None:
    code, out, _ = run(capsys, "folded-bias", "--set", "lr=4", "--until", "J < 0.2", "--json")
    record = json.loads(out)
    assert code == 0
    assert record["stopped"] == "until"
    assert record["loss"] < 0.2


def test_the_labs_own_condition_holds_without_another(capsys) -> None:
    _, out, _ = run(capsys, "folded-bias", "--set", "lr=4", "--json")
    assert json.loads(out)["loss"] < 0.005


def test_a_number_that_is_not_finite_ends_it_with_1(capsys) -> None:
    code, out, _ = run(capsys, "half-mse:no-activation", "--json")
    record = json.loads(out)
    assert (code, record["stopped"]) == (1, "nan")
    assert 3 <= record["epochs"] <= 8
    code, out, _ = run(capsys, "half-mse:no-activation")
    assert code == 1
    assert "training broke in epoch" in out
    assert "largest weight" in out
    assert "gradient descent holds for rates below" in out
    assert "stops at that step" in out
    assert out.splitlines()[-1] == "   stepper run half-mse:no-activation"
    code, out, _ = run(capsys, "online-momentum:no-activation")
    assert code == 1
    assert "0 epoch" not in out  # one point makes no curve


def test_what_is_kept_is_gone_on_from(capsys, tmp_path: Path) -> None:
    kept, table = str(tmp_path / "run.npz"), tmp_path / "curve.csv"
    run(capsys, "xor", "--epochs", "4", "--save", kept, "--csv", str(table), "--json")
    lines = table.read_text().splitlines()
    assert lines[0] == "epoch,J,mae"
    assert [line.split(",")[0] for line in lines[1:]] == ["0", "1", "2", "3", "4"]
    _, out, _ = run(capsys, "xor", "--weights", kept, "--epochs", "3", "--json")
    record = json.loads(out)
    assert record["epochs"] == 7
    wanted = after(load("xor"), 7).parameters["W3"]
    assert np.allclose(record["parameters"]["W3"], wanted, rtol=1e-12)
    assert main(["run", "xor", "--weights", kept, "--plain"]) == 0
    assert " · epoch 4 · " in capsys.readouterr().out


def test_it_says_how_to_walk_through_what_was_trained(capsys, tmp_path: Path) -> None:
    kept, lab = str(tmp_path / "run.npz"), ("xor", "--set", "h1=3", "--epochs", "1")
    _, out, _ = run(capsys, *lab)
    assert "keep them with --save run.npz" in out
    _, out, _ = run(capsys, *lab, "--save", kept)
    command = f"stepper run xor --set h1=3 --weights {kept}"
    assert out.splitlines()[-1] == f"   {command}"
    assert main([*command.split()[1:], "--plain", "--stop", "1"]) == 0


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("xor", "--until", "J <"), "cannot be read"),
        (("xor", "--until", "q < 1"), "`q`"),
        (("xor", "--until", "a1 > 0"), "single number"),
        (("xor", "--save", "nowhere/at/all.npz"), "cannot write"),
        (("xor", "--csv", "."), "it is a folder"),
        (("xor", "--csv", "a.out", "--save", "./a.out"), "name the same file"),
        (("xor", "--csv", "-"), "give the file a name"),
        (("xor", "--until", "J"), "compare it with something"),
        (("xor", "--weights", "nothing.npz"), "cannot read"),
        (("xorr",), "Did you mean `xor`"),
    ],
)
def test_what_cannot_be_done_is_said_before_any_training(
    capsys, words: tuple[str, ...], said: str
) -> None:
    code, out, err = run(capsys, *words)
    assert code == 2
    assert said in err
    assert not out


@pytest.mark.parametrize(
    "words", [("--epochs", "0"), ("--epochs", "x"), ("--every", "-1"), ("--epochs", "9" * 11)]
)
def test_counts_are_counts(capsys, words: tuple[str, ...]) -> None:
    with pytest.raises(SystemExit) as left:
        main(["train", "xor", *words])
    assert left.value.code == 2
    assert "whole number" in capsys.readouterr().err


def test_ctrl_c_keeps_what_was_reached(tmp_path: Path) -> None:
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "stepper", "train", "three-hidden", "--json"]
    with subprocess.Popen(
        [*command, "--save", str(tmp_path / "run.npz")],
        stdout=subprocess.PIPE, stderr=theirs, text=True,
    ) as training:  # fmt: skip
        said = b""
        while b"of 5000" not in said:
            said += os.read(ours, 4096)
        training.send_signal(signal.SIGINT)
        out, _ = training.communicate(timeout=60)
    os.close(ours), os.close(theirs)
    record = json.loads(out)
    assert training.returncode == 3
    assert record["stopped"] == "interrupted"
    assert record["epochs"] < 5000
    assert (tmp_path / "run.npz").exists()


def test_on_a_terminal_it_says_how_far_it_is() -> None:
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "stepper", "train", "online-momentum", "--epochs", "400"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=theirs) as training:
        os.close(theirs)
        said = b""
        while True:
            try:
                more = os.read(ours, 4096)
            except OSError:
                break
            said += more
    os.close(ours)
    assert training.returncode == 0
    assert b"of 400" in said
    assert b" left" in said


@pytest.mark.parametrize(
    ("language", "left"), [("en", "1 h 30 min left"), ("zh-TW", "還要 1 小時 30 分鐘")]
)
def test_what_is_left_of_a_long_training_is_said_in_hours(language: str, left: str) -> None:
    speak(language)
    fit = Fit(load("xor"), 5401, every=1)
    while not fit.run.epoch:
        next(iter(fit))
    said = line(fit, seconds=1.0)
    assert fit.run.epoch == 1
    assert said.endswith(left)


def test_less_than_one_epoch_a_second_is_not_none() -> None:
    fit = Fit(load("xor"), 3, every=1)
    while not fit.run.epoch:
        next(iter(fit))
    assert "· 0.25 epochs a second · 8 s left" in line(fit, seconds=4.0)
