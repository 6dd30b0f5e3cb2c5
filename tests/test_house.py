"""What the README and the design say of the project, held true."""

import os
import re
import shlex
import subprocess
import sys
import tomllib
from pathlib import Path

import numpy as np
import pytest

from stepper.cli.main import commands, parser_of
from stepper.labs.load import load
from stepper.ops import CARDS
from stepper.train.loop import accuracy
from stepper.train.running import after

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
CHINESE = (ROOT / ".github" / "README.zh-TW.md").read_text(encoding="utf-8")
MARKED = re.compile(r"<!-- (\w+) -->\n```\w*\n(.*?)```", re.DOTALL)
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
TOP = {"stepper", "lessons", "tests", "pyproject.toml", "README.md", "LICENSE"}
COMMANDS = sorted(commands())


def block(mark: str) -> str:
    """The code block of the README that stands behind a mark."""
    found = re.search(rf"<!-- {mark} -->\n```\w*\n(.*?)```", README, re.DOTALL)
    assert found, f"no block {mark}"
    return found[1]


def tracked() -> list[str]:
    """What git keeps, or would keep: not ignored."""
    asked = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode:
        pytest.skip("not a checkout")
    return [f for f in listed.stdout.splitlines() if (ROOT / f).is_file()]


def layers() -> list[list[str]]:
    """The packages of the README's diagram, a layer a list, the highest first."""
    return [re.split(r"\s\s+", line)[0].split(" | ") for line in block("layers").splitlines()]


def stepper(*words: str, options: tuple[str, ...] = ()) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, *options, "-m", "stepper", *words]
    environment = {**os.environ, "PYTHONIOENCODING": "utf-8"}
    return subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, encoding="utf-8", check=False
    )


def imported(*words: str) -> set[str]:
    """The top-level packages that a command line imports."""
    run = stepper(*words, options=("-X", "importtime"))
    assert run.returncode == 0, run.stderr[-500:]
    return {line.rsplit("|", 1)[-1].strip().split(".")[0] for line in run.stderr.splitlines()}


def test_the_readme_begins_with_the_name_of_the_distribution() -> None:
    assert PROJECT["project"]["name"] in README.splitlines()[0]


def test_the_readmes_lab_is_whole_and_learns(tmp_path: Path) -> None:
    path = tmp_path / "and.toml"
    path.write_text(block("lab"), encoding="utf-8")
    lab = load(str(path))
    lab.trace(lab.check_sample(None)).verify()
    assert accuracy(lab, after(lab, lab.training.epochs)) == (4, 4)
    other = load(str(path), sets={"act": "tanh"}).trace(3)
    assert np.array_equal(other.value("a"), np.tanh(other.value("z")))


def test_the_readmes_commands_are_understood() -> None:
    written = re.findall(r"`stepper (\w+)((?: [^`]*)?)`", README)
    assert len(written) > 8
    for name, rest in written:
        if name in COMMANDS and not rest.endswith("LAB"):
            parser_of(name).parse_args(shlex.split(rest))
        assert name in COMMANDS


def test_the_chinese_readme_has_the_commands_of_the_english() -> None:
    assert ".github/README.zh-TW.md" in README.splitlines()[0]
    commands_in = re.compile(r"`(stepper \w[^`]*)`")
    assert {*commands_in.findall(CHINESE)} == {*commands_in.findall(README)}
    blocks, chinese = dict(MARKED.findall(README)), dict(MARKED.findall(CHINESE))
    assert {"run", "test", "keys", "check", "lab"} <= chinese.keys()
    assert chinese.items() <= blocks.items()


@pytest.mark.parametrize("mark", ["run", "test"])
def test_the_readmes_commands_are_one_line(mark: str) -> None:
    command = block(mark).strip()
    assert "\n" not in command
    assert command.startswith("python3 -m venv .venv && ")


def test_the_files_of_the_table_exist() -> None:
    rows = README.partition("| to add a … |")[2].partition("\n\n")[0].splitlines()[2:]
    named = {row: re.findall(r"`([\w/-]+\.(?:py|toml|md))`", row) for row in rows}
    assert len(rows) > 8 and all(named.values())
    for file in (file for files in named.values() for file in files):
        path = ROOT / file
        assert path.is_file() or (path.stem == "NAME" and path.parent.is_dir()), file


def test_the_diagram_is_what_the_linter_holds_and_what_there_is() -> None:
    drawn = layers()
    contract = PROJECT["tool"]["importlinter"]["contracts"][0]["layers"]
    assert [" | ".join(layer) for layer in drawn] == contract
    packages = {p.parent.name for p in (ROOT / "stepper").glob("*/__init__.py")}
    assert {name for layer in drawn for name in layer} == packages


def test_the_top_level_is_small() -> None:
    top = {f.split("/")[0] for f in tracked()}
    assert {f for f in top if not f.startswith(".")} == TOP


def test_no_file_names_a_registry_or_a_machine() -> None:
    words = [r"py" r"pi\.org", r"python" r"hosted", r"/ho" r"me/\w", r"/ro" r"ot/", r"/wo" r"rk/"]
    named = re.compile("|".join(words))
    seen = [
        f for f in tracked()
        if named.search((ROOT / f).read_text(encoding="utf-8", errors="replace"))
    ]  # fmt: skip
    assert not seen


def test_every_module_says_what_it_is() -> None:
    quiet = [
        str(p.relative_to(ROOT))
        for p in (ROOT / "stepper").rglob("*.py")
        if p.read_text(encoding="utf-8").strip() and not p.read_text("utf-8").startswith('"""')
    ]
    assert not quiet


def test_help_is_instant_because_it_imports_nothing() -> None:
    for words in (("--help",), ("--version",), ("run", "--help")):
        packages = imported(*words)
        assert not packages & {"textual", "numpy", "sympy", "rich", "dataclasses", "platformdirs"}


def test_without_a_terminal_the_welcome_opens_no_screen() -> None:
    assert not imported() & {"textual", "numpy", "sympy", "rich"}


def test_the_list_of_lessons_is_instant() -> None:
    assert not imported("learn", "--list") & {"textual", "numpy", "sympy", "rich"}


def test_a_printed_walk_opens_no_screen() -> None:
    packages = imported("run", "xor", "--plain")
    assert "numpy" in packages
    assert not packages & {"textual", "sympy", "rich", "asyncio"}


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help(name: str) -> None:
    shown = stepper(name, "--help")
    assert shown.returncode == 0
    assert commands()[name] in shown.stdout
    assert f"stepper {name}" in stepper("--help").stdout


def test_every_operation_has_a_sentence() -> None:
    assert CARDS
    assert all(type(card).__doc__ for card in CARDS.values())
