"""Training a lab against the same number of epochs of its report's own loop."""

from collections.abc import Callable, Sequence

from stepper.labs.load import load
from stepper.train.running import Run
from tests.bench.clock import least_ratio
from tests.bench.reports import REPORTS


def pair(name: str, epochs: int) -> tuple[Callable[[], None], Callable[[], None]]:
    """So many more epochs of our training, and of the report's; a stop is looked for in both."""
    lab = load(name)
    stop = lab.training.stop
    run, theirs = Run(lab, {"stop": stop} if stop else {}), REPORTS[name](lab)

    def ours() -> None:
        if stop:
            run.advance(epochs, lambda: bool(run.measured()["stop"]))
        else:
            run.advance(epochs)

    return ours, lambda: theirs.train(epochs)


def worst(names: Sequence[str], updates: int) -> float:
    """The largest ratio of these labs; each is printed."""
    found = {}
    for name in names:
        lab = load(name)
        an_epoch = 1 if lab.training.batch is None else lab.samples
        ours, theirs = pair(name, max(1, updates // an_epoch))
        found[name] = least_ratio(ours, theirs, 9)
        print(f"        {found[name]:.2f} {name}", flush=True)
    return max(found.values())
