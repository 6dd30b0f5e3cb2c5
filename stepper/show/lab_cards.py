"""The cards a lab file can name: data sets, draws, optimizers and schedules."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from stepper.expr.sentence import Sentence, say
from stepper.labs.card import Card
from stepper.labs.datasets import DATASETS
from stepper.labs.optimizers import OPTIMIZERS
from stepper.labs.schedules import SCHEDULES
from stepper.labs.starts import STARTS
from stepper.show.cells import wrapped
from stepper.show.rows import Look, Row, paragraph, row
from stepper.show.translation import text_of
from stepper.show.words import words


@dataclass(frozen=True, slots=True, eq=False)
class Registry:
    """The cards of one kind, and how one is named in a lab file and on the command line."""

    key: str
    title: Sentence
    cards: Mapping[str, Card]
    table: str
    line: str
    typed: str

    @property
    def use(self) -> Sentence:
        said = "`{line}` in [{table}] of a lab file, or `{typed}`"
        return say(said, line=self.line, table=self.table, typed=self.typed)


REGISTRIES = (
    Registry("data", say("Data sets"), DATASETS, "data", 'set = "moons"', "--data moons"),
    Registry(
        "starts", say("Draws of starting values"), STARTS,
        "parameters", 'W1 = "he(h1, 2)"', '--set "W1=he(h1, 2)"',
    ),
    Registry(
        "optimizers", say("Optimizers"), OPTIMIZERS,
        "training", 'optimizer = "adam"', "--set optimizer=adam",
    ),
    Registry(
        "schedules", say("Schedules of the learning rate"), SCHEDULES,
        "training", 'schedule = "cosine(span=50)"', '--set "schedule=cosine(span=50)"',
    ),
)  # fmt: skip


def card_rows(look: Look) -> Iterator[Row]:
    """Each card's name, its settings with their defaults, and its sentence."""
    width = max(len(name) for registry in REGISTRIES for name in registry.cards) + 2
    for registry in REGISTRIES:
        yield row(words(registry.title), "title")
        yield from paragraph(words(registry.use), look, ink="dim")
        for card in registry.cards.values():
            yield from _rows(card, width, look)
        yield ()


def _rows(card: Card, width: int, look: Look) -> Iterator[Row]:
    room = max(look.width - width - 3, 20)
    settings = ", ".join(f"{key}={value:g}" for key, value in card.settings.items())
    parts = [part for part in (settings, text_of(card.sentence)) if part]
    for n, line in enumerate(line for part in parts for line in wrapped(part, room)):
        yield ((f"   {'' if n else card.name:{width}}", "mark"), (line, "text"))


def record() -> dict[str, Any]:
    """The cards as JSON data."""
    return {
        registry.key: [
            {"name": card.name, "settings": dict(card.settings), "about": card.sentence}
            for card in registry.cards.values()
        ]
        for registry in REGISTRIES
    }
