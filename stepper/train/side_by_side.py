"""Runs slow experiments in parallel, each in a process of its own."""

from __future__ import annotations

import signal
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess

from stepper.expr.errors import StepperError
from stepper.labs.load import load
from stepper.labs.reported import Reported
from stepper.train.experiment import Experiment, Switch, experiments

PAUSE = 0.2
"""Seconds between two progress reports of a training."""


@dataclass(frozen=True, slots=True)
class Task:
    """What is still to be measured in one experiment, and how many updates that takes."""

    experiment: Experiment
    asked: tuple[Reported, ...]
    an_epoch: int
    """Updates in one epoch."""

    @property
    def updates(self) -> int:
        last = max(r.epoch * (10 if r.measure == "clock" else 1) for r in self.asked)
        return last * self.an_epoch


@dataclass(frozen=True, slots=True)
class Reached:
    """How many updates a task has made."""

    updates: int


@dataclass(frozen=True, slots=True)
class Found:
    """A number that was asked for, and the processor time in seconds since the one before."""

    which: int
    """Its index among the numbers the task measures."""
    number: float
    seconds: float


def tasks(names: Iterable[str], known: Iterable[str]) -> list[Task]:
    """The slow numbers that are not known yet, as tasks, the longest training first."""
    keys, found = set(known), []
    for experiment in (e for name in names for e in experiments(name)):
        asked = tuple(r for r in experiment.reported if r.slow and experiment.key(r) not in keys)
        if asked:
            lab = load(experiment.lab, sets=experiment.settings)
            batch = lab.training.batch or max(1, lab.samples)
            found.append(Task(experiment, asked, -(-lab.samples // batch) or 1))
    return sorted(found, key=lambda task: -task.updates)


def measured(
    todo: Sequence[Task], with_mistake: Switch, processes: int
) -> Iterator[tuple[Task, Reached | Found]]:
    """Runs the tasks, `processes` at a time, and yields their reports; closing it ends those under
    way.

    Raises StepperError if a process dies.
    """
    waiting, running = iter(todo), dict[Connection, tuple[Task, BaseProcess]]()
    try:
        while True:
            while len(running) < processes and (task := next(waiting, None)) is not None:
                pipe, process = _started(task, with_mistake)
                running[pipe] = task, process
            if not running:
                return
            ready = wait(list(running))
            for pipe in [pipe for pipe in running if pipe in ready]:
                try:
                    yield running[pipe][0], pipe.recv()
                except EOFError:
                    _ended(*running.pop(pipe))
    finally:
        for _, process in running.values():
            process.terminate()
            process.join()


def _started(task: Task, with_mistake: Switch) -> tuple[Connection, BaseProcess]:
    spawning = get_context("spawn")
    ours, theirs = spawning.Pipe(duplex=False)
    process = spawning.Process(target=_work, args=(theirs, task, with_mistake), daemon=True)
    heard = signal.signal(signal.SIGINT, signal.SIG_IGN)  # inherited: ignored from the start
    try:
        process.start()
    finally:
        signal.signal(signal.SIGINT, heard)
    theirs.close()
    return ours, process


def _ended(task: Task, process: BaseProcess) -> None:
    process.join()
    if process.exitcode:
        raise StepperError(
            "{lab} could not be measured: its process ended with code {code}",
            lab=task.experiment.label, code=process.exitcode,
        )  # fmt: skip


def _work(pipe: Connection, task: Task, with_mistake: Switch) -> None:
    """Runs one task in its own process; ctrl-c is handled by the parent."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Windows does not inherit that
    said = time.monotonic()

    def heard(epochs: int) -> None:
        nonlocal said
        if time.monotonic() - said > PAUSE:
            said = time.monotonic()
            pipe.send(Reached(epochs * task.an_epoch))

    began = time.process_time()
    numbers = task.experiment.measured(with_mistake, task.asked, heard)
    for which, (_, number) in enumerate(numbers):
        assert number is not None
        pipe.send(Found(which, number, time.process_time() - began))
        began = time.process_time()
