"""One app for 500 random keys, clicks and sizes: it stays whole, and what it shows is the run."""

from __future__ import annotations

from random import Random

import pytest
from textual.pilot import Pilot

from stepper.app.app import StepperApp
from stepper.app.arrangement import LEAST
from stepper.app.commands import COMMANDS
from stepper.app.fitting import plain
from stepper.app.moves.epochs import to_epoch
from stepper.app.panels import PANELS
from stepper.app.widgets.entry import Entry
from stepper.app.widgets.numbers import MatrixView
from stepper.app.widgets.painted import Painted
from tests.app.screens import app, burst, frame, now, show, widths
from tests.app.test_walk import comes_back
from tests.app.truth import check_cells, check_entry, check_order, check_watches

KEYS = sorted(
    {key for c in COMMANDS for panel in (None, *PANELS) for key in c.keys_in(panel)} - {"q"}
)
ODD = ("r", "M", "ｎ", "ㄙ", "f1", "ctrl+d", "delete", "insert", "0", "a", "exclamation_mark")
TYPED = ("3", "-0.5", "+", "14", "dJ_dW2", "backward", "@9", "W", "J < 2", "max(abs(z1))",
         "W1[0, 0] = 2", "lr = 0.5", "b", "x9", "1e999", "next", "undo all", "break 3", "?", ":",
         "", "é漢 ∂")  # fmt: skip
KEYS_IN_ALL = 500
SIZES = ((80, 24), (120, 40), (60, 18), (200, 60), (80, 40), (113, 25), (59, 17), (20, 5))


def surprise(rng: Random) -> list[str]:
    """A key, mostly one that does something; now and then a text and enter or escape."""
    if rng.random() < 0.15:
        return [*rng.choice(TYPED), rng.choice(("enter", "enter", "escape"))]
    if rng.random() < 0.15:
        return rng.choice((["tab"], ["tab", "tab"], ["v", "tab"], ["z"], ["escape"]))
    return [rng.choice(ODD if rng.random() < 0.05 else KEYS)]


def check(running: StepperApp) -> None:
    here, screen = now(running), running.debugger
    rows, size = frame(running), running.size
    assert widths(rows) == {size.width} and len(rows) == size.height
    if running.screen is not screen or size.width < LEAST[0] or size.height < LEAST[1]:
        return
    for panel in (p for p in screen.query(Painted) if p.display and p.size):
        drawn = [strip.text for strip in panel.render_lines(panel.size.region)]
        assert drawn == [plain(row) for row in panel.rows], panel
    numbers, entry = screen.query_one(MatrixView), screen.query_one(Entry)
    for panel in (p for p in (numbers, entry) if p.display and p.size):
        painted = panel.paint(here, *panel.size)
        assert [text.rstrip() for text in map(plain, painted)] == lines(panel), "rows kept too long"
    if numbers.display:
        check_cells(here, numbers.rows)
    check_entry(here, screen.look)
    check_watches(here)
    check_order(here)


def lines(panel: Painted) -> list[str]:
    return [plain(row).rstrip() for row in panel.rows]


@pytest.mark.parametrize("name", ["xor", "first-step"])
async def test_random_keys_leave_everything_whole(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)  # a picture of the screen is one of the commands
    rng, running = Random(name), app(name)
    async with running.run_test(size=SIZES[0]) as pilot:
        first, seen, pressed = now(running), set(), 0
        while pressed < KEYS_IN_ALL // 2:
            await elsewhere(pilot, rng)
            keys = [key for _ in range(rng.choice((1, 1, 2, 5))) for key in surprise(rng)]
            pressed += len(keys)
            await burst(pilot, keys)
            seen.add(getattr(running.screen.focused, "panel", None))
            check(running)
        assert len(seen & set(PANELS)) > 3
        await pilot.resize_terminal(*SIZES[0])
        while running.screen is not running.debugger:
            await burst(pilot, ["escape"])
        await untrained(pilot)
        comes_back(first, now(running))


async def untrained(pilot: Pilot[None]) -> None:
    """Back to the weights before any training."""
    assert isinstance(pilot.app, StepperApp)
    await pilot.app.workers.wait_for_complete()
    await pilot.pause()
    show(pilot.app, to_epoch(now(pilot.app), 0))
    await pilot.app.workers.wait_for_complete()
    await pilot.pause()
    assert now(pilot.app).lab.epoch == 0


async def elsewhere(pilot: Pilot[None], rng: Random) -> None:
    """Now and then another size, a click anywhere, another panel, or out of a text field."""
    running, chance = pilot.app, rng.random()
    if chance < 0.04:
        await pilot.resize_terminal(*rng.choice(SIZES))
    elif chance < 0.12:
        width, height = running.size
        await pilot.click(offset=(rng.randrange(width), rng.randrange(height)))
    elif chance < 0.4 and running.screen is not running.debugger:
        await burst(pilot, ["escape"])
    elif chance < 0.3:
        shown = [p for p in running.debugger.query(Painted) if p.focusable]
        running.debugger.set_focus(rng.choice(shown) if shown else None)
