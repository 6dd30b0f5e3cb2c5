"""What an author writes is printed as it was written, and never read as part of the format."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stepper.expr.languages import ENGLISH
from stepper.expr.sentence import say
from stepper.expr.tree import Name
from stepper.show.latex_text import latex_text
from stepper.show.translation import speak
from stepper.write.formats import formats
from stepper.write.walk import Heading, Paragraph, Walk
from tests.write.reading import markdown, page, tex

HOSTILE = (
    "</title><script>alert(1)</script>", "<math><mi>x", '" onload="x', "&lt;b&gt;", "<!-- x",
    "$x$ `y` *z* _u_ **b** ~~s~~ | a | b |", "# no heading", "- no list", "1. no list", "> no",
    "```math", "[link](x) ![i](y)", "<http://x.y>", "\\begin{document}", "\\", "{", "}}}", "$",
    "50% & #1 ~ ^", "a\n\nb", "a  \nb", "\\0", "\x001\x00", "--- ''' ```", "\u202eolleh", "===",
    "---", "+ 1", "12) x", "x\n===", "    code", "\ttab", "&copy;", "www.x.y", "%", "\\verb|x|",
    "\x07",
)  # fmt: skip
texts = st.one_of(
    st.sampled_from(HOSTILE),
    st.text(alphabet=st.characters(exclude_categories=("Cs",)), max_size=40),
    st.text(alphabet="\\{}$&#%_^~<>`*[]()|!-+=\"' \n1.a", max_size=30),
).filter(lambda t: t.strip() != "")


def walk(title: str) -> Walk:
    blocks = (
        Heading(title, 1), Paragraph((title,)), Paragraph((title, title), "aside"),
        Paragraph((say("{name} is {x}", name=Name("W1"), x=title),), "warning"),
    )  # fmt: skip
    return Walk(title, "columns", blocks)


def visible(text: str) -> str:
    """The letters that there are to see, in one form."""
    kept = "".join(ch for ch in text if ch.isprintable() or ch.isspace())
    return "".join(unicodedata.normalize("NFC", kept).split())


@given(texts)
def test_html_says_it_as_it_is(title: str) -> None:
    text = formats()["html"].written(walk(title))
    found = page(text)
    for tag in ("title", "h1"):
        assert visible(found.text_of(tag)) == visible(title)
    assert found.tags["script"] == 1 and found.tags["math"] == 1


@given(texts)
def test_html_in_ascii_says_the_same(title: str) -> None:
    in_ascii = formats()["html"].in_ascii
    assert in_ascii is not None
    text = in_ascii(walk(title))
    assert text.isascii()
    assert visible(page(text).text_of("h1")) == visible(title)


@given(texts)
def test_markdown_says_it_as_it_is(title: str) -> None:
    tokens = markdown(formats()["md"].written(walk(title)))
    assert [t.type for t in tokens if t.type.endswith("_open")] == [
        "heading_open", "paragraph_open", "paragraph_open", "paragraph_open",
    ]  # fmt: skip
    said = "".join(child.content for child in tokens[1].children or ())
    assert visible(said) == visible(title)


@given(texts)
def test_tex_stays_closed(title: str) -> None:
    tex(formats()["tex"].written(walk(title)))
    assert "\\begin{document}" not in latex_text(title)


@given(texts)
def test_text_and_ascii(title: str) -> None:
    form = formats()["txt"]
    assert form.in_ascii is not None
    speak(ENGLISH, only=True)
    assert form.in_ascii(walk(title)).isascii()
    assert visible(title)[:20] in visible(form.written(walk(title)))


@pytest.mark.parametrize(
    ("said", "in_latex"),
    [
        ("é", r"\'{e}"),
        ("x² ½ a₁", r"x$^{2}$ $\frac{1}{2}$ a$_{1}$"),
        ("σ ≈ −1", r"$\sigma$ $\approx$ $-$1"),
        ("a--b", r"a-{}-b"),
        (r"\x{y}", r"\textbackslash{}x\{y\}"),
        ("中", "中"),
    ],
)
def test_words_in_latex(said: str, in_latex: str) -> None:
    assert latex_text(said) == in_latex
