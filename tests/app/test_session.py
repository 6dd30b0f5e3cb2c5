"""The hint, the end of a sample, restart, pictures, and the walk below the command line."""

import os
import shlex
import sys
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from textual import events

from stepper.app import picture
from stepper.app.app import StepperApp
from stepper.app.commands import COMMANDS
from stepper.app.moves import breaks, counts, edit, guess, levels, steps, watching
from stepper.app.moves.restart import restart
from stepper.app.moves.samples import next_sample
from stepper.app.returning import comes_back
from stepper.app.screens.debugger import DebuggerScreen
from stepper.app.snapshot import OPENING, opened
from stepper.cli.main import main
from stepper.labs.source import lab_names
from stepper.labs.updated import loss_after
from stepper.labs.whatif import Edit
from stepper.show.rows import Look
from tests.app.screens import PRODUCT, app, burst, frame, lab, now


@pytest.mark.parametrize("key", ["tab", "n", "escape", "x", "v", "f9"])
async def test_the_hint_goes_with_the_first_key_and_the_legend_comes(key):
    running = app()
    async with running.run_test(size=(80, 24)) as pilot:
        assert "Nothing can break: going back undoes all." in frame(running)[-2]
        await pilot.press(key)
        assert now(running).message is not OPENING
        assert "Nothing can break" not in frame(running)[-2]


async def test_after_the_hint_the_legend_says_what_the_marks_mean():
    running = app()
    async with running.run_test(size=(80, 24)) as pilot:
        await pilot.press("tab")
        await pilot.pause()
        assert "here  ∂ differentiated now" in frame(running)[-2]


@pytest.mark.parametrize("name", lab_names())
def test_the_end_says_what_the_update_did_to_the_loss(name):
    there = steps.end(opened(lab(name), lab(name).check_sample(None)))
    if there.step.phase != "update":
        assert there.message is None
        return
    given = {n: there.trace.value(n) for n in there.trace.program.given}
    moved = {
        n: there.trace.last(n) for n, r in there.trace.program.given.items() if r == "parameter"
    }
    again = there.trace.code.run({**given, **moved})
    loss = there.trace.program.loss
    after = float(again[there.trace.slot(loss)])
    assert after == loss_after(there.trace)
    assert after != float(there.trace.value(loss))
    assert len(str(there.message)) < 79
    assert "→" in str(there.message)


def test_the_loss_after_the_update_is_that_of_a_lab_which_starts_there():
    trace = lab().trace(3)
    updated = {name: trace.last(name) for name in lab().parameters}
    other = replace(lab(), parameters=updated).trace(3)
    assert np.isclose(loss_after(trace), float(other.value("J")), rtol=1e-15)


def test_where_results_are_hidden_the_end_says_nothing_of_them():
    there = steps.end(guess.hide(opened(lab(), 3)))
    assert "→" not in str(there.message)


@pytest.mark.parametrize("level", ["line", "entry"])
def test_the_last_step_says_it_and_the_next_key_says_where_to_go(level):
    there = steps.back(steps.end(opened(lab(), 3, level=level)))
    assert there.message is None
    end = steps.next_step(there)
    assert "updated" in str(end.message)
    assert steps.next_step(end).message is steps.AT_END


@pytest.mark.parametrize(
    ("name", "sample", "said"),
    [
        ("xor", 3, steps.AT_END), ("xor", None, steps.AT_END_OF_ALL),
        ("circuits", None, steps.AT_LAST_LINE),
    ],
)  # fmt: skip
def test_the_end_names_only_what_can_be_done_there(name, sample, said):
    end = steps.end(opened(lab(name), sample))
    assert steps.next_step(end).message is said
    two_before = steps.back(steps.back(end))
    assert str(counts.repeated(steps.next_step, two_before, 3, "n").message) == (
        "3n: moved 2, the end"
    )


def test_restart_is_the_beginning_with_breakpoints_and_watches():
    there = watching.toggle(breaks.toggle(next_sample(opened(lab(), 3, at=PRODUCT)), 7))
    there = edit.edited(there, Edit("W1", (0, 0), 2.0))
    inside = levels.into(levels.into(steps.to_line(guess.hide(there), 7)))
    after = restart(inside)
    first = opened(lab(), 3)
    assert (after.sample, after.cursor.stop, after.outer) == (3, (0, 0), None)
    assert np.array_equal(after.trace.value("W1"), first.trace.value("W1"))
    assert (after.edits, after.hiding.on, after.past.places) == ((), False, ())
    assert after.breakpoints.lines == {7}
    assert len(after.watches) == 1


async def test_restart_is_a_command_of_the_list():
    running = app()
    async with running.run_test(size=(80, 24)) as pilot:
        await pilot.press("n", "n", "colon")
        await pilot.pause()
        await burst(pilot, [*"restart", "enter"])
        assert now(running).cursor.at == 0


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


async def shoot(running, typed: str) -> None:
    async with running.run_test(size=(80, 24)) as pilot:
        await pilot.press("n", "colon")
        await pilot.pause()
        for key in typed:
            await pilot.press({" ": "space", ".": "full_stop", "/": "slash"}.get(key, key))
        await pilot.press("enter")
        await pilot.pause()
        await pilot.pause()


