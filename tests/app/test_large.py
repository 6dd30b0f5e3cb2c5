"""A layer of 512×32 on the screen: parts of it, what is said of the whole, how it is walked."""

import re
from functools import lru_cache

import pytest

from stepper.app.app import StepperApp
from stepper.app.block import Block
from stepper.app.fitting import cells, plain
from stepper.app.moves.entries import page, select
from stepper.app.moves.jumps import at_step
from stepper.app.moves.steps import next_step
from stepper.app.screens.debugger import DebuggerScreen
from stepper.app.snapshot import opened
from stepper.app.summary import summary
from stepper.expr.sentence import say
from stepper.labs.load import load
from stepper.show.numbers import scalar
from stepper.show.rows import Look
from stepper.show.words import words
from tests.app.screens import PRODUCT, figure, focus, lab, now, panel_rows, show, widths

ROWS, COLUMNS = 512, 32
CUT = re.compile(r"…\s+\d+×|\d×\d*…|of \d*…|[^0-9 .‹›-]…$")
"""A name, a shape, or what is said of either, that is not whole; a row of numbers may go on."""


@lru_cache
def large():
    return load("xor", sets={"h1": str(COLUMNS), "h2": str(ROWS)})


def numbers(running):
    return "\n".join(panel_rows(running, "numbers"))


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_the_operands_strips_go_along_and_the_rows_are_named(size):
    running = StepperApp(DebuggerScreen(opened(large(), 3, at=PRODUCT), Look()))
    async with running.run_test(size=size) as pilot:
        await pilot.pause()
        trace = now(running).trace
        for index in ((0, 0), (100, 5), (ROWS - 1, COLUMNS - 1)):
            show(running, select(now(running), index))
            shown = re.search(r"rows (\d+)-(\d+) of 512", numbers(running))
            assert int(shown[1]) <= index[0] + 1 <= int(shown[2])
            left, top = trace.value("dJ_dz2")[index[0], 0], trace.value("a1")[index[1], 0]
            said = panel_rows(running, "numbers")
            made_of = [float(n) for row in said[2:] for n in re.findall("‹ *([^›]+)›", row)]
            assert made_of == pytest.approx([top, left, left * top], rel=0.5, abs=1e-4)
            assert widths(said) == {running.debugger.query_one("#numbers").size.width}


def test_what_is_said_of_the_whole_is_as_wide_as_its_panel_in_any_language(language):
    block = Block("dJ_dW2", opened(large(), 3).trace.last("dJ_dW2"), Look())
    for width in range(20, 100):
        assert all(cells(row) <= width for row in summary(block, width, 10))


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_what_cannot_be_shown_whole_is_summed_up(size):
    running = StepperApp(DebuggerScreen(opened(large(), 3, at=PRODUCT), Look()))
    async with running.run_test(size=size) as pilot:
        await pilot.pause()
        value = now(running).trace.value("dJ_dW2")
        for word, number in (("min", value.min()), ("max", value.max()), ("mean", value.mean())):
            assert f"{word} {scalar(float(number))}" in numbers(running)
        await pilot.press("x")
        assert "mean" not in numbers(running)
        show(running, opened(lab(), 3, at=PRODUCT))
        assert "mean" not in numbers(running)


@pytest.mark.parametrize("level", ["line", "operation"])
@pytest.mark.parametrize("name", ["xor", "bce-momentum", "three-class"])
def test_a_drawing_keeps_to_its_room_and_one_row_is_no_range(name, level):
    here, seen = opened(lab(name), 3, level=level), ""
    for _ in here.trace.steps:
        here = next_step(here)
        for width, height in ((34, 5), (34, 6), (46, 9)):
            drawn = [plain(row) for row in figure(here, width, height, Look(layout="columns"))]
            assert len(drawn) <= height, drawn
            seen += "\n".join(drawn)
    assert not re.search(r"\b(\d+)-\1 of", seen)
    assert re.search(r"\brow \d+ of", seen)


def test_matrices_that_are_cut_alike_stand_side_by_side_and_it_is_said_once():
    here = at_step(opened(lab("bce-momentum"), 3), lab("bce-momentum").trace(3).line_steps(2)[-1])
    drawn = [plain(row) for row in figure(here, 46, 9, Look(layout="columns"))]
    assert drawn[1].split() == ["z1", "10×1", "→", "a1", "10×1"]
    assert sum("of 10" in row for row in drawn) == 1
    assert drawn[7].strip() == "rows 1-5 of 10"
    assert all(len(row.replace("‹", " ").replace("›", " ").split()) == 2 for row in drawn[2:7])


async def test_page_keys_go_on_and_then_to_the_last_row_and_say_where_there_is_no_more():
    running = StepperApp(DebuggerScreen(opened(large(), 3, at=PRODUCT), Look()))
    async with running.run_test(size=(80, 24)) as pilot:
        await focus(pilot, "numbers")
        await pilot.press("pagedown", "pagedown")
        assert now(running).entry == (16, 0)
        show(running, select(now(running), (ROWS - 3, 2)))
        await pilot.press("pagedown")
        assert now(running).entry == (ROWS - 1, 2)
        await pilot.press("pagedown")
        assert "no entry further" in str(now(running).message)


def test_on_a_small_matrix_a_page_goes_to_its_edge():
    product = opened(lab(), 3, at=PRODUCT, entry=(1, 3))
    assert page(8)(product).entry == (2, 3)
    assert page(-8)(product).entry == (0, 3)
    assert page(-8)(page(-8)(product)).message is not None


def test_a_page_goes_no_further_than_what_is_computed():
    filling = opened(lab(), 3, at=PRODUCT, level="entry", entry=(1, 1))
    assert page(8)(select(filling, (0, 1))).entry == (1, 1)


@pytest.mark.parametrize(("width", "height"), [(34, 5), (46, 9), (46, 12)])
def test_beside_what_is_shown_of_a_matrix_its_name_and_shape_are_whole(width, height, language):
    """A batch of 500: `z2  500×50  rows 1-2  columns 1-5` has no room for `of 500` twice."""
    here = opened(lab("three-hidden"), None)
    for _ in here.trace.program.lines:
        here = next_step(here)
        drawn = figure(here, width, height, Look(layout="rows"))
        said = "\n".join(map(plain, drawn))
        line = here.trace.program.lines[here.step.line - 1]
        shape = "×".join(map(str, here.shape)) or words(say("scalar"))
        assert f"{line.target.replace('dJ_d', '∂J/∂')}  {shape}" in said, said
        for row in drawn[1:]:
            assert cells(row) <= width and not CUT.search(plain(row)), said
