"""What the benches compare is the same work, and its amount grows as it should; no clock here."""

import numpy as np
import pytest

from stepper.app.snapshot import opened
from stepper.labs.load import load
from stepper.train.running import after
from tests.app.screens import PRODUCT, app, now, show
from tests.bench import cursor, cursor_alone
from tests.bench.__main__ import benches
from tests.bench.nets import bare, lab
from tests.bench.reports import REPORTS


def test_the_bare_net_computes_what_the_trace_computes() -> None:
    net = lab([2, 100, 50, 10, 1])
    trace, after = net.trace(3), bare(net, 3)
    assert set(net.parameters) < set(after)
    for name, value in after.items():
        np.testing.assert_allclose(trace.last(name), value, rtol=1e-12)


def test_steps_grow_linearly_with_the_layers() -> None:
    counts = [len(lab([2, *[3] * layers, 1]).trace(3).steps) for layers in (4, 8, 12)]
    assert counts[2] - counts[1] == counts[1] - counts[0] > 0


def test_every_bench_is_found_and_says_what_it_is() -> None:
    names = {b.__name__.rpartition(".")[2] for b in benches()}
    assert names >= {"help", "plain", "trace", "depth", "first_frame", "step", "cursor", "layer"}
    assert names >= {"train_whole", "train_single"}
    assert all(b.__doc__ and b.BAR > 0 for b in benches())


@pytest.mark.parametrize("name", REPORTS)
def test_a_report_as_its_author_wrote_it_trains_as_its_lab_does(name: str) -> None:
    lab = load(name, sets={"n": "25"} if name.startswith("three-hidden") else None)
    epochs = 40 if lab.training.batch is None else 4
    theirs = REPORTS[name](lab)
    theirs.train(epochs)
    ours = after(lab, epochs).parameters
    assert ours.keys() == theirs.parameters().keys()
    for parameter, value in theirs.parameters().items():
        np.testing.assert_allclose(ours[parameter], value, rtol=1e-12, atol=1e-12)


async def test_every_key_of_the_cursor_bench_chooses_another_entry() -> None:
    running = app()
    async with running.run_test(size=(120, 40)) as pilot:
        show(running, opened(load("xor"), 3, PRODUCT))
        assert cursor.TO_NUMBERS + cursor_alone.ZOOM == "\tz"
        await pilot.press("tab", "z")
        for key in cursor.ROUND[:6]:
            before = now(running).entry
            await pilot.press(key)
            assert now(running).entry != before
