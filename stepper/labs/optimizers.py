"""Optimizers: templates of update lines over W, g, lr and t, in the same language as the rest."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from stepper.expr.errors import StepperError
from stepper.expr.sentence import Sentence
from stepper.expr.tree import Expr, Name, names, substitute
from stepper.labs.card import Array, Card, among
from stepper.language.layout import Layout
from stepper.language.parse import Assignment, comments, parse_program
from stepper.program.program import Line

PARAMETER, GRADIENT = "W", "g"
GIVEN = (PARAMETER, GRADIENT, "lr", "t")
"""What a rule may read besides its settings and its state; t counts updates from 1."""


class Template(NamedTuple):
    """One line of a rule, and its reason: `{W}`, `{g}` … stand for the instance's names."""

    text: str
    reason: str


class Optimizer(Card):
    """`rule` are its lines; `state` maps the names that persist between updates to their initial
    fill: a number, or the name of the setting that gives it."""

    def __init__(
        self,
        name: str,
        sentence: str,
        settings: Mapping[str, float],
        rule: tuple[Template, ...],
        state: Mapping[str, float | str],
    ) -> None:
        super().__init__(name, sentence, settings)
        self.rule, self.state = rule, state


OPTIMIZERS: dict[str, Optimizer] = {}


def optimizer(
    name: str,
    sentence: str,
    settings: Mapping[str, float],
    *rule: tuple[str, str],
    state: Mapping[str, float | str] | None = None,
) -> Optimizer:
    """Registers an optimizer: its lines are pairs of text and reason."""
    card = Optimizer(name, sentence, settings, tuple(Template(*r) for r in rule), state or {})
    OPTIMIZERS[name] = card
    return card


def optimizer_named(name: str) -> Optimizer:
    """The optimizer with this name. Raises StepperError that lists them all."""
    if name not in OPTIMIZERS:
        raise StepperError(
            "there is no optimizer `{name}`.{near} There are {all}: see `stepper labs --cards`",
            **among(name, OPTIMIZERS),
        )
    return OPTIMIZERS[name]


optimizer(
    "gd",
    "Gradient descent: every parameter takes a step against its gradient.",
    {"lr": 0.1},
    (
        "W = W - lr*g",
        "{g} points to where the loss grows, so {W} takes a step the other way, {lr} times as long",
    ),
)
optimizer(
    "momentum",
    "Gradient descent with a memory: a part of the last step is added to the next.",
    {"lr": 0.1, "beta": 0.9},
    (
        "V = beta*V - lr*g",
        "{V} is the step: a part {beta} of the last one, and {lr} times {g} downhill",
    ),
    ("W = W + V", "{W} takes the step {V}"),
    state={"V": 0.0},
)
optimizer(
    "momentum_uphill",
    "Momentum written the other way round: what is remembered points uphill and is taken away.",
    {"lr": 0.1, "beta": 0.9},
    (
        "V = beta*V + lr*g",
        "{V} points uphill: a part {beta} of the last one, and {lr} times the gradient {g}",
    ),
    ("W = W - V", "{W} takes the step {V} the other way, downhill"),
    state={"V": 0.0},
)
optimizer(
    "nesterov",
    "Momentum that looks ahead: the gradient counts as if the next step had begun (Sutskever and "
    "others, 2013, with the parameters where the gradient is taken).",
    {"lr": 0.1, "beta": 0.9},
    (
        "V = beta*V - lr*g",
        "{V} is the step: a part {beta} of the last one, and {lr} times {g} downhill",
    ),
    (
        "W = W + beta*V - lr*g",
        "{W} goes a part {beta} of the new step {V} ahead, and once more against {g}",
    ),
    state={"V": 0.0},
)
optimizer(
    "adagrad",
    "Each entry has its own step: the more its gradients have added up to, the smaller (Duchi, "
    "Hazan & Singer, 2011).",
    {"lr": 0.1, "tiny": 1e-8, "start": 0.0},
    ("G = G + g**2", "{G} adds up the squares of all gradients so far, entry by entry"),
    (
        "W = W - lr*g/(sqrt(G) + tiny)",
        "{W} steps against {g}, in each entry divided by the root of {G}; {tiny} keeps the divisor "
        "above 0",
    ),
    state={"G": "start"},
)
optimizer(
    "rmsprop",
    "Each entry has its own step, by the size of its latest gradients (Hinton, lecture 6e, 2012).",
    {"lr": 0.01, "rho": 0.9, "tiny": 1e-8},
    (
        "G = rho*G + (1 - rho)*g**2",
        "{G} is a running average of the squared gradients: a part {rho} of the old, the rest new",
    ),
    (
        "W = W - lr*g/(sqrt(G) + tiny)",
        "{W} steps against {g}, in each entry divided by the root of {G}; {tiny} keeps the divisor "
        "above 0",
    ),
    state={"G": 0.0},
)
optimizer(
    "adam",
    "Momentum with a step of its own for each entry, both averages corrected for their start at 0 "
    "(Kingma & Ba, 2015).",
    {"lr": 0.01, "beta1": 0.9, "beta2": 0.999, "tiny": 1e-8},
    (
        "M = beta1*M + (1 - beta1)*g",
        "{M} is a running average of the gradients: a part {beta1} of the old, the rest {g}",
    ),
    (
        "G = beta2*G + (1 - beta2)*g**2",
        "{G} is a running average of their squares: a part {beta2} of the old, the rest new",
    ),
    (
        "Mc = M/(1 - beta1**t)",
        "{Mc} makes up for {M} having begun at 0: in update {t} it is too small by this divisor",
    ),
    (
        "Gc = G/(1 - beta2**t)",
        "{Gc} makes up for {G} having begun at 0, in the same way",
    ),
    (
        "W = W - lr*Mc/(sqrt(Gc) + tiny)",
        "{W} steps against {Mc}, in each entry divided by the root of {Gc}; {tiny} keeps the "
        "divisor above 0",
    ),
    state={"M": 0.0, "G": 0.0},
)


