"""The loader: what it makes of a lab file, and one bad fixture for everything it refuses."""

from pathlib import Path

import numpy as np
import pytest

from stepper.expr.errors import FormulaError, StepperError
from stepper.labs import edit_text
from stepper.labs.datasets import DATASETS
from stepper.labs.load import load
from stepper.labs.optimizers import OPTIMIZERS
from stepper.labs.schedules import SCHEDULES
from stepper.labs.source import lab_names
from stepper.labs.starts import STARTS
from stepper.show.excerpt import excerpt
from stepper.show.translation import speak
from stepper.show.words import words
from stepper.train.measures import gradient_check

GOOD = '''\
title = "a lab"
[data]
set = "xor"
sample = 3
[sizes]
h1 = 4
h2 = 3
[functions]
act = "sigmoid"
[parameters]
W1 = "normal(h1, 2)"
b1 = "zeros(h1, 1)"
W2 = "normal(h2, h1)"
b2 = "zeros(h2, 1)"
W3 = "normal(1, h2)"
b3 = "zeros(1, 1)"
[program]
forward = """
a1 = act(W1 @ X + b1)
a2 = act(W2 @ a1 + b2)   # the second layer
a3 = sigmoid(W3 @ a2 +
             b3)
J = bce(a3, y)
"""
[training]
optimizer = "momentum(lr=0.5)"
predict = "a3"
stop = "J < 0.01"
[metrics]
mae = "mean(abs(a3 - y))"
[variants.tanh]
functions = { act = "tanh" }
'''
ROW = '[[reported]]\nquantity = "J"\nvalue = 0.5\n'


@pytest.fixture
def write(tmp_path: Path):
    def written(old: str = "", new: str = "") -> str:
        assert old in GOOD
        path = tmp_path / "my.toml"
        path.write_text(GOOD.replace(old, new) if old else GOOD + new)
        return str(path)

    return written


def test_a_lab_is_read_whole(write) -> None:
    lab = load(write())
    assert (lab.title, lab.layout, lab.sample, lab.samples) == ("a lab", "columns", 3, 21)
    assert lab.program.phase("forward")[0].text() == "z1 = W1 @ X + b1"
    assert [line.target for line in lab.program.phase("update")][:2] == ["V_W1", "W1"]
    assert {k: v.shape for k, v in lab.state.items()} == {
        f"V_{k}": v.shape for k, v in lab.parameters.items()
    }
    lab.trace(3).verify()
    lab.trace(None).verify()


def test_a_name_one_line_and_a_variant(write) -> None:
    path = write()
    assert "tanh(z1)" in load(f"{path}:tanh").program.text()
    assert "sigmoid(z1)" in load(path).program.text()


def test_settings_reach_every_table(write) -> None:
    lab = load(
        write(), sets={"h1": "5", "act": "relu", "lr": "0.25", "n": "9", "beta": "0.5"}, seed=3
    )
    assert lab.parameters["W1"].shape == (5, 2)
    assert "relu(z1)" in lab.program.text()
    assert lab.training.settings == {"lr": 0.25, "beta": 0.5}
    assert lab.samples == 9
    assert lab.training.seed == 3


def test_another_way_of_training_and_another_start_are_settings_too(write) -> None:
    sets = {"optimizer": "adagrad(start=1)", "tiny": "0.001", "schedule": "cosine(span=9)"}
    sets |= {
        "W1": "xavier(h1, 2)",
        "batch": "1",
        "order": "shuffle",
        "epochs": "7",
        "stop": "J < 1",
    }
    lab = load(write(), sets=sets)
    assert lab.training.optimizer.name == "adagrad"
    assert lab.training.settings == {"lr": 0.1, "tiny": 0.001, "start": 1.0}
    assert (lab.state["G_W1"] == 1).all()
    assert lab.training.rate(1) == 0.1
    assert lab.training.rate(10) == 0
    assert not np.array_equal(lab.parameters["W1"], load(write()).parameters["W1"])
    assert (lab.training.batch, lab.training.order, lab.training.epochs) == (1, "shuffle", 7)
    assert lab.training.stop is not None
    assert load(write(), sets={"batch": "full"}).training.batch is None


