"""Names that are too long to be said again, and where a place stands once they are cut."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stepper.expr.sentence import say
from stepper.expr.short import KEPT, LONGEST, MOST, cut, moved, short

LONG = "dJ_dW3" * 20
WORDS = st.lists(st.sampled_from(["a3", "W1.T", LONG, LONG + "z", "@", "x" * LONGEST]), max_size=6)


@given(WORDS)
def test_a_long_name_is_cut_and_all_else_stays(words: list[str]) -> None:
    said = short(" ".join(words)).split()
    for word, shown in zip(words, said, strict=True):
        assert shown == (word if len(word) <= LONGEST else f"{word[:KEPT]}…")
    assert short(" ".join(said)) == " ".join(said)


@given(WORDS)
def test_each_word_stands_where_it_is_said_to_stand(words: list[str]) -> None:
    text, place = " ".join(words), 0
    for word in words:
        left, right = moved(text, place), moved(text, place + len(word))
        assert short(text)[left:right] == short(word)
        place += len(word) + 1


@pytest.mark.parametrize(
    "said", [f"/tmp/{LONG}/lab.toml", f"{LONG}/lab", f"{LONG}.toml", f"my-{LONG}", "權重" * 50]
)
def test_a_path_and_a_text_of_wide_signs_are_no_names(said: str) -> None:
    assert short(said) == said


def test_a_sentence_keeps_in_full_what_it_says_short() -> None:
    said = say("there is no `{word}`", word=LONG)
    assert said.fields["word"] == LONG
    assert str(said) == f"there is no `{LONG[:KEPT]}…`"


def test_a_text_that_is_quoted_is_cut_anywhere() -> None:
    assert cut("[1, 2]") == "[1, 2]"
    assert cut("1, " * MOST).endswith("…") and len(cut("1, " * MOST)) == MOST
