"""The messages about lines that are not wrong."""

from __future__ import annotations

from stepper.expr.sentence import Sentence, say
from stepper.expr.tree import Name
from stepper.labs.lab import Lab
from stepper.ops.dims import Shape, shown


def right(target: str, own: str | None) -> Sentence:
    """The line is the target; `own` is the learner's name for it, if that differs."""
    if own is None:
        return say("this is {target}", target=Name(target))
    return say("your {own} is {target}", own=Name(own), target=Name(target))


def right_given(name: str) -> Sentence:
    """The line follows from a wrong value of the learner's."""
    return say("right, given your {name}", name=Name(name))


def right_later(target: str) -> Sentence:
    """Only the mean's 1/N is missing, and it comes in later."""
    return say("this is N times {target}: the 1/N comes later", target=Name(target))


def after_update(own: str, parameter: str) -> Sentence:
    return say("{own} is {W} after its update", own=Name(own), W=Name(parameter))


def unknown(own: str) -> Sentence:
    return say("{own} equals no known quantity", own=Name(own))


def unasked(example: str) -> Sentence:
    """A bare formula whose value is no known quantity."""
    return say(
        "which gradient should this be? It equals no known quantity; write `{example} = …` to "
        "have it judged",
        example=Name(example),
    )  # fmt: skip


def left_out(name: str) -> Sentence:
    return say("{name} is given: this line is left out", name=Name(name))


def no_formula() -> Sentence:
    return say("no formula: this line is left out")


def own_function(name: str, known: bool | None) -> Sentence:
    """A learner's function; `known` is True if it is the one of that name, False if it is not."""
    if known:
        return say("your function is {name} as it is known here", name=name)
    if known is False:
        return say("this is not {name} as it is known here: yours is put in where you call it",
                   name=name)  # fmt: skip
    return say("your function: its formula is put in where you call it")


def function_left_out(why: Sentence) -> Sentence:
    return say("this function is left out: {why}", why=why)


def no_function(word: str, why: Sentence) -> Sentence:
    return say("write the formula of your function `{word}` here: {why}", word=word, why=why)


def no_value(word: str) -> Sentence:
    return say("`{word}` has no value: its line could not be judged", word=word)


def stretched(theirs: Shape, ours: Shape) -> Sentence:
    """A scalar and a 1×1 matrix are not the same thing."""
    return say(
        "it is {theirs} where {ours} belongs: numpy takes one for the other",
        theirs=shown(theirs), ours=shown(ours),
    )  # fmt: skip


def write_n(number: str) -> Sentence:
    return say("write N for {number}: another data set has another size", number=number)


def is_n(number: str) -> Sentence:
    return say("your {number} is read as N, the number of samples", number=number)


def equals(seen: str) -> Sentence:
    return say("what you wrote is {seen}", seen=Name(seen))


def hidden_here(lab: Lab, sample: int | None) -> Sentence:
    """A wrong formula that gives the right numbers on the data the learner sees."""
    if lab.data is None:
        return say("with the lab's own numbers you could not tell the two apart")
    if sample is None:
        return say("with all {n} samples of the lab you could not tell the two apart",
                   n=str(lab.samples))  # fmt: skip
    if sample != lab.sample:
        return say("with sample {k} of the lab you could not tell the two apart", k=str(sample))
    return say("with the lab's own sample you could not tell the two apart")


def too_long(target: str) -> Sentence:
    return say(
        "this is not {target}; to be told why, give its parts names, a line each",
        target=Name(target),
    )


def one_by_one(target: str) -> Sentence:
    return say("this is not {target}; begin with the first mistake", target=Name(target))
