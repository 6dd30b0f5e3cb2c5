"""What a lesson shows, as rows for a terminal."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from stepper.check.judged import JudgedLine
from stepper.course.showing import Choices, Listing, Passage, Role, Shown, Walk
from stepper.expr.sentence import Sentence
from stepper.language.text import Style
from stepper.show.checked import line_rows
from stepper.show.excerpt import excerpt
from stepper.show.rows import Ink, Look, Row, paragraph, row
from stepper.show.transcript import transcript
from stepper.show.walk import given_rows
from stepper.show.words import words

_INKS: Mapping[Role, Ink] = {
    "title": "title", "text": "text", "hint": "mark", "right": "result", "wrong": "warn",
    "note": "dim", "ask": "mark",
}  # fmt: skip
_SIGNS: Mapping[Role, tuple[str, str]] = {"right": ("✓ ", "ok "), "wrong": ("✗ ", "x ")}
"""The signs of a verdict, which tell it without colour."""
_STOPS = "，。、；：？！（）「」"
NARROW = 40
"""In fewer columns than this nothing is indented far."""
_BULLET = re.compile(r"- +")


def rows(shown: Shown, look: Look) -> Iterator[Row]:
    """One shown thing, followed by a blank row."""
    match shown:
        case Passage():
            yield from _passage(shown, look)
        case Choices():
            for number, label in enumerate(shown.labels, 1):
                yield from paragraph(f"{number}. {_said(label, look)}", look, hang=3)
        case Walk():
            yield from _walk(shown, look)
        case Listing():
            yield from _listing(shown, look)
        case JudgedLine():
            yield from line_rows(shown, look)
    yield row("")


def _passage(shown: Passage, look: Look) -> Iterator[Row]:
    """Paragraphs and lists, filled to the width; indented lines stay as they are."""
    ink = _INKS[shown.role]
    sign = look.sign(*_SIGNS.get(shown.role, ("", "")))
    for n, block in enumerate(re.split(r"\n\s*\n", _said(shown.sentence, look))):
        if n:
            yield row("")
        for text in _lines(block):
            if text.startswith("    "):
                yield from paragraph(
                    text.strip(), look, indent=_indent(text, look), ink=ink, hang=4
                )
                continue
            bullet = _BULLET.match(text)
            hang = len(bullet[0]) if bullet else 0
            yield from paragraph(sign + text, look, indent=0, ink=ink, hang=hang)
        sign = ""


def _indent(text: str, look: Look) -> int:
    """The indentation of a line of its own: as written, a little less in a narrow column.

    So the columns of a matrix stay aligned.
    """
    written = len(text) - len(text.lstrip())
    return written if look.width >= NARROW else written - 2


def _lines(block: str) -> Iterator[str]:
    """The lines of a paragraph joined into one; list items and indented lines stay separate."""
    open_line = ""
    for line in block.split("\n"):
        stands_alone = line.startswith("    ")
        if open_line and (stands_alone or _BULLET.match(line)):
            yield open_line
            open_line = ""
        if stands_alone:
            yield line
        else:
            open_line = _joined(open_line, line.strip())
    if open_line:
        yield open_line


def _joined(before: str, after: str) -> str:
    """Joins two lines, without a space between full-width signs or beside a full-width stop."""
    if not before or not after:
        return before + after
    is_wide = ord(before[-1]) > 0x2E7F and ord(after[0]) > 0x2E7F
    is_spaced = before[-1] in _STOPS or after[0] in _STOPS
    return f"{before}{'' if is_wide or is_spaced else ' '}{after}"


def _walk(shown: Walk, look: Look) -> Iterator[Row]:
    trace = shown.stage.trace
    if shown.start is None:
        yield from given_rows(trace, look)
        yield row("")
    found = list(transcript(trace, excerpt(trace, shown.start, shown.until), "line", look, None))
    yield from found[:-1]


def _listing(shown: Listing, look: Look) -> Iterator[Row]:
    for number, line in shown.stage.lab.program.numbered():
        if line.phase != "update":
            said = f"{number:>3}  {line.text(_written(look))}"
            yield from paragraph(said, look, indent=0, hang=7)


def _said(sentence: Sentence, look: Look) -> str:
    return re.sub(r"`([^`]*)`", r"\1", words(sentence, _written(look), ascii=look.ascii))


def _written(look: Look) -> Style:
    """The style of formulas as the prose writes them: ∂L/∂z, else as typed."""
    return Style(partial=not look.ascii, layout=look.layout)
