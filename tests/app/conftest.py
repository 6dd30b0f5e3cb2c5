"""What every app that is tried out has: a folder for its pictures, and no idle waiting."""

import asyncio
from collections.abc import Iterator
from time import monotonic, process_time

import pytest
import textual.app
import textual.pilot

from stepper.expr.languages import ENGLISH, LANGUAGES
from stepper.show.translation import speak

LOOK = 0.005


async def until_idle(min_sleep: float = 0, max_sleep: float = 1) -> None:
    """Wait until this process has rested for two looks, and was there on time for both.

    Textual's own waits 20 ms at least, twice for a key: half of the time these tests would take.
    """
    began, rested = monotonic(), 0
    while rested < 2 and monotonic() - began < max_sleep:
        at, worked = monotonic(), process_time()
        await asyncio.sleep(LOOK)
        rests = process_time() - worked < LOOK / 20 and monotonic() - at < 2 * LOOK
        rested = rested + 1 if rests else 0


textual.app.wait_for_idle = textual.pilot.wait_for_idle = until_idle


@pytest.fixture(autouse=True)
def _own_folder(tmp_path, monkeypatch) -> None:
    """No test leaves a file where it was started."""
    monkeypatch.chdir(tmp_path)


@pytest.fixture(params=LANGUAGES)
def language(request) -> Iterator[str]:
    """Each language in turn."""
    speak(request.param)
    yield request.param
    speak(ENGLISH)
