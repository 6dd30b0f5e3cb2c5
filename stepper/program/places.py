"""Where stepper keeps its state, and the saved language; fast to import, for `--help`."""

from __future__ import annotations

import os
import sys

PLATFORM: str = sys.platform


def state_folder() -> str:
    """`STEPPER_STATE`, else the user's state directory."""
    if chosen := os.environ.get("STEPPER_STATE"):
        return chosen
    if PLATFORM == "linux":
        # What platformdirs answers here, without the time its import takes.
        base = os.environ.get("XDG_STATE_HOME", "").strip()
        base = base if os.path.isabs(base) else os.path.expanduser("~/.local/state")
        return os.path.join(base, "stepper")
    from platformdirs import user_state_dir

    return user_state_dir("stepper", appauthor=False)


def kept_language() -> str | None:
    """The language chosen last, read without loading the rest of the progress."""
    path = os.path.join(state_folder(), "progress.json")
    return next(filter(None, map(_language_in, (path, f"{path}.bak"))), None)


def _language_in(path: str) -> str | None:
    """The language saved in a file; None if it cannot be read, which a full read reports."""
    try:
        with open(path, "rb") as file:
            content = file.read()
    except OSError:
        return None
    import json  # only if something has been saved

    try:
        language = json.loads(content)["lang"]
    except (ValueError, RecursionError, KeyError, TypeError):
        return None
    return language if isinstance(language, str) else None
