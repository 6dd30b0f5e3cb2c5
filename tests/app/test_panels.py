"""Tabs, zoom, the graph, the watches, the mouse and the clipboard."""

from dataclasses import replace

import numpy as np
import pytest
from textual.geometry import Region

from stepper.app import copying
from stepper.app.fitting import cells
from stepper.app.moves import steps, watching
from stepper.app.screens.prompt import Field
from stepper.app.snapshot import opened
from stepper.app.widgets.footer import command_at
from stepper.app.widgets.graph import GraphPanel, drawn_for
from stepper.app.widgets.painted import Painted
from stepper.app.widgets.tabbed import TABS, Tabbed
from stepper.show.copy import FORMATS
from stepper.show.rows import Look
from tests.app.screens import (
    PRODUCT,
    SIZES,
    app,
    burst,
    frame,
    lab,
    now,
    panel_rows,
    show,
    widths,
)


def product(entry=(0, 0)):
    return opened(lab(), 3, at=PRODUCT, entry=entry)


@pytest.mark.parametrize("ascii", [False, True], ids=["unicode", "ascii"])
@pytest.mark.parametrize("size", SIZES)
async def test_every_tab_keeps_the_facts_and_the_widths(size, ascii):
    running = app(ascii=ascii)
    async with running.run_test(size=size) as pilot:
        show(running, product((1, 2)))
        for tab in TABS:
            running.debugger.arrangement.open(tab)
            await pilot.pause()
            rows = frame(running)
            said = "\n".join(rows)
            assert widths(rows) == {size[0]}
            assert not ascii or said.isascii()
            for fact in (
                "row 2, column 3",
                "sample 3",
                "14/25",
                "from ",
                "3x4" if ascii else "3×4",
            ):
                assert fact in said, (fact, said)


@pytest.mark.parametrize("size", [(60, 18), (80, 24), (120, 40)])
async def test_no_panel_paints_more_cells_than_it_has_in_any_language(size, language):
    running = app()
    async with running.run_test(size=size) as pilot:
        show(running, watching.follow(product((1, 2)), "max(abs(dJ_dW1))"))
        for tab in TABS:
            running.debugger.arrangement.open(tab)
            await pilot.pause()
            for panel in running.debugger.query(Painted):
                if panel.display and panel.size:
                    rows = panel.paint(now(running), *panel.size)
                    assert max(map(cells, rows), default=0) <= panel.size.width, (tab, panel.id)


@pytest.mark.parametrize("tab", TABS)
async def test_no_step_changes_the_layout_in_any_tab(tab):
    running = app()
    async with running.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        running.debugger.arrangement.open(tab)
        await pilot.pause()
        layouts, screen = [], running.screen
        refresh = screen._refresh_layout
        screen._refresh_layout = lambda *a, **k: (layouts.append(a), refresh(*a, **k))
        await pilot.press(*"nnnsnnpooonwn", "end", "home")
        assert layouts == []


@pytest.mark.parametrize("size", SIZES)
async def test_the_graph_shows_the_current_box_at_every_step(size):
    running = app()
    async with running.run_test(size=size) as pilot:
        await pilot.pause()
        running.debugger.arrangement.open("graph")
        await pilot.pause()
        while now(running).cursor.at < len(now(running).trace.steps):
            show(running, steps.next_step(now(running)))
            target = drawn_for(now(running), Look()).texts[
                now(running).trace.program.lines[now(running).step.line - 1].target
            ]
            assert f"►{target[:4]}" in "\n".join(panel_rows(running, "graph"))


async def test_a_click_on_a_box_goes_to_its_line():
    running = app()
    async with running.run_test(size=(120, 40)) as pilot:
        show(running, product())
        await pilot.press("v")
        await pilot.pause()
        panel = running.debugger.query_one(GraphPanel)
        x, y = drawn_for(now(running), panel.look).where("dJ_da1")
        await pilot.click(
            "#graph", offset=(x - panel.left + 1 + panel.gap, y - panel.top + panel.above)
        )
        assert now(running).step.line == 16


async def test_a_tab_opens_by_its_key_and_by_a_click():
    running = app()
    async with running.run_test(size=(80, 24)) as pilot:
        await pilot.press("v", "v")
        assert "─[graph]─" in panel_rows(running, "graph")[0]
        await pilot.press("V", "V", "V")
        assert "─[watch]─" in panel_rows(running, "watch")[0]
        await pilot.click("#watch", offset=(panel_rows(running, "watch")[0].index("graph") + 1, 0))
        assert running.debugger.arrangement.tab == "graph"


