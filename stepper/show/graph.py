"""A program as boxes and arrows: forward down the left side, backward up the right side.

A gradient is drawn beside the name it belongs to. A solid arrow passes on a result, a dotted one a
forward value that a backward line reads again. A shape is that of the value the arrow carries.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby

from rich.cells import cell_len

from stepper.expr.sentence import Sentence
from stepper.language.text import CODE, SCREEN, name_text
from stepper.program.program import Program
from stepper.show.graph_draw import Canvas, Spot, Wire, drawn
from stepper.show.graph_layout import Edge, Places, places
from stepper.show.graph_lines import DOWN, LEFT, RIGHT, UP, line_sign
from stepper.show.rows import Ink, Look, Row, Run
from stepper.show.words import words

_MARKS = {"here": ("►", ">"), "mark": ("›", "-"), "dim": ("·", "."), "text": (" ", " ")}
PLAIN = Look()


@dataclass(frozen=True, slots=True, eq=False)
class Graph:
    """A drawn program; `targets` are the names of its lines, in order."""

    targets: tuple[str, ...]
    edges: frozenset[Edge]
    """Every name paired with each forward and backward line that reads it."""
    dotted: frozenset[Edge]
    texts: Mapping[str, str]
    """The text in every box."""
    shapes: Mapping[str, str]
    canvas: Canvas
    headings: Mapping[Spot, str]
    look: Look

    @property
    def width(self) -> int:
        return self.canvas.width

    @property
    def height(self) -> int:
        return self.canvas.height

    def where(self, target: str) -> Spot:
        """The middle of a name's box: column and row, from 0. Raises KeyError if it has no box."""
        x, y = self.canvas.boxes[target]
        return x + 1 + (cell_len(self.texts[target]) - 1) // 2, y

    def node_at(self, x: int, y: int) -> str | None:
        """The name whose box, or its mark, covers a cell."""
        for name, (left, row) in self.canvas.boxes.items():
            if row == y and left <= x <= left + cell_len(self.texts[name]):
                return name
        return None

    def rows(
        self, current: int | None, operands: Collection[str], exists: Callable[[str], bool]
    ) -> list[Row]:
        """The drawing while line `current` (from 1) runs on these operands.

        Its box is marked ►, theirs ›, and the arrows between them are heavy; values that do not
        exist yet are marked ·.
        """
        target = self.targets[current - 1] if current else None
        hot = {(name, target) for name in operands} & self.edges if target else set()
        cells = [list(row) for row in _at_rest(self)]
        for spot in {spot for edge in hot for spot in _ways(self).get(edge, ())}:
            _put(cells, spot, self.wire(self.canvas.wires[spot], hot), "mark")
        for spot, name in self.canvas.shapes.items():
            _put(cells, spot, self.shapes[name], "mark" if self._hands_on(name, hot) else "dim")
        for spot, heading in self.headings.items():
            _put(cells, spot, heading, "title")
        for name, spot in self.canvas.boxes.items():
            ink = _state(name, target, operands, exists)
            _put(cells, spot, self.look.sign(*_MARKS[ink]) + self.texts[name], ink)
        return [_joined(row) for row in cells]

    def _hands_on(self, name: str, hot: Collection[Edge]) -> bool:
        return any(source == name for source, _ in hot)

    def wire(self, wire: Wire, hot: Collection[Edge]) -> str:
        """The sign of a cell; where arrows cross, the vertical or the heavy one is in front."""
        if wire.head:
            return self.look.sign(*(("▲", "^") if wire.head == UP else ("▼", "v")))
        across = bool(wire.edges(LEFT | RIGHT) & {*hot})
        arms = wire.arms if not wire.crossing else (LEFT, RIGHT) if across else (UP, DOWN)
        here = {arm: edges for arm, edges in wire.arms.items() if arm in arms}
        heavy = sum(arm for arm, edges in here.items() if edges & {*hot})
        dotted = all(edges <= self.dotted for edges in here.values())
        return line_sign(sum(here), heavy, dotted=dotted, ascii=self.look.ascii)


