"""is a gradient that you derived by hand right, and if not, where and which mistake?

A formula is judged at points where only what is right is right: other sizes, seven samples, both
signs. Any known quantity may be used: X, y, N, every z, a, W, b, every gradient, and names of
your own that earlier lines gave a value. Without a formula, on a terminal, each gradient is asked
for in turn, or with --of that one.

    stepper check two-hidden "dL_dW3 = a2.T @ (2*(a3 - y)*a3*(1 - a3))"
    stepper check xor "d3 = (a3 - y)/N" "dW3 = d3 @ a2.T"
    stepper check xor --file backward.txt --json
    stepper check xor --of dJ_dW3 "dJ_dz3 @ a2.T"
    stepper check gradient-check:planted-bugs --backward
    stepper check xor --of dJ_dW2 --numbers mine.csv
    stepper check xor --numeric
    stepper check --mistakes
    stepper check xor

The exit code is 0 if all is right, 1 if a mistake was found, 2 if nothing could be judged.
"""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from stepper.cli.check_numbers import add_arguments, mistakes, work
from stepper.cli.options import lab_of, lab_options

if TYPE_CHECKING:
    from stepper.check.judged import Judged
    from stepper.expr.errors import StepperError
    from stepper.labs.lab import Lab
    from stepper.show.rows import Look

MOST_BYTES = 200_000
EXIT = {"right": 0, "wrong": 1, "unknown": 2, "invalid": 2}


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `stepper check`."""
    add = parser.add_argument
    add("lab", nargs="?", metavar="LAB",
        help="a lab's name (see `stepper labs`), or a file ending in .toml")  # fmt: skip
    add("formulas", nargs="*", metavar="FORMULA",
        help="`target = formula`, helpers before it; `-` reads standard input")  # fmt: skip
    add("--file", metavar="FILE", help="read the formulas from a text file")
    add(
        "--of",
        metavar="NAME",
        help="the gradient to be asked for, or what a formula without a target should be",
    )
    add("--backward", action="store_true", help="judge the lab's own backward program")
    add("--json", action="store_true", help="the verdict as JSON")
    lab_options(parser)
    add_arguments(parser)


def main(args: argparse.Namespace) -> int:
    """Judges formulas, or asks for them."""
    from stepper.cli.paper import look_of
    from stepper.expr.errors import StepperError

    if args.lab is None and args.mistakes:
        return mistakes(None, args)
    if args.lab is None:
        raise StepperError("which lab? `stepper check xor`; `stepper labs` lists them")
    lab = lab_of(args)
    if (asked := work(args)) is not None:
        if args.formulas or args.file or args.backward:
            raise StepperError("one thing at a time: formulas, or numbers, --numeric, --mistakes")
        return asked(lab, args)
    if _wants_to_be_asked(args):
        from stepper.cli.asking import ask

        return ask(lab, look_of(lab.layout, args.ascii), args.of)
    judged = _judged(lab, args)
    if args.json:
        _print_json(judged)
    else:
        _print_rows(judged, look_of(lab.layout, args.ascii))
    return EXIT[judged.verdict]


def _wants_to_be_asked(args: argparse.Namespace) -> bool:
    given = args.formulas or args.file or args.backward or args.json
    return not given and sys.stdin.isatty() and sys.stdout.isatty()


def _judged(lab: Lab, args: argparse.Namespace) -> Judged:
    from stepper.check.formula import judge
    from stepper.check.program import judge_own
    from stepper.show.translation import translate

    if args.backward:
        return judge_own(lab)
    source = _source(args)
    judged = judge(lab, source, args.of)
    if _lacks_a_target(judged) and not args.json and sys.stdin.isatty() and sys.stdout.isatty():
        asked = input(f"{translate('which gradient should this be?')} ").strip()
        return judge(lab, source, asked) if asked else judged
    return judged


def _lacks_a_target(judged: Judged) -> bool:
    """Whether a bare formula equals no known quantity, so that its target is unclear."""
    last = judged.lines[-1]
    return last.verdict == "unknown" and last.target is None and bool(last.reading)


def _source(args: argparse.Namespace) -> str:
    """The formulas, from the arguments, a file or a pipe. Raises StepperError if not text."""
    from stepper.expr.errors import StepperError

    sources = [bool(args.formulas), args.file is not None]
    if all(sources):
        raise StepperError("formulas either as words or with --file, not both")
    if args.file is not None:
        return _of_file(args.file)
    if args.formulas and args.formulas != ["-"]:
        return "\n".join(args.formulas)
    if sys.stdin.isatty() and not args.formulas:
        raise _nothing(args)
    text = _text(sys.stdin.buffer.read(MOST_BYTES + 1), "standard input")
    if not text.strip() and not args.json:
        raise _nothing(args)
    return text


def _nothing(args: argparse.Namespace) -> StepperError:
    """The error that says what to give if there is no formula."""
    from stepper.expr.errors import StepperError

    if args.of is not None:
        return StepperError(
            "there is nothing to check: what is {of}? Write its formula behind it, in quotation "
            "marks, name a --file, or leave both out on a terminal to be asked",
            of=args.of,
        )
    return StepperError(
        'there is nothing to check: write a formula, such as "dJ_dz3 = a3 - y", name a '
        "--file, or leave both out on a terminal to be asked"
    )


def _of_file(path: str) -> str:
    from stepper.expr.errors import StepperError

    try:
        with open(path, "rb") as file:
            return _text(file.read(MOST_BYTES + 1), path)
    except OSError as error:
        raise StepperError(
            "cannot read {path}: {why}", path=path, why=error.strerror or "?"
        ) from None


def _text(content: bytes, where: str) -> str:
    from stepper.expr.errors import StepperError

    if len(content) > MOST_BYTES:
        raise StepperError("this is too large: {n} bytes of formulas are the most",
                           where=where, n=MOST_BYTES)  # fmt: skip
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = "\0"
    if "\0" in text:
        raise StepperError("this is no text: formulas are lines like `dJ_dz3 = a3 - y`",
                           where=where)  # fmt: skip
    return text


def _print_json(judged: Judged) -> None:
    import json

    from stepper.show.checked import record

    print(json.dumps(record(judged), allow_nan=False))


def _print_rows(judged: Judged, look: Look) -> None:
    from stepper.cli.paper import put
    from stepper.show.checked import rows
    from stepper.show.rows import Drawing

    put(Drawing(tuple(rows(judged, look)), look.ascii))
