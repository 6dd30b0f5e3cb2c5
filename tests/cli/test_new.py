"""`stepper new`: a lab file of one's own, whole, and never over another file."""

from pathlib import Path

import numpy as np
import pytest

from stepper.cli.main import main
from stepper.labs.load import load
from stepper.labs.source import lab_names
from stepper.program import whole

Said = pytest.CaptureFixture[str]


@pytest.mark.parametrize("name", lab_names())
def test_a_copy_walks_like_its_lab(name: str, tmp_path: Path, capsys: Said) -> None:
    path = tmp_path / "my.toml"
    assert main(["new", str(path), "--from", name]) == 0
    assert f"stepper run {path}" in capsys.readouterr().out
    lab, copy = load(name), load(str(path))
    assert lab.program.text() == copy.program.text()
    for parameter, value in lab.parameters.items():
        assert np.array_equal(value, copy.parameters[parameter])
    assert [p.name for p in tmp_path.iterdir()] == ["my.toml"]


def test_without_a_lab_it_is_xor(tmp_path: Path) -> None:
    path = tmp_path / "my.toml"
    assert main(["new", str(path)]) == 0
    assert load(str(path)).title == load("xor").title


def test_a_copy_of_a_copy(tmp_path: Path) -> None:
    assert main(["new", str(tmp_path / "a.toml"), "--from", "zhou"]) == 0
    assert main(["new", str(tmp_path / "b.toml"), "--from", str(tmp_path / "a.toml")]) == 0
    assert load(str(tmp_path / "b.toml")).title == load("zhou").title


def test_an_existing_file_stays_as_it_is(tmp_path: Path, capsys: Said) -> None:
    path = tmp_path / "my.toml"
    path.write_text("precious")
    assert main(["new", str(path)]) == 2
    assert "exists" in capsys.readouterr().err
    assert path.read_text() == "precious"
    assert [p.name for p in tmp_path.iterdir()] == ["my.toml"]


def test_a_link_to_nowhere_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "my.toml").symlink_to(tmp_path / "elsewhere")
    assert main(["new", str(tmp_path / "my.toml")]) == 2
    assert not (tmp_path / "elsewhere").exists()


REFUSED = {
    "another ending": (["my.txt"], "must end in .toml"),
    "no ending": (["my"], "must end in .toml"),
    "no folder": (["nowhere/my.toml"], "cannot write"),
    "no such lab": (["my.toml", "--from", "xorr"], "Did you mean `xor`"),
    "a variant": (["my.toml", "--from", "xor:rows"], "holds its variants too"),
    "no such variant": (["my.toml", "--from", "xor:rowz"], "Did you mean `rows`"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refuses(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Said) -> None:
    monkeypatch.chdir(tmp_path)
    words, said = REFUSED[name]
    assert main(["new", *words]) == 2
    assert said in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


def test_nothing_half_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(whole.os, "fsync", full)
    assert main(["new", str(tmp_path / "my.toml")]) == 2
    assert not list(tmp_path.iterdir())


def test_a_disk_without_links(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def none(*_: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(whole.os, "link", none)
    path = tmp_path / "my.toml"
    assert main(["new", str(path)]) == 0
    assert main(["new", str(path)]) == 2
    assert load(str(path)).title == load("xor").title
