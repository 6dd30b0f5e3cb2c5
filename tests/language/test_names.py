"""Names in every alphabet: what the screen shows of them can be typed back."""

from __future__ import annotations

import ast
from keyword import iskeyword

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from stepper.expr.tree import Name
from stepper.labs.load import load
from stepper.labs.source import lab_names
from stepper.language.parse import name_read, parse, parse_line
from stepper.language.text import CODE, SCREEN, name_text
from stepper.language.tokens import spelled

LETTERS = "aWzJδθεϵµΩΣ權重誤差"
WORDS = st.builds(
    str.__add__, st.sampled_from(LETTERS), st.text(LETTERS + "_012₀₃", max_size=5)
).filter(lambda word: "__" not in word and not iskeyword(word))


def assert_is_read_back(name: str) -> None:
    for style in (CODE, SCREEN):
        assert parse(name_text(name, style), names={name}) == Name(name)
        assert name_read(name_text(name, style)) == name


@pytest.mark.parametrize("lab", lab_names())
def test_every_name_of_a_lab_is_read_back_as_it_is_shown(lab: str) -> None:
    program = load(lab).program
    for name in {*program.given, *(line.target for line in program.lines)}:
        assert_is_read_back(name)


@given(WORDS, WORDS)
def test_a_name_and_a_gradient_in_any_alphabet_are_read_back(loss: str, of: str) -> None:
    assume(not loss.endswith("_"))
    assert_is_read_back(spelled(of))
    assert_is_read_back(spelled(f"d{loss}_d{of}"))
    assert name_read(f"∂{loss} / ∂{of}") == spelled(f"d{loss}_d{of}")


@given(WORDS)
def test_a_name_is_kept_as_pythons_parser_keeps_it(word: str) -> None:
    body = ast.parse(spelled(word), mode="eval").body
    assert isinstance(body, ast.Name) and body.id == spelled(word) == spelled(spelled(word))
    assert parse_line(f"{word} = 2 * {word}")[0] == spelled(word)


@pytest.mark.parametrize(
    "typed", ["", "2", "W + b", "σ", "lambda", "True", "_W", "W__1", "é", "W1ᵀ"]
)
def test_what_is_no_name(typed: str) -> None:
    assert name_read(typed) != typed
