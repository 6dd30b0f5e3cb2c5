"""The frames that are kept as text: `python -m tests.app.frames` draws them again.

Under a frame that shows inks stands the same frame with a letter for the ink of every cell.
"""

from __future__ import annotations

import asyncio
import os
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path

import textual

from stepper.app.app import StepperApp
from stepper.app.fitting import plain
from stepper.app.snapshot import opened
from stepper.app.welcome import Welcome
from stepper.app.widgets.painted import Painted
from stepper.course.load import lessons
from stepper.course.progress import Progress
from stepper.expr.languages import ENGLISH
from stepper.program.cursor import Level
from stepper.show.translation import speak, spoken
from stepper.show.welcome import choices
from tests.app import classes
from tests.app.screens import PRODUCT, app, derived, frame, lab, show

TEXTUAL = "8.2.8"
"""The version that drew the kept frames; another one may draw another screen."""
FOLDER = Path(__file__).with_name("frames")
LETTERS = {
    "text": ".", "title": "T", "dim": "d", "mark": "M", "left": "l", "right": "r", "result": "s",
    "here": "H", "warn": "W",
}  # fmt: skip

SMALL, MIDDLE, LARGE = (80, 24), (120, 40), (200, 60)


@dataclass(frozen=True)
class Frame:
    """A lab, a place in its walk, the keys pressed there, and the screen."""

    size: tuple[int, int] = SMALL
    at: int = PRODUCT
    keys: tuple[str, ...] = ()
    lab: str = "xor"
    level: Level = "line"
    entry: tuple[int, int] = (2, 1)
    ascii: bool = False
    batch: bool = False
    inks: bool = False
    proved: bool = False

    async def drawn(self) -> str:
        """The rows of the terminal, and those of the inks where they are kept."""
        running = app(self.lab, ascii=self.ascii, batch=self.batch)
        async with running.run_test(size=self.size) as pilot:
            await pilot.pause()
            sample = None if self.batch else lab(self.lab).check_sample(None)
            here = opened(lab(self.lab), sample, self.at, self.level, self.entry)
            show(running, replace(here, message=None) if self.at else here)
            for key in self.keys:
                await pilot.press(key)
                if running.debugger.trainer.leg is not None:
                    await running.workers.wait_for_complete()
            await pilot.pause()
            derived(running, proved=self.proved)
            await pilot.pause()
            rows = [row.rstrip() for row in frame(running)]
            return "\n".join([*rows, *(inked(running) if self.inks else []), ""])


@dataclass(frozen=True)
class First:
    """The screen of `stepper` alone, for somebody who is new, after some keys."""

    keys: tuple[str, ...] = ()

    async def drawn(self) -> str:
        """The rows of the terminal."""
        running = Welcome(lambda: choices(lessons(), Progress(), spoken()), ascii=False)
        async with running.run_test(size=SMALL) as pilot:
            await pilot.press(*self.keys)
            await pilot.pause()
            return "\n".join([*(row.rstrip() for row in frame(running)), ""])


@dataclass(frozen=True)
class LessonFrame:
    """A lesson at one of its steps, the keys pressed there, and the screen."""

    lesson: int
    step: str
    size: tuple[int, int] = SMALL
    keys: tuple[str, ...] = ()
    language: str = "en"

    async def drawn(self) -> str:
        """The rows of the terminal."""
        speak(self.language)
        lesson = classes.ALL[self.lesson - 1]
        running = classes.app(lesson, self.language, classes.until(self.step, lesson))
        async with running.run_test(size=self.size) as pilot:
            await pilot.pause()
            for key in self.keys:
                await pilot.press(key)
            await pilot.pause()
            rows = [row.rstrip() for row in frame(running)]
        speak(ENGLISH)
        return "\n".join([*rows, ""])


