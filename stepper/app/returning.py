"""The commands that return to a frame, and those that repeat its training."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from stepper.app.edited import standing
from stepper.app.snapshot import Snapshot, outermost
from stepper.expr.sentence import Sentence, say
from stepper.labs.edit_text import written
from stepper.labs.lab import Lab
from stepper.labs.whatif import Edit, Edits
from stepper.ops.card import Index
from stepper.program.shell import command

if TYPE_CHECKING:
    from stepper.app.training import Training


def comes_back(
    now: Snapshot, options: Sequence[str] = (), *, ascii: bool = False, inline: bool = False
) -> str:
    """The command that opens this frame: `stepper run xor --sample 3 --start 24`."""
    now = outermost(now)
    words = ["stepper", "run", now.lab.name, *options]
    if now.lab.data is not None:
        words += ["--batch"] if now.sample is None else ["--sample", str(now.sample)]
    words += _typed(standing(now))
    if now.step is not None:
        words += ["--start", str(now.step.index)]
    if now.cursor.level != "line":
        words += ["--level", now.cursor.level]
    if (entry := _entry(now)) != (0, 0):
        words += ["--entry", "{},{}".format(*entry)]
    words += ["--ascii"] if ascii else []
    return command([*words, *(["--inline"] if inline else [])])


def _entry(now: Snapshot) -> Index:
    """The selected entry; for a result filled in entry by entry, the newest one."""
    if now.cursor.level != "entry" or not (now.filled and now.shape):
        return now.entry
    return divmod(now.filled - 1, now.shape[1])


def without_training(now: Snapshot, options: Sequence[str] = ()) -> Sentence | None:
    """How to get the weights of a trained epoch again, as the returning command lacks them; None if
    it does not."""
    now = outermost(now)
    commands = _commands(now.training, now.lab, options) if now.training is not None else []
    if not commands:
        return None
    return say(
        "the weights of epoch {n} are not in that command: {train}, then add --weights {file}",
        n=str(now.lab.epoch), train=" && ".join(commands), file=_file(now.lab),
    )  # fmt: skip


def _commands(training: Training, lab: Lab, options: Sequence[str]) -> list[str]:
    """A `stepper train` for each leg up to a lab, with its edits and the weights it begins with."""
    before, first = training.before, training.first
    earlier: list[str] = []
    if before is not None and before.training is not None:
        earlier = _commands(before.training, before.lab, options)
    if lab.epoch == first.epoch:
        return earlier
    words = ["stepper", "train", lab.name, *(_with(options, _file(first)) if earlier else options)]
    words += _typed(_edits(training))
    words += ["--epochs", str(lab.epoch - first.epoch), "--save", _file(lab)]
    return [*earlier, command(words)]


def _file(lab: Lab) -> str:
    return f"epoch-{lab.epoch}.npz"


def _with(options: Sequence[str], file: str) -> list[str]:
    """The options with `--weights` replaced."""
    words = list(options)
    if "--weights" in words:
        at = words.index("--weights")
        del words[at : at + 2]
    return [*words, "--weights", file]


def _edits(training: Training) -> Edits:
    """The edits that no weight file contains, each with its value at the start of this leg."""
    given, missing = training.first.given(), _missing(training)
    places = dict.fromkeys((edit.name, edit.index) for edit in missing)
    return tuple(
        Edit(name, index, given[name][index or ...] if np.ndim(given[name]) else given[name])
        for name, index in places
    )


def _missing(training: Training) -> Edits:
    """The edits made since weights were last trained, and all edits of anything but weights."""
    if training.before is None:
        return ()
    earlier, lab = training.before.training, training.before.lab
    if earlier is None:
        return training.edits
    kept = earlier.edits
    if lab.epoch == earlier.first.epoch:
        unsaved = _missing(earlier)
        return (*unsaved, *training.edits[len(kept) :])
    moved = {*lab.parameters, *lab.state, "t"} - set(lab.training.fixed)
    lasting = (edit for edit in kept if edit.name not in moved)
    return (*lasting, *training.edits[len(kept) :])


def _typed(edits: Edits) -> list[str]:
    return [word for edit in edits for word in ("--edit", written(edit))]
