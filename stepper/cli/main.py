"""The command `stepper`: runs the command that is named, and says every error in one message.

A command is a module beside this one with `arguments(parser)` and `main(args) -> exit code`. Its
docstring is its help. A command is imported only when it is named, so that help is instant.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Sequence
from importlib import import_module

from stepper import __doc__ as about
from stepper import __version__
from stepper.expr import languages
from stepper.program.places import kept_language
from stepper.show.translation import speak, text_of, translate

TYPE_CHECKING = False  # as in typing, which takes longer to import than all of this
if TYPE_CHECKING:
    import argparse

DONE, WRONG, INTERRUPTED = 0, 2, 3
"""Exit codes; 1 is a command's own: a check found a mistake. FAULT is an internal error's."""

BEGIN = "Begin with `stepper run xor`. `stepper COMMAND --help` says what a command takes."
HERE = os.path.dirname(__file__)


def main(argv: Sequence[str] | None = None) -> int:
    """Runs a command line and returns its exit code."""
    words = list(sys.argv[1:] if argv is None else argv)
    _replace_closed_streams()
    _never_fail_on_a_letter()
    # Our matrices are small: numpy's threads would only take time to start and to wait.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    return guarded(lambda: _answer(words))


def commands() -> dict[str, str]:
    """The name of every command with the first line of its help, read without importing it."""
    names = sorted(file.removesuffix(".py") for file in os.listdir(HERE) if file.endswith(".py"))
    return {name: said for name in names if (said := _first_line(name)) is not None}


def _first_line(name: str) -> str | None:
    """The first line of a command's help; None if there is no such command."""
    file = os.path.join(HERE, f"{name}.py")
    if file == __file__ or not name.isidentifier() or not os.path.exists(file):
        return None
    with open(file, encoding="utf-8") as opened:
        text = opened.read()
    return text.split('"""')[1].split("\n")[0] if "\ndef main(" in text else None


def parser_of(name: str) -> argparse.ArgumentParser:
    """The parser of a command, with its `main` as the default of `command`."""
    from stepper.cli import parsing  # the list of all commands parses nothing

    module = import_module(f"stepper.cli.{name}")
    parser = parsing.parser(f"stepper {name}", module.__doc__)
    module.arguments(parser)
    parsing.language_option(parser)
    parser.set_defaults(command=module.main)
    parser.usage = parsing.usage_of(parser)
    return parser


def guarded(work: Callable[[], int]) -> int:
    """The exit code of `work`; any error is printed as one message on stderr."""
    try:
        code = work()
        sys.stdout.flush()
    except KeyboardInterrupt:
        print(f"stepper: {translate('interrupted')}", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:
        _leave_the_pipe()
        return DONE
    except Exception as error:
        return _refused(error)
    return code


def _answer(words: list[str]) -> int:
    _speak(words)
    words = _command_first(words)
    if not words or words[0].startswith("-"):
        return _without_a_command(words)
    if _first_line(words[0]) is None:
        raise _unknown(words[0])
    args = parser_of(words[0]).parse_intermixed_args(words[1:])
    code: int = args.command(args)
    return code


def _command_first(words: list[str]) -> list[str]:
    """The words with the command's name moved in front of options typed before it."""
    known = commands() if words and words[0].startswith("-") else {}
    values = [False, *(word == "--lang" for word in words)]
    named = (n for n, word in enumerate(words) if word in known and not values[n])
    place = next(named, 0) if "--version" not in words else 0
    return [words[place], *words[:place], *words[place + 1 :]] if place else words


def _without_a_command(words: list[str]) -> int:
    if {"-h", "--help"} & {*words}:
        print(_help())
        return DONE
    if "--version" in words:
        print(f"stepper {__version__}")
        return DONE
    from stepper.cli.welcome import chosen

    typed = chosen(words)
    return _answer(typed) if typed else DONE


def _speak(words: list[str]) -> None:
    """Sets the language of all sentences: the one asked for, saved, or of the locale.

    English if only ASCII is wanted or possible. Raises StepperError for an unknown language.
    """
    if "--ascii" in words or not _has_letters():
        speak(languages.ENGLISH, only=True)
        return
    asked = _language_in(words)
    wanted = languages.asked(asked) if asked else languages.chosen(kept_language())
    speak(wanted)


def _has_letters() -> bool:
    """Whether the output can carry the letters of every language."""
    try:
        "中".encode(sys.stdout.encoding or "ascii")
    except (LookupError, UnicodeEncodeError):
        return False
    return True


def _language_in(words: Iterable[str]) -> str | None:
    """The value of --lang; the last one counts, as for every option."""
    found, before = None, ""
    for word in words:
        if before == "--lang":
            found = word
        elif word.startswith("--lang="):
            found = word.removeprefix("--lang=")
        before = word
    return found


def _help() -> str:
    """The list of commands, each with its first line."""
    known = commands()
    width = max(map(len, known), default=0)
    listed = "\n".join(f"  stepper {name:{width}}  {text_of(said)}" for name, said in known.items())
    return f"{text_of(about)}\n\n{listed}\n\n{translate(BEGIN)}"


def _unknown(word: str) -> Exception:
    from stepper.expr.errors import StepperError, near

    return StepperError(
        "there is no command `{name}`.{near} `stepper --help` lists them all",
        name=word, near=near(word, commands()),
    )  # fmt: skip


def _refused(error: Exception) -> int:
    """Prints an error and returns its exit code; for an internal fault also where it happened."""
    from stepper.expr.errors import FAULT, FormulaError, StepperError, fault
    from stepper.show.words import words

    if isinstance(error, MemoryError):
        said = translate("this takes more memory than there is: try fewer samples or smaller sizes")
        print(f"stepper: {said}", file=sys.stderr)
        return WRONG
    if not isinstance(error, StepperError):
        import traceback

        print(f"stepper: {words(fault(error))}", file=sys.stderr)
        traceback.print_exception(error)
        return FAULT
    said = error.pointing(words) if isinstance(error, FormulaError) else error.said(words)
    print(f"stepper: {said}", file=sys.stderr)
    return WRONG


def _leave_the_pipe() -> None:
    """Discards what would still be written at exit: the reader has closed the pipe."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _replace_closed_streams() -> None:
    """Replaces streams closed by `>&-` with the null device; else an opened file would take
    them."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            nowhere = os.open(os.devnull, os.O_RDWR)
            setattr(sys, name, os.fdopen(nowhere, mode, encoding="utf-8", closefd=False))


def _never_fail_on_a_letter() -> None:
    """Lets a terminal that cannot show a character print `?` for it."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
