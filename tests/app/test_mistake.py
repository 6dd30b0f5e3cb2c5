"""The screen of a lab with a mistake switched on."""

from __future__ import annotations

from dataclasses import replace

from stepper.app.modes import modes
from stepper.app.snapshot import opened, recomputed
from stepper.app.widgets.program import Listing
from stepper.check.switch import with_mistake
from stepper.labs.load import load
from stepper.labs.whatif import Edit
from stepper.show.rows import Look

LAB = with_mistake(load("mazur"), "updated-weight")


def marks(at: int) -> dict[int, str]:
    """The marks of the backward and update lines, after so many steps."""
    listing = Listing(opened(LAB, 0, at), Look(), 60, {"forward", "backward", "update"})
    return {n: listing.marks(n) for n in range(6, len(LAB.program.lines) + 1)}


def test_the_wrong_line_is_marked_from_the_start_and_what_follows_once_it_is_there() -> None:
    assert marks(0)[10] == "·✗"
    assert set(marks(0).values()) == {"·", "·✗"}
    last = marks(len(LAB.trace(0).steps))
    assert last[10] == "✗"
    assert [n for n, mark in last.items() if "~" in mark] == [11, 12, 13, 14]


def test_a_changed_line_is_marked_so_whatever_else_it_is() -> None:
    now = recomputed(opened(load("xor"), 3), 3, (Edit("W1", (0, 0), 0.7),))
    for at in range(len(now.trace.steps) + 1):
        there = replace(now, cursor=now.cursor.to(at))
        listing = Listing(there, Look(), 60, {"forward", "backward", "update"})
        for n, _ in there.trace.program.numbered():
            changed = listing._exists(n) and listing._slot(n) in there.changed
            assert ("~" in listing.marks(n)) == changed
            assert len(listing.marks(n)) <= 2


def test_the_mode_says_which_mistake_and_edits_go_on_top() -> None:
    now = opened(LAB, 0)
    assert [str(mode) for mode in modes(now)] == ["mistake: updated-weight"]
    edits = (Edit("W2", (0, 0), 0.9),)
    other = recomputed(now, 0, edits)
    assert set(now.changed) < set(other.changed)
    assert [str(mode) for mode in modes(other)] == ["mistake: updated-weight", "edited: 1"]
    assert set(recomputed(other, 0, ()).changed) == set(now.changed)
