"""Caches what does not change while another entry of the same step is selected."""

from __future__ import annotations

from collections.abc import Callable
from typing import Concatenate, Generic, ParamSpec, TypeVar

from stepper.app.snapshot import Snapshot, same_step
from stepper.show.translation import spoken

With = ParamSpec("With")
Made = TypeVar("Made")


def _always(made: object, now: Snapshot) -> bool:
    return True


class Still(Generic[With, Made]):
    """Computes something from a frame, and anew only for a frame of another step or language.

    `holds` says whether what was made for another entry of the step is right for this one too.
    """

    def __init__(
        self,
        make: Callable[Concatenate[Snapshot, With], Made],
        holds: Callable[[Made, Snapshot], bool] = _always,
    ) -> None:
        self.make, self.holds = make, holds
        self._kept: tuple[Snapshot, object, Made] | None = None

    def of(self, now: Snapshot, *more: With.args, **named: With.kwargs) -> Made:
        key = spoken(), more, named
        if self._kept is not None:
            before, its_key, made = self._kept
            if its_key == key and same_step(before, now) and self.holds(made, now):
                self._kept = now, key, made
                return made
        made = self.make(now, *more, **named)
        self._kept = now, key, made
        return made
