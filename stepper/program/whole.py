"""Files that are written whole or not at all, whatever ends the process meanwhile."""

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
"""Who may read a new file: its owner only, or whoever the user's umask lets."""
UNFINISHED = ".part"


def write_whole(path: Path, content: bytes) -> None:
    """A user's file with this content, or as it was before: never half. Raises OSError.

    A new file is for whoever the umask lets read it, an old one for those who could before. What
    is no file, such as a device or a pipe, is written to and stays what it is; so does a link.
    """
    _write_over(path, content, OPEN)


def write_new(path: Path, content: bytes) -> None:
    """A user's new file, whole or not at all. Raises FileExistsError, and any other OSError."""
    _write(path, content, OPEN, _beside_no_other)


def set_aside(path: Path) -> Path:
    """Renames `a.json` to `a.broken.json`, or to a numbered name where that is taken already.

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
    """The same for a file of our own, that nobody but its owner reads; its folder is made."""
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
            if fcntl is not None:  # before the lock goes: nobody takes it for left behind
                put(temporary, path)
        if fcntl is None:
            put(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)


def _beside_no_other(temporary: Path, path: Path) -> None:
    """Links the file, as a link, unlike a rename, never goes over another one."""
    try:
        os.link(temporary, path)
    except FileExistsError:
        raise
    except OSError:  # a disk without links
        if os.path.lexists(path):
            raise FileExistsError(path) from None
        os.rename(temporary, path)


def _begun(path: Path, mode: int) -> tuple[int, Path]:
    """A new file beside the path, locked as long as its writer lives."""
    while True:
        temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}{UNFINISHED}")
        flags = os.O_CREAT | os.O_EXCL | os.O_WRONLY | getattr(os, "O_BINARY", 0)
        handle = os.open(temporary, flags, mode)
        if fcntl is not None:
            with suppress(OSError):  # a disk without locks: there nothing is cleared away
                fcntl.flock(handle, fcntl.LOCK_EX)
        if temporary.exists():
            return handle, temporary
        os.close(handle)  # another process found it before it was locked, and cleared it away


def _clear(path: Path) -> None:
    """What a writer that was killed has left beside the path; one that still writes is let be."""
    from glob import escape  # where a file is written, never where one is read

    for left in path.parent.glob(f".{escape(path.name)}.*{UNFINISHED}"):
        with suppress(OSError):
            _clear_one(left)


def _clear_one(left: Path) -> None:
    """Raises OSError where it cannot be had: on Windows, as long as it is open."""
    if fcntl is None:
        left.unlink()
        return
    handle = os.open(left, os.O_WRONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        left.unlink()
    finally:
        os.close(handle)
