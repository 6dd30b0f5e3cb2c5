"""Finds the lessons: beside the package in a checkout, inside it once it is installed."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path

from stepper.course.lesson import Lesson, Prose
from stepper.course.reading import Reading
from stepper.course.text import read_prose
from stepper.expr.errors import StepperError, near
from stepper.language.tokens import whole_number

PACKAGE = Path(__file__).parents[1]
FILE = "lesson.toml"
_FOLDER = re.compile(r"(\d\d)-([a-z][a-z0-9-]*)")


def home() -> Path:
    """The folder of all lessons."""
    installed = PACKAGE / "_lessons"
    return installed if installed.is_dir() else PACKAGE.parent / "lessons"


def folders_in(folder: Path) -> list[Path]:
    """The folders of lessons, in the order of the course."""
    return sorted(path.parent for path in folder.glob(f"*/{FILE}"))


@cache
def lessons() -> tuple[Lesson, ...]:
    """Every lesson, in the order of the course. Raises StepperError for one that cannot be read."""
    return tuple(map(load, folders_in(home())))


def load(folder: Path) -> Lesson:
    """The lesson in a folder `NN-name`. Raises StepperError with the file if it cannot be read.

    A language exists if its file does; `en.md` always does.
    """
    folder = folder.resolve()  # a lab of the lesson's own is then found from any directory
    named = _FOLDER.fullmatch(folder.name)
    if named is None:
        raise StepperError("{folder}: a lesson's folder is called like 16-mine", folder=str(folder))
    prose = {path.stem: _prose(path) for path in sorted(folder.glob("*.md"))}
    if "en" not in prose:
        raise StepperError("a lesson needs its English text, en.md", where=folder.name)
    return Reading(_tables(folder / FILE), folder).lesson(int(named[1]), prose)


def lesson_of(word: str, known: tuple[Lesson, ...]) -> Lesson:
    """The lesson a learner means by `3`, `output-layer` or `03-output-layer`.

    Raises StepperError if there is none.
    """
    number = whole_number(word) if word.isdecimal() else None
    for lesson in known:
        if word in (lesson.id, lesson.folder.name) or number == lesson.number:
            return lesson
    raise StepperError(
        "there is no lesson `{word}`.{near} `stepper learn --list` lists them",
        word=word, near=near(word, [lesson.id for lesson in known]),
    )  # fmt: skip


def _tables(path: Path) -> dict[str, object]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise _unreadable(path, error) from None
    except ValueError as error:
        raise StepperError("this is not TOML: {why}", where=_where(path), why=str(error)) from None


def _prose(path: Path) -> Prose:
    try:
        return read_prose(path.read_text(encoding="utf-8-sig"), path.stem, _where(path))
    except OSError as error:
        raise _unreadable(path, error) from None
    except UnicodeDecodeError:
        raise StepperError("this is no text file", where=_where(path)) from None


def _unreadable(path: Path, error: OSError) -> StepperError:
    return StepperError("cannot read {path}: {why}", path=str(path), why=error.strerror or "?")


def _where(path: Path) -> str:
    return f"{path.parent.name}/{path.name}"
