"""`stepper learn` without a screen: as a learner types, line by line."""

import io
import json
import re
import sys

import pytest

from stepper.cli.main import main
from stepper.cli.screen import has_screen
from stepper.course import progress
from stepper.course.load import lessons
from stepper.course.progress import Record
from stepper.expr import languages

ANSWERS = ["", "7", "", "", "2", "", "", "x", "", "2;x", "", "2*(y_hat-y)*x", "", "-8", "", "1",
           "", "", "1", "", ""]  # fmt: skip
"""The right ones of the first lesson, with enter between them."""


@pytest.fixture(autouse=True)
def state(tmp_path, monkeypatch):
    monkeypatch.setenv("STEPPER_STATE", str(tmp_path / "state"))
    for name in ("STEPPER_LANG", "LC_ALL", "LC_MESSAGES", "LANG", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


@pytest.fixture
def learn(monkeypatch, capsys):
    """Runs `stepper learn` with lines on standard input; what it printed, and its exit code."""

    def run(*words, types=(), code=0):
        monkeypatch.setattr(sys, "stdin", io.StringIO("".join(f"{line}\n" for line in types)))
        assert main(["learn", *words]) == code
        printed = capsys.readouterr()
        return printed.err if code == 2 else printed.out

    return run


def test_the_first_lesson_is_played_to_its_end(learn):
    said = learn(types=ANSWERS)
    assert "this lesson is at its end" in said
    assert "right at the first try: 8 of 8" in said
    assert re.search(r"1  One neuron, one weight +done", learn("--list"))


def test_what_was_left_is_gone_on_with(learn):
    learn(types=ANSWERS[:7])
    assert "step 6 of 13" in learn(types=[":quit"])
    assert "step 1 of 13" in learn("2", types=[":quit"])
    assert "A derivative you can check" in learn(types=[":quit"])


def test_the_commands_of_the_plain_mode(learn):
    commands = [":list", "：hint", ":what", ":skip", ":skip", ":skip", ":skip"]
    said = learn(types=[*commands, ":reset", "n", ":reset", "y", ":quit", "7"])
    assert "not begun" in said
    assert "there is no hint here" in said
    assert "there is no :what" in said
    assert "nothing is forgotten" in said
    assert said.rindex("step 1 of 13") > said.rindex("forget all")
    assert "✓" not in said
    assert progress.read()[0].steps == {}


def test_a_pipe_says_what_was_typed_behind_the_prompt(learn):
    assert "\n> 7\n✓ yours 7" in learn(types=["", "7"])


def test_a_dumb_terminal_is_talked_to_line_by_line(learn, monkeypatch):
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    assert has_screen()
    for term in ("dumb", "unknown"):
        monkeypatch.setenv("TERM", term)
        assert not has_screen()
        assert "step 1 of 13" in learn(types=[":quit"])


def test_full_width_letters_of_an_input_method_are_read(learn):
    typed = [*ANSWERS[:7], "ｘ", "", "２；ｘ", "", "（ｙ＿ｈａｔ－ｙ）＊２＊ｘ", "", "－８"]
    assert learn(types=typed).count("✓") == 6


def test_a_hint_in_a_pipe_needs_no_waiting(learn):
    said = learn(types=[*ANSWERS[:11], ":hint", ":hint", "y", ":hint"])
    assert "the answer: 2 * (y_hat - y) * x" in said


def test_the_language_is_chosen_and_kept(learn, monkeypatch):
    assert "一個神經元" in learn("--lang", "zh_tw", types=[":quit"])
    assert "一個神經元" in learn("--list")
    monkeypatch.setenv("STEPPER_LANG", "en")
    assert "One neuron" in learn("--list")
    assert "there is no language `de`" in learn("--lang", "de", code=2)


@pytest.mark.parametrize(("word", "language"), [
    ("zh_TW.UTF-8", "zh-TW"), ("zh_HK", "zh-TW"), ("zh_Hant_HK.UTF-8", "zh-TW"), ("zh-tw", "zh-TW"),
    ("zh_CN.UTF-8", "en"), ("zh_SG", "en"), ("zh", "en"), ("de_DE", "en"), ("C.UTF-8", "en"),
    ("", "en"), ("en_GB.UTF-8", "en"),
])  # fmt: skip
def test_the_locale_says_the_language(word, language):
    assert languages.chosen(None, {"LANG": word}) == language
    assert languages.chosen(None, {"LC_ALL": word, "LANG": "fr"}) == language


def test_what_is_asked_comes_before_what_was_saved_and_that_before_the_locale():
    locale = {"LANG": "zh_TW.UTF-8"}
    assert languages.chosen("en", locale) == "en"
    assert languages.chosen("en", {**locale, "STEPPER_LANG": "zh-TW"}) == "zh-TW"
    assert languages.chosen("en", {**locale, "STEPPER_LANG": "klingon"}) == "en"


def test_resetting_asks_first(learn):
    learn(types=ANSWERS)
    assert "y or n" in learn("--reset", "1", types=["n"])
    assert progress.read()[0].steps
    assert "forgotten" in learn("--reset", "one-neuron", types=["y"])
    assert not progress.read()[0].steps
    learn(types=ANSWERS)
    learn("--reset", types=[])
    assert progress.read()[0].steps
    learn("--reset", types=["yes"])
    assert not progress.read()[0].steps


def test_progress_goes_to_another_machine(learn, state, monkeypatch):
    learn(types=ANSWERS)
    file = str(state / "mine.json")
    assert "wrote" in learn("--export", file)
    assert "exists" in learn("--export", file, code=2)
    monkeypatch.setenv("STEPPER_STATE", str(state / "other"))
    progress.keep({"nudge/doubt": Record("seen")}, None)
    assert "added" in learn("--import", file)
    kept = progress.read()[0].steps
    assert kept["nudge/doubt"].is_past
    assert sum(key.startswith("one-neuron/") for key in kept) == len(lessons()[0].steps)


@pytest.mark.parametrize("content", ["", "[]", '{"steps": {}}', '{"version": 99}', "\xff"])
def test_what_is_no_progress_is_not_imported(learn, state, content):
    (state / "mine.json").write_text(content, encoding="latin-1")
    assert "mine.json" in learn("--import", str(state / "mine.json"), code=2)
    assert "cannot read" in learn("--import", str(state / "nowhere.json"), code=2)


def test_a_disk_that_cannot_be_written_is_said_once_and_the_lesson_goes_on(
    learn, state, monkeypatch
):
    (state / "file").write_text("")
    monkeypatch.setenv("STEPPER_STATE", str(state / "file"))
    said = learn(types=ANSWERS)
    assert said.count("cannot write") == 1
    assert "this lesson is at its end" in said


@pytest.mark.parametrize("words", [["--list"], ["--list", "--lang", "en"], ["--plain"]])
def test_progress_that_cannot_be_read_is_set_aside_and_that_is_said(learn, words):
    progress.STORE.path.parent.mkdir()
    progress.STORE.path.write_text("{")
    assert learn(*words).count("was set aside as progress.broken.json") == 1


def test_a_later_version_is_left_alone_and_the_lesson_goes_on(learn):
    progress.STORE.path.parent.mkdir()
    progress.STORE.path.write_text(json.dumps({"version": 99}))
    assert "this lesson is at its end" in learn(types=ANSWERS)
    assert json.loads(progress.STORE.path.read_text()) == {"version": 99}


def test_once_all_is_done_there_is_a_list(learn):
    every = {lesson.key(step): Record("done", 1) for lesson in lessons() for step in lesson.steps}
    progress.keep(every, None)
    assert "every lesson is done" in learn()


def test_a_lesson_that_is_not_there(learn):
    assert "there is no lesson `99`" in learn("99", code=2)
    assert "a number may have 40 digits" in learn("9" * 5000, code=2)


def test_a_new_lesson_is_written_and_proved(learn, state):
    folder = str(state / "16-mine")
    assert learn("--new", folder).count("wrote") == 3
    assert learn("--lint", folder) == ""
    assert "exists" in learn("--new", folder, code=2)
    assert "16-mine" in learn("--new", str(state / "mine"), code=2)
    (state / "16-mine" / "zh-TW.md").unlink()
    assert "there is no zh-TW.md" in learn("--lint", folder, code=1)


def test_ascii_is_ascii(learn):
    assert learn("--ascii", types=ANSWERS).isascii()
