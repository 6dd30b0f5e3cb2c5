"""A tree as LaTeX."""

from __future__ import annotations

import re

from stepper.expr.tree import DERIVATIVE, Call, Expr, Name, Number, names, settings_of
from stepper.language.text import cut_text, mixes, number_text
from stepper.ops import CARDS, Op
from stepper.ops.card import ATOM, COMPARE, NEGATIVE, POWER, PRODUCT, SUM

_GRADIENT = re.compile(r"d([A-Za-z][A-Za-z0-9]*)_d(.+)")
_GREEK = {
    "eps": r"\varepsilon", "lam": r"\lambda", "beta": r"\beta", "alpha": r"\alpha",
    "eta": r"\eta", "mu": r"\mu", "gamma": r"\gamma", "delta": r"\delta", "lr": r"\eta",
}  # fmt: skip
_LETTERS = {
    "α": r"\alpha", "β": r"\beta", "γ": r"\gamma", "δ": r"\delta", "ε": r"\varepsilon",
    "ζ": r"\zeta", "η": r"\eta", "θ": r"\theta", "ι": r"\iota", "κ": r"\kappa",
    "λ": r"\lambda", "μ": r"\mu", "ν": r"\nu", "ξ": r"\xi", "π": r"\pi",
    "ρ": r"\rho", "σ": r"\sigma", "τ": r"\tau", "υ": r"\upsilon", "φ": r"\varphi",
    "χ": r"\chi", "ψ": r"\psi", "ω": r"\omega", "Γ": r"\Gamma", "Δ": r"\Delta",
    "Θ": r"\Theta", "Λ": r"\Lambda", "Ξ": r"\Xi", "Π": r"\Pi", "Σ": r"\Sigma",
    "Φ": r"\Phi", "Ψ": r"\Psi", "Ω": r"\Omega",
}  # fmt: skip


def latex(tree: Expr) -> str:
    """The tree for LaTeX's mathematics mode."""
    return _write(tree)[0]


def latex_name(name: str) -> str:
    """`dJ_dW1` is a partial derivative, `W1` has a subscript, `eps` is a Greek letter."""
    if found := _GRADIENT.fullmatch(name):
        return rf"\frac{{\partial {latex_name(found[1])}}}{{\partial {latex_name(found[2])}}}"
    stem, bracket, letter = name.partition("[")
    if bracket:
        return _entry_name(stem, letter.rstrip("]"))
    found = re.fullmatch(r"(.*?)_?(\d*)", name)
    assert found is not None
    stem, number = found[1], found[2]
    greek = _GREEK.get(stem) or _LETTERS.get(stem)
    word = greek or (stem if len(stem) == 1 else rf"\mathit{{{_escaped(stem)}}}")
    return f"{word}_{{{number}}}" if number else word


def _entry_name(name: str, letter: str) -> str:
    """`a3[k]` has its layer above and its letter below."""
    stem = name.rstrip("0123456789")
    layer = f"^{{({name[len(stem) :]})}}" if stem != name else ""
    return f"{latex_name(stem)}{layer}_{{{letter}}}"


def _escaped(word: str) -> str:
    return word.replace("_", r"\_")


def _write(node: Expr) -> tuple[str, int]:
    if isinstance(node, Name):
        return latex_name(node.id), ATOM
    if isinstance(node, Number):
        mantissa, _, exponent = number_text(node).lower().partition("e")
        if exponent:
            return rf"{mantissa}\cdot 10^{{{int(exponent)}}}", NEGATIVE
        return mantissa, ATOM
    assert isinstance(node, Call)
    if node.op == DERIVATIVE:
        return _derivative(node)
    card = CARDS[node.op]
    forms = {"infix": _infix, "prefix": _prefix, "postfix": _postfix, "function": _function}
    return forms[card.notation.form](node, card)


def _derivative(node: Call) -> tuple[str, int]:
    f, by = node.args
    d = "d" if isinstance(by, Name) and "[" not in by.id else r"\partial"
    return rf"\frac{{{d}}}{{{d} {_write(by)[0]}}}\left[{_write(f)[0]}\right]", ATOM


def _inside(node: Expr, least: int) -> str:
    written, precedence = _write(node)
    return written if precedence >= least else rf"\left({written}\right)"


def _infix(node: Call, card: Op) -> tuple[str, int]:
    left, right = node.args
    if node.op == "div":
        return rf"\frac{{{_write(left)[0]}}}{{{_write(right)[0]}}}", PRODUCT
    if node.op == "pow":
        return f"{_inside(left, POWER + 1)}^{{{_write(right)[0]}}}", POWER
    own = card.notation.precedence
    scalar = node.op == "mul" and any(isinstance(a, Number) for a in node.args)
    sign = r"\cdot" if scalar else card.notation.latex
    first = _inside(left, own + (own == COMPARE or mixes(node, left)))
    second = _inside(right, own + 1 if sign else POWER)  # a product without a sign, then a minus?
    return (f"{first} {sign} {second}" if sign else f"{first} {second}"), own


def _prefix(node: Call, card: Op) -> tuple[str, int]:
    return f"{card.notation.latex}{_inside(node.args[0], NEGATIVE)}", NEGATIVE


def _postfix(node: Call, card: Op) -> tuple[str, int]:
    of = _inside(node.args[0], ATOM)
    if node.op == "slice":
        return rf"{{{of}}}_{{\texttt{{{cut_text(settings_of(node))}}}}}", ATOM
    if node.op == "item":
        where = settings_of(node)
        return f"{{{of}}}_{{{where['row'] + 1},{where['column'] + 1}}}", ATOM
    return f"{{{of}}}{card.notation.latex}", ATOM


def _function(node: Call, card: Op) -> tuple[str, int]:
    if node.op == "exp":
        return f"e^{{{_write(node.args[0])[0]}}}", POWER
    if node.op == "sum" and (letter := _runs_over(node)):
        return rf"\sum_{{{letter}}} {_inside(node.args[0], PRODUCT)}", SUM + 1
    if node.op == "sqrt":
        return rf"\sqrt{{{_write(node.args[0])[0]}}}", ATOM
    shown = node.args[: -card.optional] if _left_out(node, card) else node.args
    args = ", ".join(_write(a)[0] for a in shown)
    if card.last_is_part:
        args += cut_text(settings_of(node))
    axis = None if card.settings.get("axis") == "features" else settings_of(node).get("axis")
    below = "" if axis is None else rf"_{{\mathrm{{axis}}\,{axis}}}"
    return rf"{card.notation.latex}{below}\left({args}\right)", ATOM


def _runs_over(node: Call) -> str:
    """The letter of a sum over entries: `sum(a[k])` runs over k."""
    letters = {n.partition("[")[2].rstrip("]") for n in names(node.args[0])}
    return next((k for k in ("k", "m") if k in letters), "")


def _left_out(node: Call, card: Op) -> bool:
    """Whether the optional operands are what they are when nobody names them."""
    return bool(card.optional) and card.fill(*node.args[: -card.optional]) == node.args
