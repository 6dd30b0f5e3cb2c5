"""What a key costs, in numbers that are the same on every machine."""

import re
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest
from textual.css.stylesheet import Stylesheet

from stepper.app.app import SHARE, StepperApp, on_terminal
from stepper.app.arrangement import in_sight
from stepper.app.block import Block
from stepper.app.moves.entries import select
from stepper.app.moves.steps import next_step
from stepper.app.snapshot import opened
from stepper.app.widgets.painted import Painted
from tests.app.screens import PRODUCT, app, burst, focus, lab, now, show

ROOT = Path(__file__).parents[2]

BYTES = 12_000
"""So much may be written for a step at 120×40."""
BYTES_OF_ENTRY = 8_000
"""So much for another entry of its result."""


@pytest.fixture
def drawn(monkeypatch):
    """The panels of all rows that are drawn."""
    rows, render_line = [], Painted.render_line

    def counted(panel, y):
        rows.append(panel.id)
        return render_line(panel, y)

    monkeypatch.setattr(Painted, "render_line", counted)
    return rows


def written(app):
    """The letters that the terminal would be sent for what is not drawn yet."""
    compositor, screen = app.screen._compositor, app.screen
    compositor.update_widgets({w for w in screen.query(Painted) if w._repaint_regions})
    update = compositor.render_update()
    return len(update.render_segments(app.console).encode()) if update else 0


async def test_a_step_writes_few_bytes_and_draws_each_row_at_most_once(drawn):
    running = app()
    async with running.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        while now(running).cursor.at < len(now(running).trace.steps):
            drawn.clear()
            show(running, next_step(now(running)))
            assert not running.screen._repaint_required, "the whole screen would be sent again"
            assert 0 < written(running) <= BYTES
            heights = {p.id: p.size.height for p in running.debugger.query(Painted)}
            assert all(drawn.count(id) <= heights[id] for id in drawn)
            assert 0 < len(drawn) <= 80
            await pilot.pause()


async def test_another_entry_draws_the_matrix_and_its_arithmetic_and_no_other_panel(drawn):
    running = app()
    async with running.run_test(size=(120, 40)) as pilot:
        show(running, opened(lab(), 3, at=PRODUCT))
        await focus(pilot, "numbers")
        await pilot.press("l")
        await pilot.pause()
        drawn.clear()
        await pilot.press("j")
        await pilot.pause()
        assert set(drawn) == {"numbers", "entry"}
        assert len(drawn) <= 12


async def test_another_entry_draws_the_rows_that_differ_and_no_other(monkeypatch):
    drawn, render_line = [], Painted.render_line
    monkeypatch.setattr(
        Painted,
        "render_line",
        lambda panel, y: drawn.append((panel.id, y)) or render_line(panel, y),
    )
    running = app()
    async with running.run_test(size=(120, 40)) as pilot:
        show(running, opened(lab(), 3, at=PRODUCT))
        await focus(pilot, "numbers")
        await pilot.pause()
        panels = [p for p in running.debugger.panels.painted if p.display and p.id != "derive"]
        for key in ("l", "j", "h", "k", "j"):
            before = {panel: list(panel.rows) for panel in panels}
            drawn.clear()
            await pilot.press(key)
            await pilot.pause()
            differ = [
                (panel.id, y)
                for panel, rows in before.items()
                for y, row in enumerate(rows)
                if row != panel.rows[y]
            ]
            # a thread adds to the derivation at any time
            assert differ and sorted(d for d in drawn if d[0] != "derive") == sorted(differ)
        show(running, select(now(running), (2, 2)))
        assert 0 < written(running) <= BYTES_OF_ENTRY


async def test_another_entry_lays_no_matrix_out_again(monkeypatch):
    rows, row = [], Block.row
    monkeypatch.setattr(Block, "row", lambda *given: rows.append(given) or row(*given))
    running = app()
    async with running.run_test(size=(120, 40)) as pilot:
        show(running, opened(lab(), 3, at=PRODUCT))
        await focus(pilot, "numbers")
        await pilot.pause()
        assert rows
        rows.clear()
        await burst(pilot, ["l", "j", "j", "h", "k"])
        assert not rows
        await burst(pilot, ["n"])
        assert rows


async def test_another_entry_paints_no_panel_that_shows_nothing_of_it(monkeypatch):
    painted, fitted = [], Painted._fitted
    monkeypatch.setattr(Painted, "_fitted", lambda panel: painted.append(panel.id) or fitted(panel))
    running = app()
    async with running.run_test(size=(120, 40)) as pilot:
        show(running, opened(lab(), 3, at=PRODUCT))
        await focus(pilot, "numbers")
        await pilot.press("l")
        painted.clear()
        await pilot.press("j")
        assert sorted(painted) == ["derive", "entry", "numbers"]


