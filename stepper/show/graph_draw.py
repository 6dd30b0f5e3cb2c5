"""Turns the places and routes of a graph into cells: where each box, arrow and shape is drawn."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise

from rich.cells import cell_len

from stepper.show.graph_layout import Edge, Places
from stepper.show.graph_lines import DOWN, LEFT, RIGHT, UP
from stepper.show.graph_routes import Channel, Hop, Port, routed

_ARMS = {(0, -1): UP, (0, 1): DOWN, (-1, 0): LEFT, (1, 0): RIGHT}

Spot = tuple[int, int]
"""A cell: its column and its row, from 0."""


@dataclass(slots=True, eq=False)
class Wire:
    """What passes through a cell: the edges that leave it on each side, and those that end here."""

    arms: dict[int, set[Edge]] = field(default_factory=lambda: defaultdict(set))
    head: int = 0

    def edges(self, arms: int = UP | DOWN | LEFT | RIGHT) -> set[Edge]:
        return set().union(*(edges for arm, edges in self.arms.items() if arm & arms))

    @property
    def crossing(self) -> bool:
        """Whether two unrelated arrows cross here."""
        across, upright = self.edges(LEFT | RIGHT), self.edges(UP | DOWN)
        return bool(across and upright) and not across & upright


@dataclass(slots=True, eq=False)
class Canvas:
    """The cells of everything drawn. A box's spot is that of its mark, left of it."""

    boxes: dict[str, Spot] = field(default_factory=dict)
    shapes: dict[Spot, str] = field(default_factory=dict)
    wires: dict[Spot, Wire] = field(default_factory=lambda: defaultdict(Wire))
    middle: int = 0
    """The column at which the right side starts."""
    width: int = 0
    height: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class Columns:
    """The column of every slot on the left and on the right, and of the tracks between them."""

    slots: Mapping[tuple[bool, int], int]
    between: Mapping[str, int]
    middle: int
    width: int


def drawn(found: Places, texts: Mapping[str, str], shapes: Mapping[str, str], top: int) -> Canvas:
    """The canvas of a graph whose boxes hold these texts; its first `top` rows stay empty."""
    columns = _columns(found, texts, shapes)
    hops, labels = _hops(found, columns), _labels(found, columns, shapes)
    canvas = Canvas(middle=columns.middle, width=columns.width)
    y = top
    for depth in range(-1, found.last + 1):
        y = _row(canvas, found, columns, texts, depth, y) if depth >= 0 else y
        lengths = {port: len(shapes[port.box]) for port in labels.get(depth, ())}
        channel = routed(hops.get(depth, {}), lengths)
        _lay(canvas, channel, y - 1)
        _name_shapes(canvas, channel, labels.get(depth, {}), y - 1)
        y += channel.height
    _pass(canvas, found, columns)
    canvas.height = y
    return canvas


def _row(
    canvas: Canvas, found: Places, columns: Columns, texts: Mapping[str, str], depth: int, y: int
) -> int:
    """Draws a row of boxes at `y`; returns the row after it."""
    for name in (n for n in found.depth if found.depth[n] == depth):
        canvas.boxes[name] = _column(found, columns, name) - _left(texts[name]), y
    return y + 1


def _left(text: str) -> int:
    """The distance from the middle of a box to its mark."""
    return 1 + (cell_len(text) - 1) // 2


def _column(found: Places, columns: Columns, name: str) -> int:
    return columns.slots[name in found.right, found.slot[name]]


def _columns(found: Places, texts: Mapping[str, str], shapes: Mapping[str, str]) -> Columns:
    """Makes slots as wide as their boxes and shapes need; those on the left count leftwards."""
    left: dict[tuple[bool, int], int] = defaultdict(lambda: 1)
    right: dict[tuple[bool, int], int] = defaultdict(int)
    for name, slot in found.slot.items():
        key, text = (name in found.right, slot), texts[name]
        left[key] = max(left[key], _left(text))
        right[key] = max(right[key], cell_len(text) - _left(text), len(shapes[name]))
    for name, slot in found.detours.items():
        left[name in found.right, slot] += 0
    at, x = {}, 0
    for key in sorted(left, key=lambda k: (k[0], k[1] if k[0] else -k[1])):
        at[key] = x + left[key]
        x = at[key] + right[key] + 1
    between, tracks = _between(found)
    first = min((at[key] - left[key] for key in left if key[0]), default=x)
    room = 1 + 2 * tracks - (tracks > 0)
    at = {key: column + room * key[0] for key, column in at.items()}
    return Columns(at, {n: first + 1 + 2 * k for n, k in between.items()}, first + room, x + room)


def _channels(found: Places, edge: Edge) -> tuple[int, int]:
    """The channels in which an arrow starts and ends."""
    source, target = edge
    return (
        found.depth[source] - (source in found.right),
        found.depth[target] - (target not in found.right),
    )


