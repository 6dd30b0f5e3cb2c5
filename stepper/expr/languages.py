"""The languages stepper speaks, and which one to use."""

from __future__ import annotations

import os
from collections.abc import Mapping

ENGLISH = "en"
LANGUAGES = (ENGLISH, "zh-TW")
_TRADITIONAL = ("tw", "hk", "mo", "hant")


def asked(word: str) -> str:
    """The language asked for, as `zh-TW` or `zh_tw`. Raises StepperError for an unknown one."""
    found = _of_locale(word)
    if found is None:
        from stepper.expr.errors import StepperError  # so that `--help` imports only what it needs

        raise StepperError(
            "there is no language `{word}`: {all}", word=word, all=", ".join(LANGUAGES)
        )
    return found


def chosen(saved: str | None = None, environment: Mapping[str, str] = os.environ) -> str:
    """The language of `STEPPER_LANG`, else the saved one, else that of the locale.

    Traditional Chinese for Taiwan, Hong Kong and Macao; English where there is no translation.
    """
    for word in (environment.get("STEPPER_LANG"), saved):
        if word and (found := _of_locale(word)):
            return found
    names = (environment.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    return _of_locale(next(filter(None, names), "")) or ENGLISH


def _of_locale(word: str) -> str | None:
    """The language of a locale such as `zh_TW.UTF-8`, by language and region or script; or None."""
    language, *region = word.lower().partition(".")[0].replace("_", "-").split("-")
    if language == "zh" and region and region[0] in _TRADITIONAL:
        return "zh-TW"
    return ENGLISH if language == "en" else None
