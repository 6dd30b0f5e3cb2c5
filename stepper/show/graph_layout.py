"""The positions of a program's names in its graph: their depth, and their distance from the middle.

Forward runs down the left side. The gradient of the loss with respect to a name is on the right at
the name's own depth, so that backward runs up beside it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain, count

from stepper.program.find import read_in_order
from stepper.program.program import Line, Program, Role

Edge = tuple[str, str]
"""A name and the target of a line that reads it."""


@dataclass(frozen=True, slots=True, eq=False)
class Places:
    """The depth of every name, from 0 at the top, and its slot, from 0 in the middle."""

    depth: Mapping[str, int]
    slot: Mapping[str, int]
    right: frozenset[str]
    """The names of the backward program; all others are on the left."""
    edges: frozenset[Edge]
    detours: Mapping[str, int]
    """The slot in which the arrow from a name to a far reader passes the boxes in between."""
    rest: tuple[str, ...]
    """The names that only the update uses, in the order in which it reads them."""

    @property
    def last(self) -> int:
        return max(self.depth.values())

    def steps(self, edge: Edge) -> int:
        """How many depths an arrow advances its way: down on the left, up on the right."""
        source, target = edge
        if (source in self.right) != (target in self.right):
            return 0
        down = self.depth[target] - self.depth[source]
        return -down if source in self.right else down

    def dotted(self, edge: Edge) -> bool:
        """Whether an arrow passes a forward value to a backward line."""
        return edge[0] not in self.right and edge[1] in self.right


def places(program: Program) -> Places:
    """A place for every name of a program."""
    reads = _reads(program.phase("forward") + program.phase("backward"))
    right = frozenset(line.target for line in program.phase("backward"))
    depth = _depths(program, reads, right)
    slot, taken = _slots(program, reads, depth, right)
    edges = frozenset((name, target) for target, read in reads.items() for name in read)
    found = Places(depth, slot, right, edges, {}, _rest(program, depth))
    return Places(depth, slot, right, edges, _detours(found, taken), found.rest)


def _reads(lines: Iterable[Line]) -> dict[str, list[str]]:
    """The names each target reads, in reading order."""
    found: dict[str, list[str]] = {}
    for line in lines:
        known = found.setdefault(line.target, [])
        known += [name for name in read_in_order(line.tree) if name not in known]
    return found


def _depths(
    program: Program, reads: Mapping[str, list[str]], right: frozenset[str]
) -> dict[str, int]:
    depth: dict[str, int] = {}
    for line in program.phase("forward"):
        depth[line.target] = 1 + max((depth.get(n, 0) for n in reads[line.target]), default=0)
    depth |= _of_given(depth, reads, 1)
    for line in program.phase("backward"):
        if line.target not in depth:
            depth[line.target] = _of_backward(line, depth, reads, right)
    return depth | _of_given(depth, reads, 0)


def _of_given(
    depth: Mapping[str, int], reads: Mapping[str, list[str]], above: int
) -> dict[str, int]:
    """Places given names right above the first line that reads them, or beside it."""
    found: dict[str, int] = {}
    for target in (t for t in reads if t in depth):
        for name in (n for n in reads[target] if n not in depth):
            found[name] = min(depth[target] - above, found.get(name, depth[target]))
    return found


def _of_backward(
    line: Line, depth: Mapping[str, int], reads: Mapping[str, list[str]], right: frozenset[str]
) -> int:
    """The depth of the name it is the gradient of; otherwise above the gradients it reads."""
    if line.of is not None and line.of in depth:
        return depth[line.of]
    made_of = [n for n in reads[line.target] if n in depth]
    gradients = [depth[n] - 1 for n in made_of if n in right]
    return max(min(gradients, default=max((depth[n] for n in made_of), default=0)), 0)


def _spine(
    program: Program, reads: Mapping[str, list[str]], depth: Mapping[str, int]
) -> Iterator[str]:
    """The longest path to the loss, from its end: the chain along which the network is laid out."""
    name = program.loss
    while True:
        yield name
        if not reads.get(name):
            return
        name = max(reads[name], key=lambda n: (n in reads, depth[n], -_later(program.given.get(n))))


def _later(role: Role | None) -> int:
    """The rank of a role as the start of the chain: inputs first, weights only without them."""
    return {"input": 0, "constant": 1}.get(role or "", 2)


Taken = dict[tuple[bool, int], set[int]]
"""The occupied slots, by side (whether it is the right one) and depth."""


def _slots(
    program: Program,
    reads: Mapping[str, list[str]],
    depth: Mapping[str, int],
    right: frozenset[str],
) -> tuple[dict[str, int], Taken]:
    slot = dict.fromkeys(_spine(program, reads, depth), 0)
    taken: Taken = {}
    for name in slot:
        taken.setdefault((False, depth[name]), set()).add(0)
    of = {line.target: line.of for line in program.phase("backward")}
    in_order = sorted(_mentioned(reads), key=lambda n: (n in right, n not in reads))
    for name in (n for n in in_order if n not in slot):
        near = of.get(name) or next((n for n in reads.get(name, ()) if slot.get(n)), None)
        here = taken.setdefault((name in right, depth[name]), set())
        slot[name] = _free([here], slot.get(near or "", 0))
        here.add(slot[name])
    return slot, taken


def _mentioned(reads: Mapping[str, list[str]]) -> dict[str, None]:
    return dict.fromkeys(n for target, read in reads.items() for n in (*read, target))


def _free(taken: Iterable[set[int]], *wanted: int) -> int:
    """A wanted slot that is free at all of these depths, else the innermost free one."""
    used = set().union(*taken)
    return next(k for k in chain(wanted, count()) if k not in used)


def _detours(found: Places, taken: Taken) -> dict[str, int]:
    """A slot for every arrow that passes boxes, which is also free at the depths where it turns."""
    far: dict[str, tuple[int, str]] = {}
    for source, target in sorted(found.edges):
        if (steps := found.steps((source, target))) > 1:
            far[source] = max((steps, target), far.get(source, (0, "")))
    detours: dict[str, int] = {}
    for source in sorted(far, key=lambda s: (far[s], s)):
        steps, target = far[source]
        side, way = source in found.right, -1 if source in found.right else 1
        passed = [(side, found.depth[source] + way * k) for k in range(steps + 1)]
        first, *between, last = (taken.setdefault(place, set()) for place in passed)
        own, its = found.slot[source], found.slot[target]
        detours[source] = _free([first - {own}, *between, last - {its}], own, its)
        for here in between:
            here.add(detours[source])
    return detours


def _rest(program: Program, depth: Mapping[str, int]) -> tuple[str, ...]:
    lines = program.phase("update")
    return tuple(n for n in _mentioned(_reads(lines)) if n not in depth)
