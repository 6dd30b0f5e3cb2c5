"""Where things stand: lines that meet, whole words, a place for every panel at each size."""

import re

import pytest

from stepper.app.arrangement import TRAINED, room_of
from stepper.app.moves.watching import toggle
from stepper.app.snapshot import opened
from stepper.app.widgets.painted import Painted
from stepper.app.widgets.tabbed import TABS
from tests.app.screens import PRODUCT, app, derived, frame, lab, now, panel_rows, show, widths

ALL = [(60, 18), (80, 24), (110, 34), (120, 40), (160, 34), (200, 30), (200, 60)]
UP, DOWN, LEFT, RIGHT = "│┤├┼└┘┴", "│┤├┼┌┐┬", "─━┤┼┐┘┬┴", "─━├┼┌└┬┴"


async def opened_at(pilot, running):
    await pilot.pause()
    show(running, toggle(opened(lab(), 3, PRODUCT)))
    await pilot.pause()


@pytest.mark.parametrize("size", ALL, ids=str)
async def test_the_lines_between_panels_meet(size):
    running = app()
    async with running.run_test(size=size) as pilot:
        await opened_at(pilot, running)
        rows, seen = frame(running), 0
        for panel in (p for p in running.debugger.query(Painted) if p.display and p.panel):
            region = panel.region
            assert rows[region.y][region.x : region.x + 1] not in ("", " ")
            if not region.x:
                continue
            for y in range(region.y, region.bottom):
                edge, before = rows[y][region.x], rows[y][region.x - 1]
                assert (before in "─━") == (edge in "┬┤"), (y, rows[y])
                seen += edge in "┬┤"
        assert seen >= 1


@pytest.mark.parametrize("size", ALL, ids=str)
async def test_every_panel_is_in_sight_where_there_is_room(size):
    running = app()
    async with running.run_test(size=size) as pilot:
        await opened_at(pilot, running)
        rows = frame(running)
        assert widths(rows) == {size[0]}
        text, room = "\n".join(rows), room_of(*size)
        open = set(re.findall(r"\[(entry|derive)\]", text))
        assert open == {"small": {"entry"}, "roomy": {"derive"}}.get(room, set())
        named = {t for t in TABS if re.search(rf"[─━] {t} [─━]", text)} | open
        if room == "small":
            shown = TABS if size[0] >= 110 else TABS[:4] if size[0] >= 80 else TABS[:2]
            assert named == set(shown)
            assert ("▸ ─" in text) == (shown != TABS)
        else:
            assert named == (set(TABS) if room == "large" else set(TABS) - set(TRAINED))


async def test_a_click_behind_the_tabs_that_have_room_opens_the_next_one():
    running = app()
    async with running.run_test(size=(80, 24)) as pilot:
        await opened_at(pilot, running)
        shown = running.debugger.query_one("#entry")
        for sign, tab in (("▸", "boundary"), ("◂", "derive"), ("▸", "boundary")):
            at = panel_rows(running, shown.id)[0].index(sign)
            await pilot.click(f"#{shown.id}", offset=(at, 0))
            await pilot.pause()
            assert running.debugger.arrangement.tab == tab
            shown = running.debugger.query_one(f"#{tab}")


async def test_at_200_columns_no_line_of_the_program_and_no_row_of_the_graph_is_cut():
    running = app()
    async with running.run_test(size=(200, 60)) as pilot:
        await opened_at(pilot, running)
        assert "…" not in "".join(panel_rows(running, "program"))
        graph = panel_rows(running, "graph")
        assert not re.search(r"\d/\d", graph[0])
        assert any("[lr]" in row for row in graph)


async def test_the_graph_of_xor_is_whole_across_80_columns_and_says_which_part_of_a_wide_one_is():
    running = app()
    async with running.run_test(size=(80, 24)) as pilot:
        await opened_at(pilot, running)
        await pilot.press("v", "v")
        await pilot.pause()
        assert any(row.endswith("[∂J/∂b2]") for row in panel_rows(running, "graph"))
        assert "columns" not in panel_rows(running, "graph")[0]
        await pilot.resize_terminal(60, 18)
        await pilot.pause()
        assert re.search(r" \d+-\d+/28 ─", panel_rows(running, "graph")[0])
        await pilot.press("tab", "tab", "z")
        await pilot.resize_terminal(60, 24)
        show(running, opened(lab("circuits-neuron"), None, 2))
        await pilot.pause()
        assert re.search(r" columns \d+-\d+/\d+ ━", panel_rows(running, "graph")[0])


