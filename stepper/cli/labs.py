"""list the labs, or compare them with what their authors published

A lab is a network with its data, its starting weights and its training; `stepper run` walks
through it. The ledger holds every number that was published of a lab against the one that comes
out here, and says how many of its digits agree; where one is wrong, a note says why. Where the
author's random start is not known, many starts were tried: IN is a published number that lies among
the middle 8 in 10 of them, edge one further out, OUT one beyond them all.

    stepper labs
    stepper labs --cards
    stepper labs --ledger
    stepper labs --ledger half-mse --full

The cards are what a lab file or --set can name: data sets, draws of starting values, optimizers and
schedules of the learning rate, each with its settings.

Numbers that take long, some of them minutes each, are left out unless --full is given. Each is kept
as soon as it is there: ctrl-c ends a run, and the next one goes on with those that are missing. The
exit code of --ledger is 1 if a number differs and no note explains it, 3 if it was interrupted.
"""

from __future__ import annotations

import argparse
import json
import os
from typing import TYPE_CHECKING, Any

from stepper.cli.main import DONE
from stepper.cli.options import count

if TYPE_CHECKING:
    from stepper.labs.source import LabFile


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `stepper labs`."""
    parser.add_argument("labs", metavar="LAB", nargs="*", help="these only (all of them)")
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--cards", action="store_true",
        help="the data sets, draws, optimizers and schedules there are")  # fmt: skip
    which.add_argument("--ledger", action="store_true", help="published / ours / digits that agree")
    parser.add_argument("--full", action="store_true", help="with the numbers that take long")
    parser.add_argument("-j", dest="jobs", type=count, metavar="N", default=os.cpu_count() or 1,
        help="with --full: so many trainings at once (one a processor)")  # fmt: skip
    parser.add_argument("--json", action="store_true", help="the same as JSON")


def main(args: argparse.Namespace) -> int:
    """Prints the labs, their ledger, or what a lab can be made of."""
    from stepper.labs.source import lab_names, read

    if args.cards:
        return _cards(args)
    files = [read(name) for name in args.labs or lab_names()]
    if args.ledger:
        return _ledger(files, args)
    print(json.dumps([_record(f) for f in files], indent=1) if args.json else _listed(files))
    return 0


def _cards(args: argparse.Namespace) -> int:
    from stepper.cli.paper import look_of, put
    from stepper.expr.errors import StepperError
    from stepper.show.lab_cards import card_rows, record
    from stepper.show.rows import Drawing

    if args.labs:
        raise StepperError("--cards lists what any lab can name: leave out {labs}",
                           labs=" ".join(args.labs))  # fmt: skip
    if args.json:
        print(json.dumps(record(), indent=1))
        return DONE
    look = look_of("columns", False)
    put(Drawing(tuple(card_rows(look)), look.ascii))
    return DONE


def _record(file: LabFile) -> dict[str, Any]:
    return {
        "name": file.name,
        "title": file.title,
        "about": file.about,
        "variants": list(file.table("variants")),
    }


def _listed(found: list[LabFile]) -> str:
    """A line for each lab, followed by the names of its variants."""
    from stepper.expr.sentence import say
    from stepper.show.translation import text_of
    from stepper.show.words import words

    width = max(len(file.name) for file in found)
    lines = []
    for record in map(_record, found):
        lines.append(f"{record['name']:{width}}  {text_of(record['title'])}")
        if record["variants"]:
            also = ", ".join(f"{record['name']}:{v}" for v in record["variants"])
            lines.append(f"{'':{width}}  {words(say('also {names}', names=also))}")
    return "\n".join(lines)


def _ledger(files: list[LabFile], args: argparse.Namespace) -> int:
    """Prints the ledger; slow numbers are measured first, if they are asked for."""
    from stepper.cli.ledger import measured, printed, printed_json, verdict

    known, code = measured(files, args.jobs) if args.full else ({}, DONE)
    seen = (printed_json if args.json else printed)(files, known)
    if not (args.full or args.json):
        _say_how_many_are_left(files)
    return code or verdict(seen)


def _say_how_many_are_left(files: list[LabFile]) -> None:
    from stepper.expr.sentence import say
    from stepper.show.words import words
    from stepper.train.experiment import slow

    if left := slow(file.name for file in files):
        print(words(say("{n} more take long: --full runs them too.", n=left)))
