"""The frames of the states that matter are as they were when somebody last looked at them."""

import pytest
import textual

from tests.app import frames
from tests.app.frames import FOLDER, FRAMES, TEXTUAL

AGAIN = "draw it with `python -m tests.app.frames`, and look at what changed"


@pytest.mark.skipif(textual.__version__ != TEXTUAL, reason=f"drawn with Textual {TEXTUAL}")
@pytest.mark.parametrize("name", FRAMES)
async def test_a_frame_is_as_it_was(name):
    kept = (FOLDER / f"{name}.txt").read_text(encoding="utf-8")
    assert await FRAMES[name].drawn() == kept, AGAIN


def test_every_frame_is_kept_once_and_they_are_few():
    assert {path.stem for path in FOLDER.iterdir()} == set(FRAMES)
    lessons = [name for name in FRAMES if name.startswith("lesson-")]
    assert len(FRAMES) - len(lessons) <= 40 and len(lessons) <= 6


def test_another_textual_draws_nothing(monkeypatch):
    monkeypatch.setattr(frames.textual, "__version__", "0.0.0")
    monkeypatch.setattr(frames, "FOLDER", FOLDER / "none")
    with pytest.raises(SystemExit, match=TEXTUAL):
        frames.write()
