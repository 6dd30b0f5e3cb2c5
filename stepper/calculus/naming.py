"""Gives inner operations that the backward program needs a line and a name of their own."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from stepper.expr.tree import Call, Expr, Name, walk
from stepper.ops import CARDS
from stepper.program.program import Line


def named(lines: tuple[Line, ...], taken: Collection[str]) -> tuple[Line, ...]:
    """The same program with more lines: `a1 = act(W1 @ X)` becomes `z1 = W1 @ X`, `a1 = act(z1)`.

    A name is given to the argument of a nonlinear operation that contains `@`, to an operand of `@`
    that is neither a name nor a view of one, and to an operation that wants a line of its own.
    """
    used = {*taken, *(line.target for line in lines)}
    result: list[Line] = []
    for line in lines:
        namer = _Namer(line, used, result)
        result.append(replace(line, tree=namer.inside(line.tree)))
    return tuple(result)


class _Namer:
    """Walks one line, operands first, and emits the lines that precede it."""

    def __init__(self, line: Line, used: set[str], before: list[Line]) -> None:
        self.line, self.used, self.before = line, used, before

    def inside(self, tree: Expr) -> Expr:
        """A tree in which the operands that need a name have one."""
        if not isinstance(tree, Call):
            return tree
        args = tuple(self.operand(tree, a) for a in tree.args)
        same = all(a is b for a, b in zip(args, tree.args, strict=True))
        return tree if same else replace(tree, args=args)

    def operand(self, parent: Call, arg: Expr) -> Expr:
        inner = self.inside(arg)
        if not isinstance(inner, Call) or not _needs_name(parent, arg, inner):
            return inner
        name = self.free(at_root=parent is self.line.tree)
        self.before.append(replace(self.line, target=name, tree=inner))
        return Name(name, span=arg.span)

    def free(self, at_root: bool) -> str:
        """A free name: `z1` beside `a1` if that is free, else the next `t`."""
        target = self.line.target
        wanted = f"z{target[1:]}"
        if not (at_root and target[:1] == "a" and target[1:].isdigit() and wanted not in self.used):
            wanted = next(f"t{n}" for n in range(1, 10_000) if f"t{n}" not in self.used)
        self.used.add(wanted)
        return wanted


def _needs_name(parent: Call, arg: Expr, inner: Call) -> bool:
    card = CARDS[parent.op]
    if CARDS[inner.op].wants_own_line:
        return True
    if parent.op == "matmul":
        return not _simple(inner)
    return not card.is_linear and _has_product(inner)


def _has_product(tree: Expr) -> bool:
    return any(isinstance(n, Call) and n.op == "matmul" for _, n in walk(tree))


def _simple(tree: Expr) -> bool:
    """Whether a tree is a name, a view of one, or one with its row of ones appended."""
    if isinstance(tree, Name):
        return True
    if not isinstance(tree, Call):
        return False
    return (CARDS[tree.op].is_view or tree.op == "with_ones") and _simple(tree.args[0])
