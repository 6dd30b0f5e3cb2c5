"""Words: every sentence that a learner reads is made of a template that can be translated."""

import re
from string import Formatter

import numpy as np
import pytest

from stepper.app.commands import COMMANDS
from stepper.app.moves.guess import hide
from stepper.app.moves.steps import next_step
from stepper.app.snapshot import OPENING, opened
from stepper.cli.main import main
from stepper.expr.sentence import KEYS
from stepper.expr.tree import names
from stepper.ops import CARDS
from stepper.program.cursor import LEVELS
from stepper.show import translation
from stepper.show.arrays import matrix, side_by_side
from stepper.show.rows import Look
from stepper.show.words import to_ascii
from tests.app.screens import app, derived, everything, frame, lab, show
from tests.words import found, templates, unfilled

ENGLISH = re.compile(r"[A-Za-z]{3,}")
"""Two letters may be a name or a sign: W1, ok."""


def test_every_template_stands_in_the_source_as_it_is():
    assert not found()[1]


def test_every_field_of_a_literal_template_is_given():
    assert not list(unfilled())


def test_there_are_many_templates_and_the_collector_finds_each_kind():
    kinds = {
        OPENING.template: "a constant",
        "no breakpoint on line {n} any more": "a choice",
        "i: one level deeper is {key_into}": "a table",
        "{n} more columns": "a table that is gone through",
        "no breakpoint comes after this line: {key_end} goes to the end": "handed on",
        "the next step at this level": "a command",
        CARDS["sigmoid"].sentence: "a card",
        "the slope of σ, written with its own output: a·(1 − a)": "a note of a rule",
    }
    assert not {kind for text, kind in kinds.items() if text not in templates()}


@pytest.mark.parametrize("template", templates())
def test_every_template_can_be_filled_in(template):
    fields = {name for _, name, _, _ in Formatter().parse(template) if name is not None}
    assert all(name.isidentifier() for name in fields)
    assert template.format(**dict.fromkeys(fields, "x")) or not template


def test_greek_letters_have_their_names_in_ascii():
    assert to_ascii("∂J/∂θ = Ω·φ, δ, ε") == "dJ/dtheta = Omega*phi, delta, eps"


def test_in_ascii_a_name_stands_above_its_numbers():
    look = Look(ascii=True)
    blocks = [matrix(name, np.zeros((2, 1)), look) for name in ("θ", "W")]
    heading, first, _ = ("".join(part[0] for part in row) for row in side_by_side(blocks, look))
    assert heading.index("W") == first.rindex("0") - 1


@pytest.mark.parametrize("template", [t for t in templates() if not t.isascii()])
def test_no_sign_of_a_template_is_lost_in_ascii(template):
    assert to_ascii(template).count("?") == template.count("?")


class Another(dict):
    """A language in which no letter is that of English; fields stay where they are."""

    def get(self, template, otherwise=None):
        parts = re.split(r"(\{\w+\})", template)
        return "".join(p if p.startswith("{") else re.sub(r"[A-Za-z]", "ж", p) for p in parts)


@pytest.fixture
def elsewhere(monkeypatch):
    monkeypatch.setattr(translation, "WORDS", Another())


def left_in_english(text, known):
    return {word for word in ENGLISH.findall(text) if word not in known}


def spelled(place):
    """The words of a program and of what is written about it, which are no sentences of ours."""
    program = place.trace.program
    known = {n for line in program.lines for n in (line.target, *names(line.tree))}
    text = " ".join([*known, *program.given, *CARDS, *(line.text() for line in program.lines)])
    return {*ENGLISH.findall(f"{text} {place.lab.name} {place.lab.title} {place.lab.about}"),
            *KEYS.values(), "ReLU",
            "BCE", "MSE", "axis", "keepdims", "True", "numpy", "TSV", "LaTeX"}  # fmt: skip


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_no_word_of_english_is_left_on_the_screen(elsewhere, level, size):
    running = app()
    async with running.run_test(size=size) as pilot:
        await pilot.pause()
        place = opened(lab(), 3, 0, level)
        known = spelled(place)
        while True:
            for shown in (place, hide(place)):
                show(running, shown)
                derived(running)
                assert not left_in_english(everything(running), known)
            for _ in range(7 if level in ("operation", "entry") else 3):
                after = next_step(place)
                if after.cursor.stop == place.cursor.stop:
                    return
                place = after


@pytest.mark.parametrize("key", ["question_mark", "colon", "g", "slash", "e", "W", "Y"])
async def test_no_word_of_english_is_left_in_what_a_key_opens(elsewhere, key):
    running = app()
    async with running.run_test(size=(120, 40)) as pilot:
        show(running, opened(lab(), 3, 5))
        await pilot.press(key)
        await pilot.pause()
        keys = {"home", "end", "backspace", "space", "tab", "shift", "enter", "esc", "left", "up",
                "right", "down", "pgdn", "pgup", "arrows"}  # fmt: skip
        known = spelled(opened(lab(), 3)) | keys | set(" ".join(
            c.id.replace("-", " ") for c in COMMANDS).split())  # fmt: skip
        assert not left_in_english("\n".join(frame(running)), known)


@pytest.mark.parametrize("level", LEVELS)
def test_no_word_of_english_is_left_in_a_printed_walk(elsewhere, level, capsys):
    assert main(["run", "xor", "--plain", "--level", level, "--stop", "dJ_dW2"]) == 0
    assert not left_in_english(capsys.readouterr().out, spelled(opened(lab(), 3)))


@pytest.mark.parametrize("words", ["nowhere", "xor --sample 99", "xor --start q"])
def test_no_word_of_english_is_left_in_an_error(elsewhere, words, capsys):
    assert main(["run", *words.split()]) == 2
    said = capsys.readouterr().err
    known = {*ENGLISH.findall(words), "stepper"}
    assert "ж" in said
    assert not left_in_english(said, {*known, *spelled(opened(lab(), 3))})