async def test_the_screen_follows_the_window_as_it_is_resized():
    running = app()
    async with running.run_test(size=(80, 24)) as pilot:
        await opened_at(pilot, running)
        await pilot.press("tab")
        for size in (*ALL, (59, 17), (80, 24)):
            await pilot.resize_terminal(*size)
            await pilot.pause()
            rows = frame(running)
            assert (len(rows), widths(rows)) == (size[1], {size[0]})
            said = " ".join(" ".join(rows).split())
            assert ("14►" in said) == (size != (59, 17))
            assert ("one more column and one more row" in said) == (size == (59, 17))
            focused = running.debugger.focused
            assert size == (59, 17) or focused.panel == "numbers", size


async def test_tab_goes_from_the_program_through_the_panels_beside_it_to_the_watches_under_it():
    running = app()
    async with running.run_test(size=(120, 40)) as pilot:
        order = []
        for _ in range(6):
            order.append(running.debugger.focused.id)
            await pilot.press("tab")
        assert order == ["program", "numbers", "entry", "derive", "watches", "program"]


@pytest.mark.parametrize("size", ALL, ids=str)
async def test_the_footer_has_whole_entries_and_its_keys_stand_out(size):
    running = app()
    async with running.run_test(size=size) as pilot:
        await opened_at(pilot, running)
        footer = running.debugger.query_one("#footer", Painted).rows[0]
        keys = [text.strip() for text, ink in footer if ink == "title"]
        assert keys[:5] == ["?", "q", "n", "p", "s"]
        assert "u used" not in keys
        said = "".join(text for text, _ in footer).strip()
        entries = re.split(r"  +", said)
        assert all(re.fullmatch(r"\S+( \S+)? \w+( \w+)?", entry) for entry in entries), entries


@pytest.mark.parametrize("size", [(60, 18), (80, 24)], ids=str)
async def test_a_long_message_is_whole_and_moves_no_panel(size):
    running = app()
    async with running.run_test(size=size) as pilot:
        await opened_at(pilot, running)
        places = {p.id: p.region for p in running.debugger.query(Painted) if p.id != "message"}
        await pilot.press("=", *"a1 @ dJ_dz2.T", "enter")
        await pilot.pause()
        rows = frame(running)
        said = " ".join(" ".join(row.strip() for row in rows[-4:]).split())
        assert "this wants `dJ_dz2 @ a1.T`: a gradient has the shape of what it belongs to" in said
        assert rows[-1].startswith(" ? help  q quit") and widths(rows) == {size[0]}
        assert places == {p.id: p.region for p in running.debugger.query(Painted) if p.id in places}
        await pilot.press("n")
        await pilot.pause()
        assert frame(running)[-2].startswith(" ► here") and "│" in frame(running)[-3]


async def test_where_all_panels_are_in_sight_a_layer_of_ten_and_a_whole_derivation_fit():
    running = app("bce-momentum")
    async with running.run_test(size=(200, 60)) as pilot:
        await pilot.pause()
        await pilot.press(*"13g")
        await pilot.pause()
        last = now(running).step.output
        weights = now(running).trace.values[last]
        shown = "\n".join(panel_rows(running, "numbers"))
        assert "rows 1-" not in shown and all(f"{row[0]:.4f}" in shown for row in weights)
        await pilot.press(*"9g")
        derived(running, proved=True)
        await pilot.pause()
        assert "agrees with the engine" in "\n".join(panel_rows(running, "derive"))


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 60)], ids=str)
async def test_a_rule_is_whole_in_either_language(size, language):
    """What is in sight of a graph is said at its right: `rows 1-13/28`, not cut there."""
    running = app("three-hidden")
    async with running.run_test(size=size) as pilot:
        await opened_at(pilot, running)
        for tab in ("derive", "graph", "loss"):
            running.debugger.arrangement.open(tab)
            await pilot.pause()
            rules = [row for row in frame(running) if "─ " in row or "━ " in row]
            assert rules and not any("…" in row[row.rfind("─ ") - 12 :] for row in rules), rules
