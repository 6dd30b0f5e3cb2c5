"""What a learner types for a lab, taken apart: `xor`, `xor:linear`, `my.toml`, `my.toml:small`."""

from __future__ import annotations

import os
import re

_FILE = re.compile(r"(.*\.toml)(?::(.*))?", re.DOTALL)


def parts(spec: str) -> tuple[str, str]:
    """The lab's name or its file, and the variant; an empty one is none."""
    if file := _FILE.fullmatch(spec):
        return file[1], file[2] or ""
    name, _, variant = spec.partition(":")
    return name, variant


def identity(spec: str) -> str:
    """What two spellings of one lab have in common: its name, or where its file is in truth."""
    stem, variant = parts(spec)
    if not stem.endswith(".toml"):
        return spec
    where = os.path.realpath(stem)
    return f"{where}:{variant}" if variant else where
