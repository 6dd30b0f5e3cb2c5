"""Templates of sentences in a learner's language."""

from __future__ import annotations

WORDS: dict[str, str] = {}
"""Templates in another language, by the English one."""


def translate(template: str) -> str:
    """A template in the learner's language, or as it is where there is no translation."""
    return WORDS.get(template, template)
