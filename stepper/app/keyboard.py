"""The labels of keys, and the message for a key that does nothing here."""

from __future__ import annotations

import unicodedata
from typing import NamedTuple

from stepper.expr.sentence import Sentence, say

DIGITS = tuple("0123456789")

NAMES = {
    "question_mark": "?", "right_square_bracket": "]", "left_square_bracket": "[",
    "right_curly_bracket": "}", "left_curly_bracket": "{", "full_stop": ".", "comma": ",",
    "pagedown": "pgdn", "pageup": "pgup", "slash": "/", "colon": ":", "escape": "esc",
    "equals_sign": "=", "plus": "+", "minus": "-", "exclamation_mark": "!", "at": "@",
    "quotation_mark": '"', "number_sign": "#", "dollar_sign": "$", "percent_sign": "%",
    "ampersand": "&", "apostrophe": "'", "left_parenthesis": "(", "right_parenthesis": ")",
    "asterisk": "*", "semicolon": ";", "less_than_sign": "<", "greater_than_sign": ">",
    "backslash": "\\", "circumflex_accent": "^", "underscore": "_", "grave_accent": "`",
    "vertical_line": "|", "tilde": "~",
}  # fmt: skip
"""The labels of keys that Textual calls by another name."""


class Enter(NamedTuple):
    """What enter does in a lesson now, in a word; `keys` are the keys to press instead, if any."""

    label: Sentence
    keys: str = ""


def key_name(key: str) -> str:
    """A key as a keyboard labels it: `]`, `pgdn`."""
    return NAMES.get(key, key)


def key_names(keys: tuple[str, ...]) -> str:
    """Keys side by side; all ten digits as `0-9`."""
    others = [key_name(key) for key in keys if key not in DIGITS]
    return "  ".join(["0-9", *others] if len(keys) - len(others) == len(DIGITS)
                     else map(key_name, keys))  # fmt: skip


def plain_key(character: str | None) -> str | None:
    """The key that a full-width character stands for: `n` for `ｎ`; None if there is none."""
    if character is None or character.isascii():
        return None
    narrow = unicodedata.normalize("NFKC", character)
    names = {shown: key for key, shown in NAMES.items()}
    return names.get(narrow, narrow) if narrow.isascii() and narrow.isprintable() else None


ELSEWHERE: dict[str, str] = {
    "r": "r: out is {key_out}, and the start is {key_start}",
    "a": "a: numbers has what the line reads, by name; {key_from} goes to where it was made",
    "i": "i: one level deeper is {key_into}",
    "Q": "{key_quit} quits",
    "X": "{key_hide} hides the results",
    "B": "{key_break} sets a breakpoint, and {key_break} on the same line clears it",
    "f5": "{key_run} runs on to the next breakpoint",
    "f9": "{key_break} sets a breakpoint on this line",
    "f10": "{key_next} is the next step, {key_into} goes into it",
    "f11": "{key_into} goes into a step, {key_out} out again",
}
"""Keys known from other debuggers, and what to press here instead."""

MOVEMENT = ("left", "right", "up", "down", "h", "j", "k", "l", "pageup", "pagedown")


def unknown(key: str, character: str | None) -> Sentence:
    """The message for a key that has no command here."""
    if key in ELSEWHERE:
        return say(ELSEWHERE[key])
    if character is not None and not character.isascii():
        return say("your input method is on ({key}): switch to English to use keys. "
                   "請切換到英文輸入", key=character)  # fmt: skip
    if key in MOVEMENT:
        return say(
            "{key_left}, {key_right}, {key_up}, {key_down} choose an entry "
            "when numbers has the focus: {key_panel}"
        )
    shown = character if character is not None and character.isprintable() else key
    return say("{key} does nothing here: {key_help} shows all keys", key=shown)
