"""Playing a lesson: what each move makes of the state, whatever face shows it."""

from dataclasses import replace

import pytest

from stepper.check.judged import JudgedLine
from stepper.course.answers import answer_of
from stepper.course.keeping import following, resumed
from stepper.course.lint import with_answers, with_hints
from stepper.course.load import lessons, load
from stepper.course.play import PAUSE, answer, changed, go_on, hint, opened, skip
from stepper.course.progress import Progress, Record
from stepper.course.showing import Choices, GoTo, Hide, Listing, OpenLab, Passage, Walk
from stepper.show.words import words
from tests.course.lesson_files import write_lesson

ALL = lessons()
FIRST = ALL[0]


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    return load(write_lesson(tmp_path_factory.mktemp("small")))


def at(lesson, step, **state):
    """The state in which a step begins, as a learner comes to it."""
    records = {}
    for earlier in lesson.steps:
        if earlier.id == step:
            break
        records[lesson.key(earlier)] = Record(state="done", tries=2)
    return opened(lesson, "en", Progress(steps=records, **state))


def said(turn):
    return " ".join(str(shown.sentence) for shown in turn.shows if isinstance(shown, Passage))


def test_a_lesson_begins_at_its_first_step_with_what_it_is_about():
    turn = opened(FIRST, "en", Progress())
    assert turn.play.at == 0
    assert FIRST.prose["en"].title in said(turn)
    assert FIRST.prose["en"].about in said(turn)


def test_enter_goes_on_where_nothing_is_asked_and_says_what_to_type_where_something_is():
    turn = go_on(opened(FIRST, "en", Progress()).play)
    assert turn.play.at == 1
    assert turn.play.records["neuron"].state == "seen"
    again = go_on(turn.play)
    assert again.play.at == 1
    assert "type a number" in said(again)


def test_a_lesson_is_opened_where_it_was_left():
    progress = Progress(steps={"one-neuron/neuron": Record("seen")}, current="one-neuron/bias")
    assert opened(FIRST, "en", progress).play.step.id == "bias"
    assert opened(FIRST, "en", Progress(steps=progress.steps)).play.step.id == "output"


def test_a_step_that_was_moved_keeps_its_progress(small):
    first, *others = small.steps
    moved = replace(small, steps=(replace(first, was=("old/begin",)), *others))
    progress = Progress(steps={"old/begin": Record("seen")})
    assert opened(moved, "en", progress).play.step.id == "walk"


def test_the_debugger_is_driven_by_data(small):
    opening, hiding = at(small, "shape").drive
    assert isinstance(opening, OpenLab)
    assert opening.stage.lab.name == "xor"
    later = frozenset({"dJ_dW3"})
    assert hiding == Hide(later, later)
    turn, later = at(FIRST, "output"), frozenset({"dL_dw"})
    assert turn.drive[1:] == (Hide(later | {"y_hat"}, later), GoTo("y_hat"))
    assert answer(turn.play, "7").drive[1:] == (Hide(later, later), GoTo("y_hat"))


def test_what_a_formula_is_asked_for_is_hidden_and_the_debugger_stands_before_it():
    turn = at(FIRST, "weight")
    hidden, going = turn.drive[1:]
    assert {"dL_dy_hat", "dL_dw", "dL_db"} == hidden.lines == hidden.values
    assert going == GoTo("L")
    right = answer(turn.play, answer_of(turn.play.step, turn.play.stage))
    assert right.drive[1:] == (Hide(), GoTo("dL_dw"))


def test_a_prediction_is_compared_and_left():
    turn = at(FIRST, "output")
    wrong = answer(turn.play, "5")
    assert wrong.play.answered
    assert wrong.play.record.state == "seen"
    assert "yours 5 · computed 7" in said(wrong)
    right = answer(turn.play, "７")
    assert right.play.record.at_first_try


def test_a_wrong_choice_of_a_prediction_is_told_the_right_one():
    wrong = answer(at(FIRST, "which-way").play, "1")
    assert "it is: down" in said(wrong)
    assert FIRST.prose["en"].sections["which-way"].parts["wrong-up"].split(",")[0] in said(wrong)


@pytest.mark.parametrize("typed", ["2 * (", "y_hat @ x", "nobody * x", "2x", "dL_dw", "dL_db = y"])
def test_a_slip_is_no_try(typed):
    turn = answer(at(FIRST, "weight").play, typed)
    assert turn.play.record.tries == 0
    assert "does not count" in said(turn)


