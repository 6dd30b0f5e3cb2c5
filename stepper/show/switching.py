"""Switches the language from one sentence to the next."""

from __future__ import annotations

import os

from stepper.course.progress import keep_language
from stepper.expr.languages import LANGUAGES
from stepper.expr.sentence import Sentence, say
from stepper.show.translation import is_only, speak, spoken

NAMES = {"en": "English", "zh-TW": "中文"}
"""The name of each language in itself."""


def following() -> str:
    """The language after the current one."""
    return LANGUAGES[(LANGUAGES.index(spoken()) + 1) % len(LANGUAGES)]


def switch() -> Sentence:
    """Switches to the following language and saves the choice; returns a message."""
    if is_only():
        return say("only ASCII is written here, and that is English")
    language = following()
    speak(language)
    trouble = keep_language(language)
    asked = os.environ.get("STEPPER_LANG")
    if trouble is None and asked and asked != language:
        return say("in {language} until you leave; next time STEPPER_LANG={asked} is asked first",
                   language=NAMES[language], asked=asked)  # fmt: skip
    changed = "in {language}, the next time too: Z changes it"
    return trouble or say(changed, language=NAMES[language])
