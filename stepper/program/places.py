"""Where stepper keeps what it remembers, and the language kept there; instant, as a help is."""

from __future__ import annotations

import os
import sys

PLATFORM: str = sys.platform


def state_folder() -> str:
    """`STEPPER_STATE`, else the user's state directory."""
    if chosen := os.environ.get("STEPPER_STATE"):
        return chosen
    if PLATFORM == "linux":
        # What platformdirs answers here, without the time that it takes to import.
        base = os.environ.get("XDG_STATE_HOME", "").strip()
        base = base if os.path.isabs(base) else os.path.expanduser("~/.local/state")
        return os.path.join(base, "stepper")
    from platformdirs import user_state_dir

    return user_state_dir("stepper", appauthor=False)


def kept_language() -> str | None:
    """The language that was chosen last, without reading anything else of the progress."""
    path = os.path.join(state_folder(), "progress.json")
    return next(filter(None, map(_language_in, (path, f"{path}.bak"))), None)


def _language_in(path: str) -> str | None:
    """What a file says; nothing where it cannot be read: whoever needs more of it says so."""
    try:
        with open(path, "rb") as file:
            content = file.read()
    except OSError:
        return None
    import json  # only where somebody has kept something

    try:
        language = json.loads(content)["lang"]
    except (ValueError, RecursionError, KeyError, TypeError):
        return None
    return language if isinstance(language, str) else None
