"""Other keys: they act, every list of keys shows them, and what is wrong is said with its place."""

from pathlib import Path

import pytest

from stepper.app.app import StepperApp
from stepper.app.commands import COMMANDS, find, in_footer, name_keys, taught
from stepper.app.config import config_path, configured
from stepper.app.keymap import clashes, remapped
from stepper.app.panels import PANELS
from stepper.app.screens.debugger import DebuggerScreen
from stepper.app.screens.help import lines
from stepper.app.screens.palette import line
from stepper.app.snapshot import opened
from stepper.cli.main import main
from stepper.expr.errors import StepperError
from stepper.expr.sentence import KEYS
from stepper.show.rows import Look
from tests.app.screens import app, focus, frame, lab, now

EVERYWHERE = [c for c in COMMANDS if c.id != "count"]


def written(text: str):
    config_path().write_text(text, encoding="utf-8")
    return configured()


def running_with(text: str) -> StepperApp:
    return StepperApp(DebuggerScreen(opened(lab(), 3), Look(), written(text)))


def test_without_a_file_the_keys_are_those_declared():
    assert configured() == COMMANDS
    assert written("") == COMMANDS
    assert written("[keys]\n") == COMMANDS
    assert not list(clashes(COMMANDS))


@pytest.mark.parametrize("command", EVERYWHERE, ids=lambda c: c.id)
def test_every_command_can_have_another_key(command):
    known = written(f'[keys]\n{command.id} = ["f7", "Ä"]\n')
    new = next(c for c in known if c.id == command.id)
    panels = [p for p in PANELS if "f7" in new.keys_in(p)]
    assert panels
    assert all(find("Ä", p, known).id == command.id for p in panels)
    assert not any(find(key, None, known) == new for key in command.keys)
    assert "f7" in line(new, " ")
    assert any("f7" in said for said in lines(Look(), None, known))
    assert [c.id for c in known] == [c.id for c in COMMANDS]
    if command.label and command.shown != "arrows":
        assert any("f7" in c.footer for c in in_footer(panels[0], known))


def test_a_lesson_has_its_own_keys_too_and_gives_up_those_that_another_command_has():
    config_path().write_text('[keys]\nhint = "f7"\nrun-back = "B"\nskip = ["O", "f8"]\n')
    known = configured(taught(COMMANDS))
    assert not list(clashes(tuple(c for c in known if c.id != "choose")))
    assert find("f7", "lesson", known).id == "hint" and find("H", "lesson", known) is None
    assert find("f8", "lesson", known).id == "skip" and find("B", "lesson", known).id == "run-back"
    name_keys(known)
    assert KEYS["key_hint"] == "f7" and KEYS["key_lesson"] == ":lesson"
    assert configured() == remapped({"run-back": ("B",)})


def test_a_key_of_a_lesson_that_another_command_has_is_refused():
    with pytest.raises(StepperError, match="`n` is a key of `next` too"):
        written('[keys]\nhint = "n"\n')


async def test_a_key_of_a_panel_is_taken_by_a_command_that_holds_everywhere():
    running = running_with('[keys]\nnext = "j"\nback = ["k", "p"]\n')
    async with running.run_test(size=(80, 24)) as pilot:
        for panel in PANELS[:2]:
            await focus(pilot, panel)
            await pilot.press("j")
            assert now(running).cursor.at > 0
            assert "j next  k back" in frame(running)[-1]
            await pilot.press("k")
            assert now(running).cursor.at == 0
        await pilot.press("n")
        assert now(running).cursor.at == 0
        assert "n does nothing here" in str(now(running).message)
        await pilot.press("question_mark")
        await pilot.pause()
        assert any(row.split()[:2] == ["j", "the"] for row in frame(running))
        await pilot.press("escape", "colon", *"next")
        await pilot.pause()
        assert any(row.split()[1:3] == ["next", "j"] for row in frame(running))


def test_two_keys_that_stand_beside_each_other_do_so_after_a_change():
    known = written('[keys]\nline-back = "ö"\nline = "ä"\n')
    assert "ä ö line" in [c.footer for c in in_footer(None, known)]


