"""Every template of a sentence that a learner can read, found in the source.

A template is the key of its translation, so each must stand in the source as it is: a literal that
reaches `say` (or another maker of sentences) by way of names, choices and tables, never one that is
put together while the program runs.
"""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from string import Formatter

import stepper
from stepper.expr.sentence import KEYS

SOURCE = Path(__file__).parents[1] / "stepper"
LESSON_LABS = [
    path for path in sorted((SOURCE.parent / "lessons").glob("*/*.toml"))
    if path.name != "lesson.toml"
]  # fmt: skip

MAKERS = {
    "say": 0, "Sentence": 0, "translate": 0, "told": 1, "StepperError": 0, "FormulaError": 2,
    "ShapeError": 2, "because": 1, "refused": 0, "refuse": 2,
}  # fmt: skip
"""What makes a sentence, and where its template stands among the arguments."""

OF_ANOTHER = ("refuse",)
"""Those among them that are called on something else: `file.refuse(…)`."""

Makers = dict[tuple[str, str], int]
"""By file and name (no file: anywhere), the argument that is a template."""

CARRIED = (
    "template", "note", "help", "label", "shown", "sentence", "reason", "message", "why",
    "what", "clue", "of_one",
)  # fmt: skip
"""Attributes that hold a template which was collected where it was written."""


@dataclass
class Module:
    """A file with what is defined at its top, and the function that each node stands in."""

    path: str
    tree: ast.Module
    inside: dict[ast.AST, ast.AST] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._enter(self.tree, self.tree)

    def _enter(self, node: ast.AST, scope: ast.AST) -> None:
        for child in ast.iter_child_nodes(node):
            self.inside[child] = scope
            is_scope = isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
            self._enter(child, child if is_scope else scope)

    def scopes(self, node: ast.AST) -> Iterator[ast.AST]:
        """The function that a node stands in, those around it, and the file."""
        while node is not self.tree:
            node = self.inside[node]
            yield node


@dataclass(frozen=True)
class Untraced:
    """A template that no literal could be found for."""

    place: str
    written: str


@cache
def modules() -> list[Module]:
    return [
        Module(str(p.relative_to(SOURCE.parent)), ast.parse(p.read_text(encoding="utf-8")))
        for p in sorted(SOURCE.rglob("*.py"))
    ]


def templates() -> dict[str, list[str]]:
    """Every template, with the places (file:line) where a sentence is made of it."""
    return found()[0]


@cache
def found() -> tuple[dict[str, list[str]], list[Untraced]]:
    """The templates, and the sentences whose template could not be traced to a literal."""
    makers = all_makers()
    collected: dict[str, list[str]] = {}
    untraced = []
    for module in modules():
        for call, argument in sentences(module, makers):
            place = f"{module.path}:{call.lineno}"
            try:
                for text in Tracer(module, makers).texts(argument):
                    collected.setdefault(as_key(text), []).append(place)
            except LookupError:
                untraced.append(Untraced(place, ast.unparse(argument)))
    for text, place in declared():
        collected.setdefault(as_key(text), []).append(place)
    return collected, untraced


def unfilled() -> Iterator[Untraced]:
    """Literal templates with a field that their call does not fill in."""
    for module in modules():
        for call, argument in sentences(module, {("", name): at for name, at in MAKERS.items()}):
            given = _filled(call)
            if isinstance(argument, ast.Constant) and given is not None:
                fields = {name for _, name, _, _ in Formatter().parse(str(argument.value)) if name}
                if not {f for f in fields - KEYS.keys() if not f.isdecimal()} <= given:
                    yield Untraced(f"{module.path}:{call.lineno}", ast.unparse(argument))


def _filled(call: ast.Call) -> set[str] | None:
    """The fields that a call fills in; None where they are not written out."""
    if any(k.arg is None for k in call.keywords) or _called(call) in ("because", "refused"):
        return None
    given = {str(k.arg) for k in call.keywords}
    if _called(call) != "Sentence":
        return given
    if len(call.args) < 2:
        return given
    table = call.args[1]
    if not isinstance(table, ast.Dict):
        return None
    return {str(k.value) for k in table.keys if isinstance(k, ast.Constant)}


def as_key(template: str) -> str:
    """The template as it is looked up: a card's `{0}` is the field `x0`."""
    return re.sub(r"\{(\d)\}", r"{x\1}", template)


