"""list the labs, or compare them with what their authors published

A lab is a network with its data, its starting weights and its training; `stepper run` walks
through it. The ledger holds every number that was published of a lab against the one that comes
out here, and says how many of its digits agree; where one is wrong, a note says why.

    stepper labs
    stepper labs --ledger

The exit code of --ledger is 1 if a number differs and no note explains it.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from itertools import groupby
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from stepper.labs.source import LabFile
    from stepper.train.ledger import Row

UNEXPLAINED = 1


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `stepper labs`."""
    parser.add_argument(
        "--ledger", action="store_true", help="published / ours / digits that agree"
    )
    parser.add_argument("--json", action="store_true", help="the same as JSON")


def main(args: argparse.Namespace) -> int:
    """Print the labs, or their ledger."""
    if args.ledger:
        return _ledger_json() if args.json else _ledger()
    found = list(_files())
    print(json.dumps([_record(f) for f in found], indent=1) if args.json else _listed(found))
    return 0


def _files() -> Iterator[LabFile]:
    from stepper.labs.source import lab_names, read

    return (read(name) for name in lab_names())


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
    from stepper.show.words import words

    width = max(len(file.name) for file in found)
    lines = []
    for record in map(_record, found):
        lines.append(f"{record['name']:{width}}  {record['title']}")
        if record["variants"]:
            also = ", ".join(f"{record['name']}:{v}" for v in record["variants"])
            lines.append(f"{'':{width}}  {words(say('also {names}', names=also))}")
    return "\n".join(lines)


def _ledger() -> int:
    """A table a lab, printed as soon as the lab has run."""
    from stepper.check.switch import with_mistake
    from stepper.labs.source import lab_names, read
    from stepper.show.ledger import summary, table
    from stepper.train.ledger import rows

    seen: list[Row] = []
    wanted = rows(lab_names(), with_mistake)
    for (name, mistake), group in groupby(wanted, key=lambda row: (row.lab, row.mistake)):
        of_lab = list(group)
        heading = f"{name} --mistake {mistake}" if mistake else name
        print(table(heading, read(name).tables["title"], of_lab), flush=True)
        seen += of_lab
    print(summary(seen))
    return _verdict(seen)


def _ledger_json() -> int:
    from stepper.check.switch import with_mistake
    from stepper.labs.source import lab_names
    from stepper.show.ledger import record
    from stepper.train.ledger import rows

    seen = list(rows(lab_names(), with_mistake))
    print(json.dumps([record(row) for row in seen], indent=1, allow_nan=False))
    return _verdict(seen)


def _verdict(seen: list[Row]) -> int:
    return 0 if all(row.agrees or row.explained for row in seen) else UNEXPLAINED
