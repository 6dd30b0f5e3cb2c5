"""A small lesson that proves itself, to be spoilt in one place at a time."""

from pathlib import Path

from stepper.course.text import mark

STRUCTURE = """\
format = 1
id = "small"
minutes = 3
lab = "xor"

[values]
largest = "max(abs(dJ_dW3))"

[[step]]
id = "begin"
kind = "say"

[[step]]
id = "walk"
kind = "run"
start = "dJ_da3"
until = "dJ_dW3"

[[step]]
id = "sign"
kind = "predict"
of = "a3[0, 0]"

[[step]]
id = "shape"
kind = "predict"
choices = ["same", "turned"]
answer = "same"

[[step]]
id = "example"
kind = "worked"
skill = "product"

[[step]]
id = "blank"
kind = "fill"
target = "dJ_dW3"
formula = "? @ ?.T"
answer = "dJ_dz3 ; a2"
reject = [
  { try = "dJ_dz3 ; a1", as = "wrong-layer" },
  { try = "-dJ_dz3 ; a2", as = "sign" },
]
skill = "product"

[[step]]
id = "formula"
kind = "formula"
target = "dJ_dW3"
names = ["a2", "dJ_dz3"]
answer = "dJ_dz3 @ a2.T"
accept = ["np.dot(dJ_dz3, a2.T)"]
reject = [{ try = "-dJ_dz3 @ a2.T", as = "sign" }, { try = "dJ_dz3 @ a1.T", as = "wrong-layer" }]
skill = "product"

[[step]]
id = "numbers"
kind = "matrix"
of = "dJ_dW3"
again = { sample = 4 }
reject = [{ try = "[[1.234, 2.345, 3.456]]" }]

[[step]]
id = "bug"
kind = "find-bug"
mistake = "missing-activation-derivative@dJ_dz2"

[[step]]
id = "why"
kind = "explain"
choices = ["rows", "luck"]
answer = "rows"
"""
WORDS = ((1, "one"), (2, "two"), (3, "three"))
HINTS = "".join(f"\n### hint-{n}\n\nHint {word}.\n" for n, word in WORDS)
ENGLISH = f"""\
# A small lesson

About.

## begin: Begin

`W3` is {{{{ shape W3 }}}}, the largest entry {{{{ largest | 3 }}}}:
{{{{ line dJ_dW3 }}}}.

## walk: Walk

Walk.

## sign: Sign

Which one?

## shape: Shape

Which one?

- same: the same
- turned: turned
  round

### wrong-turned

No, `W3`.

### after

So it is.

## example: Example

{{{{ formula dJ_dW3 }}}}

## blank: Blanks

Two.
{HINTS}
## formula: Formula

All of it.
{HINTS}
## numbers: Numbers

{{{{ dJ_dz3 }}}} and {{{{ a2 }}}}
{HINTS}
## bug: Bug

Where?
{HINTS}
## why: Why

Why?

- rows: rows
- luck: luck

### wrong-luck

No.
"""


def translated(english: str) -> str:
    return f"<!-- en: {mark(english)} -->\n{english}"


def write_lesson(folder: Path, structure: str = STRUCTURE, english: str = ENGLISH) -> Path:
    """A lesson in a folder of its own, its translation as new as its text."""
    lesson = folder / "77-small"
    lesson.mkdir(exist_ok=True)
    (lesson / "lesson.toml").write_text(structure, encoding="utf-8")
    (lesson / "en.md").write_text(english, encoding="utf-8")
    (lesson / "zh-TW.md").write_text(translated(english), encoding="utf-8")
    return lesson
