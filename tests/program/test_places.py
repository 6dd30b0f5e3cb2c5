"""Where state is kept: as platformdirs has it, and found without it."""

import os
import sys

import platformdirs
import pytest

from stepper.course.progress import keep_language
from stepper.program.places import kept_language, state_folder


@pytest.mark.parametrize("base", [None, "", "relative/state", "/somewhere/state"])
def test_the_folder_is_that_of_platformdirs(base, monkeypatch):
    monkeypatch.delenv("STEPPER_STATE")
    if base is None:
        monkeypatch.delenv("XDG_STATE_HOME", raising=False)
    else:
        monkeypatch.setenv("XDG_STATE_HOME", base)
    known = platformdirs.user_state_dir("stepper", appauthor=False)
    if not (sys.platform == "linux" and base == "relative/state"):
        assert state_folder() == known
    assert os.path.isabs(state_folder())


def test_nothing_kept_is_no_language():
    assert kept_language() is None


def test_a_language_is_found_where_it_is_kept():
    keep_language("zh-TW")
    assert kept_language() == "zh-TW"


@pytest.mark.parametrize("content", ["{", "[]", "null", '{"lang": 3}', "[" * 100_000, "\0"])
def test_a_file_that_cannot_be_read_says_what_was_kept_before(content):
    keep_language("zh-TW")
    path = os.path.join(state_folder(), "progress.json")
    os.replace(path, f"{path}.bak")
    with open(path, "w", encoding="utf-8") as file:
        file.write(content)
    assert kept_language() == "zh-TW"
    os.remove(f"{path}.bak")
    assert kept_language() is None
