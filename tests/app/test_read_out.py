"""The read-out: the arrows say what the curve and the plane are at a place, in numbers."""

import numpy as np
import pytest

from stepper.app.moves import epochs
from stepper.app.snapshot import opened
from stepper.app.widgets.boundary import Boundary
from stepper.app.widgets.loss import Loss, told_of
from stepper.expr.tree import Name
from stepper.labs.load import load
from stepper.show.numbers import scalar
from stepper.show.rows import Look
from stepper.train.loop import accuracy, quantity, start
from stepper.train.predict import own_points, predicted
from stepper.train.running import after
from tests.app.screens import app, frame, lab, now, panel_rows
from tests.app.test_training import made, train, trained


async def test_the_arrows_read_the_curve_and_enter_goes_there():
    running = app()
    async with running.run_test(size=(80, 24)) as pilot:
        await train(pilot, "40")
        before = panel_rows(running, "loss")
        running.screen.query_one(Loss).focus()
        await pilot.press("left", "2", "left")
        await pilot.pause()
        state = after(lab(), 37)
        J, (right, _) = quantity(lab(), state, Name("J")), accuracy(lab(), state)
        rows = panel_rows(running, "loss")
        said = f"epoch 37: J {scalar(float(J))}, {right} of 21 right"
        (at,) = (n for n, row in enumerate(rows) if said in row)
        assert [n for n, row in enumerate(before) if row[1:].strip() == "J"] == [at]
        assert any("│" in row[8:] for row in rows[at:])
        assert "arrows read" in frame(running)[23]
        await pilot.press("enter")
        await running.workers.wait_for_complete()
        await pilot.pause()
        assert now(running).lab.epoch == 37
        await pilot.press("9", "9", "right", "right")
        await pilot.pause()
        assert "nothing more to read out" in str(now(running).message)
        assert any("epoch 40: J" in row for row in panel_rows(running, "loss"))


@pytest.mark.parametrize("ascii", [False, True])
async def test_a_click_reads_the_curve_and_a_click_on_what_it_says_goes_there(ascii):
    running = app(ascii=ascii)
    async with running.run_test(size=(80, 24)) as pilot:
        await train(pilot, "40")
        rows = panel_rows(running, "loss")
        (name,) = (n for n, row in enumerate(rows) if row[1:].strip() == "J")
        (axis,) = (n for n, row in enumerate(rows) if row.rstrip().endswith("40") and n > name)
        start, end = rows[axis].index("0"), rows[axis].rindex("0")
        read = {}
        for x in (start, start + 7, (start + end) // 2, end):
            await pilot.click("#loss", offset=(x, name + 3))
            await pilot.pause()
            said = panel_rows(running, "loss")[name]
            read[x] = int(said.split("epoch ")[1].split(":")[0])
            assert read[x] == pytest.approx(40 * (x - start) / (end - start), abs=1)
            assert ("|" if ascii else "│") in {
                row[x] for row in panel_rows(running, "loss")[name + 1 : axis]
            }
        assert (read[start], read[end]) == (0, 40)
        await pilot.click("#loss", offset=(start + 7, axis))
        await pilot.click("#loss", offset=(start, name))
        await running.workers.wait_for_complete()
        await pilot.pause()
        assert now(running).lab.epoch == read[start + 7]


async def test_the_arrows_read_the_plane():
    running = app()
    async with running.run_test(size=(80, 24)) as pilot:
        await pilot.press("V", "V")
        await pilot.pause()
        panel = running.screen.query_one(Boundary)
        panel.focus()
        await pilot.pause()
        assert "inputs 0.1, 0.9: a3 ·" in "\n".join(panel_rows(running, "boundary"))
        await pilot.press("end")
        await pilot.pause()
        value = predicted(lab(), start(lab()), own_points(lab())[0])[3, 0]
        rows = "\n".join(panel_rows(running, "boundary"))
        assert f"inputs 0.1, 0.9: a3 {scalar(float(value))}" in rows
        await pilot.press("z")
        await pilot.pause()
        assert "sample 3, target 1" in "\n".join(panel_rows(running, "boundary"))
        await pilot.press("z")
        await pilot.press("down", "right", "5", "right")
        await pilot.pause()
        rows = "\n".join(panel_rows(running, "boundary"))
        assert "[" in rows
        x, y, value = (float(part) for part in _numbers(rows))
        exact = predicted(lab(), start(lab()), np.array([[x, y]]))[0, 0]
        assert value == pytest.approx(exact, abs=2e-2)
        await pilot.press("9", "9", "up", "up")
        await pilot.pause()
        assert "nothing more to read out" in str(now(running).message)


def _numbers(rows: str) -> list[str]:
    """The two inputs and the output that are read out."""
    (said,) = (row for row in rows.splitlines() if "inputs" in row)
    inputs, output = said.split("inputs")[1].split(":")
    return [*inputs.split(","), output.split("a3")[1].split(";")[0].strip(" │|")]


@pytest.mark.parametrize(("size", "corner"), [((80, 24), (2, 2)), ((120, 40), (5, 1))])
async def test_a_click_reads_the_plane(size, corner):
    running = app()
    async with running.run_test(size=size) as pilot:
        await pilot.press("end")
        running.debugger.arrangement.open("boundary")
        await pilot.pause()
        left, top = corner
        for x, y in ((20, 3), (left, top), (31, 5)):
            await pilot.click("#boundary", offset=(x, y))
            await pilot.pause()
            rows = panel_rows(running, "boundary")
            assert rows[y][x + 1] == "]"
            one, other, value = (float(part) for part in _numbers("\n".join(rows)))
            exact = predicted(lab(), start(lab()), np.array([[one, other]]))[0, 0]
            assert value == pytest.approx(exact, abs=2e-2)
        await pilot.click("#boundary", offset=(left - 1, top))
        await pilot.pause()
        assert panel_rows(running, "boundary") == rows


async def test_what_is_hidden_is_not_read_out():
    running = app()
    async with running.run_test(size=(80, 24)) as pilot:
        await train(pilot, "20")
        await pilot.press("x")
        running.screen.query_one(Loss).focus()
        await pilot.press("left")
        await pilot.pause()
        assert "nothing more to read out" in str(now(running).message)
        assert not any("epoch 19: J" in row for row in panel_rows(running, "loss"))
        await pilot.press("enter")
        assert "no epoch is read out" in str(now(running).message)


def test_a_curve_without_a_point_for_every_epoch_says_so():
    def title(count: int, width: int = 70) -> str:
        there = trained(count, opened(load("folded-bias"), 3))
        rows = [
            "".join(text for text, _ in row) for row in told_of(there, 30, Look(width=width)).rows
        ]
        return next(row for row in rows if "J" in row.split(",")[0].split() and ":" not in row
                    and "of all" not in row and "sample" not in row)  # fmt: skip

    assert "a point every" not in title(50)
    assert "a point every 3 epochs" in title(1500)
    assert "every 3 epochs" in title(1500, 34)


def test_back_in_a_training_its_curve_gets_the_points_that_are_walked_through():
    there = trained(1500, opened(load("folded-bias"), 3))
    assert 1000 not in dict(there.training.points)
    assert 1000 in dict(made(epochs.to_epoch(there, 1000)).training.points)