def test_a_gradient_that_is_not_among_the_names_is_asked_back():
    turn = answer(at(FIRST, "weight").play, "dL_dy_hat * x")
    assert turn.play.record.tries == 0
    assert "without" in said(turn)


def test_a_wrong_formula_names_its_mistake_and_is_tried_again():
    turn = answer(at(FIRST, "weight").play, "2 * (y - y_hat) * x")
    assert turn.play.waits
    assert turn.play.record.mistakes == ("sign",)
    assert any(isinstance(shown, JudgedLine) for shown in turn.shows)
    right = answer(turn.play, "（y_hat－y）＊2＊x")
    assert right.play.record.state == "done"
    assert right.play.record.tries == 2


def test_blanks_are_filled_one_by_one_or_the_whole_is_typed():
    play = at(FIRST, "two-factors").play
    assert answer(play, "2；x").play.answered
    assert answer(play, "2*(y_hat - y)*x").play.answered
    assert "each of the 2 blanks" in said(answer(play, "2"))
    assert answer(play, "2 ; x) * (1").play.record.tries == 0
    assert answer(play, "1 ; x").play.record.mistakes == ("factor",)


def test_numbers_that_are_wrong_do_not_tell_the_right_ones(small):
    turn = answer(at(FIRST, "number").play, "8")
    assert turn.play.waits
    assert "right size" in said(turn)
    assert "-8" not in said(turn)
    matrix = answer(at(small, "numbers").play, "[[1.234, 2.345, 3.456]]")
    right = answer_of(matrix.play.step, matrix.play.stage)
    assert right not in said(matrix)
    assert answer(matrix.play, right).play.answered
    assert answer(matrix.play, "1x3").play.record.tries == 1


def test_numbers_of_a_known_mistake_name_it_and_leave_the_formula_to_be_found():
    loss = next(lesson for lesson in ALL if lesson.id == "loss")
    turn = answer(at(loss, "numbers").play, "[[1, -1, 3, -1]]")
    (line,) = (shown for shown in turn.shows if isinstance(shown, JudgedLine))
    assert line.mistake == "missing-mean"
    assert "`missing-mean` in the line of dJ_dp." in words(line.message)
    assert "p - y" not in words(line.message)


@pytest.mark.parametrize("typed", ["-", "1x1"])
def test_where_one_number_is_asked_no_matrix_is(typed):
    assert "the number is asked" in said(answer(at(FIRST, "number").play, typed))


def test_what_goes_into_a_blank_is_refused_by_the_names_of_the_lab():
    turn = answer(at(FIRST, "last-factor").play, "x(1)")
    (line,) = (shown for shown in turn.shows if isinstance(shown, JudgedLine))
    assert "`x` is a value, not a function" in str(line.message)


def test_the_line_with_the_mistake_is_found_by_its_number_or_its_name(small):
    turn = at(small, "bug")
    listing = next(shown for shown in turn.shows if isinstance(shown, Listing))
    assert listing.stage.lab.program.altered is None
    right = answer_of(turn.play.step, turn.play.stage)
    found = answer(turn.play, right)
    assert found.play.answered
    assert found.drive[0].stage.lab.program.altered.number == int(right)
    assert answer(turn.play, "∂J/∂z2").play.answered
    assert answer(turn.play, "dJ_dW3").play.waits
    for slip in ("1", "1" * 5000):
        assert answer(turn.play, slip).play.record.tries == 0


def test_hints_come_one_by_one_with_time_and_a_try_between():
    play = at(FIRST, "weight").play
    one = hint(play, 100.0)
    assert one.play.told == 1
    soon = hint(one.play, 100.0 + PAUSE / 2)
    assert (soon.play.told, "take a moment" in said(soon)) == (1, True)
    two = hint(one.play, 100.0 + PAUSE)
    assert two.play.told == 2
    refused = hint(two.play, 1000.0)
    assert (refused.play.told, "one more try" in said(refused)) == (2, True)
    tried = answer(two.play, "2 * (y_hat - y)")
    three = hint(tried.play, 1000.0)
    assert "the answer: 2 * (y_hat - y) * x" in said(three)
    assert three.play.waits
    assert not answer(three.play, "2 * (y_hat - y) * x").play.record.at_first_try


def test_a_try_is_as_good_as_a_pause():
    one = hint(at(FIRST, "weight").play, 0.0)
    assert hint(answer(one.play, "2 * (y_hat - y)").play, 0.0).play.told == 2


