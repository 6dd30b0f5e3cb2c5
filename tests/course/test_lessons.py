"""The lessons that come with stepper prove themselves."""

import pytest

from stepper.course.lint import lint
from stepper.course.load import lessons


@pytest.mark.parametrize("lesson", lessons(), ids=lambda lesson: lesson.folder.name)
def test_a_lesson_proves_itself(lesson):
    assert not [f"{place}: {said}" for place, said in lint([lesson.folder])]
