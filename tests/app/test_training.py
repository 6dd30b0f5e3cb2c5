"""Training from the debugger: the weights move, the place stays, and the keys stay alive."""

from dataclasses import replace
from threading import Event

import numpy as np
import pytest
from textual.pilot import Pilot

from stepper.app.app import StepperApp
from stepper.app.commands import COMMANDS
from stepper.app.moves import epochs
from stepper.app.returning import without_training
from stepper.app.screens.prompt import Field, PromptScreen
from stepper.app.snapshot import Snapshot, opened, outermost
from stepper.app.training import STATES, Leg, Report, Training, begun
from stepper.expr.errors import FormulaError, StepperError
from stepper.expr.tree import Name
from stepper.labs.load import load
from stepper.train.fit import POINTS
from stepper.train.loop import State, quantity, start
from stepper.train.predict import own_points
from stepper.train.running import KEPT, Run, after
from tests.app.screens import PRODUCT, app, frame, lab, now, panel_rows, show


def xor(**place: object) -> Snapshot:
    return opened(lab(), 3, **place)  # type: ignore[arg-type]


def made(wanted: Snapshot) -> Snapshot:
    """The frame once the training that it wants has ended."""
    assert wanted.training is not None
    reports: list[Report] = []
    Leg(wanted.training).run(reports.append)
    return epochs.reached(wanted, reports[-1])


def trained(count: int, frame: Snapshot | None = None) -> Snapshot:
    return made(epochs.train(frame or xor(), str(count)))


def assert_same(one: Snapshot, state: State) -> None:
    assert one.lab.epoch == state.epoch
    for name, value in state.parameters.items():
        assert np.array_equal(one.lab.parameters[name], value), name


async def train(pilot: Pilot[None], typed: str) -> None:
    """Type something to train to, and wait until it is done."""
    await pilot.press("t")
    pilot.app.screen.query_one(Field).value = typed
    await pilot.press("enter")
    await pilot.app.workers.wait_for_complete()
    await pilot.pause()


async def test_t_trains_and_the_walk_goes_on_with_the_weights_that_are_reached():
    running = app()
    async with running.run_test(size=(80, 24)) as pilot:
        await pilot.press(*"nn")
        place = now(running).cursor.stop
        await train(pilot, "40")
        assert_same(now(running), after(lab(), 40))
        assert now(running).cursor.stop == place
        assert "epoch 40" in frame(running)[0]
        assert frame(running)[22].startswith(" epoch 40: J 0.")
        await pilot.press("n")
        z2 = lab().trace(3).value("z2")
        assert not np.array_equal(now(running).trace.value("z2"), z2)
        assert "─[loss]─" in panel_rows(running, "loss")[0]
        assert any(row[1:].strip() == "J" for row in panel_rows(running, "loss"))


def test_an_epoch_more_an_epoch_less_and_the_start_again():
    there = made(epochs.next_epoch(trained(7)))
    assert_same(there, after(lab(), 8))
    for epoch in (7, 6):
        there = made(epochs.back_epoch(there))
        assert_same(there, after(lab(), epoch))
    assert_same(made(epochs.further(there, 10)), after(lab(), 16))
    there = made(epochs.train(there, "start"))
    assert_same(there, start(lab()))
    refused = epochs.back_epoch(there)
    assert refused.training is there.training
    assert "epoch 0 is the first" in str(refused.message)


@pytest.mark.parametrize("name", ["xor:momentum", "online-momentum"])
def test_back_is_exact_with_a_memory_and_in_batches(name):
    first = opened(lab(name), 3)
    there = made(epochs.to_epoch(trained(9, first), 5))
    assert_same(there, after(lab(name), 5))


async def test_g_and_a_number_with_an_e_go_to_an_epoch():
    running = app()
    async with running.run_test(size=(80, 24)) as pilot:
        await pilot.press("g", *"e12", "enter")
        await running.workers.wait_for_complete()
        await pilot.pause()
        assert_same(now(running), after(lab(), 12))
        await pilot.press("less_than_sign")
        await running.workers.wait_for_complete()
        await pilot.pause()
        assert now(running).lab.epoch == 11


@pytest.mark.parametrize("typed", ["until J < 0.6", "J < 0.6"])
def test_until_a_condition_holds(typed):
    there = made(epochs.train(xor(), typed))
    before, here = (after(lab(), there.lab.epoch - k) for k in (1, 0))
    assert quantity(lab(), here, Name("J")) < 0.6 <= quantity(lab(), before, Name("J"))
    assert there.training.stopped == "until"
    assert "the condition holds" in str(there.message)


async def test_the_list_of_commands_takes_what_to_train_to():
    running = app()
    async with running.run_test(size=(80, 24)) as pilot:
        await pilot.press("colon")
        running.screen.query_one(Field).value = "train until max(abs(dJ_dW1)) < 0.05"
        await pilot.pause()
        await pilot.press("enter")
        await running.workers.wait_for_complete()
        await pilot.pause()
        assert now(running).training.stopped == "until"
        assert now(running).lab.epoch > 0


