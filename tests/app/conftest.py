"""What every app that is tried out has: a folder for its pictures, and no idle waiting."""

import asyncio
from base64 import b64decode
from collections.abc import Iterator
from math import inf

import pytest
import textual.app
import textual.pilot
from textual.drivers.headless_driver import HeadlessDriver

from stepper.expr.languages import ENGLISH, LANGUAGES
from stepper.show.translation import speak

SOON = 0.01
"""What is to happen within so many seconds is waited for: a frame is drawn after 4 ms."""
ROUNDS = 8
"""So often, at most: there are clocks that tick for ever."""


async def until_idle(min_sleep: float = 0, max_sleep: float = 1) -> None:
    """Wait until this loop has nothing to do, now or soon.

    Textual's own looks at the processor's time, 20 ms at least and twice for a key: half of the
    time these tests would take, and on a busy machine an app that waits for its turn seems to rest.
    """
    loop = asyncio.get_running_loop()
    for _ in range(ROUNDS):
        await asyncio.sleep(0)
        while loop._ready:
            await asyncio.sleep(0)
        due = min((timer.when() for timer in loop._scheduled if not timer.cancelled()), default=inf)
        if due - loop.time() > SOON:
            return
        await asyncio.sleep(max(due - loop.time(), 0))


textual.app.wait_for_idle = textual.pilot.wait_for_idle = until_idle


@pytest.fixture(autouse=True)
def _started_elsewhere(own_folder, monkeypatch) -> None:
    """No test leaves a file where it was started."""
    monkeypatch.chdir(own_folder)


@pytest.fixture
def clipboard(monkeypatch) -> list[str]:
    """The texts that apps hand over, which run as if in a terminal (OSC 52)."""
    texts: list[str] = []

    def write(driver: HeadlessDriver, data: str) -> None:
        before, _, letters = data.partition("\x1b]52;c;")
        if letters and not before:
            texts.append(b64decode(letters.removesuffix("\a")).decode())

    monkeypatch.setattr(HeadlessDriver, "is_headless", False)
    monkeypatch.setattr(HeadlessDriver, "write", write)
    return texts


@pytest.fixture(params=LANGUAGES)
def language(request) -> Iterator[str]:
    """Each language in turn."""
    speak(request.param)
    yield request.param
    speak(ENGLISH)
