"""Four themes that can be told apart, and a screen that needs none of them."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from rich.color import Color as RichColor
from rich.color import ColorSystem
from textual.color import Color

from stepper.app.block import Block
from stepper.app.heat import LEVELS
from stepper.app.marks import Layout, Marks
from stepper.app.moves import breaks
from stepper.app.moves.guess import hide
from stepper.app.snapshot import opened, recomputed
from stepper.app.themes import THEMES
from stepper.app.written import Number
from stepper.labs.whatif import Edit
from stepper.language.parse import parse
from stepper.program.breakpoints import Breakpoints
from stepper.show.rows import Look
from tests.app.screens import PRODUCT, app, burst, frame, lab, show


async def test_a_key_goes_round_all_themes_and_names_each():
    running = app()
    async with running.run_test(size=(80, 24)) as pilot:
        assert running.theme == "dark"
        seen = []
        for _ in THEMES:
            await pilot.press("T")
            await pilot.pause()
            seen.append(running.theme)
            assert f"colours: {running.theme}" in frame(running)[22]
        assert seen == ["light", "high contrast", "colour-blind safe", "dark"]


SCREENS = (
    ("e", "question_mark"),
    ("question_mark",),
    ("colon",),
    ("v", "v", "w"),
    ("b", "x", "tab"),
)
"""Keys after which the screen shows other kinds of text."""


@pytest.mark.parametrize("theme", THEMES, ids=lambda t: t.name)
async def test_every_text_stands_out_from_its_background(theme):
    least = 7 if theme.name == "high contrast" else 4.5
    for style, text in (await texts_in(theme.name)).items():
        for colours in (ColorSystem.TRUECOLOR, ColorSystem.EIGHT_BIT):
            assert contrast(*seen(style, colours)) >= least, (text, style, colours)


@pytest.mark.parametrize("theme", THEMES, ids=lambda t: t.name)
def test_the_inks_of_operands_result_and_marks_differ_even_in_256_colours(theme):
    inks = {"text": theme.foreground, "ground": theme.background, **theme.variables}
    seen = {RichColor.parse(i).downgrade(ColorSystem.EIGHT_BIT).number for i in inks.values()}
    assert len(seen) == len(inks) == 8


def test_a_tint_is_the_share_of_the_largest_entry_with_its_sign():
    block = Block("W", np.array([[-2.0, 1.0, 0.5], [0.1, 0.0, np.inf]]), Look())
    assert heats(block) == [[-4, 2, 1], [0, 0, 0]]
    inked = Layout([block.row(0, range(3))], (0, 0)).inked(Marks((0, 0), {}))
    assert tints(inked) == [[-4, 2, 1]], "nothing of it is selected"
    result = replace(block, selects=True)
    inked = Layout([result.row(0, range(3))], (0, 0)).inked(Marks((0, 0), {}))
    assert tints(inked) == [[0, 2, 1]]
    assert {*heats(Block("J", np.float64(3), Look()))[0]} == {0}


@given(arrays(np.float64, (3, 4), elements=st.floats(-1e300, 1e300)))
def test_a_tint_tells_nothing_else_than_the_sign_and_the_order_of_sizes(value):
    found = np.array(heats(Block("W", value, Look())))
    assert np.all(found * np.sign(value) >= 0)
    largest = np.abs(value) == np.abs(value).max()
    assert np.all(np.abs(found[largest]) == (LEVELS if value.any() else 0))
    assert np.all(np.diff(np.abs(found).ravel()[np.argsort(np.abs(value).ravel())]) >= 0)


def test_what_is_hidden_or_not_computed_yet_has_no_tint():
    value = np.array([[3.0, -2.0]])
    assert heats(Block("W", value, Look(), hides=lambda index: index == (0, 0))) == [[0, 0]]
    assert heats(Block("W", value, Look(), filled=1)) == [[0, 0]]


def heats(block):
    return tints(block.row(i, range(block.columns)) for i in range(block.rows))


def tints(rows):
    return [[text.heat for text, _ in row if isinstance(text, Number)] for row in rows]


@pytest.mark.parametrize("colours", [True, False], ids=["colours", "NO_COLOR"])
async def test_tints_are_behind_the_numbers_and_gone_without_colour(colours, monkeypatch):
    if not colours:
        monkeypatch.setenv("NO_COLOR", "1")
    running = app()
    async with running.run_test(size=(80, 24)) as pilot:
        show(running, opened(lab(), 3, PRODUCT))
        await pilot.pause()
        strips = [
            s for y in range(14) for s in running.debugger.query_one("#numbers").render_line(y)
        ]
        behind = {s.style.bgcolor for s in strips if not s.style.reverse}
        assert (len(behind) > 4) == colours
        assert len(behind) <= 2 * LEVELS + 1


async def texts_in(theme):
    """Every style with which some text is drawn, in many states of the screen."""
    running, found = app(), {}
    async with running.run_test(size=(80, 24)) as pilot:
        running.theme = theme
        for keys in SCREENS:
            show(running, opened(lab(), 3, PRODUCT))
            await burst(pilot, [*keys])
            strips = running.screen._compositor.render_strips()
            found |= {s.style: s.text for strip in strips for s in strip if s.text.strip()}
            await pilot.press("escape")
    return found


def seen(style, colours):
    """The colours of the text and of what is behind it, as a terminal of so many shows them."""
    pair = [Color.from_rich_color(c.downgrade(colours)) for c in (style.color, style.bgcolor)]
    return reversed(pair) if style.reverse else pair


def contrast(a, b):
    """The ratio of two relative luminances, as WCAG 2 has it."""
    lighter, darker = sorted((luminance(a), luminance(b)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour):
    parts = [v / 12.92 if v <= 0.03928 else ((v + 0.055) / 1.055) ** 2.4 for v in colour.normalized]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


@pytest.mark.parametrize("ascii", [False, True], ids=["unicode", "ascii"])
async def test_without_colour_every_mark_is_still_there(ascii, monkeypatch):
    monkeypatch.setenv("NO_COLOR", "1")
    running = app(ascii=ascii)
    async with running.run_test(size=(80, 24)) as pilot:
        assert running.no_color
        for place, wanted in marked():
            show(running, place)
            await pilot.pause()
            rows = "\n".join(frame(running))
            signs = ASCII if ascii else {}
            missing = [m for m in wanted if "".join(signs.get(c, c) for c in m) not in rows]
            assert not missing


ASCII = {"►": ">", "∂": "d", "›": "-", "·": ".", "●": "*", "○": "o", "‹": "<", "│": "|"}


def marked():
    """Frames, and the marks with what stands beside them."""
    here = opened(lab(), 3, PRODUCT)
    yield here, ("14► ", " 3∂ ", " 2› ", "15· ", "‹-0.0182")
    yield breaks.toggle(here, 2), ("● 2› ",)
    until = Breakpoints().when(2, parse("J < 1"))
    yield replace(here, breakpoints=until), ("○ 2› ",)
    yield opened(lab(), 3, PRODUCT, "entry"), ("·       ·",)
    yield hide(here), ("?       ?", " hidden ")
    edited = recomputed(opened(lab(), 3, 1), 3, (Edit("W1", (0, 0), np.float64(2.5)),))
    yield edited, ("*2.5000", "~", "1►~", " edited: 1 ")
