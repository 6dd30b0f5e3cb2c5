"""`stepper export`: the right walk in the right form, whole, and never over another file."""

import os
import stat
from pathlib import Path

import pytest

from stepper.cli.main import main
from stepper.expr.languages import LANGUAGES
from stepper.program import whole
from stepper.write.formats import formats

Said = pytest.CaptureFixture[str]


def exported(tmp_path: Path, *words: str, ending: str = "txt") -> str:
    path = tmp_path / f"walk.{ending}"
    assert main(["export", "xor", "-o", str(path), "--force", *words]) == 0
    assert [p.name for p in tmp_path.iterdir()] == [path.name]
    return path.read_text(encoding="utf-8")


@pytest.mark.parametrize("ending", formats())
def test_a_file_is_written_and_named(ending: str, tmp_path: Path, capsys: Said) -> None:
    text = exported(tmp_path, ending=ending)
    assert "two crossing lines" in text
    assert capsys.readouterr().out == f"wrote {tmp_path / 'walk'}.{ending}\n"
    assert stat.S_IMODE((tmp_path / f"walk.{ending}").stat().st_mode) == 0o666 & ~umask()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_names_the_language_it_is_in(language: str, tmp_path: Path) -> None:
    text = exported(tmp_path, "--lang", language, ending="html")
    assert f'<html lang="{language}">' in text
    assert ("前向" in text) == (language == "zh-TW")


def umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--sample", "7"], "sample 7 of 0-20"),
        (["--batch"], "all 21 samples"),
        (["--set", "h1=3"], "W1  3×2"),
        (["--set", "act=tanh"], "a1 = tanh(z1)"),
        (["--data", "linear"], "data are features × samples"),
        (["--level", "operation"], "Step 0: "),
        (["--level", "entry"], "row 4, column 1"),
        (["--level", "phase"], "W1 after  4×2"),
        (["--ascii"], "agrees with the engine ok"),
    ],
)
def test_the_options_are_those_of_run(words: list[str], said: str, tmp_path: Path) -> None:
    text = exported(tmp_path, *words)
    assert said in text
    assert text.isascii() or "--ascii" not in words


def test_another_seed_is_another_start(tmp_path: Path) -> None:
    assert exported(tmp_path, "--seed", "1") != exported(tmp_path, "--seed", "2")


@pytest.mark.parametrize("ending", ["html", "tex"])
def test_ascii_of_other_formats(ending: str, tmp_path: Path) -> None:
    assert exported(tmp_path, "--ascii", ending=ending).isascii()


def test_an_existing_file_stays_as_it_is_without_force(tmp_path: Path, capsys: Said) -> None:
    path = tmp_path / "walk.md"
    path.write_text("precious")
    assert main(["export", "xor", "-o", str(path)]) == 2
    assert "exists" in capsys.readouterr().err
    assert path.read_text() == "precious"
    assert main(["export", "xor", "-o", str(path), "--force"]) == 0
    assert "precious" not in path.read_text(encoding="utf-8")
    assert [p.name for p in tmp_path.iterdir()] == ["walk.md"]


def test_a_link_to_nowhere_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "walk.md").symlink_to(tmp_path / "elsewhere")
    assert main(["export", "xor", "-o", str(tmp_path / "walk.md")]) == 2
    assert not (tmp_path / "elsewhere").exists()


REFUSED = {
    "another ending": (["xor", "-o", "w.doc"], "a name ends in one of .html, .md, .tex, .txt"),
    "no ending": (["xor", "-o", "walk"], "does not say in which form"),
    "no folder": (["xor", "-o", "nowhere/w.md"], "cannot write"),
    "no such lab": (["xorr", "-o", "w.md"], "Did you mean `xor`"),
    "no such sample": (["xor", "-o", "w.md", "--sample", "99"], "samples 0 to 20"),
    "no ASCII": (["xor", "-o", "w.md", "--ascii"], "cannot be written in ASCII alone"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refused(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Said) -> None:
    monkeypatch.chdir(tmp_path)
    words, said = REFUSED[name]
    assert main(["export", *words]) == 2
    assert said in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("force", [False, True])
def test_nothing_half_is_left(force: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    path = tmp_path / "walk.txt"
    if force:
        path.write_text("before")
    monkeypatch.setattr(whole.os, "fsync", full)
    assert main(["export", "xor", "-o", str(path), *["--force"][: int(force)]]) == 2
    assert [p.read_text() for p in tmp_path.iterdir()] == (["before"] if force else [])
