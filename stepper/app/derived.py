"""The rows of the derivation panel: a line's rules, the entry's formula, and its numbers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from math import prod

from stepper.app.derivations import Derivations, Place, provable
from stepper.app.fitting import cells, over, plain, wrap
from stepper.app.snapshot import Snapshot
from stepper.app.widgets.entry import notes
from stepper.app.widgets.numbers import inks, maths, screen
from stepper.app.worked import parts_of, written
from stepper.calculus.lines import Explained
from stepper.expr.sentence import Sentence, say
from stepper.expr.tree import Call, Expr, names, operands, walk
from stepper.language.width import columns
from stepper.ops import CARDS
from stepper.program.code import card_sentence
from stepper.show.breaking import broken
from stepper.show.derivation import Page, legend, mark, stands_of
from stepper.show.formula import digits_needed, numbered
from stepper.show.opened import all_rows, first_rows, line_count, short_rows
from stepper.show.rows import Ink, Look, Row, Run
from stepper.show.words import words


@dataclass(frozen=True, slots=True)
class Line:
    """A formula of the entry, and what is known about it."""

    formula: Row
    said: str = ""
    sign: Run | None = None


@dataclass(frozen=True, eq=False)
class Derived:
    """A line's derivation, and what is proved of it so far."""

    now: Snapshot
    place: Place
    explained: Explained
    known: Derivations
    look: Look
    proves: bool

    def derivation(self, form: str | int, room: int) -> tuple[list[Row], bool]:
        """The rows of the derivation, and whether every line is among them.

        `form` is "full" for every line, a number for so many, "short" for the answer, and
        "fitting" for every line if `room` rows are enough, else the answer.
        """
        found, page = self.explained.derivations, replace(self._page, full=form == "full")
        whole = list(all_rows(found, page))
        if form == "full" or (isinstance(form, int) and form >= line_count(found)):
            return whole, True
        if isinstance(form, int):
            return list(first_rows(found, form, page)), False
        if form == "fitting" and len(whole) <= room:
            return whole, True
        rows = list(short_rows(found, page))
        return rows, all(len(d.lines) < 2 for d in found)

    def rest(self) -> list[Row]:
        """The rows after the derivation: definitions, the entry's formula, notes and the legend."""
        entry = [row for line in self._lines for row in self._beside(line)]
        return [*self._definitions(), *entry, *self._notes(), *self._legend()]

    @cached_property
    def _page(self) -> Page:
        """The page, on which the rules and the remarks on the entry share one column."""
        proofs = self.known.proofs(self.explained)
        page = Page(self.look, proofs=proofs, style=maths(self.now, self.look))
        more = [(cells(line.formula), columns(line.said)) for line in self._lines if line.said]
        return replace(page, stands=stands_of(self.explained.derivations, page, more))

    def _definitions(self) -> Iterator[Row]:
        """For a line that is no gradient, the definition of each of its operations."""
        if self.place.line.of is not None:
            return
        for node in dict.fromkeys(node for _, node in walk(self.place.line.tree)):
            if isinstance(node, Call) and not CARDS[node.op].is_view:
                yield from wrap(self._words(self._definition(node)), self.look.width, 2)

    def _definition(self, node: Call) -> Sentence:
        card, sizes = CARDS[node.op], self.place.sizes
        if all(prod(sizes[name]) == 1 for name in names(node)):
            return card_sentence(card.of_one, operands(node), y=node)
        return card_sentence(card.sentence, operands(node), y=node)

    @cached_property
    def _lines(self) -> list[Line]:
        """`symbol = formula`, `= numbers`, `≈ value`: each with what is known about it."""
        parts, style = parts_of(self.now), maths(self.now, self.look)
        texts = written(self.now, self.look)
        head, last = (texts[:-1], texts[-1]) if len(texts) > 1 else (texts, "")
        put = list(numbered(parts, style, digits_needed(parts)))
        numbers = f"= {''.join(text for text, _ in put)}"
        own = head[:-1] if len(head) > 1 and head[-1] == numbers else head
        lines = [Line(((" ".join(own), "text"),), *self._chain())]
        if last and numbers in head[1:]:
            said = self._words(say("the numbers of this net"))
            lines.append(Line((("  = ", "text"), *self._coloured(put)), said))
        if parts.agrees:
            sign: Run = (self.look.sign("✓", "ok"), "result")
            said = self._words(say("agrees with the engine"))
            lines.append(Line(((f"  {last}", "result"),), said, sign))
        return lines

    def _chain(self) -> tuple[str, Run | None]:
        """What the entry's formula is checked against, and the mark of the check."""
        if not provable(self.place) or self.now.cursor.level not in ("phase", "line"):
            return "", None
        check = self.known.entry_proof(self.place)
        if check is None and self.proves:
            return self._words(say("proving…")), None
        return self._words(say("by the chain rule")), mark(check, self.look)

    def _notes(self) -> Iterator[Row]:
        for note in notes(self.now):
            yield from wrap(self._words(note), self.look.width, ink="warn")

    def _coloured(self, put: list[tuple[str, Expr | None]]) -> Row:
        """Each number in the ink of the matrix it was read from."""
        known = inks(self.now)
        return tuple((text, _ink(node, known)) for text, node in put)

    def _beside(self, line: Line) -> Iterator[Row]:
        """A formula with its remark, to its right if there is room, else below it."""
        stands = self._page.stands
        assert stands is not None
        beside = stands.beside(cells(line.formula), line.said, line.sign)
        if line.said and beside is not None:
            yield (*line.formula, *beside)
            return
        yield from over(line.formula, broken(plain(line.formula), self.look.width))
        if line.said:
            yield stands.after(0, 6, line.said, line.sign)

    def _legend(self) -> Iterator[Row]:
        """What the marks other than ✓ mean."""
        found = self.known.proofs(self.explained).values()
        return legend([check for checks in found for check in checks], self.look)

    def _words(self, sentence: Sentence) -> str:
        return words(sentence, screen(self.look), ascii=self.look.ascii)


def _ink(node: Expr | None, known: Mapping[str, Ink]) -> Ink:
    """The ink of the name a number was read from; `text` if there is no single one."""
    found = {known.get(name, "text") for name in names(node)} if node is not None else set()
    return found.pop() if len(found) == 1 else "text"
