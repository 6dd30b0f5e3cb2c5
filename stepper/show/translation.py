"""Translates sentence templates: a folder per language, a file per package.

English is the source text. A file in `stepper/words/zh-TW/` holds `"English" = "中文"`, and is read
only once that language is spoken.
"""

from __future__ import annotations

import os

from stepper.expr.languages import ENGLISH

TYPE_CHECKING = False  # as typing has it, which takes longer to import than all of this
if TYPE_CHECKING:
    from stepper.expr.sentence import Sentence

FOLDER = os.path.join(os.path.dirname(os.path.dirname(__file__)), "words")

WORDS: dict[str, str] = {}
"""The templates in the current language, by the English one; empty for English."""
_SPOKEN, _ONLY = [ENGLISH], [False]


def translate(template: str) -> str:
    """A template in the current language; unchanged if it has no translation."""
    return WORDS.get(template, template)


def text_of(written: str) -> str:
    """A text of several lines, such as a lab's description, in the current language."""
    key = " ".join(written.split())
    return WORDS.get(key, key)


def said(sentence: Sentence) -> str:
    """A sentence without formulas, in the current language; needs no numerics."""
    return sentence.words(translate=translate)


def spoken() -> str:
    """The current language."""
    return _SPOKEN[0]


def is_only() -> bool:
    """Whether the language is fixed: only ASCII can be written, and only English is ASCII."""
    return _ONLY[0]


def speak(language: str, *, only: bool = False) -> None:
    """Sets the language of all sentences from now on; `only` if no other is possible."""
    _SPOKEN[0], _ONLY[0] = language, only
    WORDS.clear()
    if language != ENGLISH:
        for known in files(language).values():
            WORDS.update(known)


def files(language: str) -> dict[str, dict[str, str]]:
    """The translations into a language, by file name."""
    import tomllib  # only languages other than English have files to read

    folder, found = os.path.join(FOLDER, language), {}
    for name in sorted(os.listdir(folder)):
        with open(os.path.join(folder, name), "rb") as file:
            found[name] = tomllib.load(file)
    return found
