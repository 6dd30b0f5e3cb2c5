"""What stepper remembers between runs: JSON files that are written whole or not at all."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from stepper.expr.sentence import Sentence
from stepper.program.places import state_folder
from stepper.program.whole import set_aside, write_private


def state_dir() -> Path:
    """The directory of the state: `STEPPER_STATE`, else the user's state directory."""
    return Path(state_folder())


class Store:
    """One file in the state directory, with the version of its format.

    Nothing here raises: state that cannot be kept becomes a message, and the work goes on.
    """

    def __init__(self, name: str, version: int) -> None:
        self.name, self.version = name, version

    @property
    def path(self) -> Path:
        return state_dir() / f"{self.name}.json"

    @property
    def backup(self) -> Path:
        """The file that holds the content before the last change."""
        return self.path.with_suffix(".json.bak")

    def read(self) -> tuple[dict[str, Any], Sentence | None]:
        """The kept content, and a message if there is one.

        An unreadable file is set aside under another name and the backup is read instead; a file of
        a later format version is left alone.
        """
        try:
            kept = _content(self.path)
        except FileNotFoundError:
            return {}, None
        except OSError as error:
            return {}, Sentence("cannot read {path}: {why}", self._fields(error))
        except (ValueError, RecursionError):
            return self._before(), self._set_aside()
        if kept["version"] > self.version:
            return {}, Sentence(
                "{path} was written by a later stepper: it is not read and not changed",
                {"path": str(self.path)},
            )
        return kept, None

    def write(self, content: Mapping[str, Any]) -> Sentence | None:
        """Keeps the content; returns a message if that is not possible."""
        try:
            later = self._version_on_disk() > self.version
            if later:
                return Sentence(
                    "{path} was written by a later stepper: it is left as it is",
                    {"path": str(self.path)},
                )
            self._back_up()
            write_private(self.path, _as_json({"version": self.version, **content}))
        except OSError as error:
            return Sentence("cannot write {path}: {why}", self._fields(error))
        return None

    def change(self, change: Callable[[dict[str, Any]], Mapping[str, Any]]) -> Sentence | None:
        """Applies `change` to the newest content and keeps the result, so that two apps lose
        nothing.

        Returns a message if something could not be read or kept.
        """
        try:
            with _alone(self.path.with_suffix(".lock")):
                kept, said = self.read()
                kept.pop("version", None)
                return self.write(change(kept)) or said
        except OSError as error:
            return Sentence("cannot write {path}: {why}", self._fields(error))

    def _version_on_disk(self) -> int:
        try:
            version: int = _content(self.path)["version"]
        except (OSError, ValueError, RecursionError):
            return 0
        return version

    def _back_up(self) -> None:
        """Copies a readable file to the backup. Raises OSError."""
        try:
            _content(self.path)
        except (FileNotFoundError, ValueError, RecursionError):
            return
        write_private(self.backup, self.path.read_bytes())

    def _before(self) -> dict[str, Any]:
        """The content of the backup; empty if that cannot be read either."""
        try:
            kept = _content(self.backup)
        except (OSError, ValueError, RecursionError):
            return {}
        return kept if kept["version"] <= self.version else {}

    def _set_aside(self) -> Sentence:
        try:
            aside = set_aside(self.path)
        except OSError as error:
            return Sentence("cannot read {path}: {why}", self._fields(error))
        return Sentence(
            "{path} could not be read and was set aside as {aside}",
            {"path": str(self.path), "aside": aside.name},
        )

    def _fields(self, error: OSError) -> dict[str, str]:
        return {"path": str(self.path), "why": error.strerror or "?"}


def _content(path: Path) -> dict[str, Any]:
    """The content of a file. Raises OSError, and ValueError if it is not ours."""
    content = path.read_bytes()
    import json  # only if there is something to read

    kept = json.loads(content)
    if not isinstance(kept, dict) or not isinstance(kept.get("version"), int):
        raise ValueError("no version")
    return kept


def _as_json(content: Mapping[str, Any]) -> bytes:
    import json  # mostly after the last frame

    return json.dumps(content).encode()


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """A lock held by one process at a time; the system releases it if the process dies. Raises
    OSError.

    On Windows, and on a disk without locks, two may save at the same instant: the later one wins.
    """
    try:
        import fcntl
    except ImportError:
        yield
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "w") as lock:
        with suppress(OSError):
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield
