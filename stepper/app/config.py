"""The learner's configuration file, `config.toml`: its `[keys]` table remaps commands."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from stepper.app.commands import COMMANDS, Commands
from stepper.app.keyboard import key_name
from stepper.app.keymap import ALL, KEYS, NAMED, NUMBERED, clashes, remapped
from stepper.expr.errors import StepperError, near

FIXED = ("count", "choose")
"""Commands that cannot be remapped: digits are always counts and choices."""


def config_path() -> Path:
    """The path of `config.toml`: in `STEPPER_CONFIG`, else the user's configuration directory."""
    if chosen := os.environ.get("STEPPER_CONFIG"):
        return Path(chosen) / "config.toml"
    from platformdirs import user_config_path  # not needed if the variable is set

    return Path(user_config_path("stepper", appauthor=False)) / "config.toml"


def configured(of: Commands = COMMANDS) -> Commands:
    """Commands with the learner's keys. Raises StepperError with file and line."""
    path = config_path()
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except (FileNotFoundError, NotADirectoryError):
        return of
    except (OSError, UnicodeDecodeError) as error:
        why = getattr(error, "strerror", None) or "this is no text file"
        raise StepperError("cannot read {path}: {why}", path=str(path), why=why) from None
    return Config(path, text).commands(of)


class Config:
    """The text of a configuration file."""

    def __init__(self, path: Path, text: str) -> None:
        self.path, self.text = path, text

    def commands(self, of: Commands) -> Commands:
        """Commands with the keys the file assigns. Raises StepperError."""
        keys = dict(self._wanted())
        chosen = tuple(c for c in remapped(keys, ALL) if c.id not in FIXED)
        for key, one, other in clashes(chosen):
            wanted, has = (one, other) if one.id in keys else (other, one)
            raise self._refuse(
                wanted.id, "`{key}` is a key of `{other}` too: choose another one for `{id}`, "
                "or give `{other}` one of its own", key=key_name(key), other=has.id, id=wanted.id,
            )  # fmt: skip
        return remapped(keys, of)

    def _wanted(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        ids = [c.id for c in ALL if c.id not in FIXED]
        for id, value in self._table().items():
            if id not in ids:
                raise self._refuse(
                    id, "there is no command `{id}`.{near} `{key_palette}` lists them; "
                        "write - for a space",
                    id=id, near=near(id, ids),
                )  # fmt: skip
            listed = value if isinstance(value, list) else [value]
            if not listed:
                raise self._refuse(id, '`{id}` needs a key: {id} = "j"', id=id)
            yield id, tuple(self._key(id, name) for name in listed)

    def _table(self) -> dict[str, Any]:
        try:
            tables = tomllib.loads(self.text)
        except (tomllib.TOMLDecodeError, RecursionError) as error:
            place = re.search(r"at line (\d+)", str(error))
            where = f"{self.path}:{place[1]}" if place else str(self.path)
            why = re.sub(r" \(at .*\)", "", str(error))
            raise StepperError("this is not TOML: {why}", where=where, why=why) from None
        for name, table in tables.items():
            if name != "keys" or not isinstance(table, dict):
                raise self._refuse(name, "`{name}` is not known here: [keys] is", name=name)
        return dict(tables.get("keys", {}))

    def _key(self, id: str, name: object) -> str:
        """Textual's key for a name: `j`, `]`, `pgdn`, `space`. Raises StepperError."""
        key = KEYS.get(name, name) if isinstance(name, str) else None
        if key in (*NAMED, *NUMBERED, *KEYS.values()) or _is_letter(key):
            return str(key)
        if isinstance(key, str) and key.isdecimal() and len(key) == 1:
            raise self._refuse(
                id, "`{name}` is a digit: digits are counts, as in 10{key_next}", name=key
            )
        raise self._refuse(
            id, "`{name}` is no key that can be chosen: a letter, a sign such as ], f1 to f12, or "
                "{named}",
            name=str(name), named=", ".join(NAMED),
        )  # fmt: skip

    def _refuse(self, id: str, template: str, /, **fields: Any) -> StepperError:
        key = re.compile(rf"\s*\[?\s*(keys\s*\.\s*)?[\"']?{re.escape(id)}[\"']?\s*[]=.]")
        lines = (n for n, line in enumerate(self.text.split("\n"), 1) if key.match(line))
        where = ":".join(map(str, [self.path, *list(lines)[:1]]))
        return StepperError(template, where=where, **fields)


def _is_letter(key: str | None) -> bool:
    return key is not None and len(key) == 1 and key.isalpha()
