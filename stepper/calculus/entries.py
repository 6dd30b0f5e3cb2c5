"""Derivations in index notation: of a loss with respect to one matrix entry, and of a softmax."""

from __future__ import annotations

from dataclasses import replace

from stepper.calculus.derivation import Derivation, Rewrite
from stepper.calculus.derive import derive, recognised, said, worked
from stepper.calculus.letters import Letters, by_letters
from stepper.calculus.product import tidied
from stepper.expr.errors import FormulaError
from stepper.expr.sentence import say
from stepper.expr.tree import Call, Expr, Name, call, derivative, names, rebuild, substitute, walk
from stepper.ops import CARDS

SHARE = "p"


def derivations(tree: Expr, by: str) -> tuple[Derivation, ...]:
    """The derivations a typed formula needs: two for a softmax, i = j and i ≠ j.

    Raises FormulaError if the formula does not contain `by` or has no derivative.
    """
    if by not in names(tree):
        raise FormulaError("unknown-name", None, "there is no `{by}` in the formula", by=by)
    if not by_letters(tree):
        return (derive(tree, Name(by)),)
    if tree == call("softmax", Name(by), **dict(getattr(tree, "settings", ()))):
        return tuple(of_share(tree, by, j) for j in ("i", "j"))
    return (of_loss(tree, by),)


def of_loss(tree: Expr, by: str, letters: Letters | None = None) -> Derivation:
    """The derivative of a loss on matrices with respect to one entry `by[i]`."""
    assert isinstance(tree, Call)
    entry = Name(f"{by}[i]")
    forms = (letters or Letters()).forms(tree, "i")
    first, *rest = (derivative(tidied(form), entry) for form in forms)
    lines = [Rewrite(line, said(form, tree)) for line, form in zip(rest, forms[1:], strict=True)]
    whole = Derivation(first, (*lines, *worked(lines[-1].tree if lines else first)))
    return _with_shares(replace(whole, assumed=_assumed(tree)))


def of_share(tree: Expr, by: str, j: str) -> Derivation:
    """∂pᵢ/∂zⱼ of the softmax p of z, where `j` is i or another index."""
    (form,) = Letters().forms(tree, "i")
    assert isinstance(form, Call) and isinstance(tree, Call)
    own, other = Name(f"{by}[i]"), Name(f"{by}[{j}]")
    start = derivative(form, other)
    exps = (call("exp", own), call("exp", other))
    algebra = CARDS["softmax"].algebra(*exps, form.args[1])
    lines = [*worked(start), *(Rewrite(t, said(t, tree)) for t in algebra)]
    return _with_shares(Derivation(start, tuple(lines)))


def against(claim: Expr, d: Derivation) -> Expr:
    """A claim in a derivation's index notation: `p[i] - y[i]` for `p - y` or `softmax(z) - y`."""
    known = names(d.last) | names(d.answer)
    entries = {n.partition("[")[0]: Name(n) for n in known if n.endswith("[i]")}
    return substitute(rebuild(claim, _share_of), entries)


def _share_of(node: Expr) -> Expr:
    """Entry i of a softmax, by its definition."""
    return Letters().forms(node, "i")[-1] if _op(node) == "softmax" else node


def _with_shares(d: Derivation) -> Derivation:
    """Replaces e^zᵢ / Σ by pᵢ."""
    shares = {n: _short(n) for _, n in walk(d.last) if _is_share(n)}
    return recognised(d, shares, say("recognise the softmax, p"))


def _is_share(node: Expr) -> bool:
    if not isinstance(node, Call) or node.op != "div":
        return False
    above, below = node.args
    return _op(above) == "exp" and _op(below) == "sum" and _op(below.args[0]) == "exp"  # type: ignore[attr-defined]


def _op(node: Expr) -> str:
    return node.op if isinstance(node, Call) else ""


def _short(share: Expr) -> Name:
    letter = next(n.id for _, n in walk(share) if isinstance(n, Name)).rpartition("[")[2]
    return Name(f"{SHARE}[{letter}")


def _assumed(tree: Expr) -> dict[str, Expr]:
    """The assumption that the targets of a softmax cross-entropy add up to 1."""
    found: dict[str, Expr] = {}
    for _, node in walk(tree):
        if isinstance(node, Call) and node.op == "softmax_ce" and isinstance(node.args[1], Name):
            y = node.args[1].id
            found[f"{y}[r]"] = 1 - Name(f"{y}[i]") - Name(f"{y}[j]")
    return found
