"""Sentences a learner reads: a template in English and the things it speaks of."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from stepper.expr.short import short

KEYS: dict[str, str] = {}
"""The names that the keys of the debugger have now, by the field a sentence names one with."""


@dataclass(frozen=True, slots=True, eq=False)
class Sentence:
    """`"{left} and {right} differ"` with its fields; the template is the key of a translation.

    Fields hold what they speak of in full; in words a name that is too long is cut.
    """

    template: str
    fields: Mapping[str, Any] = field(default_factory=dict)

    def words(self, show: Callable[[Any], str] = str, translate: Callable[[str], str] = str) -> str:
        """The sentence in words; `show` writes a field that is not text already."""

        def word(value: Any) -> str:
            if isinstance(value, Sentence):
                return value.words(show, translate)
            return short(value if isinstance(value, str) else show(value))

        fields = {name: word(value) for name, value in self.fields.items()}
        return translate(self.template).format_map({**KEYS, **fields})

    def __str__(self) -> str:
        return self.words()


def say(template: str, /, **fields: Any) -> Sentence:
    """A sentence from its template and fields."""
    return Sentence(template, fields)
