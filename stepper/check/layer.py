"""What mistakes with an activation share: their layer, and its derivative in words."""

from __future__ import annotations

from typing import Any

from stepper.check.mistake import Mistake, Place
from stepper.check.scope import Activation, own_slope
from stepper.expr.tree import Call, Expr, Name, names, rebuild, walk
from stepper.language.text import MATH, text
from stepper.ops import CARDS

Z, A = Name("z"), Name("a")


def slope_words(act: Activation) -> dict[str, Any]:
    """The fields `σ′` and `a·(1 − a)` for the templates."""
    form = text(own_slope(act.card, Z, A), MATH).replace(" ⊙ ", "·")
    return {"slope": f"{act.card.notation.unicode}′", "form": form, "z": act.z.id}


def slope_reason(act: Activation) -> str:
    """How the derivative is written: in terms of the output a, or of the argument z."""
    reads = names(own_slope(act.card, Z, A))
    if reads == {"a"}:
        return "{slope} written with its own output is {form}"
    return "{slope} is {form}, with the z that went into it"


def is_slope(place: Place) -> Activation | None:
    """The layer whose derivative is at a place of a right tree."""
    act = place.layer
    return act if act is not None and place.node == act.slope else None


def renamed(tree: Expr, old: Name, new: Name) -> Expr:
    return rebuild(tree, lambda n: new if n == old else n)


class OfALayer(Mistake):
    """Base of the mistakes whose sentences are about one layer's derivative."""

    def act(self, place: Place, ours: Expr) -> Activation | None:
        """The layer it is about: that of the right form, or of what it leaves."""
        around = [ours, place.node]
        if place.parent is not None:
            around += [other for other in place.parent.args if other is not place.node]
        return next((a for a in (_some_layer(t, place) for t in around) if a), None)

    def fields(self, place: Place, ours: Expr) -> dict[str, Any]:
        act = self.act(place, ours)
        return slope_words(act) if act else {"slope": "f′", "form": "", "z": "z"}

    def reason(self, place: Place, ours: Expr) -> str:
        act = self.act(place, ours)
        return slope_reason(act) if act else self.why


def _some_layer(tree: Expr, place: Place) -> Activation | None:
    found = [place.scope.layer[n] for n in sorted(names(tree)) if n in place.scope.layer]
    return found[0] if found else None


def is_mask(tree: Expr) -> bool:
    return isinstance(tree, Call) and CARDS[tree.op].notation.precedence == 1


def mentions(tree: Expr, *ops: str) -> bool:
    return any(isinstance(n, Call) and n.op in ops for _, n in walk(tree))
