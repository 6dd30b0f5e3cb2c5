"""milliseconds from the wish to pause a training until it has ended, in the slowest lab"""

import time
from threading import Thread

from stepper.app.moves.epochs import train
from stepper.app.snapshot import opened
from stepper.app.training import Leg, Report
from stepper.labs.load import load

BAR = 50
LABS = ("half-mse:wide", "three-hidden", "chessboard")
TIMES = 5


def measured() -> float:
    return max(_taken(name) for name in LABS for _ in range(TIMES))


def _taken(name: str) -> float:
    """A training is paused as soon as it has reported something."""
    lab = load(name)
    wanted = train(opened(lab, lab.check_sample(None)), "1000000").training
    assert wanted is not None
    reports: list[Report] = []
    leg = Leg(wanted)
    thread = Thread(target=leg.run, args=(reports.append,))
    thread.start()
    while not reports:
        time.sleep(0.01)
    began = time.perf_counter()
    leg.cancel()
    thread.join()
    return (time.perf_counter() - began) * 1000
