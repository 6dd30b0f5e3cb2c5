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


@pytest.mark.parametrize(("text", "lines"), [
    ("one two three", ["one two", "three"]),
    ("梯度是連鎖律", ["梯度是連", "鎖律"]),
    ("權重動一點，損失", ["權重動一", "點，損失"]),
    ("權重的動，損失", ["權重的", "動，損失"]),
    ("輸入了（權重）", ["輸入了", "（權重）"]),
    ("a b 梯度的 W3", ["a b 梯度", "的 W3"]),
    ("", [""]),
])  # fmt: skip
def test_a_line_never_begins_with_a_closing_sign(text, lines):
    assert list(wrapped(text, 8, 0)) == lines
