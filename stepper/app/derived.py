"""What the derivation panel says of a line: rules, the entry's formula, and this net's numbers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from stepper.app.derivations import Derivations, Place, provable
from stepper.app.fitting import blank, first, plain, spread, without, wrap
from stepper.app.snapshot import Snapshot
from stepper.app.widgets.entry import notes
from stepper.app.widgets.numbers import inks, maths, screen
from stepper.app.worked import parts_of, written
from stepper.calculus.lines import Explained
from stepper.expr.sentence import Sentence, say
from stepper.expr.tree import Call, Expr, names, operands, walk
from stepper.ops import CARDS
from stepper.program.code import card_sentence
from stepper.show.breaking import broken
from stepper.show.derivation import Page, legend, mark
from stepper.show.formula import digits_needed, numbered
from stepper.show.opened import all_rows, first_rows, line_count, short_rows
from stepper.show.rows import Ink, Look, Row, Run
from stepper.show.words import words


@dataclass(frozen=True, slots=True, eq=False)
class Derived:
    """A line that is explained, and what is proved of it so far."""

    now: Snapshot
    place: Place
    explained: Explained
    known: Derivations
    look: Look
    proves: bool

    def derivation(self, form: str | int, room: int) -> tuple[list[Row], bool]:
        """Its rows, and whether every line is among them; all are where there is room for them."""
        found, page = self.explained.derivations, self._page(full=form == "full")
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
        """What operations the line has, its formula for the entry, and what the marks mean."""
        return [*self._definitions(), *self._entry(), *self._legend()]

    def _page(self, *, full: bool) -> Page:
        proofs = self.known.proofs(self.explained)
        return Page(self.look, full=full, proofs=proofs, style=maths(self.now, self.look))

    def _definitions(self) -> Iterator[Row]:
        """Of a line that is not differentiated here: what each of its operations is."""
        if self.place.line.of is not None:
            return
        for node in dict.fromkeys(node for _, node in walk(self.place.line.tree)):
            if isinstance(node, Call) and not CARDS[node.op].is_view:
                said = card_sentence(CARDS[node.op].sentence, operands(node), y=node)
                yield from wrap(self._words(said), self.look.width, 2)

    def _entry(self) -> Iterator[Row]:
        """`symbol = formula`, `= numbers`, `≈ value`: each with what is known of it."""
        parts, style = parts_of(self.now), maths(self.now, self.look)
        texts = written(self.now, self.look)
        last = texts[-1] if len(texts) > 1 else ""
        put = list(numbered(parts, style, digits_needed(parts)))
        numbers = "".join(text for text, _ in put)
        head = texts[:-1] if last else texts
        if len(head) > 1 and head[-1].removeprefix("= ") == numbers:
            head = head[:-1]
        yield from self._beside(((" ".join(head), "text"),), *self._chain())
        if f"= {numbers}" in texts[1:-1]:
            yield from self._beside((("  = ", "text"), *self._coloured(put)),
                                    say("the numbers of this net"))  # fmt: skip
        yield from self._value(last)

    def _chain(self) -> tuple[Sentence | None, Run | None]:
        """What the entry's formula is held against, and how that went."""
        if not provable(self.place) or self.now.cursor.level not in ("phase", "line"):
            return None, None
        check = self.known.entry_proof(self.place)
        if check is None and self.proves:
            return say("proving…"), None
        return say("by the chain rule"), mark(check, self.look)

    def _value(self, last: str) -> Iterator[Row]:
        parts = parts_of(self.now)
        if parts.agrees:
            ok: Run = (self.look.sign("✓", "ok"), "result")
            row: Row = ((f"  {last}", "result"),)
            yield from self._beside(row, say("agrees with the engine"), ok)
        for note in notes(self.now):
            yield from wrap(self._words(note), self.look.width, ink="warn")

    def _coloured(self, put: list[tuple[str, Expr | None]]) -> Row:
        """Each number in the ink of the matrix that it was read from."""
        known = inks(self.now)
        return tuple((text, _ink(node, known)) for text, node in put)

    def _beside(
        self, formula: Row, said: Sentence | None = None, sign: Run | None = None
    ) -> Iterator[Row]:
        """A formula and what is known of it, at its right if there is room for both."""
        note: Row = ((self._words(said), "dim"),) if said is not None else ()
        note = (*note, (" ", "text"), sign) if sign else note
        row = spread(formula, note, self.look.width)
        if row is not None:
            yield row
            return
        yield from _broken(formula, self.look.width)
        if note:
            yield (blank(6), *note)

    def _legend(self) -> Iterator[Row]:
        """What a mark that is not ✓ means."""
        found = self.known.proofs(self.explained).values()
        return legend([check for checks in found for check in checks], self.look)

    def _words(self, sentence: Sentence) -> str:
        return words(sentence, screen(self.look), ascii=self.look.ascii)


def _ink(node: Expr | None, known: Mapping[str, Ink]) -> Ink:
    """The ink of the one name that a number was read from."""
    found = {known.get(name, "text") for name in names(node)} if node is not None else set()
    return found.pop() if len(found) == 1 else "text"


def _broken(row: Row, width: int) -> Iterator[Row]:
    """A formula of several inks, broken before a sign."""
    hang = 0
    for line in broken(plain(row), width):
        letters = len(line) - hang
        yield (blank(hang), *first(row, letters))
        row = without(row, letters)
        row = without(row, len(plain(row)) - len(plain(row).lstrip(" ")))
        hang = 4