def test_commands_can_swap_their_keys():
    known = written('[keys]\nnext = "p"\nback = "n"\n')
    assert find("p", "program", known).id == "next"
    assert find("n", "program", known).id == "back"


async def test_the_panels_go_round_with_another_key():
    running = running_with('[keys]\npanel = "f6"\n')
    async with running.run_test(size=(80, 24)) as pilot:
        before = running.screen.focused
        await pilot.press("f6")
        assert running.screen.focused is not before
        after = running.screen.focused
        await pilot.press("tab")
        assert running.screen.focused is after


@pytest.mark.parametrize("key", ["]", "pgdn", "space", "ü", "J", "!", "esc", "backspace", "f5"])
def test_a_key_is_named_as_it_stands_on_the_keyboard(key):
    free = {c.id: ("f12",) for c in COMMANDS if c.id in ("line", "reveal", "cancel", "go-back")}
    texts = "".join(f'{id} = "f{n}"\n' for n, id in enumerate(free, 1))
    known = written(f'[keys]\n{texts}until = "{key}"\n')
    until = next(c for c in known if c.id == "until")
    assert key in line(until, " ")


REFUSED = [
    ("[keys\n", 1, "not TOML"),
    ('[colours]\nleft = "red"\n', 1, "[keys]"),
    ("keys = 3\n", 1, "[keys]"),
    ('[keys]\n\nnxt = "j"\n', 3, "next"),
    ('[keys]\ncount = "a"\n', 2, "no command"),
    ("[keys]\nnext = 3\n", 2, "no key"),
    ("[keys]\nnext = []\n", 2, "needs a key"),
    ('[keys]\nnext = "ctrl+x"\n', 2, "no key"),
    ('[keys]\nnext = "nn"\n', 2, "no key"),
    ('[keys]\nnext = ""\n', 2, "no key"),
    ('[keys]\nnext = ["j", 4]\n', 2, "no key"),
    ('[keys]\nnext = "4"\n', 2, "digit"),
    ('[keys]\nback = "k"\nnext = "o"\n', 3, "`out`"),
    ('[keys]\nback = "k"\nnext = "k"\n', 3, "`back`"),
    ('[keys]\nleft = "w"\n', 2, "`watch`"),
    ("keys.nxt = 'j'\n", 1, "no command"),
]


@pytest.mark.parametrize(("text", "line", "said"), REFUSED)
def test_what_is_wrong_is_said_with_file_and_line(text, line, said):
    with pytest.raises(StepperError) as refused:
        written(text)
    message = str(refused.value)
    assert message.startswith(f"{config_path()}:{line}: "), message
    assert said in message


def test_a_file_may_begin_with_the_mark_that_notepad_writes():
    config_path().write_text('[keys]\nnext = "j"\n', encoding="utf-8-sig")
    assert find("j", None, configured()).id == "next"


@pytest.mark.parametrize("content", [b"\xff\xfe", None])
def test_a_file_that_cannot_be_read_is_said(content):
    path = config_path()
    path.write_bytes(content) if content else path.mkdir()
    with pytest.raises(StepperError, match="cannot read"):
        configured()


def test_the_command_ends_with_2_and_one_message(monkeypatch, capsys):
    config_path().write_text('[keys]\nnext = "o"\n', encoding="utf-8")
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    assert main(["run", "xor"]) == 2
    out, err = capsys.readouterr()
    assert not out
    assert err.count("stepper:") == 1
    assert "config.toml:2:" in err
    assert main(["run", "xor", "--plain"]) == 0


def test_the_same_keys_again_change_nothing():
    own = {c.id: c.keys for c in COMMANDS if c.keys}
    assert remapped(own) == COMMANDS


async def test_the_help_says_where_the_file_is():
    running = app()
    async with running.run_test(size=(200, 150)) as pilot:
        await pilot.press("question_mark")
        await pilot.pause()
        assert str(config_path()) in "\n".join(frame(running))


def test_the_readmes_keys_are_understood():
    readme = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
    block = readme.split("<!-- keys -->\n```toml\n")[1].split("```")[0]
    known = written(block)
    assert find("B", "program", known).id == "run-back"
    assert find("j", "program", known).id == "next"
