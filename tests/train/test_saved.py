"""A training in a file: what was written comes back, and nothing else is taken for one."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from stepper.expr.errors import StepperError
from stepper.labs.load import load
from stepper.labs.source import HERE
from stepper.train.running import after
from stepper.train.saved import save, trained


def test_what_is_saved_comes_back(tmp_path: Path) -> None:
    lab = load("bce-momentum")
    state = after(lab, 3)
    save(tmp_path / "run.npz", lab, state)
    again = trained(lab, tmp_path / "run.npz")
    assert (again.epoch, again.updates) == (3, 3)
    for ours, theirs in ((again.parameters, state.parameters), (again.state, state.memory)):
        assert ours.keys() == theirs.keys()
        assert all(np.array_equal(ours[name], theirs[name]) for name in theirs)
    assert after(again, 2).epoch == 5
    assert np.array_equal(after(again, 2).parameters["W1"], after(lab, 5).parameters["W1"])


@pytest.mark.parametrize(
    ("spec", "sets", "said"),
    [
        ("folded-bias", {}, "is a training of xor"),
        ("xor:momentum", {}, "this is xor:momentum"),
        ("xor", {"optimizer": "momentum"}, "holds -, and this lab has V_W1"),
        ("xor", {"h1": "7"}, "W1 is 4×2"),
    ],
)
def test_a_training_of_something_else_is_refused(
    spec: str, sets: dict[str, str], said: str, tmp_path: Path
) -> None:
    lab = load("xor")
    save(tmp_path / "run.npz", lab, after(lab, 1))
    with pytest.raises(StepperError, match=said):
        trained(load(spec, sets=sets), tmp_path / "run.npz")


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a lab file in it, to be in."""
    (tmp_path / "my.toml").write_text((HERE / "xor.toml").read_text())
    monkeypatch.chdir(tmp_path)
    return tmp_path


SPELLINGS = ("my.toml", "./my.toml", "../{folder}/my.toml", "{here}/my.toml")


@pytest.mark.parametrize("then", SPELLINGS)
@pytest.mark.parametrize("now", SPELLINGS)
def test_the_same_file_may_be_spelled_in_another_way(then: str, now: str, here: Path) -> None:
    then, now = (spec.format(folder=here.name, here=here) for spec in (then, now))
    save(here / "run.npz", load(then), after(load(then), 1))
    assert trained(load(now), here / "run.npz").epoch == 1
    old = {"format": 1, "lab": then, "epoch": 2, "updates": 2}  # as it was saved earlier
    said_to_be(here / "run.npz", old)
    assert trained(load(now), here / "run.npz").epoch == 2


def test_a_file_may_be_read_from_another_folder_and_another_machine(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    save(here / "run.npz", load("my.toml"), after(load("my.toml"), 1))
    (here / "below").mkdir()
    monkeypatch.chdir(here / "below")
    assert trained(load("../my.toml"), here / "run.npz").epoch == 1
    (here / "below" / "my.toml").write_text((here / "my.toml").read_text())
    assert trained(load("my.toml"), here / "run.npz").epoch == 1
    with pytest.raises(StepperError, match="is a training of my"):
        trained(load("./my.toml"), here / "run.npz")


def said_to_be(path: Path, about: object) -> None:
    """Puts other words about a training in its place."""
    with np.load(path) as file:
        arrays = dict(file)
    np.savez(path, **{**arrays, "about": np.array(json.dumps(about))})


@pytest.mark.parametrize("lab", [None, 3, [], "\0.toml", "\ud800.toml"])
def test_a_training_of_no_lab_is_refused(lab: object, here: Path) -> None:
    save(here / "run.npz", load("xor"), after(load("xor"), 1))
    said_to_be(here / "run.npz", {"format": 1, "epoch": 1, "updates": 1, "lab": lab})
    with pytest.raises(StepperError, match="no training"):
        trained(load("xor"), here / "run.npz")


def broken(path: Path, what: str) -> None:
    lab = load("xor")
    save(path, lab, after(lab, 1))
    if what == "half":
        path.write_bytes(path.read_bytes()[:-200])
    elif what in ("later", "strange", "pickled", "not finite"):
        with np.load(path) as file:
            arrays = dict(file)
        about = {"format": 9, "lab": "xor", "epoch": 1, "updates": 1}
        if what == "later":
            arrays["about"] = np.array(json.dumps(about))
        elif what == "strange":
            arrays["about"] = np.array(json.dumps({**about, "format": 1, "epoch": "x"}))
        elif what == "pickled":
            arrays["parameter.W1"] = np.array([object()])
        else:
            arrays["parameter.W1"][0, 0] = np.nan
        np.savez(path, **arrays)
    else:
        path.write_bytes(b"" if what == "empty" else b"not a zip file at all")


@pytest.mark.parametrize(
    ("what", "said"),
    [
        ("half", "no training"),
        ("empty", "no training"),
        ("text", "no training"),
        ("later", "later stepper"),
        ("strange", "no training"),
        ("pickled", "no training"),
        ("not finite", "not finite"),
    ],
)
def test_a_broken_file_is_refused(what: str, said: str, tmp_path: Path) -> None:
    broken(tmp_path / "run.npz", what)
    with pytest.raises(StepperError, match=said):
        trained(load("xor"), tmp_path / "run.npz")


def test_a_file_that_is_not_there_and_one_that_cannot_be_written(tmp_path: Path) -> None:
    lab = load("xor")
    with pytest.raises(StepperError, match="cannot read"):
        trained(lab, tmp_path / "none.npz")
    (tmp_path / "file").write_text("")
    with pytest.raises(StepperError, match="cannot write"):
        save(tmp_path / "file" / "run.npz", lab, after(lab, 1))


SAVING = """
import sys
from pathlib import Path
from stepper.labs.load import load
from stepper.train.loop import start
from stepper.train.saved import save
lab = load("bce-momentum")
print("ready", flush=True)
while True:
    save(Path(sys.argv[1]), lab, start(lab))
"""


def test_killed_while_saving_the_file_is_whole(tmp_path: Path) -> None:
    path, lab = tmp_path / "run.npz", load("bce-momentum")
    save(path, lab, after(lab, 1))
    for wait in (0.01, 0.03, 0.05):
        with subprocess.Popen(
            [sys.executable, "-c", SAVING, str(path)], stdout=subprocess.PIPE
        ) as saving:
            assert saving.stdout is not None
            saving.stdout.readline()
            try:
                saving.wait(wait)
            except subprocess.TimeoutExpired:
                os.kill(saving.pid, signal.SIGKILL)
        assert trained(lab, path).parameters.keys() == lab.parameters.keys()
