"""The picture of the README shows the screen as it is."""

from xml.etree import ElementTree

import pytest
import textual

from tests.app.frames import TEXTUAL
from tests.picture import PATH, ROWS, picture
from tests.test_house import README

pytestmark = pytest.mark.skipif(textual.__version__ != TEXTUAL, reason=f"drawn with {TEXTUAL}")
SVG = "{http://www.w3.org/2000/svg}"


async def test_the_picture_is_as_the_screen_is() -> None:
    again = "draw it with `python -m tests.picture`, and look at it"
    assert await picture() == PATH.read_text(encoding="utf-8"), again


def test_the_picture_is_whole_and_the_readme_shows_it_at_the_top() -> None:
    root = ElementTree.parse(PATH).getroot()
    texts = list(root.iter(f"{SVG}text"))
    said = " ".join(text.text or "" for text in texts)
    for part in ("program", "numbers", "entry", "derive", "graph", "watch", "►", "0.0730", "help"):
        assert part in said
    assert len(texts) > ROWS
    _, _, width, _ = map(float, root.attrib["viewBox"].split())
    for text in texts:
        assert float(text.attrib["x"]) + float(text.attrib["textLength"]) <= width
    assert "(.github/debugger.svg)" in README.partition("\n## ")[0]
