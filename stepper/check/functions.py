"""A learner's own functions: those that are one formula are read, of others it is said why not.

`def dsigmoid(z): return sigmoid(z) * (1 - sigmoid(z))`, or `dsigmoid = lambda a: a * (1 - a)`.
"""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Collection, Iterable, Iterator
from itertools import pairwise
from typing import Any

import numpy as np

from stepper.check.world import same
from stepper.expr.errors import FormulaError, StepperError
from stepper.expr.tree import Call, Span
from stepper.language.evaluate import evaluate
from stepper.language.helper import Helper
from stepper.language.parse import parse
from stepper.language.tokens import check_length, tokenize
from stepper.ops import CARDS

_BEGIN = re.compile(r"(?:def\s+(?P<def>\w+)\s*(?=\()|(?P<lambda>\w+)\s*=\s*(?=lambda\s+[\w*]))")
_RETURN = re.compile(r"\s*return\b")
_DOCSTRING = re.compile(r"^[ \t]*[rR]?(\"\"\"|'''|\"|')(?:.*?)\1[ \t]*$", re.M | re.S)


def defined(line: str) -> str | None:
    """The name of the function that a line defines; None for any other line."""
    found = _BEGIN.match(line)
    return found["def"] or found["lambda"] if found else None


def without_docstrings(source: str) -> str:
    """The text with blank lines where strings stand by themselves."""
    return _DOCSTRING.sub(lambda found: "\n" * found[0].count("\n"), source)


def with_their_returns(lines: Iterable[str]) -> Iterator[str]:
    """The lines; a `def` whose next line is its `return` makes one line with it."""
    held = ""
    for line in lines:
        if held and _RETURN.match(line):
            held, line = "", f"{held} {line}"
        if held:
            yield held
        held = line if defined(line) and line.endswith(":") else ""
        if not held:
            yield line
    if held:
        yield held


def read(line: str, names: Collection[str], **options: Any) -> Helper:
    """The function that a line defines; `names` are all that have a value there.

    Raises FormulaError, with the place in the line, for what is not one formula.
    """
    check_length(line)
    begun, name = _BEGIN.match(line), defined(line)
    assert begun is not None and name is not None
    colon = _colon(line, begun.end())
    parameters = _parameters(line, begun.end(), colon)
    start = colon + 1
    if begun["def"]:
        returned = _RETURN.match(line, start)
        if returned is None:
            raise FormulaError(
                "function", None, "it has more lines than one `return`; they are judged one by one"
            )
        start = returned.end()
    formula = " " * start + line[start:]
    _refuse_recursion(name, formula)
    return Helper(name, parameters, parse(formula, names=(*names, *parameters), **options))


def _colon(line: str, start: int) -> int:
    """Where the parameters end."""
    depth = 0
    for i, sign in enumerate(line[start:], start):
        depth += (sign in "([{") - (sign in ")]}")
        if sign == ":" and depth == 0:
            return i
    raise FormulaError("syntax", Span(start, len(line)), "the `:` behind the parameters is missing")


def _parameters(line: str, start: int, end: int) -> tuple[str, ...]:
    """The parameters in their order; only plain names will do."""
    head = line[start:end]
    source = f"({head}: 0)" if head.startswith("lambda") else f"def f{head}: 0"
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what Python warns of here is nothing that counts
            (statement,) = ast.parse(source).body
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        raise FormulaError("syntax", Span(start, end), "this cannot be read") from None
    given = next(node for node in ast.walk(statement) if isinstance(node, ast.arguments))
    if given.vararg or given.kwarg or given.kwonlyargs:
        why = "a `*` among the parameters is not read here: name each of them"
        raise FormulaError("function", Span(start, end), why)
    if given.defaults:
        why = "a parameter with a value of its own is not read here: give every value in the call"
        raise FormulaError("function", Span(start, end), why)
    return tuple(arg.arg for arg in (*given.posonlyargs, *given.args))


def _refuse_recursion(name: str, formula: str) -> None:
    tokens = tokenize(formula)
    befores = ["", *(token.text for token in tokens)]
    for before, (token, behind) in zip(befores, pairwise(tokens), strict=False):
        if token.text == name and behind.text == "(" and before != ".":
            raise FormulaError("recursion", token.span, "`{word}` calls itself", word=name)


def is_known(helper: Helper, **options: Any) -> bool | None:
    """Whether a function of a name that is known is the known one; None for another name.

    It is where both give the same values, so that `1/(1 + exp(-z))` is called sigmoid again.
    """
    try:
        known = parse(f"{helper.name}({', '.join(helper.parameters)})", **options)
    except FormulaError:
        return None
    if not isinstance(known, Call):
        return None
    (sample, *_) = CARDS[known.op].samples(np.random.default_rng(0))
    values = dict(zip(helper.parameters, sample.operands, strict=False))
    try:
        return same(evaluate(known, values), evaluate(helper.formula, values))
    except (StepperError, ValueError, IndexError, TypeError):
        return False
