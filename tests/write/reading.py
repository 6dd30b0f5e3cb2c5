"""Readers of what is exported: each fails for a file that is not what it says it is."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections import Counter
from html.parser import HTMLParser

from markdown_it import MarkdownIt
from markdown_it.token import Token

VOID = {"meta", "br", "hr", "img", "link"}


class Page(HTMLParser):
    """An HTML file: everything closed in its order, and the text of its elements."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.hrefs: list[str] = []
        self.tags: Counter[str] = Counter()
        self.said: list[tuple[str, str]] = []
        self.feed(text)
        self.close()
        assert not self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags[tag] += 1
        found = dict(attrs)
        assert not {"src", "srcset", "onclick", "onload", "onerror"} & set(found)
        if found.get("id"):
            self.ids.append(found["id"] or "")
        if found.get("href"):
            self.hrefs.append(found["href"] or "")
        if tag not in VOID and not (self.get_starttag_text() or "").endswith("/>"):
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert "math" in self.open or tag in VOID

    def handle_endtag(self, tag: str) -> None:
        assert self.open and self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.said.append((self.open[-1] if self.open else "", data))

    def text_of(self, tag: str) -> str:
        return "".join(said for at, said in self.said if at == tag)


def page(text: str) -> Page:
    """Read as HTML; its formulas as XML, since MathML forgives nothing."""
    found = Page(text)
    for formula in re.findall(r"<math.*?</math>", text, re.DOTALL):
        ET.fromstring(formula)
    assert len(found.ids) == len(set(found.ids))
    assert all(h.startswith("#") and h[1:] in found.ids for h in found.hrefs)
    return found


def markdown(text: str) -> list[Token]:
    """Read as GitHub does; no HTML may come out of it that is not in it as words."""
    tokens = MarkdownIt("gfm-like", {"linkify": False}).parse(text)
    inline = [child for token in tokens for child in token.children or ()]
    kinds = {token.type for token in (*tokens, *inline)}
    assert not kinds & {"html_block", "html_inline", "link_open", "image", "code_block", "hr"}
    assert not kinds & {"bullet_list_open", "ordered_list_open", "table_open", "blockquote_open"}
    return tokens


def tex(text: str) -> None:
    """Whether all is closed in its order, and nothing special stands bare."""
    assert text.isascii()
    _, begun, body = text.partition("\\begin{document}\n")
    assert begun
    open_: list[str] = ["document"]
    for kind, name in re.findall(r"\\(begin|end)\{(\w+)\}", body):
        if kind == "begin":
            open_.append(name)
        else:
            assert open_.pop() == name
    assert not open_
    bare = re.sub(r"\\.", "", body, flags=re.DOTALL)
    depth = 0
    for ch in bare:
        depth += (ch == "{") - (ch == "}")
        assert depth >= 0
    assert depth == 0
    assert bare.count("$") % 2 == 0
    assert not set(bare) & set("#%")
    assert body.count(r"\left") == body.count(r"\right")
