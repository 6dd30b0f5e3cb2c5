"""A tree as one line of text: numpy that can be read back, or mathematics in Unicode or ASCII."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from stepper.expr.tree import DERIVATIVE, Call, Expr, Name, Number, Path, settings_of
from stepper.language.layout import AXES, Layout
from stepper.ops import CARDS, Op
from stepper.ops.card import ATOM, COMPARE, NEGATIVE, POWER, PRODUCT
from stepper.ops.parts import WHOLE, Cut

_LOSS = r"(?:loss|cost|error|entropy|risk|[JLEC])"
_GRADIENT = re.compile(
    rf"d([^\W\d_][^\W_]*|(?:[^\W\d_][^\W_]*_)*?{_LOSS}(?:_[^\W_]+)*?)_d([^\W\d_].*)"
)
_SUPERSCRIPT = str.maketrans("0123456789-,", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻˒")
_SUBSCRIPT = str.maketrans("0123456789-,", "₀₁₂₃₄₅₆₇₈₉₋,")


@dataclass(frozen=True, slots=True)
class Style:
    """How a tree is written; axes that follow from `layout` are not printed."""

    partial: bool = False
    """Writes `∂J/∂W1` for `dJ_dW1`."""
    maths: bool = False
    """Writes `⊙ ᵀ σ ·` for `* .T sigmoid`, and the subscripts of entries from 1."""
    brief: bool = False
    """Leaves out what only numpy needs (`keepdims`)."""
    tight: bool = False
    """Leaves out spaces inside an operand: `a * (1-a)`."""
    layout: Layout = "columns"
    sizes: Mapping[str, tuple[int, ...]] = field(default_factory=dict, hash=False)
    """The shapes of the matrices, since an entry of a vector needs one index only."""


CODE = Style()
"""The style that can be typed back: `parse(text(tree)) == tree`."""
SCREEN = Style(partial=True)
MATH = Style(partial=True, maths=True, brief=True)
ASCII = Style(brief=True)

Values = Callable[[Expr, Path], "str | None"]
"""The number to print in place of a node; None to print the node itself."""


def no_number(node: Expr, path: Path) -> None:
    """Prints every node as it is, without numbers."""


def text(tree: Expr, style: Style = CODE, values: Values | None = None) -> str:
    """The tree on one line; `values` gives the numbers to print in place of nodes."""
    return _Printer(style, values or no_number).write(tree, ())[0]


def name_text(name: str, style: Style = CODE) -> str:
    """A variable's name: `dJ_dW1`, or `∂J/∂W1` if the style asks for it."""
    if style.partial and (parts := gradient_parts(name)):
        return f"∂{parts[0]}/∂{parts[1]}"
    return name


def gradient_parts(name: str) -> tuple[str, str] | None:
    """Splits a gradient's name: J and W1 for `dJ_dW1`; None for any other name.

    A loss of several words has to be called one, like `my_loss`: `drop_out_dim` is no gradient.
    """
    found = _GRADIENT.fullmatch(name)
    return (found[1], found[2]) if found else None


def number_text(number: Number) -> str:
    """A literal as it was typed; a computed one in the fewest digits that round-trip."""
    if number.text:
        return number.text
    value = float(number.value)
    return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)


