"""A sentence that names a key names it as it is now: no template holds a key of its own."""

import re

import pytest

from stepper.app.app import StepperApp
from stepper.app.commands import COMMANDS, name_keys, taught
from stepper.app.keyboard import ELSEWHERE, key_name, unknown
from stepper.app.keymap import remapped
from stepper.app.moves import counts, guess, jumps, steps, watching
from stepper.app.screens.debugger import DebuggerScreen
from stepper.app.screens.help import lines
from stepper.app.snapshot import OPENING, opened
from stepper.expr.languages import ENGLISH, LANGUAGES
from stepper.expr.sentence import KEYS
from stepper.show.rows import Look
from stepper.show.translation import files, speak
from stepper.show.words import words
from tests.app.screens import frame, lab, now
from tests.words import templates

SIGNS = {key_name(key) for c in taught(COMMANDS) for key in c.keys if c.id != "count"}
LETTER = re.compile(r"(?<![\w'’.])\d*([A-Za-z])(?![\w'’@])")
NAMED = re.compile(r"\b(home|backspace|escape|esc|tab|space|enter)\b")
SIGN = re.compile(r"(?:^|(?<=\s))([^\w\s])(?=\s|$)")

ALWAYS = {
    "{key_quit} quits and prints the command that comes back here; ctrl+c again leaves too",
    "copy as: n numpy  t TSV  l LaTeX  esc leave it",
    "train; enter: {epochs} epochs",
    "find, enter: {name} again",
    "find a name; enter on nothing: the next hit",
    " esc closes this help   up, down: scroll ",
    " enter run  up, down choose  esc leave  ? what can I type",
    "   no command is called that: esc leaves, backspace shows more",
    " enter answer  esc leave  ? what can I type  : commands",
    "up down choose   enter opens   Z {language}   q leaves",
    "up down choose   enter opens   q leaves",
    " enter the next lesson  L all lessons  esc back to the debugger",
    " L all lessons  esc back to the debugger",
    " enter open  up, down choose  esc back to the lesson",
    "skip this step? It comes back another time. y or n",
    "forget all that was done in this lesson? y or n",
}
"""The keys of questions, text fields and the help, which no configuration changes."""
NO_KEYS = {
    "every tab is on the screen: the {key_panel} key goes to the next panel",
    "the next tab: entry, derive, graph, loss, boundary, watch",
    "there is no command `{id}`.{near} `{key_palette}` lists them; write - for a space",
    '`{id}` needs a key: {id} = "j"',
    'Other keys: under [keys], next = "j" or ["j", "n"], '
    "with the names of {key_palette} in the file",
    "{target} =",
    "a condition: {loss} < 0.5, max({name}) > 1",
    "a number; or W1[2, 0] = 0.5 for another entry, lr = 0.5 for a constant",
    "epochs, 500; or until J < 0.1, until max(abs(dJ_dW1)) < 1e-6; or start: epoch 0",
    "until what? until J < 0.1",
    "on until a condition holds: until J < 0.5",
    "a number, a sign + - 0, a shape like 4x4, or a matrix [1, 2; 3, 4]",
    "a number, + - 0, a shape 4x4, a matrix [1, 2; 3, 4], a formula g @ a.T",
    "your guess (a number, or just + - 0)",
    " Rows and columns are counted from 1 in words and subscripts, from 0 in [ ] as in numpy.",
}
"""Words, numbers and formulas that look like a key."""


def keys_in(said: str) -> set[str]:
    """The keys that a template names by themselves."""
    bare = re.sub(r"^[a-z](:|：)", "", said)
    bare = re.sub(r"`[^`]*`", "…", re.sub(r"\{\w+\}", "…", bare))
    found = {*LETTER.findall(bare), *NAMED.findall(bare), *SIGN.findall(bare)}
    return {key for key in found if key in SIGNS | {"space", "enter"}} - {"a", "I"}


def of_the_app() -> list[str]:
    return [t for t, places in templates().items()
            if any(p.startswith(("stepper/app", "command ")) for p in places)]  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_sentence_of_the_app_holds_a_key(language):
    own = {template: template for template in of_the_app()}
    if language != ENGLISH:
        spoken = {t: said for known in files(language).values() for t, said in known.items()}
        own = {t: spoken.get(t, t) for t in own}
    assert len(own) > 200
    held = {template: keys for template, said in own.items() if (keys := keys_in(said))}
    assert held.keys() <= ALWAYS | NO_KEYS, held
    assert language != ENGLISH or held.keys() == ALWAYS | NO_KEYS


@pytest.mark.parametrize(
    "said",
    ["o goes out again", "{n}b on line {n}", "the start: n again", "end it: . next, home again",
     "按 n 走", "= guesses it", "enter, or space", "10n makes ten steps", "all keys: ? shows"],
)  # fmt: skip
def test_a_key_in_a_sentence_is_found(said):
    assert keys_in(said)


def test_every_key_that_a_sentence_names_is_one_of_a_command():
    named = {f for t in templates() for f in re.findall(r"\{(key_\w+)\}", t)}
    assert named
    assert named <= KEYS.keys()


OTHER = {
    "next": ("j",), "back": ("k",), "hide": ("H",), "guess": ("f2",), "reveal": ("f3",),
    "help": ("f1",), "start": ("f4",), "sample": ("f6",), "train": ("f7",), "go": ("J",),
    "panel": ("f8",), "out": ("O",), "into": ("I",), "palette": ("f9",), "break": ("P",),
    "from": ("K",), "used-by": ("L",), "run": ("R",), "find": ("f10",), "watch": ("M",),
}  # fmt: skip


@pytest.fixture
def other_keys():
    known = remapped(OTHER)
    name_keys(known)
    return known


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_sentence_names_the_key_of_now_in_every_language(other_keys, language):
    speak(language)
    here = opened(lab(), 3)
    assert words(OPENING).startswith("j ")
    assert "f4" in words(steps.end(steps.end(here)).message)
    assert "O" in words(counts.cancel(here).message)
    assert "f2" in words(guess.hide(here).message) and "f3" in words(guess.hide(here).message)
    assert all(key in words(jumps.go_back(here).message) for key in ("J", "K", "L", "R", "f10"))
    assert "f8" in words(unknown("left", None))
    assert "f1" in words(unknown("ctrl+y", None))
    assert any("10j" in said for said in lines(Look(), None, other_keys))
    assert "M" in words(watching.toggle(steps.next_step(here)).message)


def test_a_command_without_a_key_is_named_as_it_is_typed(other_keys):
    assert KEYS["key_restart"] == "f9 restart"
    name_keys(COMMANDS)
    assert KEYS["key_undo_all"] == ":undo all"


async def test_other_keys_stand_on_the_screen():
    running = StepperApp(DebuggerScreen(opened(lab(), 3), Look(), remapped(OTHER)))
    async with running.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        assert " j next, k back." in frame(running)[22]
        await pilot.press("k")
        assert "j takes the first step" in str(now(running).message)
        await pilot.press("ü")
        assert "f1" in frame(running)[22] or "switch" in frame(running)[22]
        await pilot.press("j", "H")
        await pilot.pause()
        assert "f2 or enter to guess, f3 reveals, H shows all" in frame(running)[22]
        assert "j next  k back" in frame(running)[23]
        await pilot.press("f1")
        await pilot.pause()
        assert any(row.split()[:2] == ["H", "hide"] for row in frame(running))


def test_every_hint_for_other_hands_names_a_command():
    assert all("{key_" in said for said in ELSEWHERE.values())
