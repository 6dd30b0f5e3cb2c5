"""The list of commands: a name that is typed is that command's, and what stands behind it too."""

import pytest
from textual.events import MouseDown, MouseMove, MouseUp

from stepper.app.commands import COMMANDS, taught
from stepper.app.screens.lessons import Lessons
from stepper.app.screens.palette import Palette, matching, understood
from stepper.course.load import lessons
from stepper.show.rows import Look
from tests.app.screens import app, burst, frame, now

LISTED = matching("")


@pytest.mark.parametrize("known", [COMMANDS, taught(COMMANDS)], ids=["alone", "in a lesson"])
def test_a_name_that_is_typed_is_the_first_of_the_list(known):
    for command in matching("", known):
        for typed in (command.name, command.id, f" {command.name.upper()} "):
            assert matching(typed, known)[0] is command
            assert understood(typed, known) == (command, "")


def test_what_stands_behind_a_name_belongs_to_the_longest_one():
    for command in matching("", taught(COMMANDS)):
        named, given = understood(f"{command.name}  J < 0.5", taught(COMMANDS))
        assert named is command
        assert given == ("J < 0.5" if command.asks or command.takes else "")
        assert bool(given) == (command in matching(f"{command.name} J < 0.5")[:1])


@pytest.mark.parametrize(
    ("typed", "id", "given"),
    [("watch formula max(a1)", "watch-formula", "max(a1)"), ("watch max(a1)", "watch", "max(a1)"),
     ("go-back 3", "go-back", ""), ("go g-h", "go", "g-h"), ("epoch back 3", "epoch-back", "3"),
     ("gone", None, ""), ("", None, ""), (f"break {'1' * 5000}", "break", "")],
)  # fmt: skip
def test_a_command_is_given_what_stands_behind_its_whole_name(typed, id, given):
    named, rest = understood(typed)
    assert (named and named.id, rest) == (id, given)


async def test_go_back_goes_back_and_asks_for_no_place():
    running = app()
    async with running.run_test(size=(80, 24)) as pilot:
        await burst(pilot, ["1", "3", "g", "colon", *"go", "space", *"back", "enter"])
        assert running.screen is running.debugger
        assert now(running).step is None and now(running).message is None
        await burst(pilot, ["colon", *"screenshot", "space", *"~nosuchuser/x.svg", "enter"])
        await pilot.pause()  # the picture is drawn once the list is gone
        assert "not written: ~nosuchuser/x.svg: " in str(now(running).message)


async def row_of(pilot, said):
    """The row of the terminal that begins with a text, once nothing is scrolled any more."""
    rows = None
    while rows != (rows := frame(pilot.app)):
        await pilot.pause(0.05)
    return next(y for y, row in enumerate(rows) if row.lstrip(" ►").startswith(said))


async def test_a_click_on_a_row_chooses_its_command():
    running = app()
    async with running.run_test(size=(60, 18)) as pilot:
        await burst(pilot, ["colon"])
        await pilot.click(offset=(4, await row_of(pilot, "next ")))
        await pilot.pause()
        assert running.screen is running.debugger and now(running).cursor.at > 0
        await burst(pilot, ["colon", *["down"] * ([c.id for c in LISTED].index("end") - 2)])
        await pilot.click(offset=(55, await row_of(pilot, "end ")))
        await pilot.pause()
        assert now(running).cursor.at == len(now(running).trace.steps)
        await burst(pilot, ["colon", *"break", "space", "9"])
        row = await row_of(pilot, "break ")
        await pilot.click(offset=(40, row + 1))  # what it does takes two rows
        await pilot.pause()
        assert now(running).breakpoints.lines == {9}


async def test_a_click_beside_the_rows_and_a_drag_over_them_choose_nothing():
    running = app()
    async with running.run_test(size=(60, 18)) as pilot:
        await burst(pilot, ["colon", *["down"] * 45])
        assert await row_of(pilot, "scroll up ") > 1
        for row in (0, 16, 17):
            await pilot.click(offset=(3, row))
        for moved, x in ((MouseDown, 3), (MouseMove, 12), (MouseUp, 12)):
            running.post_message(moved(None, x, 5, 0, 0, 1, False, False, False, x, 5))
        await pilot.pause()
        assert isinstance(running.screen, Palette)
        await burst(pilot, ["z", "z", "z"])
        await pilot.click(offset=(3, await row_of(pilot, "no command")))
        assert isinstance(running.screen, Palette)


async def test_a_click_on_a_lesson_opens_it():
    running, chosen, course = app(), [], lessons()
    async with running.run_test(size=(80, 6)) as pilot:
        for keys in ([], ["down"] * (len(course) - 1)):
            running.push_screen(Lessons(Look(), course, course[0], "en"), chosen.append)
            await pilot.pause()
            await pilot.press(*keys)
            title = f"{course[len(keys)].number} "
            await pilot.click(offset=(3, await row_of(pilot, title)))
            await pilot.pause()
        assert chosen == [course[0], course[-1]]