def test_a_parameter_that_is_one_number_is_set_to_a_number() -> None:
    assert load("circuits", sets={"x": "-1"}).parameters["x"] == -1
    assert load("circuits", sets={"x": "2.5e-1"}).parameters["x"] == 0.25
    with pytest.raises(StepperError, match="no start"):
        load("circuits", sets={"x": "one"})


def test_data_and_starts_have_random_numbers_of_their_own(write) -> None:
    lab, other = load(write()), load(write(), data="linear")
    assert other.samples == 100
    assert other.sample == 0
    assert all(np.array_equal(lab.parameters[k], other.parameters[k]) for k in lab.parameters)
    again = load(write(), data="linear")
    assert np.array_equal(again.data.X, other.data.X)
    assert not np.array_equal(load(write(), data="linear", seed=1).data.X, other.data.X)


def test_rows_is_the_same_lab_turned() -> None:
    for name in lab_names():
        lab = load(name)
        if lab.data is not None:
            samples = lab.data.y.shape[1 if lab.layout == "columns" else 0]
            assert lab.data.samples == samples


GREEK = '''\
[parameters]
"θ" = [[1, 2]]
"權重₂" = [[3.0]]
[constants]
"ϵ" = 0.25
[sizes]
"µ" = 2
[program]
forward = """
ϕ = θ @ θᵀ + ϵ
輸出 = 權重₂ * ϕ * µ
J = sum(輸出)
"""
[training]
predict = "輸出"
fixed = ["權重₂"]
'''


def test_names_are_found_however_their_letters_are_typed(tmp_path: Path) -> None:
    path = tmp_path / "greek.toml"
    path.write_text(GREEK, encoding="utf-8-sig")  # as Windows' Notepad may write it
    lab = load(str(path), sets={"ϵ": "0.5"})
    assert (set(lab.parameters), set(lab.constants)) == ({"θ", "權重2"}, {"ε"})
    assert (lab.sizes, lab.training.fixed, lab.training.predict) == ({"μ": 2}, ("權重2",), "輸出")
    trace = lab.trace(None)
    assert float(trace.value("J")) == 6 * 5.5
    found = {step.line for step in excerpt(trace, "∂J/∂θ", "∂J/∂θ")}
    assert found == {trace.program.number_of("dJ_dθ")}
    assert edit_text.read("ϵ = 2").name == "ε"


