"""Templates of sentences in a learner's language: a folder a language, a file a package.

English is what the source says. A file of `stepper/words/zh-TW/` holds `"English" = "中文"`, and is
read only once that language is spoken.
"""

from __future__ import annotations

from pathlib import Path

from stepper.expr.languages import ENGLISH

FOLDER = Path(__file__).parents[1] / "words"

WORDS: dict[str, str] = {}
"""Templates in the language that is spoken, by the English one; nothing while it is English."""


def translate(template: str) -> str:
    """A template in the learner's language, or as it is where there is no translation."""
    return WORDS.get(template, template)


def speak(language: str) -> None:
    """From now on every sentence is said in this language."""
    WORDS.clear()
    if language != ENGLISH:
        for known in files(language).values():
            WORDS.update(known)


def files(language: str) -> dict[str, dict[str, str]]:
    """The translations into a language, by the name of their file."""
    import tomllib  # only another language than English has files to read

    folder = FOLDER / language
    return {path.name: tomllib.loads(path.read_text("utf-8")) for path in folder.glob("*.toml")}
