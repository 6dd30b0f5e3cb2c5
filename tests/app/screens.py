"""What the tests of the screen share: an app on a lab, its frame as text, the keys to press."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any

from rich.cells import cell_len
from textual import events
from textual.app import App
from textual.keys import _character_to_key
from textual.pilot import Pilot

from stepper.app.app import StepperApp
from stepper.app.commands import COMMANDS
from stepper.app.derivations import place_of
from stepper.app.keyboard import NAMES
from stepper.app.marks import marks_of
from stepper.app.moves.steps import next_step
from stepper.app.panels import PANELS, Panel
from stepper.app.screens.debugger import DebuggerScreen
from stepper.app.snapshot import Snapshot, opened
from stepper.app.widgets.derivation import DerivationPanel
from stepper.app.widgets.numbers import layout
from stepper.app.widgets.painted import Painted
from stepper.labs.lab import Lab
from stepper.labs.load import load
from stepper.ops.card import Value
from stepper.program.trace import Trace
from stepper.show.rows import Look, Row

PRODUCT = 27
"""After so many steps of xor `dJ_dW2 = dJ_dz2 @ a1.T` has been computed."""
WALKED = tuple(panel for panel in PANELS if panel != "lesson")
"""The panels that are there without a lesson."""
SIZES = ((60, 18), (80, 24), (120, 40))


@lru_cache
def lab(name: str = "xor") -> Lab:
    return load(name)


def app(name: str = "xor", *, ascii: bool = False, batch: bool = False) -> StepperApp:
    sample = None if batch else lab(name).check_sample(None)
    look = Look(ascii=ascii, layout=lab(name).layout)
    return StepperApp(DebuggerScreen(opened(lab(name), sample), look))


def now(app: StepperApp) -> Snapshot:
    assert app.debugger.now is not None
    return app.debugger.now


def frame(app: App[Any]) -> list[str]:
    """The rows of the terminal."""
    strips = app.screen._compositor.render_strips()
    return ["".join(segment.text for segment in strip) for strip in strips]


def widths(rows: list[str]) -> set[int]:
    return {cell_len(row) for row in rows}


def figure(now: Snapshot, width: int, height: int, look: Look) -> list[Row]:
    """The drawing of the numbers at this moment, with its marks."""
    return layout(now, width, height, look).inked(marks_of(now))


def show(app: StepperApp, snapshot: Snapshot) -> None:
    """Put a frame on the screen, as a key would."""
    app.debugger.now = snapshot


def derived(app: StepperApp, *, proved: bool = False) -> None:
    """Find out at once what the thread beside a screen would find out of the current line."""
    known, place = app.debugger.derivations, place_of(now(app))
    if place is not None:
        known.build(place)
        for _ in known.prove(place) if proved else ():
            pass
    app.debugger.query_one(DerivationPanel).redraw()


def everything(app: StepperApp) -> str:
    """The rows of all panels, one panel after the other."""
    return "\n".join("\n".join(panel_rows(app, p.id or "")) for p in app.debugger.query(Painted))


def panel_rows(app: StepperApp, panel: str) -> list[str]:
    """The rows of one panel."""
    painted = app.debugger.query_one(f"#{panel}", Painted)
    return ["".join(text for text, _ in row) for row in painted.rows]


def walk(app: StepperApp) -> Iterator[Snapshot]:
    """Every line after the first frame, each shown before it is given."""
    steps = len(now(app).trace.steps)
    while now(app).cursor.at < steps:
        show(app, next_step(now(app)))
        yield now(app)


def born(trace: Trace, at: int) -> list[Value]:
    """The values that are there after so many steps."""
    places = zip(trace.code.places, trace.values, strict=True)
    return [value for place, value in places if place.born <= at]


async def focus(pilot: Pilot[None], panel: Panel) -> None:
    """Give a panel the focus, with the key that a learner would press."""
    for key in ("tab", "tab", *"vvvvv", "tab", "tab"):
        if pilot.app.screen.focused is not None and pilot.app.screen.focused.id == panel:
            return
        await pilot.press(key)
    raise AssertionError(f"tab never reaches {panel}")


def keys_of(panel: Panel) -> list[str]:
    return [key for command in COMMANDS for key in command.keys_in(panel)]


async def burst(pilot: Pilot[None], keys: Iterable[str]) -> None:
    """Keys as the terminal sends them, one right behind the other, and all that follows."""
    for key in keys:
        pilot.app.post_message(pressed(key))
    await pilot.press()
    await pilot.pause()


def pressed(key: str) -> events.Key:
    """A key as it comes from the terminal, by its name or by what stands on it."""
    sign = " " if key == "space" else NAMES.get(key, key)
    name = _character_to_key(key) if len(key) == 1 else key
    return events.Key(name, sign if len(sign) == 1 else None)
