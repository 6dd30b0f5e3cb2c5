"""The pictures of the README show the screen as it is."""

from xml.etree import ElementTree

import pytest
import textual

from tests.app.frames import TEXTUAL
from tests.picture import ROWS, SCENES, path, picture
from tests.test_house import README

pytestmark = pytest.mark.skipif(textual.__version__ != TEXTUAL, reason=f"drawn with {TEXTUAL}")
SVG = "{http://www.w3.org/2000/svg}"


PARTS = {
    "debugger": "program numbers entry derive graph watch ► 0.0730 help",
    "lesson": "program numbers lesson entry ? hidden missing",
}


@pytest.mark.parametrize("name", SCENES)
async def test_a_picture_is_as_the_screen_is(name: str) -> None:
    again = "draw it with `python -m tests.picture`, and look at it"
    assert await picture(name) == path(name).read_text(encoding="utf-8"), again


@pytest.mark.parametrize("name", SCENES)
def test_a_picture_is_whole_and_the_readme_shows_it(name: str) -> None:
    root = ElementTree.parse(path(name)).getroot()
    texts = list(root.iter(f"{SVG}text"))
    said = " ".join(text.text or "" for text in texts)
    assert [part for part in PARTS[name].split() if part not in said] == []
    assert len(texts) > ROWS
    _, _, width, _ = map(float, root.attrib["viewBox"].split())
    for text in texts:
        assert float(text.attrib["x"]) + float(text.attrib["textLength"]) <= width
    assert f"(.github/{name}.svg)" in README


def test_the_debugger_stands_at_the_top() -> None:
    assert "(.github/debugger.svg)" in README.partition("\n## ")[0]
