"""What is typed for a lab: its name or file with a variant, and one lab behind every spelling."""

import os
from pathlib import Path

import pytest

from stepper.labs.load import load
from stepper.labs.source import lab_names
from stepper.labs.spec import identity, parts
from tests.labs.test_load import GOOD


@pytest.mark.parametrize(
    ("typed", "stem", "variant"),
    [
        ("xor", "xor", ""),
        ("xor:linear", "xor", "linear"),
        ("my.toml", "my.toml", ""),
        ("my.toml:tanh", "my.toml", "tanh"),
        ("a.tomls/and.toml", "a.tomls/and.toml", ""),
        ("a.toml/and.toml:tanh", "a.toml/and.toml", "tanh"),
        ("C:/labs/and.toml:tanh", "C:/labs/and.toml", "tanh"),
        ("and.toml.bak", "and.toml.bak", ""),
    ],
)
def test_a_lab_and_its_variant(typed: str, stem: str, variant: str) -> None:
    assert parts(typed) == (stem, variant)


@pytest.mark.parametrize("folder", ["a.tomls", "a.toml", "a:b"])
def test_a_lab_is_found_in_any_folder(folder: str, tmp_path: Path) -> None:
    path = tmp_path / folder / "and.toml"
    path.parent.mkdir()
    path.write_text(GOOD)
    assert load(str(path)).title == "a lab"
    assert "tanh(z1)" in load(f"{path}:tanh").program.text()


def test_every_spelling_of_a_file_is_one_lab(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "labs").mkdir()
    (tmp_path / "labs" / "my.toml").write_text(GOOD)
    os.symlink("labs/my.toml", tmp_path / "link.toml")
    monkeypatch.chdir(tmp_path)
    typed = ["labs/my.toml", "./labs/my.toml", "labs/../link.toml", str(tmp_path / "labs/my.toml")]
    assert {identity(spec) for spec in typed} == {os.path.realpath("labs/my.toml")}
    assert len({identity(f"{spec}:tanh") for spec in typed} | {identity("labs/my.toml")}) == 2
    assert [identity(name) for name in lab_names()] == lab_names()