@pytest.mark.parametrize(
    ("typed", "span"),
    [("until Q < 1", (6, 7)), ("Q < 1", (0, 1)), ("until J <", None), ("0", None),
     ("until", None), ("a1 > 0.5", None), ("-3", None)],
)  # fmt: skip
def test_what_is_nothing_to_train_to_is_refused(typed, span):
    with pytest.raises(StepperError) as refused:
        epochs.train(xor(), typed)
    if span is not None:
        assert isinstance(refused.value, FormulaError)
        assert refused.value.span == span


async def test_a_condition_that_does_not_parse_stays_in_the_field_with_its_place_selected():
    running = app()
    async with running.run_test(size=(80, 24)) as pilot:
        await train(pilot, "until Q < 1")
        assert isinstance(running.screen, PromptScreen)
        field = running.screen.query_one(Field)
        assert (field.value, field.selected_text) == ("until Q < 1", "Q")
        assert "Q" in frame(running)[23]
        assert now(running).training is None


def told(running: StepperApp, panel: str) -> str:
    """What a panel says, as one line."""
    return " ".join(word for row in panel_rows(running, panel) for word in row[1:].split())


class Held:
    """A training that waits in its first update until it is let go."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.waits, self.free, update = Event(), Event(), Run._update

        def held(run: Run, *args: object, **more: object) -> None:
            self.waits.set()
            assert self.free.wait(20)
            update(run, *args, **more)  # type: ignore[arg-type]

        monkeypatch.setattr(Run, "_update", held)

    async def begin(self, pilot: Pilot[None]) -> StepperApp:
        await pilot.press("t", *"1000000", "enter")
        while not self.waits.is_set():
            await pilot.pause()
        assert isinstance(pilot.app, StepperApp)
        return pilot.app


async def test_keys_stay_alive_while_training_and_t_pauses(monkeypatch):
    held, running = Held(monkeypatch), app()
    async with running.run_test(size=(80, 24)) as pilot:
        await held.begin(pilot)
        await pilot.press(*"nnb", "v")
        assert now(running).step.line == 2
        assert now(running).breakpoints.lines == {2}
        await pilot.press("t")
        held.free.set()
        await running.workers.wait_for_complete()
        await pilot.pause()
        assert now(running).training.goal is None
        assert now(running).training.stopped == "interrupted"
        assert_same(now(running), after(lab(), now(running).lab.epoch))
        assert now(running).breakpoints.lines == {2}
        assert "paused after epoch" in str(now(running).message)


async def test_the_terminal_may_be_resized_and_the_app_left_while_training(monkeypatch):
    held, running = Held(monkeypatch), app()
    async with running.run_test(size=(80, 24)) as pilot:
        await held.begin(pilot)
        leg = running.debugger.trainer.leg
        for size in ((120, 40), (60, 18), (50, 10), (80, 24)):
            await pilot.resize_terminal(*size)
            await pilot.pause()
        await pilot.press("q")
        held.free.set()
    assert leg.cancelled
    assert not running.is_running


async def test_another_goal_takes_the_place_of_one_under_way(monkeypatch):
    held, running = Held(monkeypatch), app()
    async with running.run_test(size=(80, 24)) as pilot:
        await held.begin(pilot)
        await pilot.press("g", *"e3", "enter")
        held.free.set()
        await running.workers.wait_for_complete()
        await pilot.pause()
        assert_same(now(running), after(lab(), 3))


async def test_an_answer_to_a_question_is_given_in_the_frame_that_is_there_by_then():
    running = app()
    async with running.run_test(size=(80, 24)) as pilot:
        await pilot.press("g", "3")
        show(running, trained(5, now(running)))
        await pilot.press("enter")
        await pilot.pause()
        assert now(running).lab.epoch == 5
        assert now(running).step.line == 3


def test_from_inside_a_step_training_leads_out_again():
    from stepper.app.moves.levels import into

    inside = into(replace(xor(at=9), message=None))
    assert inside.outer is not None
    there = trained(3, inside)
    assert there.outer is None
    assert there.cursor.at == 9


@pytest.mark.parametrize("command", [c for c in COMMANDS if c.move], ids=lambda c: c.id)
def test_no_key_inside_a_step_loses_the_training_that_was_begun_there(command):
    from stepper.app.moves.levels import into

    inside = epochs.train(into(replace(xor(at=9), message=None)), "1000")
    assert inside.outer is not None
    after = command.move(inside)
    assert (after.training is None) == (command.id == "restart")
    assert outermost(inside).training is inside.training


def test_restart_is_the_lab_as_it_was():
    from stepper.app.moves.restart import restart

    again = restart(trained(4))
    assert_same(again, start(lab()))
    assert again.training is None


def test_when_it_breaks_the_last_epochs_can_be_walked_to_the_step_where_it_does():
    here = opened(load("half-mse:no-activation"), 3)
    there = trained(1000, here)
    broke = there.training.broke
    assert there.lab.epoch == broke.last[-1].epoch
    assert str(broke.epoch) in str(there.message)
    assert there.trace.first_not_finite() is not None
    assert there.trace.first_not_finite().index == broke.step.index
    for state in reversed(broke.last[:-1]):
        there = made(epochs.back_epoch(there))
        assert_same(there, state)
        assert there.training.broke is broke
    again = made(epochs.to_epoch(there, broke.epoch + 3))
    assert again.lab.epoch == broke.last[-1].epoch
    assert len(again.training.broke.last) == min(KEPT, broke.epoch)


async def test_a_break_is_told_with_the_weights_before_it_and_the_rate_that_would_have_held():
    running = app("half-mse:no-activation")
    async with running.run_test(size=(200, 60)) as pilot:
        await train(pilot, "1000")
        said = told(running, "loss")
        assert "training broke in epoch" in said
        assert "largest weight" in said
        assert "gradient descent holds for" in said


def test_a_rate_that_outgrows_every_number_ends_it_at_the_last_weights() -> None:
    grows = load("half-mse", sets={"schedule": "exponential(factor=1e9)"})
    there = trained(3000, opened(grows, 3))
    assert there.training.goal is None
    assert there.lab.epoch == there.training.broke.last[-1].epoch
    assert "the schedule has raised its learning rate to inf" in str(there.message)


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (StepperError("the {what} is gone", what="memory"), "the memory is gone"),
        (ZeroDivisionError("by 0"), "this is a fault of stepper itself, not of yours: Zero"),
    ],
)
async def test_an_error_of_a_training_ends_it_and_is_said(monkeypatch, error, said):
    updated = Run._update

    def failing(run, ready, looked):
        if run.updates == 5:
            raise error
        updated(run, ready, looked)

    monkeypatch.setattr(Run, "_update", failing)
    running = app()
    async with running.run_test(size=(120, 40)) as pilot:
        await train(pilot, "5")
        await train(pilot, "5")
        assert now(running).training.goal is None
        assert now(running).lab.epoch == 5
        assert str(now(running).message).startswith(f"training ended after epoch 5: {said}")
        monkeypatch.setattr(Run, "_update", updated)
        await train(pilot, "5")
        assert str(now(running).message).startswith("epoch 10: J ")


def test_what_is_kept_of_a_training_stays_small_and_has_its_ends():
    known = begun(lab())
    state = start(lab())
    for epoch in range(1, 3000):
        known = known.noted([(epoch, {"J": 1.0})], [replace(state, epoch=epoch)])
    assert len(known.points) <= 2 * POINTS
    assert len(known.states) <= STATES
    assert (known.states[0].epoch, known.states[-1].epoch) == (0, 2999)
    assert known.points[-1][0] == 2999
    assert all(known.nearest(k).epoch <= k for k in range(0, 3000, 50))


async def test_what_is_hidden_stays_hidden():
    running = app()
    async with running.run_test(size=(120, 40)) as pilot:
        show(running, xor(at=PRODUCT))
        await pilot.press("home", "x", "v", "v")
        await pilot.pause()
        await train(pilot, "5")
        said = told(running, "loss") + told(running, "boundary")
        assert said.count("results are hidden") == 2
        J = now(running).training.points[-1][1]["J"]
        assert f"{J:.4f}" not in "\n".join(frame(running))
        assert "░" not in said
        await pilot.press("x")
        await pilot.pause()
        assert f"{J:.4f}" in "\n".join(panel_rows(running, "loss"))
        assert "░" in "\n".join(panel_rows(running, "boundary"))


async def test_the_current_sample_is_marked_in_the_plane():
    running = app()
    async with running.run_test(size=(120, 40)) as pilot:
        await pilot.press("v", "v", "full_stop")
        await pilot.pause()
        said = "\n".join(panel_rows(running, "boundary"))
        assert said.count("‹") == 1
        assert "‹0›" in said


@pytest.mark.parametrize("name", ["three-class", "mazur", "micrograd", "online-momentum"])
async def test_every_kind_of_lab_is_trained_or_says_why_there_is_no_picture(name):
    running = app(name)
    async with running.run_test(size=(200, 60)) as pilot:
        await train(pilot, "2")
        assert now(running).lab.epoch == 2
        loss = "\n".join(panel_rows(running, "loss"))
        assert lab(name).forward.loss in loss
        plane = lab(name).data is not None and own_points(lab(name))[0].shape[1] == 2
        assert ("two inputs" in told(running, "boundary")) != plane


def test_the_command_at_the_end_says_how_the_weights_are_had_again():
    assert without_training(xor()) is None
    said = str(without_training(trained(4), ["--seed", "3"]))
    assert "stepper train xor --seed 3 --epochs 4 --save epoch-4.npz" in said
    assert "--weights epoch-4.npz" in said
    assert without_training(made(epochs.back_epoch(trained(1)))) is None


def test_a_leg_tells_its_end_last_and_only_whole_epochs():
    wanted = epochs.train(xor(), "1000").training
    assert isinstance(wanted, Training)
    leg, reports = Leg(wanted), []
    leg.cancel()
    leg.run(reports.append)
    assert [r.training.goal for r in reports] == [None]
    assert reports[-1].training.stopped == "interrupted"
    assert reports[-1].state.epoch <= 1
