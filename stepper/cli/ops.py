"""list the operations, or show all that is known of one

Of one operation: what it does, its definition, its derivative with the derivation, every line of
it proved, what flows back to each operand, the shapes, an example with numbers, and the curve.

    stepper ops
    stepper ops sigmoid
    stepper ops matmul
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from stepper.ops import Op
    from stepper.show.rows import Look, Row


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `stepper ops`."""
    parser.add_argument("name", metavar="NAME", nargs="?", help="an operation, such as sigmoid")
    parser.add_argument("--full", action="store_true", help="with the finer lines under a line")
    parser.add_argument("--tall", action="store_true", help="fractions in 2-D")
    parser.add_argument("--ascii", action="store_true", help="print nothing but ASCII")


def main(args: argparse.Namespace) -> int:
    """Prints the list, or a card."""
    from stepper.cli.paper import look_of, put
    from stepper.show.rows import Drawing

    look = look_of("columns", args.ascii)
    put(Drawing(tuple(_rows(args, look)), look.ascii))
    return 0


def _rows(args: argparse.Namespace, look: Look) -> Iterator[Row]:
    if args.name is None:
        return _list(look)
    from stepper.show.card import card_rows
    from stepper.show.derivation import Page

    return card_rows(_card(args.name), Page(look, args.tall, args.full))


def _card(word: str) -> Op:
    """The card for a name, a sign, or another word for it. Raises StepperError if there is none."""
    from stepper.expr.errors import StepperError, near
    from stepper.language.spellings import spellings
    from stepper.ops import CARDS

    signs = {sign: card for card in CARDS.values() for sign in _signs(card)}
    card = CARDS.get(word) or spellings().get(word) or signs.get(word)
    if card is None:
        raise StepperError(
            "there is no operation `{word}`.{near} `stepper ops` lists them all",
            word=word, near=near(word, CARDS),
        )  # fmt: skip
    return card


def _signs(card: Op) -> tuple[str, str]:
    return card.notation.code, card.notation.unicode


def _list(look: Look) -> Iterator[Row]:
    """A line for each operation: its name, and what it does."""
    from stepper.expr.tree import Name
    from stepper.ops import CARDS
    from stepper.program.code import card_sentence
    from stepper.show.card import operands
    from stepper.show.cells import wrapped
    from stepper.show.rows import row
    from stepper.show.words import words

    width = max(map(len, CARDS)) + 2
    for name, card in CARDS.items():
        about = card_sentence(card.sentence, operands(card), y=Name("y"))
        said = words(about, look.code, ascii=look.ascii)
        for n, part in enumerate(wrapped(said, max(look.width - width, 20))):
            yield row(f"{'' if n else name:{width}}{part}")