REFUSED = {
    "one letter in two forms": ("h2 = 3", 'h2 = 3\n"ε" = 3\n"ϵ" = 3', ":8", "`ε` is there twice"),
    "key that is no name": ("h2 = 3", 'h2 = 3\n"lambda" = 3', ":8", "`lambda` is no name"),
    "function for a name": ("h2 = 3", 'h2 = 3\n"σ" = 3', ":8", "`σ` is no name"),
    "not toml": ("", "\n[[", "", "not TOML"),
    "number of 5000 digits": ("h2 = 3", "h2 = " + "3" * 5_000, ":7", "18 digits at most"),
    "exponent of 20 digits": ("h2 = 3", "h2 = 1e" + "9" * 20, ":7", "an exponent 3"),
    "number beyond 64 bits": ("h2 = 3", "h2 = 0x" + "f" * 4_000, ":7", "18 digits at most"),
    "long number in a list": ("", "[constants]\nk = [[" + "3" * 400 + "]]", ":34", "18 digits"),
    "title that is no text": ('title = "a lab"', "title = 3", ":1", "is a text"),
    "about that is no text": ('title = "a lab"', "about = []", ":1", "is a text"),
    "title of a variant": ("", "title = 3", ":33", "is a text"),
    "no such key": ("sample = 3", "sampel = 3", ":4", "Did you mean `sample`?"),
    "no such top key": ('title = "a lab"', "foo = 1", ":1", "`foo`"),
    "no such table": ("[training]", "[trainig]", ":25", "Did you mean `training`?"),
    "table that is none": (
        'title = "a lab"\n[data]\nset = "xor"\nsample = 3', "data = 3", ":1", "[data]",
    ),
    "wrong shape": (
        'W1 = "normal(h1, 2)"', 'W1 = "normal(h1, 3)"', ":19",
        "W1 (h1, 3) @ X (2, N): inner sizes 3 and 2 differ",
    ),
    "undefined name": ("@ a1 + b2", "@ a9 + b2", ":20", "there is no `a9`"),
    "name before it exists": ("W1 @ X + b1", "W1 @ X + a2", ":19", "before it has a value"),
    "no scalar loss": ("J = bce(a3, y)", "J = (a3 - y)**2", "", "J is (1, N)"),
    "loss without a parameter": ("W1 @ X + b1", "W1 @ X", "", "not depend on the parameter b1"),
    "sample out of range": ("sample = 3", "sample = 33", ":4", "0 to 20"),
    "one name twice": ("h2 = 3", "h2 = 3\nb1 = 3", "", "`b1`"),
    "size and rate of one name": ("h2 = 3", "h2 = 3\nlr = 3", "", "`lr`"),
    "name that is given": ("h2 = 3", "h2 = 3\nN = 3", ":8", "given by stepper"),
    "target twice": ("a2 = act", "a1 = act", ":20", "has a value already"),
    "gradient's name": (
        "a1 = act(W1 @ X + b1)", "dJ_db1 = b1 * 1\na1 = act(W1 @ X + dJ_db1)", "",
        "what the gradient of b1 will be called",
    ),
    "nan": ('"zeros(1, 1)"', "[[nan]]", ":16", "nan"),
    "inf": ('"zeros(1, 1)"', "[[inf]]", ":16", "inf"),
    "1-D": ('"zeros(1, 1)"', "[1.0]", ":16", "one axis"),
    "ragged": ('"zeros(1, 1)"', "[[1.0], [1, 2]]", ":16", "one length"),
    "no such size": ('"zeros(1, 1)"', '"zeros(1, q)"', ":16", "no size `q`"),
    "no such start": ('"zeros(1, 1)"', '"zeross(1, 1)"', ":16", "Did you mean `zeros`?"),
    "no such setting of a start": ('"zeros(1, 1)"', '"zeros(1, 1, mean=2)"', ":16", "`mean`"),
    "start that is no call": ('"zeros(1, 1)"', '"1 +"', ":16", "cannot read"),
    "length that is no number": ('"zeros(1, 1)"', '"zeros(1e300*1e300, 1)"', ":16", "too large"),
    "length of 400 digits": ('"zeros(1, 1)"', f'"zeros({"9" * 400}, 1)"', ":16", "too large"),
    "draw that is too large": ("(h1, 2)", "(h1, 2, std=1e308)", ":11", "try smaller settings"),
    "draw from too far": (
        "normal(h1, 2)", "uniform(h1, 2, low=-1e308, high=1e308)", ":11", "try smaller settings",
    ),
    "draw with a word that is no number": (
        '"zeros(1, 1)"', '"normal(1, 1, std=k)"\n[constants]\nk = [[1]]', ":16", "no size `k`",
    ),
    "rate that is no number": ("lr=0.5", "lr=1e300*1e300", ":26", "too large"),
    "rate that is a list": ("lr=0.5", "lr=k", ":26", "no size `k`"),
    "text for a number": ('"zeros(1, 1)"', '[["1"]]', ":16", "neither a number"),
    "truth for a number": ("", "[constants]\nk = true", ":34", "neither a number"),
    "too large": ("h1 = 4\nh2 = 3", "h1 = 100000\nh2 = 100000", ":13", "too large"),
    "size that is none": ("h1 = 4", "h1 = 0.5", ":6", "whole number"),
    "no such function": ('"sigmoid"', '"sigmoyd"', ":9", "Did you mean `sigmoid`?"),
    "no such data": ('"xor"', '"xorr"', ":3", "Did you mean `xor`?"),
    "two sources": ('"xor"', '"xor"\ncsv = "a.csv"', ":2", "one of"),
    "no such file": ('set = "xor"', 'csv = "a.csv"', ":3", "a.csv"),
    "setting of the data": ('"xor"', '"xor"\nn = 7', "", "7 points"),
    "points that are no number": ('"xor"', '"xor"\nn = inf', ":4", "n is a number"),
    "points that are a text": ('"xor"', '"xor"\nn = "many"', ":4", "n is a number"),
    "points that are a list": ('"xor"', '"xor"\nn = [1]', ":4", "n is a number"),
    "points too far apart": ('"xor"', '"moons"\nspread = 1e308', ":3", "`moons` makes numbers"),
    "layout that is a list": ('"xor"', '"xor"\nlayout = []', ":4", '"columns" or "rows"'),
    "file without an end": ('set = "xor"', 'csv = "/dev/zero"', "", "this is too large"),
    "file that cannot be": ('set = "xor"', 'csv = "\\u0000"', ":3", "cannot read"),
    "1-D data": ('set = "xor"', "inputs = [1.0]\ntargets = [1.0]", "", "1-D"),
    "nan in data": ('set = "xor"', "inputs = [[nan], [1]]\ntargets = [[1.0]]", "", "nan"),
    "no program": ('forward = """', 'backward = """', "", "forward"),
    "program that is no text": (
        'J = bce(a3, y)\n"""', 'J = bce(a3, y)\n"""\nbackward = 3', ":25", "text of lines"
    ),
    "line without =": ("J = bce", "J bce", ":23", "`="),
    "no such optimizer": ("momentum(", "momentun(", ":26", "Did you mean `momentum`"),
    "no such optimizer setting": ("lr=0.5", "rl=0.5", ":26", "`rl`"),
    "ones on the axis of the samples": (
        "@ a1 + b2", "@ with_ones(a1, axis=1) + b2", ":23", "bce(a3 (1, N+1), y (1, N))",
    ),
    "no such prediction": ('"a3"', '"a4"', ":27", "`a4`"),
    "condition that is a matrix": ('"J < 0.01"', '"a3 < 0.01"', ":28", "single number"),
    "metric with an unknown name": ("abs(a3 - y)", "abs(a3 - q)", ":30", "`q`"),
    "batch": ("[training]", '[training]\nbatch = "x"', ":26", "batch"),
    "order": ("[training]", '[training]\norder = "x"', ":26", "order"),
    "epochs": ("[training]", "[training]\nepochs = -1", ":26", "epochs"),
    "seed": ("[training]", "[training]\nseed = 1.5", ":26", "seed"),
    "fixed that is no list": ("[training]", '[training]\nfixed = "b1"', ":26", "list"),
    "fixed that is a list": ("[training]", "[training]\nfixed = [[1]]", ":26", "`[1]`"),
    "prediction that is a list": ('"a3"', "[]", ":27", "`[]`"),
    "prediction that is the loss": ('"a3"', '"J"', ":27", "J is scalar, y is (1, N)"),
    "prediction of another shape": ('"a3"', '"a1"', ":27", "a1 is (h1, N), y is (1, N)"),
    "fixed that is no parameter": ("[training]", '[training]\nfixed = ["b9"]', ":26", "`b9`"),
    "schedule": ("[training]", '[training]\nschedule = "sometimes"', ":26", "schedule"),
    "gradients": ("[training]", '[training]\ngradients = "own"', ":26", "backward"),
    "variant that is no table": ("", "[variants]\nx = 3", "", "variant"),
    "reported that is no table": ('title = "a lab"', "reported = 3", ":1", "[[reported]]"),
    "reported that is one table": ("", '[reported]\nquantity = "J"', ":33", "[[reported]]"),
    "reported": ("", '[[reported]]\nquantity = "J"', "", "value"),
    "published text": ("", '[[reported]]\nquantity = "J"\nvalue = "x"', ":33", "`value` of"),
    "published infinity": ("", '[[reported]]\nquantity = "J"\nvalue = inf', ":33", "or nan"),
    "quantity that is no text": ("", "[[reported]]\nquantity = 3\nvalue = 1", ":33", "a text"),
    "epoch of reported": ("", ROW + "epoch = -1", ":33", "a whole number from 0"),
    "epsilon of reported": ("", ROW + "epsilon = 0", ":33", "above 0"),
    "settings of reported": ("", ROW + ROW + "settings = 3", ":36", "a table: { lr = 0.5 }"),
    "median of reported": ("", ROW + "median = nan", ":33", "a number"),
    "band of reported": ("", ROW + "band = [1]", ":33", "two numbers"),
    "slow that is neither": ("", ROW + "slow = 1", ":33", "true or false"),
    "slow and lost": ("", ROW + ROW + 'measure = "lost"\nslow = true', ":36", "leave out `slow`"),
    "key of reported": ("", '[[reported]]\nquantities = "J"', "", "Did you mean `quantity`?"),
    "import": ("bce(a3, y)", "__import__('os').system('true')", ":23", "begin with a letter"),
    "attribute": ("bce(a3, y)", "mean(a3.real)", ":23", ".real"),
    "brackets": ("bce(a3, y)", "(" * 100_000, ":23", "characters long"),
    "a megabyte": ("bce(a3, y)", "a3 + " * 200_000, ":23", "characters long"),
    "many lines": ("J = bce", "q = 1\n" * 2_000 + "J = bce", "", "1000 lines"),
    "huge exponent": ("bce(a3, y)", "mean(a3**9999999999)", ":23", "exponent"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_refuses(name: str, write) -> None:
    old, new, place, said = REFUSED[name]
    with pytest.raises(StepperError) as refused:
        load(write(old, new))
    error = refused.value
    message = error.pointing() if isinstance(error, FormulaError) else str(error)
    assert said in message
    assert f"my.toml{place}" in message or not place
    assert "{" not in message.replace("{ lr = 0.5 }", "")


@pytest.mark.parametrize(
    ("variant", "line"),
    [
        ('[variants.v]\ntraining = { order = "x" }', 34),
        ('[variants.v]\nabout = ""\ntraining.order = "x"', 35),
        ('[variants.v]\n[variants.v.training]\nepochs = 1\norder = "x"', 36),
        ("[variants.v]\ntraining = { lr = 1 }", 34),
        ("[variants.v.training]\nlr = 1", 34),
        ("[variants.v.constants]\nlr = 10000000000000000000", 34),
        ("[variants.v.trainings]\nlr = 1", 33),
        ("[variants.v]\nabout = 3", 34),
        ('[variants.v.sizes]\nh1 = 2\n"h１" = 2', 34),
        ('[variants.v.program]\nforward = """\nz1 = W1 @ q\n"""', 35),
    ],
)
def test_what_a_variant_says_is_refused_where_it_says_it(variant: str, line: int, write) -> None:
    with pytest.raises(StepperError) as refused:
        load(f"{write('', variant)}:v")
    assert refused.value.where == f"my.toml:{line}"


def test_what_a_variant_leaves_as_it_was_is_refused_in_the_lab(write) -> None:
    path = write("[training]", '[variants.v]\ntraining = { epochs = 1 }\n[training]\norder = "x"')
    with pytest.raises(StepperError) as refused:
        load(f"{path}:v")
    assert refused.value.where == "my.toml:28"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"h1": "x"}, "`x` is no number"),
        ({"h1": "nan"}, "`nan` is no number"),
        ({"lr": "sNaN"}, "`sNaN` is no number"),
        ({"h9": "3"}, "It has W1, .*act, .*batch, beta"),
        ({"act": "mean"}, "no activation `mean`"),
        ({"h1": "0"}, "whole number"),
        ({"batch": "some"}, "`some` is no number"),
        ({"batch": "0"}, "whole number"),
        ({"optimizer": "adams"}, "Did you mean `adam`"),
        ({"schedule": "cosine(span=0)"}, "whole number"),
        ({"W1": "he(q, 2)"}, "no size `q`"),
        ({"W1": "3"}, "cannot read `3`"),
    ],
)
def test_refuses_settings(typed: dict[str, str], said: str, write) -> None:
    with pytest.raises(StepperError, match=said):
        load(write(), sets=typed)


