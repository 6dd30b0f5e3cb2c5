"""Text for LaTeX outside math mode: special characters are escaped, signs become math."""

from __future__ import annotations

import re
import unicodedata

from stepper.language.latex import LETTERS

_SPECIAL = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "$": r"\$", "&": r"\&", "#": r"\#",
    "%": r"\%", "_": r"\_", "^": r"\^{}", "~": r"\~{}", "<": "$<$", ">": "$>$", "|": "$|$",
    "`": r"\`{}", '"': "''",
}  # fmt: skip
_SIGNS = {
    "−": "$-$", "·": r"$\cdot$", "×": r"$\times$", "⊙": r"$\odot$", "≈": r"$\approx$",
    "≠": r"$\neq$", "≤": r"$\le$", "≥": r"$\ge$", "→": r"$\to$", "∂": r"$\partial$",
    "′": "$'$", "∞": r"$\infty$", "√": r"$\surd$", "✓": r"$\surd$", "∑": r"$\sum$", "⊤": r"$\top$",
    "‹": r"$\langle$", "›": r"$\rangle$", "±": r"$\pm$", "–": "--", "—": "---", "’": "'",
    "‘": "`", "“": "``", "”": "''", "ß": r"\ss{}", "æ": r"\ae{}", "Æ": r"\AE{}", "ø": r"\o{}",
    "Ø": r"\O{}", "ł": r"\l{}", "Ł": r"\L{}", "œ": r"\oe{}", "Œ": r"\OE{}", "ı": r"\i{}",
    "\u00a0": "~",
}  # fmt: skip
_ACCENTS = {
    "\u0300": "`", "\u0301": "'", "\u0302": "^", "\u0303": "~", "\u0304": "=", "\u0306": "u",
    "\u0307": ".", "\u0308": '"', "\u030a": "r", "\u030b": "H", "\u030c": "v", "\u0323": "d",
    "\u0327": "c",
}  # fmt: skip
_LIGATURE = re.compile(r"-(?=-)|[?!](?=`)|'(?=')|,(?=,)")


def latex_text(said: str) -> str:
    """The text in LaTeX; control characters are dropped, letters without a command are kept."""
    kept = "".join(ch for ch in said if ch == "\n" or unicodedata.category(ch) != "Cc")
    apart = _LIGATURE.sub(lambda found: f"{found[0]}\0", unicodedata.normalize("NFC", kept))
    return "".join("{}" if ch == "\0" else _letter(ch) for ch in apart)


def _letter(ch: str) -> str:
    if ch.isascii():
        return _SPECIAL.get(ch, ch)
    if found := _SIGNS.get(ch):
        return found
    if greek := LETTERS.get(ch):
        return f"${greek}$"
    return _composed(ch) or ch


def _composed(ch: str) -> str:
    """A letter with its accent, a superscript or subscript, a fraction; empty for all others."""
    parts = unicodedata.decomposition(ch).split()
    kind = parts.pop(0) if parts and parts[0].startswith("<") else ""
    signs = [chr(int(p, 16)) for p in parts]
    if not signs or not all(s.isascii() or s in "−⁄" or s in _ACCENTS for s in signs):
        return ""
    if not kind and len(signs) == 2 and signs[1] in _ACCENTS and signs[0].isalpha():
        return rf"\{_ACCENTS[signs[1]]}{{{signs[0]}}}"
    plain = "".join(signs).replace("−", "-")
    if kind == "<fraction>" and "⁄" in plain:
        above, _, below = plain.partition("⁄")
        return rf"$\frac{{{above}}}{{{below}}}$"
    if not re.fullmatch(r"[\w+\-=().,!?:; ]+", plain, re.ASCII) or "_" in plain:
        return ""
    forms = {"<super>": rf"$^{{{plain}}}$", "<sub>": rf"$_{{{plain}}}$",
             "<font>": rf"$\mathbf{{{plain}}}$", "<compat>": plain, "<wide>": plain}  # fmt: skip
    return forms.get(kind, "")