async def test_derivation_and_graph_share_a_place_and_where_both_are_in_sight_v_says_so():
    running = app()
    async with running.run_test(size=(120, 40)) as pilot:
        for shown, away in (("derive", "graph"), ("graph", "derive")):
            assert running.debugger.query_one(f"#{shown}").display
            assert not running.debugger.query_one(f"#{away}").display
            await pilot.press("v")
        await pilot.resize_terminal(200, 60)
        await pilot.pause()
        await pilot.press("v")
        assert "every tab" in str(now(running).message)


async def test_v_puts_the_loss_and_the_boundary_in_the_place_of_the_graph_and_back():
    running = app()
    async with running.run_test(size=(120, 40)) as pilot:
        for seen in ({"graph"}, {"loss", "boundary"}, {"derive"}):
            await pilot.press("v")
            await pilot.pause()
            shown = {p.id for p in running.debugger.query(Tabbed) if p.region.height}
            assert shown == {"entry", "watches", *seen}


@pytest.mark.parametrize("size", SIZES[1:])
async def test_what_is_added_to_a_product_is_whole_where_the_panel_has_room_for_it(size):
    running = app()
    async with running.run_test(size=size) as pilot:
        await pilot.press("n")
        await pilot.pause()
        rows = panel_rows(running, "numbers")
        assert "b1  4×1" in rows[2] and "z1  4×1" in rows[5]
        assert not any("of 4" in row for row in rows)
        assert [row[3:5] for row in rows[3:7]] == ["0›", "0 ", "0 ", "0 "]


@pytest.mark.parametrize("back", ["z", "escape", "tab"])
async def test_zoom_gives_the_panel_the_screen_and_back(back):
    running = app()
    async with running.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        before = frame(running)
        await pilot.press("z")
        await pilot.pause()
        assert running.debugger.query_one("#program").size == (80, 21)
        assert "? help" in frame(running)[-1]
        await pilot.press(back)
        await pilot.pause()
        assert running.debugger.query_one("#program").size.width == 32
        assert frame(running)[2:-2] == before[2:-2]


@pytest.mark.parametrize("size", [(120, 40), (200, 60)], ids=str)
async def test_a_panel_of_any_share_has_the_whole_screen_when_it_is_zoomed(size):
    running = app()
    async with running.run_test(size=size) as pilot:
        await pilot.pause()
        for panel in ("derive", "graph", "loss"):
            running.debugger.arrangement.open(panel)
            running.debugger.set_focus(running.debugger.query_one(f"#{panel}"))
            await pilot.press("z")
            await pilot.pause()
            assert running.debugger.focused.region == Region(0, 1, size[0], size[1] - 3), panel
            await pilot.press("z")


async def test_a_click_selects_an_entry_and_on_an_operand_goes_to_its_line():
    running = app()
    async with running.run_test(size=(80, 24)) as pilot:
        show(running, product())
        await pilot.pause()
        rows = panel_rows(running, "numbers")
        entry = f"{now(running).trace.value('dJ_dW2')[1, 2]:.4f}"
        y = next(y for y, row in enumerate(rows) if entry in row)
        await pilot.click("#numbers", offset=(rows[y].index(entry) + 1, y))
        assert now(running).entry == (1, 2)
        operand = f"{now(running).trace.value('a1')[1, 0]:.4f}"
        await pilot.click("#numbers", offset=(rows[3].index(operand) + 1, 3))
        assert now(running).step.line == 2
        assert "backspace: where I was" in str(now(running).message)


@pytest.mark.parametrize("size", [(60, 18), (80, 24), (120, 40)], ids=str)
async def test_a_click_on_a_name_is_one_on_its_numbers(size):
    running, place = app(), product((1, 2))
    async with running.run_test(size=size) as pilot:
        for caption, line in (("a1ᵀ  1×4", 2), ("∂J/∂z2  3×1", 13), ("∂J/∂W2  3×4", 14)):
            show(running, place)
            await pilot.pause()
            rows = panel_rows(running, "numbers")
            y = next(y for y, row in enumerate(rows) if caption in row)
            for column in (0, len(caption) - 1):
                show(running, place)
                await pilot.click("#numbers", offset=(rows[y].index(caption) + column, y))
                assert now(running).step.line == line
                assert now(running).entry == (1, 2) or line != 14
        await pilot.press("home")
        await pilot.pause()
        rows = panel_rows(running, "numbers")
        y = next(y for y, row in enumerate(rows) if "X  2×1" in row)
        await pilot.click("#numbers", offset=(rows[y].index("X  2×1"), y))
        assert "X is given: no line makes it" in str(now(running).message)


