"""list the labs, or compare them with what their authors published

A lab is a network with its data, its starting weights and its training; `stepper run` walks
through it. The ledger holds every number that was published of a lab against the one that comes
out here, and says how many of its digits agree; where one is wrong, a note says why. Where the
author's random start is not known, many starts were tried: IN is a published number that lies among
the middle 8 in 10 of them, edge one further out, OUT one beyond them all.

    stepper labs
    stepper labs --ledger
    stepper labs --ledger half-mse --full

Numbers that take long, some of them minutes each, are left out unless --full is given. The exit
code of --ledger is 1 if a number differs and no note explains it.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from itertools import groupby
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from stepper.labs.source import LabFile
    from stepper.train.ledger import Row

UNEXPLAINED = 1


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `stepper labs`."""
    parser.add_argument("labs", metavar="LAB", nargs="*", help="these only (all of them)")
    parser.add_argument(
        "--ledger", action="store_true", help="published / ours / digits that agree"
    )
    parser.add_argument("--full", action="store_true", help="with the numbers that take long")
    parser.add_argument("--json", action="store_true", help="the same as JSON")


def main(args: argparse.Namespace) -> int:
    """Print the labs, or their ledger."""
    from stepper.labs.source import lab_names, read

    files = [read(name) for name in args.labs or lab_names()]
    if args.ledger:
        return _ledger_json(files, args.full) if args.json else _ledger(files, args.full)
    print(json.dumps([_record(f) for f in files], indent=1) if args.json else _listed(files))
    return 0


def _record(file: LabFile) -> dict[str, Any]:
    tables = file.tables
    return {
        "name": file.name,
        "title": tables["title"],
        "about": tables["about"].strip(),
        "variants": list(tables.get("variants", {})),
    }


def _listed(found: list[LabFile]) -> str:
    """A line a lab; under it the names of its variants."""
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


def _ledger(files: list[LabFile], full: bool) -> int:
    """A table an experiment, printed as soon as it has run."""
    from stepper.expr.sentence import say
    from stepper.show.ledger import summary, table
    from stepper.show.translation import text_of
    from stepper.show.words import words
    from stepper.train.ledger import slow

    seen: list[Row] = []
    for file in files:
        for (name, mistake), group in groupby(_rows([file], full), lambda r: (r.lab, r.mistake)):
            of_lab = list(group)
            heading = f"{name} --mistake {mistake}" if mistake else name
            _told("")
            print(table(heading, text_of(file.tables["title"]), of_lab), flush=True)
            seen += of_lab
    _told("")
    print(summary(seen))
    if not full and (left := slow(file.name for file in files)):
        print(words(say("{n} more take long: --full runs them too.", n=left)))
    return _verdict(seen)


def _ledger_json(files: list[LabFile], full: bool) -> int:
    from stepper.show.ledger import record

    seen = list(_rows(files, full))
    _told("")
    print(json.dumps([record(row) for row in seen], indent=1, allow_nan=False))
    return _verdict(seen)


def _rows(files: list[LabFile], full: bool) -> Iterator[Row]:
    from stepper.check.switch import with_mistake
    from stepper.train import ledger

    return ledger.rows([file.name for file in files], with_mistake, full, _told)


def _told(now: str) -> None:
    """What is being run now, where somebody may be waiting; nothing to clear the line."""
    if sys.stderr.isatty():
        print(f"\r\x1b[K{now}", end="", file=sys.stderr, flush=True)


def _verdict(seen: list[Row]) -> int:
    return 0 if all(row.agrees or row.explained for row in seen) else UNEXPLAINED
