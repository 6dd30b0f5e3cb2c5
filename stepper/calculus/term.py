"""A product taken apart: a number, scalars above and below a fraction bar, and the matrices."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace
from fractions import Fraction
from math import prod
from typing import NamedTuple

from stepper.calculus.coefficient import literal, reduced
from stepper.expr.tree import Call, Expr, Name, Number, call, names, settings_of, walk
from stepper.language.shape import Shapes, shape_of
from stepper.ops.dims import ONE, SCALAR, Dim, Shape, broadcast
from stepper.ops.parts import WHOLE


class Known(NamedTuple):
    """What tidying may rely on: shapes, the names that are scalars, and the nodes to keep."""

    shapes: Shapes
    scalars: Collection[str]
    """N, sizes and constants: they commute, so they may move within a product."""
    kept: Collection[int]
    """The ids of the forward program's own nodes, which stay as they were typed."""

    def shape(self, tree: Expr) -> Shape:
        return shape_of(tree, self.shapes)

    def plain(self, tree: Expr) -> bool:
        return (
            not isinstance(tree, Number)
            and names(tree) <= set(self.scalars)
            and self.shape(tree) == SCALAR
        )


class Term(NamedTuple):
    """`number * over / under * core`; a core of None is 1."""

    number: Fraction = Fraction(1)
    below: Fraction = Fraction(1)
    typed: str = ""
    """The number as it was typed, if it is a single literal."""
    over: tuple[Expr, ...] = ()
    under: tuple[Expr, ...] = ()
    core: Expr | None = None

    def times(self, other: Term, core: Expr | None) -> Term:
        typed = (self.typed or other.typed) if 1 in (abs(self.number), abs(other.number)) else ""
        return Term(
            self.number * other.number,
            self.below * other.below,
            typed,
            self.over + other.over,
            self.under + other.under,
            core,
        )

    def inverse(self) -> Term:
        sign = 1 if self.number > 0 else -1
        return Term(sign * self.below, abs(self.number), "", self.under, self.over, None)


def term(tree: Expr, known: Known) -> Term:
    """The parts of a tree: numbers and scalars are pulled out of `* / neg @ .T`."""
    if isinstance(tree, Number):
        return Term(Fraction(tree.text or str(tree.value)), typed=tree.text)
    if isinstance(tree, Call) and tree.op == "size":
        return _count(tree, known)
    if known.plain(tree) and not (isinstance(tree, Call) and tree.op in _RULES):
        return Term(over=(tree,))
    if not isinstance(tree, Call) or (_stays(tree, known) and tree.op != "neg"):
        return Term(core=tree)
    return _RULES.get(tree.op, _other)(tree, known)


def _stays(tree: Call, known: Known) -> bool:
    return id(tree) in known.kept and not known.plain(tree)


def _count(tree: Call, known: Known) -> Term:
    """A count of entries, `N` or `(2 * N)`; it does not cancel against other numbers."""
    shape = known.shape(tree.args[0])
    axis = settings_of(tree).get("axis")
    counted = [_length(d, known) for i, d in enumerate(shape) if axis in (None, i) and d != ONE]
    number = prod(int(x.value) for x in counted if isinstance(x, Number))
    over = [x for x in counted if not isinstance(x, Number)]
    return Term(over=tuple(over if number == 1 else [Number(number), *over]))


def count(dim: Dim) -> Expr:
    """The count that a dimension stands for: `N`, `N + 1`."""
    return Name("N") + Number(dim.extra) if dim.extra else Name("N")


def _length(dim: Dim, known: Known) -> Expr:
    if dim.size is None:
        return count(dim)
    if dim.name in known.scalars:
        return Name(dim.name)
    return Number(dim.size or 0)


def _neg(tree: Call, known: Known) -> Term:
    inner = term(tree.args[0], known)
    return inner._replace(number=-inner.number)


def _mul(tree: Call, known: Known) -> Term:
    a, b = (term(x, known) for x in tree.args)
    return a.times(b, _product(a.core, b.core, known, tree))


def _product(a: Expr | None, b: Expr | None, known: Known, tree: Call) -> Expr | None:
    if a is None or b is None:
        return a or b
    a = _unexpanded(a, b, known)
    b = _unexpanded(b, a, known)
    return replace(tree, args=(a, b)) if a and b else a or b


def _unexpanded(x: Expr, beside: Expr | None, known: Known) -> Expr | None:
    """What remains of a repeated `x` beside a matrix that broadcasts it anyway."""
    if not isinstance(x, Call) or x.op not in ("expand", "ones_like") or beside is None:
        return x
    whole = known.shape(beside)
    if broadcast(known.shape(x), whole) != whole or id(x) in known.kept:
        return x
    return _unexpanded(x.args[0], beside, known) if x.op == "expand" else None


def _div(tree: Call, known: Known) -> Term:
    a, b = (term(x, known) for x in tree.args)
    if b.number == 0:
        return _other(tree, known)
    if b.core is None:
        return a.times(b.inverse(), a.core)
    above = Number(1) if a.core is None else _unexpanded(a.core, b.core, known) or Number(1)
    return a.times(b.inverse(), replace(tree, args=(above, b.core)))


def _matmul(tree: Call, known: Known) -> Term:
    a, b = (term(x, known) for x in tree.args)
    assert a.core is not None and b.core is not None
    return a.times(b, replace(tree, args=(a.core, b.core)))


