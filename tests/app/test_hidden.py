"""The law of hiding: a frame does not depend on what is hidden in it, whatever one does there."""

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

import numpy as np
import pytest

from stepper.app import copying, sight
from stepper.app.classroom import entered
from stepper.app.commands import COMMANDS
from stepper.app.moves.edit import edit
from stepper.app.moves.guess import hide, hide_so_much, reveal
from stepper.app.moves.levels import into, opened_inside
from stepper.app.moves.steps import ASKED, end, next_step
from stepper.app.moves.watching import toggle
from stepper.app.prompts import Prompt
from stepper.app.sight import covered, is_asked, line_covered, loss_withheld, withheld
from stepper.app.snapshot import Snapshot, opened, outermost
from stepper.app.widgets.painted import Painted
from stepper.app.widgets.tabbed import TABS
from stepper.course.play import opened as opened_lesson
from stepper.language.text import Style, text
from stepper.program.cursor import LEVELS
from stepper.program.watch import watch
from stepper.show.copy import FORMATS
from stepper.show.numbers import scalar
from stepper.show.rows import Look
from tests.app.classes import ALL, until
from tests.app.screens import PRODUCT, SIZES, app, derived, everything, frame, lab, panel_rows, show

LOOK = Look(layout="columns")
WATCHED = ("J", "a3", "dJ_dW2", "max(abs(dJ_dW1))", "W1")


def disguised(now: Snapshot) -> Snapshot:
    """The same frame with other numbers, just as long, wherever something is hidden."""
    trace = now.trace
    values = tuple(
        other(value) if covered(now, slot) else value for slot, value in enumerate(trace.values)
    )
    outer = now.outer and disguised(replace(now.outer, hiding=now.hiding))
    return replace(now, cursor=replace(now.cursor, trace=replace(trace, values=values)),
                   outer=outer)  # fmt: skip


def otherwise_weighted(now: Snapshot) -> Snapshot:
    """The same frame of a lab with other weights, for who makes numbers of its own from these."""
    lab = replace(now.lab, parameters={n: other(v) for n, v in now.lab.parameters.items()})
    return replace(now, lab=lab, outer=now.outer and otherwise_weighted(now.outer))


def other(value):
    """Every entry with another first digit, its sign and its size kept."""
    with np.errstate(divide="ignore"):
        size = 10.0 ** np.floor(np.log10(np.abs(value)))
    first = np.floor(np.abs(value) / np.where(value == 0, 1, size))
    moved = np.where(first >= 5, value - np.sign(value) * 3 * size, value + np.sign(value) * size)
    return np.where(value == 0, 0.0, np.vectorize(short)(moved))


def short(number):
    """0.2, and not 0.19999999999999996, which is longer."""
    return float(f"{number:.12g}")


def walk(level, lines=False, name="xor"):
    """Every frame of a level with results hidden and some watches."""
    place = opened(lab(name), lab(name).check_sample(None), 0, level)
    known = [w for w in WATCHED if w != "max(abs(dJ_dW1))" or "dJ_dW1" in place.trace.code.names]
    known = [w for w in known if w.startswith("max") or w in place.trace.code.names]
    place = replace(place, watches=tuple(watch(w, place.trace) for w in known))
    place = hide_so_much(place, 2) if lines else hide(place)
    while True:
        yield place
        after = next_step(place)
        if after.cursor.stop == place.cursor.stop:
            return
        place = after


@pytest.mark.parametrize("lines", [False, True])
@pytest.mark.parametrize("level", LEVELS)
async def test_no_frame_depends_on_what_is_hidden_in_it(level, lines):
    running = app()
    async with running.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        for place in list(walk(level, lines))[:: 11 if level == "entry" else 2]:
            assert same_on_the_screen(running, place)


@pytest.mark.parametrize("size", SIZES)
async def test_no_size_and_no_tab_depends_on_what_is_hidden(size):
    running = app()
    async with running.run_test(size=size) as pilot:
        await pilot.pause()
        for _ in TABS:
            await pilot.press("v")
            for place in list(walk("line"))[::4]:
                assert same_on_the_screen(running, place)


async def test_nothing_leaks_from_inside_a_step():
    running = app()
    async with running.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        for outer in list(walk("line"))[1:]:
            inner = into(outer)
            assert same_on_the_screen(running, inner)
            assert same_on_the_screen(running, next_step(inner))


@lru_cache
def in_lessons() -> Sequence[Snapshot]:
    """Where a lesson stands that asks for a value, inside that step, and at the end of the walk."""
    found = {}
    for lesson, step in [(one, step) for one in ALL for step in one.steps]:
        room, place = entered(opened_lesson(lesson, "en", until(step.id, lesson)))
        asked = place.hiding.asked.values
        if room.play.waits and asked:
            for there in (place, into(at_operation(place)), end(place)):
                found.setdefault((place.lab, asked, there.trace.code, there.cursor.stop), there)
    return list(found.values())


def at_operation(place):
    return replace(place, cursor=replace(place.cursor, level="operation"))


def test_no_way_leads_inside_a_step_that_a_lesson_asks_for():
    asked = [place for place in in_lessons() if is_asked(place) and opened_inside(place)]
    assert asked
    for place in asked:
        assert into(at_operation(place)).message is ASKED


async def test_no_frame_of_a_lesson_depends_on_what_it_asks_for():
    running = app()
    async with running.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        for _ in TABS:
            await pilot.press("v")
            for place in in_lessons():
                assert same_on_the_screen(running, place), running.debugger.arrangement.tab