@lru_cache(maxsize=4)
def _at_rest(graph: Graph) -> list[list[Run]]:
    """The arrows of a drawing while no step runs: the same for every step."""
    cells: list[list[Run]] = [[(" ", "text")] * graph.width for _ in range(graph.height)]
    for spot, wire in graph.canvas.wires.items():
        _put(cells, spot, graph.wire(wire, ()), "dim")
    return cells


@lru_cache(maxsize=4)
def _ways(graph: Graph) -> Mapping[Edge, Collection[Spot]]:
    """The cells each edge passes through."""
    ways: dict[Edge, list[Spot]] = {}
    for spot, wire in graph.canvas.wires.items():
        for edge in wire.edges():
            ways.setdefault(edge, []).append(spot)
    return ways


def graph(program: Program, shapes: Mapping[str, Sequence[object]], look: Look = PLAIN) -> Graph:
    """The graph of a program; `shapes` holds the shape of every value, `()` for a scalar."""
    found = places(program)
    style = CODE if look.ascii else SCREEN
    names = [*found.depth, *found.rest]
    texts = {name: f"[{look.spelled(name_text(name, style))}]" for name in names}
    sizes = {name: _size(shapes.get(name), look) for name in names}
    if all(size in ("", "1") for size in sizes.values()):
        sizes = dict.fromkeys(names, "")
    canvas = drawn(found, texts, sizes, top=1)
    dotted = frozenset(edge for edge in found.edges if found.dotted(edge))
    headings = _headings(canvas, look, dotted=bool(dotted))
    if found.rest:
        headings |= _update(canvas, found, texts, sizes, look)
    targets = tuple(line.target for line in program.lines)
    return Graph(targets, found.edges, dotted, texts, sizes, canvas, headings, look)


def _size(shape: Sequence[object] | None, look: Look) -> str:
    """`4×1`; `1` for a scalar, as in the program panel."""
    if shape is None:
        return ""
    return look.sign("×", "x").join(map(str, shape)) or "1"


def _headings(canvas: Canvas, look: Look, *, dotted: bool) -> dict[Spot, str]:
    """The direction of each side, and what a dotted arrow means if there is one."""
    down, up = look.sign("▼", "v"), look.sign("▲", "^")
    left = f"{down} {words(Sentence('forward'), ascii=look.ascii)}"
    right = f"{up} {words(Sentence('backward'), ascii=look.ascii)}"
    if dotted:
        right += f"  {look.sign('┄', '.') * 2} {words(Sentence('read again'), ascii=look.ascii)}"
    at = max(canvas.middle, cell_len(left) + 2)
    canvas.width = max(canvas.width, at + cell_len(right))
    return {(0, 0): left, (at, 0): right}


def _update(
    canvas: Canvas,
    found: Places,
    texts: Mapping[str, str],
    shapes: Mapping[str, str],
    look: Look,
) -> dict[Spot, str]:
    """The boxes of what only the update uses, below all others and without arrows."""
    heading = words(Sentence("update"), ascii=look.ascii)
    first = canvas.height + 1
    wide = max(cell_len(texts[name]) + len(shapes[name]) for name in found.rest) + 3
    each = max((canvas.width + 1) // wide, 1)
    canvas.width = max(canvas.width, wide - 1, cell_len(heading))
    for k, name in enumerate(found.rest):
        x, y = k % each * wide, first + k // each
        canvas.boxes[name] = x, y
        canvas.shapes |= {(x + 2 + cell_len(texts[name]), y): name} if shapes[name] else {}
    canvas.height = first + 1 + (len(found.rest) - 1) // each
    return {(0, first - 1): heading}


def _state(
    name: str, target: str | None, operands: Collection[str], exists: Callable[[str], bool]
) -> Ink:
    if name == target:
        return "here"
    if name in operands:
        return "mark"
    return "text" if exists(name) else "dim"


def _put(cells: list[list[Run]], spot: Spot, text: str, ink: Ink) -> None:
    """Writes a text into the cells of a row; a full-width character takes two."""
    x, y = spot
    runs: list[Run] = []
    for letter in text:
        runs += [(letter, ink), *[("", ink)] * (cell_len(letter) - 1)]
    cells[y][x : x + len(runs)] = runs


def _joined(cells: Sequence[Run]) -> Row:
    inked = groupby(cells, key=lambda cell: cell[1])
    return tuple(("".join(letter for letter, _ in run), ink) for ink, run in inked)
