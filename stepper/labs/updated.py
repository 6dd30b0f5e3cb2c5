"""The effect of an update: the loss of the same samples with the updated weights."""

from __future__ import annotations

from stepper.program.trace import Trace, run


def loss_after(trace: Trace) -> float:
    """The loss recomputed with the updated parameters, everything else unchanged."""
    given = {}
    for name, role in trace.program.given.items():
        given[name] = trace.last(name) if role == "parameter" else trace.value(name)
    return float(run(trace.code, given).value(trace.program.loss))
