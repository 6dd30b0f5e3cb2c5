"""The screen as a learner meets it: keys, rows, marks and numbers."""

import re

import numpy as np
import pytest

from stepper.app.commands import COMMANDS, PANELS
from stepper.app.widgets.painted import Painted
from stepper.app.worked import parts_of
from stepper.show.numbers import scalar
from tests.app.screens import SIZES, app, focus, frame, keys_of, lab, now, panel_rows, widths

FRAMES = ["", "n", "n n n", "end", "n n n s", "n n n s s n", "o n", "o n n n"]
NUMBER = re.compile(r"-?\d+\.\d{4,}")


def regions(screen):
    return {w.id: w.region for w in screen.query(Painted)}


@pytest.mark.parametrize("panel", PANELS)
async def test_every_key_acts_or_leaves_a_message(panel):
    for key in keys_of(panel):
        running = app()
        async with running.run_test(size=(80, 24)) as pilot:
            await pilot.press("n", "n", "n", "n", "n")
            await focus(pilot, panel)
            before, rows = now(running), frame(running)
            await pilot.press(key)
            if running.is_running:
                assert now(running).message or frame(running) != rows or before is not now(running)


@pytest.mark.parametrize("key", ["r", "x", "1", "escape", "u", "@", "f5", "backspace"])
async def test_an_unknown_key_says_what_to_press(key):
    running = app()
    async with running.run_test(size=(80, 24)) as pilot:
        await pilot.press("n", key)
        assert now(running).cursor.stop[0] > 0
        assert now(running).message is not None
        said = str(now(running).message)
        assert said[:20] in frame(running)[22]


async def test_a_full_width_letter_counts_as_the_letter_and_another_script_is_named():
    running = app()
    async with running.run_test(size=(80, 24)) as pilot:
        await pilot.press("ｎ")
        assert now(running).cursor.at > 0
        await pilot.press("ㄙ")
        assert "input method" in str(now(running).message)
        assert widths(frame(running)) == {80}


@pytest.mark.parametrize("size", SIZES)
async def test_no_step_changes_the_layout(size):
    running = app()
    async with running.run_test(size=size) as pilot:
        await pilot.pause()
        before = regions(running.screen)
        layouts = []
        refresh = running.screen._refresh_layout
        running.screen._refresh_layout = lambda *a, **k: (layouts.append(a), refresh(*a, **k))
        await pilot.press(*"nnnsnnsnpooon", "end", "home", "n", "full_stop")
        assert regions(running.screen) == before
        assert layouts == []


@pytest.mark.parametrize("ascii", [False, True], ids=["unicode", "ascii"])
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", ["xor", "three-class", "circuits"])
async def test_every_row_is_as_wide_as_the_terminal(name, size, ascii):
    running = app(name, ascii=ascii)
    async with running.run_test(size=size) as pilot:
        for keys in FRAMES:
            if keys:
                await pilot.press(*keys.split())
            await pilot.pause()
            rows = frame(running)
            assert len(rows) == size[1]
            assert widths(rows) == {size[0]}
            if ascii:
                assert "".join(rows).isascii()
        await pilot.press("question_mark")
        await pilot.pause()
        assert not ascii or "".join(frame(running)).replace("▁", "").replace("▇", "").isascii()


@pytest.mark.parametrize("size", SIZES)
async def test_what_is_never_hidden(size):
    running = app()
    async with running.run_test(size=size) as pilot:
        while now(running).cursor.at < len(now(running).trace.steps):
            await pilot.press("n")
            step, rows = now(running).step, "\n".join(frame(running))
            line = now(running).trace.program.lines[step.line - 1]
            assert f"{step.line}►" in rows
            assert f"line {step.line}/25" in rows or f" {step.line}/25" in rows
            assert "sample 3" in rows
            assert "epoch 0" in rows
            assert "(0.1, 0.9) → 1" in rows
            assert "? help" in rows
            assert "q quit" in rows
            shape = "×".join(map(str, now(running).shape)) or "scalar"
            name = line.target.replace("dJ_d", "∂J/∂")
            assert re.search(rf"{re.escape(name)}  {shape}", rows), (line.text(), rows)


