"""Routes arrows between two rows of boxes: in which row each turns, and with which others it
merges.

Between two rows of boxes is a channel. Arrows with the same start, or with the same end, share a
row of it as far as possible; all others stay apart, and where two cross neither of them turns.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from stepper.show.graph_layout import Edge


class Port(NamedTuple):
    """Where arrows enter or leave a channel: at its top or bottom, at a box or passing one."""

    x: int
    top: bool
    box: str = ""


class Hop(NamedTuple):
    """The part of one or more arrows that lies in one channel."""

    source: Port
    target: Port
    dotted: bool


Hops = Mapping[Hop, frozenset[Edge]]
Net = frozenset[Hop]
"""Hops that share a row of the channel: all from one port, or all to one port."""


@dataclass(frozen=True, slots=True, eq=False)
class Channel:
    """The hops between two rows of boxes, and the row, from 1, in which each turns, if it does."""

    hops: Hops
    rows: Mapping[Hop, int]
    height: int


def routed(hops: Hops, labels: Mapping[Port, int]) -> Channel:
    """A channel in which arrows share a cell only if they start or end together.

    `labels` are the lengths of the texts beside ports, to the right of where an arrow leaves.
    """
    while True:
        nets = _nets(hops)
        before = _before(nets)
        order = _sorted(nets, before)
        if len(order) == len(nets):
            break
        hops, labels = _aside(hops, labels, [n for n in nets if n not in order])
    rows = _rows(order, before, labels, hops)
    height = max([*rows.values(), 1 if labels or hops else 0])
    if any(r == height and _meets(n, hops, labels, top=False) for n, r in rows.items()):
        height += 1
    _sink(rows, height, before, labels, hops)
    return Channel(hops, {hop: row for net, row in rows.items() for hop in net}, height)


def _nets(hops: Hops) -> list[Net]:
    """Covers the hops greedily by few nets, the largest first; a straight hop needs none."""
    nets: list[Net] = []
    for dotted in (False, True):
        left = {hop for hop in hops if hop.dotted == dotted}
        while left:
            best = max(_stars(left), key=lambda star: (len(star), sorted(star)))
            left -= best
            if any(hop.source.x != hop.target.x for hop in best):
                nets.append(best)
    return nets


def _stars(hops: Iterable[Hop]) -> Collection[Net]:
    stars: dict[tuple[str, Port], set[Hop]] = defaultdict(set)
    for hop in hops:
        stars["from", hop.source].add(hop)
        stars["to", hop.target].add(hop)
    return [frozenset(star) for star in stars.values()]


def _ports(hops: Iterable[Hop]) -> set[Port]:
    return {port for hop in hops for port in hop[:2]}


def _span(net: Net) -> tuple[int, int]:
    at = [port.x for port in _ports(net)]
    return min(at), max(at)


def _length(net: Net) -> int:
    low, high = _span(net)
    return high - low


def _before(nets: Sequence[Net]) -> dict[Net, set[Net]]:
    """Which nets must be above which: in a shared column, those of the upper port."""
    at: dict[tuple[int, bool], set[Net]] = defaultdict(set)
    for net in nets:
        for port in _ports(net):
            at[port.x, port.top].add(net)
    return {
        net: {
            other
            for port in _ports(net) if not port.top
            for other in at.get((port.x, True), ()) if other is not net
        }
        for net in nets
    }  # fmt: skip


def _sorted(nets: Sequence[Net], before: Mapping[Net, set[Net]]) -> list[Net]:
    """The nets from top to bottom; those that wait for each other in a cycle are left out."""
    order: list[Net] = []
    left = sorted(nets, key=lambda n: (not min(n).dotted, _length(n), sorted(n)))
    while ready := next((n for n in left if before[n] <= {*order}), None):
        order.append(ready)
        left.remove(ready)
    return order


def _aside(
    hops: Hops, labels: Mapping[Port, int], knot: Sequence[Net]
) -> tuple[Hops, Mapping[Port, int]]:
    """Breaks a cycle: one box is entered (or left) a cell beside its middle, all else is the
    same."""
    ports = _ports(hop for net in knot for hop in net)
    tied = [p for p in ports if p.box and any(q.x == p.x and q.top != p.top for q in ports)]
    entered = {hop.target for hop in hops}
    moved = min(tied, key=lambda p: (p not in entered, p))
    put = {moved: moved._replace(x=moved.x - 1)}
    return {
        Hop(put.get(h.source, h.source), put.get(h.target, h.target), h.dotted): edges
        for h, edges in hops.items()
    }, {put.get(port, port): length for port, length in labels.items()}


def _rows(
    order: Sequence[Net],
    before: Mapping[Net, set[Net]],
    labels: Mapping[Port, int],
    hops: Hops,
) -> dict[Net, int]:
    """The highest free row for each net, below those that must be above it."""
    rows: dict[Net, int] = {}
    for net in order:
        row = 1 + max((rows[n] for n in before[net]), default=0)
        if row == 1 and _meets(net, hops, labels, top=True):
            row = 2
        while any(r == row and _touch(net, other) for other, r in rows.items()):
            row += 1
        rows[net] = row
    return rows


def _sink(
    rows: dict[Net, int],
    height: int,
    before: Mapping[Net, set[Net]],
    labels: Mapping[Port, int],
    hops: Hops,
) -> None:
    """Moves the turns of solid arrows down: to the end of forward, the start of backward ones."""
    for net in sorted((n for n in rows if not min(n).dotted), key=lambda n: -rows[n]):
        lowest = min((rows[n] - 1 for n in rows if net in before[n]), default=height)
        for row in range(lowest, rows[net], -1):
            bars = row == height and _meets(net, hops, labels, top=False)
            if not bars and not any(r == row and _touch(net, n) for n, r in rows.items()):
                rows[net] = row
                break


def _touch(net: Net, other: Net) -> bool:
    (a, b), (c, d) = _span(net), _span(other)
    return a <= d + 1 and c <= b + 1


def _meets(net: Net, hops: Hops, labels: Mapping[Port, int], *, top: bool) -> bool:
    """Whether a net in the outermost row would run into a label or over an arrowhead."""
    starts = {hop.source for hop in hops}
    for port, length in labels.items():
        first, last = port.x + (port in starts), port.x + length
        if port.top == top and not all(_clears(hop, port, first, last) for hop in net):
            return True
    low, high = _span(net)
    heads = {hop.target for hop in hops if hop.target.top == top and hop.target.box}
    return any(low <= head.x <= high and not _ends_at(net, head) for head in heads)


def _clears(hop: Hop, port: Port, first: int, last: int) -> bool:
    """Whether a hop avoids a label, or is the one it labels and crosses it in the middle."""
    low, high = sorted((hop.source.x, hop.target.x))
    return high < first or last < low or (hop.source == port and last < high)


def _ends_at(net: Net, head: Port) -> bool:
    """Whether no hop of a net continues from the cell of an arrowhead."""
    through = any(hop.target != head and head.x in (hop.source.x, hop.target.x) for hop in net)
    return head in _ports(net) and head.x in _span(net) and not through
