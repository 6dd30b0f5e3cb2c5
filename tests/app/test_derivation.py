"""The derivation panel: what it says of a line, how much of it, and the thread beside it."""

import asyncio
import re
import subprocess
import sys
import threading
from dataclasses import replace

import pytest

from stepper.app import derivations
from stepper.app.app import StepperApp
from stepper.app.derivations import Derivations, Place, place_of
from stepper.app.fitting import cells
from stepper.app.moves.edit import edit
from stepper.app.moves.guess import hide, reveal
from stepper.app.moves.levels import into
from stepper.app.moves.steps import next_step
from stepper.app.screens.debugger import DebuggerScreen
from stepper.app.snapshot import opened
from stepper.app.widgets.derivation import DerivationPanel
from stepper.calculus.prove import Check
from stepper.check.switch import with_mistake
from stepper.labs.source import lab_names
from stepper.show.rows import Look
from tests.app.screens import (
    PRODUCT,
    app,
    derived,
    focus,
    frame,
    lab,
    now,
    panel_rows,
    show,
    walk,
    widths,
)

SLOPE = 24
"""After so many steps of xor `dJ_dz2 = dJ_da2 * (a2 * (1 - a2))` has been computed."""


def panel(running):
    return "\n".join(panel_rows(running, "derive"))


def inks(running, number):
    rows = running.debugger.query_one(DerivationPanel).rows
    return {ink for row in rows for text, ink in row if text.strip("()") == number}


async def test_a_slope_is_derived_whole_with_its_entry_and_numbers():
    running = app()
    async with running.run_test(size=(120, 40)) as pilot:
        show(running, opened(lab(), 3, SLOPE))
        derived(running, proved=True)
        rows = panel(running)
        assert "d/dz2[σ(z2)]" in rows
        assert "recognise σ" in rows
        assert len(re.findall("✓", rows)) >= 9
        running.screen.set_focus(running.debugger.query_one(DerivationPanel))
        await pilot.press("pagedown", "j", "j", "j")
        assert re.search(r"∂J/∂z⁽²⁾₁ = .*by the chain rule +✓", panel(running))
        assert re.search(r"≈ -0.0918 .*agrees with the engine +✓", panel(running))


async def test_each_number_has_the_ink_of_the_matrix_that_it_was_read_from():
    running = app()
    async with running.run_test(size=(120, 40)):
        show(running, opened(lab(), 3, PRODUCT, entry=(2, 1)))
        derived(running)
        value = now(running).trace.value
        assert inks(running, f"{value('dJ_dz2')[2, 0]:.4f}") == {"left"}
        assert inks(running, f"{value('a1')[1, 0]:.4f}") == {"right"}


async def test_d_opens_it_and_shows_all_and_the_answer_and_enter_one_line_more():
    running = app()
    async with running.run_test(size=(80, 24)) as pilot:
        show(running, opened(lab(), 3, SLOPE))
        await pilot.press("d")
        derived(running)
        short = panel(running)
        assert "in 9 steps" in short
        await pilot.press("d")
        assert "definition" in panel(running)
        assert "inner derivative" not in panel(running)
        await pilot.press("d")
        assert panel(running) == short
        await focus(pilot, "derive")
        for n in range(1, 9):
            await pilot.press("enter")
            assert f"{9 - n} more" in panel(running)
        await pilot.press("enter", "enter")
        assert "every line is shown" in str(now(running).message)


async def test_what_is_hidden_is_not_derived_until_it_is_revealed():
    running = app()
    async with running.run_test(size=(120, 40)):
        for place in (opened(lab(), 3, SLOPE), opened(lab(), 3, PRODUCT)):
            show(running, hide(place))
            derived(running, proved=True)
            assert "σ" not in panel(running)
            assert "0." not in panel(running)
            assert "space reveals" in panel(running)
            show(running, reveal(hide(place)))
            assert "space reveals" not in panel(running)
            assert "d" in panel(running)


async def test_a_forward_line_is_defined_and_a_loss_says_where_its_factors_come_from():
    running = app("half-mse")
    async with running.run_test(size=(120, 40)):
        seen = []
        for place in walk(running):
            derived(running)
            if place.step.phase == "forward":
                assert re.search("entry by entry|minus|squashed", panel(running))
            seen.append(panel(running))
        assert any("power rule" in rows and "constant factor" in rows for rows in seen)


async def test_a_saturated_unit_says_so():
    running = app()
    async with running.run_test(size=(120, 40)):
        place = opened(lab(), 3, SLOPE)
        after = edit(opened(lab(), 3, 3)).answer(place, "b2[0, 0] = 40")
        show(running, after)
        derived(running)
        shown = running.debugger.query_one(DerivationPanel)
        assert "σ(z)·σ(−z)" in " ".join(text for row in shown._body(after, 200) for text, _ in row)