def declared() -> Iterator[tuple[str, str]]:
    """What is said by records: commands, cards of operations and mistakes, lines of optimizers,
    the helps of the command line, and what is said about labs."""
    from stepper.app.commands import COMMANDS, taught
    from stepper.check.mistakes import MISTAKES
    from stepper.cli.main import commands, parser_of
    from stepper.cli.parsing import sentences as paragraphs
    from stepper.labs.optimizers import OPTIMIZERS
    from stepper.labs.source import lab_names, read
    from stepper.ops import CARDS
    from stepper.show.lab_cards import REGISTRIES

    for command in taught(COMMANDS):
        keys = "" if command.pair else command.shown
        said = (command.help, command.label, keys)
        yield from ((text, f"command {command.id}") for text in said if text)
    for card in CARDS.values():
        yield from ((said, f"card {card.name}") for said in (card.sentence, card.of_one))
    for mistake in MISTAKES.values():
        own = (vars(cls) for cls in type(mistake).__mro__)
        said = {v for have in own for k, v in have.items() if k[0] != "_" and _is_sentence(v)}
        yield from ((text, f"mistake {mistake.id}") for text in (mistake.sentence, *sorted(said)))
    for registry in REGISTRIES:
        yield from ((c.sentence, f"card {c.name}") for c in registry.cards.values())
    for name, optimizer in OPTIMIZERS.items():
        yield from ((line.reason, f"optimizer {name}") for line in optimizer.rule if line.reason)
    for name in commands():
        parser = parser_of(name)
        helps = (a.help for a in parser._actions if a.dest != "help")  # that one is argparse's own
        said = (*paragraphs(parser.description or ""), *filter(None, helps))
        yield from ((text, f"stepper {name} --help") for text in said)
    yield stepper.__doc__ or "", "stepper --help"
    tables = [(name, read(name).tables) for name in lab_names()]
    tables += [(str(path), tomllib.loads(path.read_text("utf-8"))) for path in LESSON_LABS]
    for name, table in tables:
        for lab in (table, *table.get("variants", {}).values()):
            for text in filter(None, (lab.get("title"), lab.get("about"))):
                yield " ".join(text.split()), f"lab {name}"


def _is_sentence(value: object) -> bool:
    return isinstance(value, str) and " " in value


@cache
def all_makers() -> Makers:
    """The makers, and the functions that hand a parameter of theirs on as a template."""
    makers: Makers = {("", name): at for name, at in MAKERS.items()}
    while True:
        more = dict(makers)
        for module in modules():
            for _, argument in sentences(module, makers):
                more.update(_handed_on(module, argument))
        if more == makers:
            return makers
        makers = more


def _handed_on(module: Module, argument: ast.expr) -> Iterator[tuple[tuple[str, str], int]]:
    """The function whose parameter this is, and which parameter."""
    for name in (n for n in _choices(argument) if isinstance(n, ast.Name)):
        for scope in module.scopes(name):
            parameters = _parameters(scope)
            if not isinstance(scope, ast.FunctionDef) or scope.name.startswith("__"):
                continue
            if name.id in parameters:
                at = parameters.index(name.id)
                yield (module.path, scope.name), at - (parameters[0] in ("self", "cls"))


