"""The options that several commands share: which lab, and what is changed in it."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from stepper.labs.lab import Lab

MOST = 1_000_000_000


def lab_options(parser: argparse.ArgumentParser) -> None:
    """Adds the options that modify a lab, and --ascii."""
    add = parser.add_argument
    add("--seed", type=int, metavar="S", help="another random start")
    add("--set", action="append", default=[], type=setting, metavar="NAME=VALUE", dest="sets",
        help="another size, constant, function or training setting; may be repeated")  # fmt: skip
    add("--data", metavar="NAME", help="another data set")
    add("--ascii", action="store_true", help="print nothing but ASCII")


def lab_of(args: argparse.Namespace) -> Lab:
    """The lab with the options applied. Raises StepperError."""
    from stepper.labs.load import load

    return load(args.lab, sets=dict(args.sets), data=args.data, seed=args.seed)


def typed_again(args: argparse.Namespace) -> list[str]:
    """The options that modified the lab, as they would be typed."""
    words = [word for name, value in args.sets for word in ("--set", f"{name}={value}")]
    words += [] if args.data is None else ["--data", args.data]
    return words + ([] if args.seed is None else ["--seed", str(args.seed)])


def setting(text: str) -> tuple[str, str]:
    """Splits `lr=0.5` into name and value."""
    name, equals, value = text.partition("=")
    if not (name.strip() and equals and value.strip()):
        raise refused("`{text}` is not name=value, like lr=0.5", text)
    return name.strip(), value.strip()


def count(text: str) -> int:
    """A whole number from 1."""
    if not text.isdecimal() or not 1 <= int(text) <= MOST:
        raise refused("`{text}` is no whole number from 1 to 1000000000", text)
    return int(text)


def refused(template: str, text: str) -> argparse.ArgumentTypeError:
    """The error with which argparse refuses a word."""
    from stepper.show.translation import translate

    return argparse.ArgumentTypeError(translate(template).format(text=text))
