"""Four themes that can be told apart, and a screen that needs none of them."""

import re

import pytest
from textual.color import Color

from stepper.app.moves.guess import hide
from stepper.app.snapshot import opened
from stepper.app.themes import THEMES
from tests.app.screens import PRODUCT, app, frame, lab, now, show


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


@pytest.mark.parametrize("theme", THEMES, ids=lambda t: t.name)
def test_every_ink_stands_out_from_the_background(theme):
    ground = Color.parse(theme.background)
    least = 7 if theme.name == "high contrast" else 4.5
    for ink in (theme.foreground, theme.error, *theme.variables.values()):
        assert contrast(Color.parse(ink), ground) >= least, ink


def contrast(a, b):
    """The ratio of two relative luminances, as WCAG 2 has it."""
    lighter, darker = sorted((luminance(a), luminance(b)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour):
    parts = [v / 12.92 if v <= 0.03928 else ((v + 0.055) / 1.055) ** 2.4 for v in colour.normalized]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


async def test_without_colour_every_mark_is_still_there(monkeypatch):
    monkeypatch.setenv("NO_COLOR", "1")
    running = app()
    async with running.run_test(size=(80, 24)) as pilot:
        show(running, hide(opened(lab(), 3, PRODUCT)))
        await pilot.pause()
        rows = frame(running)
        assert rows[1].endswith(" hidden ")
        assert re.search(r"14► ", "\n".join(rows))
        assert "‹      ?›" in "\n".join(rows)
        assert running.no_color
        assert now(running).hidden
