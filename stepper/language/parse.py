"""Parses text into a tree, a line or a program. Nothing that is read is ever executed."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any, NamedTuple

from stepper.expr.errors import FormulaError
from stepper.expr.tree import Expr, Name, Span
from stepper.language.helper import Helper
from stepper.language.layout import Layout
from stepper.language.reader import Reader
from stepper.language.tokens import MAX_LENGTH, check_length, tokenize

MAX_LINES = 1_000


class Assignment(NamedTuple):
    """One line of a program: `target = tree`, with its number in the text, from 1."""

    target: str
    tree: Expr
    line: int
    text: str


def parse(
    source: str,
    *,
    layout: Layout = "columns",
    functions: Mapping[str, str] | None = None,
    names: Collection[str] | None = None,
    aliases: Mapping[str, str] | None = None,
    helpers: Mapping[str, Helper] | None = None,
) -> Expr:
    """The tree of a formula.

    `functions` maps names to cards (`act` to `sigmoid`). With `names` given, every other name is
    refused except their `aliases`, each of which maps to the name it stands for. `helpers` are
    inlined where they are called. Raises FormulaError with the kind, the place and what to try.
    """
    try:
        return Reader(source, layout, functions or {}, names, aliases or {}, helpers or {}).tree()
    except FormulaError as error:
        error.source = source
        raise


def name_read(typed: str) -> str | None:
    """The name that was typed: `dJ_dW3` for `∂J/∂W₃`; None for what is no name."""
    try:
        tree = parse(typed)
    except FormulaError:
        return None
    return tree.id if isinstance(tree, Name) else None


def parse_line(source: str, **options: Any) -> tuple[str, Expr]:
    """`target = formula`. Raises FormulaError as `parse` does."""
    try:
        return _target_and_tree(source, options)
    except FormulaError as error:
        error.source = source
        raise


def _target_and_tree(source: str, options: Mapping[str, Any]) -> tuple[str, Expr]:
    check_length(source)
    place = equals_sign(source)
    if place is None:
        raise FormulaError("syntax", None, "a line is `name = formula`, and this has no `=`")
    target = tokenize(source[:place])
    if len(target) != 1 or target[0].kind != "name":
        start, end = place - len(source[:place].lstrip()), len(source[:place].rstrip())
        span = Span(start, max(end, start + 1))
        raise FormulaError("syntax", span, "a line gives one name a value: `z1 = …`")
    shifted = " " * (place + 1) + source[place + 1 :]  # so that spans refer to the whole line
    return target[0].text, parse(shifted, **options)


def parse_program(source: str, **options: Any) -> tuple[Assignment, ...]:
    """The lines of a program, without `#` comments and empty lines."""
    lines: list[Assignment] = []
    for number, text in logical_lines(source):
        if len(lines) >= MAX_LINES:
            raise FormulaError("limit", None, "a program may have {n} lines", n=MAX_LINES)
        if text:
            try:
                lines.append(Assignment(*parse_line(text, **options), number, text))
            except FormulaError as error:
                error.where = f"line {number}"
                raise
    return tuple(lines)


def comments(source: str) -> dict[int, str]:
    """The comments at line ends, by line number from 1."""
    parts = ((n, line.partition("#")[2].strip()) for n, line in enumerate(source.split("\n"), 1))
    return {n: said for n, said in parts if said}


def logical_lines(source: str) -> Iterator[tuple[int, str]]:
    """The lines without comments, numbered; a line with an open bracket continues on the next."""
    held, start = "", 1
    for number, text in enumerate(source.split("\n"), 1):
        start = start if held else number
        held += text.split("#", 1)[0].strip().removesuffix(";").strip() + " "
        opened, closed = (sum(map(held.count, pair)) for pair in ("([", ")]"))
        if len(held) > MAX_LENGTH or opened <= closed:
            yield start, held.strip()
            held = ""
    if held:
        yield start, held.strip()


def equals_sign(source: str) -> int | None:
    """The position of an assignment's `=`: outside brackets and not part of `==`."""
    depth = 0
    for i, ch in enumerate(source):
        depth += ch in "([（［"
        depth -= ch in ")]）］"
        if ch in "=＝" and depth == 0:
            around = source[i - 1 : i] + source[i + 1 : i + 2]
            if not set(around) & set("=<>!"):
                return i
            if source[i + 1 : i + 2] == "=":
                return None
    return None
