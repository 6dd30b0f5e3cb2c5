"""What each lesson says from its start to its end: `python -m tests.course.transcripts` writes it.

One file a lesson and language, played with the right answers and then with every hint.
"""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from stepper.course.lesson import Lesson
from stepper.course.lint import with_answers, with_hints
from stepper.course.load import lessons
from stepper.show.lesson import rows
from stepper.show.rows import Drawing, Look
from stepper.show.translation import speak, spoken

HERE = Path(__file__).parent / "transcripts"
WAYS = {"with the right answers": with_answers, "with every hint": with_hints}


def path_of(lesson: Lesson, language: str) -> Path:
    return HERE / f"{lesson.folder.name}.{language}.txt"


def transcript(lesson: Lesson, language: str) -> str:
    """All that is shown, as on a terminal of 80 columns; `>` where the learner types."""
    before = spoken()
    speak(language)
    said = "\n".join(line for heading in WAYS for line in _played(lesson, language, heading))
    speak(before)
    return said


def _played(lesson: Lesson, language: str, heading: str) -> Iterator[str]:
    yield f"==== {heading}\n"
    for turn in WAYS[heading](lesson, language):
        look = Look()
        if not turn.play.over:
            look = replace(look, layout=turn.play.stage.lab.layout)
        yield f"{Drawing(tuple(r for shown in turn.shows for r in rows(shown, look)))}\n>"


def main() -> None:
    HERE.mkdir(exist_ok=True)
    for lesson in lessons():
        for language in lesson.prose:
            path_of(lesson, language).write_text(transcript(lesson, language), encoding="utf-8")


if __name__ == "__main__":
    main()
