"""Sentences shown to a learner: an English template and the values of its fields."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from stepper.expr.short import short

KEYS: dict[str, str] = {}
"""The keys now bound to the debugger's commands, by the name of the field in a template."""


@dataclass(frozen=True, slots=True, eq=False)
class Sentence:
    """A template such as `"{left} and {right} differ"` with its fields; the template is the
    translation key.

    Fields hold their values in full; over-long names are cut only when the sentence is written out.
    """

    template: str
    fields: Mapping[str, Any] = field(default_factory=dict)

    def words(self, show: Callable[[Any], str] = str, translate: Callable[[str], str] = str) -> str:
        """The sentence written out; `show` formats each field that is not text already."""

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
