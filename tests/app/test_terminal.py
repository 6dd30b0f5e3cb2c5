"""A terminal that draws the signs two cells wide, or not at all, gets ASCII by itself."""

import os
from threading import Thread
from unicodedata import east_asian_width

import pytest

from stepper.app import app, terminal
from stepper.app.terminal import SIGNS, cells_drawn, encodes, needs_ascii
from tests.app.screens import lab

pty = pytest.importorskip("pty")
LOCALES = {"LANG": "zh_TW.UTF-8"}


class Fake:
    """The other end of a terminal: it says where its cursor is, each sign so many cells wide."""

    def __init__(self, wide, noise=b""):
        self.master, self.terminal = pty.openpty()
        self.wide, self.noise, self.written = wide, noise, b""
        self.thread = Thread(target=self._answer, daemon=True)
        self.thread.start()

    def _answer(self):
        while not self.written.endswith(b"\x1b[6n"):
            self.written += os.read(self.master, 64)
        column = len(SIGNS) * self.wide + 1
        if self.wide:
            os.write(self.master, self.noise + f"\x1b[24;{column}R".encode())

    def close(self):
        self.thread.join(5)
        os.close(self.master)
        os.close(self.terminal)


@pytest.fixture
def fake(request):
    made = Fake(*request.param)
    yield made
    made.close()


@pytest.mark.parametrize(
    ("fake", "cells"),
    [((1,), len(SIGNS)), ((2,), 2 * len(SIGNS)), ((2, b"n\x1b[A"), 2 * len(SIGNS)), ((0,), None)],
    indirect=["fake"],
)
def test_a_terminal_is_asked_how_wide_it_draws(fake, cells, monkeypatch):
    monkeypatch.setattr(terminal, "PATIENCE", 2.0 if cells else 0.05)
    termios = pytest.importorskip("termios")
    before = termios.tcgetattr(fake.terminal)
    assert cells_drawn(SIGNS, fake.terminal) == cells
    assert termios.tcgetattr(fake.terminal) == before
    assert fake.written == f"\r{SIGNS}\x1b[6n".encode()
    os.set_blocking(fake.master, False)
    assert os.read(fake.master, 64) == b"\r\x1b[K"


@pytest.mark.parametrize("fake", [(1,), (2,)], indirect=True)
def test_wide_signs_are_replaced_and_narrow_ones_kept(fake, monkeypatch):
    monkeypatch.setattr(terminal.os, "open", lambda *_: os.dup(fake.terminal))
    assert needs_ascii(LOCALES, "utf-8") == (fake.wide == 2)


@pytest.mark.parametrize("environ", [{}, {"LANG": "de_DE.UTF-8"}, {"LC_ALL": "C.UTF-8", **LOCALES}])
def test_where_wide_signs_are_unlikely_no_terminal_is_asked(environ, monkeypatch):
    monkeypatch.setattr(terminal, "_drawn_wide", lambda: pytest.fail("asked"))
    assert not needs_ascii(environ, "utf-8")


def test_without_a_terminal_nothing_is_asked(monkeypatch):
    def no_terminal(*_):
        raise OSError

    monkeypatch.setattr(terminal.os, "open", no_terminal)
    assert not needs_ascii(LOCALES, "utf-8")


@pytest.mark.parametrize("encoding", ["latin-1", "ascii", "big5", "cp437", "no such"])
def test_an_encoding_without_the_signs_means_ascii(encoding):
    assert needs_ascii({}, encoding)
    assert not encodes(encoding)
    assert encodes("utf-8")


def test_the_signs_are_those_that_may_be_wide():
    assert {east_asian_width(sign) for sign in SIGNS} == {"A"}


@pytest.mark.parametrize("wide", [True, False])
def test_the_app_opens_in_the_alphabet_that_the_terminal_can_draw(wide, monkeypatch, capsys):
    looks = []
    monkeypatch.setattr(app, "needs_ascii", lambda: wide)
    monkeypatch.setattr(app.StepperApp, "run", lambda self, **_: looks.append(self.debugger.look))
    app.run_app(lab(), 3)
    assert [look.ascii for look in looks] == [wide]
    assert "--ascii" not in capsys.readouterr().out
