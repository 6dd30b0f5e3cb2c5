"""What is remembered of a lab: restored as it was left, by two apps at once, and never nonsense."""

import json
import os
import signal
import subprocess
import sys
from dataclasses import replace

import pytest

from stepper.app.app import StepperApp, run_app
from stepper.app.kept import Kept, kept, merged
from stepper.app.leaving import code_of
from stepper.app.memory import STORE, as_record, from_record, memory_of
from stepper.app.moves import breaks, entries, levels, steps, watching
from stepper.app.returning import comes_back
from stepper.app.screens.debugger import DebuggerScreen
from stepper.app.snapshot import OPENING, Snapshot, opened, outermost
from stepper.expr.errors import FAULT
from stepper.labs.load import load
from stepper.labs.source import lab_names
from stepper.program.breakpoints import condition
from stepper.program.cursor import LEVELS
from stepper.show.rows import Look
from tests.app.screens import PRODUCT, lab, now


def left(name: str = "xor", sample: int | None = 5, **place) -> Snapshot:
    there = opened(lab(name), sample, **place)
    there = watching.toggle(breaks.toggle(there, 4))
    points = there.breakpoints.when(6, condition("max(a1) > 0.9", there.trace))
    return replace(there, breakpoints=points)


def reopened(name: str = "xor", *, place: bool = True) -> Snapshot:
    first = opened(lab(name), lab(name).check_sample(None))
    return memory_of(lab(name)).opened(first, place=place)


def keep(now: Snapshot) -> None:
    memory = memory_of(now.lab)
    assert memory.keep(opened(now.lab, now.sample), now) is None


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("at", [1, 4, PRODUCT])
def test_a_lab_opens_as_it_was_left(level, at):
    before = entries.select(left(at=at, level=level), (1, 0))
    keep(before)
    after = reopened()
    assert kept(after) == kept(before)
    assert (after.sample, after.cursor.stop, after.entry) == (5, before.cursor.stop, before.entry)
    assert [w.source for w in after.watches] == [w.source for w in before.watches]
    assert str(before.step.line) in str(after.message)
    assert ":restart" in str(after.message)


def test_what_the_command_line_says_wins_over_the_place_and_the_rest_is_there():
    keep(left(at=PRODUCT))
    after = reopened(place=False)
    assert (after.sample, after.cursor.at) == (3, 0)
    assert after.breakpoints.lines == {4, 6}
    assert len(after.watches) == 1


def test_inside_a_step_the_walk_around_it_is_kept():
    there = left(at=PRODUCT, level="operation")
    inside = levels.into(steps.to_line(there, 7))
    assert inside.outer is not None
    keep(inside)
    assert reopened().cursor.stop == outermost(inside).cursor.stop


def test_the_hint_is_shown_once_ever():
    assert reopened().message is OPENING
    keep(opened(lab(), 3))
    assert reopened().message is None
    assert reopened("mazur").message is None


def test_a_changed_program_is_not_restored(tmp_path):
    path = tmp_path / "own.toml"
    path.write_text(load_text("mazur"), encoding="utf-8")
    before = load(str(path))
    keep(opened(before, None, at=9))
    assert memory_of(load(str(path))).known is not None
    assert memory_of(load(str(path), sets=None)).known is not None
    path.write_text(load_text("mazur").replace("z2 =", "zz =").replace("(z2", "(zz"), "utf-8")
    changed = load(str(path))
    assert memory_of(changed).known is None
    assert memory_of(changed).opened(opened(changed, None), place=True).cursor.at == 0


def load_text(name: str) -> str:
    from stepper.labs.source import read

    return read(name).text


def test_a_sample_that_is_gone_leaves_the_lab_at_its_start_with_the_breakpoints():
    keep(left(at=PRODUCT))
    content, _ = STORE.read()
    content["labs"]["xor"]["sample"] = 4000
    STORE.write(content)
    after = reopened()
    assert (after.sample, after.cursor.at) == (3, 0)
    assert after.breakpoints.lines == {4, 6}


@pytest.mark.parametrize("name", lab_names())
def test_every_lab_comes_back_at_its_end(name):
    there = opened(lab(name), lab(name).check_sample(None), at=10**6)
    keep(there)
    assert reopened(name).cursor.stop == there.cursor.stop


NONSENSE = [
    3, [], {}, {"labs": 4}, {"labs": []}, {"labs": {"xor": 1}}, {"labs": {"xor": {}}},
    {"stop": [1]}, {"stop": ["a", "b"]}, {"stop": 3}, {"level": "deep"}, {"breaks": [4]},
    {"breaks": {"a": ""}}, {"breaks": {"4": 2}}, {"watches": 3}, {"watches": [2]},
    {"sample": "x"}, {"sample": True}, {"entry": None},
]  # fmt: skip


@pytest.mark.parametrize("wrong", NONSENSE, ids=str)
def test_a_state_that_means_nothing_opens_the_lab_at_its_start(wrong):
    keep(left(at=PRODUCT))
    content, _ = STORE.read()
    record = content["labs"]["xor"]
    content["labs"]["xor"] = {**record, **wrong} if isinstance(wrong, dict) and wrong else wrong
    if isinstance(wrong, dict) and "labs" in wrong:
        content["labs"] = wrong["labs"]
    STORE.write(content)
    assert reopened().cursor.at == 0
    keep(left(at=PRODUCT))
    assert reopened().cursor.at == PRODUCT