async def test_a_picture_is_an_svg_of_the_debugger_and_its_name_is_said(folder):
    running = app()
    await shoot(running, "screenshot")
    (file,) = folder.iterdir()
    at = now(running).cursor.at
    assert file.name == f"stepper-xor-{at}.svg"
    assert str(now(running).message).startswith(file.name)
    text = "".join(ElementTree.parse(file).getroot().itertext()).replace("\xa0", " ")
    assert "z1 = W1 @ X + b1" in text
    spaced = ElementTree.parse(file).getroot().get("{http://www.w3.org/XML/1998/namespace}space")
    assert spaced == "preserve", "a viewer may drop the spaces that columns stand by"
    assert "all commands" not in text
    await shoot(app(), "screenshot")
    assert (folder / f"stepper-xor-{at}-2.svg").exists()


async def test_a_picture_has_the_name_that_was_typed_and_never_replaces_a_file(folder):
    (folder / "mine.svg").write_text("mine")
    running = app()
    await shoot(running, "screenshot mine.svg")
    assert (folder / "mine.svg").read_text() == "mine"
    assert "is there already" in str(now(running).message)
    await shoot(running := app(), "screenshot no/folder.svg")
    assert "not written" in str(now(running).message)
    await shoot(app(), "screenshot other.svg")
    assert (folder / "other.svg").read_text().startswith("<svg")


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no full disk to write to")
def test_on_a_full_disk_no_half_of_a_picture_stays(folder, monkeypatch):
    path = folder / "half.svg"

    def on_a_full_disk(name, mode, encoding):
        path.write_text("")
        return Path("/dev/full").open("w", encoding=encoding)

    monkeypatch.setattr(picture, "open", on_a_full_disk, raising=False)
    assert "No space left" in str(picture.written("<svg/>", opened(lab(), 3), "half.svg"))
    assert not path.exists()


@pytest.mark.parametrize("name", ["../labs/my lab.toml:big", "xor:linear"])
def test_the_name_of_a_picture_is_a_plain_file_name(name, folder):
    here = opened(replace(lab(), name=name), 3)
    path = next(picture.default_names(here))
    assert path.parent.name == ""
    assert set(str(path)) <= set("abcdefghijklmnopqrstuvwxyz0123456789-.")


@pytest.mark.parametrize(("rows", "taken"), [(20, 20), (24, 22), (33, 22), (40, 34), (60, 34)])
async def test_below_the_command_line_the_walk_has_rows_enough(rows, taken, monkeypatch):
    monkeypatch.setattr(StepperApp, "is_inline", True)
    running = StepperApp(DebuggerScreen(opened(lab(), 3), Look()))
    async with running.run_test(size=(80, rows)) as pilot:
        await pilot.press("n")
        assert running.screen._get_inline_height(running.size) == taken


def test_inline_is_refused_where_it_cannot_be(monkeypatch, capsys):
    assert main(["run", "xor", "--inline"]) == 2
    assert "needs a terminal" in capsys.readouterr().err
    monkeypatch.setattr(sys, "platform", "win32")
    assert main(["run", "xor", "--inline"]) == 2
    assert "Windows" in capsys.readouterr().err


def test_the_command_comes_back_to_inline():
    assert comes_back(opened(lab(), 3), inline=True).endswith(" --inline")


def test_what_has_no_key_is_in_the_list_of_commands():
    assert {"restart", "screenshot"} <= {c.id for c in COMMANDS if not c.any_key}


def test_the_command_that_comes_back_brings_the_edits_with_it(monkeypatch, capsys):
    there = opened(lab(), 5, at=PRODUCT)
    for change in (Edit("W1", (2, 0), 0.1 + 0.2), Edit("lr", None, 0.5), Edit("X", (1, 0), -3.0)):
        there = edit.edited(there, change)
    left = comes_back(there)
    came = []
    monkeypatch.setattr(StepperApp, "run", lambda self, **_: came.append(now(self)))
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    assert main(shlex.split(left)[1:]) == 0
    assert capsys.readouterr().out.strip() == left
    (again,) = came
    assert again.cursor.stop == there.cursor.stop
    assert again.changed.keys() == there.changed.keys()
    for ours, theirs in zip(again.trace.values, there.trace.values, strict=True):
        assert np.array_equal(ours, theirs)


@pytest.mark.parametrize(
    ("typed", "step"), [(":end", 46), ("g13", 26), ("/dJ_dW2", PRODUCT)], ids=str
)
async def test_what_is_typed_faster_than_a_text_field_opens_is_its_text(typed, step):
    running = app()
    async with running.run_test(size=(80, 24)) as pilot:
        await pilot.press("n")
        for sign in typed:
            running.post_message(events.Key({":": "colon", "/": "slash"}.get(sign, sign), sign))
        await pilot.pause(0.1)
        assert now(running).cursor.at == 2
        await pilot.press("enter")
        await pilot.pause()
        assert now(running).cursor.at == step
