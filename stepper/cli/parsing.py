"""argparse in the learner's language: its own words, and the commands' help."""

from __future__ import annotations

import argparse
from collections.abc import Iterator

from stepper.language.width import columns
from stepper.show.cells import wrapped
from stepper.show.translation import text_of, translate


def _of_number(one: str, many: str, n: int) -> str:
    return translate(one if n == 1 else many)


# argparse gets its words from gettext, which has no translations: we supply them.
vars(argparse).update(_=translate, ngettext=_of_number)


class Help(argparse.RawDescriptionHelpFormatter):
    """Formats the description and the help of options, broken by the rules of their script."""

    def _get_help_string(self, action: argparse.Action) -> str:
        return text_of(action.help or "")

    def _split_lines(self, text: str, width: int) -> list[str]:
        return list(wrapped(text, width))

    def _fill_text(self, text: str, width: int, indent: str) -> str:
        said = (_said(paragraph, width) for paragraph in text.strip().split("\n\n"))
        return "\n\n".join(said)


def _said(paragraph: str, width: int) -> str:
    """A paragraph in the learner's language; in English exactly as it was written."""
    said = text_of(paragraph)
    english = said == " ".join(paragraph.split())
    return paragraph if english else "\n".join(wrapped(said, width))


def sentences(description: str) -> Iterator[str]:
    """The paragraphs of a description that are prose; examples are indented."""
    for paragraph in description.strip().split("\n\n"):
        if not paragraph.startswith(" "):
            yield " ".join(paragraph.split())


def parser(prog: str, description: str | None) -> argparse.ArgumentParser:
    """A parser whose help, headings and refusals are in the learner's language."""
    return argparse.ArgumentParser(
        prog=prog, description=description, formatter_class=Help, allow_abbrev=False
    )


def usage_of(parser: argparse.ArgumentParser) -> str:
    """The usage of a command, its lines aligned.

    argparse would cut off seven letters, the length of its English heading, however long ours is.
    """
    heading = translate("usage: ")
    usage = parser.format_usage().removeprefix(heading).strip().replace("%", "%%")
    return usage.replace("\n", "\n" + " " * (columns(heading) - len(heading)))


def language_option(to: argparse.ArgumentParser) -> None:
    """Adds the option that every command has; the language is set before words are parsed."""
    to.add_argument("--lang", metavar="LANGUAGE",
        help="en or zh-TW (else STEPPER_LANG, that of your lessons, your locale)")  # fmt: skip
