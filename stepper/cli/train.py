"""train a lab and show what it has learnt

Training goes on for the lab's own number of epochs, or until its own condition holds. ctrl-c ends
it and keeps what was reached. At the end come the loss curve, the predictions beside the truth,
and the decision boundary.

    stepper train xor
    stepper train folded-bias --until "J < 0.001"
    stepper train bce-momentum --set "optimizer=adam(lr=0.01)" --epochs 1000 --csv curve.csv
    stepper train xor --edit "X[0,3]=0.3" --edit "W1[0,0]=2"
    stepper train xor --save run.npz && stepper run xor --weights run.npz

The exit code is 1 if a number stopped being finite, 3 if training was interrupted.
"""

from __future__ import annotations

import argparse
import os
import signal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from stepper.cli.main import DONE, INTERRUPTED
from stepper.cli.options import count, lab_of, lab_options, typed_again
from stepper.program.shell import command

if TYPE_CHECKING:
    from stepper.expr.sentence import Sentence
    from stepper.labs.lab import Lab
    from stepper.train.fit import Fit
    from stepper.train.loop import State

BROKE = 1
EXIT = {"epochs": DONE, "until": DONE, "nan": BROKE, "interrupted": INTERRUPTED}


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `stepper train`."""
    add = parser.add_argument
    add("lab", metavar="LAB", help="a lab's name (see `stepper labs`), or a file ending in .toml")
    add("--epochs", type=count, metavar="N", help="so many epochs (default: the lab's)")
    add("--until", metavar="CONDITION", help='end when it holds after an epoch, like "J < 0.01"')
    add("--every", type=count, metavar="N", help="note the loss after every so many epochs")
    add("--weights", type=Path, metavar="FILE", help="go on from a file that --save wrote")
    add("--edit", action="append", default=[], metavar="ENTRY=NUMBER", dest="edits",
        help="another weight, input or target at the start, like W1[2,0]=0.5; an input is one of "
        "the whole data set; may be repeated")  # fmt: skip
    add("--mistake", metavar="ID[@LINE]",
        help="train with a mistake (see `stepper check --mistakes`)")  # fmt: skip
    add("--save", type=Path, metavar="FILE", help="keep the weights in a file (.npz)")
    add("--csv", type=Path, metavar="FILE", help="keep the loss and the metrics in a table")
    add("--json", action="store_true", help="the result as JSON")
    lab_options(parser)


def main(args: argparse.Namespace) -> int:
    """Trains a lab, prints the result, and saves what is to be saved."""
    from stepper.cli.progress import shown

    _check_writable(*filter(None, (args.save, args.csv)))
    lab = _lab(args)
    fit = _fit(lab, args)
    before = signal.signal(signal.SIGINT, lambda *_: _interrupt(fit))
    try:
        shown(fit)
    finally:
        signal.signal(signal.SIGINT, before)
    state = fit.broke.last[-1] if fit.broke else fit.run.state()
    _keep(fit, state, args)
    _print(fit, state, args)
    assert fit.stopped is not None
    return EXIT[fit.stopped]


def _interrupt(fit: Fit) -> None:
    """Lets the first ctrl-c end training after the current epoch, and the second end everything."""
    if fit.run.cancelled:
        raise KeyboardInterrupt
    fit.interrupt()


def _check_writable(*paths: Path) -> None:
    """Raises StepperError before any time is spent, not after."""
    from stepper.expr.errors import StepperError

    for path in paths:
        if str(path) == "-":
            raise StepperError("cannot write `-`: give the file a name")
        if path.is_dir():
            raise StepperError("cannot write {path}: it is a folder", path=str(path))
        opened = path if path.exists() and not path.is_file() else path.parent
        if not opened.exists() or not os.access(opened, os.W_OK):
            raise StepperError("cannot write {path}: its folder must be there and open to you",
                               path=str(path))  # fmt: skip
    if len({path.resolve() for path in paths}) < len(paths):
        raise StepperError("--save and --csv name the same file, {path}", path=str(paths[0]))


def _lab(args: argparse.Namespace) -> Lab:
    """The lab with the options applied, its edits last."""
    lab = lab_of(args)
    if args.weights is not None:
        from stepper.train.saved import trained

        lab = trained(lab, args.weights)
    if args.mistake is not None:
        from stepper.check.switch import with_mistake

        lab = with_mistake(lab, args.mistake)
    if args.edits:
        from stepper.labs.edit_text import read
        from stepper.labs.held import holding

        lab = holding(lab, tuple(map(read, args.edits)))
    return lab


def _fit(lab: Lab, args: argparse.Namespace) -> Fit:
    from stepper.train.fit import Fit, condition

    until = lab.training.stop if args.until is None else condition(lab, args.until)
    return Fit(lab, args.epochs or lab.training.epochs, until, args.every)


def _keep(fit: Fit, state: State, args: argparse.Namespace) -> None:
    from stepper.train.saved import save, save_table

    if args.save is not None:
        save(args.save, fit.lab, state)
    if args.csv is not None:
        save_table(args.csv, fit.history)


def _print(fit: Fit, state: State, args: argparse.Namespace) -> None:
    from stepper.cli.paper import look_of, put
    from stepper.show.rows import Drawing, paragraph, row
    from stepper.show.trained import trained_rows
    from stepper.show.words import words

    if args.json:
        _print_json(fit, state)
        return
    look = look_of(fit.lab.layout, args.ascii)
    rows = [*trained_rows(fit, state, look)]
    if not args.edits:  # `run` shows one sample, and X there means its input
        said, walk = _walked(fit, args)
        rows += [(), *paragraph(words(said), look, ink="dim"), row(f"   {walk}", "dim")]
    put(Drawing(tuple(rows), look.ascii))


def _walked(fit: Fit, args: argparse.Namespace) -> tuple[Sentence, str]:
    """How to walk through the result of training step by step, and the command for it."""
    from stepper.expr.sentence import say

    walk = ["stepper", "run", args.lab, *typed_again(args)]
    walk += ["--mistake", args.mistake] if args.mistake else []
    if fit.broke is not None:
        walk += ["--weights", str(args.weights)] if args.weights else []
        return say("trained in there it stops at that step, and the epochs before can be walked "
                   "through:"), command(walk)  # fmt: skip
    if args.save is not None:
        return say("to walk through these weights:"), command([*walk, "--weights", str(args.save)])
    said = say("to walk through these weights, keep them with --save run.npz:")
    return said, command([*walk, "--weights", "run.npz"])


def _print_json(fit: Fit, state: State) -> None:
    import json

    from stepper.show.record import plain
    from stepper.train.loop import accuracy

    right, loss = accuracy(fit.lab, state), fit.lab.forward.loss
    record: dict[str, Any] = {
        "lab": fit.lab.name,
        "epochs": state.epoch,
        "loss": plain(fit.loss),
        "accuracy": None if right is None else right[0] / right[1],
        "metrics": {name: plain(value) for name, value in fit.metrics.items()},
        "stopped": fit.stopped,
        "parameters": {name: plain(value) for name, value in state.parameters.items()},
        "history": [[epoch, plain(seen[loss])] for epoch, seen in fit.history],
    }
    print(json.dumps(record, allow_nan=False))
