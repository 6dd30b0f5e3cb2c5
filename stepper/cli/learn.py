"""lessons: from one neuron to a whole network, a pen beside you

Each lesson asks you to predict, to walk through a lab, to fill in and to derive, and says where
and why at every wrong turn. It goes on where you left. While it asks, these are commands:
`:hint` (three levels), `:list`, `:skip`, `:reset`, `:quit`; enter goes on.

    stepper learn
    stepper learn 3
    stepper learn --list
    stepper learn --lang zh-TW
    stepper learn --reset one-neuron
    stepper learn --export progress.json
    stepper learn --new 16-mine
    stepper learn --lint 16-mine

The exit code of --lint is 1 if a lesson does not prove itself.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from stepper.cli.screen import has_screen

if TYPE_CHECKING:
    from stepper.expr.sentence import Sentence

UNPROVED = 1


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `stepper learn`."""
    add = parser.add_argument
    add("lesson", nargs="?", metavar="LESSON", help="its number or name; else where you left")
    add("--plain", action="store_true", help="line by line: for a screen reader, or a pipe")
    add("--ascii", action="store_true", help="print nothing but ASCII")
    work = parser.add_mutually_exclusive_group()
    work.add_argument("--list", action="store_true", help="the lessons, and how far each is done")
    work.add_argument("--reset", nargs="?", const="", metavar="LESSON",
        help="forget what was done in a lesson, or in all; asks first")  # fmt: skip
    work.add_argument("--export", metavar="FILE", type=Path, help="write the progress to a file")
    work.add_argument("--import", metavar="FILE", type=Path, dest="imported",
        help="add the progress of such a file")  # fmt: skip
    work.add_argument("--lint", nargs="*", metavar="FOLDER", type=Path,
        help="does every lesson, or these folders, prove itself?")  # fmt: skip
    work.add_argument("--new", metavar="NN-NAME", type=Path, help="a lesson of your own to begin")


def main(args: argparse.Namespace) -> int:
    """Plays a lesson, or does what an option asks."""
    from stepper.cli import lesson_files as files

    language = _language(args.lang)
    if args.list:
        return files.listed(language)
    if args.reset is not None:
        return files.reset(args.reset, _yes)
    if args.export is not None:
        return files.exported(args.export)
    if args.imported is not None:
        return files.imported(args.imported)
    if args.lint is not None:
        return _lint(args.lint)
    if args.new is not None:
        return files.new(args.new)
    return _play(args, language)


def _language(asked: str | None) -> str:
    """The language that is asked for, which is saved; else the one in use."""
    from stepper.cli.lesson_files import tell
    from stepper.course import progress
    from stepper.expr import languages
    from stepper.program.places import kept_language

    if asked is None:
        return languages.chosen(kept_language())
    language = languages.asked(asked)
    tell(progress.keep_language(language))
    return language


def _play(args: argparse.Namespace, language: str) -> int:
    from stepper.cli.lesson_lines import play
    from stepper.cli.paper import look_of
    from stepper.course.load import lesson_of, lessons

    known = lessons()
    lesson = lesson_of(args.lesson, known) if args.lesson else None
    if not args.plain and sys.stdin.isatty() and has_screen():
        from stepper.app.school import run_lesson
        from stepper.show.translation import spoken  # English if only ASCII can be written

        return run_lesson(known, lesson, spoken(), ascii=args.ascii)
    return play(known, lesson, language, look_of("columns", args.ascii))


def _lint(folders: list[Path]) -> int:
    from stepper.course.lint import lint
    from stepper.course.load import folders_in, home
    from stepper.show.words import words

    found = list(lint(folders or folders_in(home())))
    for place, sentence in found:
        print(f"{place}: {words(sentence)}")
    return UNPROVED if found else 0


def _yes(question: Sentence, says: Callable[[Sentence], str]) -> bool:
    """Whether the learner says yes; without anybody there it is a no."""
    print(says(question), end=" ", flush=True)
    return sys.stdin.readline().strip().lower() in ("y", "yes", "是", "好")
