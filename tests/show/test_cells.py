"""Lines are broken by the cells they take, in English and in Chinese."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stepper.language.width import columns
from stepper.show.cells import wrapped

texts = st.text(alphabet="ab z.,(每個權重，。（）∂σ", max_size=60)


@given(texts, st.integers(8, 30), st.integers(0, 4))
def test_no_line_is_too_wide_and_nothing_but_spaces_is_lost(text, most, hang):
    lines = list(wrapped(text, most, hang))
    assert all(columns(line) <= most for line in lines)
    assert "".join("".join(lines).split()) == "".join(text.split())


@given(texts, st.integers(2, 30), st.integers(0, 40))
def test_a_line_is_a_piece_of_the_text_with_its_spaces_as_they_are(text, most, hang):
    first, *later = wrapped(text, most, hang)
    assert text.startswith(first)
    assert all(line.lstrip() in text for line in later)
    assert all(line.startswith(" " * min(hang, most - 2)) for line in later)


def test_the_end_of_a_line_of_the_text_counts_as_one_space():
    assert list(wrapped("one\n    two,\ttwo  and  a half", 40)) == ["one two, two  and  a half"]


@pytest.mark.parametrize(("text", "lines"), [
    ("   one", ["   one"]),
    ("one two three", ["one two", "three"]),
    ("梯度是連鎖律", ["梯度是連", "鎖律"]),
    ("權重動一點，損失", ["權重動一", "點，損失"]),
    ("權重的動，損失", ["權重的", "動，損失"]),
    ("輸入了（權重）", ["輸入了", "（權重）"]),
    ("a b 梯度的 W3", ["a b 梯度", "的 W3"]),
    ("", [""]),
])  # fmt: skip
def test_a_line_never_begins_with_a_closing_sign(text, lines):
    assert list(wrapped(text, 8)) == lines


def test_a_term_and_its_gloss_stay_together_where_they_fit():
    text = "每個樣本是矩陣的一列（row），每個特徵是一行（column）。列（row）變成了行（column）。"
    for most in range(16, 60):
        for line in wrapped(text, most):
            assert line[0] not in "，。（）"
            assert line[-1] not in "（"
            assert not line.endswith(("列", "行"))
