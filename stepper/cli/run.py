"""walk one sample forwards, backwards and through the update, step by step

On a terminal this opens the debugger. With --plain, or when the output goes to a file or a pipe,
the walk is printed: every line with its numbers, its shapes and its reason.

The debugger opens where the lab was left, with its breakpoints and watches, unless --start,
--level, --entry, --sample or --batch says where to begin; its command `:restart` starts over.
Other keys: `config.toml` in stepper's configuration directory (the help, `?`, says where that is;
STEPPER_CONFIG names another), under [keys] a line like next = "j" or back = ["k", "p"]. What the
commands are called, `:` lists; a space in a name is written as -.

    stepper run xor
    stepper run xor --plain --start backward --level operation
    stepper run xor --plain --start dJ_dW2 --stop dJ_dW2 --entry 2,1
    stepper run mazur --mistake updated-weight
    stepper run xor --json
"""

from __future__ import annotations

import argparse
import gc
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from stepper.cli.options import lab_of, lab_options, refused, typed_again
from stepper.cli.screen import has_screen

if TYPE_CHECKING:
    from stepper.labs.lab import Lab
    from stepper.labs.whatif import Edits
    from stepper.program.trace import Trace


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `stepper run`."""
    add = parser.add_argument
    add("lab", metavar="LAB", help="a lab's name (see `stepper labs`), or a file ending in .toml")
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--plain", action="store_true", help="print the walk, open no screen")
    form.add_argument("--json", action="store_true", help="every step and value as JSON")
    form.add_argument(
        "--inline",
        action="store_true",
        help="the debugger below the command line, what is above it stays; not on Windows",
    )
    add("--level", choices=("phase", "line", "operation", "entry"),
        help="how fine the printed steps are (default: line)")  # fmt: skip
    add("--start", metavar="WHERE", help="from a step's number, a variable or a phase on")
    add("--stop", metavar="WHERE", help="up to it, included")
    add("--entry", type=entry, metavar="I,J",
        help="the entry to work out, counted from 0 as numpy does (default: 0,0)")  # fmt: skip
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--sample", type=int, metavar="K", help="which sample, counted from 0")
    which.add_argument("--batch", action="store_true", help="all samples at once")
    add("--edit", action="append", default=[], metavar="ENTRY=NUMBER", dest="edits",
        help="another weight, input or target, like W1[2,0]=0.5; may be repeated")  # fmt: skip
    add("--mistake", metavar="ID[@LINE]",
        help="make a mistake on purpose (see `stepper check --mistakes`)")  # fmt: skip
    add("--weights", type=Path, metavar="FILE",
        help="walk with the weights that `stepper train LAB --save FILE` kept")  # fmt: skip
    lab_options(parser)


def entry(text: str) -> tuple[int, int]:
    """`2,1` as row and column."""
    parts = text.strip("[] ").split(",")
    if len(parts) != 2 or not all(p.strip().isdecimal() for p in parts):
        raise refused("`{text}` is not a row and a column, like 2,1", text)
    return int(parts[0]), int(parts[1])


def main(args: argparse.Namespace) -> int:
    """Runs a lab: on the screen, as text or as JSON."""
    if args.inline:
        _check_inline()
    collecting = gc.isenabled()
    gc.disable()  # no garbage before the first frame: looking for it would only take time
    try:
        if has_screen() and not (args.plain or args.json):
            return _open_screen(args)
        lab, sample = _lab(args)
        (_print_json if args.json else _print_walk)(lab, sample, args)
    finally:
        if collecting:
            gc.enable()
    return 0


def _check_inline() -> None:
    """Raises StepperError if the debugger cannot be drawn below the command line."""
    from stepper.expr.errors import StepperError

    if sys.platform == "win32":
        raise StepperError("--inline does not work on Windows: without it the walk has the screen")
    if not (has_screen() and sys.stdin.isatty()):
        raise StepperError("--inline needs a terminal: --plain prints the walk to a file or a pipe")


def _open_screen(args: argparse.Namespace) -> int:
    from stepper.app.app import run_app
    from stepper.show.excerpt import place

    lab, sample = _lab(args)
    at = 0 if args.start is None else place(lab.trace(sample), args.start)[0].index + 1
    return run_app(
        lab, sample, args.ascii,
        at=at, level=args.level or "line", entry=args.entry or (0, 0), options=_made_with(args),
        edits=_edits(args), placed=_says_where(args), inline=args.inline,
    )  # fmt: skip


def _says_where(args: argparse.Namespace) -> bool:
    """Whether the command line says where to begin, so that the last position is not restored."""
    said = (args.start, args.level, args.entry, args.sample)
    return args.batch or any(word is not None for word in said)


def _made_with(args: argparse.Namespace) -> list[str]:
    """The options that modified the lab, as they would be typed."""
    words = typed_again(args)
    words += [] if args.weights is None else ["--weights", str(args.weights)]
    return words + ([] if args.mistake is None else ["--mistake", args.mistake])


def _lab(args: argparse.Namespace) -> tuple[Lab, int | None]:
    """The lab with the options applied, and the sample to show; None for the whole batch."""
    lab = lab_of(args)
    if args.weights is not None:
        from stepper.train.saved import trained

        lab = trained(lab, args.weights)
    if args.mistake is not None:
        from stepper.check.switch import with_mistake

        lab = with_mistake(lab, args.mistake)
    return lab, None if args.batch else lab.check_sample(args.sample)


def _edits(args: argparse.Namespace) -> Edits:
    from stepper.labs.edit_text import read

    return tuple(map(read, args.edits))


def _trace(lab: Lab, sample: int | None, args: argparse.Namespace) -> Trace:
    from stepper.labs.whatif import edited

    return edited(lab, sample, _edits(args)) if args.edits else lab.trace(sample)


def _print_json(lab: Lab, sample: int | None, args: argparse.Namespace) -> None:
    import json

    from stepper.show.excerpt import excerpt
    from stepper.show.record import record

    trace = _trace(lab, sample, args)
    steps = excerpt(trace, args.start, args.stop)
    print(json.dumps(record(lab, trace, sample, steps), allow_nan=False))


def _print_walk(lab: Lab, sample: int | None, args: argparse.Namespace) -> None:
    from stepper.cli.paper import look_of, put
    from stepper.show.excerpt import excerpt
    from stepper.show.rows import Drawing
    from stepper.show.transcript import about, check_entry, heading, transcript
    from stepper.show.walk import given_rows

    trace = _trace(lab, sample, args)
    steps = excerpt(trace, args.start, args.stop)
    look = look_of(lab.layout, args.ascii, args.entry)
    if args.entry is not None:
        check_entry(trace, steps, args.entry)
    rows = [*heading(lab, trace, sample, look)]
    if args.start is None:
        rows += [*about(lab, look), *given_rows(trace, look), ()]
    rows += transcript(trace, steps, args.level or "line", look, args.entry)
    put(Drawing(tuple(rows), look.ascii))
