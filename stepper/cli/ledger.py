"""The ledger as `stepper labs` prints it; slow numbers are measured first, and saved."""

from __future__ import annotations

import json
import shutil
import sys
import time
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import TYPE_CHECKING

from stepper.cli.main import DONE, INTERRUPTED

if TYPE_CHECKING:
    from stepper.expr.sentence import Sentence
    from stepper.labs.source import LabFile
    from stepper.train.ledger import Row
    from stepper.train.side_by_side import Found, Reached, Task

UNEXPLAINED = 1
BAR = 24
"""The length of the progress bar, in characters."""


def printed(files: Sequence[LabFile], known: dict[str, float]) -> list[Row]:
    """Prints a table for each experiment once it has run, then the summary; returns the rows."""
    from stepper.show.cells import wrapped
    from stepper.show.ledger import summary, table
    from stepper.show.translation import text_of

    width = _width()
    seen: list[Row] = []
    for file in files:
        for (name, mistake), group in groupby(_rows([file], known), lambda r: (r.lab, r.mistake)):
            of_lab = list(group)
            heading = f"{name} --mistake {mistake}" if mistake else name
            _told("")
            print(table(heading, text_of(file.title), of_lab, width), flush=True)
            seen += of_lab
    _told("")
    print("\n".join(wrapped(summary(seen), width)))
    return seen


def _width() -> int:
    """The width of the printed ledger: no wider than the terminal."""
    from stepper.show.ledger import WIDTH

    if not sys.stdout.isatty():
        return WIDTH
    return min(WIDTH, max(shutil.get_terminal_size().columns, 40))


def printed_json(files: Sequence[LabFile], known: dict[str, float]) -> list[Row]:
    from stepper.show.ledger import record

    seen = list(_rows(files, known))
    _told("")
    print(json.dumps([record(row) for row in seen], indent=1, allow_nan=False))
    return seen


def _rows(files: Sequence[LabFile], known: dict[str, float]) -> Iterator[Row]:
    from stepper.check.switch import with_mistake
    from stepper.train import ledger

    return ledger.rows([file.name for file in files], with_mistake, known, _told)


def verdict(seen: Sequence[Row]) -> int:
    """The exit code: whether every number agrees or is explained."""
    return DONE if all(row.agrees or row.explained for row in seen) else UNEXPLAINED


def measured(files: Sequence[LabFile], processes: int) -> tuple[dict[str, float], int]:
    """The slow numbers, by their keys, and the exit code: ctrl-c leaves some out.

    Each is saved as soon as it is measured, and not measured again.
    """
    from stepper.train import kept_numbers, side_by_side

    names = [file.name for file in files]
    known, said = kept_numbers.known()
    _said(said)
    todo = side_by_side.tasks(names, known)
    try:
        for key, number in _measuring(todo, processes):
            known[key] = number
            _said(kept_numbers.keep(key, number))
    except KeyboardInterrupt:
        _told("")
        left = sum(len(task.asked) for task in side_by_side.tasks(names, known))
        _say("left to measure: {n}; the same command goes on with them", n=left)
        return known, INTERRUPTED
    return known, DONE


def _measuring(todo: Sequence[Task], processes: int) -> Iterator[tuple[str, float]]:
    """The key and value of each number as it is measured; meanwhile shows the progress."""
    from stepper.check.switch import with_mistake
    from stepper.train.side_by_side import Found, measured

    began, updates = time.monotonic(), dict.fromkeys(map(id, todo), 0)
    whole = sum(task.updates for task in todo)
    for task, event in measured(todo, with_mistake, processes):
        updates[id(task)] = _updates(task, event)
        if isinstance(event, Found):
            _told("")
            asked = task.asked[event.which]
            _say(
                "{lab}: {quantity} after {epoch} epochs is {number}, {seconds} s",
                lab=task.experiment.label, quantity=asked.quantity, epoch=str(asked.epoch),
                number=f"{event.number:.7g}", seconds=f"{event.seconds:.0f}",
            )  # fmt: skip
            yield task.experiment.key(asked), event.number
        done = sum(updates.values()) / whole if whole else 1.0  # nothing is trained at epoch 0
        _told(_bar(done, time.monotonic() - began))


def _updates(task: Task, event: Reached | Found) -> int:
    """How many updates of a task are done after an event."""
    from stepper.train.side_by_side import Reached

    if isinstance(event, Reached):
        return min(event.updates, task.updates)
    is_last = event.which == len(task.asked) - 1
    return task.updates if is_last else task.asked[event.which].epoch * task.an_epoch


def _bar(done: float, seconds: float) -> str:
    """`[######······] 31 %, about 12 min left`, by the updates made and still to make."""
    from stepper.expr.sentence import say
    from stepper.show.duration import duration
    from stepper.show.words import words

    full = round(BAR * done)
    left = duration(seconds / done * (1 - done)) if done else "?"
    said = say("{done} %, about {left} left", done=f"{100 * done:.0f}", left=left)
    return f"[{'#' * full}{'.' * (BAR - full)}] {words(said)}"


def _told(now: str) -> None:
    """Shows what is being run, if somebody may be waiting; an empty text clears the line."""
    if sys.stderr.isatty():
        from stepper.show.cells import cut

        width = shutil.get_terminal_size().columns - 1
        print(f"\r\x1b[K{cut(now, width)}", end="", file=sys.stderr, flush=True)


def _say(template: str, /, **fields: object) -> None:
    from stepper.expr.sentence import say

    _said(say(template, **fields))


def _said(sentence: Sentence | None) -> None:
    from stepper.show.words import words

    if sentence is not None:
        print(words(sentence), file=sys.stderr, flush=True)
