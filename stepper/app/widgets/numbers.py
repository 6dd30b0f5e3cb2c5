"""The numbers of the current step: its operands and its result, with names and shapes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache, partial

import numpy as np
from textual import events

from stepper.app.block import Block
from stepper.app.edited import marks
from stepper.app.figure import pack
from stepper.app.fitting import fit, in_sight, over, plain, spread, wrap
from stepper.app.marks import Layout, Marks, marks_of
from stepper.app.modes import moded
from stepper.app.moves.entries import by, select
from stepper.app.moves.going import to_maker
from stepper.app.sight import entries_covered, line_asked, line_covered, read_covered
from stepper.app.snapshot import OF_ENTRY, Move, Snapshot
from stepper.app.still import Still
from stepper.app.summary import summary
from stepper.app.table import table
from stepper.app.widgets.painted import Painted, Wanted
from stepper.app.written import Cell, Written
from stepper.calculus.entry import is_leaf
from stepper.calculus.worked import values_at
from stepper.expr.sentence import say
from stepper.expr.tree import Call, Expr, Name, Path, names
from stepper.language.text import Style, name_text, text
from stepper.ops.card import Value
from stepper.program.code import Step
from stepper.program.find import read_in_order
from stepper.program.trace import Trace
from stepper.show.arrays import shape_text
from stepper.show.cells import wrapped
from stepper.show.reads import operands_of, part_of_text, read_by_line, results
from stepper.show.rows import Ink, Look, Row
from stepper.show.words import PHASE_NAMES, words


class MatrixView(Painted, can_focus=True):
    """Shows matrices, with the selected entry and all it is computed from between ‹ ›."""

    panel = "numbers"
    ignores = OF_ENTRY - {"chosen"}

    def __init__(self, look: Look, *, id: str | None = None) -> None:
        super().__init__(look, id=id)
        self._layout = Still(layout, Layout.holds)

    def paint(self, now: Snapshot, width: int, height: int) -> list[Row]:
        title = moded(words(say("numbers")), now, width - 1, self.look, heavy=self.has_focus)
        laid = self._layout.of(now, width - 2, height - 1, self.look)
        return self.lined(title, laid.inked(marks_of(now)), height)

    def on_click(self, event: events.Click) -> None:
        """Select an entry of the result; a click on an operand goes to where it was computed."""
        written = self.run_at(event.x, event.y)
        if isinstance(written, Written):
            self.post_message(Wanted(_clicked(written)))

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        self.post_message(Wanted(by(0, 1) if event.shift else by(1, 0)))

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        self.post_message(Wanted(by(0, -1) if event.shift else by(-1, 0)))

    def on_mouse_scroll_right(self) -> None:
        self.post_message(Wanted(by(0, 1)))

    def on_mouse_scroll_left(self) -> None:
        self.post_message(Wanted(by(0, -1)))


def _clicked(written: Written) -> Move:
    if not written.block.selects:
        return partial(to_maker, names=written.block.of)
    return partial(select, index=written.at) if isinstance(written, Cell) else by(0, 0)


def layout(now: Snapshot, width: int, height: int, look: Look) -> Layout:
    """The layout of all numbers: those given, those of a step, or the results of a phase."""
    return Layout(_rows(now, width, height, look), now.entry)


def _rows(now: Snapshot, width: int, height: int, look: Look) -> list[Row]:
    step = now.step
    if step is None:
        return _given(now, width, height, look)
    if now.cursor.level == "phase":
        return _phase(now, step, width, height, look)
    head = formula(now, step, width, max(height // 3, 1), look)
    return [*head, *_drawn(now, step, width, height - len(head), look)]


def _given(now: Snapshot, width: int, height: int, look: Look) -> list[Row]:
    """All values that exist before the first step."""
    read = {n for line in now.trace.program.lines for n in names(line.tree)}
    given = [n for n in now.trace.program.given if n in read]
    blocks = [
        Block(n, v, look, mark=marks(now, v), of=(n,)) for n in given for v in [now.trace.value(n)]
    ]
    head = wrap(words(say("given; all else is not computed yet")), width, ink="dim")
    return [*head, *pack(blocks, width, height - len(head), look)]


def _phase(now: Snapshot, step: Step, width: int, height: int, look: Look) -> list[Row]:
    """The results of a phase: the prediction and the loss, the gradients, or the moved weights."""
    trace, blocks = now.trace, []
    for name in results(trace, step.phase):
        slot = trace.slot(name, -1 if step.phase == "update" else 0)
        value = trace.values[slot]
        shown = name_text(name, look.maths)
        mark = marks(now, value)
        blocks.append(
            Block(shown, value, look, "result", mark=mark, of=(name,),
                  hides=entries_covered(now, slot))
        )  # fmt: skip
    said = {"forward": "the prediction and the loss",
            "backward": "the gradient of every weight",
            "update": "every weight, moved"}[step.phase]  # fmt: skip
    heading = say("{phase}: {said}", phase=PHASE_NAMES[step.phase], said=say(said))
    head = wrap(words(heading), width, ink="dim")
    return [*head, *pack(blocks, width, height - len(head), look)]


def screen(look: Look) -> Style:
    """The style of names on the screen: `∂J/∂W2`, in ASCII `dJ_dW2`."""
    return Style(partial=not look.ascii, layout=look.layout)


def formula(now: Snapshot, step: Step, width: int, most: int, look: Look) -> list[Row]:
    """The line as mathematics, with the current operation in reverse, or else its shapes."""
    line, style = now.trace.program.lines[step.line - 1], maths(now, look)
    target = f"{name_text(line.target, style)} = "
    if line_covered(now, step.line):
        return [fit(((f"{target}?", "text"),), width, look)]
    written = target + text(line.tree, style)
    if step.path and now.cursor.level in ("operation", "entry"):
        start, end = (len(target) + n for n in part_of_text(line.tree, step.path, style))
        before, part, after = written[:start], written[start:end], written[end:]
        row: Row = ((before, "text"), (part, "here"), (after, "text"))
        rows = list(over(row, wrapped(plain(row), width, hang=2)))
        return rows if len(rows) <= most else [in_sight(before, part, after, width, look)]
    shapes: Row = ((f"{_shapes(now, step, look)} ", "dim"),)
    whole = spread(((written, "text"),), shapes, width)
    rows = [whole] if whole else wrap(written, width, hang=2)
    return rows if len(rows) <= most else [fit(((written, "text"),), width, look)]


def maths(now: Snapshot, look: Look) -> Style:
    """The style of formulas as mathematics; scalars are multiplied with a dot."""
    return replace(look.maths, sizes=now.trace.shapes)


def _shapes(now: Snapshot, step: Step, look: Look) -> str:
    """`4×4 = 4×1 @ 1×4`."""
    tree = now.trace.program.lines[step.line - 1].tree
    read = read_by_line(now.trace, step)

    def shape(node: Expr, path: Path) -> str | None:
        return shape_text(read[node], look) if is_leaf(node) and node in read else None

    return (
        f"{shape_text(now.trace.values[step.output], look)} = {text(tree, maths(now, look), shape)}"
    )


def _drawn(now: Snapshot, step: Step, width: int, height: int, look: Look) -> list[Row]:
    """A product as a multiplication table, anything else side by side."""
    whole_line = now.cursor.level == "line"
    tree = now.trace.program.lines[step.line - 1].tree if whole_line else step.node
    read = read_by_line(now.trace, step) if whole_line else operands_of(now.trace, step)
    style = maths(now, look)
    if line_covered(now, step.line):
        values = values_at(now.trace, step)
        told = [] if line_asked(now, step.line) else read_in_order(tree)
        read = {Name(name): values[name] for name in told}
    block = partial(_block, now, style, read, marks_of(now), look)
    result = Block(
        text(now.result, style) if now.result else "", now.trace.values[step.output], look,
        "result", now.entry, selects=True, filled=now.cursor.filled(step.output),
        hides=entries_covered(now, step.output), mark=marks(now, now.trace.values[step.output]),
    )  # fmt: skip
    whole = summary(result, width, height)
    height -= len(whole)
    to_come = _to_come(now, step, style, look)
    product = None if line_covered(now, step.line) else product_in(tree, read)
    if product is None:
        result = replace(result, name=f"{look.sign('→', '->')} {result.name}")
        known = {} if line_covered(now, step.line) else inks(now)
        shown = [block(node, known.get(min(names(node), default=""), "text")) for node in read]
        blocks = [*shown, result, *to_come]
        return [*pack(blocks, width, height, look), *whole]
    left, top, *more = product
    spare = height - np.shape(read[top])[0] - np.shape(result.value)[0] - 2 if to_come else 0
    under = pack(to_come, width, spare, look) if spare > 1 else []
    drawn = table(block(left, "left"), block(top, "right"), result, [block(m) for m in more],
                  width, height - len(under), look)  # fmt: skip
    return [*drawn, *under, *whole]


def _to_come(now: Snapshot, step: Step, style: Style, look: Look) -> list[Block]:
    """The result of the line, not computed yet; nothing at the line's last step."""
    if step.last:
        return []
    line, slot = now.trace.program.lines[step.line - 1], now.trace.line_steps(step.line)[-1].output
    name = f"{look.sign('→', '->')} {name_text(line.target, style)}"
    return [Block(name, now.trace.values[slot], look, "result", filled=0, of=(line.target,))]


