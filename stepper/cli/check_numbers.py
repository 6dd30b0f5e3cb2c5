"""`stepper check` on numbers: what is measured, and what a learner's file holds."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from stepper.labs.lab import Lab
    from stepper.show.rows import Look, Row

RIGHT, WRONG, UNKNOWN = 0, 1, 2
EXIT = {"right": RIGHT, "wrong": WRONG, "unknown": UNKNOWN}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the options that select one of these checks."""
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--numeric", action="store_true",
        help="every gradient against central differences and the complex step")  # fmt: skip
    form.add_argument("--numbers", metavar="FILE",
        help="judge these values of --of: .csv, .json, .npy, or [[1, 2], [3, 4]]")  # fmt: skip
    form.add_argument("--mistakes", action="store_true",
        help="list the mistakes; with LAB, the lines they can be made in")  # fmt: skip
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--batch", action="store_true", help="numbers of all samples at once")
    which.add_argument("--sample", type=int, metavar="K", help="of this sample, counted from 0")


def work(args: argparse.Namespace) -> Callable[[Lab, argparse.Namespace], int] | None:
    """The check that was asked for, if it is one of these."""
    if args.numeric:
        return numeric
    if args.mistakes:
        return mistakes
    return numbers if args.numbers is not None else None


def numeric(lab: Lab, args: argparse.Namespace) -> int:
    """Prints the second opinion; returns 1 if a gradient is wrong, 2 if one was not measured."""
    from stepper.check.numeric import second_opinions, verdict_of, which_samples
    from stepper.cli.paper import look_of
    from stepper.show.opinions import opinion_rows, record

    which = which_samples(lab, args.sample)
    opinions = second_opinions(lab, which)
    look = look_of(lab.layout, args.ascii)
    _put(args, record(lab, which, opinions), opinion_rows(lab, which, opinions, look), look)
    return EXIT[verdict_of(opinions)]


def numbers(lab: Lab, args: argparse.Namespace) -> int:
    """Prints the verdict on a learner's numbers."""
    from stepper.check.numbers import judge_numbers, name_of
    from stepper.cli.paper import look_of
    from stepper.expr.errors import StepperError
    from stepper.show.judged_numbers import number_rows, record

    if args.of is None:
        raise StepperError("--numbers needs to know what they are: --of dJ_dW2")
    of = name_of(lab, args.of)
    sample = None if args.batch else lab.check_sample(args.sample)
    judged = judge_numbers(lab, of, args.numbers, sample)
    look = look_of(lab.layout, args.ascii)
    _put(args, record(judged), number_rows(judged, look), look)
    return {"right": RIGHT, "wrong": WRONG}.get(judged.line.verdict, UNKNOWN)


def mistakes(lab: Lab | None, args: argparse.Namespace) -> int:
    """Prints all mistakes, or those that can be made in a lab."""
    from stepper.cli.paper import look_of
    from stepper.show.mistakes import mistake_rows, places, record

    where = places(lab) if lab is not None else None
    look = look_of(lab.layout if lab else "columns", args.ascii)
    _put(args, record(where), mistake_rows(look, where), look)
    return RIGHT


def _put(args: argparse.Namespace, record: Any, rows: Iterable[Row], look: Look) -> None:
    """Prints JSON if that is asked for, else rows."""
    import json

    from stepper.cli.paper import put
    from stepper.show.rows import Drawing

    if args.json:
        print(json.dumps(record, allow_nan=False))
    else:
        put(Drawing(tuple(rows), look.ascii))
