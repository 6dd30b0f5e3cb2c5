"""Datasets, starts and schedules by their being there; data from files, and all it refuses."""

from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from stepper.expr.errors import StepperError
from stepper.labs.datasets import DATASETS
from stepper.labs.given_data import inline, matrix, read_csv
from stepper.labs.schedules import SCHEDULES
from stepper.labs.starts import STARTS, Blank, blank
from stepper.language.layout import Layout

each_dataset = pytest.mark.parametrize("name", DATASETS)
each_start = pytest.mark.parametrize("name", STARTS)


def made(name: str, seed: int = 0, **settings: float) -> tuple[np.ndarray, np.ndarray]:
    return DATASETS[name].make(np.random.default_rng(seed), **settings)


@pytest.mark.parametrize("cards", [DATASETS, STARTS, SCHEDULES])
def test_every_card_has_a_sentence_and_its_name(cards) -> None:
    for name, card in cards.items():
        assert card.name == name
        assert card.sentence.endswith(".")
        assert "\n" not in card.sentence


@each_dataset
def test_a_sample_is_a_row_of_both(name: str) -> None:
    points, targets = made(name)
    n = DATASETS[name].settings["n"]
    assert points.shape == (n, 2)
    assert targets.shape[0] == n
    assert points.dtype == targets.dtype == np.float64
    assert np.isfinite(points).all()
    assert set(np.unique(targets)) == {0.0, 1.0}


@each_dataset
def test_the_same_generator_makes_the_same_points(name: str) -> None:
    for one, other in zip(made(name, 7), made(name, 7), strict=True):
        assert np.array_equal(one, other)


@each_dataset
@pytest.mark.parametrize("n", [0, -1, 2.5, 1e9, float("inf"), float("nan")])
def test_no_dataset_takes_a_number_of_points_that_is_none(name: str, n: float) -> None:
    with pytest.raises(StepperError, match=f"`{name}`: n = "):
        made(name, n=n)


def test_xor_is_two_crossing_lines_in_their_order() -> None:
    points, targets = made("xor")
    expected = []
    for i in range(11):
        expected.append((i / 10, i / 10, 0))
        if i != 5:
            expected.append((i / 10, 1 - i / 10, 1))
    assert np.allclose(np.hstack([points, targets]), expected, rtol=0, atol=1e-15)
    assert points[3].tolist() == [0.1, 0.9]
    assert targets[3] == 1
    assert Counter(targets.ravel().tolist()) == {0.0: 11, 1.0: 10}


def test_xor_with_four_points_is_xor_itself() -> None:
    points, targets = made("xor", n=4)
    assert [(*p, *t) for p, t in zip(points.tolist(), targets.tolist(), strict=True)] == [
        (0, 0, 0), (0, 1, 1), (1, 1, 0), (1, 0, 1),
    ]  # fmt: skip


@pytest.mark.parametrize("n", [4, 5, 8, 9, 20, 21, 100, 101])
def test_xor_has_as_many_points_as_asked_for(n: int) -> None:
    points, targets = made("xor", n=n)
    assert len({tuple(p) for p in points.tolist()}) == n == len(targets)
    on_diagonal = points[:, 0] == points[:, 1]
    assert np.array_equal(targets[:, 0], ~on_diagonal)


@pytest.mark.parametrize(
    ("n", "said"), [(22, "n=21 or n=24"), (23, "n=21 or n=24"), (6, "n=5 or n=8")]
)
def test_xor_names_the_numbers_of_points_it_can_have(n: int, said: str) -> None:
    with pytest.raises(StepperError, match=said):
        made("xor", n=n)


def test_linear_is_parted_by_the_diagonal() -> None:
    for (a, b), (t,) in zip(*made("linear"), strict=True):
        assert 0 <= min(a, b) <= max(a, b) < 1
        assert t == (0 if a > b else 1)


def test_chessboard_changes_at_every_edge() -> None:
    points, targets = made("chessboard")
    board = ["0101", "1010", "0101", "1010"]
    for (a, b), (t,) in zip(points, targets, strict=True):
        assert t == int(board[int(a / 0.25)][int(b / 0.25)])
    assert 400 < targets.sum() < 600