FRAMES: dict[str, Frame | First | LessonFrame] = {
    "small-welcome": First(),
    "small-first": Frame(at=0, entry=(0, 0)),
    "small-product": Frame(inks=True),
    "small-ascii": Frame(ascii=True),
    "small-hidden": Frame(keys=("x",), inks=True),
    "small-operation": Frame(at=15, level="operation", entry=(0, 0), inks=True),
    "small-entry": Frame(level="entry", entry=(1, 1)),
    "small-phase": Frame(level="phase"),
    "small-inside": Frame(at=9, keys=("s",)),
    "small-derive": Frame(keys=("d",), inks=True, proved=True),
    "small-derive-hidden": Frame(keys=("x", "d")),
    "small-derive-ascii": Frame(at=24, entry=(0, 0), keys=("d",), ascii=True, proved=True),
    "small-formula": Frame(keys=("x", "equals_sign", *"δ2@a2.T", "enter")),
    "small-graph": Frame(keys=("v", "v"), inks=True),
    "small-graph-ascii": Frame(keys=("v", "v"), ascii=True),
    "small-watch": Frame(keys=("w", "p", "w", "p", "p", "w", "V")),
    "small-break": Frame(keys=("5", "b", "b", "1", "2")),
    "small-edited": Frame(at=1, entry=(0, 0), keys=("e", "backspace", *"2.5", "enter")),
    "small-prompt": Frame(keys=("g", "question_mark")),
    "small-commands": Frame(keys=("colon", "b", "a", "c")),
    "small-help": Frame(keys=("question_mark",)),
    "small-zoom": Frame(keys=("tab", "z")),
    "small-end": Frame(at=1000, entry=(0, 0)),
    "small-large-lab": Frame(lab="chessboard", at=40),
    "middle-first": Frame(MIDDLE, at=0, entry=(0, 0)),
    "middle-product": Frame(MIDDLE, inks=True),
    "middle-derive": Frame(MIDDLE, at=24, entry=(0, 0), inks=True, proved=True),
    "middle-batch": Frame(MIDDLE, batch=True),
    "middle-three-class": Frame(MIDDLE, lab="three-class", at=12, entry=(0, 0)),
    "small-loss": Frame(keys=("greater_than_sign", "t", *"300", "enter")),
    "small-boundary": Frame(keys=("t", *"300", "enter", "v")),
    "middle-trained": Frame(MIDDLE, keys=("t", *"300", "enter"), inks=True),
    "middle-broke": Frame(MIDDLE, lab="half-mse:no-activation", keys=("t", "enter")),
    "large-product": Frame(LARGE),
    "large-ascii": Frame(LARGE, ascii=True),
    "tiny-product": Frame((60, 18)),
    "tiny-derive": Frame((60, 18), keys=("v",), proved=True),
    "tiny-graph": Frame((60, 18), keys=("v", "v")),
    "too-small": Frame((50, 12)),
    "lesson-small": LessonFrame(7, "slope", keys=("enter",)),
    "lesson-small-chinese": LessonFrame(1, "number", keys=("n", "enter"), language="zh-TW"),
    "lesson-middle": LessonFrame(6, "shape", MIDDLE),
    "lesson-large": LessonFrame(5, "forward", LARGE),
    "lesson-list-chinese": LessonFrame(3, "slope", keys=("L",), language="zh-TW"),
}


def inked(running: StepperApp) -> list[str]:
    """A letter for the ink of each cell that is not blank; of a reversed one also where it is."""
    rows = [[" "] * running.size.width for _ in range(running.size.height)]
    for panel in running.screen.query(Painted):
        for y, row in enumerate(panel.rows if panel.display else ()):
            letters = "".join(
                "H" if ink == "here" else " " if sign == " " else LETTERS[ink]
                for text, ink in row
                for sign in text
            )
            x = panel.region.x
            rows[panel.region.y + y][x : x + len(plain(row))] = letters
    return ["".join(row).rstrip() for row in rows]


def write() -> None:
    """Draw every frame again. Only with the version of Textual that the others were drawn with."""
    if textual.__version__ != TEXTUAL:
        raise SystemExit(f"the frames belong to Textual {TEXTUAL}, this is {textual.__version__}")
    FOLDER.mkdir(exist_ok=True)
    os.environ["STEPPER_STATE"] = tempfile.mkdtemp()
    for stale in FOLDER.glob("*.txt"):
        if stale.stem not in FRAMES:
            stale.unlink()
    for name, kept in FRAMES.items():
        (FOLDER / f"{name}.txt").write_text(asyncio.run(kept.drawn()), encoding="utf-8")


if __name__ == "__main__":
    write()
