"""The list of commands: a name that is typed is that command's, and what stands behind it too."""

import pytest

from stepper.app.commands import COMMANDS, taught
from stepper.app.screens.palette import matching, understood
from tests.app.screens import app, burst, frame, now

LISTED = matching("", taught(COMMANDS))


@pytest.mark.parametrize("known", [COMMANDS, taught(COMMANDS)], ids=["alone", "in a lesson"])
def test_a_name_that_is_typed_is_the_first_of_the_list(known):
    for command in matching("", known):
        for typed in (command.name, command.id, f" {command.name.upper()} "):
            assert matching(typed, known)[0] is command
            assert understood(typed, known) == (command, "")


def test_what_stands_behind_a_name_belongs_to_the_longest_one():
    for command in LISTED:
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
        assert "not written: ~nosuchuser/x.svg: " in frame(running)[22]
