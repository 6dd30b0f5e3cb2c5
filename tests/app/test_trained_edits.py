"""Training goes on from what is on the screen: the edits hold in it, and every way back is true."""

import re
import shlex
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from stepper.app.app import StepperApp
from stepper.app.edited import marks, standing
from stepper.app.modes import modes
from stepper.app.moves import edit, epochs
from stepper.app.moves.restart import restart
from stepper.app.moves.samples import next_sample
from stepper.app.returning import comes_back, without_training
from stepper.app.snapshot import Snapshot, opened, told
from stepper.app.widgets.loss import told_of
from stepper.cli.main import main
from stepper.labs.edit_text import read
from stepper.labs.held import holding
from stepper.labs.lab import Lab
from stepper.labs.load import load
from stepper.show.rows import Look
from stepper.train.running import after
from tests.app.screens import lab, now
from tests.app.test_training import assert_same, made, trained, xor

TYPED = ("W1[0, 0] = 2.5", "X[1, 0] = 0.25", "y[0, 0] = 0", "lr = 0.5")


def edited(frame: Snapshot, *typed: str) -> Snapshot:
    for one in typed:
        frame = edit.edited(frame, read(one))
    return frame


def by_hand(sample: int = 3) -> Lab:
    """The lab with what is typed in TYPED put into its numbers."""
    own = lab()
    weights = dict(own.parameters)
    weights["W1"] = weights["W1"].copy()
    weights["W1"][0, 0] = 2.5
    X, y = own.data.X.copy(), own.data.y.copy()
    X[1, sample], y[0, sample] = 0.25, 0
    training = own.training._replace(settings={**own.training.settings, "lr": 0.5})
    return replace(own, parameters=weights, data=own.data._replace(X=X, y=y), training=training)


def test_training_goes_on_from_what_is_on_the_screen():
    wanted = epochs.train(edited(xor(at=20), *TYPED), "5")
    assert "with your edits" in str(wanted.message)
    assert wanted.cursor.stop == xor(at=20).cursor.stop
    there = made(wanted)
    assert_same(there, after(by_hand(), 5))
    assert "with your edits" in str(there.message)
    assert there.trace.value("X")[1, 0] == 0.25
    assert there.trace.value("lr") == 0.5
    assert "edited: 4" in [str(mode) for mode in modes(there)]
    rows = "\n".join("".join(text for text, _ in row)
                     for row in told_of(there, 30, Look(width=78)).rows)  # fmt: skip
    assert "trained with your 4 edits" in rows
    assert "lr=0.5" in rows


def test_one_epoch_more_is_trained_with_the_edits_too():
    there = made(epochs.next_epoch(edited(xor(), *TYPED)))
    assert_same(made(epochs.next_epoch(there)), after(by_hand(), 2))


def test_an_edit_during_a_training_is_trained_with_by_the_next_one():
    under_way = epochs.train(xor(), "5")
    there = edited(under_way, "W1[0, 0] = 2.5")
    assert "not in the training under way" in str(there.message)
    assert there.training is under_way.training
    paused = epochs.pause(there)
    again = made(epochs.train(paused, "2"))
    assert_same(again, after(holding(lab(), (read("W1[0, 0] = 2.5"),)), 2))


def test_what_is_still_edited_is_marked_and_what_training_moved_is_not():
    there = made(epochs.train(edited(xor(), *TYPED), "5"))
    assert {e.name for e in standing(there)} == {"X", "y", "lr"}
    X, W1 = (marks(there, there.trace.value(name)) for name in ("X", "W1"))
    assert X((1, 0)) == "*" and X((0, 0)) == ""
    assert W1 is None
    other = next_sample(there)
    assert {e.name for e in standing(other)} == {"lr"}
    back = made(epochs.train(there, "start"))
    assert {e.name for e in standing(back)} == {"W1", "X", "y", "lr"}
    assert marks(back, back.trace.value("W1"))((0, 0)) == "*"


def test_undo_goes_back_to_before_the_training_and_then_takes_the_edits_back():
    first = edited(trained(3), "lr = 0.5", "W2[0, 0] = 1")
    there = made(epochs.further(first, 4))
    assert there.lab.epoch == 7
    refused = epochs.earlier(there, 9)
    assert made(refused).lab.epoch == 3
    assert "your edits are trained with from epoch 3" in str(
        epochs.back_epoch(made(refused)).message
    )
    undone = edit.undo(there)
    assert_same(undone, after(lab(), 3))
    assert undone.edits == first.edits
    assert np.array_equal(undone.trace.value("W2"), first.trace.value("W2"))
    plain = edit.undo(edit.undo(undone))
    assert (plain.edits, plain.changed) == ((), {})
    assert "nothing is edited" in str(edit.undo(plain).message)
    assert_same(made(epochs.next_epoch(plain)), after(lab(), 4))


def test_all_edits_are_undone_and_restart_is_the_lab_of_the_file():
    there = made(epochs.train(edited(xor(), *TYPED), "5"))
    there = edited(made(epochs.train(edited(there, "W2[0, 0] = 1"), "2")), "lr = 1")
    plain = edit.undo_all(there)
    assert "all 6 edits" in str(plain.message)
    assert_same(plain, after(lab(), 0))
    assert plain.changed == {}
    again = restart(there)
    assert (again.lab, again.edits, again.training) == (lab(), (), None)


def test_the_commands_at_the_end_come_back_to_what_was_trained(monkeypatch, capsys, tmp_path: Path):
    there = made(epochs.train(edited(xor(at=20), *TYPED), "5"))
    there = edited(there, "W2[0, 0] = 1", "X[0, 0] = 0.75")
    there = told(made(epochs.train(there, "2")), "")
    said = str(without_training(there, ["--set", "epochs=9"]))
    found = re.search(r"not in that command: (.*), then add (--weights \S+)", said)
    monkeypatch.chdir(tmp_path)
    for command in found[1].split(" && "):
        assert main(shlex.split(command)[1:]) == 0
    came = []
    monkeypatch.setattr(StepperApp, "run", lambda self, **_: came.append(now(self)))
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    assert main(shlex.split(f"{comes_back(there)} {found[2]}")[1:]) == 0
    (again,) = came
    for ours, theirs in zip(again.trace.values, there.trace.values, strict=True):
        assert np.allclose(ours, theirs, rtol=1e-12, atol=0)
    capsys.readouterr()


def test_a_count_of_updates_that_is_none_is_refused_where_it_would_be_trained_with():
    adam = opened(load("xor", sets={"optimizer": "adam(lr=0.01)"}), 3)
    there = epochs.next_epoch(edited(adam, "t = 1.5"))
    assert "t counts the updates" in str(there.message)
    assert there.training is None
    assert made(epochs.next_epoch(edited(adam, "t = 4"))).lab.updates == 4


@pytest.mark.parametrize("schedule", ["step(every=2, factor=0.5)", "cosine(span=10)"])
def test_an_edited_rate_is_the_rate_of_the_next_epoch_and_the_schedule_goes_on(schedule):
    own = replace(load("xor", sets={"schedule": schedule}), epoch=3)
    held = holding(own, (read("lr = 0.8"),))
    rates, plain = ([lab.training.rate(n) for n in range(4, 9)] for lab in (held, own))
    assert rates[0] == held.given()["lr"] == 0.8
    assert np.allclose(np.array(rates) / rates[0], np.array(plain) / plain[0])
