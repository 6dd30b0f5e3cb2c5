"""What all cards of a lab file have: a name, a sentence, and settings with their defaults."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from stepper.expr.errors import StepperError, near
from stepper.expr.sentence import say

if TYPE_CHECKING:
    from numpy.typing import NDArray

Array: TypeAlias = "NDArray[np.float64]"


class Card:
    """Base of the cards for datasets, starts, optimizers and schedules."""

    def __init__(self, name: str, sentence: str, settings: Mapping[str, float]) -> None:
        self.name, self.sentence, self.settings = name, sentence, settings

    def filled(self, given: Mapping[str, float]) -> dict[str, float]:
        """The defaults, overridden by the given settings. Raises StepperError for unknown ones."""
        for key in given:
            if key not in self.settings:
                raise StepperError(
                    "`{card}` takes no `{key}`: it has {settings}.{near}",
                    card=self.name, key=key, settings=_listed(self.settings) or say("no settings"),
                    near=near(key, self.settings),
                )  # fmt: skip
        return {**self.settings, **given}

    def finite(self, made: Array) -> Array:
        """The values a card made, unchanged. Raises StepperError if one of them has overflowed."""
        if not np.isfinite(made).all():
            raise StepperError(
                "`{card}` makes numbers here that are too large to compute with: try smaller "
                "settings", card=self.name,
            )  # fmt: skip
        return made


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def among(name: str, cards: Mapping[str, Card]) -> dict[str, Any]:
    """The fields of a refusal of an unknown name: the nearest names, and all of them."""
    return {"name": name, "near": near(name, cards), "all": _listed(cards)}


def sentence_of(function: Callable[..., Any]) -> str:
    """The docstring of a card's function, on one line."""
    return " ".join((function.__doc__ or "").split())


def settings_of(function: Callable[..., Any]) -> dict[str, float]:
    """The keyword arguments of a card's function with their defaults: what a lab file may set."""
    return dict(getattr(function, "__kwdefaults__", None) or {})


def whole(card: str, key: str, value: float, least: int, most: int) -> int:
    """A setting that counts something. Raises StepperError if it is no whole number in range."""
    if not least <= value <= most or value != int(value):
        raise StepperError(
            "`{card}`: {key} = {value} is no whole number from {least} to {most}",
            card=card, key=key, value=value, least=least, most=most,
        )  # fmt: skip
    return int(value)