def _between(found: Places) -> tuple[dict[str, int], int]:
    """The names whose arrows run vertically between the two sides, each with its track; and the
    number of tracks."""
    reach: dict[str, list[int]] = defaultdict(list)
    for edge in found.edges:
        first, last = _channels(found, edge)
        if found.steps(edge) < 1 and first != last:
            reach[edge[0]] += [first, last]
    tracks: list[int] = []
    track: dict[str, int] = {}
    for name in sorted(reach, key=lambda n: (min(reach[n]), n)):
        free = (k for k, end in enumerate(tracks) if end < min(reach[name]))
        track[name] = next(free, len(tracks))
        tracks[track[name] :] = [max(reach[name]), *tracks[track[name] + 1 :]]
    return track, len(tracks)


def _via(found: Places, columns: Columns, edge: Edge) -> int:
    """The column in which an arrow passes rows of boxes."""
    side, name = edge[0] in found.right, edge[0]
    if found.steps(edge) > 1:
        return columns.slots[side, found.detours[name]]
    return columns.between.get(name, 0)


def _hops(found: Places, columns: Columns) -> dict[int, dict[Hop, frozenset[Edge]]]:
    """The hops in every channel, with the edges they carry."""
    hops: dict[int, dict[Hop, frozenset[Edge]]] = defaultdict(dict)
    for edge in sorted(found.edges):
        source, target = edge
        start = Port(_column(found, columns, source), source not in found.right, source)
        end = Port(_column(found, columns, target), target in found.right, target)
        dotted = found.dotted(edge)
        via = _via(found, columns, edge)
        for channel, a, b in _ways(start, end, _channels(found, edge), via):
            hop = Hop(a, b, dotted)
            hops[channel][hop] = hops[channel].get(hop, frozenset()) | {edge}
    return hops


def _ways(
    start: Port, end: Port, channels: tuple[int, int], via: int
) -> Iterator[tuple[int, Port, Port]]:
    first, last = channels
    way = 1 if last > first else -1
    for channel in range(first, last, way):
        yield channel, start, Port(via, way < 0)
        start = Port(via, way > 0)
    yield last, start, end


def _labels(
    found: Places, columns: Columns, shapes: Mapping[str, str]
) -> dict[int, dict[Port, bool]]:
    """The ports with a shape beside them, by channel, and whether an arrow leaves there."""
    labels: dict[int, dict[Port, bool]] = defaultdict(dict)
    read = {source for source, _ in found.edges}
    for name in found.depth:
        port = Port(_column(found, columns, name), name not in found.right, name)
        if shapes[name] and (name in read or shapes[name] != "1"):
            labels[found.depth[name] - (name in found.right)][port] = name in read
    return labels


def _lay(canvas: Canvas, channel: Channel, above: int) -> None:
    """Draws the wires of a channel that starts below the row `above`."""
    for hop, edges in channel.hops.items():
        ends = [1 if port.top else channel.height for port in hop[:2]]
        row = channel.rows.get(hop, ends[0])
        a, b = hop.source.x, hop.target.x
        corners = [(a, ends[0]), (a, row), (b, row), (b, ends[1])]
        cells = list(_line([(x, above + y) for x, y in corners]))
        outside = [UP if port.top else DOWN for port in hop[:2]]
        canvas.wires[cells[0]].arms[outside[0]] |= edges
        canvas.wires[cells[-1]].arms[outside[1]] |= edges
        for (x, y), (u, v) in pairwise(cells):
            canvas.wires[x, y].arms[_ARMS[u - x, v - y]] |= edges
            canvas.wires[u, v].arms[_ARMS[x - u, y - v]] |= edges
        if hop.target.box:
            canvas.wires[cells[-1]].head = outside[1]


def _line(corners: list[Spot]) -> Iterator[Spot]:
    """The cells of a line through these corners, each once."""
    yield corners[0]
    for (x, y), (u, v) in pairwise(corners):
        length = abs(u - x) + abs(v - y)
        for k in range(1, length + 1):
            yield x + (u - x) * k // length, y + (v - y) * k // length


def _name_shapes(
    canvas: Canvas,
    channel: Channel,
    labels: Mapping[Port, bool],
    above: int,
) -> None:
    """Places the shapes of a channel: to the right of where an arrow leaves, or would leave."""
    starts = {hop.source.box: hop.source.x for hop in channel.hops}
    for port, read in labels.items():
        x = starts.get(port.box, port.x) + read
        canvas.shapes[x, above + (1 if port.top else channel.height)] = port.box


def _pass(canvas: Canvas, found: Places, columns: Columns) -> None:
    """Draws the arrows that pass a row of boxes."""
    row = {found.depth[name]: y for name, (_, y) in canvas.boxes.items()}
    for edge in found.edges:
        first, last = _channels(found, edge)
        for depth in range(min(first, last) + 1, max(first, last) + 1):
            wire = canvas.wires[_via(found, columns, edge), row[depth]]
            wire.arms[UP].add(edge)
            wire.arms[DOWN].add(edge)
