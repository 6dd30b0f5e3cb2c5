"""The languages that stepper speaks, and which one a learner wants."""

from __future__ import annotations

import os
from collections.abc import Mapping

ENGLISH = "en"
LANGUAGES = (ENGLISH, "zh-TW")
_TRADITIONAL = ("tw", "hk", "mo", "hant")


def asked(word: str) -> str:
    """The language of a word that a learner typed, `zh-TW` or `zh_tw`. Raises StepperError."""
    found = _of_locale(word)
    if found is None:
        from stepper.expr.errors import StepperError  # a help asks for nothing that is not there

        raise StepperError(
            "there is no language `{word}`: {all}", word=word, all=", ".join(LANGUAGES)
        )
    return found


def chosen(saved: str | None = None, environment: Mapping[str, str] = os.environ) -> str:
    """The language of `STEPPER_LANG`, else the one that was saved, else that of the locale.

    Traditional Chinese for Taiwan, Hong Kong and Macao; English for all that is not there.
    """
    for word in (environment.get("STEPPER_LANG"), saved):
        if word and (found := _of_locale(word)):
            return found
    names = (environment.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    return _of_locale(next(filter(None, names), "")) or ENGLISH


def _of_locale(word: str) -> str | None:
    """`zh_TW.UTF-8` by its language and its region or script; None for any other language."""
    language, *region = word.lower().partition(".")[0].replace("_", "-").split("-")
    if language == "zh" and region and region[0] in _TRADITIONAL:
        return "zh-TW"
    return ENGLISH if language == "en" else None
