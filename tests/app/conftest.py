"""What every app that is tried out has: a folder for its pictures, and no idle waiting."""

import pytest
from textual import _wait

_wait.SLEEP_GRANULARITY /= 4  # a key is waited for until the app is idle, by looking this often
_wait.SLEEP_IDLE /= 4


@pytest.fixture(autouse=True)
def _own_folder(tmp_path, monkeypatch) -> None:
    """No test leaves a file where it was started."""
    monkeypatch.chdir(tmp_path)
