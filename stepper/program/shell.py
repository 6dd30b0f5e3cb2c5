"""A command line that can be typed again: each word is quoted for the platform's shell."""

from __future__ import annotations

import re
import shlex
import sys
from collections.abc import Iterable

_PLAIN = re.compile(r"[\w./\\:=+-]+")
"""Words that need no quotes in any Windows shell."""


def command(words: Iterable[str]) -> str:
    """The words of a command on one line."""
    return " ".join(map(quoted, words))


def quoted(word: str) -> str:
    """One word, quoted if it needs to be."""
    return _QUOTED.get(sys.platform, shlex.quote)(word)


def _on_windows(word: str) -> str:
    """In double quotes, the only ones cmd.exe knows; `list2cmdline` adds them only around a word
    with a blank, hence the one in front."""
    from subprocess import list2cmdline  # slow to import, and needed on Windows only

    return word if _PLAIN.fullmatch(word) else '"' + list2cmdline([f" {word}"])[2:]


_QUOTED = {"win32": _on_windows}