def own_rule(text: str, settings: Mapping[str, float]) -> Optimizer:
    """A lab's own update program as a card; a comment at the end of a line is its reason.

    A name that is read before any line assigns it is state and starts at 0. Raises StepperError if
    no line assigns W, FormulaError for an unreadable line.
    """
    lines = parse_program(text)
    if PARAMETER not in {line.target for line in lines}:
        raise StepperError(
            "an update rule gives `W` a new value: `W = W - lr*g`; here no line does"
        )
    _check_targets({line.target for line in lines}, settings)
    said = {n: _literal(comment) for n, comment in comments(text).items()}
    rule = tuple(Template(line.text, said.get(line.line, "")) for line in lines)
    state: dict[str, float | str] = dict.fromkeys(_read_first(rule), 0.0)
    return Optimizer("own", "The lab's own update rule.", settings, rule, state)


def _literal(comment: str) -> str:
    """A template that renders as exactly this text, braces included."""
    return comment.replace("{", "{{").replace("}", "}}")


def _check_targets(targets: set[str], settings: Mapping[str, float]) -> None:
    for name in sorted(targets & {GRADIENT, "lr", "t", *settings}):
        raise StepperError(
            "an update rule may not give `{name}` a new value: it is given; use another name",
            name=name,
        )


def _read_first(rule: tuple[Template, ...]) -> Iterator[str]:
    """The assigned names that are read before their first assignment."""
    lines = parse_program("\n".join(template.text for template in rule))
    assigned = {line.target for line in lines} - {PARAMETER}
    done: set[str] = set()
    for line in lines:
        yield from sorted((names(line.tree) & assigned) - done)
        done.add(line.target)
        done |= names(line.tree)


def rule_names(card: Optimizer) -> frozenset[str]:
    """The given names a rule reads: `lr`, and `t` if it counts the updates."""
    lines = parse_program("\n".join(template.text for template in card.rule))
    return frozenset(n for line in lines for n in names(line.tree)) & {"lr", "t"}


def update_lines(
    card: Optimizer,
    parameter: str,
    gradient: str,
    layout: Layout = "columns",
    scalars: Collection[str] = (),
) -> tuple[Line, ...]:
    """The lines that update one parameter: `V` becomes `V_W1`, `g` becomes `dJ_dW1`.

    `scalars` are the lab's own numbers, N among them, that a rule may read as well. Raises
    FormulaError for a name that is neither given, a setting, nor assigned by the rule.
    """
    text = "\n".join(template.text for template in card.rule)
    own = {PARAMETER, *card.state}
    known = {*GIVEN, *card.settings, *card.state, *scalars}
    renamed = {PARAMETER: Name(parameter), GRADIENT: Name(gradient)}
    lines = []
    for template, read in zip(card.rule, _parsed(text, layout), strict=True):
        own.add(read.target)
        renamed |= {n: Name(instance(n, parameter)) for n in own - {PARAMETER}}
        _parsed(template.text, layout, frozenset(known))
        known.add(read.target)
        tree = substitute(read.tree, renamed)
        reason = _reason(template, {n: renamed.get(n, Name(n)) for n in known})
        lines.append(Line(renamed[read.target].id, tree, "update", of=parameter, reason=reason))
    return tuple(lines)


@lru_cache(maxsize=64)
def _parsed(
    text: str, layout: Layout, names: frozenset[str] | None = None
) -> tuple[Assignment, ...]:
    """The lines of a rule, parsed once for all parameters. Raises FormulaError as parsing does."""
    return parse_program(text, layout=layout, names=names)


def instance(name: str, parameter: str) -> str:
    """The name that a rule's own variable has for one parameter: `V_W1`."""
    return f"{name}_{parameter}"


def starting_state(
    card: Optimizer, parameter: str, value: Array, settings: Mapping[str, float]
) -> dict[str, Array]:
    """The initial state for one parameter, in the parameter's shape."""
    fills = {n: settings[f] if isinstance(f, str) else f for n, f in card.state.items()}
    return {instance(name, parameter): np.full(np.shape(value), f) for name, f in fills.items()}


def _reason(template: Template, fields: Mapping[str, Expr]) -> Sentence:
    if template.reason:
        return Sentence(template.reason, fields)
    return Sentence("the lab's own rule for {W}, whose gradient is {g}", fields)
