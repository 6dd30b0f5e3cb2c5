"""The results of judging, as rows for a terminal and as plain data."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from stepper.check.judged import Judged, JudgedLine
from stepper.expr.sentence import Sentence, say
from stepper.expr.short import moved, short
from stepper.expr.tree import Span
from stepper.language.text import CODE, Style
from stepper.language.width import columns
from stepper.show.rows import Ink, Look, Row, paragraph, row
from stepper.show.words import words

MARKS: dict[str, tuple[str, str, Ink]] = {
    "right": ("✓", "ok", "result"),
    "wrong": ("✗", "x", "warn"),
    "unknown": ("·", "-", "dim"),
    "invalid": ("?", "?", "mark"),
}
"""A verdict's sign in Unicode and in ASCII, and its ink: the sign suffices without colour."""
INDENT = 3


def rows(judged: Judged, look: Look) -> Iterator[Row]:
    """Every line with its verdict; under a wrong one how it was parsed, what is wrong and why."""
    for line in judged.lines:
        yield from line_rows(line, look)
    if len(judged.lines) > 1:
        yield ()
        yield row(_said(_summary(judged), look))


def line_rows(line: JudgedLine, look: Look) -> Iterator[Row]:
    """One line and what is said about it; the wrong part is underlined if it fits on one row."""
    line = _short(line)
    unicode, ascii, ink = MARKS[line.verdict]
    mark = look.sign(unicode, ascii).ljust(INDENT)
    for start, end in _pieces(line.text, max(look.width - INDENT, 20)):
        yield ((mark, ink), (safe(line.text[start:end]), "text"))
        if (under := _underline(line, start, end)) is not None:
            yield row(" " * INDENT + under, "warn")
        mark = " " * INDENT
    if line.verdict == "wrong" and line.reading:
        yield from paragraph(_said(say("read as {it}", it=line.reading), look), look, INDENT, "dim")
    yield from paragraph(_said(message(line), look), look, INDENT)
    for note in line.notes:
        yield from paragraph(_said(note, look), look, INDENT, "dim")


def _short(line: JudgedLine) -> JudgedLine:
    """The line with over-long names cut, and the underline at the same place."""
    span = line.span and Span(*(moved(line.text, place) for place in line.span))
    return replace(line, text=short(line.text), span=span)


def message(line: JudgedLine) -> Sentence:
    """The message about a line, with its reason."""
    if line.why is None:
        return line.message
    return say("{what}: {why}", what=line.message, why=line.why)


def _summary(judged: Judged) -> Sentence:
    count = {v: sum(line.verdict == v for line in judged.lines) for v in MARKS}
    first = judged.first_wrong
    if first is not None:
        n = next(i for i, line in enumerate(judged.lines, 1) if line is first)
        return say("wrong: {wrong} of {all} lines; begin with line {n}, {text}",
                   wrong=str(count["wrong"]), all=str(len(judged.lines)), n=str(n),
                   text=first.text)  # fmt: skip
    if count["invalid"]:
        return say("{n} of {all} lines could not be judged",
                   n=str(count["invalid"]), all=str(len(judged.lines)))  # fmt: skip
    return say("no mistake found in {all} lines", all=str(len(judged.lines)))


def _said(sentence: Sentence, look: Look) -> str:
    return safe(words(sentence, Style(partial=not look.ascii, layout=look.layout)))


def _pieces(text: str, most: int) -> Iterator[tuple[int, int]]:
    """The start and end of the pieces of a text that are shown below each other."""
    start = taken = 0
    for at, ch in enumerate(text):
        if taken + columns(ch) > most:
            yield start, at
            start, taken = at, 0
        taken += columns(ch)
    yield start, len(text)


def _underline(line: JudgedLine, start: int, end: int) -> str | None:
    """`^^` under the wrong part of a piece of the line, as wide as a terminal draws it."""
    if line.span is None or "\n" in line.text:
        return None
    left, right = max(line.span[0], start), min(line.span[1], end)
    if left > right or (left == right and line.span[0] != line.span[1]):
        return None
    return " " * columns(line.text[start:left]) + "^" * max(1, columns(line.text[left:right]))


def safe(text: str) -> str:
    """The text without control characters, which a terminal would obey instead of showing."""
    text = text.replace("\t", " ")
    return "".join(ch if ch.isprintable() else "�" for ch in text)


def record(judged: Judged) -> dict[str, Any]:
    """The verdict on all lines and on each, as plain data."""
    return {"verdict": judged.verdict, "lines": [_line_record(line) for line in judged.lines]}


def _line_record(line: JudgedLine) -> dict[str, Any]:
    notes = "".join(f"; {words(note, CODE)}" for note in line.notes)
    return {
        "text": line.text,
        "target": line.target,
        "verdict": line.verdict,
        "recognised": line.recognised,
        "mistake": line.mistake,
        "also": list(line.also),
        "span": list(line.span) if line.span is not None else None,
        "message": words(message(line), CODE) + notes,
        "reading": line.reading,
    }
