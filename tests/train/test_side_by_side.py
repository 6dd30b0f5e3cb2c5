"""What takes long is measured in processes of its own, kept, and never measured twice."""

import re
import signal
import subprocess
import sys
from dataclasses import replace
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from stepper.check.switch import with_mistake
from stepper.cli.main import main
from stepper.expr.errors import StepperError
from stepper.labs.load import load
from stepper.train import kept_numbers, side_by_side
from stepper.train.experiment import experiments
from stepper.train.loop import quantity
from stepper.train.running import after
from stepper.train.side_by_side import Found, Reached, measured, tasks

LAB = """
title = "Two weights"
about = "Small and quick."

[data]
inputs = [[1, 2, 3]]
targets = [[2, 4, 7]]
layout = "columns"

[parameters]
w = "normal(1, 1)"

[program]
forward = '''
p = w @ X
J = mse(p, y)
'''

[training]
optimizer = "gd(lr=0.01)"
epochs = 10
"""
ROW = """
[[reported]]
quantity = "J"
value = 0.5
epoch = {}
note = "Nobody said so."
ours = {}
{}
"""


@pytest.fixture
def lab(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A lab with two numbers that are said to take long, one of them at another rate, and one that
    is quick."""
    monkeypatch.setenv("STEPPER_STATE", str(tmp_path / "state"))
    path = tmp_path / "two.toml"
    rows = ROW.format(3, 1, "slow = true"), ROW.format(2, 1, "")
    path.write_text(LAB + "".join(rows) + ROW.format(4, 1, "slow = true\nsettings = {lr = 0.02}"))
    return str(path)


def test_every_number_is_what_a_training_gives_and_is_measured_once(lab: str) -> None:
    todo = tasks([lab], ())
    assert [task.updates for task in todo] == [4, 3]
    events = list(measured(todo, with_mistake, 2))
    found = {task.experiment.label: e for task, e in events if isinstance(e, Found)}
    assert all(isinstance(e, Found | Reached) for _, e in events)
    assert len(found) == 2
    for experiment in experiments(lab):
        trained = load(lab, sets=experiment.settings)
        last = experiment.reported[-1]
        J = quantity(trained, after(trained, last.epoch), trained.forward.lines[-1].tree)
        assert found[experiment.label].number == pytest.approx(float(J), rel=1e-12)
    assert tasks([lab], [task.experiment.key(task.asked[0]) for task in todo]) == []


def broken(lab: object, mistake: str) -> object:
    raise SystemExit(7)


def test_a_process_that_breaks_off_is_said(lab: str) -> None:
    task = tasks([lab], ())[0]
    wrong = replace(task, experiment=replace(task.experiment, mistake="any"))
    with pytest.raises(StepperError, match="ended with code 7"):
        list(measured([wrong], broken, 1))


def says_whether_it_hears(pipe: Connection, task: object, switch: object) -> None:
    pipe.send(signal.getsignal(signal.SIGINT) is not signal.SIG_IGN)


def test_ctrl_c_is_for_the_one_that_waits_from_the_first_moment_on(
    lab: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = signal.getsignal(signal.SIGINT)
    monkeypatch.setattr(side_by_side, "_work", says_whether_it_hears)
    assert [heard for _, heard in measured(tasks([lab], ()), with_mistake, 1)] == [False, False]
    assert signal.getsignal(signal.SIGINT) is before


def test_a_number_is_known_to_the_same_code_and_the_same_lab_only(
    lab: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = (task.experiment.key(task.asked[0]) for task in tasks([lab], ()))
    assert first != second
    kept_numbers.keep(first, float("nan"))
    kept_numbers.keep(second, 0.1)
    known, said = kept_numbers.known()
    assert (known.keys(), known[second], said) == ({first, second}, 0.1, None)
    Path(lab).write_text(Path(lab).read_text().replace("[1, 2, 3]", "[1, 2, 4]"))
    assert len(tasks([lab], known)) == 2
    monkeypatch.setattr(kept_numbers, "_code", lambda: "of tomorrow")
    assert kept_numbers.known() == ({}, None)


def test_a_number_is_of_the_points_in_its_file(lab: str) -> None:
    points = Path(lab).with_name("points.csv")
    data = 'csv = "points.csv"\nlayout'
    Path(lab).write_text(re.sub(r"inputs = .*\ntargets = .*\nlayout", data, Path(lab).read_text()))
    keys = set()
    for last in (4, 5, 4):
        points.write_text(f"x,y\n1,2\n2,{last}\n")
        keys |= {task.experiment.key(task.asked[0]) for task in tasks([lab], ())}
    assert len(keys) == 4


def test_all_that_measures_is_in_the_digest_of_the_code() -> None:
    measuring = "import sys, stepper.train.side_by_side, stepper.check.switch\n"
    listing = "print(*(m.__file__ for n, m in sys.modules.items() if n.startswith('stepper.')))"
    loaded = subprocess.run([sys.executable, "-c", measuring + listing], text=True,
                            check=True, capture_output=True).stdout.split()  # fmt: skip
    assert "products.py" in {Path(file).name for file in loaded}
    assert {Path(file) for file in loaded} <= set(kept_numbers.sources())


def test_an_interrupted_ledger_goes_on_where_it_was(
    lab: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    real = side_by_side.measured

    def until_ctrl_c(todo, switch, processes):
        (task, event), *_ = [pair for pair in real(todo, switch, 1) if isinstance(pair[1], Found)]
        yield task, event
        raise KeyboardInterrupt

    ledger = ["labs", "--ledger", "--full", lab]
    monkeypatch.setattr(side_by_side, "measured", until_ctrl_c)
    assert main(ledger) == 3
    printed = capsys.readouterr()
    assert "2 published numbers" in printed.out
    assert "left to measure: 1;" in printed.err
    monkeypatch.setattr(side_by_side, "measured", real)
    assert main([*ledger, "-j", "1"]) == 1
    printed = capsys.readouterr()
    assert "3 published numbers" in printed.out
    assert printed.err.count("epochs is") == 1
    assert main(ledger) == 1
    assert capsys.readouterr().err == ""


def test_a_number_of_epoch_0_needs_no_update(lab: str, capsys: pytest.CaptureFixture[str]) -> None:
    Path(lab).write_text(LAB + ROW.format(0, 1, "slow = true"))
    assert main(["labs", "--ledger", "--full", lab, "-j", "1"]) == 1
    assert "J after 0 epochs is" in capsys.readouterr().err
