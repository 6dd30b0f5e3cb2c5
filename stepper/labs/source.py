"""A lab file as text and tables: read, merged with a variant, every key checked and locatable."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, NamedTuple

from stepper.expr.errors import FormulaError, StepperError, near
from stepper.labs.keys import MAX_DIGITS, check_keys, too_long, with_names_spelled
from stepper.labs.spec import parts
from stepper.language.tokens import spelled

HERE = Path(__file__).parent
MAX_BYTES = 4_000_000

Table = dict[str, Any]


class LabFile(NamedTuple):
    """The text of a lab file and its tables. `name` is how a learner refers to it."""

    name: str
    path: Path
    text: str
    tables: Table
    variant: str = ""
    """The variant that is read; empty for the lab itself."""

    @property
    def title(self) -> str:
        """The lab's title; the file's name if it has none."""
        return str(self.tables.get("title", self.name))

    @property
    def about(self) -> str:
        """The paragraph that describes the lab; empty if the author wrote none."""
        return str(self.tables.get("about", "")).strip()

    def table(self, name: str) -> Table:
        return dict(self.tables.get(name, {}))

    def where(self, table: str = "", key: str = "") -> str:
        """`file:line` of a key; without the line if the key cannot be found."""
        line = self._line(table, key)
        return f"{self.path.name}:{line}" if line else self.path.name

    def _line(self, table: str, key: str) -> int | None:
        """The line of a key: in the variant, if that sets the key itself."""
        text, key = spelled(self.text), spelled(key)
        variant = self.tables["variants"][self.variant] if self.variant else {}
        if key not in (variant.get(table, {}) if table else variant):
            return _line_of(text, table, key)
        above = f"variants.{self.variant}"
        inside = _line_of(text, f"{above}.{table or key}", key if table else "")
        return inside or _line_of(text, above, table or key)

    def where_text(self, table: str, key: str, text: str) -> str:
        """`file:line` of a line of a program."""
        start = self._line(table, key) or 1
        for n, line in enumerate(self.text.split("\n")[start - 1 :], start):
            if text in line:
                return f"{self.path.name}:{n}"
        return f"{self.path.name}:{start}"

    def where_row(self, table: str, n: int) -> str:
        """`file:line` of row `n`, from 0, of a table written as `[[table]]`."""
        heading = re.compile(rf"\s*\[\[\s*{re.escape(table)}\s*\]\]")
        found = [k for k, line in enumerate(self.text.split("\n"), 1) if heading.match(line)]
        return f"{self.path.name}:{found[n]}" if n < len(found) else self.where(table)

    @contextmanager
    def at(self, table: str, key: str) -> Iterator[None]:
        """Gives errors raised inside the place of this key, unless they have a place already."""
        try:
            yield
        except StepperError as error:
            error.where = error.where or self.where(table, key)
            raise

    @contextmanager
    def in_program(self, key: str) -> Iterator[None]:
        """Gives errors raised inside the place of their line in a program, or the program's."""
        with self.at("program", key):
            try:
                yield
            except FormulaError as error:
                error.where = self.where_text("program", key, error.source or key)
                raise

    def program(self, key: str) -> str | None:
        """The text of a program of the file; None if it has none."""
        value = self.table("program").get(key)
        if value is not None and not isinstance(value, str):
            raise self.refuse("program", key, "{key} is a text of lines", key=key)
        return value

    def refuse(self, table: str, key: str, template: str, /, **fields: Any) -> StepperError:
        return StepperError(template, where=self.where(table, key), **fields)


def lab_names() -> list[str]:
    """The labs that come with stepper."""
    return sorted(f.removesuffix(".toml") for f in os.listdir(HERE) if f.endswith(".toml"))


def read(spec: str) -> LabFile:
    """The lab file with a name (`xor`, `xor:linear`) or a path that ends in `.toml`.

    Raises StepperError: no such lab or variant, not TOML, an unknown key.
    """
    stem, variant = parts(spec)
    path = Path(stem) if stem.endswith(".toml") else HERE / f"{stem}.toml"
    if not stem.endswith(".toml") and stem not in lab_names():
        raise StepperError(
            "there is no lab `{name}`.{near} `stepper labs` lists them all",
            name=stem, near=near(stem, lab_names()),
        )  # fmt: skip
    file = _parsed(spec, path)
    check_keys(file)
    file = file._replace(tables=with_names_spelled(file, file.tables))
    return _with_variant(file, variant) if variant else file


def _parsed(name: str, path: Path) -> LabFile:
    try:
        with path.open("rb") as file:
            raw = file.read(MAX_BYTES + 1)  # no more: a device has no end
        if len(raw) > MAX_BYTES:
            raise StepperError("this is too large for a lab file", where=path.name)
        text = raw.decode("utf-8-sig")
        return LabFile(name, path, text, tomllib.loads(text, parse_float=Decimal))
    except OSError as error:
        raise StepperError(
            "cannot read the lab file {path}: {why}", path=str(path), why=error.strerror or "?"
        ) from None
    except UnicodeDecodeError:
        raise StepperError("this is no text file", where=path.name) from None
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        place = re.search(r"at line (\d+)", str(error))
        where = f"{path.name}:{place[1]}" if place else path.name
        raise StepperError(
            "this is not TOML: {why}", where=where, why=re.sub(r" \(at .*\)", "", str(error))
        ) from None
    except (ValueError, InvalidOperation):  # a number that Python itself does not parse
        raise too_long(_long_number(text, path)) from None


def _long_number(text: str, path: Path) -> str:
    """`file:line` of the first number that is too long."""
    long = re.search(rf"\d{{4300,}}|[eE][-+]?\d{{{MAX_DIGITS},}}", text.replace("_", "0"))
    return f"{path.name}:{text.count(chr(10), 0, long.start()) + 1}" if long else path.name


def _with_variant(file: LabFile, variant: str) -> LabFile:
    variants = file.tables.get("variants", {})
    if variant not in variants:
        raise StepperError(
            "the lab has no variant `{name}`.{near}",
            where=file.path.name, name=variant, near=near(variant, variants),
        )  # fmt: skip
    return file._replace(tables=_merged(file.tables, variants[variant]), variant=variant)


def _merged(tables: Table, more: Table) -> Table:
    """Merges the tables of a file with those of a variant, key by key."""
    result = dict(tables)
    for key, value in more.items():
        both = isinstance(value, dict) and isinstance(result.get(key), dict)
        result[key] = {**result[key], **value} if both else value
    return result


def plain(value: Any) -> Any:
    """A value of the file with its decimals as floats."""
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, list):
        return [plain(v) for v in value]
    return {k: plain(v) for k, v in value.items()} if isinstance(value, dict) else value


def _line_of(text: str, table: str, key: str) -> int | None:
    """The line of a key in its table, or else of the table; None if neither is found."""
    heading = None
    for n, (current, line) in enumerate(_lines(text), 1):
        if current == table and table and heading is None:
            heading = n
        if key and current == table and re.match(rf"\s*[\"']?{re.escape(key)}[\"']?\s*[=.]", line):
            return n
        if key and not table and re.match(rf"\s*\[+\s*{re.escape(key)}\b", line):
            return n
    return heading


def _lines(text: str) -> Iterator[tuple[str, str]]:
    """The lines of the file, each with the name of the table it is in."""
    current = ""
    for line in text.split("\n"):
        if found := re.match(r"\s*\[+\s*([^\]]+?)\s*\]", line):
            current = found[1]
        yield current, line