@pytest.mark.parametrize(
    ("cards", "sets"),
    [(STARTS, "W1"), (OPTIMIZERS, "optimizer"), (SCHEDULES, "schedule"), (DATASETS, None)],
)
def test_a_card_that_there_is_not_is_told_which_there_are(cards, sets: str | None, write) -> None:
    with pytest.raises(StepperError) as refused:
        load(write(), **({"sets": {sets: "foo(1)"}} if sets else {"data": "foo"}))
    assert "There are " + ", ".join(f"`{name}`" for name in cards) in str(refused.value)
    assert "see `stepper labs --cards`" in str(refused.value)


def test_a_card_without_settings_says_so_in_the_language(write) -> None:
    with pytest.raises(StepperError) as refused:
        load(write(), sets={"W1": "zeros(h1, 2, std=1)"})
    assert "`zeros` takes no `std`: it has no settings." in str(refused.value)
    speak("zh-TW")
    assert "可用的設定：（無）。" in refused.value.said(words)


def test_names_the_lab_that_was_meant() -> None:
    with pytest.raises(StepperError, match="Did you mean `xor`"):
        load("xorr")
    with pytest.raises(StepperError, match="cannot read"):
        load("nowhere.toml")


def test_names_the_step_where_an_infinity_arises(write) -> None:
    path = write("act(W1 @ X + b1)", "exp(exp(exp(W1 @ X + 9 + b1)))")
    with pytest.raises(StepperError, match=r"step 4, exp\(exp\(t1\)\)|is inf") as refused:
        load(path).trace(3)
    assert "line 2" in str(refused.value)


