"""What is kept between two runs: whole or not at all, and never lost."""

import errno
import fcntl
import json
import os

import pytest

from stepper.program.store import Store


@pytest.fixture
def store(tmp_path, monkeypatch) -> Store:
    monkeypatch.setenv("STEPPER_STATE", str(tmp_path))
    return Store("places", 2)


def test_what_was_written_is_read_again(store: Store) -> None:
    assert store.read() == ({}, None)
    assert store.write({"xor": 14}) is None
    assert store.read() == ({"version": 2, "xor": 14}, None)
    assert [p.name for p in store.path.parent.iterdir()] == ["places.json"]


def test_what_was_kept_before_is_kept_beside_it(store: Store) -> None:
    for n in range(3):
        assert store.write({"xor": n}) is None
    assert json.loads(store.backup.read_bytes())["xor"] == 1
    store.path.write_bytes(b'{"version": 2, "xo')
    kept, said = store.read()
    assert kept["xor"] == 1
    assert "set aside" in str(said)


def test_a_broken_file_never_becomes_the_backup(store: Store) -> None:
    store.write({"xor": 1})
    store.write({"xor": 2})
    store.path.write_bytes(b"{")
    store.write({"xor": 3})
    assert json.loads(store.backup.read_bytes())["xor"] == 1


@pytest.mark.parametrize("broken", [b"{", b"[]", b"\xff\x00", b'{"xor": 1}'])
def test_an_unreadable_file_is_set_aside(store: Store, broken: bytes) -> None:
    store.path.write_bytes(broken)
    kept, said = store.read()
    assert kept == {}
    assert "set aside" in str(said)
    assert store.path.with_suffix(".broken.json").read_bytes() == broken
    assert store.write({"xor": 1}) is None


@pytest.mark.parametrize("links", [True, False])
def test_what_was_set_aside_is_never_overwritten(store: Store, monkeypatch, links: bool) -> None:
    if not links:
        monkeypatch.setattr(os, "link", _no_links)
    for content in (b"{1", b"{2", b"{3"):
        store.path.write_bytes(content)
        assert "set aside" in str(store.read()[1])
        assert not store.path.exists()
    aside = [store.path.with_suffix(f".broken{n}.json") for n in ("", "-2", "-3")]
    assert [path.read_bytes() for path in aside] == [b"{1", b"{2", b"{3"]


def _no_links(path: object, other: object) -> None:
    raise OSError(errno.EPERM, os.strerror(errno.EPERM))


def test_a_later_version_is_left_alone(store: Store) -> None:
    later = json.dumps({"version": 3, "xor": 1})
    store.path.write_text(later)
    assert "later stepper" in str(store.read()[1])
    assert "later stepper" in str(store.write({"xor": 2}))
    assert store.path.read_text() == later


def test_a_place_that_cannot_be_written_is_a_message(tmp_path, monkeypatch) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("STEPPER_STATE", str(tmp_path / "file" / "below"))
    assert "cannot write" in str(Store("places", 1).write({}))


def test_a_disk_without_locks_keeps_what_it_can(store: Store, monkeypatch) -> None:
    def no_locks(handle: object, how: int) -> None:
        raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK))

    monkeypatch.setattr(fcntl, "flock", no_locks)
    assert store.change(lambda kept: {**kept, "a": 1}) is None
    assert store.read()[0]["a"] == 1
