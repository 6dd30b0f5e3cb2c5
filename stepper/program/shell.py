"""A command as it is typed again: each word quoted as the shell of the platform reads it."""

from __future__ import annotations

import re
import shlex
import sys
from collections.abc import Iterable

_PLAIN = re.compile(r"[\w./\\:=+-]+")
"""What no shell of Windows reads otherwise."""


def command(words: Iterable[str]) -> str:
    """The words of a command on one line."""
    return " ".join(map(quoted, words))


def quoted(word: str) -> str:
    """One word, in quotation marks where it needs them."""
    return _QUOTED.get(sys.platform, shlex.quote)(word)


def _on_windows(word: str) -> str:
    """In double marks, the only ones that cmd.exe knows: of a word with a blank in front, so that
    they are put round it."""
    from subprocess import list2cmdline  # long to import, and for Windows only

    return word if _PLAIN.fullmatch(word) else '"' + list2cmdline([f" {word}"])[2:]


_QUOTED = {"win32": _on_windows}
