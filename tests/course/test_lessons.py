"""The lessons that come with stepper prove themselves, and say what they said."""

from itertools import product
from pathlib import Path

import pytest

from stepper.course.lint import lint
from stepper.course.load import home, lesson_of, lessons, load
from stepper.course.stage import stage
from stepper.expr.errors import StepperError
from stepper.expr.languages import LANGUAGES
from stepper.language.width import columns
from tests.course.transcripts import HERE, path_of, transcript

ALL = lessons()


def called(value):
    return getattr(value, "id", value)


@pytest.mark.parametrize("lesson", ALL, ids=called)
def test_a_lesson_proves_itself(lesson):
    assert not [f"{place}: {said}" for place, said in lint([lesson.folder])]


@pytest.mark.parametrize(("lesson", "language"), list(product(ALL, LANGUAGES)), ids=called)
def test_a_lesson_says_what_it_said(lesson, language):
    """After a change that is meant: `python -m tests.course.transcripts`."""
    said = transcript(lesson, language)
    assert said == path_of(lesson, language).read_text(encoding="utf-8")
    assert all(columns(line) <= 80 for line in said.splitlines())


def test_no_transcript_is_left_of_a_lesson_that_is_gone():
    known = {path_of(lesson, language) for lesson in ALL for language in LANGUAGES}
    assert set(HERE.iterdir()) == known


def test_a_lab_of_its_own_is_found_from_anywhere(monkeypatch):
    monkeypatch.chdir(home())
    lesson = load(Path("03-sigmoid"))
    assert all(stage(lesson, step).values for step in lesson.steps)


def test_a_lesson_is_called_by_its_number_its_id_or_its_folder():
    for word in ("1", "01", "one-neuron", "01-one-neuron"):
        assert lesson_of(word, ALL) is ALL[0]
    with pytest.raises(StepperError) as refused:
        lesson_of("one-neurn", ALL)
    assert "`one-neuron`" in str(refused.value)