class _Printer:
    """Writes each node with its precedence, so that brackets stand only where they are needed."""

    def __init__(self, style: Style, values: Values) -> None:
        self.style, self.values = style, values

    def write(self, node: Expr, path: Path) -> tuple[str, int]:
        number = self.values(node, path)
        if number is not None:
            return number, NEGATIVE if number[:1] in "-−" else ATOM
        if isinstance(node, Name):
            return name_text(node.id, self.style), ATOM
        if isinstance(node, Number):
            return number_text(node), ATOM
        assert isinstance(node, Call)
        if node.op == DERIVATIVE:
            f, by = (self.write(a, (*path, i))[0] for i, a in enumerate(node.args))
            below = f"({by})" if "[" in by else by
            return f"d/d{below}[{f}]", ATOM
        card = CARDS[node.op]
        return getattr(self, f"_{card.notation.form}")(node, card, path)  # type: ignore[no-any-return]

    def _inside(self, node: Call, i: int, path: Path, least: int) -> str:
        """Operand `i`, in brackets where it binds less tightly than `least`."""
        written, precedence = self.write(node.args[i], (*path, i))
        return written if precedence >= least else f"({written})"

    def _behind_a_sign(self, node: Call, i: int, path: Path, least: int) -> str:
        """Operand `i` after the operator; a negative number there is bracketed, `a − (−3)`."""
        number = self.values(node.args[i], (*path, i))
        negative = number is not None and number[:1] in "-−"
        return f"({number})" if negative else self._inside(node, i, path, least)

    def _infix(self, node: Call, card: Op, path: Path) -> tuple[str, int]:
        own = card.notation.precedence
        if node.op == "pow":
            return self._power(node, path), POWER
        tighter = own == COMPARE or mixes(node, node.args[0])
        left = self._inside(node, 0, path, own + tighter)
        right = self._behind_a_sign(node, 1, path, own + 1)
        gap = "" if self.style.tight and path and node.op != "matmul" else " "
        return f"{left}{gap}{self._sign(node, card)}{gap}{right}", own

    def _sign(self, node: Call, card: Op) -> str:
        if self.style.maths and node.op == "mul":
            return "·" if any(is_single(a, self.style.sizes) for a in node.args) else "⊙"
        return card.notation.sign(ascii=not self.style.maths)

    def _power(self, node: Call, path: Path) -> str:
        base = self._inside(node, 0, path, POWER + 1)
        exponent = node.args[1]
        if self.style.maths and isinstance(exponent, Number) and number_text(exponent).isdigit():
            return base + number_text(exponent).translate(_SUPERSCRIPT)
        sign = "^" if self.style.maths else "**"
        return f"{base}{sign}{self._inside(node, 1, path, NEGATIVE)}"

    def _prefix(self, node: Call, card: Op, path: Path) -> tuple[str, int]:
        sign = card.notation.sign(not self.style.maths)
        return sign + self._behind_a_sign(node, 0, path, NEGATIVE), NEGATIVE

    def _postfix(self, node: Call, card: Op, path: Path) -> tuple[str, int]:
        of = self._inside(node, 0, path, ATOM)
        if isinstance(node.args[0], Number):
            of = f"({of})"
        if node.op == "slice":
            return f"{of}{cut_text(dict(node.settings))}", ATOM
        if node.op == "item":
            return self._item(of, node), ATOM
        return f"{of}{card.notation.sign(not self.style.maths)}", ATOM

    def _item(self, of: str, node: Call) -> str:
        row, column = settings_of(node)["row"], settings_of(node)["column"]
        if self.style.maths and isinstance(node.args[0], Name) and row >= 0 and column >= 0:
            return entry_name(node.args[0].id, row, column, self.style)
        return f"{of}[{row}, {column}]"

    def _function(self, node: Call, card: Op, path: Path) -> tuple[str, int]:
        parts = [self.write(a, (*path, i))[0] for i, a in enumerate(node.args)]
        if card.optional and card.fill(*node.args[: -card.optional]) == node.args:
            parts = parts[: -card.optional]
        if card.last_is_part:
            last = self._inside(node, len(parts) - 1, path, ATOM)
            parts[-1] = last + cut_text(dict(node.settings))
        else:
            parts += self._settings(node, card)
        return f"{card.notation.sign(not self.style.maths)}({', '.join(parts)})", ATOM

    def _settings(self, node: Call, card: Op) -> list[str]:
        axes = AXES[self.style.layout]
        defaults = {k: axes.get(str(v), v) for k, v in card.settings.items()}
        return [
            f"{key}={value}"
            for key, value in node.settings
            if value != defaults[key] and not (self.style.brief and key == "keepdims")
        ]


def is_single(node: Expr, sizes: Mapping[str, tuple[int, ...]]) -> bool:
    """Whether a node is a single number, as far as its names and sizes tell."""
    if isinstance(node, Call):
        return node.op in ("item", "size") or (
            node.op not in ("transpose", "slice") and all(is_single(a, sizes) for a in node.args)
        )
    return isinstance(node, Number) or sizes.get(getattr(node, "id", "")) == ()


def mixes(node: Call, left: Expr) -> bool:
    """Whether `@` meets `*` or `/`: they bind equally and readers disagree, so it is bracketed."""
    if not isinstance(left, Call) or left.op == DERIVATIVE:
        return False
    if CARDS[left.op].notation.precedence != PRODUCT:
        return False
    return (left.op == "matmul") != (node.op == "matmul")


def cut_text(settings: Mapping[str, Any]) -> str:
    """`[:-1]`, `[:, 1:3]`."""
    rows, columns = settings["rows"], settings["columns"]
    return f"[{_part(rows)}]" if columns == WHOLE else f"[{_part(rows)}, {_part(columns)}]"


def _part(cut: Cut) -> str:
    start, stop = ("" if n is None else n for n in cut)
    return f"{start}:{stop}"


def entry_name(name: str, row: int, column: int, style: Style = MATH) -> str:
    """An entry as mathematics writes it, counted from 1: `w⁽²⁾₃₂`, `∂J/∂z⁽²⁾₃`."""
    head, stem = "", name
    if parts := gradient_parts(name):
        head, stem = f"∂{parts[0]}/∂", parts[1]
    letters = stem.rstrip("0123456789")
    layer = stem[len(letters) :]
    joined = entry_indices(row, column, style.sizes.get(name, (0, 0)))
    upper = f"⁽{layer.translate(_SUPERSCRIPT)}⁾" if layer else ""
    word = letters.lower() if len(letters) == 1 else letters
    return f"{head}{word}{upper}{joined.translate(_SUBSCRIPT)}"


def entry_indices(row: int, column: int, shape: tuple[int, ...]) -> str:
    """Row and column from 1, as `32` or `10,2`; the index along a side of length 1 is left out."""
    numbers = [n + 1 for n, length in zip((row, column), shape, strict=False) if length != 1]
    return (",".join if max(numbers, default=0) > 9 else "".join)(map(str, numbers))
