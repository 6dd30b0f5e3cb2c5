"""`stepper check LAB` on a terminal: asks for each gradient in turn, line by line."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress

from stepper.check.practice import Practice, state
from stepper.check.vocabulary import Vocabulary
from stepper.cli.paper import put
from stepper.expr.errors import FormulaError, near
from stepper.expr.sentence import Sentence, say
from stepper.labs.lab import Lab
from stepper.labs.spec import identity
from stepper.language.text import Style, name_text
from stepper.program.store import Store
from stepper.show.checked import line_rows
from stepper.show.rows import Drawing, Look, Row, paragraph, row
from stepper.show.translation import text_of
from stepper.show.words import words

VERSION = 1
HELP = say(
    "Type the formula; lines that give a name of your own a value may come first. "
    ":hint helps, a little more each time · :skip leaves one for later · :reset forgets all · "
    ":quit leaves, and the next time goes on from there"
)


def ask(lab: Lab, look: Look, of: str | None = None) -> int:
    """Asks for every gradient, or for the one that was named, until each is right or skipped or the
    learner leaves. Returns an exit code. Raises FormulaError for a name that is no gradient."""
    with suppress(ImportError):
        import readline  # noqa: F401  (makes the arrow keys work on a terminal)
    asking = Asking(lab, look, None if of is None else _gradient(lab, of))
    asking.open()
    while asking.practice.asked is not None:
        try:
            typed = input(asking.prompt()).strip()
        except EOFError:
            print()
            break
        if typed and not asking.take(typed):
            break
    asking.close()
    return 0


class Asking:
    """The conversation about one lab."""

    def __init__(self, lab: Lab, look: Look, only: str | None) -> None:
        self.lab, self.look = lab, look
        self.practice = Practice(lab, only)
        self.store = Store(f"check-{_key(identity(lab.name), lab)}", VERSION)
        self.kept = 0
        """How many of the right lines are already saved."""

    def open(self) -> None:
        """Says what is asked, and what was done the last time."""
        kept, trouble = self.store.read()
        earlier = Store(f"check-{_key(self.lab.name, self.lab)}", VERSION)
        self.practice.resume(kept or earlier.read()[0])
        self.kept = len(self.practice.typed) if kept else 0
        if trouble is not None:
            self.tell(trouble)
        self.rows([row(text_of(self.lab.title), "title"), *self.program(), ()])
        self.tell(HELP)
        if self.practice.done:
            said = "{n} of {all} are right already"
            self.tell(say(said, n=str(len(self.practice.done)), all=str(len(self.practice.order))))

    def program(self) -> Iterator[Row]:
        return (row(f"   {line.text()}") for line in self.lab.forward.lines)

    def prompt(self) -> str:
        style = Style(partial=not self.look.ascii)
        return f"{name_text(str(self.practice.asked), style)} = "

    def take(self, typed: str) -> bool:
        """Takes a line or a command; returns False to leave."""
        command = _COMMANDS.get(typed) or _COMMANDS.get(f":{typed}")
        if command is not None:
            return command(self)
        if typed.startswith(":"):
            self.tell(say("there is no `{word}`: {all}", word=typed, all=" ".join(_COMMANDS)))
            return True
        line = self.practice.answer(typed)
        self.rows(line_rows(line, self.look))
        self.keep()
        return True

    def hint(self) -> bool:
        self.tell(self.practice.hint())
        return True

    def skip(self) -> bool:
        self.practice.skip()
        return True

    def reset(self) -> bool:
        self.practice, self.kept = Practice(self.lab, self.practice.only), 0
        self.forget()
        return True

    def leave(self) -> bool:
        return False

    def keep(self) -> None:
        """Saves what is right since the last time, beside what another terminal has saved
        meanwhile."""
        new = self.practice.typed[self.kept :]
        trouble = self.store.change(lambda kept: state(kept, new))
        if trouble is not None:
            self.tell(trouble)
        else:
            self.kept += len(new)

    def forget(self) -> None:
        trouble = self.store.change(lambda kept: state({}, ()))
        if trouble is not None:
            self.tell(trouble)

    def close(self) -> None:
        done, order = self.practice.done, self.practice.order
        left = [t for t in order if t not in done]
        if not left:
            self.tell(say("all {n} gradients are right", n=str(len(order))))
            self.forget()
            return
        said = "{n} of {all} are right; still to do: {left}"
        numbers = {"n": str(len(done)), "all": str(len(order))}
        self.tell(say(said, left=", ".join(left), **numbers))

    def tell(self, sentence: Sentence) -> None:
        said = words(sentence, Style(partial=not self.look.ascii, layout=self.lab.layout))
        self.rows(paragraph(said, self.look, 0))

    def rows(self, rows: Iterable[Row]) -> None:
        put(Drawing(tuple(rows), self.look.ascii))


_COMMANDS: dict[str, Callable[[Asking], bool]] = {
    ":hint": Asking.hint,
    ":skip": Asking.skip,
    ":reset": Asking.reset,
    ":quit": Asking.leave,
}


def _gradient(lab: Lab, typed: str) -> str:
    """The gradient that was named: `dJ_dW3`, `∂J/∂W3`, `δ3`."""
    words = Vocabulary(lab)
    name = words.asked(typed)
    if name not in words.gradients:
        raise FormulaError(
            "not-a-gradient", None,
            "{name} is no gradient, and only gradients are asked for.{near}",
            name=name, near=near(f"d{lab.forward.loss}_d{name}", words.gradients),
        )  # fmt: skip
    return name


def _key(name: str, lab: Lab) -> str:
    """A file name for a lab: its own name, and a digest of its name and program."""
    program = "\n".join(line.text() for line in lab.forward.lines)
    whole = f"{name}\n{program}".encode(
        "utf-8", "surrogateescape"
    )  # a file's name may be any bytes
    mark = hashlib.sha256(whole).hexdigest()[:8]
    return f"{re.sub(r'[^A-Za-z0-9-]+', '-', name)[-40:]}-{mark}"
