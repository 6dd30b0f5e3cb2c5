"""Whether a lab's program fits a batch size: a hand-derived one may take one sample at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stepper.expr.errors import FormulaError, StepperError
from stepper.expr.sentence import Sentence, say
from stepper.language.shape import Shapes, shape_of
from stepper.ops.dims import SCALAR, Dim, Shape, shown
from stepper.program.program import Line

if TYPE_CHECKING:
    from stepper.labs.lab import Lab


def counted(shapes: Shapes, samples: int) -> dict[str, Shape]:
    """The shapes with N replaced by a number."""
    return {
        name: tuple(Dim(samples + d.extra) if d.size is None else d for d in shape)
        for name, shape in shapes.items()
    }


def check_batch(lab: Lab, samples: int) -> None:
    """Raises StepperError if a line of the author's own backward program does not fit a batch of
    this size: numpy would refuse it, or broadcast it silently."""
    own = [(n, line) for n, line in lab.program.numbered() if line in lab.own_backward]
    shapes = counted(lab.forward.shapes, samples) | {"lr": SCALAR} if own else {}
    for number, line in own:
        try:
            shapes[line.target] = shape_of(line.tree, shapes)
        except FormulaError as error:
            raise _misfit(number, line, samples, error.sentence) from None
        if line.of is not None and shapes[line.of] != shapes[line.target]:
            raise _misfit(
                number, line, samples,
                say(
                    "{name} is {theirs}, and {of} is {ours}",
                    name=line.target, of=line.of,
                    theirs=shown(shapes[line.target]), ours=shown(shapes[line.of]),
                ),
            )  # fmt: skip


def _misfit(number: int, line: Line, samples: int, why: Sentence) -> StepperError:
    return StepperError(
        "line {n}, {line}, does not fit {samples} samples at once: {why}. Take one at a time "
        "(--set batch=1, or one --sample), or sum over the samples",
        n=str(number), line=line.text(), samples=str(samples), why=why,
    )  # fmt: skip
