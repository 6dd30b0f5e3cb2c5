"""The command line: which command runs, and what is said when it cannot."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from stepper import __version__
from stepper.cli.main import commands, guarded, main
from stepper.expr.errors import FormulaError, StepperError
from stepper.expr.tree import Span

Said = pytest.CaptureFixture[str]


def test_the_help_lists_every_command(capsys: Said) -> None:
    assert main(["--help"]) == 0
    listed = capsys.readouterr().out
    assert "Begin with `stepper run xor`" in listed
    assert all(f"stepper {name}" in listed for name in commands())
    assert main(["-h"]) == 0
    assert capsys.readouterr().out == listed


def test_the_version_is_said(capsys: Said) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"stepper {__version__}\n"


def test_commands_are_the_modules_with_a_main() -> None:
    assert {"run", "labs", "new"} <= set(commands())
    assert "main" not in commands()
    assert "__init__" not in commands()
    assert all(said and '"' not in said for said in commands().values())


def test_an_unknown_command_names_the_nearest(capsys: Said) -> None:
    assert main(["rnu"]) == 2
    out, err = capsys.readouterr()
    assert not out
    assert err.startswith("stepper: there is no command `rnu`. Did you mean `run`?")


@pytest.mark.parametrize("words", [["run"], ["labs", "--what"], ["new"], ["run", "xor", "--lev=a"]])
def test_a_wrong_use_of_a_command_is_code_2(words: list[str], capsys: Said) -> None:
    with pytest.raises(SystemExit) as end:
        main(words)
    assert end.value.code == 2
    assert f"stepper {words[0]}: error:" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "as_if"),
    [
        (["--lang", "zh-TW", "labs"], ["labs", "--lang", "zh-TW"]),
        (["--lang=en", "--json", "labs"], ["labs", "--lang=en", "--json"]),
        (["--version", "labs"], ["--version"]),
    ],
)
def test_options_may_stand_before_the_command(
    words: list[str], as_if: list[str], capsys: Said
) -> None:
    assert main(as_if) == 0
    wanted = capsys.readouterr().out
    assert main(words) == 0
    assert capsys.readouterr().out == wanted


def test_what_stands_behind_lang_is_no_command(capsys: Said) -> None:
    assert main(["--lang", "labs"]) == 2
    assert "there is no language `labs`" in capsys.readouterr().err


def test_a_wrong_lab_is_one_message(capsys: Said) -> None:
    assert main(["run", "xorr"]) == 2
    out, err = capsys.readouterr()
    assert not out
    assert err.count("\n") == 1
    assert "Did you mean `xor`" in err


def raising(error: BaseException) -> Callable[[], int]:
    def work() -> int:
        raise error

    return work


def test_an_error_is_said_in_a_line(capsys: Said) -> None:
    assert guarded(raising(StepperError("{what} is wrong", what="this", where="a.toml:3"))) == 2
    assert capsys.readouterr().err == "stepper: a.toml:3: this is wrong\n"


def test_a_formula_error_points_at_its_place(capsys: Said) -> None:
    error = FormulaError("kind", Span(4, 6), "what is this")
    error.source = "z = @@"
    assert guarded(raising(error)) == 2
    assert capsys.readouterr().err == "stepper: what is this\n    z = @@\n        ^^\n"


def test_an_interruption_is_code_3(capsys: Said) -> None:
    assert guarded(raising(KeyboardInterrupt())) == 3
    assert capsys.readouterr().err == "stepper: interrupted\n"


def test_what_is_too_large_for_the_memory_is_said(capsys: Said) -> None:
    assert guarded(raising(MemoryError())) == 2
    assert "try fewer samples or smaller sizes" in capsys.readouterr().err


def test_a_fault_of_stepper_itself_is_not_hidden_and_is_no_verdict(capsys: Said) -> None:
    assert guarded(raising(ZeroDivisionError("by 0"))) == 70
    said, *traceback = capsys.readouterr().err.splitlines()
    assert (
        said == "stepper: this is a fault of stepper itself, not of yours: ZeroDivisionError: by 0"
    )
    assert traceback[0].startswith("Traceback")
    assert traceback[-1] == "ZeroDivisionError: by 0"


def test_the_exit_code_of_a_command_is_passed_on() -> None:
    assert guarded(lambda: 1) == 1


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
def test_a_closed_stream_is_no_error(closed: str) -> None:
    command = f'"{sys.executable}" -W error -m stepper {closed}'
    ended = subprocess.run(command, shell=True, check=False, capture_output=True)
    assert (ended.returncode, ended.stderr) == (0, b"")


@pytest.mark.parametrize("words", [["labs"], ["run", "xor", "--plain"], ["run", "xor", "--json"]])
def test_a_reader_that_leaves_is_no_error(words: list[str]) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    command = [sys.executable, "-m", "stepper", *words]
    run = subprocess.run(command, stdout=writer, stderr=subprocess.PIPE, text=True, check=False)
    os.close(writer)
    assert (run.returncode, run.stderr) == (0, "")


def test_letters_that_the_output_does_not_have_are_no_error(tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONIOENCODING": "ascii"}
    command = [sys.executable, "-m", "stepper", "labs"]
    run = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert run.returncode == 0
    assert "f = (x + y) ? z" in run.stdout
