"""write the walk of a lab to a file: LaTeX, Markdown, HTML or text

All of one sample: what is given, every forward line, every backward line with its reason and its
derivation, each line of it proved, the formula of an entry with its numbers, and the update. The
ending of the file's name says in which form. A file that exists is left as it is without --force.

    stepper export xor -o walk.html
    stepper export mazur -o walk.tex --set lr=0.1
    stepper export xor --batch --level phase -o walk.md
    stepper export xor --ascii -o walk.txt
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from stepper.cli.options import lab_of, lab_options

if TYPE_CHECKING:
    from stepper.write.formats import Format
    from stepper.write.walk import Walk


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `stepper export`."""
    add = parser.add_argument
    add("lab", metavar="LAB", help="a lab's name (see `stepper labs`), or a file ending in .toml")
    add("-o", "--output", type=Path, required=True, metavar="FILE",
        help="the file to write, such as walk.html")  # fmt: skip
    add("--force", action="store_true", help="also over a file that exists")
    add("--level", choices=("phase", "line", "operation", "entry"), default="line",
        help="how fine its steps are (default: line)")  # fmt: skip
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--sample", type=int, metavar="K", help="which sample, counted from 0")
    which.add_argument("--batch", action="store_true", help="all samples at once")
    lab_options(parser)


def main(args: argparse.Namespace) -> int:
    """Writes the file and says so."""
    from stepper.expr.sentence import say
    from stepper.show.words import words

    form = _format(args.output)
    _check_free(args)
    _write(args.output, _content(form, args), force=args.force)
    print(words(say("wrote {path}", path=str(args.output)), ascii=args.ascii))
    return 0


def _format(path: Path) -> Format:
    """The format a file's name asks for. Raises StepperError for an unknown one."""
    from stepper.expr.errors import StepperError
    from stepper.write.formats import formats

    known = formats()
    form = known.get(path.suffix.removeprefix(".").lower())
    if form is None:
        endings = ", ".join(f".{ending}" for ending in sorted(known))
        raise StepperError(
            "`{path}` does not say in which form to write: a name ends in one of {endings}",
            path=str(path), endings=endings,
        )  # fmt: skip
    return form


def _content(form: Format, args: argparse.Namespace) -> bytes:
    from stepper.expr.errors import StepperError

    printer = form.in_ascii if args.ascii else form.written
    if printer is None:
        raise StepperError(
            "a file that ends in .{ending} cannot be written in ASCII alone", ending=form.ending
        )
    return printer(_walk(args)).encode()


def _walk(args: argparse.Namespace) -> Walk:
    from stepper.write.build import walk_of

    lab = lab_of(args)
    sample = None if args.batch else lab.check_sample(args.sample)
    return walk_of(lab, lab.trace(sample), sample, args.level)


def _check_free(args: argparse.Namespace) -> None:
    """Raises StepperError, before any work, if the file exists already."""
    import os

    if os.path.lexists(args.output) and not args.force:
        raise _exists(args.output)


def _write(path: Path, content: bytes, *, force: bool) -> None:
    """Writes the file, whole or not at all. Raises StepperError if it cannot be written."""
    from stepper.expr.errors import StepperError
    from stepper.program.whole import write_new, write_whole

    try:
        (write_whole if force else write_new)(path, content)
    except FileExistsError:
        raise _exists(path) from None
    except OSError as error:
        raise StepperError(
            "cannot write {path}: {why}", path=str(path), why=error.strerror or "?"
        ) from None


def _exists(path: Path) -> Exception:
    from stepper.expr.errors import StepperError

    return StepperError(
        "{path} exists, and is left as it is: choose another name, or add --force", path=str(path)
    )
