"""`stepper labs`: the list, and the ledger."""

import json
import shlex
import tomllib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from stepper.check.switch import with_mistake
from stepper.cli.main import main
from stepper.labs.load import load
from stepper.labs.overrides import settable
from stepper.labs.source import lab_names, read
from stepper.language.width import columns
from stepper.show.lab_cards import REGISTRIES, Registry
from stepper.show.ledger import summary, table
from stepper.show.translation import text_of
from stepper.train import ledger
from stepper.train.ledger import Row, rows
from tests.test_house import block

Said = pytest.CaptureFixture[str]


def test_the_list_has_every_lab_and_every_variant(capsys: Said) -> None:
    assert main(["labs"]) == 0
    listed = capsys.readouterr().out
    for name in lab_names():
        assert load(name).title in listed
    assert "also xor:momentum, xor:linear, xor:rows" in listed


def test_the_list_as_json(capsys: Said) -> None:
    assert main(["labs", "--json"]) == 0
    listed = json.loads(capsys.readouterr().out)
    assert [lab["name"] for lab in listed] == lab_names()
    for lab in listed:
        assert lab["title"]
        assert lab["about"]
        for variant in lab["variants"]:
            assert load(f"{lab['name']}:{variant}").parameters


def test_a_lab_of_the_learner_s_own_need_not_say_what_it_is_about(
    tmp_path: Path, capsys: Said
) -> None:
    path, untitled = tmp_path / "and.toml", tmp_path / "untitled.toml"
    path.write_text(block("lab"), encoding="utf-8")
    untitled.write_text(block("lab").partition("\n")[2], encoding="utf-8")
    assert main(["labs", str(path), str(untitled)]) == 0
    assert [line.split("  ")[-1].strip() for line in capsys.readouterr().out.splitlines()] == [
        "AND: one neuron", str(untitled),
    ]  # fmt: skip
    assert main(["labs", str(path), "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == [
        {"name": str(path), "title": "AND: one neuron", "about": "", "variants": []}
    ]
    assert main(["labs", "--ledger", str(untitled)]) == 0


@pytest.mark.parametrize(
    ("language", "width"), [("en", 80), ("en", 40), ("zh-TW", 80), ("zh-TW", 40)]
)
def test_every_card_is_listed_with_its_settings_and_its_sentence(
    language: str, width: int, capsys: Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    assert main(["labs", "--cards", "--lang", language]) == 0
    listed = capsys.readouterr().out
    assert max(map(columns, listed.splitlines())) <= width
    together = "".join(listed.split())
    for card in (card for registry in REGISTRIES for card in registry.cards.values()):
        settings = ",".join(f"{key}={value:g}" for key, value in card.settings.items())
        assert "".join(f"{card.name}{settings}{text_of(card.sentence)}".split()) in together


def test_the_cards_as_json_are_those_of_the_registries(capsys: Said) -> None:
    assert main(["labs", "--cards", "--json"]) == 0
    listed = json.loads(capsys.readouterr().out)
    for registry in REGISTRIES:
        assert {card["name"]: card["settings"] for card in listed[registry.key]} == {
            name: card.settings for name, card in registry.cards.items()
        }
    assert main(["labs", "xor", "--cards"]) == 2
    assert "leave out xor" in capsys.readouterr().err


@pytest.mark.parametrize("registry", REGISTRIES, ids=lambda registry: registry.key)
def test_a_card_is_named_as_the_list_says(registry: Registry) -> None:
    ((key, value),) = tomllib.loads(registry.line).items()
    assert settable(read("xor")).get(key, "data") == registry.table
    assert value.partition("(")[0] in registry.cards
    option, typed = shlex.split(registry.typed)
    assert (option, typed) in (("--data", value), ("--set", f"{key}={value}"))
    lab = load("xor", data=value) if option == "--data" else load("xor", sets={key: value})
    assert lab.parameters.keys() == load("xor").parameters.keys()


@pytest.fixture
def zhou() -> list[Row]:
    return list(rows(["zhou"], with_mistake))


def test_a_table_shows_published_ours_digits_and_the_note(zhou: list[Row]) -> None:
    shown = table("zhou", "a title", zhou)
    assert shown.splitlines()[0] == "zhou: a title"
    assert next(w for w in shown.splitlines() if "0.0214 " in w).split()[-5:] == [
        "0.0214695", "2", "of", "3", "[1]",
    ]  # fmt: skip
    assert "  [1] the post multiplies factors" in shown
    assert "source: Victor Zhou" in shown
    assert max(map(len, shown.splitlines())) <= 100


@pytest.mark.parametrize("width", [40, 60, 80])
def test_a_ledger_fits_a_narrow_terminal(width: int) -> None:
    found = list(rows(["online-momentum:linear", "zhou"], with_mistake))
    shown = table("online-momentum", "a title that is quite long, " * 3, found, width)
    assert max(map(columns, shown.splitlines())) <= width
    assert " ".join(shown.split()).count("IN 0.0726 [0.046, 0.1118]") == 1


def test_a_lab_that_nothing_was_published_of_has_no_ledger() -> None:
    assert summary([]) == "nothing that was published of this is on the list"


def test_all_rows_are_counted(zhou: list[Row]) -> None:
    assert summary(zhou) == (
        "4 published numbers, 3 agree at every digit; 1 differ, and a note says why."
    )
    wrong = replace(zhou[0], agrees=False, digits=0)
    assert "1 differ (marked !), and nothing explains it" in summary([wrong, *zhou[1:]])
    assert "0 of 3 !" in table("zhou", "", [wrong])


def test_the_ledger_of_all_labs(capsys: Said) -> None:
    assert main(["labs", "--ledger"]) == 0
    shown = capsys.readouterr().out
    assert all(f"\n{row.lab}: " in f"\n{shown}" for row in rows(["zhou", "circuits"], with_mistake))
    assert "nothing explains" not in shown


@pytest.mark.parametrize("words", [["labs", "--ledger"], ["labs", "--ledger", "--json"]])
def test_an_unexplained_number_is_code_1(
    words: list[str], zhou: list[Row], monkeypatch: pytest.MonkeyPatch, capsys: Said
) -> None:
    def wrong(*_: object) -> Iterator[Row]:
        yield replace(zhou[0], agrees=False, ours=float("nan"))
        yield zhou[1]

    monkeypatch.setattr(ledger, "rows", wrong)
    assert main(words) == 1
    shown = capsys.readouterr().out
    if "--json" in words:
        first, second = json.loads(shown)
        assert (first["published"], first["ours"]) == (str(zhou[0].published), "nan")
        assert second["agrees"] is True
    else:
        assert "nothing explains it" in shown