def test_three_classes_are_one_hot_and_apart() -> None:
    points, targets = made("three-class", spread=0.01)
    assert (targets.sum(axis=1) == 1).all()
    assert targets.sum(axis=0).tolist() == [50, 50, 50]
    for k in range(3):
        assert points[targets[:, k] == 1].std(axis=0).max() < 0.02
    with pytest.raises(StepperError, match="below 0"):
        made("three-class", spread=-1)


@each_start
@pytest.mark.parametrize("shape", [(), (1, 1), (3, 2)])
def test_a_start_has_the_shape_asked_for(name: str, shape: tuple[int, ...]) -> None:
    drawn = STARTS[name].draw(np.random.default_rng(0), blank(shape, "rows"))
    assert drawn.shape == shape
    assert drawn.dtype == np.float64


def test_starts_are_what_their_sentences_say() -> None:
    rng = np.random.default_rng(0)
    bell = STARTS["normal"].draw(rng, Blank((200, 200)), mean=3, std=2)
    assert bell.mean() == pytest.approx(3, abs=0.05)
    assert bell.std() == pytest.approx(2, abs=0.05)
    flat = STARTS["uniform"].draw(rng, Blank((200, 200)), low=2, high=4)
    assert flat.min() >= 2
    assert flat.max() < 4
    assert flat.std() == pytest.approx(2 / np.sqrt(12), abs=0.01)
    assert not STARTS["zeros"].draw(rng, Blank((3, 2))).any()
    assert (STARTS["ones"].draw(rng, Blank((3, 2))) == 1).all()


@pytest.mark.parametrize("layout", ["columns", "rows"])
def test_starts_by_the_size_of_a_layer_keep_signals_their_size(layout: Layout) -> None:
    shape = (300, 100) if layout == "columns" else (100, 300)
    weights = blank(shape, layout)
    assert (weights.inputs, weights.outputs) == (100, 300)
    rng = np.random.default_rng(0)
    assert STARTS["he"].draw(rng, weights).var() == pytest.approx(2 / 100, rel=0.03)
    assert STARTS["xavier"].draw(rng, weights).var() == pytest.approx(2 / 400, rel=0.03)


def test_moons_circles_and_spirals_are_where_their_sentences_say() -> None:
    points, targets = made("circles", n=80, inner=0.4, spread=0)
    assert np.hypot(*points.T) == pytest.approx(np.where(targets[:, 0] == 1, 0.4, 1))
    points, targets = made("moons", n=80, spread=0)
    upper, lower = points[targets[:, 0] == 0], points[targets[:, 0] == 1]
    assert np.hypot(*upper.T) == pytest.approx(np.ones(40))
    assert upper[:, 1].min() >= 0
    assert np.hypot(*(lower - (1, 0.5)).T) == pytest.approx(np.ones(40))
    assert lower[:, 1].max() <= 0.5
    points, targets = made("spirals", n=80, turns=1, spread=0)
    assert points[targets[:, 0] == 0] == pytest.approx(-points[targets[:, 0] == 1])
    out = np.hypot(*points.T)
    assert np.arctan2(points[0, 1], points[0, 0]) == pytest.approx(2 * np.pi * out[0])


@pytest.mark.parametrize("name", ["moons", "circles", "spirals"])
def test_as_many_points_of_both_kinds_scattered_as_much_as_asked_for(name: str) -> None:
    for n in (60, 61):
        points, targets = made(name, n=n)
        assert len(points) == n
        assert targets.sum() == n // 2
    apart = made(name, spread=0.3)[0] - made(name, spread=0)[0]
    assert apart.std() == pytest.approx(0.3, rel=0.2)
    with pytest.raises(StepperError, match="below 0"):
        made(name, spread=-1)


@pytest.mark.parametrize(
    ("name", "settings"), [("circles", {"inner": 1}), ("spirals", {"turns": 0})]
)
def test_shapes_that_make_no_sense_are_refused(name: str, settings: dict[str, float]) -> None:
    with pytest.raises(StepperError, match=f"`{name}`"):
        made(name, **settings)


