"""A lesson beside the debugger, without a screen: what each move makes of frame and lesson."""

from dataclasses import replace
from math import inf

import pytest

from stepper.app.classroom import come_back, entered, took, what_enter_does
from stepper.app.hiding import Hiding
from stepper.app.modes import modes
from stepper.app.moves.breaks import toggle
from stepper.app.moves.guess import hide, hide_so_much, reveal_or_next
from stepper.app.moves.levels import into
from stepper.app.moves.restart import restart
from stepper.app.moves.steps import ASKED, back, end, next_step, to_line
from stepper.app.sight import covered, is_hidden, line_covered, read_covered, whole_line
from stepper.app.snapshot import Snapshot
from stepper.app.widgets.entry import provenance
from stepper.course.answers import answer_of
from stepper.course.lesson import FindBug, Formula, Judged, Matrix, Predict
from stepper.course.lint import with_answers
from stepper.course.play import answer, go_on, hint, opened, skip
from stepper.course.progress import Progress, Record
from stepper.expr.tree import Name
from stepper.show.rows import Look
from tests.app.classes import ALL, NOTHING

FIRST, CIRCUIT = ALL[0], ALL[4]


def at(lesson, step):
    """A lesson and its frame where a step begins."""
    earlier = lesson.steps[: [s.id for s in lesson.steps].index(step)]
    done = {lesson.key(s): Record("done", 2) for s in earlier}
    return entered(opened(lesson, "en", Progress(steps=done)))


def right(room, now):
    play = room.play
    typed = answer_of(play.step, play.stage)
    return took(room, now, answer(play, typed), typed)


def target(now):
    assert now.step is not None
    return now.trace.program.lines[now.step.line - 1].target


def test_a_line_that_reads_what_is_asked_tells_it_neither_as_an_operand_nor_in_its_result():
    _, now = at(FIRST, "number")
    there = end(now)
    while there.trace.program.lines[there.step.line - 1].target != "w":
        there = back(there)
    assert is_hidden(there) and covered(there, there.step.output)
    assert read_covered(there, Name("dL_dw")) and not read_covered(there, Name("lr"))


def test_what_a_lesson_asks_for_is_no_mode_and_what_the_learner_hides_is():
    _, now = at(FIRST, "number")
    assert is_hidden(now) and now.hiding.asked.values and not list(modes(now))
    hidden = replace(now, hiding=now.hiding._replace(on=True))
    assert [mode.words() for mode in modes(hidden)] == ["hidden"]


@pytest.mark.parametrize("lesson", ALL, ids=lambda lesson: lesson.id)
def test_whatever_is_asked_is_told_nowhere_and_every_answer_shows_it(lesson):
    turns = with_answers(lesson, "en")
    room, now = entered(next(turns))
    for turn in turns:
        play = room.play
        if play.waits and isinstance(play.step, Judged | Matrix):
            name = play.step.target if isinstance(play.step, Judged) else play.step.of
            there = end(now)
            assert covered(now, now.trace.slot(name)) and covered(there, there.trace.slot(name))
            if isinstance(play.step, Judged):
                number = now.trace.program.number_of(name)
                assert line_covered(now, number) and line_covered(there, number)
        room, now = took(room, now, turn)
        hidden, play = now.hiding.asked.values, room.play
        if play.over or not any(isinstance(s, Judged) for s in lesson.steps[play.at :]):
            assert play.waits or not hidden
        elif not play.waits:
            assert not {play.step.show, getattr(play.step, "target", None)} & hidden
        assert not room.away(now)
    assert room.play.over


def test_the_line_that_is_asked_for_is_not_told_by_going_to_it_or_into_it():
    _, now = at(ALL[6], next(s.id for s in ALL[6].steps if isinstance(s, Formula)))
    while target(now := next_step(now)) != "dJ_dz3":
        pass
    assert is_hidden(now) and reveal_or_next(now).message is ASKED and hide(now).message is ASKED
    assert into(now).message is ASKED
    inner = replace(now, cursor=replace(now.cursor, level="operation").back())
    assert inner.cursor.stop != now.cursor.stop
    assert whole_line(inner).cursor.stop == now.cursor.stop
    assert provenance(now, now.step, Look()).startswith("to ")


@pytest.mark.parametrize("step", ["neuron", "forward", "which-way", "bias"])
def test_nothing_before_an_exercise_shows_the_line_that_it_asks_for(step):
    _, now = at(FIRST, step)
    lines = [line.target for line in now.trace.program.lines]
    told = {name for n, name in enumerate(lines, 1) if not line_covered(now, n)}
    assert "dL_dw" not in told
    assert {"dL_dy_hat", "dL_db"} <= told
    _, now = at(FIRST, "update")
    assert not now.hiding.asked.lines
    again = {FIRST.key(step): Record("done", 1) for step in FIRST.steps if step.id != "bias"}
    _, now = entered(opened(FIRST, "en", Progress(steps=again)))
    assert not now.hiding.asked.lines


