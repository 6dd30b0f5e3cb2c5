"""Every command once: its keys, what the footer and the help say of it, and what it does."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from stepper.app import session
from stepper.app.asking import asking
from stepper.app.moves import edit, guess
from stepper.app.session import Move

Panel = Literal["program", "numbers", "entry"]
"""The panels that can have the focus."""
PANELS: tuple[Panel, ...] = ("program", "numbers", "entry")


@dataclass(frozen=True, slots=True)
class Command:
    """A command; without a `move` it is the screen's own affair.

    `keys` hold everywhere, the others only while their panel has the focus. A command without a
    `label` is not in the footer (its neighbour says both keys there).
    """

    id: str
    keys: tuple[str, ...]
    help: str
    move: Move | None = None
    label: str = ""
    shown: str = ""
    """Its keys in the footer, where these are not simply its first one."""
    program: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    entry: tuple[str, ...] = ()

    def keys_in(self, panel: Panel | None) -> tuple[str, ...]:
        """The keys that work while a panel has the focus."""
        return self.keys + (getattr(self, panel) if panel else ())

    @property
    def footer(self) -> str:
        return f"{self.shown or key_name(self.keys[0])} {self.label}"


COMMANDS: tuple[Command, ...] = (
    Command("help", ("question_mark",), "this help", None, "help"),
    Command("quit", ("q",), "leave; prints the command that comes back here", None, "quit"),
    Command("next", ("n",), "the next step at this level", session.next_step, "next",
            program=("right", "l")),
    Command("back", ("p", "N"), "one step back", session.back, "back", program=("left", "h")),
    Command("into", ("s",), "into the step: one level deeper", session.into, "into"),
    Command("out", ("o",), "out again: one level up", session.out, "out"),
    Command("hide", ("x",), "hide the results, show them again", guess.hide, "hide"),
    Command("left", (), "the entry to the left", session.by(0, -1), "entry", "arrows",
            numbers=("left", "h")),
    Command("scroll-down", (), "a row down, where the text is longer than its panel", None,
            "scroll", "up down", entry=("down", "j", "pagedown")),
    Command("line", ("right_square_bracket",), "the next line", session.next_line, "line", "] [",
            program=("down", "j")),
    Command("line-back", ("left_square_bracket",), "the line before", session.back_line,
            program=("up", "k")),
    Command("panel", ("tab", "shift+tab"), "the next panel, the panel before", None, "panel"),
    Command("phase", ("right_curly_bracket",), "the end of this phase, or of the next",
            session.next_phase, "phase", "} {", program=("pagedown",)),
    Command("phase-back", ("left_curly_bracket",), "the end of the phase before",
            session.back_phase, program=("pageup",)),
    Command("sample", ("full_stop",), "the next sample", session.next_sample, "sample", ". ,"),
    Command("sample-back", ("comma",), "the sample before", session.back_sample),
    Command("start", ("home",), "before the first step", session.start, "ends", "home end"),
    Command("end", ("end", "G"), "after the last step", session.end),
    Command("right", (), "the entry to the right", session.by(0, 1), numbers=("right", "l")),
    Command("up", (), "the entry above", session.by(-1, 0), numbers=("up", "k")),
    Command("down", (), "the entry below", session.by(1, 0), numbers=("down", "j")),
    Command("rows-up", (), "eight entries up", session.by(-8, 0), numbers=("pageup",)),
    Command("rows-down", (), "eight entries down", session.by(8, 0), numbers=("pagedown",)),
    Command("reveal", ("space",), "the next step; a hidden result is shown first",
            guess.reveal_or_next),
    Command("guess", ("equals_sign",), "your guess at a hidden result", asking(guess.guess),
            numbers=("enter",), entry=("enter",)),
    Command("enter", (), "one level deeper; your guess where the result is hidden",
            asking(guess.guess_or_into), program=("enter",)),
    Command("edit", ("e",), "edit a weight, an input, a target or a constant", asking(edit.edit)),
    Command("undo", ("U",), "undo the last edit", edit.undo),
    Command("nudge", ("plus",), "what a bit more of the selected weight does to the loss",
            edit.nudged(1e-4)),
    Command("nudge-less", ("minus",), "what a bit less of it does", edit.nudged(-1e-4)),
    Command("theme", ("T",), "other colours: dark, light, high contrast, colour-blind safe"),
    Command("scroll-up", (), "a row up", None, entry=("up", "k", "pageup")),
)  # fmt: skip

ELSEWHERE: dict[str, str] = {
    "r": "r: out is o, and the start is home",
    "c": "c: no breakpoints here; pgdn goes to the end of the phase",
    "u": "u: the line under the entry says who uses this",
    "f": "f: the line under the entry says where this comes from",
    "escape": "nothing is open; o goes one level out",
}
"""What hands from other debuggers press, and what to press here."""

MOVEMENT = ("left", "right", "up", "down", "h", "j", "k", "l", "pageup", "pagedown")

_NAMES = {
    "question_mark": "?", "right_square_bracket": "]", "left_square_bracket": "[",
    "right_curly_bracket": "}", "left_curly_bracket": "{", "full_stop": ".", "comma": ",",
    "equals_sign": "=", "plus": "+", "minus": "-", "pagedown": "pgdn", "pageup": "pgup",
}  # fmt: skip


def key_name(key: str) -> str:
    """A key as it stands on a keyboard: `]`, `pgdn`."""
    return _NAMES.get(key, key)


def find(key: str, panel: Panel | None) -> Command | None:
    """The command of a key while a panel has the focus."""
    return next((c for c in COMMANDS if key in c.keys_in(panel)), None)


def plain_key(character: str | None) -> str | None:
    """The key that a full-width letter stands for: `ｎ` is `n`."""
    if character is None or character.isascii():
        return None
    narrow = unicodedata.normalize("NFKC", character)
    names = {shown: key for key, shown in _NAMES.items()}
    return names.get(narrow, narrow) if narrow.isascii() and narrow.isprintable() else None


def footer_entries(panel: Panel | None) -> Iterator[str]:
    """What the footer says, help and quit first."""
    for command in COMMANDS:
        if command.label and command.keys_in(panel):
            yield command.footer


def unknown(key: str, character: str | None) -> str:
    """What to say of a key that has no command here; `{key}` stands for it."""
    if key in ELSEWHERE:
        return ELSEWHERE[key]
    if character is not None and not character.isascii():
        return "your input method is on ({key}): switch to English to use keys. 請切換到英文輸入"
    if key in MOVEMENT:
        return "arrows choose an entry when numbers has the focus: tab"
    return "{key} does nothing here: ? shows all keys"
