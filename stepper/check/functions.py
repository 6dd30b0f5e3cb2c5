"""A learner's own functions: those of one formula are inlined, the others refused with a reason.

`def dsigmoid(z): return sigmoid(z) * (1 - sigmoid(z))`, or `dsigmoid = lambda a: a * (1 - a)`; a
part of the formula may be assigned first: `s = sigmoid(z)`, then `return s * (1 - s)`.
"""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Collection, Sequence
from typing import Any

import numpy as np

from stepper.check.definitions import BEGIN, RETURN, defined
from stepper.check.world import same
from stepper.expr.errors import FormulaError, StepperError
from stepper.expr.tree import Call, Expr, Span
from stepper.language.evaluate import evaluate
from stepper.language.helper import Helper, with_values
from stepper.language.parse import parse, parse_line
from stepper.language.tokens import check_length
from stepper.ops import CARDS


def read(line: str, names: Collection[str], **options: Any) -> Helper:
    """The function a line defines; `names` are all names that have a value there.

    Raises FormulaError, with the place in the line, for anything but one formula.
    """
    check_length(line)
    begun, name = BEGIN.match(line), defined(line)
    assert begun is not None and name is not None
    if line.startswith("@"):
        span = Span(0, line.index(" def"))
        why = "what a decorator makes of it is not known: leave it out where it changes nothing"
        raise FormulaError("function", span, why)
    colon = _colon(line, begun.end())
    parameters = _parameters(line, begun.end(), colon)
    _refuse_recursion(name, line, colon)
    if begun["lambda"]:
        formula = parse(_padded(line, colon + 1), names=(*names, *parameters), **options)
        return Helper(name, parameters, formula)
    *before, last = _statements(line, colon + 1)
    given = {_padded(line, *span).partition("=")[0].strip() for span in before}
    outside = (n for n in names if n not in given)  # a name assigned in here has no value before
    formula = _returned(line, before, last, (*outside, *parameters), options)
    return Helper(name, parameters, formula)


def _returned(
    line: str, before: Sequence[Span], last: Span, names: Sequence[str], options: Any
) -> Expr:
    """The formula after `return`, with the body's assignments substituted."""
    found = RETURN.match(line, last.start)
    if found is None:
        why = "it is more than a formula with names for its parts; its lines are judged one by one"
        raise FormulaError("function", None, why)
    values: dict[str, Expr] = {}
    for span in before:
        target, tree = parse_line(_padded(line, *span), names=(*names, *values), **options)
        values[target] = with_values(tree, values, span)
    tree = parse(_padded(line, found.end()), names=(*names, *values), **options)
    return with_values(tree, values, last)


def _statements(line: str, start: int) -> list[Span]:
    """The places of a body's statements, separated by `;`."""
    ends = [at for at, sign in enumerate(line) if sign == ";" and at >= start] + [len(line)]
    return [Span(a, b) for a, b in zip([start, *(end + 1 for end in ends)], ends, strict=False)]


def _padded(line: str, start: int, end: int | None = None) -> str:
    """A part of the line, padded so that its columns stay the same."""
    return " " * start + line[start:end]


def _colon(line: str, start: int) -> int:
    """The position of the colon that ends the parameters."""
    depth = 0
    for i, sign in enumerate(line[start:], start):
        depth += (sign in "([{") - (sign in ")]}")
        if sign == ":" and depth == 0:
            return i
    raise FormulaError("syntax", Span(start, len(line)), "the `:` behind the parameters is missing")


def _parameters(line: str, start: int, end: int) -> tuple[str, ...]:
    """The parameters in order; only plain names are accepted."""
    head = line[start:end]
    source = f"({head}: 0)" if head.startswith("lambda") else f"def f{head}: 0"
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Python's warnings about this text are irrelevant
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


def _refuse_recursion(name: str, line: str, start: int) -> None:
    called = re.compile(rf"(?<![\w.]){name}(?=\s*[(（])").search(line, start)
    if called is not None:
        raise FormulaError("recursion", Span(*called.span()), "`{word}` calls itself", word=name)


def is_known(helper: Helper, **options: Any) -> bool | None:
    """Whether a function with a known name is the known one; None if the name is not known.

    It is if both have the same values, so that `1/(1 + exp(-z))` is called sigmoid again.
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
