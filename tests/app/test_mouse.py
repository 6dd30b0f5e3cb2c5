"""The mouse does what the keys do: clicks, the wheel, double clicks, and dragging over text."""

from dataclasses import replace

import pytest
from textual import events

from stepper.app.moves.watching import toggle
from stepper.app.snapshot import opened
from stepper.app.widgets.painted import Painted
from stepper.app.widgets.strips import reversed_between
from tests.app.screens import PRODUCT, app, lab, now, panel_rows, show


def row_of(running, panel, text):
    """The row of a panel where a text stands, and its column."""
    rows = panel_rows(running, panel)
    y = next(y for y, row in enumerate(rows) if text in row)
    return rows[y].index(text), y


async def drag(pilot, panel, start, end):
    """Press at one cell, let go at another one."""
    await pilot.mouse_down(f"#{panel}", offset=start)
    await pilot.hover(f"#{panel}", offset=end)
    await pilot.mouse_up(f"#{panel}", offset=end)
    await pilot.pause()


async def test_a_click_on_a_line_goes_there_and_backspace_comes_back():
    running = app()
    async with running.run_test(size=(80, 24)) as pilot:
        await pilot.press("n", "n")
        await pilot.click("#program", offset=row_of(running, "program", "∂J/∂W2"))
        assert now(running).step.line == 14
        await pilot.press("backspace")
        assert now(running).step.line == 2


async def test_a_click_in_the_first_column_sets_a_breakpoint_and_moves_nothing():
    running = app()
    async with running.run_test(size=(80, 24)) as pilot:
        await pilot.press("n")
        _, y = row_of(running, "program", "z3 = W3")
        await pilot.click("#program", offset=(0, y))
        await pilot.pause()
        assert now(running).step.line == 1
        assert now(running).breakpoints.lines == {5}
        assert panel_rows(running, "program")[y].startswith("●")
        await pilot.click("#program", offset=(0, y))
        assert not now(running).breakpoints.lines


async def test_the_wheel_over_the_program_steps():
    running = app()
    async with running.run_test(size=(80, 24)) as pilot:
        for turned, line in ((1, 1), (1, 2), (-1, 1)):
            await wheel(pilot, "program", turned)
            assert now(running).step.line == line


async def test_the_wheel_over_the_numbers_moves_the_entry():
    running = app()
    async with running.run_test(size=(80, 24)) as pilot:
        show(running, opened(lab(), 3, PRODUCT))
        for turned, entry in ((1, (1, 0)), (1, (2, 0)), (-1, (1, 0))):
            await wheel(pilot, "numbers", turned)
            assert now(running).entry == entry


@pytest.mark.parametrize("tab", ["entry", "graph", "watch"])
async def test_the_wheel_over_a_tab_scrolls_it_and_moves_nothing(tab):
    running = app()
    async with running.run_test(size=(60, 18)) as pilot:
        here = opened(lab(), 3)
        for at in (1, 2, 3, 5, 7, 9, 11, 14, 16):
            here = toggle(keep(here, at))
        show(running, keep(here, PRODUCT))
        running.debugger.arrangement.open(tab)
        await pilot.pause()
        before = panel_rows(running, tab)
        await wheel(pilot, tab, 1)
        assert panel_rows(running, tab) != before
        await wheel(pilot, tab, -1)
        assert panel_rows(running, tab) == before
        assert now(running).cursor.at == PRODUCT


def keep(snapshot, at):
    """The same frame after so many steps."""
    return replace(snapshot, cursor=snapshot.cursor.to(at))


async def wheel(pilot, panel, turned):
    """Turn the wheel over the middle of a panel: 1 is down, -1 is up."""
    widget = pilot.app.debugger.query_one(f"#{panel}")
    x, y = (int(part) for part in widget.region.center)
    kind = events.MouseScrollDown if turned > 0 else events.MouseScrollUp
    event = kind(widget, x, y, 0, turned, 0, False, False, False, x, y)
    pilot.app.screen._forward_event(event)
    await pilot.pause()


