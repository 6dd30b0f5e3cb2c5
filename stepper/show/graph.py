"""A program as boxes and arrows: forward down the left side, backward up the right side.

A gradient stands beside the name that it belongs to. An unbroken arrow hands on a result, a dotted
one a value of the forward program that a backward line reads again. The shape is that of what the
arrow carries.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from stepper.expr.sentence import Sentence
from stepper.language.text import CODE, SCREEN, name_text
from stepper.program.program import Program
from stepper.show.graph_draw import Cell, Drawn, Spot, drawn, glyph
from stepper.show.graph_layout import Edge, places
from stepper.show.rows import Ink, Look, Row
from stepper.show.words import words
