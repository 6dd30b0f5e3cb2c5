"""Templates of sentences in a learner's language: a folder a language, a file a package.

English is what the source says. A file of `stepper/words/zh-TW/` holds `"English" = "中文"`, and is
read only once that language is spoken.
"""

from __future__ import annotations

import os

from stepper.expr.languages import ENGLISH

TYPE_CHECKING = False  # as typing has it, which takes longer to import than all of this
if TYPE_CHECKING:
    from stepper.expr.sentence import Sentence

FOLDER = os.path.join(os.path.dirname(os.path.dirname(__file__)), "words")

WORDS: dict[str, str] = {}
"""Templates in the language that is spoken, by the English one; nothing while it is English."""
_SPOKEN, _ONLY = [ENGLISH], [False]


def translate(template: str) -> str:
    """A template in the learner's language, or as it is where there is no translation."""
    return WORDS.get(template, template)


def text_of(written: str) -> str:
    """A text of several lines, such as what is said about a lab, in the learner's language."""
    key = " ".join(written.split())
    return WORDS.get(key, key)


def said(sentence: Sentence) -> str:
    """A sentence that holds no formula, in the learner's language; no numbers are imported."""
    return sentence.words(translate=translate)


def spoken() -> str:
    """The language that sentences are said in now."""
    return _SPOKEN[0]


def is_only() -> bool:
    """Whether it cannot be changed: nothing but ASCII may be written, which only English is."""
    return _ONLY[0]


def speak(language: str, *, only: bool = False) -> None:
    """From now on every sentence is said in this language; `only` where no other one can be."""
    _SPOKEN[0], _ONLY[0] = language, only
    WORDS.clear()
    if language != ENGLISH:
        for known in files(language).values():
            WORDS.update(known)


def files(language: str) -> dict[str, dict[str, str]]:
    """The translations into a language, by the name of their file."""
    import tomllib  # only another language than English has files to read

    folder, found = os.path.join(FOLDER, language), {}
    for name in sorted(os.listdir(folder)):
        with open(os.path.join(folder, name), "rb") as file:
            found[name] = tomllib.load(file)
    return found