def test_a_value_is_asked_for_and_its_line_is_seen():
    _, now = at(FIRST, "number")
    assert target(now) == "dL_dw" and is_hidden(now) and not line_covered(now, now.step.line)


def test_a_shape_is_asked_for_before_the_line_that_would_show_it():
    room, now = at(ALL[5], "shape")
    assert now.step is None or target(now) != "z"
    room, now = right(room, now)
    assert target(now) == "z"


def test_who_leaves_the_path_is_told_so_and_comes_back():
    room, now = at(FIRST, "number")
    gone = next_step(now)
    assert room.away(gone) and not room.away(now)
    assert "B" in str(what_enter_does(room, gone, more=False))
    back = come_back(room, gone)
    assert back.cursor.stop == now.cursor.stop and is_hidden(back)
    room, now = took(room, gone, answer(room.play, "-8"), "-8")
    assert target(now) == "dL_dw" and not is_hidden(now)


def test_who_comes_back_from_inside_a_step_keeps_what_is_set_and_hidden():
    room, now = at(ALL[6], "slope")
    inside = into(to_line(toggle(hide_so_much(now, 2), 1), 2))
    assert inside.outer is not None
    back = come_back(room, inside)
    assert back.breakpoints.lines == {1} and back.hiding.lines
    assert back.hiding.asked == now.hiding.asked


def test_a_lesson_goes_on_asking_after_a_restart():
    _, now = at(FIRST, "number")
    assert restart(hide_so_much(now, 2)).hiding == Hiding(asked=now.hiding.asked)


def test_the_learner_walks_where_the_lesson_says_walk():
    room, now = at(FIRST, "update")
    assert target(next_step(now)) == "dL_dy_hat"
    assert not room.away(next_step(now))


def test_who_walks_on_from_an_example_may_do_so_and_comes_back():
    room, now = at(FIRST, "bias")
    gone = next_step(now)
    assert room.elsewhere(gone) and not room.away(gone)
    assert not room.elsewhere(come_back(room, gone))


def test_a_lesson_goes_from_lab_to_lab():
    room, now = entered(opened(CIRCUIT, "en", NOTHING))
    labs = [now.lab.name]
    while not room.play.over:
        turn = skip(room.play) if room.play.waits else go_on(room.play)
        room, now = took(room, now, turn)
        labs.append(now.lab.name)
    assert list(dict.fromkeys(labs)) == ["circuits", "circuits-neuron", "circuits-staged"]
    assert not now.hiding.asked.values


def test_the_wrong_line_is_not_marked_before_it_is_found():
    step = next(s for s in CIRCUIT.steps if isinstance(s, FindBug))
    room, now = at(CIRCUIT, step.id)
    assert now.trace.program.altered is None and not now.changed
    room, now = right(room, now)
    assert now.trace.program.altered is not None


def test_a_formula_that_was_wrong_can_be_made_right_and_a_choice_is_typed_anew():
    room, now = at(FIRST, "weight")
    wrong, now = took(room, now, answer(room.play, "2*(y-y_hat)*x"), "2*(y-y_hat)*x")
    assert wrong.tried == "2*(y-y_hat)*x" and wrong.play.waits
    assert wrong.said[-1].shows and not wrong.said[-1].begins
    assert right(wrong, now)[0].tried == ""
    room, now = at(FIRST, "why-x")
    assert room.choices == 3
    assert took(room, now, answer(room.play, "2"), "2")[0].tried == ""


def test_a_hint_leaves_the_frame_alone():
    room, now = at(FIRST, "weight")
    there = next_step(now)
    helped, after = took(room, there, hint(room.play, inf))
    assert after.cursor is there.cursor and helped.play.record.hints == 1


def test_that_it_is_too_early_for_a_hint_is_said_once_and_goes():
    room, now = at(FIRST, "weight")
    for seconds in (100.0, 101.0, 102.0):
        room, now = took(room, now, hint(room.play, seconds))
    assert [said.passes for said in room.said] == [False, False, True]
    room, now = took(room, now, hint(room.play, 200.0))
    assert not any(said.passes for said in room.said)
    assert len(room.said) == 3


def test_a_guess_of_a_number_is_what_the_debugger_hides():
    asked = [s for s in FIRST.steps if isinstance(s, Predict) and s.of]
    for step in asked:
        _, now = at(FIRST, step.id)
        assert now.hiding.asked.values - {"dL_dw"} == {step.of} and isinstance(now, Snapshot)


def test_a_lesson_opens_before_anything_is_known():
    room, now = entered(opened(FIRST, "en", NOTHING))
    assert now.step is None and now.lab.name == "first-step" and len(room.said) == 1