def test_no_command_says_what_a_lesson_asks_for():
    for place in in_lessons():
        moved = disguised(place)
        moved = otherwise_weighted(moved) if loss_withheld(place) else moved
        assert list(said(place)) == list(said(moved))


def test_only_who_hides_and_who_says_so_looks_at_what_is_hidden_without_asking():
    looks = re.compile(r"hiding\.(on|revealed|lines|asked)\b")
    app = Path(sight.__file__).parent
    found = {file.name for file in app.rglob("*.py") if looks.search(file.read_text("utf-8"))}
    assert found == {"sight.py", "guess.py", "restart.py", "modes.py", "footer.py"}


def same_on_the_screen(running, place):
    show(running, place)
    derived(running)
    seen = hiding(running, place)
    show(running, otherwise_weighted(disguised(place)))
    return seen == hiding(running, place)


def hiding(running, place):
    """The rows of all panels but those that may tell numbers which they make from the weights."""
    lab, panels = place.lab, [painted.id for painted in running.debugger.query(Painted)]
    predicted = [lab.training.predict] if lab.training.predict else []
    made = {"loss": [lab.forward.loss, *predicted], "boundary": predicted}
    tells = [panel for panel in made if not withheld(outermost(place), *made[panel])]
    return {panel: panel_rows(running, panel) for panel in panels if panel not in tells}


def said(place):
    """What every command says at a place, in its message and in what it asks."""
    for command in COMMANDS:
        after = command.move(place) if command.move else None
        if command.move is None and command.asks is not None:
            after = command.asks(place)
        if isinstance(after, Prompt):
            yield command.id, str(after.question)
            yield command.id, str(after.can_type)
        elif after is not None and after.message is not None:
            yield command.id, str(after.message)


@pytest.mark.parametrize("level", ["phase", "line", "operation"])
def test_no_command_says_what_is_hidden(level):
    for place in walk(level):
        for command, words in said(place):
            if command == "hide":
                continue
            for number in re.findall(r"[-−]?\d+\.?\d*e?-?\d*", words):
                assert not tells(place, float(number.replace("−", "-").rstrip("."))), words


def tells(place, number):
    """Whether a number with some digits is one of the hidden ones, and of no other value."""
    if number == int(number):
        return False
    close = [
        slot for slot, value in enumerate(place.trace.values)
        if np.any(np.isclose(np.abs(value), abs(number), rtol=1e-3, atol=0))
        or np.any(np.isclose(np.abs(value), abs(number) * 1e4, rtol=1e-3, atol=0))
    ]  # fmt: skip
    return bool(close) and all(covered(place, slot) for slot in close)


def test_hidden_results_are_not_copied_and_revealed_ones_may_be():
    place, running = hide(opened(lab(), 3, PRODUCT)), app()
    for format in FORMATS:
        assert "is hidden" in str(copying.copied(place, format, running, LOOK))
    assert "is hidden" not in str(copying.copied(reveal(place), "numpy", running, LOOK))


@pytest.mark.parametrize("at", [1, PRODUCT])
def test_an_edit_does_not_tell_a_loss_that_is_hidden(at):
    place = hide(opened(lab(), 3, at))
    prompt = edit(place)
    after = prompt.answer(place, "W1[0, 0] = 2.5")
    loss = scalar(float(after.trace.value("J")))
    assert (loss in str(after.message)) == (at == PRODUCT)
    assert after.edits


def test_a_watched_result_is_a_question_mark_until_it_is_revealed():
    place = toggle(hide(opened(lab(), 3, PRODUCT)))
    slots = place.watches[0].reads(place.cursor)
    assert [covered(place, slot) for slot in slots] == [True]
    assert not any(covered(reveal(place), slot) for slot in slots)
    inner = into(place)
    assert covered(outermost(inner), slots[0])


async def test_lines_are_hidden_with_their_results_and_come_back_with_them():
    running = app()
    async with running.run_test(size=(80, 24)) as pilot:
        show(running, opened(lab(), 3, PRODUCT))
        await pilot.press("2", "x")
        program = "\n".join(panel_rows(running, "program"))
        assert "∂J/∂W2 = ?" in program
        assert "∂J/∂W1 = ?" in program
        assert "z1 = W1@X" in program.replace(" @ ", "@")
        assert "∂J/∂W3 = ?" not in program
        numbers = "\n".join(panel_rows(running, "numbers"))
        assert "∂J/∂W2 = ?" in numbers
        assert "ᵀ" not in numbers
        assert "a1  4×1" in numbers
        assert "lines hidden" in frame(running)[1]
        await pilot.press("space")
        assert "∂J/∂W2 = ?" not in "\n".join(frame(running))
        await pilot.press("x")
        assert "= ?" not in "\n".join(frame(running))


def test_only_one_and_two_say_how_much_to_hide():
    place = opened(lab(), 3, PRODUCT)
    assert not hide_so_much(place, 1).hiding.lines
    assert hide_so_much(place, 2).hiding.lines
    assert not hide_so_much(place, 3).hiding.on


async def test_a_hidden_line_stands_nowhere():
    running = app()
    async with running.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        for place in list(walk("line", lines=True))[8:]:
            show(running, place)
            derived(running)
            seen = everything(running).replace(" ", "")
            for number, line in place.trace.program.numbered():
                if line_covered(place, number):
                    assert text(line.tree, Style(partial=True, tight=True)) not in seen
                    assert text(line.tree, LOOK.maths).replace(" ", "") not in seen
            assert line_covered(place, place.step.line)
