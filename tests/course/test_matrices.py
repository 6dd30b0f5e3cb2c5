"""Matrices in a lesson: how the prose shows them, and what is no answer to one."""

from pathlib import Path

import pytest

from stepper.course.answers import answered
from stepper.course.lesson import Matrix, Predict, World
from stepper.course.prose import filled
from stepper.course.stage import Stage
from stepper.labs.load import load
from stepper.show.words import words


@pytest.fixture(scope="module")
def stage(tmp_path_factory):
    path = Path(tmp_path_factory.mktemp("labs")) / "one-layer.toml"
    path.write_text(
        '[data]\nlayout = "columns"\ninputs = [[1, -2], [10, 0.5]]\ntargets = [[0, 1]]\n'
        "[parameters]\nW = [[1, 2]]\n"
        '[program]\nforward = """\nz = W @ X\nJ = sum((z - y)**2)\n"""\n'
        '[training]\noptimizer = "gd(lr=0.1)"\nepochs = 1\npredict = "z"\n'
    )
    return Stage(load(str(path)), None, {})


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("    {{ grid X }}", "       1    -2\n      10   0.5"),
        ("    {{ grid W | 2 }}", "     1.00   2.00"),
        ("{{ shape X }}, {{ shape J }}", "2×2, scalar"),
        ("{{ X[1:2, 0:1] }}", "10"),
    ],
)
def test_a_matrix_of_the_prose(stage, text, said):
    assert words(filled(text, stage)) == said


@pytest.mark.parametrize("kind", [Matrix, Predict])
@pytest.mark.parametrize("typed", ["21", "+"])
def test_one_number_is_no_answer_where_a_matrix_is_asked(stage, kind, typed):
    step = kind(id="z", world=World(lab="one-layer"), of="z")
    assert stage.value("z")[0, 0] == 21
    assert answered(step, stage, typed).verdict == "slip"


def test_the_shape_of_a_matrix_is_predicted(stage):
    step = Predict(id="z", world=World(lab="one-layer"), of="z")
    assert answered(step, stage, "1x2").verdict == "right"
    assert answered(step, stage, "2x1").verdict == "wrong"
