"""`stepper check` on numbers: what is measured, and what a learner's file holds."""

from __future__ import annotations

import argparse
import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from stepper.labs.lab import Lab

RIGHT, WRONG = 0, 1


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options that ask for one of these."""
    add = parser.add_argument
    add("--numeric", action="store_true",
        help="every gradient against central differences and the complex step")  # fmt: skip
    add("--sample", type=int, metavar="K", help="on this sample, counted from 0")


def numeric(lab: Lab, args: argparse.Namespace) -> int:
    """Print the second opinion; 1 where a gradient is wrong."""
    from stepper.check.numeric import second_opinions, which_samples
    from stepper.cli.run import look_of, show
    from stepper.show.opinions import opinion_rows, record
    from stepper.show.rows import Drawing

    which = which_samples(lab, args.sample)
    opinions = second_opinions(lab, which)
    if args.json:
        _print_json(record(lab, which, opinions))
    else:
        look = look_of(lab, args)
        show(Drawing(tuple(opinion_rows(lab, which, opinions, look)), look.ascii))
    return RIGHT if all(o.right for o in opinions) else WRONG


def _print_json(record: dict[str, Any]) -> None:
    print(json.dumps(record, allow_nan=False))
