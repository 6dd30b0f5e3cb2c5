"""The spec a learner types for a lab: `xor`, `xor:linear`, `my.toml`, `my.toml:small`."""

from __future__ import annotations

import os
import re

_FILE = re.compile(r"(.*\.toml)(?::(.*))?", re.DOTALL)


def parts(spec: str) -> tuple[str, str]:
    """Splits a spec into the lab's name or file, and its variant (empty for none)."""
    if file := _FILE.fullmatch(spec):
        return file[1], file[2] or ""
    name, _, variant = spec.partition(":")
    return name, variant


def identity(spec: str) -> str:
    """A canonical form shared by all spellings of a lab: its name, or its file's resolved path."""
    stem, variant = parts(spec)
    if not stem.endswith(".toml"):
        return spec
    where = os.path.realpath(stem)
    return f"{where}:{variant}" if variant else where