@pytest.mark.parametrize(("name", "settings"), [("normal", {"std": -1}), ("uniform", {"low": 2})])
def test_starts_refuse_what_makes_no_sense(name: str, settings: dict[str, float]) -> None:
    with pytest.raises(StepperError, match=f"`{name}`"):
        STARTS[name].draw(np.random.default_rng(0), Blank((1, 1)), **settings)


def test_a_step_schedule_decays_after_every_so_many_epochs() -> None:
    rates = [SCHEDULES["step"].rate(2.0, e, every=3, factor=0.5) for e in range(1, 8)]
    assert rates == [2, 2, 2, 1, 1, 1, 0.5]
    assert {SCHEDULES["constant"].rate(2.0, e) for e in (1, 5000)} == {2.0}
    for wrong in ({"every": 0}, {"every": 1.5}, {"factor": 0}):
        with pytest.raises(StepperError, match="`step`"):
            SCHEDULES["step"].rate(2.0, 1, **wrong)


@pytest.mark.parametrize("name", SCHEDULES)
@pytest.mark.parametrize("lr", [0.0, 0.1, 1e300])
@pytest.mark.parametrize("factor", [1e-300, 0.5, 1.5, 1e300])
def test_no_epoch_is_too_late_for_a_schedule(name: str, lr: float, factor: float) -> None:
    """A rate may vanish or become inf, where training says so; it is never nan, nor an error."""
    settings = {"factor": factor} if "factor" in SCHEDULES[name].settings else {}
    for epoch in (1, 2, 2000, 10**9):
        rate = SCHEDULES[name].rate(lr, epoch, **settings)
        assert rate >= 0
        assert rate == 0 if lr == 0 else epoch > 1 or rate == lr


def test_inline_data_in_both_layouts() -> None:
    columns = inline([[1, 2, 3], [4, 5, 6]], [[0, 1, 0]], "columns")
    rows = inline([[1, 4], [2, 5], [3, 6]], [[0], [1], [0]], "rows")
    for one, other in zip(columns, rows, strict=True):
        assert np.array_equal(one, other)
    assert columns[0].shape == (3, 2)


BAD_MATRICES = {
    "1-D": ([1, 2], "write [[1, 2]] for one row or [[1], [2]] for one column"),
    "a number": (3, "a list of rows"),
    "nothing": (None, "a list of rows"),
    "empty": ([], "empty"),
    "empty row": ([[]], "empty"),
    "mixed": ([[1], 2], "mixes numbers and rows"),
    "ragged": ([[1, 2], [3]], "its first row has 2 numbers, row 1 has 1"),
    "nan": ([[1, float("nan")]], "holds nan"),
    "inf": ([[-float("inf")]], "holds -inf"),
    "too large for a float": ([[10**400]], "holds inf"),
    "text": ([["one"]], "'one', which is no number"),
    "truth": ([[True]], "True, which is no number"),
    "3-D": ([[[1]]], "[1], which is no number"),
}


@pytest.mark.parametrize("name", BAD_MATRICES)
def test_a_matrix_refuses(name: str) -> None:
    value, said = BAD_MATRICES[name]
    with pytest.raises(StepperError) as refused:
        matrix(value, "inputs")
    assert said in str(refused.value)
    assert "`inputs`" in str(refused.value)


def test_inputs_and_targets_have_the_same_samples() -> None:
    with pytest.raises(StepperError) as refused:
        inline([[1, 2]], [[1], [0]], "columns")
    assert "`inputs` has 2 samples and `targets` has 1" in str(refused.value)
    assert "a sample is a column" in str(refused.value)


@pytest.mark.parametrize(
    "text",
    [
        "0,1,1\n0.5,-2e-1,0\n",
        "x1,x2,label\n0,1,1\n0.5,-0.2,0\n",
        "\ufeffx1,x2,label\r\n0,1,1\r\n\r\n0.5,-0.2,0",
        ' 0 , 1, "1"\n+.5,-.2,0\n\n\n',
    ],
)
def test_a_csv_file_has_its_target_last(text: str, tmp_path: Path) -> None:
    path = tmp_path / "points.csv"
    path.write_text(text)
    points, targets = read_csv(path)
    assert points.tolist() == [[0, 1], [0.5, -0.2]]
    assert targets.tolist() == [[1], [0]]


