"""Writes files whole or not at all, even if the process is killed meanwhile."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

try:
    import fcntl as _fcntl
except ImportError:  # Windows, where an open file can be neither moved nor deleted
    fcntl: Any = None
else:
    fcntl = _fcntl

PRIVATE, OPEN = 0o600, 0o666
"""The permissions of a new file: its owner only, or whatever the user's umask allows."""
UNFINISHED = ".part"


def write_whole(path: Path, content: bytes) -> None:
    """Gives a user's file this content, or leaves it as it was: never half. Raises OSError.

    A new file gets the permissions of the umask, an existing one keeps its own. What is no regular
    file, such as a device or a pipe, is written to in place; a link stays a link.
    """
    _write_over(path, content, OPEN)


def write_new(path: Path, content: bytes) -> None:
    """Writes a user's new file, whole or not at all. Raises FileExistsError or another OSError."""
    _write(path, content, OPEN, _beside_no_other)


def set_aside(path: Path) -> Path:
    """Renames `a.json` to `a.broken.json`, or to a numbered name if that is taken.

    Raises OSError.
    """
    number = 1
    while True:
        more = f"-{number}" if number > 1 else ""
        aside = path.with_suffix(f".broken{more}{path.suffix}")
        try:
            _beside_no_other(path, aside)
        except FileExistsError:
            number += 1
            continue
        path.unlink(missing_ok=True)
        return aside


def write_private(path: Path, content: bytes) -> None:
    """As `write_whole`, for our own file, readable by its owner only; its folder is created."""
    path.parent.mkdir(parents=True, exist_ok=True)
    _write_over(path, content, PRIVATE)


def _write_over(path: Path, content: bytes, mode: int) -> None:
    if path.exists() and not path.is_file():
        path.write_bytes(content)
        return
    _write(path.resolve() if path.is_symlink() else path, content, mode, os.replace)


def _write(path: Path, content: bytes, mode: int, put: Callable[[Path, Path], None]) -> None:
    _clear(path)
    handle, temporary = _begun(path, mode)
    try:
        with os.fdopen(handle, "wb") as file:
            if mode == OPEN and path.exists():
                os.chmod(temporary, path.stat().st_mode & 0o777)
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
            if fcntl is not None:  # before the lock is released: nobody takes it for left behind
                put(temporary, path)
        if fcntl is None:
            put(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)


def _beside_no_other(temporary: Path, path: Path) -> None:
    """Moves the file into place by a hard link, which unlike a rename never overwrites a file."""
    try:
        os.link(temporary, path)
    except FileExistsError:
        raise
    except OSError:  # a disk without links
        if os.path.lexists(path):
            raise FileExistsError(path) from None
        os.rename(temporary, path)


def _begun(path: Path, mode: int) -> tuple[int, Path]:
    """A new temporary file beside the path, locked as long as its writer lives."""
    while True:
        temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}{UNFINISHED}")
        flags = os.O_CREAT | os.O_EXCL | os.O_WRONLY | getattr(os, "O_BINARY", 0)
        handle = os.open(temporary, flags, mode)
        if fcntl is not None:
            with suppress(OSError):  # a disk without locks: nothing is cleared away there
                fcntl.flock(handle, fcntl.LOCK_EX)
        if temporary.exists():
            return handle, temporary
        os.close(handle)  # another process found it before it was locked, and cleared it away


def _clear(path: Path) -> None:
    """Removes temporary files that a killed writer left beside the path, but none in use."""
    from glob import escape  # where a file is written, never where one is read

    for left in path.parent.glob(f".{escape(path.name)}.*{UNFINISHED}"):
        with suppress(OSError):
            _clear_one(left)


def _clear_one(left: Path) -> None:
    """Removes one file. Raises OSError if it is in use: on Windows, as long as it is open."""
    if fcntl is None:
        left.unlink()
        return
    handle = os.open(left, os.O_WRONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        left.unlink()
    finally:
        os.close(handle)
