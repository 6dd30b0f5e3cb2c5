"""Each rule of a lesson refuses a lesson that breaks it."""

import pytest

from stepper.course.lint import lint
from stepper.course.scaffold import scaffold
from stepper.expr.errors import StepperError
from tests.course.lesson_files import ENGLISH, STRUCTURE, translated, write_lesson


def complaints(folder):
    return "\n".join(f"{place}: {said}" for place, said in lint([folder]))


def test_the_small_lesson_is_as_it_should_be(tmp_path):
    assert complaints(write_lesson(tmp_path)) == ""


def test_a_lesson_may_begin_with_the_mark_that_notepad_writes(tmp_path):
    folder = write_lesson(tmp_path)
    for path in folder.iterdir():
        path.write_text(path.read_text(encoding="utf-8"), encoding="utf-8-sig")
    assert complaints(folder) == ""


def test_what_is_scaffolded_proves_itself(tmp_path):
    folder = tmp_path / "16-mine"
    assert [path.name for path in scaffold(folder)] == ["lesson.toml", "en.md", "zh-TW.md"]
    assert complaints(folder) == ""
    with pytest.raises(StepperError, match="exists"):
        list(scaffold(folder))


BAD_STRUCTURE = {
    # rule 1: the schema, unique ids, names that exist
    "another format": ("format = 1", "format = 2", "format = 1"),
    "an unknown key": ('lab = "x', 'colour = "red"\nlab = "x', "no `colour`"),
    "an unknown key of a step": ('kind = "say"', 'kind = "say"\ntarget = "J"', "no `target`"),
    "an unknown kind": ('kind = "say"', 'kind = "sing"', "one of these kinds"),
    "a missing key": ('names = ["a2", "dJ_dz3"]\n', "", "lacks `names`"),
    "a wrong form": ("minutes = 3", 'minutes = "three"', "not a whole number"),
    "an id with a blank": ('id = "begin"', 'id = "be gin"', "small letters"),
    "an id twice": ('id = "walk"', 'id = "begin"', "two steps are called `begin`"),
    "an id of another lesson": ('id = "small"', 'id = "one-neuron"', "taken by another"),
    "a need that is not there": ("minutes", 'needs = ["flight"]\nminutes', "no earlier lesson"),
    "no such lab": ('"xor"', '"three-hidden-ones"', "no lab"),
    "no such line to walk to": ('until = "dJ_dW3"', 'until = "dJ_dW9"', "dJ_dW9"),
    "no such target": ('target = "dJ_dW3"\nnames', 'target = "dJ_dW8"\nnames', "dJ_dW8"),
    "no such name": ('names = ["a2"', 'names = ["a9"', "there is no `a9`"),
    "a value with another loss": (
        'largest = "', 'up = { of = "J", given = { J = "1" } }\nlargest = "', "J is computed"
    ),
    "a value that is none": ("max(abs(dJ_dW3))", "max(abs(dJ_dW9))", "dJ_dW9"),
    "an answer that is no choice": ('answer = "rows"', 'answer = "columns"', "none of the choices"),
    "a prediction of nothing": ('of = "a3[0, 0]"\n', "", "has choices"),
    "no blank": ("? @ ?.T", "dJ_dz3 @ a2.T", "no blank"),
    "the same numbers again": (
        'again = { sample = 4 }', 'again = { set = { lr = "2" } }', "same answer",
    ),
    # rule 2: answers right, planted mistakes wrong, and diagnosed
    "a wrong answer": ('answer = "dJ_dz3 @ a2.T"', 'answer = "dJ_dz3 @ a1.T"', "should be right"),
    "wrong in the blanks": ('answer = "dJ_dz3 ; a2"', 'answer = "a2 ; dJ_dz3"', "should be right"),
    "a wrong accept": ("np.dot(dJ_dz3, a2.T)", "np.dot(a2.T, dJ_dz3)", "should be right"),
    "a right reject": ("-dJ_dz3 @ a2.T", "dJ_dz3 @ a2.T", "should be wrong"),
    "another mistake": ('as = "sign"', 'as = "factor"', "diagnosed as sign"),
    "no such mistake": ('as = "sign"', 'as = "sighn"', "no mistake `sighn`"),
    "a mistake not named": (', as = "sign"', "", "diagnosed as sign"),
    "what cannot be judged": ("[[1.234, 2.345, 3.456]]", "four", "cannot be judged"),
    "nothing planted": ('reject = [{ try = "-dJ_dz3 @ a2.T", as = "sign" }, { try = "dJ_dz3 @ a1.T"'
                        ', as = "wrong-layer" }]', "", "has planted wrong answers"),
    "no such mistake to find": ("missing-activation-derivative@", "sighn@", "no mistake `sighn`"),
    # rule 3: the start is not right
    "right from the start": ('formula = "? @ ?.T"\nanswer = "dJ_dz3 ; a2"',
                             'formula = "? * (dJ_dz3 @ a2.T)"\nanswer = "1"', "from the start"),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD_STRUCTURE)
def test_a_bad_structure_is_refused(tmp_path, name):
    before, after, said = BAD_STRUCTURE[name]
    assert before in STRUCTURE
    assert said in complaints(write_lesson(tmp_path, STRUCTURE.replace(before, after)))