BAD_FILES = {
    "empty": (b"", "points.csv: there is no row of numbers"),
    "blank": (b"\n , \n\n", "points.csv: there is no row of numbers"),
    "heading only": (b"a,b,c\n", "points.csv: there is no row of numbers"),
    "ragged": (b"1,2,3\n\n4,5\n", "points.csv:3: this row has 2 columns, the first has 3"),
    "longer than its heading": (b"a,b,c\n1,2,3\n1,2,3,4\n", "points.csv:3: this row has 4"),
    "a word": (b"a,b\n1,2\n1,two\n", "points.csv:3: column 2 holds `two`, which is no number"),
    "a word in the first row of numbers": (b"1,two\n1,2\n", "points.csv:1: column 2 holds `two`"),
    "an empty cell": (b"1,2\n1,\n", "points.csv:2: column 2 holds ``, which is no number"),
    "digits with underscores": (b"1_0,2\n", "points.csv:1: column 1 holds `1_0`"),
    "a comma for the point": (b"1;5,2;5\n", "points.csv: there is no row of numbers"),
    "nan": (b"1,2\nnan,2\n", "points.csv:2: column 1 holds nan"),
    "inf": (b"1,2\n1,-inf\n", "points.csv:2: column 2 holds -inf"),
    "overflow": (b"1,2\n1,1e999\n", "points.csv:2: column 2 holds 1e999"),
    "one column": (b"1\n2\n", "points.csv:1: one column only"),
    "one column under a heading": (b"x\n1\n2\n", "points.csv:2: one column only"),
    "bytes": (b"\x89PNG\r\n\x1a\n\xff", "points.csv: this is no text file"),
    "zero bytes": (b"1,2\n\x00,3\n", "points.csv: this is no text file"),
    "an endless cell": (b'1,"' + b"2" * 200_000, "points.csv:1: this is no CSV"),
    "too many bytes": (b"1,2\n" * 2_500_001, "points.csv: this is too large"),
    "too many samples": (b"1,2\n" * 100_002, "points.csv: this is too large"),
}


@pytest.mark.parametrize("name", BAD_FILES)
def test_a_csv_file_is_refused_with_its_line(name: str, tmp_path: Path) -> None:
    content, said = BAD_FILES[name]
    path = tmp_path / "points.csv"
    path.write_bytes(content)
    with pytest.raises(StepperError) as refused:
        read_csv(path)
    assert str(refused.value).startswith(said)
    assert len(str(refused.value)) < 200


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    for path in (tmp_path / "none.csv", tmp_path):
        with pytest.raises(StepperError, match="cannot read the data file"):
            read_csv(path)


def test_an_exponential_schedule_decays_after_every_epoch() -> None:
    rates = [SCHEDULES["exponential"].rate(2.0, e, factor=0.5) for e in range(1, 5)]
    assert rates == [2, 1, 0.5, 0.25]
    with pytest.raises(StepperError, match="`exponential`"):
        SCHEDULES["exponential"].rate(2.0, 1, factor=0)


@pytest.mark.parametrize("name", ["step", "exponential"])
def test_a_rate_that_grows_beyond_all_numbers_is_inf(name: str) -> None:
    settings = {"factor": 1e300} | ({"every": 1} if name == "step" else {})
    assert SCHEDULES[name].rate(2.0, 2, **settings) == 2e300
    assert SCHEDULES[name].rate(2.0, 3, **settings) == float("inf")


def test_a_cosine_schedule_falls_to_its_least_and_stays() -> None:
    rates = [SCHEDULES["cosine"].rate(2.0, e, span=4, least=1) for e in range(1, 8)]
    assert rates == pytest.approx([2, 1.5 + 0.5 / 2**0.5, 1.5, 1.5 - 0.5 / 2**0.5, 1, 1, 1])
    for wrong in ({"span": 0}, {"least": 3}, {"least": -1}):
        with pytest.raises(StepperError, match="`cosine`"):
            SCHEDULES["cosine"].rate(2.0, 1, **wrong)
