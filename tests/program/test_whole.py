"""Files are written whole or not at all, and what a killed writer leaves is cleared away."""

import errno
import os
import stat
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from stepper.program import whole
from stepper.program.whole import write_private, write_whole

KILLED = """
import os, pathlib, sys
from stepper.program import whole
whole.os.fsync = lambda handle: os._exit(9)
whole.write_whole(pathlib.Path(sys.argv[1]), b"never")
"""


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.mark.parametrize("umask", [0o022, 0o077, 0o002])
def test_a_users_file_is_for_whom_the_umask_lets_read_it(tmp_path: Path, umask: int) -> None:
    before = os.umask(umask)
    try:
        write_whole(tmp_path / "run.npz", b"new")
        write_private(tmp_path / "state.json", b"{}")
    finally:
        os.umask(before)
    assert mode(tmp_path / "run.npz") == 0o666 & ~umask
    assert mode(tmp_path / "state.json") == 0o600


def test_an_old_file_stays_for_those_who_could_read_it(tmp_path: Path) -> None:
    path = tmp_path / "run.npz"
    path.write_bytes(b"old")
    path.chmod(0o640)
    write_whole(path, b"new")
    assert (path.read_bytes(), mode(path)) == (b"new", 0o640)


def test_what_a_killed_writer_left_is_cleared_at_the_next_save(tmp_path: Path) -> None:
    path = tmp_path / "run[1].npz"
    path.write_bytes(b"old")
    (tmp_path / ".run[1].npz.of another kind").write_bytes(b"mine")
    assert subprocess.run([sys.executable, "-c", KILLED, str(path)], check=False).returncode == 9
    assert len(list(tmp_path.iterdir())) == 3
    assert path.read_bytes() == b"old"
    write_whole(path, b"new")
    assert sorted(p.name for p in tmp_path.iterdir()) == [
        ".run[1].npz.of another kind", "run[1].npz",
    ]  # fmt: skip


def test_two_that_write_at_once_leave_one_of_both_and_nothing_else(tmp_path: Path) -> None:
    path, wrong = tmp_path / "run.npz", list[OSError]()

    def write(content: bytes) -> None:
        try:
            for _ in range(50):
                write_whole(path, content)
        except OSError as error:
            wrong.append(error)

    threads = [threading.Thread(target=write, args=(bytes([k]) * 9999,)) for k in (1, 2, 3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong
    assert path.read_bytes() in [bytes([k]) * 9999 for k in (1, 2, 3)]
    assert [p.name for p in tmp_path.iterdir()] == ["run.npz"]


@pytest.mark.parametrize("write", [write_whole, write_private])
def test_a_link_stays_a_link_and_a_pipe_a_pipe(
    tmp_path: Path, write: Callable[[Path, bytes], None]
) -> None:
    (tmp_path / "kept").write_bytes(b"old")
    (tmp_path / "link").symlink_to(tmp_path / "kept")
    write(tmp_path / "link", b"new")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "kept").read_bytes() == b"new"
    os.mkfifo(tmp_path / "pipe")
    reader = os.open(tmp_path / "pipe", os.O_RDONLY | os.O_NONBLOCK)
    write(tmp_path / "pipe", b"through")
    assert os.read(reader, 99) == b"through"
    os.close(reader)
    assert (tmp_path / "pipe").is_fifo()


def test_a_disk_without_locks_is_written_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_locks(handle: int, how: int) -> None:
        raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK))

    monkeypatch.setattr(whole.fcntl, "flock", no_locks)
    (tmp_path / ".run.npz.0.part").write_bytes(b"of another writer")
    write_whole(tmp_path / "run.npz", b"new")
    assert sorted(p.name for p in tmp_path.iterdir()) == [".run.npz.0.part", "run.npz"]
