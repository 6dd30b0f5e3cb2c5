"""A template for a new lesson: complete except for its author's words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from stepper.course.load import FILE
from stepper.course.text import mark
from stepper.expr.errors import StepperError

_STRUCTURE = """\
format = 1
id = "{id}"             # progress is kept under it: never rename it
minutes = 10
needs = []              # ids of earlier lessons
lab = "two-hidden"      # `stepper labs` lists them; or a lab file of your own beside this one

[values]                # names for the prose, each computed from the lab
largest = "max(abs(dL_dW3))"

[[step]]
id = "begin"
kind = "say"

[[step]]
id = "sizes"
kind = "predict"
choices = ["same", "turned", "other"]
answer = "same"
show = "dL_dW3"

[[step]]
id = "gradient"
kind = "formula"
target = "dL_dW3"
names = ["a2", "dL_dz3"]
answer = "a2.T @ dL_dz3"
reject = [
  {{ try = "dL_dz3 @ a2.T", as = "operand-order" }},
  {{ try = "a2 @ dL_dz3", as = "missing-transpose" }},
]
"""
_TEXT = """\
# {title}

One or two sentences: what this lesson is about, and what one can do after it.

## begin: Where we are

What is said before the first question. Numbers are never typed: `dL_dW3` is
{{{{ shape dL_dW3 }}}} here, and its line is {{{{ line dL_dW3 }}}}.

## sizes: Before you see it

Which shape has the gradient of `W3`?

- same: the shape of `W3`
- turned: the shape of its transpose
- other: another one

### wrong-turned

Each entry of a gradient belongs to one entry of `W3`, at the same place.

### wrong-other

A gradient has one entry for each entry of what it belongs to.

### after

It is {{{{ shape dL_dW3 }}}}, and so is `W3`.

## gradient: The formula

Write the gradient of `W3`.

### hint-1

Where to look: which line reads `W3`?

### hint-2

What to do: bring the shapes together.

### hint-3

The reason, in a sentence; the answer itself is put under it.

### after

What it was good for.
"""


def scaffold(folder: Path) -> Iterator[Path]:
    """Writes a lesson into a new folder `NN-name`; yields what it wrote. Raises StepperError."""
    named = re.fullmatch(r"\d\d-([a-z][a-z0-9-]*)", folder.name)
    if named is None:
        raise StepperError("{folder}: a lesson's folder is called like 16-mine", folder=str(folder))
    try:
        folder.mkdir()
    except FileExistsError:
        raise StepperError("{folder} exists, and is left as it is", folder=str(folder)) from None
    except OSError as error:
        raise StepperError(
            "cannot write {path}: {why}", path=str(folder), why=error.strerror or "?"
        ) from None
    title = named[1].replace("-", " ").capitalize()
    english = _TEXT.format(title=title)
    yield _written(folder / FILE, _STRUCTURE.format(id=named[1]))
    yield _written(folder / "en.md", english)
    yield _written(folder / "zh-TW.md", f"<!-- en: {mark(english)} -->\n{english}")


def _written(path: Path, content: str) -> Path:
    path.write_text(content, encoding="utf-8")
    return path
