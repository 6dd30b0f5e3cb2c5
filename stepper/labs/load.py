"""Loads a lab file into a lab: every table is read, every name and every shape checked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from stepper.calculus.adjoint import gradient
from stepper.labs.lab import Lab
from stepper.labs.network import Network
from stepper.labs.overrides import changed, settable, with_data, with_settings
from stepper.labs.source import LabFile, plain, read
from stepper.labs.tables import Tables
from stepper.labs.training import TrainingTables

if TYPE_CHECKING:
    from stepper.labs.reported import Reported


def load(
    spec: str,
    *,
    sets: Mapping[str, str] | None = None,
    data: str | None = None,
    seed: int | None = None,
) -> Lab:
    """The lab with a name or a `.toml` path, with the settings of the command line.

    Raises StepperError or FormulaError, with file and line if known.
    """
    file = read(spec)
    tables = plain({k: v for k, v in file.tables.items() if k != "reported"})
    file = file._replace(tables={**tables, "reported": file.tables.get("reported", [])})
    if data is not None:
        file = with_data(file, data)
    if sets:
        file = with_settings(file, sets)
    if seed is not None:
        file = changed(file, "training", "seed", seed)
    return built(file)


def built(file: LabFile) -> Lab:
    """The lab that a file describes."""
    settable(file)
    tables, network, train = Tables(file), Network(file), TrainingTables(file)
    layout, seed = tables.layout(), tables.whole("training", "seed", 0)
    data = tables.data(layout, seed)
    sizes, constants = tables.sizes(), tables.constants()
    parameters, shapes = tables.parameters(sizes, constants, seed)
    training = train.training(seed, tables.whole("training", "epochs", 1000), parameters)
    shapes |= network.given_shapes(data, sizes, constants)
    taken = network.check_names(data, training)
    scalars = (*sizes, *constants)
    forward = network.forward(layout, shapes, tuple(parameters), scalars, data, taken)
    own = network.own_backward(layout, forward)
    lines = (*forward.lines, *network.gradients(forward, own, training))
    update, state = network.update(training, forward, parameters)
    program = network.program((*lines, *update), forward, layout, state, training)
    known = {**forward.shapes, **{gradient(forward.loss, n): s for n, s in forward.shapes.items()}}
    functions = network.functions()
    return Lab(
        name=file.name,
        title=file.title,
        about=file.about,
        layout=layout,
        forward=forward,
        program=program,
        own_backward=own,
        data=data,
        sample=tables.sample(data),
        parameters=parameters,
        state=state,
        sizes=sizes,
        constants=constants,
        training=training._replace(
            stop=train.condition(layout, functions, known),
            predict=train.predicted(forward),
        ),
        metrics=train.metrics(layout, functions, known),
        reported=_reported(file),
        functions=functions,
    )


def _reported(file: LabFile) -> tuple[Reported, ...]:
    if not file.tables.get("reported"):
        return ()
    from stepper.labs.reported import reported  # nothing was published about most labs

    return tuple(reported(file))