async def test_a_click_on_a_watch_goes_to_the_line_that_makes_it():
    running = app()
    async with running.run_test(size=(120, 40)) as pilot:
        show(running, keep(toggle(opened(lab(), 3, PRODUCT)), 2))
        await pilot.pause()
        await pilot.click("#watches", offset=row_of(running, "watches", "∂J/∂W2"))
        assert now(running).step.line == 14


async def test_a_double_click_zooms_and_another_one_comes_back():
    running = app()
    async with running.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        for panel in ("entry", None):
            await pilot.click("#entry", offset=(9, 9), times=2)
            await pilot.pause()
            assert running.debugger.arrangement.zoomed == panel
            assert not running.debugger.selections
        assert running.debugger.query_one("#program").display


async def test_two_clicks_before_a_line_set_a_breakpoint_and_clear_it_and_zoom_nothing():
    running = app()
    async with running.run_test(size=(80, 24)) as pilot:
        await pilot.click("#program", offset=(0, 3), times=2)
        await pilot.pause()
        assert not now(running).breakpoints.lines
        assert running.debugger.arrangement.zoomed is None


async def test_text_is_copied_by_dragging_over_it_and_the_drag_is_no_click(clipboard):
    running = app()
    async with running.run_test(size=(80, 24)) as pilot:
        show(running, opened(lab(), 3, PRODUCT))
        await pilot.pause()
        x, y = row_of(running, "program", "z1 = W1 @ X")
        await drag(pilot, "program", (x, y), (x + 6, y))
        assert clipboard == ["z1 = W1"]
        assert str(now(running).message) == "copied 7 letters"
        assert now(running).cursor.at == PRODUCT
        assert not running.debugger.selections
        await pilot.press("y")
        assert clipboard[1].startswith("np.array(")


async def test_a_drag_over_several_rows_takes_them_without_the_spaces_that_fill_them(clipboard):
    running = app()
    async with running.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        x, y = row_of(running, "program", "z1 = W1 @ X")
        await drag(pilot, "program", (x, y), (x + 1, y + 2))
        assert clipboard[0] == "z1 = W1 @ X + b1\n  2· a1 = sigmoid(z1)\n  3· z2"


async def test_a_drag_over_numbers_leaves_out_the_line_at_their_left(clipboard):
    running = app()
    async with running.run_test(size=(80, 24)) as pilot:
        show(running, opened(lab(), 3, PRODUCT))
        await pilot.pause()
        x, y = row_of(running, "numbers", "-0.1206")
        await drag(pilot, "numbers", (x, y), (x + 22, y + 1))
        first, second = clipboard[0].split("\n")
        assert first.split() == ["-0.1206", "-0.2354", "-0.3294", "-0.1271"]
        assert second.split()[:3] == ["0.1882", "│", "0.0374"] and second.startswith(" ")


async def test_what_is_dragged_over_is_in_reverse_until_the_button_is_let_go():
    running = app()
    async with running.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        x, y = row_of(running, "program", "z1 = W1 @ X")
        await pilot.mouse_down("#program", offset=(x, y))
        await pilot.hover("#program", offset=(x + 6, y))
        await pilot.pause()
        program = running.debugger.query_one("#program", Painted)
        lit = [s.text for s in program.render_line(y) if s.style and s.style.reverse]
        assert lit == ["z1 = W1"]
        await pilot.mouse_up("#program", offset=(x + 6, y))
        await pilot.pause()
        assert "not copied" in str(now(running).message)
        assert not [s for s in program.render_line(y) if s.style and s.style.reverse]


def test_a_reversed_part_keeps_the_text_and_the_other_inks():
    row = (("ab", "left"), ("cd", "dim"))
    assert reversed_between(row, 1, 3) == (
        ("a", "left"), ("b", "here"), ("c", "here"), ("d", "dim"),
    )  # fmt: skip
    assert reversed_between(row, 3, -1) == (("ab", "left"), ("c", "dim"), ("d", "here"))
