"""Judges a learner's lines one by one: parse, recognise by value, judge, remember."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from stepper.check import functions, wording
from stepper.check.definitions import defined
from stepper.check.explain import Formula, explained, named
from stepper.check.judged import JudgedLine, Verdict
from stepper.check.late import Late, n_times, reads_n
from stepper.check.mistake import MISTAKES, NUMBER
from stepper.check.notebook import Notebook, Values, fits
from stepper.check.vocabulary import Typed, Vocabulary
from stepper.expr.errors import FormulaError
from stepper.expr.sentence import Sentence
from stepper.expr.tree import Expr, Name, names, walk
from stepper.labs.lab import Lab
from stepper.language.bracketed import bracketed
from stepper.language.helper import Helper
from stepper.language.parse import equals_sign
from stepper.language.shape import shape_of
from stepper.language.text import Style
from stepper.ops.dims import Shape

LONGEST = 60
"""The largest formula, in nodes, that is searched for a mistake."""
MOST = 300
"""The total number of nodes, over all formulas of a text, that are searched for mistakes."""

_NO_FORMULA = re.compile(
    r"(?:import|from|class|return|with|assert|pass)\b|print\s*\("
    r"|(?:for|while|if|elif|else|try|except)\b.*:$"
)
"""How lines begin that surround the formulas of a program."""


@dataclass(frozen=True, slots=True, eq=False)
class Put:
    """A line that can be parsed and fits the lab. `target` is what it must be."""

    typed: Typed
    shape: Shape
    values: Values
    target: str | None
    guess: str | None
    """The gradient the learner's own name appears to mean."""

    @property
    def name(self) -> str | None:
        return self.typed.name

    @property
    def tree(self) -> Expr:
        return self.typed.tree


