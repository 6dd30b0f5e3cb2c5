"""Reads `lesson.toml` into a lesson; every key must be known and have the right type."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass, fields, replace
from pathlib import Path
from typing import Any

from stepper.course.lesson import KINDS, Lesson, Named, Prose, Reject, Step, World
from stepper.expr.errors import StepperError, near
from stepper.expr.sentence import Sentence, say

FORMAT = 1
_ID = re.compile(r"[a-z][a-z0-9-]*")
_WORLD = ("set", "data", "seed", "sample", "batch")
_TOP = ("format", "id", "minutes", "needs", "lab", "world", "values", "step")


@dataclass(frozen=True, slots=True)
class Reading:
    """Reads the tables of one file. Every method raises StepperError with the place."""

    tables: Mapping[str, Any]
    folder: Path

    def lesson(self, number: int, prose: Mapping[str, Prose]) -> Lesson:
        self.known(self.tables, _TOP, "lesson.toml")
        if self.tables.get("format") != FORMAT:
            raise self.refuse("`format = {n}` is the one that this stepper reads", n=FORMAT)
        world = self.world(self.tables, self.tables.get("world", {}))
        return Lesson(
            id=self.an_id(self.tables.get("id"), "id"),
            folder=self.folder,
            number=number,
            minutes=self.of(int, self.tables.get("minutes", 10), "minutes"),
            needs=self.words(self.tables.get("needs", []), "needs"),
            values=self.values(self.tables.get("values", {})),
            steps=tuple(self.step(table, world) for table in self.tables.get("step", [])),
            prose=prose,
        )

    def world(self, table: Mapping[str, Any], settings: Mapping[str, Any]) -> World:
        """The lab with its settings; a lab file of the lesson's own is beside `lesson.toml`."""
        self.known(settings, _WORLD, "[world]")
        lab = self.of(str, table.get("lab"), "lab")
        own = self.folder / lab
        return World(
            lab=str(own) if lab.endswith(".toml") else lab,
            set=self.texts(settings.get("set", {}), "set"),
            data=self.maybe(str, settings, "data"),
            seed=self.maybe(int, settings, "seed"),
            sample=self.maybe(int, settings, "sample"),
            batch=self.of(bool, settings.get("batch", False), "batch"),
        )

    def again(self, world: World, settings: Mapping[str, Any]) -> World:
        """The world of a step with other settings."""
        other = self.world({"lab": world.lab}, settings)
        changed = {k: getattr(other, k) for k in settings if k != "set"}
        return replace(world, set={**world.set, **other.set}, **changed)

    def values(self, table: Mapping[str, Any]) -> dict[str, Named]:
        return {name: self.named(name, said) for name, said in table.items()}

    def named(self, name: str, said: Any) -> Named:
        if isinstance(said, str):
            return Named(of=said)
        table = self.of(dict, said, name)
        self.known(table, ("of", "given"), name)
        of = self.of(str, table.get("of"), f"{name}.of")
        return Named(of=of, given=self.texts(table.get("given", {}), f"{name}.given"))

    def step(self, table: Mapping[str, Any], world: World) -> Step:
        """One step, as an instance of the class for its kind."""
        name = self.an_id(table.get("id"), "id of a step")
        kind = KINDS.get(str(table.get("kind")))
        if kind is None:
            raise self.refuse("`{step}` is of one of these kinds: {kinds}",
                              step=name, kinds=", ".join(KINDS))  # fmt: skip
        own = {f.name: f for f in fields(kind) if f.name not in ("id", "world")}
        self.known(table, ("id", "kind", "lab", "world", *own), f"a {kind.kind}")
        if "lab" in table or "world" in table:
            world = self.world({"lab": world.lab, **table}, table.get("world", {}))
        given = {k: self.value(k, v, name) for k, v in table.items() if k in own and k != "again"}
        if "again" in table:
            given["again"] = self.again(world, table["again"])
        for key, f in own.items():
            if key not in given and f.default is MISSING and f.default_factory is MISSING:
                raise self.refuse("`{step}` lacks `{key}`", step=name, key=key)
        return kind(id=name, world=world, **given)

    def value(self, key: str, said: Any, step: str) -> Any:
        """The value of a key of a step."""
        where = f"{key} of {step}"
        return _FORMS[key](self, said, where) if key in _FORMS else self.of(str, said, where)

    def words(self, said: Any, where: str) -> tuple[str, ...]:
        return tuple(self.of(str, word, where) for word in self.of(list, said, where))

    def texts(self, said: Any, where: str) -> dict[str, str]:
        return {k: self.of(str, v, f"{where}.{k}") for k, v in self.of(dict, said, where).items()}

    def whole(self, said: Any, where: str) -> int:
        return int(self.of(int, said, where))

    def rejects(self, said: Any, where: str) -> tuple[Reject, ...]:
        return tuple(self.reject(one, where) for one in self.of(list, said, where))

    def reject(self, said: Any, where: str) -> Reject:
        table = self.of(dict, said, where)
        self.known(table, ("try", "as"), where)
        mistake = table.get("as")
        if mistake is not None:
            self.of(str, mistake, where)
        return Reject(text=self.of(str, table.get("try"), where), mistake=mistake)

    def an_id(self, said: Any, where: str) -> str:
        word: str = self.of(str, said, where)
        if not _ID.fullmatch(word):
            raise self.refuse("{key}: `{word}` must be of small letters, digits and -",
                              key=where, word=word)  # fmt: skip
        return word

    def of(self, form: type, said: Any, where: str) -> Any:
        """The value, checked to have this type."""
        if type(said) is not form:
            raise self.refuse("{key} is not {form} in lesson.toml", key=where, form=_SAID[form])
        return said

    def maybe(self, form: type, table: Mapping[str, Any], key: str) -> Any:
        return self.of(form, table[key], key) if key in table else None

    def known(self, table: Mapping[str, Any], keys: tuple[str, ...], where: str) -> None:
        for key in self.of(dict, table, where):
            if key not in keys:
                raise self.refuse("there is no `{key}` in {table}.{near}",
                                  key=key, table=where, near=near(key, keys))  # fmt: skip

    def refuse(self, template: str, **fields: Any) -> StepperError:
        return StepperError(template, where=f"{self.folder.name}/lesson.toml", **fields)


_SAID: Mapping[type, Sentence] = {
    str: say("a text"), int: say("a whole number"), list: say("a list"), dict: say("a table"),
    bool: say("true or false"),
}  # fmt: skip
_FORMS: Mapping[str, Callable[[Reading, Any, str], Any]] = {
    "was": Reading.words,
    "choices": Reading.words,
    "accept": Reading.words,
    "names": Reading.words,
    "hints": Reading.whole,
    "reject": Reading.rejects,
}
