"""A reason is short, and it is read without scrolling, in every line of every lab."""

from stepper.app.fitting import plain, wrap
from stepper.app.moves.steps import next_step
from stepper.app.question import why
from stepper.app.snapshot import opened
from stepper.app.widgets.entry import Entry
from stepper.app.widgets.numbers import screen
from stepper.expr.languages import ENGLISH
from stepper.expr.sentence import Sentence
from stepper.labs.source import lab_names
from stepper.show.rows import Look
from stepper.show.words import words
from tests.app.screens import app, lab

ROWS = 3
LONG = "with_ones("
"""An operand that is a formula takes a row of its own."""
MANY = ("gradient-check", 8)
"""Its loss is written out, so six rules lie in one line, too many for English."""


def lines(name):
    """Every line of a lab's walk, as the frame that shows it."""
    now = opened(lab(name), lab(name).check_sample(None))
    while now.cursor.at < len(now.trace.steps):
        now = next_step(now)
        yield now


def rules(said):
    """Of how many rules a reason speaks; that a name is used more than once is one."""
    inner = [part for part in said.fields.values() if isinstance(part, Sentence)]
    return sum(map(rules, inner)) + ("count" in said.fields) if inner else 1


async def test_a_reason_is_short_and_in_sight_in_a_small_terminal(language):
    running = app()
    async with running.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        width, height = running.debugger.query_one("#entry", Entry).size
    for name in lab_names():
        look = Look(layout=lab(name).layout)
        for now in lines(name):
            reason = why(now, now.step)
            text = words(reason, screen(look))
            said = wrap(text, width - 3)
            assert len(said) <= ROWS + rules(reason) - 1 + (LONG in text), text
            rows = [plain(row).strip(" │") for row in Entry(look).paint(now, width, height)]
            seen = all(plain(row) in rows for row in said)
            assert seen is ((name, now.step.line) != MANY or language != ENGLISH), text


async def test_the_introduction_of_the_first_lab_is_read_without_scrolling(language):
    running = app()
    async with running.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        panel = running.debugger.query_one("#entry", Entry)
        assert panel.length <= panel.room
