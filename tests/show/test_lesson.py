"""What a lesson shows: paragraphs filled to the width, in an alphabet with and without spaces."""

import pytest

from stepper.course.showing import Passage
from stepper.expr.sentence import say
from stepper.show.lesson import rows
from stepper.show.rows import Look


@pytest.mark.parametrize(
    ("text", "joined"),
    [
        ("one\nline", "one line"),
        ("一條\n算式", "一條算式"),
        ("留下來：\n3×4", "留下來：3×4"),
        ("z\n（row）", "z（row）"),
    ],
)
def test_lines_of_a_paragraph_are_joined_as_they_are_written(text, joined):
    first, *_ = rows(Passage(say(text)), Look())
    assert "".join(text for text, _ in first).strip() == joined


@pytest.mark.parametrize("width", [78, 38])
def test_the_columns_of_a_matrix_stay_under_each_other_in_a_narrow_place(width):
    matrix = "These:\n\n       1   2\n      -1  10"
    *_, first, second, _ = ["".join(text for text, _ in row)
                            for row in rows(Passage(say(matrix)), Look(width=width))]  # fmt: skip
    assert first.index("1") == second.index("1") and first.index("2") == second.index("0")
    assert first.startswith("  ")
