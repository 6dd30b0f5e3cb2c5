"""A derivation on paper: a formula a line, its rule beside or below it, the proof's verdict."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import NamedTuple

from stepper.calculus.derivation import Derivation, Rewrite
from stepper.calculus.prove import Check
from stepper.expr.sentence import Sentence, say
from stepper.expr.tree import Expr, Name
from stepper.language.text import MATH, Style
from stepper.language.width import columns
from stepper.show.box import Box, joined, word
from stepper.show.breaking import broken
from stepper.show.cells import wrapped
from stepper.show.numbers import single
from stepper.show.rows import Ink, Look, Row, Run, paragraph, row
from stepper.show.textbook import Textbook
from stepper.show.translation import spoken, translate
from stepper.show.words import words

INDENT = 2
NARROWEST = 30
"""The fewest columns a derivation must keep for it to be indented further."""
_MARKS: Mapping[str, tuple[str, str, Ink]] = {
    "proved": ("✓", "ok", "result"),
    "tried": ("≈", "~=", "mark"),
    "wrong": ("✗", "WRONG", "warn"),
    "unknown": ("?", "?", "dim"),
}


@dataclass(frozen=True, slots=True)
class Stands:
    """The columns of rules and marks, so that each are aligned."""

    rule: int
    mark: int

    def beside(self, taken: int, rule: str, sign: Run | None) -> Row | None:
        """What stands to the right of `taken` cells; None if the rule does not fit there."""
        begin = min(max(self.rule, taken + 2), self.mark - 1 - columns(rule))
        return self.after(taken, begin - taken, rule, sign) if begin >= taken + 2 else None

    def after(self, taken: int, gap: int, rule: str, sign: Run | None) -> Row:
        """The rule after a gap, followed by the mark in its column."""
        written: Row = ((" " * gap, "text"), (rule, "dim"))
        rest = self.mark - taken - gap - columns(rule)
        return (*written, (" " * rest, "text"), sign) if sign else written


class Drawn(NamedTuple):
    """A formula of a derivation as boxes that all fit, and the rule that produced it."""

    boxes: Sequence[Box]
    rule: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Page:
    """The layout of a derivation, and what is known of its lines so far."""

    look: Look
    tall: bool = False
    """Whether fractions and exponents take rows of their own."""
    full: bool = False
    """Whether the finer lines are shown under a line."""
    proofs: Mapping[Derivation, Sequence[Check]] = field(default_factory=dict)
    style: Style = MATH
    """How entries are written: if the sizes are known, an entry of a vector has one index."""
    stands: Stands | None = None
    """The columns shared by everything on the page; None to align each derivation by itself."""

    def narrower(self) -> Page:
        return replace(self, look=self.look.narrower(2 * INDENT), stands=None)

    def formula(self, tree: Expr, before: str = "") -> list[Box]:
        """The formula as boxes that all fit, the first after a sign."""
        return fitted(tree, self.look, self.tall, before, self.style)

    def drawn(self, d: Derivation) -> Sequence[Drawn]:
        """The formulas of a derivation with their rules, the question first."""
        return _drawn(d, self.look.width, self.look.ascii, self.tall, self.style, spoken())

    def words(self, sentence: Sentence) -> str:
        said = sentence.words(self._shown, translate)
        return self.look.spelled(said)

    def _shown(self, field: object) -> str:
        if not isinstance(field, Expr):
            return str(field)
        return Textbook(False, self.look.ascii, self.style).line(field)


@lru_cache(maxsize=64)
def _drawn(
    d: Derivation, width: int, ascii: bool, tall: bool, style: Style, language: str
) -> Sequence[Drawn]:
    """Draws a derivation once: numbers of a net and proofs do not change it."""
    page = Page(Look(width, ascii), tall, style=style)
    lines = (Drawn(page.formula(line.tree, "= "), page.words(line.rule)) for line in d.lines)
    return (Drawn(page.formula(d.start)), *lines)


def derivation_rows(d: Derivation, page: Page) -> Iterator[Row]:
    """The whole derivation, followed by its notes."""
    yield from lines_of(d, page)
    for note in notes_of(d):
        yield from paragraph(page.words(note), page.look, indent=INDENT, ink="dim")


def lines_of(d: Derivation, page: Page) -> Iterator[Row]:
    """The formulas, with marks if they have been checked."""
    question, *lines = page.drawn(d)
    yield from _formula_rows(question.boxes, "title")
    checks = page.proofs.get(d, ())
    stands = page.stands or stands_of([d], page)
    for n, (line, drawn) in enumerate(zip(d.lines, lines, strict=True)):
        check = checks[n] if n < len(checks) else None
        yield from _line_rows(line, drawn, check, stands, page)


def stands_of(
    derivations: Sequence[Derivation], page: Page, more: Sequence[tuple[int, int]] = ()
) -> Stands:
    """Where the rules of some derivations start: to the right of as many formulas as possible.

    `more` are the cells of other formulas on the page, and of the text beside each.
    """
    lines = [line for d in derivations for line in page.drawn(d)[1:]]
    formulas = [INDENT + line.boxes[-1].width for line in lines]
    widest = max((*(columns(line.rule) for line in lines), *(said for _, said in more)), default=0)
    marks = page.look.width - len(page.look.sign("✓", "WRONG"))
    ends = [end + 2 for end in (*formulas, *(formula for formula, _ in more))]
    begin = max((end for end in ends if end + widest < marks), default=INDENT + 4)
    return Stands(begin, min(begin + widest + 1, marks))


def _line_rows(
    line: Rewrite, drawn: Drawn, check: Check | None, stands: Stands, page: Page
) -> Iterator[Row]:
    """`= formula rule ✓`; the rule goes below a formula that leaves no room for it."""
    boxes, rule = drawn
    rows = list(_formula_rows(boxes, "text", INDENT))
    at = len(rows) - boxes[-1].height + boxes[-1].middle
    taken = sum(len(t) for t, _ in rows[at])
    sign = mark(check, page.look)
    beside = stands.beside(taken, rule, sign)
    if beside is not None:
        rows[at] = (*rows[at], *beside)
    yield from rows
    if beside is None:
        yield from _under(rule, sign, stands)
    if check is not None and check.verdict == "wrong":
        yield from paragraph(page.words(where_wrong(check)), page.look, indent=6, ink="warn")
    if page.full:
        for finer in line.finer:
            yield from _finer_rows(finer, page)


def _finer_rows(d: Derivation, page: Page) -> Iterator[Row]:
    """A derivation under a line, indented as long as its formulas have room."""
    if page.look.width - 2 * INDENT < NARROWEST:
        yield from derivation_rows(d, page)
    else:
        yield from _indented(derivation_rows(d, page.narrower()))


def _under(rule: str, sign: Run | None, stands: Stands) -> Iterator[Row]:
    """The rule on rows of its own, the mark in its column on the last of them."""
    indent = 3 * INDENT
    *before, last = wrapped(rule, max(stands.mark - 1 - indent, 20))
    yield from (row(" " * indent + text, "dim") for text in before)
    yield stands.after(0, indent, last, sign)


def _indented(rows: Iterator[Row]) -> Iterator[Row]:
    margin: Row = ((" " * (2 * INDENT), "text"),)
    return ((*margin, *r) for r in rows)


def _formula_rows(boxes: Sequence[Box], ink: Ink, indent: int = 0) -> Iterator[Row]:
    return (row(" " * indent + text, ink) for box in boxes for text in box.rows)


def mark(check: Check | None, look: Look) -> Run | None:
    """The sign of a check; None if nothing has been checked yet."""
    if check is None:
        return None
    unicode, ascii, ink = _MARKS[check.verdict]
    return look.sign(unicode, ascii), ink


def notes_of(d: Derivation) -> Iterator[Sentence]:
    """The notes under a derivation: the meaning of short names, and assumptions."""
    for short, whole in d.where.items():
        if "[" in short:
            yield say("{short} is {whole}", short=Name(short), whole=whole)
    if d.assumed:
        yield say("This holds because the targets of a sample add up to 1.")
    yield from d.notes


def claim_rows(
    left: Expr, right: Expr, check: Check, look: Look, notes: tuple[Sentence, ...] = ()
) -> Iterator[Row]:
    """The two formulas of a claim, whether they are equal, and where not; with notes about the
    first."""
    claimed = Derivation(left, (Rewrite(right, say("your line")),), notes=notes)
    yield from derivation_rows(claimed, Page(look, proofs={claimed: (check,)}))
    yield from legend([check], look)


def where_wrong(check: Check) -> Sentence:
    """A point at which two formulas differ, and the value of each there."""
    if check.left is None or check.right is None:
        return say("the two differ")
    point = ", ".join(f"{_point_name(n)} = {single(v)}" for n, v in check.at.items())
    return say(
        "not equal: at {point} the first is {left} and the second {right}",
        point=point, left=single(check.left), right=single(check.right),
    )  # fmt: skip


def _point_name(leaf: Expr) -> str:
    return Textbook(ascii=True).line(leaf)


def legend(checks: Sequence[Check], look: Look) -> Iterator[Row]:
    """What the marks mean, except ✓."""
    seen = {c.verdict for c in checks}
    if "tried" in seen:
        most = min(c.points for c in checks if c.verdict == "tried")
        sign = _MARKS["tried"][1 if look.ascii else 0]
        said = say(
            "{sign}: equal at every point tried ({n} points, 25 digits), but not proved",
            sign=sign, n=str(most),
        )  # fmt: skip
        yield from paragraph(words(said, ascii=look.ascii), look, indent=0, ink="dim")
    if "unknown" in seen:
        said = say("?: could be neither proved nor tried")
        yield from paragraph(words(said, ascii=look.ascii), look, indent=0, ink="dim")


def fitted(tree: Expr, look: Look, tall: bool, before: str = "", style: Style = MATH) -> list[Box]:
    """The formula on one line, else in 2-D, else broken before an operator: never mid-formula."""
    most = max(look.width - INDENT, 20)
    for high in (tall, not tall):
        box = joined(before, Textbook(high, look.ascii, style)(tree))
        if box.width <= most:
            return [box]
    flat = joined(before, Textbook(False, look.ascii, style)(tree))
    return [word(part) for part in broken(flat.rows[0], most)]