def test_a_hand_written_backward_program_is_checked_for_shapes(write) -> None:
    with pytest.raises(StepperError, match="a gradient has the shape of what it belongs to"):
        load(write('J = bce(a3, y)\n"""', 'J = bce(a3, y)\n"""\nbackward = "dJ_dW3 = a2.T"'))


def test_ones_beside_the_samples_of_a_layer_have_the_slopes_that_nudging_gives(write) -> None:
    path = Path(write("@ a1 + b2", "@ with_ones(a1, axis=1) + b2"))
    path.write_text(path.read_text().replace("bce(a3, y)", "mean(a3**2)"))
    with pytest.raises(StepperError, match=r"a3 is \(1, N\+1\), y is \(1, N\)"):
        load(str(path))
    path.write_text(
        path.read_text().replace('predict = "a3"\n', "").replace("abs(a3 - y)", "abs(a3)")
    )
    assert gradient_check(load(str(path)), 1e-5) < 1e-9


@pytest.mark.parametrize("sample", [3, None])
def test_a_mean_over_one_sample_more_divides_by_one_more(sample: int | None, write) -> None:
    trace = load(write("bce(a3, y)", "mean(with_ones(a3, axis=1)**2)")).trace(sample)
    trace.verify()
    a3 = trace.value("a3")
    assert np.allclose(trace.value("dJ_da3"), 2 * a3 / (np.size(a3) + 1), rtol=1e-14)
