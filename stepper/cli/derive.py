"""derive a formula line by line, every line proved

The rules of calculus come one a line, the algebra between them too. A mark says what is known of a
line: ✓ it was proved equal to the line before by algebra, ≈ it is equal at every point tried,
✗ it is not.

    stepper derive "sigmoid(z)"
    stepper derive "z*sigmoid(z)" --by z --full
    stepper derive "bce(sigmoid(z), y)" --by z --tall
    stepper derive "softmax_ce(z, y)" --by z --latex
    stepper derive "-(1+exp(-x))**-2" --claim "-(1+exp(-x))**2"

A claim is a line of your own: without --by it is held against the formula, with --by against its
derivative. The exit code is 1 if it is wrong.
"""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from stepper.calculus.derivation import Derivation
    from stepper.calculus.prove import Check
    from stepper.expr.sentence import Sentence
    from stepper.expr.tree import Expr
    from stepper.show.rows import Look, Row

WRONG = 1


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `stepper derive`."""
    add = parser.add_argument
    add("formula", metavar="FORMULA", help='what to differentiate, such as "sigmoid(z)"')
    add("--by", metavar="NAME", help="the variable (default: the only one there is)")
    add("--claim", metavar="FORMULA", help="a line of your own: is it equal?")
    add("--full", action="store_true", help="with the finer lines under a line")
    add("--tall", action="store_true", help="fractions in 2-D")
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--latex", action="store_true", help="as LaTeX")
    form.add_argument("--json", action="store_true", help="as JSON")
    add("--ascii", action="store_true", help="print nothing but ASCII")
    # A formula may begin with a minus: argparse offers no other way to say that it is no option.
    parser._negative_number_matcher = re.compile(r"-[^-]")


def main(args: argparse.Namespace) -> int:
    """Derives the formula, or judges a claim about it."""
    from stepper.calculus.entries import derivations
    from stepper.language.parse import parse

    tree = parse(args.formula)
    if args.claim is not None:
        return _judge(tree, args)
    found = derivations(tree, args.by or _only_name(tree))
    if args.latex:
        from stepper.show.derivation_latex import as_latex

        print("\n\n".join(map(as_latex, found)))
    elif args.json:
        print(json.dumps([_record(d) for d in found], indent=1))
    else:
        _print(list(_rows(found, args)), args)
    return 0


def _only_name(tree: Expr) -> str:
    from stepper.calculus.letters import PLAIN
    from stepper.expr.errors import StepperError
    from stepper.expr.tree import names

    known = sorted(names(tree) - set(PLAIN))
    if len(known) == 1:
        return known[0]
    if not known:
        raise StepperError("the formula has no variable, so every derivative of it is 0")
    raise StepperError(
        "by which variable? Add --by {one}; there are {names}", one=known[0], names=", ".join(known)
    )


def _rows(found: tuple[Derivation, ...], args: argparse.Namespace) -> Iterator[Row]:
    from stepper.calculus.prove import proofs
    from stepper.show.derivation import Page, derivation_rows, legend

    look = _look(args)
    known = proofs(found)
    for n, d in enumerate(found):
        if n:
            yield ()
        yield from derivation_rows(d, Page(look, args.tall, args.full, known))
    yield from legend([c for checks in known.values() for c in checks], look)


def _judge(tree: Expr, args: argparse.Namespace) -> int:
    """Judges whether the claim equals the formula, or with --by its derivative."""
    from stepper.language.parse import parse
    from stepper.show.derivation import claim_rows

    judged = list(_judged(tree, parse(args.claim), args.by))
    left, right, found, notes = next((j for j in judged if j[2].verdict != "wrong"), judged[0])
    if args.json:
        print(json.dumps(_check_record(found), indent=1))
    else:
        _print(list(claim_rows(left, right, found, _look(args), notes)), args)
    return WRONG if found.verdict == "wrong" else 0


def _judged(
    tree: Expr, claim: Expr, by: str | None
) -> Iterator[tuple[Expr, Expr, Check, tuple[Sentence, ...]]]:
    """The two formulas and the verdict on them; for a softmax in both of its cases."""
    from stepper.calculus.entries import against, derivations
    from stepper.calculus.prove import check

    if by is None:
        yield tree, claim, check(tree, claim), ()
        return
    for d in derivations(tree, by):
        right = against(claim, d)
        yield d.answer, right, check(d.answer, right, d), d.notes


def _look(args: argparse.Namespace) -> Look:
    from stepper.cli.paper import look_of

    return look_of("columns", args.ascii)


def _print(rows: list[Row], args: argparse.Namespace) -> None:
    from stepper.cli.paper import put
    from stepper.show.rows import Drawing

    put(Drawing(tuple(rows), _look(args).ascii))


def _record(d: Derivation) -> dict[str, Any]:
    from stepper.calculus.prove import proof
    from stepper.language.latex import latex
    from stepper.language.text import text

    lines = [
        {
            "formula": text(line.tree),
            "latex": latex(line.tree),
            "rule": str(line.rule),
            "proof": check.verdict,
            "finer": [_record(f) for f in line.finer],
        }
        for line, check in zip(d.lines, proof(d), strict=True)
    ]
    where = {short: text(whole) for short, whole in d.where.items()}
    return {"start": text(d.start), "lines": lines, "where": where, "answer": text(d.answer)}


def _check_record(check: Check) -> dict[str, Any]:
    from stepper.language.text import text

    where = {text(leaf): value for leaf, value in check.at.items()}
    return {"proof": check.verdict, "at": where, "left": check.left, "right": check.right}
