"""What `stepper learn` does without playing: list, reset, export, import, a new lesson."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from stepper.course import progress
from stepper.course.load import lesson_of, lessons
from stepper.expr.errors import StepperError
from stepper.expr.sentence import Sentence, say
from stepper.program.whole import write_new
from stepper.show.lesson_list import lesson_rows
from stepper.show.translation import translate

Ask = Callable[[Sentence, Callable[[Sentence], str]], bool]


def says(sentence: Sentence) -> str:
    """A sentence without formulas, in the learner's language."""
    return sentence.words(translate=translate)


def listed(language: str) -> int:
    """Prints every lesson with its progress."""
    kept, trouble = progress.read()
    tell(trouble)
    for line in lesson_rows(lessons(), kept, language):
        print(line)
    return 0


def reset(word: str, ask: Ask) -> int:
    """Deletes the progress of a lesson, or of all, if the learner is sure."""
    if word:
        lesson = lesson_of(word, lessons())
        question = say("forget all that was done in lesson {n}, {id}? y or n",
                       n=str(lesson.number), id=lesson.id)  # fmt: skip
        if ask(question, says):
            tell(progress.forget(lesson) or say("forgotten"))
        return 0
    if ask(say("forget all that was done in all lessons? y or n"), says):
        tell(progress.forget_all() or say("forgotten"))
    return 0


def exported(path: Path) -> int:
    """Writes the progress to a file that --import reads."""
    kept, trouble = progress.STORE.read()
    tell(trouble)
    _write(path, json.dumps({"version": progress.STORE.version, **kept}, indent=1).encode())
    tell(say("wrote {path}", path=str(path)))
    return 0


def imported(path: Path) -> int:
    """Merges the progress in a file; nothing done here is undone. Raises StepperError."""
    try:
        content = json.loads(path.read_bytes())
        if not isinstance(content, dict) or type(content.get("version")) is not int:
            raise ValueError("no progress")
    except OSError as error:
        raise StepperError(
            "cannot read {path}: {why}", path=str(path), why=error.strerror or "?"
        ) from None
    except (ValueError, RecursionError):
        raise StepperError(
            "{path} is no progress that `stepper learn --export` wrote", path=str(path)
        ) from None
    if content["version"] > progress.STORE.version:
        raise StepperError("{path} was written by a later stepper", path=str(path))
    trouble = progress.add(content)
    tell(trouble or say("added what {path} holds", path=str(path)))
    return 0


def new(folder: Path) -> int:
    """Creates a template for a lesson, never over an existing folder. Raises StepperError."""
    from stepper.course.scaffold import scaffold

    for path in scaffold(folder):
        tell(say("wrote {path}", path=str(path)))
    tell(say("now write it, and prove it: `stepper learn --lint {folder}`", folder=str(folder)))
    return 0


def _write(path: Path, content: bytes) -> None:
    try:
        write_new(path, content)
    except FileExistsError:
        raise StepperError(
            "{path} exists, and is left as it is: choose another name", path=str(path)
        ) from None
    except OSError as error:
        raise StepperError(
            "cannot write {path}: {why}", path=str(path), why=error.strerror or "?"
        ) from None


def tell(sentence: Sentence | None) -> None:
    """Prints a sentence, if there is one."""
    if sentence is not None:
        print(says(sentence))
