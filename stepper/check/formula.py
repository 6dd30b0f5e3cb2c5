"""Judging formulas: a learner's lines, one after the other, each by the value that it has."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np

from stepper.check.explain import Formula, explained, named
from stepper.check.judged import Judged, JudgedLine
from stepper.check.notebook import Notebook, Values, fits
from stepper.check.vocabulary import Typed, Vocabulary
from stepper.expr.errors import FormulaError
from stepper.expr.sentence import Sentence, say
from stepper.expr.tree import Name, names
from stepper.labs.lab import Lab
from stepper.language.bracketed import bracketed
from stepper.language.parse import equals_sign, logical_lines
from stepper.language.shape import shape_of
from stepper.language.text import Style
from stepper.ops.card import Value
from stepper.ops.dims import Shape, shown

MOST_LINES = 400
MOST_EXPLAINED = 8
"""So many wrong lines are diagnosed: who made more begins with the first."""


def judge(lab: Lab, source: str, asked: str | None = None) -> Judged:
    """A learner's text about a lab: `target = formula`, helpers too, or one bare formula.

    A bare formula should be `asked`; without that it is recognised by its value. Every line is
    judged given the learner's own values of the lines before. Never raises for what is typed.
    """
    judging = Judging(lab)
    try:
        target = judging.words.asked(asked) if asked else None
        lines = [text for _, text in logical_lines(source) if text]
        if len(lines) > MOST_LINES:
            raise FormulaError("limit", None, "a program may have {n} lines", n=MOST_LINES)
        if not lines:
            raise FormulaError("empty", None, "there is no formula here")
    except FormulaError as error:
        return Judged((_invalid(source[:200], error),))
    return Judged(judging.all(lines, target))


@dataclass(frozen=True, slots=True, eq=False)
class Put:
    """A line that can be read and fits the lab: what is to be judged."""

    typed: Typed
    shape: Shape
    values: Values
    target: str | None
    reading: str


class Judging:
    """Goes through lines in their order; what a line says of a name holds for those behind it."""

    def __init__(self, lab: Lab) -> None:
        self.lab = lab
        self.words = Vocabulary(lab)
        self.book = Notebook(lab)
        self.unread: set[str] = set()
        self.wrong = 0

    def all(self, lines: Iterable[str], asked: str | None = None) -> tuple[JudgedLine, ...]:
        found: list[JudgedLine] = []
        late: dict[int, JudgedLine] = {}
        for text in lines:
            line, instead = self.line(text, asked)
            if instead is not None:
                late[len(found)] = instead
            found.append(line)
        if late and not self._divided(found):
            return tuple(late.get(i, line) for i, line in enumerate(found))
        return tuple(found)

    def _divided(self, found: list[JudgedLine]) -> bool:
        """Whether the N that was left out came in later: parameters have their true gradient."""
        of_parameters = [
            line for line in found
            if line.verdict == "right" and line.target
            and self.words.of(line.target) in self.lab.forward.parameters
        ]  # fmt: skip
        return bool(of_parameters) and all(line.recognised for line in of_parameters)

    def line(self, text: str, asked: str | None = None) -> tuple[JudgedLine, JudgedLine | None]:
        """A line; and what to say of it instead if the N it lacks never comes."""
        try:
            typed = self.words.read(text, self.book.shapes)
        except FormulaError as error:
            return self._unread(text, error), None
        if typed.name in self.words.given:
            message = say("{name} is given: this line is left out", name=Name(str(typed.name)))
            reading = self._reading(typed)
            return JudgedLine(text, "unknown", message, typed.name, reading), None
        try:
            put = self._put(typed, asked)
        except FormulaError as error:
            return self._misfit(typed, asked, error), None
        line, instead = self._judged(put)
        self._keep(put, line, instead is not None)
        return line, instead

    def _unread(self, text: str, error: FormulaError) -> JudgedLine:
        """A line that cannot be read; of a name whose own line could not be, that is said."""
        unread = set(self.unread)
        if (place := equals_sign(text)) is not None:
            self.unread.add(text[:place].strip())
        word = error.sentence.fields.get("word")
        if error.kind == "unknown-name" and word in unread:
            message = say("`{word}` has no value: its line could not be judged", word=word)
            return JudgedLine(text, "invalid", message, span=error.span)
        return _invalid(text, error)

    def _misfit(self, typed: Typed, asked: str | None, error: FormulaError) -> JudgedLine:
        """A line whose shapes do not fit: no attempt, but perhaps a mistake with a name."""
        if typed.name is not None:
            self.unread.add(typed.name)
        target = self._target(typed, asked)
        found = named(self.book, typed.tree, target) if target else None
        line = replace(_invalid(typed.text, error), target=target, reading=self._reading(typed))
        if found is None:
            return line
        return replace(
            line, message=found.message, why=found.why, mistake=found.mistake, also=found.also,
            span=found.span or line.span, notes=(error.sentence,),
        )  # fmt: skip

    def _target(self, typed: Typed, asked: str | None) -> str | None:
        """What a line should be, as far as its name says it."""
        if typed.name is None:
            return asked
        return self.words.known(typed.name) or self.words.guessed(typed.name)

    def _reading(self, typed: Typed) -> str:
        return bracketed(typed.tree, Style(layout=self.lab.layout))

    def _put(self, typed: Typed, asked: str | None) -> Put:
        shape = shape_of(typed.tree, {**self.words.shapes, **self.book.shapes})
        target = asked if typed.name is None else self.words.known(typed.name)
        values = self.book.values(typed.tree)
        return Put(typed, shape, values, target, self._reading(typed))

    def _judged(self, put: Put) -> tuple[JudgedLine, JudgedLine | None]:
        if put.target is not None:
            return self._against(put, put.target)
        seen = self.book.recognised(put.values, self._candidates(put))
        if seen is not None:
            return self._right(put, seen), None
        guess = self.words.guessed(put.typed.name) if put.typed.name else None
        if guess is not None:
            return self._against(put, guess)
        return self._unknown(put), None

    def _candidates(self, put: Put) -> tuple[str, ...]:
        """What a line may be recognised as: first what its name seems to mean."""
        guess = self.words.guessed(put.typed.name) if put.typed.name else None
        forward = (line.target for line in self.lab.forward.lines)
        return (*([guess] if guess else ()), *self.words.gradients, *forward)

    def _against(self, put: Put, target: str) -> tuple[JudgedLine, JudgedLine | None]:
        """The line as the formula of a target."""
        if fits(self.book.truth(target), put.values):
            return self._right(put, target), None
        follows = fits(self.book.given(target), put.values)
        if self._lacks_only_n(put, target):
            instead = self._given if follows else self._wrong
            return self._late(put, target), instead(put, target)
        return (self._given if follows else self._wrong)(put, target), None

    def _lacks_only_n(self, put: Put, target: str) -> bool:
        """Whether it is N times right, on the way to a parameter: many divide at the end."""
        of = self.words.of(target)
        if of is None or of in self.lab.forward.parameters or put.typed.name is None:
            return False
        return fits(self._times_n(self.book.truth(target)), put.values)

    def _times_n(self, values: tuple[Value, ...]) -> tuple[Value, ...]:
        counts = (w.values.get("N", np.float64(1)) for w in self.book.worlds)
        return tuple(n * v for n, v in zip(counts, values, strict=True))

    def _right(self, put: Put, target: str) -> JudgedLine:
        own = put.typed.name
        named = own is not None and self.words.known(own) != target
        said = say("your {own} is {target}", own=Name(own or ""), target=Name(target))
        message = said if named else say("this is {target}", target=Name(target))
        return self._line(put, target, "right", message, recognised=target, notes=self._size(put))

    def _size(self, put: Put) -> tuple[Sentence, ...]:
        """That a single number and a 1×1 matrix are not the same thing."""
        wanted = self.words.shapes.get(put.target or "")
        if wanted is None or wanted == put.shape:
            return ()
        said = say(
            "it is {theirs} where {ours} belongs: numpy takes one for the other",
            theirs=shown(put.shape), ours=shown(wanted),
        )  # fmt: skip
        return (said,)

    def _given(self, put: Put, target: str) -> JudgedLine:
        first = next((n for n in sorted(names(put.typed.tree)) if n in self.book.off), target)
        message = say("right, given your {name}", name=Name(first))
        return self._line(put, target, "right", message)

    def _late(self, put: Put, target: str) -> JudgedLine:
        message = say("this is N times {target}: the 1/N comes later", target=Name(target))
        return self._line(put, target, "right", message)

    def _unknown(self, put: Put) -> JudgedLine:
        if put.typed.name is None:
            message = say(
                "which gradient should this be? It equals no known quantity; write "
                "`{example} = …` to have it judged",
                example=Name(self.words.gradients[0]),
            )  # fmt: skip
        elif (parameter := self._parameter_after(put)) is not None:
            own = Name(put.typed.name)
            message = say("{own} is {W} after its update", own=own, W=Name(parameter))
        else:
            message = say("{own} equals no known quantity", own=Name(put.typed.name))
        return self._line(put, put.typed.name, "unknown", message)

    def _wrong(self, put: Put, target: str) -> JudgedLine:
        self.wrong += 1
        if self.wrong > MOST_EXPLAINED:
            said = say("this is not {target}; begin with the first mistake", target=Name(target))
            return self._line(put, target, "wrong", said)
        tree = put.typed.tree
        found = explained(self.book, self.words, Formula(tree, put.shape, put.values, target))
        notes: tuple[Sentence, ...] = ()
        if self.book.hidden_here(tree, target):
            notes = (say("with the lab's own sample you could not tell the two apart"),)
        return replace(
            self._line(put, target, "wrong", found.message, notes=notes),
            mistake=found.mistake, also=found.also, span=found.span, why=found.why,
            recognised=found.recognised,
        )  # fmt: skip

    def _line(
        self, put: Put, target: str | None, verdict: str, message: Sentence, **more: object
    ) -> JudgedLine:
        return JudgedLine(put.typed.text, verdict, message, target, put.reading, **more)  # type: ignore[arg-type]

    def _keep(self, put: Put, line: JudgedLine, late: bool) -> None:
        """What the line says of its name holds from now on."""
        name = put.typed.name
        if name is None:
            return
        tainted = bool(names(put.typed.tree) & self.book.off)
        self.book.note(name, put.typed.tree, put.shape, put.values)
        self.book.off.discard(name)
        target = line.target if line.target in self.words.gradients else None
        true = target is not None and fits(self.book.truth(target), put.values)
        if line.verdict == "wrong" or late or (tainted and not true):
            self.book.off.add(name)
        if target is not None and not true and put.values is not None:
            self.book.follow(target, put.values)
        if (parameter := self._parameter_after(put)) is not None:
            self.book.updated[name] = parameter

    def _parameter_after(self, put: Put) -> str | None:
        """The parameter whose value after its update this is."""
        for parameter in self.lab.forward.parameters:
            if any(fits(of(parameter), put.values) for of in (self.book.truth, self.book.given)):
                return parameter
        return None


def _invalid(text: str, error: FormulaError) -> JudgedLine:
    return JudgedLine(text, "invalid", error.sentence, span=error.span)