def _transpose(tree: Call, known: Known) -> Term:
    inner = term(tree.args[0], known)
    core = inner.core
    if core is None:
        return inner
    if isinstance(core, Call) and core.op == "transpose":
        return inner._replace(core=core.args[0])
    if isinstance(core, Call) and core.op == "ones_like":
        turned = _tidied_view(call("transpose", core.args[0]), known)
        return inner._replace(core=call("ones_like", turned))
    if isinstance(core, Call) and core.op == "matmul":
        left, right = (_tidied_view(call("transpose", x), known) for x in core.args)
        return inner._replace(core=replace(tree, op="matmul", args=(right, left), settings=()))
    return inner._replace(core=replace(tree, args=(core,)))


def _tidied_view(tree: Expr, known: Known) -> Expr:
    core = term(tree, known).core
    assert core is not None
    return core


def _slice(tree: Call, known: Known) -> Term:
    """Moves a slice into a product, so that only what is needed is multiplied."""
    inner = term(tree.args[0], known)
    core, settings = inner.core, settings_of(tree)
    assert core is not None
    if isinstance(core, Call) and core.op == "matmul":
        top = call("slice", core.args[0], rows=settings["rows"], columns=WHOLE)
        side = call("slice", core.args[1], rows=WHOLE, columns=settings["columns"])
        left, right = (
            x.args[0] if set(settings_of(x).values()) == {WHOLE} else _tidied_view(x, known)
            for x in (top, side)
        )
        return inner._replace(core=replace(core, args=(left, right), note=tree.note or core.note))
    if isinstance(core, Call) and core.op == "transpose":
        turned = call("slice", core.args[0], rows=settings["columns"], columns=settings["rows"])
        return inner._replace(core=replace(core, args=(_tidied_view(turned, known),)))
    return inner._replace(core=replace(tree, args=(core,)))


def _expand(tree: Call, known: Known) -> Term:
    """A scalar repeated to a shape is that scalar times ones."""
    inner = term(tree.args[0], known)
    like = simplest(tree.args[1], known)
    if inner.core is None:
        return inner._replace(core=None if known.shape(like) == SCALAR else call("ones_like", like))
    if known.shape(inner.core) == known.shape(like):
        return inner
    if isinstance(inner.core, Call) and inner.core.op == "ones_like":
        return inner._replace(core=call("ones_like", like))
    return inner._replace(core=replace(tree, args=(inner.core, like)))


def simplest(like: Expr, known: Known) -> Expr:
    """A name in a tree that has the tree's shape: `ones_like(W)`, not `ones_like(-W / 2)`."""
    shape = known.shape(like)
    found = (n for _, n in walk(like) if isinstance(n, Name) and known.shape(n) == shape)
    return next(found, like)


def _sum(tree: Call, known: Known) -> Term:
    inner = term(tree.args[0], known)
    if inner.core is None:
        return _other(tree, known)
    return inner._replace(core=replace(tree, args=(inner.core,)))


def _other(tree: Call, known: Known) -> Term:
    """Any other operation is kept; only its operands are tidied."""
    return Term(core=replace(tree, args=tuple(tidied(a, known) for a in tree.args)))


_RULES: dict[str, Callable[[Call, Known], Term]] = {
    "neg": _neg,
    "mul": _mul,
    "div": _div,
    "matmul": _matmul,
    "transpose": _transpose,
    "slice": _slice,
    "expand": _expand,
    "sum": _sum,
}


def tidied(tree: Expr, known: Known) -> Expr:
    """A tree without superfluous numbers: taken apart and put together again."""
    if id(tree) in known.kept or isinstance(tree, (Name, Number)):
        return tree
    return built(term(tree, known), known)


def built(t: Term, known: Known) -> Expr:
    """The tree of a term: one coefficient in front, one division at the end, matrices unchanged."""
    number, below = reduced(t.number, t.below)
    sign = number < 0
    above: list[Expr] = []
    if abs(number) != 1:
        above.append(literal(abs(number), t.typed))
    above += t.over
    under = [*([] if below == 1 else [literal(below, "")]), *t.under]
    for x in [x for x in under if x in above and isinstance(x, Name)]:
        under.remove(x)
        above.remove(x)
    body = _in_front(above, t.core, sign, known)
    return body / _multiplied(under) if under else body


def _multiplied(factors: list[Expr]) -> Expr:
    product = factors[0]
    for f in factors[1:]:
        product = product * f
    return product


def _in_front(above: list[Expr], core: Expr | None, negative: bool, known: Known) -> Expr:
    if core is None:
        alone = _multiplied(above) if above else Number(1)
        return _negated(alone, known) if negative else alone
    if not above and not negative:
        return core
    return _at_left(core, above, negative, known)


def _at_left(core: Expr, above: list[Expr], negative: bool, known: Known) -> Expr:
    """Puts coefficient and sign on the leftmost factor: `2 * a * b`, not `2 * (a * b)`."""
    if isinstance(core, Call) and core.op in ("mul", "div") and id(core) not in known.kept:
        if above and core.op == "div" and core.args[0] == Number(1):
            front = _multiplied(above)
            return replace(core, args=(_negated(front, known) if negative else front, core.args[1]))
        left = _at_left(core.args[0], above, negative, known)
        return replace(core, args=(left, *core.args[1:]))
    if not above:
        return _negated(core, known)
    front = _multiplied(above)
    return call("mul", _negated(front, known) if negative else front, core)


def _negated(tree: Expr, known: Known) -> Expr:
    """Negates a tree; `-(p - q)` becomes `q - p` if both are names."""
    if isinstance(tree, Call) and tree.op == "sub" and all(isinstance(a, Name) for a in tree.args):
        return replace(tree, args=tree.args[::-1])
    if isinstance(tree, Call) and tree.op == "mul" and id(tree) not in known.kept:
        return replace(tree, args=(_negated(tree.args[0], known), tree.args[1]))
    return -tree
