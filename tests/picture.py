"""The pictures of the README: `python -m tests.picture` draws the SVG files of `.github` again."""

from __future__ import annotations

import asyncio
import os
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from html import escape
from pathlib import Path

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style

from stepper.app.app import StepperApp
from stepper.app.moves import breaks
from stepper.app.moves.watching import toggle
from stepper.app.snapshot import Snapshot, opened
from stepper.course.play import answer
from tests.app import classes
from tests.app.screens import PRODUCT, app, derived, lab, show

FOLDER = Path(__file__).parents[1] / ".github"
SIZE = COLUMNS, ROWS = 112, 36
CELL, LINE, MARGIN = 9.6, 19, 14
HEAD = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" role="img" '
    'aria-label="{label}">\n'
    '<rect width="100%" height="100%" rx="8" fill="{ground}"/>\n'
    '<g font-family="ui-monospace, Menlo, Consolas, DejaVu Sans Mono, monospace" '
    'font-size="16" xml:space="preserve">\n'
)


def scene() -> Snapshot:
    """The product of line 14, with a breakpoint, two watches, and the legend of the marks."""
    here = opened(lab(), lab().check_sample(None), PRODUCT, entry=(2, 1))
    for at in (10, 9, PRODUCT):
        here = toggle(replace(here, cursor=here.cursor.to(at)))
    return replace(breaks.toggle(here, 3), message=None)


@dataclass(frozen=True)
class Scene:
    """What a picture shows, in words and on the screen."""

    label: str
    begin: Callable[[], StepperApp]
    arrange: Callable[[StepperApp], None]


def walked() -> StepperApp:
    return app()


def explained(running: StepperApp) -> None:
    show(running, scene())
    derived(running, proved=True)


def lesson() -> StepperApp:
    """The seventh one, at the first formula that is all the learner's."""
    return classes.app(classes.ALL[6], progress=classes.until("delta", classes.ALL[6]))


def answered_wrong(running: StepperApp) -> None:
    """The slope of σ is missing, and the lesson says so."""
    teacher, typed = classes.teacher(running), "2 * (a3 - y) / N"
    teacher.take(answer(teacher.room.play, typed), typed)


SCENES: Mapping[str, Scene] = {
    "debugger": Scene("The debugger of stepper at a backward line of XOR", walked, explained),
    "lesson": Scene("A lesson of stepper beside the debugger: a wrong gradient, and what is wrong",
                    lesson, answered_wrong),
}  # fmt: skip


async def picture(name: str) -> str:
    """The screen as an SVG that needs no font of its own: every run says where it stands."""
    running = SCENES[name].begin()
    async with running.run_test(size=SIZE) as pilot:
        await pilot.pause()
        SCENES[name].arrange(running)
        await pilot.pause()
        strips = running.screen._compositor.render_strips()
        ground = running.current_theme.background or "black"
    size = {"width": COLUMNS * CELL + 2 * MARGIN, "height": ROWS * LINE + 2 * MARGIN}
    rows = [line for y, strip in enumerate(strips) for line in drawn(list(strip), y, ground)]
    head = HEAD.format(**size, ground=ground, label=SCENES[name].label)
    return head + "\n".join([*rows, "</g>", "</svg>", ""])


def drawn(segments: list[Segment], y: int, ground: str) -> Iterator[str]:
    """One row: what is behind its runs, then their text."""
    x = 0
    for text, style, _ in segments:
        cells = cell_len(text)
        ink, behind = colours(style or Style())
        if behind != ground:
            yield box(x, y, cells, behind)
        if text.strip():
            before = len(text) - len(text.lstrip())
            yield run(text.strip(), x + before, y, ink, bold=bool(style and style.bold))
        x += cells


def colours(style: Style) -> tuple[str, str]:
    """Of the text and of what is behind it."""
    pair = [colour.get_truecolor().hex for colour in (style.color, style.bgcolor) if colour]
    ink, behind = reversed(pair) if style.reverse else pair
    return ink, behind


def box(x: int, y: int, cells: int, fill: str) -> str:
    left, top = MARGIN + x * CELL, MARGIN + y * LINE
    return (
        f'<rect x="{left:g}" y="{top:g}" width="{cells * CELL:g}" height="{LINE}" fill="{fill}"/>'
    )


def run(text: str, x: int, y: int, fill: str, *, bold: bool) -> str:
    """Text in exactly the cells that it takes on the screen."""
    left, base = MARGIN + x * CELL, MARGIN + (y + 0.78) * LINE
    weight = ' font-weight="bold"' if bold else ""
    return (
        f'<text x="{left:g}" y="{base:g}" textLength="{cell_len(text) * CELL:g}" '
        f'fill="{fill}"{weight}>{escape(text)}</text>'
    )


def path(name: str) -> Path:
    return FOLDER / f"{name}.svg"


if __name__ == "__main__":
    os.environ["STEPPER_STATE"] = tempfile.mkdtemp()
    for name in SCENES:
        path(name).write_text(asyncio.run(picture(name)), encoding="utf-8")
