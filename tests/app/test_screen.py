"""The screen as a learner meets it: rows, marks, numbers and sizes."""

import re

import numpy as np
import pytest

from stepper.app.moves import entries
from stepper.app.moves.steps import next_step
from stepper.app.snapshot import opened
from stepper.app.widgets.painted import Painted
from stepper.app.widgets.tabbed import TABS
from stepper.app.worked import parts_of
from stepper.expr.tree import names
from stepper.program.cursor import LEVELS
from stepper.show.numbers import scalar
from tests.app.screens import (
    PRODUCT,
    SIZES,
    app,
    born,
    everything,
    frame,
    lab,
    now,
    panel_rows,
    show,
    walk,
    widths,
)

NUMBER = re.compile(r"-?\d+\.\d{4,}")


def places(name):
    """Frames at every level: before the start, at the end, and some between."""
    sample = lab(name).check_sample(None)
    steps = len(lab(name).trace(sample).steps)
    for level in LEVELS:
        for at in (0, 1, steps // 3, 2 * steps // 3, steps):
            yield opened(lab(name), sample, at, level)


def regions(screen):
    return {w.id: w.region for w in screen.query(Painted)}


def shown_numbers(running):
    return NUMBER.findall("\n".join(panel_rows(running, "numbers")))


@pytest.mark.parametrize("ascii", [False, True], ids=["unicode", "ascii"])
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", ["xor", "three-class", "circuits"])
async def test_every_row_is_as_wide_as_the_terminal(name, size, ascii):
    running = app(name, ascii=ascii)
    async with running.run_test(size=size) as pilot:
        await pilot.pause()
        for place in places(name):
            show(running, place)
            await pilot.pause()
            rows = frame(running)
            assert len(rows) == size[1]
            assert widths(rows) == {size[0]}
            assert not ascii or "".join(rows).isascii()
        await pilot.press("question_mark")
        await pilot.pause()
        assert not ascii or "".join(frame(running)).isascii()


@pytest.mark.parametrize("size", SIZES)
async def test_no_step_changes_the_layout(size):
    running = app()
    async with running.run_test(size=size) as pilot:
        await pilot.press("n")  # the hint of the first frame is longer than a row of 60
        await pilot.pause()
        before, layouts = regions(running.screen), []
        refresh = running.screen._refresh_layout
        running.screen._refresh_layout = lambda *a, **k: (layouts.append(a), refresh(*a, **k))
        await pilot.press(*"nnsnnsnpooon", "home", "n", "full_stop")
        assert regions(running.screen) == before
        assert layouts == []
        await pilot.press("end")  # what there is to say of it is longer than a row of 60
        await pilot.pause()
        assert {**regions(running.screen), "message": before["message"]} == before


@pytest.mark.parametrize("tab", TABS)
@pytest.mark.parametrize("size", [*SIZES, (200, 60)])
async def test_what_is_never_hidden(size, tab):
    running = app()
    async with running.run_test(size=size) as pilot:
        await pilot.pause()
        running.debugger.arrangement.open(tab)
        await pilot.pause()
        for here in walk(running):
            line, rows = here.trace.program.lines[here.step.line - 1], everything(running)
            assert f"{here.step.line}►" in rows
            assert re.search(rf"[ \[]{here.step.line}/25", rows)
            assert re.search(r"\(0\.1, ?0\.9\) ?→ ?1 ", rows)
            for text in ("sample 3", "epoch 0", "? help", "q quit"):
                assert text in rows
            shape = "×".join(map(str, here.shape)) or "scalar"
            name = line.target.replace("dJ_d", "∂J/∂")
            assert f"{name}  {shape}" in rows, rows
            for read in names(line.tree) - {"N", "lr"}:
                assert f"{read.replace('dJ_d', '∂J/∂')}" in rows
            assert scalar(parts_of(here).value) in rows
            below = "\n".join(panel_rows(running, tab if size < (110, 34) else "entry"))
            assert re.search("from |no later line reads", below), below
            assert not here.shape or "row 1, column 1" in below, below


@pytest.mark.parametrize("batch", [False, True], ids=["sample", "batch"])
async def test_every_number_of_a_matrix_is_the_traces_and_none_is_of_the_future(batch):
    running = app(batch=batch)
    async with running.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        for here in walk(running):
            there = born(here.trace, here.cursor.at)
            numbers = [x for v in there for x in (*np.ravel(v), np.mean(v), np.max(np.abs(v)))]
            known = {f"{x:.{d}f}" for x in numbers for d in range(4, 8)}
            assert set(shown_numbers(running)) <= known


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_a_product_is_a_multiplication_table_of_the_traces_numbers(size):
    running = app()
    async with running.run_test(size=size) as pilot:
        await pilot.pause()
        show(running, opened(lab(), 3, at=PRODUCT))
        trace, rows = now(running).trace, panel_rows(running, "numbers")
        top = next(y for y, row in enumerate(rows) if "a1ᵀ  1×4" in row)
        left, result = trace.value("dJ_dz2"), trace.value("dJ_dW2")
        assert [*NUMBER.findall(rows[top + 1])] == [f"{x:.4f}" for x in trace.value("a1").ravel()]
        for i in range(3):
            expected = [f"{x:.4f}" for x in (left[i, 0], *result[i])]
            assert NUMBER.findall(rows[top + 3 + i]) == expected


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_the_selected_entry_is_the_traces_and_is_marked(size):
    running = app()
    async with running.run_test(size=size) as pilot:
        await pilot.pause()
        show(running, entries.select(opened(lab(), 3, at=PRODUCT), (1, 2)))
        here = now(running)
        value = here.trace.value("dJ_dW2")[1, 2]
        numbers = "\n".join(panel_rows(running, "numbers"))
        for marked in (value, here.trace.value("a1")[2, 0], here.trace.value("dJ_dz2")[1, 0]):
            assert re.search(rf"‹ ?{marked:.4f}›", numbers)
        assert numbers.count("‹") == 3
        entry = "\n".join(panel_rows(running, "entry"))
        assert "row 2, column 3 · ∂J/∂W2[1, 2]" in entry
        assert f"≈ {scalar(value)}" in entry


async def test_a_matrix_fills_up_entry_by_entry():
    running = app()
    async with running.run_test(size=(80, 24)) as pilot:
        show(running, opened(lab(), 3, at=PRODUCT))
        await pilot.press("s")
        for filled in range(1, 13):
            numbers = "\n".join(panel_rows(running, "numbers")[2:])
            assert now(running).filled == filled
            assert numbers.count("·") == 12 - filled
            show(running, next_step(now(running)))


async def test_the_program_marks_what_is_read_differentiated_and_to_come():
    running = app()
    async with running.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        show(running, opened(lab(), 3, at=PRODUCT))
        rows = "\n".join(panel_rows(running, "program"))
        for mark in (" 14► ", "  2› ", "  3∂ ", " 13› ", " 15· ", " 18· ", "  1  z1"):
            assert mark in rows
        assert rows.count("►") == 1


async def test_the_operation_that_is_computed_is_the_marked_part_of_its_line():
    running = app()
    async with running.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        first = lab().trace(3).line_steps(9)[0]
        show(running, opened(lab(), 3, at=first.index + 1, level="operation"))
        program = running.debugger.query_one("#program", Painted)
        assert [t.strip() for row in program.rows for t, ink in row if ink == "here"] == ["(1-a3)"]


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_a_matrix_that_does_not_fit_says_which_part_is_shown(size):
    running = app("chessboard")
    async with running.run_test(size=size) as pilot:
        await pilot.pause()
        said = set()
        for _ in walk(running):
            rows = "\n".join(panel_rows(running, "numbers"))
            said |= set(re.findall(r"(?:rows|columns|products) \d+-\d+", rows))
            assert widths(panel_rows(running, "numbers")) <= {size[0] - 32, size[0] - 40}
        assert said


@pytest.mark.parametrize(
    ("size", "lacks"), [((50, 18), "10 more columns"), ((60, 10), "8 more rows")]
)
async def test_a_terminal_that_is_too_small_says_what_is_missing(size, lacks):
    running = app()
    async with running.run_test(size=size) as pilot:
        await pilot.pause()
        assert lacks in " ".join(" ".join(frame(running)).split())
        await pilot.resize_terminal(80, 24)
        await pilot.pause()
        assert "program" in frame(running)[1]