@pytest.mark.parametrize(
    ("line", "watch", "typed"), [(4000, "W7", ""), (0, "W1 @", ""), (4, "a1 + X", "J <")]
)
def test_what_does_not_fit_is_left_out_and_the_rest_is_there(line, watch, typed):
    before = kept(left(at=PRODUCT))
    record = before._replace(breaks={line: typed, 2: ""}, watches=(watch, "a1"))
    STORE.write({"labs": {"xor": as_record(record, memory_of(lab()).digest)}})
    after = reopened()
    assert after.cursor.at == PRODUCT
    assert after.breakpoints.lines == {2}
    assert [w.source for w in after.watches] == ["a1"]


def test_a_record_is_the_same_after_json():
    record = kept(left(at=PRODUCT))
    assert from_record(json.loads(json.dumps(as_record(record, "d")))) == record


def test_two_apps_at_once_lose_nothing_of_each_other():
    keep(left(at=4))
    one, two = reopened(), reopened()
    first, second = memory_of(lab()), memory_of(lab())
    ended = breaks.toggle(breaks.toggle(steps.end(one), 9), 4)
    first.keep(one, watching.toggle(ended))
    second.keep(two, breaks.toggle(steps.start(two), 12))
    after = reopened()
    assert after.breakpoints.lines == {6, 9, 12}
    assert str(after.breakpoints.conditions[6])
    assert len(after.watches) == 2
    assert after.cursor.at == 0
    keep(opened(lab("mazur"), None, at=3))
    assert reopened().breakpoints.lines == {6, 9, 12}


def test_what_nobody_changed_stays_as_the_other_left_it():
    old = Kept(3, (0, 0), "line", (0, 0), {4: "", 5: "J < 1"}, ("a1", "a2"))
    other = old._replace(breaks={5: "J < 2", 7: ""}, watches=("a2", "z1"))
    assert merged(other, old, old._replace(stop=(2, 1))) == other._replace(stop=(2, 1))
    assert merged(None, old, old) == old


SAVING = """
import os, signal, sys
from stepper.app.memory import memory_of
from stepper.app.snapshot import opened
from stepper.labs.load import load
os.{call} = lambda *a, **k: os.kill(os.getpid(), signal.SIGKILL)
lab = load("xor")
memory_of(lab).keep(opened(lab, 3), opened(lab, 3, 20))
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no SIGKILL on this system")
@pytest.mark.parametrize("call", ["fsync", "replace"])
def test_a_kill_in_the_middle_of_a_save_leaves_the_last_one(call):
    keep(left(at=PRODUCT))
    before = STORE.path.read_bytes()
    done = subprocess.run([sys.executable, "-c", SAVING.format(call=call)], env={**os.environ})
    assert done.returncode == -signal.SIGKILL
    assert STORE.path.read_bytes() == before
    keep(left(at=5))
    assert reopened().cursor.at == 5


def test_many_labs_do_not_fill_the_disk():
    keep(left(at=4))
    record = STORE.read()[0]["labs"]["xor"]
    STORE.write({"labs": {f"lab{n}": record for n in range(300)}})
    keep(left(at=4))
    labs = STORE.read()[0]["labs"]
    assert len(labs) == 200
    assert list(labs)[-1] == "xor"


class Ended(StepperApp):
    """An app whose learner sets a breakpoint, goes to the end and leaves."""

    def run(self, **more) -> None:
        there = self.debugger.now
        self.debugger.set_reactive(type(self.debugger).now, breaks.toggle(steps.end(there), 4))


def test_run_app_keeps_the_place_and_prints_the_command(monkeypatch, capsys):
    monkeypatch.setattr("stepper.app.app.StepperApp", Ended)
    assert run_app(lab(), 3, placed=False) == 0
    out, err = capsys.readouterr()
    assert out.strip() == comes_back(reopened())
    assert not err
    assert reopened().breakpoints.lines == {4}


def test_a_state_that_cannot_be_kept_is_said_and_the_walk_ends_as_ever(
    monkeypatch, capsys, tmp_path
):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("STEPPER_STATE", str(tmp_path / "file" / "below"))
    monkeypatch.setattr("stepper.app.app.StepperApp", Ended)
    assert run_app(lab(), 3, placed=False) == 0
    out, err = capsys.readouterr()
    assert out.startswith("stepper run xor")
    assert "cannot write" in err


def test_an_unreadable_file_is_set_aside_and_said_in_the_message_line():
    STORE.path.write_text("{")
    assert "set aside" in str(reopened().message)
    assert reopened().message is OPENING


async def test_ctrl_c_twice_leaves_and_once_says_how():
    running = StepperApp(DebuggerScreen(opened(lab(), 3), Look()))
    async with running.run_test(size=(80, 24)) as pilot:
        await pilot.press("ctrl+c")
        assert "ctrl+c again" in str(now(running).message)
        await pilot.press("n", "ctrl+c")
        assert running.is_running
        await pilot.press("ctrl+c")
    assert not running.is_running
    assert running.left is not None


@pytest.mark.skipif(not hasattr(signal, "SIGHUP"), reason="no SIGHUP on this system")
@pytest.mark.parametrize("name", ["SIGTERM", "SIGHUP"])
async def test_a_signal_leaves_as_q_does(name):
    running = StepperApp(DebuggerScreen(opened(lab(), 3), Look()))
    async with running.run_test(size=(80, 24)) as pilot:
        await pilot.press("n")
        os.kill(os.getpid(), getattr(signal, name))
        await pilot.pause()
        await pilot.pause()
    assert running.return_code == 3
    assert running.left.cursor.at > 0


async def test_a_fault_of_stepper_itself_has_a_code_of_its_own_and_keeps_nothing(monkeypatch):
    running = StepperApp(DebuggerScreen(opened(lab(), 3), Look()))
    monkeypatch.setattr(StepperApp, "action_help_quit", lambda _: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        async with running.run_test(size=(80, 24)) as pilot:
            await pilot.press("ctrl+c")
    assert code_of(running) == FAULT == 70
    assert running.left is None
