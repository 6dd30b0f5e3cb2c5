"""`stepper` alone: what there is to do, chosen on a terminal, printed anywhere else."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Sequence

from stepper import __doc__ as about
from stepper.cli import parsing
from stepper.cli.screen import has_screen
from stepper.course import progress
from stepper.course.lesson import Lesson
from stepper.expr.errors import StepperError
from stepper.expr.sentence import Sentence
from stepper.language.width import columns
from stepper.show.translation import said, spoken, text_of
from stepper.show.welcome import Choice, choices

LEAST = (60, 18)
"""Columns and rows of the smallest terminal that gets a screen; in a smaller one it prints."""


def chosen(typed: Sequence[str]) -> list[str]:
    """The chosen command, as it would be typed after `stepper`; empty if none was chosen."""
    parser = parsing.parser("stepper", about)
    parser.add_argument("--ascii", action="store_true", help="print nothing but ASCII")
    parsing.language_option(parser)
    ascii = parser.parse_args(typed).ascii
    known, unread = _lessons()
    kept, trouble = progress.read()
    troubles = [sentence for sentence in (unread, trouble) if sentence is not None]
    if not _has_room():
        _print(choices(known, kept, spoken()), troubles)
        return []
    from stepper.app.welcome import ask

    before = spoken()
    found = ask(lambda: choices(known, kept, spoken()), troubles, ascii=ascii)
    if found is None:
        return []
    asked = ["--lang", spoken()] if spoken() != before else []
    return [*found.words, *(["--ascii"] if ascii else []), *asked]


def _lessons() -> tuple[Sequence[Lesson], Sentence | None]:
    """The lessons, or why they cannot be read: everything else still works."""
    from stepper.course.load import lessons

    try:
        return lessons(), None
    except StepperError as error:
        return (), error.sentence


def _has_room() -> bool:
    """Whether there is a terminal large enough for the screen."""
    if not (sys.stdin.isatty() and has_screen()):
        return False
    wide, high = shutil.get_terminal_size()
    return wide >= LEAST[0] and high >= LEAST[1]


def _print(offered: Sequence[Choice], troubles: Sequence[Sentence]) -> None:
    for sentence in troubles:
        print(f"stepper: {said(sentence)}", file=sys.stderr)
    width = max(columns(choice.typed) for choice in offered)
    print(text_of(about or ""), end="\n\n")
    for choice in offered:
        print(f"  {choice.typed:{width}}  {said(choice.label)}")