async def test_a_message_draws_one_row(drawn):
    running = app()
    async with running.run_test(size=(120, 40)) as pilot:
        await pilot.press("n")
        await pilot.pause()
        drawn.clear()
        await pilot.press("r")
        await pilot.pause()
        assert drawn == ["message"]


async def test_the_first_frame_is_whole(drawn, monkeypatch):
    again, mounted, on_ready = [], [], StepperApp.on_ready

    def ready(running):
        mounted.extend(panel.id for panel in running.debugger.query(Painted))
        on_ready(running)

    monkeypatch.setattr(Stylesheet, "reparse", again.append)
    monkeypatch.setattr(StepperApp, "on_ready", ready)
    running = app()
    async with running.run_test(size=(120, 40)):
        assert len(running.screen_stack) == 1
        assert {"program", "numbers", "entry", "derive", "header"} <= set(mounted) == set(drawn)
        assert {*in_sight("entry", None, "large")} <= {
            p.id for p in running.debugger.query(Painted)
        }
        assert not again, "the style sheets would be read a second time"


LATER = (
    "stepper.check", "stepper.calculus.derive", "stepper.show.charts", "stepper.show.graph",
    "stepper.show.strips", "stepper.train",
)  # fmt: skip
"""What is first wanted when something is guessed, derived, trained, or in another tab."""
UNSEEN = (
    "stepper.app.screens.sheet", "stepper.app.widgets.boundary", "stepper.app.widgets.chart",
    "stepper.app.widgets.graph", "stepper.app.widgets.loss", "stepper.app.widgets.too_small",
    "stepper.labs.given_data", "stepper.labs.reported", "stepper.language.typeset",
    "stepper.show.walk", "csv", "json",
)  # fmt: skip
"""What comes after the first frame, or never."""
OWN = 150
"""So many modules of our own may be loaded before it: each costs a quarter of a millisecond."""
WIDE = 4096
"""Letters of a range in a pattern: compiling it, Python makes a table of them, one by one."""
ABSENT = {
    "--help": ("textual", "numpy", "sympy", "rich"),
    "--version": ("textual", "numpy", "sympy", "rich"),
    "run xor --plain": ("textual", "sympy", "stepper.course.lesson", "stepper.app", *LATER),
    "run xor --json": ("textual", "sympy", "rich", "stepper.course.lesson", "stepper.app", *LATER),
}
LOADED = """
import sys
from stepper.cli.main import main
main({words})
print(*sys.modules, file=sys.stderr)
"""
FIRST_FRAME = """
import asyncio, sys
from stepper.app.app import StepperApp
from tests.app.screens import app

StepperApp.on_ready = lambda running: print(*sys.modules, file=sys.stderr)

async def shown():
    async with app().run_test(size=(120, 40)):
        pass

asyncio.run(shown())
"""


def loaded(code):
    ran = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return {name.partition(".")[0] for name in ran.stderr.split()} | {*ran.stderr.split()}


@pytest.mark.parametrize("command", ABSENT)
def test_a_command_loads_nothing_that_it_does_not_need(command):
    assert not {*ABSENT[command]} & loaded(LOADED.format(words=command.split()))


def test_the_first_frame_needs_no_sympy_and_no_screen_but_its_own():
    modules = loaded(FIRST_FRAME)
    assert "stepper.app.screens.debugger" in modules
    assert not {"sympy", "stepper.app.screens.help", "stepper.app.screens.palette"} & modules
    assert not {*LATER, *UNSEEN} & modules
    assert sum(name.startswith("stepper.") for name in modules) <= OWN


def test_while_an_app_runs_no_thread_waits_long_for_another(monkeypatch):
    before, seen = sys.getswitchinterval(), []
    monkeypatch.setattr(StepperApp, "run", lambda *a, **k: seen.append(sys.getswitchinterval()))
    on_terminal(app())
    assert seen == [pytest.approx(SHARE)]
    assert SHARE < before == sys.getswitchinterval()


def test_no_pattern_makes_a_table_of_thousands_of_letters():
    for name in loaded(FIRST_FRAME):
        held = vars(import_module(name)).values() if name.startswith("stepper.") else ()
        for pattern in (value.pattern for value in held if isinstance(value, re.Pattern)):
            for first, last in re.findall(r"\\u(\w{4})-\\u(\w{4})", pattern):
                assert int(last, 16) - int(first, 16) < WIDE, f"{name}: {pattern}"
