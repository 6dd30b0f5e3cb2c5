"""The walk of every lab in every format: all that is shown is there, and the file is sound."""

from __future__ import annotations

import re
import shutil
import subprocess
from functools import cache
from html import escape
from pathlib import Path

import numpy as np
import pytest

from stepper.labs.load import load
from stepper.labs.source import lab_names
from stepper.program.cursor import LEVELS, Level
from stepper.show.latex_text import latex_text
from stepper.write.build import walk_of
from stepper.write.formats import formats
from stepper.write.walk import Assignment, Derived, Heading, Matrices, Walk, Worked
from tests.write.reading import markdown, page, tex

each = pytest.mark.parametrize("name", lab_names())


@cache
def walk(name: str, level: Level = "line", batch: bool = False) -> Walk:
    lab = load(name)
    sample = None if batch else lab.check_sample(None)
    return walk_of(lab, lab.trace(sample), sample, level)


@cache
def written(name: str, ending: str, level: Level = "line", batch: bool = False) -> str:
    return formats()[ending].written(walk(name, level, batch))


def codes(walk: Walk) -> list[str]:
    return [b.line.text() for b in walk.blocks if isinstance(b, Assignment)]


def test_the_formats_are_those_that_are_promised() -> None:
    assert set(formats()) == {"html", "md", "tex", "txt"}
    assert all(ending == form.ending for ending, form in formats().items())


@each
def test_a_walk_has_every_line_with_its_numbers(name: str) -> None:
    program = load(name).program
    blocks = walk(name).blocks
    assert codes(walk(name)) == [line.text() for line in program.lines]
    assert sum(isinstance(b, Worked) for b in blocks) == len(program.lines)
    assert all(b.agreement for b in blocks if isinstance(b, Worked))
    assert all(m.shown for m in blocks if isinstance(m, Matrices))


@each
def test_every_line_of_every_derivation_is_proved(name: str) -> None:
    derived = [b for b in walk(name).blocks if isinstance(b, Derived)]
    assert len(derived) >= len(load(name).program.phase("backward")) / 2
    for block in derived:
        assert [c.verdict for c in block.checks] == ["proved"] * len(block.derivation.lines)


@each
def test_html_is_whole_and_needs_nothing_else(name: str) -> None:
    text = written(name, "html")
    found = page(text)
    blocks = walk(name).blocks
    assert found.tags["h3"] == len(load(name).program.lines)
    assert found.tags["figure"] == sum(len(b.shown) for b in blocks if isinstance(b, Matrices))
    assert found.tags["abbr"] == sum(len(b.checks) for b in blocks if isinstance(b, Derived))
    assert all(f"<code>{escape(code)}</code>" in text for code in codes(walk(name)))
    assert "://" not in text and "@import" not in text and "{" not in found.text_of("p")
    assert '<meta name="viewport"' in text and "@media print" in text and "dark" in text


@each
def test_tex_closes_what_it_opens(name: str) -> None:
    text = written(name, "tex")
    tex(text)
    assert all(rf"\texttt{{{latex_text(code)}}}" in text for code in codes(walk(name)))


@each
def test_markdown_is_read_as_it_is_meant(name: str) -> None:
    tokens = markdown(written(name, "md"))
    blocks = walk(name).blocks
    fences = [t for t in tokens if t.type == "fence"]
    assert {t.info for t in fences} == {"math"}
    shown = (Assignment, Matrices, Worked, Derived)
    assert len(fences) == sum(isinstance(b, shown) for b in blocks)
    headings = sum(isinstance(b, Heading) for b in blocks)
    assert sum(t.type == "heading_open" for t in tokens) == headings
    quoted = {c.content for t in tokens for c in t.children or () if c.type == "code_inline"}
    assert set(codes(walk(name))) <= quoted
    for fence in fences:
        assert fence.content.count("{") == fence.content.count("}")


@each
def test_text_fits_80_columns_and_has_an_ascii_form(name: str) -> None:
    text = written(name, "txt")
    in_ascii = formats()["txt"].in_ascii
    assert in_ascii is not None
    plain = in_ascii(walk(name))
    assert plain.isascii()
    assert max(map(len, (text + plain).splitlines())) <= 80
    assert not [row for row in plain.splitlines() if re.search(r"\[\d+,$|^ *\d+\]", row)]
    assert "∂" in text and "agrees with the engine ✓" in text


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("ending", formats())
@pytest.mark.parametrize("batch", [False, True])
def test_every_level_of_one_sample_and_of_all(level: Level, ending: str, batch: bool) -> None:
    text = written(
        "mazur" if level == "entry" else "xor", ending, level, batch and level != "entry"
    )
    {"html": page, "md": markdown, "tex": tex, "txt": str}[ending](text)
    assert len(text) > 1000


def test_a_large_matrix_has_dots_and_its_size() -> None:
    grids = [
        (m.grid(), np.shape(m.value))
        for b in walk("three-hidden").blocks
        if isinstance(b, Matrices)
        for m in b.shown
    ]
    large = [grid for grid, shape in grids if shape == (100, 50)]
    assert large and all(len(grid) == 9 and len(grid[0]) == 9 for grid in large)
    assert {grid[7][7].text for grid in large} == {"⋱"}
    assert "100×50" in written("three-hidden", "html")
    assert r"100$\times$50" in written("three-hidden", "tex")
    assert r"\scriptstyle 100\times 50" in written("three-hidden", "md")
    assert "100×50" in written("three-hidden", "txt")
    assert all(r"\ddots" in written("three-hidden", ending) for ending in ("tex", "md"))


@pytest.mark.slow
@pytest.mark.parametrize("engine", ["pdflatex", "xelatex"])
@pytest.mark.parametrize("name", ["xor", "three-class", "three-hidden", "folded-bias"])
def test_it_compiles_and_nothing_sticks_out(engine: str, name: str, tmp_path: Path) -> None:
    assert not faults(engine, written(name, "tex"), tmp_path)


def faults(engine: str, text: str, folder: Path) -> list[str]:
    """What LaTeX complains of: an error, a line that sticks out, a letter that it does not have."""
    if not shutil.which(engine):
        pytest.skip(f"no {engine} here")
    (folder / "walk.tex").write_text(text, encoding="utf-8")
    command = [engine, "-interaction=nonstopmode", "-halt-on-error", "walk.tex"]
    run = subprocess.run(command, cwd=folder, capture_output=True, check=False)
    log = run.stdout.decode(errors="replace")
    found = [said for said in ("Overfull", "Missing character") if said in log]
    return [*found, log[-2000:]] if found or run.returncode else []


HOSTILE = r"\input{x} $a_b^c$ & # % ~ {} <b> é ü ł ½ x² σ ≈ 中文 -- ?` 'a' ''b'' \\ ^^41 ✓ ﬁ"


@pytest.mark.parametrize("engine", ["pdflatex", "xelatex"])
def test_a_hostile_title_compiles(engine: str, tmp_path: Path) -> None:
    walk = formats()["tex"].written(Walk("x", "columns", (Heading(HOSTILE, 1),)))
    assert not faults(engine, walk, tmp_path)