async def test_a_click_on_the_footer_is_its_key():
    running = app()
    async with running.run_test(size=(80, 24)) as pilot:
        await pilot.press("n", "n")
        await pilot.pause()
        await pilot.click("#footer", offset=(frame(running)[-1].index("next"), 0))
        assert now(running).step.line == 3
        await pilot.click("#footer", offset=(frame(running)[-1].index("[ line"), 0))
        assert now(running).step.line == 2
    assert command_at(79, "program", 80) is None


async def test_a_watch_waits_for_its_line_and_then_has_its_value():
    running = app()
    async with running.run_test(size=(80, 24)) as pilot:
        show(running, product())
        await pilot.press("w")
        running.debugger.arrangement.open("watch")
        await pilot.pause()
        assert "∂J/∂W2" in panel_rows(running, "watch")[3]
        value = f"{now(running).trace.value('dJ_dW2')[0, 0]:.4f}"
        assert value in panel_rows(running, "watch")[3]
        await pilot.press("home")
        assert any("·   line 14" in row for row in panel_rows(running, "watch"))


def test_watching_twice_ends_it():
    once = watching.toggle(product())
    assert [w.source for w in once.watches] == ["dJ_dW2"]
    assert watching.toggle(once).watches == ()
    assert watching.toggle(opened(lab(), 3)).watches == ()


@pytest.mark.parametrize(("key", "format"), copying.KEYS.items())
async def test_copy_hands_the_text_to_the_terminal(key, format, clipboard):
    running = app()
    async with running.run_test(size=(80, 24)) as pilot:
        show(running, product())
        await pilot.press("Y", key)
        value = now(running).trace.value("dJ_dW2")
        assert clipboard == [FORMATS[format](value)]
        assert f"as {format}" in str(now(running).message)
        await pilot.press("y")
        assert clipboard[1:] == [FORMATS["numpy"](value)]
        assert now(running).cursor.at == PRODUCT


def test_a_numpy_copy_gives_the_array_back():
    value = product().trace.value("dJ_dW2")
    assert np.array_equal(eval(FORMATS["numpy"](value), {"np": np}), value)


async def test_without_a_terminal_nothing_is_said_to_be_copied():
    running = app()
    async with running.run_test(size=(80, 24)) as pilot:
        show(running, product())
        await pilot.press("y")
        assert "not copied" in str(now(running).message)
        await pilot.press("Y", "n")
        assert "not copied" in str(now(running).message)
        await pilot.press("Y", "escape")
        assert now(running).message is None


def test_any_formula_is_watched_and_the_same_again_ends_it():
    place = watching.follow(product(), "max(abs(dJ_dW2))")
    assert "watching" in str(place.message)
    twice = watching.follow(place, " max( abs( ∂J/∂W2 ) )")
    assert not twice.watches
    assert "no longer" in str(twice.message)


async def test_a_watched_formula_waits_for_its_line():
    running = app()
    async with running.run_test(size=(120, 40)) as pilot:
        await burst(pilot, ["n", "W", *"max(abs(dJ_dW2))", "enter"])
        assert "max(abs(∂J/∂W2))" in "\n".join(panel_rows(running, "watches"))
        assert any("·   line 14" in row for row in panel_rows(running, "watches"))
        show(running, replace(now(running), cursor=product().cursor))
        value = f"{np.max(np.abs(product().trace.value('dJ_dW2'))):.4f}"
        assert value in "\n".join(panel_rows(running, "watches"))


@pytest.mark.parametrize(
    ("typed", "wrong"), [("max(abs(dJ_dW9))", "dJ_dW9"), ("W2 @ W1 + W2 @ X", "W2 @ X")]
)
@pytest.mark.parametrize("by_name", [False, True])
async def test_a_formula_that_is_none_stays_in_the_field_with_its_mistake_selected(
    typed, wrong, by_name
):
    running = app()
    async with running.run_test(size=(120, 40)) as pilot:
        keys = [*":watch"] if by_name else ["W"]
        keys += ["space"] if by_name else []
        await burst(pilot, [*keys, *("space" if c == " " else c for c in typed), "enter"])
        field = running.screen.query_one(Field)
        assert field.value == typed
        assert field.selected_text == wrong
        assert not now(running).watches
        await pilot.press("escape")
        await pilot.pause()
        assert not running.screen.query(Field)
