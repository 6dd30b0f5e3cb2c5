"""One profile for all properties: the same examples on every run, never failed for slowness.

No test reads or writes what the user of this machine keeps.
"""

import gc
import os
from itertools import count
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # as the command does, before numpy is loaded
os.environ["TEXTUAL_FPS"] = "250"  # a frame is drawn before a test looks at it, which is soon

os.environ["TERM"] = "xterm-256color"  # wherever the tests run: a dumb terminal gets no screen

import pytest
from hypothesis import HealthCheck, settings

from stepper.expr.languages import ENGLISH
from stepper.expr.sentence import KEYS
from stepper.show.translation import speak

settings.register_profile(
    "stepper",
    deadline=None,
    max_examples=60,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("stepper")


def pytest_collection_finish() -> None:
    """What all tests share stays: Python need not look through it for garbage again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    """Neighbours run in one process, which has by then what they share; who is idle takes some."""
    from xdist.scheduler import WorkStealingScheduling

    return WorkStealingScheduling(config, log)


NUMBERS = count()


@pytest.fixture(scope="session")
def _folders(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("folders")


@pytest.fixture
def own_folder(_folders) -> Path:
    """An empty folder of the test's own.

    pytest's own looks through all that there are to find it a number: over ten thousand tests that
    took a third of their time.
    """
    folder = _folders / str(next(NUMBERS))
    folder.mkdir()
    return folder


@pytest.fixture(autouse=True)
def _own_state(own_folder, monkeypatch) -> None:
    """A state and a configuration of the test's own, both empty."""
    for name in ("STEPPER_STATE", "STEPPER_CONFIG"):
        (own_folder / name.lower()).mkdir()
        monkeypatch.setenv(name, str(own_folder / name.lower()))


@pytest.fixture(autouse=True)
def _english(monkeypatch):
    """A test begins and ends in English, whatever the locale of this machine."""
    monkeypatch.delenv("STEPPER_LANG", raising=False)
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    yield
    speak(ENGLISH)


@pytest.fixture(autouse=True)
def _keys():
    """A test that gives commands other keys leaves them as they were."""
    before = dict(KEYS)
    yield
    KEYS.update(before)
