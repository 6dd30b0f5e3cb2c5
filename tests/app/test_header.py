"""The first row: which sample, which epoch and where in the walk; the lab's name where it fits."""

import pytest

from stepper.app.fitting import cells, plain
from stepper.app.snapshot import opened
from stepper.app.widgets.header import Header, short
from stepper.expr.sentence import say
from stepper.labs.source import lab_names
from stepper.show.rows import Look
from stepper.show.words import PHASE_NAMES, words
from tests.app.screens import lab


def places(name):
    """A lab at the end of the first line of each phase."""
    first = opened(lab(name), lab(name).check_sample(None))
    for phase in PHASE_NAMES:
        step = next((s for s in first.trace.steps if s.phase == phase and s.last), None)
        if step is not None:
            yield opened(lab(name), first.sample, step.index + 1)


@pytest.mark.parametrize("width", [60, 80, 120])
def test_the_place_is_never_hidden_and_the_name_is_there_from_80(width, language):
    for name in lab_names():
        for now in places(name):
            row = Header(Look(layout=now.lab.layout)).paint(now, width, 1)[0]
            said = plain(row)
            assert cells(row) == width
            assert width < 80 or f" {name} " in said, said
            assert f"{now.step.line}/{len(now.trace.program.lines)}]" in said, said
            assert words(PHASE_NAMES[now.step.phase]) in said, said
            assert words(say("epoch {n}", n="0")) in said, said
            if now.sample is not None and now.lab.data is not None:
                assert f"{words(say('sample {n}', n=str(now.sample)))}" in said, said
                targets = [float(v) for v in now.trace.value("y").flat]
                assert all(short(v) in said.split("→")[1] for v in targets), said


def test_a_lab_of_one_sample_has_no_all():
    now = opened(lab("two-hidden"), None)
    said = plain(Header(Look(layout=now.lab.layout)).paint(now, 80, 1)[0])
    assert " its only sample " in said and "all 1" not in said


def test_two_digits_are_a_whole_number_only_where_it_is_one():
    assert [short(v) for v in (0.05, 1, -2, 0.996, 0.00402, -1.073, 3)] == [
        "0.05", "1", "-2", "1.0", "0.004", "-1.1", "3"
    ]  # fmt: skip