class Judging:
    """Goes through the lines in order; what a line assigns holds for those after it."""

    def __init__(self, lab: Lab, sample: int | None) -> None:
        self.lab = lab
        self.words = Vocabulary(lab)
        self.book = Notebook(lab, sample)
        self.unread: set[str] = set()
        self.helpers: dict[str, Helper] = {}
        """The learner's functions that are inlined where they are called."""
        self.left_out: dict[str, Sentence] = {}
        """The functions that cannot be inlined, and why."""
        self.counts: set[str] = set()
        """The learner's names for N."""
        self.looked_at = 0

    @np.errstate(all="ignore")
    def line(self, text: str, asked: str | None = None) -> Late:
        """Judges the next line; a bare formula is judged as `asked`."""
        if _NO_FORMULA.match(text):
            return Late(JudgedLine(text, "unknown", wording.no_formula()))
        if (own := defined(text)) is not None:
            return Late(self._function(text, own))
        try:
            typed = self.words.read(text, self.book.shapes, self.helpers)
        except FormulaError as error:
            return Late(self._unread(text, error))
        if typed.name in self.words.given:
            left_out = wording.left_out(typed.name)
            return Late(self._line(typed, typed.name, "unknown", left_out))
        try:
            put = self._put(typed, asked)
        except FormulaError as error:
            return Late(self._misfit(typed, asked, error))
        put, late = self._read_well(put, asked)
        self._keep(put, late)
        return late

    def _function(self, text: str, name: str) -> JudgedLine:
        """Reads the definition of a function, which is judged where it is called."""
        self.helpers.pop(name, None)
        self.left_out.pop(name, None)
        options = self.words.options(self.book.shapes, self.helpers)
        try:
            helper = functions.read(text, **options)
        except FormulaError as error:
            self.left_out[name] = error.sentence
            said = wording.function_left_out(error.sentence)
            return JudgedLine(text, "unknown", said, span=error.span)
        known = functions.is_known(helper, **{**options, "names": None})
        if not known:
            self.helpers[name] = helper
        reading = bracketed(helper.formula, Style(layout=self.lab.layout))
        return JudgedLine(text, "unknown", wording.own_function(name, known), reading=reading)

    def _read_well(self, put: Put, asked: str | None) -> tuple[Put, Late]:
        """Judges a line; a number is read as N if that explains the line better."""
        late, tree = self._judged(put), put.typed.counted
        if tree is not None and _is_unexplained(late.line):
            counted = self._put(replace(put.typed, tree=tree), asked)
            other = self._judged(counted)
            if not _is_unexplained(other.line):
                put, late = counted, other
        if late.line.verdict == "invalid" or not (count := _count_typed(put.typed)):
            return put, late
        said = wording.write_n if late.line.verdict == "right" else wording.is_n
        notes = (*late.line.notes, said(count))
        return put, replace(late, line=replace(late.line, notes=notes))

    def _unread(self, text: str, error: FormulaError) -> JudgedLine:
        """A line that cannot be parsed; says so if a name in it lacks a value because its line
        failed."""
        word = error.sentence.fields.get("word")
        line = invalid(text, error)
        if error.kind == "unknown-name" and word in self.unread:
            line = replace(line, message=wording.no_value(str(word)))
        if error.kind == "unknown-function" and word in self.left_out:
            line = replace(line, message=wording.no_function(str(word), self.left_out[str(word)]))
        if (place := equals_sign(text)) is not None:
            self.unread.add(text[:place].strip())
        return line

    def _put(self, typed: Typed, asked: str | None) -> Put:
        shape = shape_of(typed.tree, {**self.words.shapes, **self.book.shapes})
        target = asked if typed.name is None else self.words.known(typed.name)
        guess = self.words.guessed(typed.name) if typed.name else None
        return Put(typed, shape, self.book.values(typed.tree), target, guess)

    def _misfit(self, typed: Typed, asked: str | None, error: FormulaError) -> JudgedLine:
        """A line whose shapes do not fit: no attempt, but perhaps a mistake with a name."""
        own = typed.name
        target = asked if own is None else self.words.meant(own)
        line = self._line(typed, target, "invalid", error.sentence, span=error.span)
        if own is not None:
            self.unread.add(own)
        if target is None or not self._is_short(typed.tree):
            return line
        found = named(self.book, typed.tree, target)
        if found is None:
            return line
        return replace(
            line, message=found.message, why=found.why, clue=found.clue, mistake=found.mistake,
            also=found.also, span=found.span or line.span, notes=(error.sentence,),
        )  # fmt: skip

    def _judged(self, put: Put) -> Late:
        if put.target is not None:
            return self._against(put, put.target)
        seen = self.book.recognised(put.values, self._candidates(put))
        if seen is not None:
            return self._right(put, seen)
        if put.guess is not None:
            return self._against(put, put.guess)
        return Late(self._unknown(put))

    def _candidates(self, put: Put) -> tuple[str, ...]:
        """The quantities a line may be recognised as: first the one its name appears to mean."""
        guess = () if put.guess is None else (put.guess,)
        forward = (line.target for line in self.lab.forward.lines)
        count = ("N",) if "N" in self.words.shapes else ()
        return (*guess, *self.words.gradients, *forward, *count)

    def _against(self, put: Put, target: str) -> Late:
        """Judges the line as the formula of a target."""
        if fits(self.book.truth(target), put.values):
            return self._right(put, target)
        with_n = self.book.divided(target)
        if with_n is not None and fits(with_n, put.values):
            return Late(self._given(put, target), brings=True)
        follows = fits(self.book.given(target), put.values)
        otherwise = self._given(put, target) if follows else self._wrong(put, target)
        later = self._line(put.typed, target, "right", wording.right_later(target))
        if follows and with_n is not None:
            return Late(later, never=otherwise, elsewhere=self._wrong(put, target))
        if with_n is not None and otherwise.mistake is not None and reads_n(put.tree, self.counts):
            return Late(otherwise, brings=True)
        return Late(later, never=otherwise) if self._lacks_only_n(put, target) else Late(otherwise)

    def _lacks_only_n(self, put: Put, target: str) -> bool:
        """Whether it is N times right, and no parameter's gradient yet: many divide at the end."""
        if self.words.of(target) is None or self._is_of_a_parameter(target) or put.name is None:
            return False
        return fits(n_times(self.book.truth(target), self.book.worlds), put.values)

    def _is_of_a_parameter(self, target: str | None) -> bool:
        return target is not None and self.words.of(target) in self.lab.forward.parameters

    def _right(self, put: Put, target: str) -> Late:
        own = put.name if put.name and self.words.known(put.name) != target else None
        wanted = self.words.shapes.get(put.target or "", put.shape)
        notes = (wording.stretched(put.shape, wanted),) if wanted != put.shape else ()
        message = wording.right(target, own)
        line = self._line(put.typed, target, "right", message, recognised=target, notes=notes)
        return Late(line, brings=self._is_of_a_parameter(target))

    def _given(self, put: Put, target: str) -> JudgedLine:
        off = sorted(names(put.tree) & self.book.off)
        return self._line(put.typed, target, "right", wording.right_given((*off, target)[0]))

    def _unknown(self, put: Put) -> JudgedLine:
        if put.name is None:
            message = wording.unasked(self.words.gradients[0])
        elif (parameter := self._parameter_after(put)) is not None:
            message = wording.after_update(put.name, parameter)
        else:
            message = wording.unknown(put.name)
        return self._line(put.typed, put.name, "unknown", message)

    def _wrong(self, put: Put, target: str) -> JudgedLine:
        hidden = self.book.hidden_here(put.tree, target)
        notes: tuple[Sentence, ...] = (
            (wording.hidden_here(self.lab, self.book.sample),) if hidden else ()
        )
        if not self._is_short(put.tree):
            unsaid = wording.one_by_one if _size(put.tree) <= LONGEST else wording.too_long
            return self._line(put.typed, target, "wrong", unsaid(target), notes=notes)
        formula = Formula(put.tree, put.shape, put.values, target)
        found = explained(self.book, self.words, formula)
        if found.recognised is not None and found.mistake is not None:
            notes = (wording.equals(found.recognised), *notes)
        return self._line(
            put.typed, target, "wrong", found.message, notes=notes, why=found.why, clue=found.clue,
            also=found.also, mistake=found.mistake, span=found.span, recognised=found.recognised,
        )  # fmt: skip

    def _is_short(self, tree: Expr) -> bool:
        """Whether the formula is small enough to search for the mistake in it."""
        size = _size(tree)
        self.looked_at += size if size <= LONGEST else 0
        return size <= LONGEST and self.looked_at <= MOST

    def _line(
        self, typed: Typed, target: str | None, verdict: Verdict, message: Sentence, **more: Any
    ) -> JudgedLine:
        reading = bracketed(typed.tree, Style(layout=self.lab.layout))
        return JudgedLine(typed.text, verdict, message, target, reading, **more)

    def _keep(self, put: Put, found: Late) -> None:
        """Remembers what the line assigns, for the lines after it."""
        if put.name is None:
            return
        line, late = found.line, found.never is not None
        tainted = bool(names(put.tree) & self.book.off)
        later = late or bool(names(put.tree) & self.book.late)
        self.book.note(put.name, put.tree, put.shape)
        self.book.off.discard(put.name)
        target = line.target if line.target in self.words.gradients else None
        true = target is not None and fits(self.book.truth(target), put.values)
        if line.verdict == "wrong" or late or (tainted and not true):
            self.book.off.add(put.name)
        if target is not None and not true and put.values is not None:
            self.book.follow(target, put.values)
        if line.target == "N":
            self.counts.add(put.name)
        held = {put.name} if target is None else {put.name, target}
        self.book.late -= held
        if later and not true and not self._is_of_a_parameter(target):
            self.book.late |= held
        if (parameter := self._parameter_after(put)) is not None:
            self.book.updated[put.name] = parameter

    def _parameter_after(self, put: Put) -> str | None:
        """The parameter whose updated value this is."""
        for parameter in self.lab.forward.parameters:
            if any(fits(of(parameter), put.values) for of in (self.book.truth, self.book.given)):
                return parameter
        return None


def invalid(text: str, error: FormulaError) -> JudgedLine:
    """A line that could not be parsed: no attempt."""
    return JudgedLine(text, "invalid", error.sentence, span=error.span)


def _is_unexplained(line: JudgedLine) -> bool:
    """Whether a line is only known to be wrong, or to have a wrong number in it."""
    vague = line.mistake is None or MISTAKES[line.mistake].rank >= NUMBER
    return line.verdict == "unknown" or (line.verdict == "wrong" and vague)


def _count_typed(typed: Typed) -> str | None:
    """The number that is typed in a line in place of N."""
    spans = (n.span for _, n in walk(typed.tree) if isinstance(n, Name) and n.id == "N")
    words = (typed.text[s.start : s.end] for s in spans if s is not None)
    return next((word for word in words if word[:1].isdigit()), None)


def _size(tree: Expr) -> int:
    return sum(1 for _ in walk(tree))
