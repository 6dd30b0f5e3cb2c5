"""Breaks a formula that is too long for a line: before an operator, never inside an operand."""

from __future__ import annotations

from collections.abc import Iterator


def broken(text: str, most: int, hang: int = 4) -> Iterator[str]:
    """A formula on several lines, each broken before an operator in as few brackets as possible."""
    while len(text) > most:
        at = _break(text, most, hang)
        if at is None:
            break
        yield text[:at].rstrip()
        text = " " * hang + text[at:]
    yield text


def _break(text: str, most: int, hang: int) -> int | None:
    """The last place that fits before an operator in the fewest brackets; a plus before a dot."""
    depth, best = 0, None
    for i, ch in enumerate(text[: most + 2]):
        depth += (ch in "([") - (ch in ")]")
        fits = hang < i <= most + (text[i - 1] == " ")
        rank = (depth, ch in "·*/")
        if fits and _is_sign(text, i) and (best is None or rank <= best[0]):
            best = (rank, i)
    return best[1] if best else None


def _is_sign(text: str, at: int) -> bool:
    """Whether an operator is at this place; the slash of ∂J/∂z and the minus of −x are none."""
    if text[at] in "+−-/":
        return text[at - 1 : at + 2] == f" {text[at]} "
    return text[at] == "·" or (text[at] == "*" and "*" not in text[at - 1] + text[at + 1 : at + 2])