def inks(now: Snapshot) -> Mapping[str, Ink]:
    """The ink of each name that the current line reads, the same wherever its numbers appear."""
    return {} if now.step is None else _inks(now.trace, now.step)


@lru_cache(maxsize=4)
def _inks(trace: Trace, step: Step) -> Mapping[str, Ink]:
    tree, read = trace.program.lines[step.line - 1].tree, read_by_line(trace, step)
    order = [name for node in product_in(tree, read) or read for name in sorted(names(node))]
    hues: list[Ink] = ["left", "right"]
    return dict(zip(dict.fromkeys(order), hues, strict=False))


def _block(
    now: Snapshot,
    style: Style,
    read: Mapping[Expr, Value],
    marked: Marks,
    look: Look,
    node: Expr,
    ink: Ink = "text",
) -> Block:
    mark = marks(now, read[node])
    focus = min(marked.made_of.get(node, ()), default=(0, 0))
    return Block(text(node, style), read[node], look, ink, focus, read=node, mark=mark,
                 of=names(node), hides=read_covered(now, node))  # fmt: skip


def product_in(tree: Expr, read: Mapping[Expr, Value]) -> list[Expr] | None:
    """The operands of `A @ B` or `A @ B + b`; None for any other tree."""
    if not isinstance(tree, Call):
        return None
    if tree.op == "matmul" and all(a in read for a in tree.args):
        return list(tree.args)
    if tree.op == "add" and tree.args[1] in read:
        inner = product_in(tree.args[0], read)
        return [*inner, tree.args[1]] if inner and len(inner) == 2 else None
    return None