def _parameters(scope: ast.AST) -> list[str]:
    if not isinstance(scope, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
        return []
    return [a.arg for a in (*scope.args.posonlyargs, *scope.args.args)]


def _choices(node: ast.expr) -> list[ast.expr]:
    """The expressions that a conditional one chooses from."""
    if isinstance(node, ast.IfExp):
        return [*_choices(node.body), *_choices(node.orelse)]
    return [node]


def sentences(module: Module, makers: Makers) -> Iterator[tuple[ast.Call, ast.expr]]:
    """Every call that makes a sentence, with its template."""
    for node in ast.walk(module.tree):
        if not isinstance(node, ast.Call):
            continue
        called, name = node.func, _called(node)
        at = makers.get((module.path, name), makers.get(("", name)))
        of_another = isinstance(called, ast.Attribute) and not _is_self(called)
        if _is_error_of_ours(module, node):
            at, of_another = 0, False
        if at is None or (of_another and name not in OF_ANOTHER):
            continue
        if len(node.args) > at and not any(isinstance(a, ast.Starred) for a in node.args[:at]):
            yield node, node.args[at]


def _is_error_of_ours(module: Module, node: ast.Call) -> bool:
    """Whether this is `super().__init__(…)` in an error that is a StepperError itself."""
    scopes = (scope for scope in ast.walk(module.tree) if isinstance(scope, ast.ClassDef))
    ours = (s for s in scopes if any(ast.unparse(base) == "StepperError" for base in s.bases))
    return ast.unparse(node.func) == "super().__init__" and any(
        node in ast.walk(scope) for scope in ours
    )


def _called(node: ast.Call) -> str:
    called = node.func
    return called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")


def _is_self(called: ast.Attribute) -> bool:
    return isinstance(called.value, ast.Name) and called.value.id in ("self", "cls")


class Tracer:
    """Follows an expression back to the literals that it can stand for."""

    def __init__(self, module: Module, makers: Makers) -> None:
        self.module, self.makers = module, makers

    def texts(self, node: ast.expr) -> Iterator[str]:
        """The literals. Raises LookupError where there is one that cannot be found."""
        match node:
            case ast.Constant(value=str(text)):
                yield text
            case ast.IfExp():
                yield from self.texts(node.body)
                yield from self.texts(node.orelse)
            case ast.Attribute(attr=attribute) if attribute in CARRIED:
                return
            case ast.Call() if _called(node) in {*MAKERS, *CARRIED, "card_sentence"}:
                return
            case ast.Name():
                yield from self._named(node)
            case ast.Subscript(value=ast.Dict() as table):
                for value in table.values:
                    yield from self.texts(value)
            case ast.Subscript(value=ast.Name() as name):
                yield from self._named(name)
            case ast.Dict():
                for value in node.values:
                    yield from self.texts(value)
            case _:
                raise LookupError(ast.unparse(node))

    def _named(self, name: ast.Name) -> Iterator[str]:
        """What a name was given: a parameter is traced where its function is called."""
        for scope in self.module.scopes(name):
            if name.id in _parameters(scope):
                if getattr(scope, "name", "").startswith("__"):
                    return
                if (self.module.path, getattr(scope, "name", "")) in self.makers:
                    return
                break
            given = list(_given(scope, name.id, self.module))
            if given:
                for value, position in given:
                    yield from self._at(value, position)
                return
        raise LookupError(name.id)

    def _at(self, value: ast.expr, position: tuple[int, ...] | None) -> Iterator[str]:
        """The literals of a value; of a table that is gone through, those at a position."""
        if position is None:
            yield from self.texts(value)
            return
        if not isinstance(value, ast.Tuple | ast.List):
            raise LookupError(ast.unparse(value))
        for row in value.elts:
            for at in position:
                if not isinstance(row, ast.Tuple):
                    raise LookupError(ast.unparse(row))
                row = row.elts[at]
            yield from self.texts(row)


def _given(
    scope: ast.AST, name: str, module: Module
) -> Iterator[tuple[ast.expr, tuple[int, ...] | None]]:
    """What is assigned to a name in a scope; of what is gone through, the position in a row."""
    for node in ast.walk(scope):
        if next(module.scopes(node), None) is not scope:
            continue
        if isinstance(node, ast.Assign) and len(node.targets) == 1:
            if _position(node.targets[0], name) == ():
                yield node.value, None
        elif isinstance(node, ast.AnnAssign) and node.value is not None:
            if _position(node.target, name) == ():
                yield node.value, None
        elif isinstance(node, ast.For | ast.comprehension):
            position = _position(node.target, name)
            if position is not None:
                yield _table(node.iter, scope, module), position


def _table(iterated: ast.expr, scope: ast.AST, module: Module) -> ast.expr:
    """The table that a loop goes through, also where it has a name."""
    if isinstance(iterated, ast.Name):
        for outer in (scope, *module.scopes(iterated)):
            for value, position in _given(outer, iterated.id, module):
                if position is None:
                    return value
    return iterated


def _position(target: ast.expr, name: str) -> tuple[int, ...] | None:
    if isinstance(target, ast.Name):
        return () if target.id == name else None
    if isinstance(target, ast.Tuple):
        for at, one in enumerate(target.elts):
            if isinstance(one, ast.Name) and one.id == name:
                return (at,)
    return None
