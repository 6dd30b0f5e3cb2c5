"""Progress: nothing that a learner did is lost, whatever happens to the process or the disk."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stepper.course import progress
from stepper.course.load import lessons
from stepper.course.progress import Progress, Record, merged

ROOT = Path(__file__).parents[2]
FIRST = lessons()[0]
DONE = Record("done", 2, 1, "2*x", ("sign",), "2026-01-02T03:04:05+00:00")
texts = st.text(max_size=5)
records = st.builds(
    Record, st.sampled_from(progress.STATES), st.integers(0, 9), st.integers(0, 3), texts,
    st.lists(texts, max_size=3).map(lambda m: tuple(dict.fromkeys(m))), texts,
)  # fmt: skip


@pytest.fixture(autouse=True)
def state(tmp_path, monkeypatch):
    monkeypatch.setenv("STEPPER_STATE", str(tmp_path))
    return tmp_path


def on_disk():
    return json.loads(progress.STORE.path.read_bytes())


def test_what_was_kept_is_read_again():
    assert progress.read() == (Progress(), None)
    assert progress.keep({"one-neuron/weight": DONE}, "one-neuron/number") is None
    kept, said = progress.read()
    assert said is None
    assert kept == Progress(None, "one-neuron/number", {"one-neuron/weight": DONE})


def test_what_is_not_known_is_kept():
    content = {
        "version": 1, "lang": "zh-TW", "colour": "red",
        "steps": {"gone/step": {"state": "done", "new": 1}, "one-neuron/bias": "what"},
    }  # fmt: skip
    progress.STORE.path.write_text(json.dumps(content))
    assert progress.keep({"one-neuron/weight": DONE}, None) is None
    after = on_disk()
    assert after["colour"] == "red"
    assert after["lang"] == "zh-TW"
    assert after["steps"]["gone/step"] == content["steps"]["gone/step"]
    assert after["steps"]["one-neuron/bias"] == "what"


@pytest.mark.parametrize("table", [
    None, 3, {}, {"state": "flown"}, {"state": "done", "tries": "2"},
    {"state": "done", "tries": 1, "hints": 0, "answer": 3, "mistakes": [], "at": ""},
    {"state": ["done"], "tries": 1, "hints": 0, "answer": "", "mistakes": [], "at": ""},
])  # fmt: skip
def test_a_record_that_cannot_be_understood_is_passed_over(table):
    progress.STORE.path.write_text(json.dumps({"version": 1, "steps": {"a/b": table}}))
    assert progress.read()[0].steps == {}


def test_an_unreadable_file_is_set_aside_and_the_one_before_is_read(state):
    progress.keep({"a/b": DONE}, None)
    progress.keep({"a/c": DONE}, None)
    progress.STORE.path.write_bytes(b'{"version": 1, "ste')
    kept, said = progress.read()
    assert "set aside" in str(said)
    assert set(kept.steps) == {"a/b"}
    assert (state / "progress.broken.json").exists()


def test_a_later_version_is_neither_read_nor_changed():
    progress.STORE.path.write_text('{"version": 99, "steps": {}}')
    before = progress.STORE.path.read_bytes()
    assert progress.read()[0] == Progress()
    assert "later stepper" in str(progress.keep({"a/b": DONE}, None))
    assert progress.STORE.path.read_bytes() == before


def test_a_lesson_is_forgotten_and_the_others_are_not():
    own = {FIRST.key(step): DONE for step in FIRST.steps}
    progress.keep({**own, "other/step": DONE}, FIRST.key(FIRST.steps[0]))
    assert progress.forget(FIRST) is None
    kept = progress.read()[0]
    assert set(kept.steps) == {"other/step"}
    assert kept.current is None
    progress.keep_language("zh-TW")
    progress.forget_all()
    assert progress.read()[0] == Progress(language="zh-TW")


@given(records, records)
def test_merging_loses_nothing_and_does_not_depend_on_the_order(one, other):
    both = merged(one, other)
    least = max(progress.STATES.index(each.state) for each in (one, other))
    assert progress.STATES.index(both.state) == least
    assert both.tries == max(one.tries, other.tries)
    assert {*both.mistakes} == {*one.mistakes, *other.mistakes}
    assert merged(one, one) == one
    assert {**progress.as_table(merged(other, one)), "mistakes": 0, "answer": 0} == {
        **progress.as_table(both), "mistakes": 0, "answer": 0}  # fmt: skip


@given(records)
def test_a_record_comes_back_from_json(record):
    content = json.loads(json.dumps({"steps": {"a/b": progress.as_table(record)}}))
    assert progress.from_content(content).steps == {"a/b": record}


def test_a_place_that_cannot_be_written_is_a_message(monkeypatch, state):
    (state / "file").write_text("")
    monkeypatch.setenv("STEPPER_STATE", str(state / "file" / "below"))
    assert "cannot write" in str(progress.keep({"a/b": DONE}, None))


def test_a_full_disk_is_a_message_and_leaves_what_was_there(monkeypatch, state):
    progress.keep({"a/b": DONE}, None)

    def full(handle):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as disk:
        disk.setattr(os, "fsync", full)
        assert "No space left" in str(progress.keep({"a/c": DONE}, None))
    assert set(progress.read()[0].steps) == {"a/b"}
    assert not [path for path in state.iterdir() if path.name.startswith(".")]


SAVING = """
import itertools, os, signal, sys, time
from stepper.course import progress
from stepper.course.progress import Record

def save(says):
    for n in itertools.count():
        progress.keep({f"a/{n % 40}": Record("done", n)}, f"a/{n % 40}")
        os.write(says, b"%d\\n" % n)

for trial in range(200):
    hears, says = os.pipe()
    saving = os.fork()
    if not saving:
        save(says)
    os.close(says)
    with open(hears) as said:
        first = said.readline()
        time.sleep((trial % 20) / 2000)
        os.kill(saving, signal.SIGKILL)
        last = int([first, *said][-1])
    os.waitpid(saving, 0)
    kept, trouble = progress.read()
    assert trouble is None, trouble
    assert kept.steps[f"a/{last % 40}"].tries >= last, (trial, last)
    print(trial)
"""
"""Each process that saves is a copy of this one: to begin a Python of its own would take longer."""


def python(code, state, *words):
    environment = {**os.environ, "STEPPER_STATE": str(state), "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", code, *words]
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)


def test_nothing_is_lost_when_a_process_is_killed_while_it_saves(state):
    """The last number that was said to be kept is there after each of 200 kills."""
    with python(SAVING, state) as trials:
        assert trials.stdout.read().split() == [str(trial) for trial in range(200)]
    assert trials.returncode == 0


TWO = """
import sys
from stepper.course import progress
from stepper.course.progress import Record
for n in range(40):
    progress.keep({f"{sys.argv[1]}/{n}": Record("done", 1)}, None)
"""


def test_two_processes_at_once_lose_nothing_of_each_other(state):
    with python(TWO, state, "one") as one, python(TWO, state, "two") as two:
        assert [one.wait(), two.wait()] == [0, 0]
    wanted = {f"{name}/{n}" for name in ("one", "two") for n in range(40)}
    assert set(progress.read()[0].steps) == wanted
