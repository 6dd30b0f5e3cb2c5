"""Every command, defined once: its keys, its texts in the footer and the help, and its effect."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from stepper.app import acts
from stepper.app.acts import Act, Given, in_lesson
from stepper.app.keyboard import DIGITS, key_name
from stepper.app.moves import (
    breaks,
    counts,
    edit,
    entries,
    epochs,
    goto,
    guess,
    jumps,
    levels,
    restart,
    samples,
    steps,
    watching,
)
from stepper.app.panels import PANELS, Panel
from stepper.app.prompts import Asks
from stepper.app.snapshot import Move, Snapshot
from stepper.expr.sentence import KEYS, say
from stepper.show.translation import translate
from stepper.show.words import words


class Command(NamedTuple):
    """A command: a `move` to another frame, a prompt that it `asks` first, or an `act`.

    `keys` work everywhere, the keys of a panel only while it has the focus. A command without a
    `label` is not in the footer (there its neighbour shows both keys).
    """

    id: str
    keys: tuple[str, ...]
    help: str
    move: Move | None = None
    label: str = ""
    shown: str = ""
    """Its keys in the footer, if other than simply its first key."""
    pair: str = ""
    """The id of the command whose key the footer shows beside its own."""
    program: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    entry: tuple[str, ...] = ()
    derive: tuple[str, ...] = ()
    graph: tuple[str, ...] = ()
    loss: tuple[str, ...] = ()
    boundary: tuple[str, ...] = ()
    watch: tuple[str, ...] = ()
    lesson: tuple[str, ...] = ()
    asks: Asks | None = None
    """Makes the prompt in the message line."""
    counted: Callable[[Snapshot, int], Snapshot] | None = None
    """What it does with a count; without this, a count repeats the move."""
    act: Act | None = None
    """Its effect on the screen itself."""
    takes: Given | None = None
    """The same, given the text typed after its name in the list of commands."""
    keyed: Given | None = None
    """Its effect given the key pressed, if its keys differ in meaning."""

    def keys_in(self, panel: Panel | None) -> tuple[str, ...]:
        """The keys that work while a panel has the focus."""
        return self.keys + (getattr(self, panel) if panel else ())

    @property
    def any_key(self) -> str:
        """The first of its keys, in any panel."""
        return next((key for panel in (None, *PANELS) for key in self.keys_in(panel)), "")

    @property
    def name(self) -> str:
        """Its name in the list of commands: `go back`."""
        return self.id.replace("-", " ")

    @property
    def does(self) -> str:
        """Its help text, translated."""
        return words(say(self.help))

    @property
    def footer(self) -> str:
        return f"{self.shown_keys} {translate(self.label)}"

    @property
    def shown_keys(self) -> str:
        """Its keys as the footer shows them."""
        return translate(self.shown) or key_name(self.any_key)


Commands = tuple[Command, ...]


def paired(commands: Commands) -> Commands:
    """The same commands; a command with a `pair` shows the keys of both: `] [ line`."""
    keys = {c.id: key_name(c.any_key) for c in commands}
    return tuple(
        c._replace(shown=f"{keys[c.id]} {keys[c.pair]}") if c.pair else c for c in commands
    )


COMMANDS: Commands = paired((
    Command("help", ("question_mark",), "this help", label="help",
            act=acts.show_help),
    Command("quit", ("q",), "leave; prints the command that comes back here", label="quit",
            act=acts.leave),
    Command("next", ("n",), "the next step at this level", steps.next_step, "next",
            program=("right", "l")),
    Command("back", ("p", "N"), "one step back", steps.back, "back", program=("left", "h")),
    Command("into", ("s",), "into the step: one level deeper", levels.into, "into"),
    Command("out", ("o",), "out again: one level up", levels.out, "out"),
    Command("palette", ("colon",), "all commands with their keys; a name runs one",
            label="commands", act=acts.show_commands),
    Command("hide", ("x",), "hide the results, show them again; 2{key_hide}: their "
                            "lines too", guess.hide,
            "hide", counted=guess.hide_so_much),
    Command("left", (), "the entry to the left", entries.by(0, -1), "entry", "arrows",
            numbers=("left", "h")),
    Command("read-left", (), "the read-out of the curve or the plane to the left",
            label="read", shown="arrows", act=acts.read(0, -1),
            loss=("left", "h"), boundary=("left", "h")),
    Command("scroll-down", (), "a row down, where the text is longer than its panel",
            label="scroll", shown="up down", act=acts.scroll(1), entry=("down", "j"),
            derive=("down", "j"), graph=("down", "j"), loss=("down", "j"), watch=("down", "j")),
    Command("line", ("right_square_bracket",), "the next line", steps.next_line, "line",
            pair="line-back", program=("down", "j")),
    Command("line-back", ("left_square_bracket",), "the line before", steps.back_line,
            program=("up", "k")),
    Command("run", ("c",), "on to the next breakpoint", breaks.run_on, "run"),
    Command("run-back", ("C",), "back to the breakpoint before", breaks.run_back),
    Command("until", (), "on until a condition holds: until J < 0.5", asks=breaks.ask_condition),
    Command("break", ("b",), "a breakpoint on this line; 18{key_break}: on "
                             "line 18", breaks.toggle_here,
            "break", counted=breaks.toggle),
    Command("from", ("f",), "where the result comes from; again: the next operand",
            jumps.came_from, "from", counted=jumps.came_from),
    Command("used-by", ("u",), "who uses the result; again: the next user", jumps.used_by,
            "used by", counted=jumps.used_by),
    Command("go", ("g",), "go to a line, a name, a phase, a step, a sample (s0), an epoch "
                          "(e100); 13{key_go}: line 13",
            label="go to", asks=goto.ask_where, counted=goto.go_to_line),
    Command("find", ("slash",), "find a name; enter on nothing: the next hit", label="find",
            asks=goto.ask_name),
    Command("go-back", ("backspace",), "back to where I was before the last jump", jumps.go_back),
    Command("tab", ("v",), "the next tab: entry, derive, graph, loss, boundary, watch",
            label="view", act=acts.turn(1)),
    Command("tab-back", ("V",), "the one before", act=acts.turn(-1)),
    Command("zoom", ("z",), "this panel over the whole screen, and back", label="zoom",
            act=acts.zoom),
    Command("watch", ("w",), "watch what the current line makes; again: no longer",
            watching.toggle, "watch", asks=watching.ask, counted=counts.none),
    Command("watch-formula", ("W",), "watch any formula: max(abs(dJ_dW1)); again: no longer",
            asks=watching.ask),
    Command("copy", ("y",), "copy the current result as numpy text", label="copy",
            act=acts.copy),
    Command("copy-as", ("Y",), "copy it as numpy, TSV or LaTeX", act=acts.copy_as),
    Command("panel", ("tab", "shift+tab"), "the next panel, the panel before", label="panel",
            keyed=acts.other_panel),
    Command("phase", ("right_curly_bracket",), "the end of this phase, or of the next",
            steps.next_phase, "phase", pair="phase-back", program=("pagedown",)),
    Command("phase-back", ("left_curly_bracket",), "the end of the phase before",
            steps.back_phase, program=("pageup",)),
    Command("sample", ("full_stop",), "the next sample", samples.next_sample, "sample",
            pair="sample-back"),
    Command("sample-back", ("comma",), "the sample before", samples.back_sample),
    Command("train", ("t",), "train: so many epochs, or until a condition; again: pause",
            label="train", asks=epochs.ask),
    Command("epoch", ("greater_than_sign",), "the next epoch, trained if need be",
            epochs.next_epoch, "epoch", pair="epoch-back", counted=epochs.further),
    Command("epoch-back", ("less_than_sign",), "the epoch before", epochs.back_epoch,
            counted=epochs.earlier),
    Command("start", ("home",), "before the first step", steps.start, "ends", pair="end"),
    Command("end", ("end", "G"), "after the last step; with a count: to that line", steps.end,
            counted=goto.go_to_line),
    Command("count", DIGITS, "a count: 10{key_next}, 13{key_go}, 18{key_break}",
            keyed=acts.count),
    Command("cancel", ("escape",), "clear the count", counts.cancel, counted=counts.cleared),
    Command("right", (), "the entry to the right", entries.by(0, 1), numbers=("right", "l")),
    Command("up", (), "the entry above", entries.by(-1, 0), numbers=("up", "k")),
    Command("down", (), "the entry below", entries.by(1, 0), numbers=("down", "j")),
    Command("rows-up", (), "eight rows up, or to the first one", entries.page(-8),
            numbers=("pageup",)),
    Command("rows-down", (), "eight rows down, or to the last one", entries.page(8),
            numbers=("pagedown",)),
    Command("scroll-up", (), "a row up", act=acts.scroll(-1), entry=("up", "k"), derive=("up", "k"),
            graph=("up", "k"), loss=("up", "k"), watch=("up", "k")),
    Command("page-down", (), "eight rows down, or to the last one",
            act=acts.scroll(acts.PAGE), entry=("pagedown",), derive=("pagedown",),
            graph=("pagedown",), loss=("pagedown",), watch=("pagedown",)),
    Command("page-up", (), "eight rows up, or to the first one",
            act=acts.scroll(-acts.PAGE), entry=("pageup",), derive=("pageup",),
            graph=("pageup",), loss=("pageup",), watch=("pageup",)),
    Command("scroll-right", (), "the drawing further to the right",
            act=acts.scroll(0, 4), graph=("right", "l")),
    Command("scroll-left", (), "the drawing further to the left",
            act=acts.scroll(0, -4), graph=("left", "h")),
    Command("read-right", (), "the read-out to the right", act=acts.read(0, 1),
            loss=("right", "l"), boundary=("right", "l")),
    Command("read-up", (), "the read-out of the plane further up",
            act=acts.read(-1, 0), boundary=("up", "k")),
    Command("read-down", (), "the read-out of the plane further down",
            act=acts.read(1, 0), boundary=("down", "j")),
    Command("read-go", (), "go to the epoch that is read out of the curve",
            label="epoch there", act=acts.go_to_read, loss=("enter",)),
    Command("reveal", ("space",), "the next step; a hidden result is shown first",
            guess.reveal_or_next),
    Command("guess", ("equals_sign",), "your guess at a hidden result", asks=guess.guess,
            numbers=("enter",), entry=("enter",)),
    Command("enter", (), "one level deeper; your guess where the result is hidden",
            asks=guess.guess_or_into, program=("enter",)),
    Command("derive", ("d",), "the derivation of this line: its answer, or all of it",
            act=acts.derive),
    Command("derive-more", (), "one more line of the derivation", label="one more line",
            act=acts.derive_more, derive=("enter",)),
    Command("edit", ("e",), "edit a weight, an input, a target or a constant", asks=edit.edit),
    Command("undo", ("U",), "undo the last edit", edit.undo),
    Command("undo-all", (), "undo every edit", edit.undo_all),
    Command("nudge", ("plus",), "what a bit more of the selected weight does to the loss",
            edit.nudged(1e-4)),
    Command("nudge-less", ("minus",), "what a bit less of it does", edit.nudged(-1e-4)),
    Command("restart", (), "all from the beginning; only breakpoints and watches stay",
            restart.restart, counted=counts.none),
    Command("screenshot", (), "the screen as SVG, a file's name behind it: screenshot my.svg",
            act=acts.draw, takes=acts.draw),
    Command("theme", ("T",), "other colours: dark, light, high contrast, colour-blind safe",
            act=acts.next_theme),
    Command("language", ("Z",), "the other language, from now on: English or Chinese",
            label="language", act=acts.next_language),
))  # fmt: skip

TEACHING: Commands = (
    Command("go-on", (), "on in the lesson, or your answer to what it asks", label="go on",
            act=in_lesson(lambda teacher: teacher.go_on()), lesson=("enter",)),
    Command("hint", ("H",), "a hint of the lesson, three in all", label="hint",
            act=in_lesson(lambda teacher: teacher.hint())),
    Command("skip", ("S",), "skip this step of the lesson; asks first", label="skip",
            act=in_lesson(lambda teacher: teacher.skip())),
    Command("lesson", ("B",), "back to where the lesson stands", label="return",
            act=in_lesson(lambda teacher: teacher.come_back())),
    Command("list", ("L",), "all lessons, and how far each is done", label="lessons",
            act=in_lesson(lambda teacher: teacher.list())),
    Command("reset", ("R",), "begin this lesson again; asks first", label="reset",
            act=in_lesson(lambda teacher: teacher.reset())),
    Command("choose", (), "a choice by its number, or the first sign of your answer",
            keyed=acts.choose, lesson=(*DIGITS, "minus")),
    Command("read-on", (), "further down in the lesson", label="scroll", shown="up down",
            act=in_lesson(lambda teacher: teacher.read(1)), lesson=("down", "j")),
    Command("read-back", (), "further up in the lesson",
            act=in_lesson(lambda teacher: teacher.read(-1)), lesson=("up", "k")),
    Command("read-page", (), "a page further down in the lesson",
            act=in_lesson(lambda teacher: teacher.read_page(1)), lesson=("pagedown",)),
    Command("read-page-back", (), "a page further up in the lesson",
            act=in_lesson(lambda teacher: teacher.read_page(-1)), lesson=("pageup",)),
)  # fmt: skip
"""The commands available while a lesson is open."""


def taught(commands: Commands) -> Commands:
    """The commands with those of a lesson inserted: `go-on` after help and quit, the others after
    `next` and `back`."""
    return (*commands[:2], *TEACHING[:1], *commands[2:4], *TEACHING[1:], *commands[4:])


def name_keys(commands: Commands) -> None:
    """Registers the keys that sentences name: `{key_go_back}` for the command `go-back`."""
    KEYS.update({f"key_{c.id.replace('-', '_')}": _called(c, commands) for c in commands})


def _called(command: Command, commands: Commands) -> str:
    """Its key, or, without one, the key that opens the list of commands and its name there."""
    if command.any_key:
        return key_name(command.any_key)
    opens = next(c for c in commands if c.id == "palette").any_key
    return f"{key_name(opens)}{' ' * (len(key_name(opens)) > 1)}{command.name}"


name_keys(taught(COMMANDS))


def find(key: str, panel: Panel | None, commands: Commands = COMMANDS) -> Command | None:
    """The command of a key while `panel` has the focus; None without one."""
    return next((c for c in commands if key in c.keys_in(panel)), None)


def in_footer(panel: Panel | None, commands: Commands = COMMANDS) -> Iterator[Command]:
    """The commands of the footer, help and quit first."""
    return (command for command in commands if command.label and command.keys_in(panel))


def pressed(
    command: Command, word: str, panel: Panel | None, commands: Commands = COMMANDS
) -> Command:
    """The command of one key of a footer entry: of `[` in `] [ line`."""
    names = {key_name(key): key for c in commands for key in c.keys_in(panel)}
    return (find(names.get(word, ""), panel, commands) or command) if command.shown else command