def test_a_mistake_is_not_looked_for_before_a_formula_was_derived(tmp_path):
    parts = STRUCTURE.split("[[step]]")
    bug = next(part for part in parts if "find-bug" in part)
    structure = "[[step]]".join([parts[0], bug, *(part for part in parts[1:] if part is not bug)])
    assert "a formula comes first" in complaints(write_lesson(tmp_path, structure))


def test_a_world_that_judges_nothing_is_refused(tmp_path):
    single = STRUCTURE.replace('"xor"', '"first-step"').split("[[step]]")[0]
    step = """
[[step]]
id = "formula"
kind = "formula"
target = "dL_dw"
names = ["x", "y", "y_hat"]
answer = "2*(y_hat - y)*x"
reject = [{ try = "(y_hat - y)*x", as = "factor" }]
"""
    structure = single.replace("max(abs(dJ_dW3))", "dL_dw") + step
    english = f"# Small\n\n## formula: F\n\nText.\n{hints()}"
    assert "alike" in complaints(write_lesson(tmp_path, structure, english))
    said = structure.replace("reject", 'alike = "all are single numbers"\nreject')
    assert complaints(write_lesson(tmp_path, said, english)) == ""


def hints():
    return "".join(f"\n### hint-{n}\n\nHint.\n" for n in (1, 2, 3))


BAD_TEXT = {
    "a step left out": ("## walk: Walk\n\nWalk.\n", "", "nothing is said"),
    "a stray step": ("## walk", "## stray: Stray\n\nText.\n\n## walk", "no step is called `stray`"),
    "no title": ("## walk: Walk", "## walk", "has no title"),
    "no text": ("Walk.\n", "", "has no text"),
    "a hint left out": ("### hint-2\n\nHint two.\n", "", "no `### hint-2`"),
    "a stray part": ("### after", "### before", "belongs to nothing"),
    "a choice without words": ("- same: the same\n", "", "choice `same` has no words"),
    "a stray choice": ("- same", "- other: other\n- same", "no choice `other`"),
    "feedback for the right answer": ("wrong-turned", "wrong-same", "belongs to nothing"),
    "an unknown name": ("shape W3", "shape W9", "W9"),
    "no such line": ("line dJ_dW3", "line dJ_dW9", "dJ_dW9"),
    "a number that is typed": ("Walk.\n", "Walk 0.25 steps.\n", "the number 0.25 is typed"),
    "a count that is typed": ("Two.\n", "2 blanks.\n", "the number 2 is typed"),
    "a long line": ("Walk.\n", f"{'walk ' * 16}\n", "cells wide"),
    "a heading twice": ("# A small", "# Title\n\n# A small", "out of place"),
}


@pytest.mark.parametrize("name", BAD_TEXT)
def test_a_bad_text_is_refused(tmp_path, name):
    before, after, said = BAD_TEXT[name]
    assert before in ENGLISH
    assert said in complaints(write_lesson(tmp_path, english=ENGLISH.replace(before, after, 1)))


BAD_TRANSLATION = {
    "it is of another text": (translated(ENGLISH), ENGLISH, "made from another English text"),
    "it lacks a hint": ("### hint-3\n\nHint three.\n", "", "no `### hint-3`"),
    "another formula": ("`W3` is", "`W2` is", "`W2` does not stand in both"),
    "another number": ("largest | 3", "largest | 2", "does not stand in both"),
    "a row that may be a column": ("Walk.\n", "看第一列。\n", "`列` alone is read both ways"),
    "a column that may be a row": ("Walk.\n", "執行這一行。\n", "`行` alone is read both ways"),
    "a line too wide in cells": ("Walk.\n", f"{'走' * 40}\n", "80 cells wide"),
}


@pytest.mark.parametrize("name", BAD_TRANSLATION)
def test_a_bad_translation_is_refused(tmp_path, name):
    before, after, said = BAD_TRANSLATION[name]
    folder = write_lesson(tmp_path)
    text = (folder / "zh-TW.md").read_text(encoding="utf-8")
    assert before in text
    (folder / "zh-TW.md").write_text(text.replace(before, after, 1), encoding="utf-8")
    assert said in complaints(folder)


def test_rows_and_columns_are_named_so_that_both_sides_understand(tmp_path):
    folder = write_lesson(tmp_path)
    text = (folder / "zh-TW.md").read_text(encoding="utf-8")
    fine = text.replace("Walk.\n", "執行第一列（row），再看行（column），排列出來。\n")
    (folder / "zh-TW.md").write_text(fine, encoding="utf-8")
    assert complaints(folder) == ""


def test_a_language_that_is_not_there_is_missed(tmp_path):
    folder = write_lesson(tmp_path)
    (folder / "zh-TW.md").unlink()
    assert "there is no zh-TW.md" in complaints(folder)
    (folder / "en.md").unlink()
    assert "needs its English text" in complaints(folder)


def test_a_lesson_that_cannot_be_played_to_its_end_is_refused(tmp_path, monkeypatch):
    folder = write_lesson(tmp_path)
    monkeypatch.setattr("stepper.course.lint.go_on", lambda play: play_stays(play))
    assert "cannot be played to its end in zh-TW" in complaints(folder)


def play_stays(play):
    from stepper.course.play import Turn

    return Turn(play, ())
