"""An app that is tried out writes its pictures into a folder of its own."""

import pytest


@pytest.fixture(autouse=True)
def _own_folder(tmp_path, monkeypatch) -> None:
    """No test leaves a file where it was started."""
    monkeypatch.chdir(tmp_path)
