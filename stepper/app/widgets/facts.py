"""What no tab hides: the selected entry, the reason, where its line comes from and goes to."""

from __future__ import annotations

from stepper.app.fitting import spread, wrap
from stepper.app.question import why
from stepper.app.snapshot import Snapshot
from stepper.app.widgets.entry import origin_rows, place_of
from stepper.app.widgets.numbers import screen
from stepper.app.widgets.tabbed import Tabbed
from stepper.app.worked import written
from stepper.show.rows import Look, Row
from stepper.show.words import words


def around_tab(
    panel: Tabbed, now: Snapshot, width: int, height: int, least: int
) -> tuple[list[Row], list[Row], int]:
    """The rows above and below a tab's content, and the number of rows left between them.

    There are none if the entry is visible beside the tab; the reason is shown only if it leaves
    the tab its `least` rows.
    """
    if not panel.tabbed:
        return [], [], max(height - 1, 0)
    head = above_tab(now, width - 3, panel.look)
    foot = below_tab(now, width - 3, height - 1 - len(head) - least, panel.look)
    return head, foot, max(height - 1 - len(head) - len(foot), 0)


def above_tab(now: Snapshot, width: int, look: Look) -> list[Row]:
    """The entry with its symbol, value and place; with its whole line if that fits."""
    if now.step is None:
        return []
    whole = written(now, look)
    place = place_of(now, look) if now.shape else ""
    for parts in (whole, [whole[0], *whole[-2:]], [whole[0], whole[-1]]):
        row = spread(((" ".join(parts), "text"),), ((place, "dim"),), width)
        if row is not None:
            return [row]
    return [*wrap(f"{whole[0]} {whole[-1]}", width, 2), *wrap(place, width, ink="dim")]


def below_tab(now: Snapshot, width: int, room: int, look: Look) -> list[Row]:
    """The reason if there is room for it, and always where the line comes from and goes to."""
    if now.step is None:
        return []
    reason = wrap(words(why(now, now.step), screen(look), ascii=look.ascii), width)
    origin = origin_rows(now, width, look)
    return [*reason, *origin] if len(reason) + len(origin) <= room else origin
