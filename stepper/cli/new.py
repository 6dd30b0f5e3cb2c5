"""write a lab file of your own, from one that works

The new file is the text of a lab, to be changed in any editor. A file that exists is never
written over.

    stepper new my.toml --from xor
    stepper run my.toml
"""

from __future__ import annotations

import argparse
from pathlib import Path

HEADER = (
    "# This lab is yours to change. `stepper run` and the name of this file walks through it.\n"
)


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `stepper new`."""
    parser.add_argument("file", metavar="FILE", type=Path, help="the file to write, NAME.toml")
    parser.add_argument("--from", metavar="LAB", default="xor", dest="lab",
        help="the lab to begin with (see `stepper labs`; default: xor)")  # fmt: skip


def main(args: argparse.Namespace) -> int:
    """Writes the file and says what to do with it."""
    from stepper.expr.errors import StepperError
    from stepper.expr.sentence import say
    from stepper.labs.source import read
    from stepper.labs.spec import parts
    from stepper.program.whole import write_new
    from stepper.show.words import words

    if args.file.suffix != ".toml":
        raise StepperError("`{path}` must end in .toml, as in my.toml", path=str(args.file))
    source = read(args.lab)
    stem, variant = parts(args.lab)
    if variant:
        raise StepperError(
            "a lab file holds its variants too: --from {stem}, then run {path}:{variant}",
            stem=stem, variant=variant, path=str(args.file),
        )  # fmt: skip
    content = HEADER + source.text
    try:
        write_new(args.file, content.encode())
    except FileExistsError:
        raise StepperError(
            "{path} exists, and is left as it is: choose another name", path=str(args.file)
        ) from None
    except OSError as error:
        raise StepperError(
            "cannot write {path}: {why}", path=str(args.file), why=error.strerror or "?"
        ) from None
    said = say("wrote {path}; walk through it with `stepper run {path}`", path=str(args.file))
    print(words(said))
    return 0
