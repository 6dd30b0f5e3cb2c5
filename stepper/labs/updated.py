"""What the update was good for: the loss of the same samples with the updated weights."""

from __future__ import annotations

from stepper.program.trace import Trace, run


def loss_after(trace: Trace) -> float:
    """The loss once more, with the parameters as the update left them, all else as it was."""
    given = {}
    for name, role in trace.program.given.items():
        given[name] = trace.last(name) if role == "parameter" else trace.value(name)
    return float(run(trace.code, given).value(trace.program.loss))
