"""Commands to be typed again, as either kind of shell reads them."""

import shlex
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stepper.program.shell import command, quoted

WORDS = ["stepper", "run", "my lab.toml", "--edit", "W1[2,0]=0.5", "--set", "J < 1", "a'b", ""]


@given(st.lists(st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]))))
def test_a_posix_shell_reads_the_words_again(words: list[str]) -> None:
    assert shlex.split(command(words)) == words


def test_cmd_exe_is_given_double_marks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    assert command(WORDS) == (
        'stepper run "my lab.toml" --edit "W1[2,0]=0.5" --set "J < 1" "a\'b" ""'
    )
    assert quoted(r"C:\labs\my.toml") == r"C:\labs\my.toml"
    assert quoted("C:\\my labs\\") == '"C:\\my labs\\\\"'
    assert quoted('J<1 "now"') == r'"J<1 \"now\""'