async def test_a_mistake_that_is_switched_on_fails_its_proof():
    wrong = with_mistake(lab(), "missing-activation-derivative@dJ_dz2")
    running = StepperApp(DebuggerScreen(opened(wrong, 3, 0), Look(layout="columns")))
    async with running.run_test(size=(120, 40)):
        marks = []
        for place in walk(running):
            if place.step.phase == "backward":
                derived(running, proved=True)
                marks += re.findall(r"by the chain rule +(\S)", panel(running))
        assert "✗" in marks
        assert "✓" in marks


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
@pytest.mark.parametrize("name", lab_names())
async def test_no_formula_of_a_derivation_is_cut_in_two(name, size):
    running = app(name)
    async with running.run_test(size=size) as pilot:
        running.debugger.arrangement.open("derive")
        await pilot.press("d", "d")
        shown = running.debugger.query_one(DerivationPanel)
        for place in list(walk(running))[:: 1 if size[0] == 80 else 3]:
            if place.step.phase != "update":
                derived(running)
                rows = shown._body(place, shown.size.width - 3)
                assert all(cells(row) <= shown.size.width - 3 for row in rows), rows
        assert widths(frame(running)) == {size[0]}


async def test_inside_a_step_its_own_lines_are_defined():
    running = app()
    async with running.run_test(size=(120, 40)):
        inner = next_step(into(opened(lab(), 3, 3)))
        assert inner.outer is not None
        show(running, inner)
        derived(running)
        assert "agrees with the engine" in panel(running)


async def until(found):
    for _ in range(400):
        if found():
            return
        await asyncio.sleep(0.05)
    raise AssertionError("it never came")


async def test_the_marks_arrive_by_themselves_and_nothing_waits_for_them(monkeypatch):
    go = threading.Event()

    def slowly(*args):
        go.wait(20)
        return Check("proved")

    monkeypatch.setattr("stepper.calculus.prove.check", slowly)
    screen = DebuggerScreen(opened(lab(), 3, SLOPE), Look(layout="columns"), proves=True)
    running = StepperApp(screen)
    async with running.run_test(size=(120, 40)) as pilot:
        await until(lambda: "recognise σ" in panel(running))
        assert "✓" not in panel(running)
        assert "proving…" in str(
            running.debugger.query_one(DerivationPanel)._body(now(running), 77)
        )
        await pilot.press("n")
        assert now(running).step.line > 13
        await until(lambda: "a⁽¹⁾" in panel(running))
        await pilot.press("p")
        go.set()
        await until(lambda: panel(running).count("✓") >= 9)


async def test_a_line_that_is_derived_already_starts_no_thread_before_one_stays_on_it(monkeypatch):
    asked = []
    monkeypatch.setattr("stepper.app.widgets.derivation.REST", 0.1)
    monkeypatch.setattr("stepper.app.widgets.derivation.find_out", lambda *to: asked.append(to))
    running = app()
    async with running.run_test(size=(120, 40)):
        running.debugger.query_one(DerivationPanel).ready = True
        show(running, opened(lab(), 3, SLOPE))
        await until(lambda: asked)
        running.debugger.derivations.build(place_of(now(running)))
        asked.clear()
        show(running, replace(now(running)))
        assert not asked
        await until(lambda: asked)


def test_a_proof_that_was_left_stops_at_its_next_line(monkeypatch):
    from stepper.app.widgets.derivation import find_out

    left, proved = threading.Event(), []

    def check(*args):
        proved.append(args)
        left.set()
        return Check("proved")

    monkeypatch.setattr("stepper.calculus.prove.check", check)
    monkeypatch.setattr("stepper.app.widgets.derivation.REST", 0)
    find_out(Derivations(), place_of(opened(lab(), 3, SLOPE)), left)
    assert len(proved) == 1


def test_what_is_known_is_not_worked_out_again(monkeypatch):
    known, place = Derivations(), place_of(opened(lab(), 3, SLOPE))
    assert not known.is_proved(place)
    known.build(place)
    assert list(known.prove(place))
    assert known.is_proved(place)
    news = known.news
    again = place_of(opened(lab(), 5, SLOPE))
    known.build(again)
    assert known.news == news
    assert known.is_proved(again)
    assert not list(known.prove(again))


def test_what_a_thread_proves_that_was_left_is_there_once_and_in_its_place(monkeypatch):
    known, place, seen = Derivations(), place_of(opened(lab(), 3, SLOPE)), []
    known.build(place)

    def check(before, after, derivation):
        seen.append((before, after, derivation))
        if len(seen) == 1:
            assert list(known.prove(place))  # meanwhile another thread
        return Check("proved", points=derivation.trees().index(after))

    monkeypatch.setattr("stepper.calculus.prove.check", check)
    monkeypatch.setattr(derivations, "provable", lambda place: False)
    assert list(known.prove(place))
    assert seen.pop(0) in seen and len(seen) == len(set(seen))
    for derivation, found in known.proofs(known.of(place)).items():
        assert [check.points for check in found] == list(range(1, len(derivation.lines) + 1))


def test_a_line_of_thousands_of_entries_is_shown_without_its_chain_rule_proved():
    place = place_of(opened(lab(), 3, PRODUCT))
    assert derivations.provable(place)
    huge = Place(place.forward, place.line, {**place.sizes, "z2": (1000, 1)}, place.index)
    assert not derivations.provable(huge)


def test_sympy_is_not_there_before_it_is_asked_for():
    code = "import stepper.app.app, sys; print(*sys.modules)"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "stepper.app.app" in ran.stdout.split()
    assert not {"sympy", "mpmath"} & {*ran.stdout.split()}
