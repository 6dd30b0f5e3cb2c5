"""Translations: complete, with the fields of the English, in the words of Taiwan."""

import re
import tomllib
from collections import Counter
from pathlib import Path
from string import Formatter

import pytest

from stepper.cli.main import commands, main
from stepper.course.lint_text import bare_rows
from stepper.expr.languages import ENGLISH, LANGUAGES
from stepper.language.width import columns
from stepper.show import translation
from stepper.show.translation import FOLDER, WORDS, files, speak, translate
from tests.words import SOURCE, templates

OTHERS = [language for language in LANGUAGES if language != ENGLISH]
GLOSSARY = tomllib.loads(Path(FOLDER, "glossary.toml").read_text("utf-8"))
NEVER = GLOSSARY["never"]
LESSONS = sorted((SOURCE.parent / "lessons").glob("*/zh-TW.md"))
README = SOURCE.parent / ".github" / "README.zh-TW.md"


def of_language(language):
    return {key: said for known in files(language).values() for key, said in known.items()}


def has_words(template):
    """Whether anything is left to translate once fields and code are taken away."""
    return re.search(r"[^\W\d_]{2,}", bare(template)) is not None


def bare(template):
    """A template without its fields and its code."""
    return re.sub(r"\{\w+\}|`[^`]*`", "", template)


def fields(template):
    return Counter(name for _, name, _, _ in Formatter().parse(template) if name is not None)


def wrong(said):
    """What is wrong with the words of a text."""
    return [*(f"{word}: {NEVER[word]}" for word in NEVER if word in said), *bare_rows(said)]


@pytest.mark.parametrize("language", OTHERS)
def test_every_template_has_a_translation(language):
    known = of_language(language)
    missing = [f"{places[0]}: {template}" for template, places in templates().items()
               if has_words(template) and template not in known]  # fmt: skip
    assert not missing, "\n".join(missing)


@pytest.mark.parametrize("language", OTHERS)
def test_every_translation_is_of_a_template_and_stands_once(language):
    keys = Counter(key for known in files(language).values() for key in known)
    argparse = files(language)["argparse.toml"]  # its words differ from Python to Python
    assert [key for key in keys if key not in templates() and key not in argparse] == []
    assert [key for key, times in keys.items() if times > 1] == []


@pytest.mark.parametrize("language", OTHERS)
def test_a_translation_has_the_fields_of_the_english(language):
    found = of_language(language).items()
    assert not {key: said for key, said in found if set(fields(key)) != set(fields(said))}


@pytest.mark.parametrize("language", OTHERS)
def test_code_is_the_same_in_a_translation(language):
    def code(text):
        return set(re.findall(r"`[^`]*`", text))

    found = of_language(language).items()
    assert not {key: said for key, said in found if not code(key) >= code(said)}


@pytest.mark.parametrize("language", OTHERS)
def test_a_translation_says_something(language):
    assert not [key for key, said in of_language(language).items() if not said.strip()]


def test_translations_use_the_words_of_taiwan():
    found = {key: wrong(said) for key, said in of_language("zh-TW").items()}
    assert not {key: bad for key, bad in found.items() if bad}


@pytest.mark.parametrize("term", GLOSSARY["terms"])
def test_a_term_is_always_called_the_same(term):
    named = re.compile(rf"(?<![-\w]){term}s?(?![-\w])")
    called = GLOSSARY["terms"][term]
    found = of_language("zh-TW").items()
    assert not {key: said for key, said in found if named.search(bare(key)) and called not in said}


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda path: path.parent.name)
def test_lessons_use_the_words_of_taiwan(lesson):
    assert not wrong(lesson.read_text("utf-8"))


def test_the_chinese_readme_uses_the_words_of_taiwan():
    assert not wrong(README.read_text("utf-8"))


@pytest.mark.parametrize("said", ["檔案的列", "第 2 行", "打開文件", "鏈式法則"])
def test_a_word_that_is_read_both_ways_or_elsewhere_is_refused(said):
    assert wrong(said)


@pytest.mark.parametrize("said", ["列（row）", "行（column）", "列出檔案", "陣列", "執行程式"])
def test_a_word_of_taiwan_is_accepted(said):
    assert not wrong(said)


def test_a_term_has_one_name_and_that_is_none_of_the_others():
    terms = GLOSSARY["terms"]
    assert len(set(terms.values())) == len(terms)
    assert not [term for term in terms.values() if any(word in term for word in NEVER)]
    assert not [right for right in NEVER.values() if right in NEVER]


def test_a_language_is_spoken_until_another_is():
    template = "{y} is {x}"
    speak("zh-TW")
    assert translate(template) == "{y} 就是 {x}"
    speak(ENGLISH)
    assert translate(template) == template
    assert not WORDS


def test_english_reads_no_file(monkeypatch):
    monkeypatch.setattr(translation, "files", None)
    speak(ENGLISH)
    assert main(["labs", "--lang", "en"]) == 0


@pytest.mark.parametrize("language", ["zh-TW", "zh_tw", "zh_Hant"])
def test_every_command_takes_a_language(language, capsys):
    assert main(["run", "nowhere", "--lang", language]) == 2
    assert "沒有" in capsys.readouterr().err
    assert main(["run", "nowhere"]) == 2
    assert "there is no lab" in capsys.readouterr().err


REFUSED = [
    "run", "run xor --what", "run xor --sample", "run xor --sample q", "run xor --entry q",
    "run xor --plain --json", "run xor --level q", "export xor", "learn --export", "--what",
]  # fmt: skip


@pytest.mark.parametrize("typed", REFUSED)
def test_a_refusal_of_the_command_line_is_in_the_language(typed, capsys):
    with pytest.raises(SystemExit) as end:
        main([*typed.split(), "--lang=zh-TW"])
    assert end.value.code == 2
    usage, _, refusal = capsys.readouterr().err.rpartition("錯誤")
    assert usage.startswith(f"用法：stepper {typed.split()[0].replace('--what', '')}".rstrip())
    known = f"{typed} {usage} phase line operation int row column FILE LESSON LAB output"
    assert not {*re.findall(r"[A-Za-z]{3,}", refusal)} - {*re.findall(r"[A-Za-z]+", known)}


@pytest.mark.parametrize("name", ["", *sorted(commands())])
def test_a_help_is_in_the_language(name, capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    try:
        main([*filter(None, [name]), "--help", "--lang", "zh-TW"])
    except SystemExit as end:
        assert end.code == 0
    said = capsys.readouterr().out
    prose = [line for line in said.splitlines() if not line.startswith("    stepper")]
    assert not [line for line in prose if columns(line) > 80]
    english = re.compile(r"\b(the|and|is|with|it|not|all)\b")
    assert not [line for line in prose if english.search(line)]


def test_a_language_is_that_of_the_environment(monkeypatch, capsys):
    monkeypatch.setenv("STEPPER_LANG", "zh-TW")
    assert main(["check", "xor", "dJ_dz3 = (y - a3)/N"]) == 1
    assert "正負號" in capsys.readouterr().out
    assert main(["nothing"]) == 2
    assert "沒有" in capsys.readouterr().err