@pytest.mark.parametrize("batch", [False, True], ids=["sample", "batch"])
async def test_every_number_of_a_matrix_is_the_traces(batch):
    running = app(batch=batch)
    async with running.run_test(size=(120, 40)) as pilot:
        while now(running).cursor.at < len(now(running).trace.steps):
            await pilot.press("n")
            here = now(running)
            born = [v for v in here.trace.vars if v.born <= here.cursor.at]
            known = {f"{x:.{d}f}" for v in born for x in np.ravel(v.value) for d in range(4, 8)}
            shown = NUMBER.findall("\n".join(panel_rows(running, "numbers")))
            assert set(shown) <= known


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_the_selected_entry_is_the_traces_and_is_marked(size):
    running = app()
    async with running.run_test(size=size) as pilot:
        await focus(pilot, "numbers")
        await pilot.press(*["n"] * 14, "right", "down")
        here = now(running)
        assert here.entry == (1, 1)
        value = here.trace.value("dJ_dW2")[1, 1]
        text = f"{value:.4f}"
        assert any(f"‹{text}›" in row for row in panel_rows(running, "numbers"))
        entry = "\n".join(panel_rows(running, "entry"))
        assert "row 2, column 2 · ∂J/∂W2[1, 1]" in entry
        assert f"≈ {scalar(parts_of(here).value)}" in entry
        assert parts_of(here).value == value


async def test_the_future_is_never_shown():
    running = app()
    async with running.run_test(size=(120, 40)) as pilot:
        trace = now(running).trace
        while True:
            here = now(running)
            later = {
                f"{abs(x):.4f}"
                for v in trace.vars
                if v.born > here.cursor.at
                for x in np.ravel(v.value)
            } - {
                f"{abs(x):.4f}"
                for v in trace.vars
                if v.born <= here.cursor.at
                for x in np.ravel(v.value)
            }
            shown = {
                n.lstrip("-") for n in NUMBER.findall("\n".join(panel_rows(running, "numbers")))
            }
            assert not shown & later
            if here.cursor.at == len(trace.steps):
                return
            await pilot.press("n")


async def test_a_matrix_fills_up_entry_by_entry():
    running = app()
    async with running.run_test(size=(80, 24)) as pilot:
        await pilot.press(*["n"] * 14, "s")
        for filled in range(1, 13):
            numbers = "\n".join(panel_rows(running, "numbers")[2:])
            assert now(running).filled == filled
            assert numbers.count("·") == 12 - filled
            await pilot.press("n")


async def test_the_program_marks_what_is_read_differentiated_and_to_come():
    running = app()
    async with running.run_test(size=(80, 24)) as pilot:
        await pilot.press(*["n"] * 14)
        rows = "\n".join(panel_rows(running, "program"))
        for mark in (" 14►", "  2›", "  3∂", " 13›", " 15·", " 18·"):
            assert mark in rows
        assert "  1  z1" in rows
        assert rows.count("►") == 1


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


async def test_the_help_names_every_key_and_closes_again():
    running = app()
    async with running.run_test(size=(120, 70)) as pilot:
        await pilot.press("n", "question_mark")
        await pilot.pause()
        rows = "\n".join(frame(running))
        for command in COMMANDS:
            assert command.help in rows or not (command.keys or command.program)
        await pilot.press("escape")
        await pilot.pause()
        assert now(running).cursor.at > 0
        assert "numbers" in frame(running)[1]


async def test_the_footer_has_whole_entries_only():
    running = app()
    for width in range(60, 121, 7):
        async with app().run_test(size=(width, 24)) as pilot:
            await pilot.pause()
            footer = frame(pilot.app)[-1].strip()
            assert footer.startswith("? help  q quit  n next")
            known = [c.footer for c in COMMANDS if c.label]
            assert all(part in known for part in footer.split("  "))
    assert running is not None


async def test_a_click_on_a_line_goes_there():
    running = app()
    async with running.run_test(size=(80, 24)) as pilot:
        await pilot.click("#program", offset=(8, 4))
        assert now(running).step.line == 3


async def test_a_long_explanation_can_be_scrolled_and_says_so():
    running = app()
    async with running.run_test(size=(60, 18)) as pilot:
        await pilot.press("n", "n", "n")
        title = panel_rows(running, "entry")[0]
        first, last, total = map(int, re.search(r"(\d+)-(\d+)/(\d+)", title).groups())
        assert last < total
        await focus(pilot, "entry")
        await pilot.press(*["down"] * (total - last + 1))
        assert "everything" in str(now(running).message)
        await pilot.press("up")


def test_labs_have_a_first_frame():
    assert lab().samples == 21
