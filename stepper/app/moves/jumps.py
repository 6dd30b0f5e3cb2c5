"""Jumps: to where a result comes from, to its users, and back to before the last jump."""

from __future__ import annotations

from dataclasses import replace

from stepper.app.past import Place, Trail, Way
from stepper.app.snapshot import Move, Snapshot, told
from stepper.app.worked import parts_of
from stepper.expr.tree import Name, names
from stepper.ops.card import Index
from stepper.program import find
from stepper.program.code import Step

KEPT = 100
"""The number of places remembered."""


def here(now: Snapshot) -> Place:
    """The place of a frame, down to the entry."""
    return Place(now.cursor.stop, now.cursor.level, now.chosen)


def there(now: Snapshot, place: Place) -> Snapshot:
    """The frame at a remembered place."""
    at, entries = place.stop
    cursor = replace(now.cursor, at=at, entries=entries, level=place.level)
    return replace(now, cursor=cursor, chosen=place.entry, message=None)


def remembered(before: Snapshot, after: Snapshot) -> Snapshot:
    """The frame after a jump, remembered for `go_back`; nothing is remembered if nothing moved."""
    if here(before) == here(after):
        return after if after.message else told(after, "this is where the walk is already")
    places = (*before.past.places, here(before))[-KEPT:]
    return replace(after, past=after.past._replace(places=places))


def jump(move: Move) -> Move:
    """A move as a jump, which `go_back` takes back."""
    return lambda now: remembered(now, move(now))


def go_back(now: Snapshot) -> Snapshot:
    """Goes back to before the last jump, down to the entry."""
    if not now.past.places:
        return told(
            now,
            "no jump to go back from: {key_go}, {key_from}, {key_used_by}, "
            "{key_run}, {key_find} and a click on a line are jumps",
        )
    *earlier, last = now.past.places
    return there(replace(now, past=now.past._replace(places=tuple(earlier))), last)


def at_step(now: Snapshot, step: Step, entry: Index | None = None) -> Snapshot:
    """The frame after a step, at the current level or at the next deeper one that can stop there;
    with this entry selected."""
    cursor = now.cursor
    if cursor.level == "phase":
        cursor = replace(cursor, level="line")
    if cursor.level == "line" and not step.last:
        cursor = replace(cursor, level="operation")
    moved = replace(now, cursor=cursor.to(step.index + 1), message=None)
    return replace(moved, chosen=entry if entry and moved.within(entry) else moved.chosen)


def came_from(now: Snapshot, times: int = 1) -> Snapshot:
    """Jumps to the line that made the first operand; again: to the next operand's."""
    return _along(now, "from", times)


def used_by(now: Snapshot, times: int = 1) -> Snapshot:
    """Jumps to the first line that reads this result; again: to the next one."""
    return _along(now, "used", times)


def _along(now: Snapshot, way: Way, times: int) -> Snapshot:
    """Jumps `times` times: around the places of one trail, or along lines with one place each."""
    if now.step is None:
        return told(
            now, "no step has run yet, so there is no result: {key_next} takes the first step"
        )
    for left in range(times, 0, -1):
        origin, n = _begun(now, way)
        steps = _ends(origin, way)
        if not steps:
            return _nowhere(now, way)
        if len(steps) > 1:
            return _follow(now, origin, way, steps, (n + left) % len(steps))
        now = _follow(now, now, way, steps, 0)
    return now


def _begun(now: Snapshot, way: Way) -> tuple[Snapshot, int]:
    """The origin of the current trail of several places, and the number of the current one.

    Off such a trail, a new one begins here, before its first place.
    """
    trail = now.past.trail
    if trail is not None and trail.way == way and trail.at == here(now):
        origin = there(now, trail.origin)
        if len(_ends(origin, way)) > 1:
            return origin, trail.n
    return now, -1


def _follow(now: Snapshot, origin: Snapshot, way: Way, steps: tuple[Step, ...], n: int) -> Snapshot:
    entry = _entry_read(origin, _target(origin, steps[n])) if way == "from" else None
    after = remembered(now, at_step(now, steps[n], entry))
    trail = Trail(way, here(origin), n, here(after))
    after = replace(after, past=after.past._replace(trail=trail))
    return told(
        after, _SAID[way, len(steps) > 1], name=Name(_target(origin, steps[n])),
        of=Name(_line_name(origin)), n=str(n + 1), all=str(len(steps)),
    )  # fmt: skip


_SAID = {
    ("from", True): "{of} reads {name} ({n} of {all}); {key_from}: the next, "
    "{key_go_back}: where I was",
    ("from", False): "{of} reads {name}; {key_go_back}: where I was",
    ("used", True): "{name} reads {of} ({n} of {all}); {key_used_by}: the next, "
    "{key_go_back}: where I was",
    ("used", False): "{name} reads {of}; {key_go_back}: where I was",
}


def _ends(now: Snapshot, way: Way) -> tuple[Step, ...]:
    """The last steps of the lines that made what is read here, or that read this result."""
    assert now.step is not None
    trace = now.trace
    if way == "used":
        return tuple(trace.steps[i] for i in find.used_by(trace, now.step))
    whole = now.cursor.level in ("phase", "line")
    read = names(trace.program.lines[now.step.line - 1].tree if whole else now.step.node)
    makers = (trace.steps[i] for i in find.came_from(trace, now.step))
    return tuple(step for step in makers if _target(now, step) in read)


def _nowhere(now: Snapshot, way: Way) -> Snapshot:
    if way == "used":
        return told(now, "no later line reads {name}", name=Name(_line_name(now)))
    return told(now, "all that {name} is made of is given: no line computes it; "
                     "{key_start} shows it",
                name=now.result)  # fmt: skip


def _entry_read(origin: Snapshot, name: str) -> Index | None:
    """The first of an operand's entries that the selected entry is made of."""
    return min(parts_of(origin).used.get(Name(name), ()), default=None)


def _target(now: Snapshot, step: Step) -> str:
    return now.trace.program.lines[step.line - 1].target


def _line_name(now: Snapshot) -> str:
    assert now.step is not None
    return _target(now, now.step)
