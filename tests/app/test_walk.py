"""Random walks: no key breaks anything, every number shown is the run's, the way back is exact."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import note, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from stepper.app.commands import COMMANDS
from stepper.app.marks import Layout, marks_of
from stepper.app.moves import breaks, counts, edit, going, guess, jumps, levels, steps
from stepper.app.moves.counts import repeated, same_place
from stepper.app.moves.entries import select
from stepper.app.prompts import Prompt
from stepper.app.snapshot import Move, Snapshot, opened
from stepper.app.still import Still
from stepper.app.widgets.numbers import layout
from stepper.app.written import Number
from stepper.expr.errors import StepperError
from stepper.show.rows import Look
from stepper.show.words import words
from tests.app.screens import figure, lab
from tests.app.truth import check_cells, check_entry, check_order, check_watches

LABS = ("xor", "folded-bias", "three-class", "mazur", "first-step", "circuits-staged")
"""Columns, rows, three classes, one sample, and two labs without data."""
BY_ID = {c.id: c for c in COMMANDS}
MOVES = [c.id for c in COMMANDS if c.move is not None and c.id != "restart"]
ASKING = [c.id for c in COMMANDS if c.asks is not None]
COUNTS = st.sampled_from((2, 3, 7, 12, 40, 999))
LOOKS = st.sampled_from((Look(), Look(ascii=True)))
SIZES = st.sampled_from(((36, 8), (47, 10), (79, 20), (118, 36)))
"""Of the numbers panel."""
ANYTHING = st.one_of(
    st.sampled_from(("1", "-0.5", "+", "-", "0", "4x1", "[1, 2; 3, 4]", "@7", "@0", "forward",
                     "backward", "update", "W", "J < 0.5", "max(abs(dJ_dW1)) > 0.1", "x = 0.3",
                     "1e300", "nan", "W1 = 2", "eps = 0", "J", "∂J/∂", "1/0")),
    st.text(max_size=8),
)  # fmt: skip


class Walk(RuleBasedStateMachine):
    """Every move as the screen makes it, without a screen."""

    def __init__(self) -> None:
        super().__init__()
        self.look, self.size, self.kept = Look(), (47, 10), Still(layout, Layout.holds)

    @initialize(name=st.sampled_from(LABS), batch=st.booleans())
    def open(self, name: str, batch: bool) -> None:
        self.first = opened(lab(name), None if batch else lab(name).check_sample(None))
        self.now = self.first

    def go(self, after: Snapshot) -> None:
        """Go on from another frame; where that was a jump the way back is exact."""
        before, self.now = self.now, after
        jumped = after.past.places[-1:] == (jumps.here(before),)
        if jumped and len(after.past.places) == min(len(before.past.places) + 1, jumps.KEPT):
            back = jumps.go_back(after)
            assert (back.cursor.stop, back.cursor.level) == (
                before.cursor.stop,
                before.cursor.level,
            )
            assert back.entry == before.entry

    @rule(id=st.sampled_from(MOVES))
    def press(self, id: str) -> None:
        now = replace(self.now, message=None)
        after = BY_ID[id].move(now)
        assert after.message or not same_place(now, after), id
        self.go(after)

    @rule(id=st.sampled_from(MOVES), count=COUNTS)
    def press_many_times(self, id: str, count: int) -> None:
        now, command = replace(self.now, message=None), BY_ID[id]
        if command.counted is not None:
            self.go(command.counted(now, count))
        else:
            self.now = repeated(command.move, now, count, id)

    @rule(id=st.sampled_from(ASKING), data=st.data())
    def answer(self, id: str, data: st.DataObject) -> None:
        asked = BY_ID[id].asks(self.now)
        if isinstance(asked, Snapshot):
            self.go(asked)
        else:
            typed = data.draw(st.one_of(ANYTHING, _names(self.now))).strip()
            self.go(_answered(asked, self.now, typed))

    @rule(n=st.integers(0, 400))
    def click(self, n: int) -> None:
        """On a number: the one of a result is selected, another one leads to where it was made."""
        cells = [run for row in self.drawn() for run, _ in row if isinstance(run, Number)]
        if cells:
            cell = cells[n % len(cells)]
            to_maker = going.to_maker(self.now, cell.block.of)
            self.go(select(self.now, cell.at) if cell.block.selects else to_maker)

    @rule(line=st.integers(1, 40), margin=st.booleans())
    def click_on_a_line(self, line: int, margin: bool) -> None:
        if line <= len(self.now.trace.program.lines):
            there = jumps.jump(lambda now: steps.to_line(now, line))
            self.go(breaks.toggle(self.now, line) if margin else there(self.now))

    @rule(look=LOOKS, size=SIZES)
    def resize(self, look: Look, size: tuple[int, int]) -> None:
        self.look, self.size = replace(look, layout=self.now.lab.layout), size

    def drawn(self):
        """What is laid out once for a step and marked anew is what is drawn of it from nothing."""
        rows = figure(self.now, *self.size, self.look)
        laid = self.kept.of(self.now, *self.size, self.look)
        assert laid.inked(marks_of(self.now)) == rows
        return rows

    @invariant()
    def the_screen_is_the_run(self) -> None:
        check_cells(self.now, self.drawn())
        check_entry(self.now, self.look)
        check_watches(self.now)
        check_order(self.now)
        assert self.now.message is None or words(self.now.message)

    @invariant()
    def escape_never_moves(self) -> None:
        after = counts.cancel(self.now)
        assert jumps.here(after) == jumps.here(self.now) and after.trace is self.now.trace

    def teardown(self) -> None:
        if hasattr(self, "now"):
            comes_back(self.first, self.now)


def _names(now: Snapshot) -> st.SearchStrategy[str]:
    """What a learner types who reads the screen: names, lines, entries of what is given."""
    given = st.sampled_from([n for n in now.trace.program.given if n in now.trace.code.names])
    number = st.sampled_from(("0.5", "-3", "1e-3", "0", "1e200"))
    return st.one_of(
        st.sampled_from([line.target for line in now.trace.program.lines]),
        st.integers(0, 40).map(str),
        st.builds("{} = {}".format, given, number),
        st.builds("{}[{}, {}] = {}".format, given, st.integers(0, 3), st.integers(0, 3), number),
    )


def _answered(asked: Prompt, now: Snapshot, typed: str) -> Snapshot:
    """The frame after an answer; what is none leaves everything as it was."""
    try:
        if typed:
            return asked.answer(now, typed)
        return asked.on_nothing(now) if asked.on_nothing else now
    except StepperError as error:
        note(words(error.sentence))
        return now


def comes_back(first: Snapshot, now: Snapshot) -> None:
    """Out of everything, all edits undone, shown again and home: the first frame's numbers."""
    moves: list[Move] = [edit.undo_all, steps.start]
    while now.outer is not None:
        now = levels.out(now)
    if now.hiding.on:
        moves.append(guess.hide)
    for move in moves:
        now = move(now)
    plain = first.lab.trace(now.sample)
    same = zip(now.trace.values, plain.values, strict=True)
    assert all(np.array_equal(a, b) for a, b in same)
    assert now.cursor.stop == first.cursor.stop
    assert not now.edits and not now.changed and not now.hiding.on and now.outer is None
    look = Look(layout=first.lab.layout)
    again = replace(first, sample=now.sample, cursor=replace(first.cursor, trace=plain))
    assert figure(now, 79, 20, look) == figure(again, 79, 20, look)


Walk.TestCase.settings = settings(max_examples=60, stateful_step_count=40)
TestRandomWalk = Walk.TestCase