def test_after_the_answer_was_told_other_numbers_are_asked():
    play = at(FIRST, "number").play
    for _ in range(3):
        play = hint(answer(play, "16").play, 0.0).play
    assert play.again
    assert answer(play, "-8").play.waits
    other = answer_of(play.step, play.stage)
    assert answer(play, other).play.record.state == "done"


def test_hints_are_there_after_success_too():
    done = answer(at(FIRST, "weight").play, "2*(y_hat-y)*x")
    turn = done
    for level in (1, 2, 3):
        turn = hint(turn.play, 0.0)
        assert turn.play.told == level
    assert turn.play.record.at_first_try


def test_what_is_skipped_is_open_again_and_an_example_leads_to_its_exercise():
    skipped = skip(at(FIRST, "last-factor").play)
    assert skipped.play.step.id == "two-factors"
    progress = Progress(steps=changed(at(FIRST, "last-factor").play, skipped.play))
    assert progress.of(FIRST, FIRST.steps[5]).state == "skipped"
    assert resumed([FIRST], progress) is FIRST
    to_exercise = skip(at(FIRST, "bias").play)
    assert to_exercise.play.step.id == "last-factor"
    assert to_exercise.play.records["bias"].state == "seen"


def test_who_explained_at_first_try_is_not_shown_the_like_again(small):
    fresh = at(small, "shape")
    knows = opened(small, "en", Progress(current="small/shape"), frozenset({"product"}))
    after = go_on(answer(knows.play, "1").play)
    assert after.play.step.id == "formula"
    assert "passed over" in said(after)
    assert go_on(answer(fresh.play, "1").play).play.step.id == "example"


def test_skills_are_those_shown_at_the_first_try(small):
    at_first = Record("done", 1)
    progress = Progress(steps={"small/formula": at_first, "small/blank": Record("done", 2)})
    assert progress.skills([small]) == {"product"}
    helped = Progress(steps={"small/formula": Record("done", 1, hints=1), "small/blank": at_first})
    assert not helped.skills([small])


def test_what_is_done_stays_as_it_was_done():
    done = Progress(
        steps={FIRST.key(step): Record("done", 1) for step in FIRST.steps},
        current="one-neuron/weight",
    )
    play = opened(FIRST, "en", done).play
    assert play.at == 0
    assert not changed(play, go_on(play).play)


def test_the_end_says_what_to_come_back_to(small):
    *_, last = with_hints(small, "en")
    assert last.play.over
    assert "the answer was told" in said(last)
    *_, last = with_answers(small, "en")
    assert "to come back to" not in said(last)
    assert "right at the first try" in said(last)


def test_what_was_passed_over_is_not_counted_at_the_end(small):
    asked = [step for step in small.steps if step.asks]
    records = {small.key(step): Record("seen") for step in small.steps[:-1]}
    records |= {small.key(step): Record("done", 1) for step in asked[2:-1]}
    records[small.key(asked[0])] = Record("seen", 1)
    last_asked = opened(small, "en", Progress(steps=records)).play
    last = go_on(answer(last_asked, answer_of(last_asked.step, last_asked.stage)).play)
    told = f"right at the first try: {len(asked) - 2} of {len(asked) - 1}"
    assert told in said(last)


@pytest.mark.parametrize("language", ["en", "zh-TW"])
def test_nothing_is_missing_in_either_language(small, language):
    turns = list(with_answers(small, language))
    shown = [type(each) for turn in turns for each in turn.shows]
    assert {Passage, Choices, Walk, Listing, JudgedLine} <= set(shown)
    assert not any("not translated" in said(turn) for turn in turns)


def test_a_step_that_is_not_translated_says_so_and_is_shown_in_english(tmp_path):
    folder = write_lesson(tmp_path)
    text = (folder / "zh-TW.md").read_text(encoding="utf-8")
    (folder / "zh-TW.md").write_text(text.replace("## walk: Walk\n\nWalk.\n", ""), encoding="utf-8")
    turn = go_on(opened(load(folder), "zh-TW", Progress()).play)
    assert "not translated yet" in said(turn)
    assert "Walk." in said(turn)


def test_the_course_goes_on_with_the_first_lesson_that_is_not_done():
    assert resumed(ALL, Progress()) is FIRST
    done = {lesson.key(step): Record("done", 1) for lesson in ALL for step in lesson.steps}
    assert resumed(ALL, Progress(steps=done)) is None
    assert resumed(ALL, Progress(current=ALL[1].key(ALL[1].steps[2]))) is ALL[1]
    assert following(ALL, FIRST) is ALL[1]
    assert following(ALL, ALL[-1]) is None
