"""The program as boxes and arrows: everything of it is there, once, and can be followed by eye."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from stepper.labs.load import load
from stepper.labs.source import lab_names
from stepper.program.code import compile_program
from stepper.program.find import read_in_order
from stepper.program.program import Program
from stepper.program.trace import Trace, run
from stepper.show.graph import Graph, graph
from stepper.show.graph_draw import Spot
from stepper.show.graph_lines import DOWN, LEFT, RIGHT, UP
from stepper.show.rows import Look, Row
from stepper.show.translation import WORDS
from tests.show.walks import traced
from tests.strategies import Net, nets

ASCII = Look(ascii=True)
WAYS = {UP: (0, -1), DOWN: (0, 1), LEFT: (-1, 0), RIGHT: (1, 0)}
BACK = {UP: DOWN, DOWN: UP, LEFT: RIGHT, RIGHT: LEFT}

RESIDUAL = """
a1 = tanh(W1 @ X + b1)
a2 = a1 + tanh(W2 @ a1 + b2)
a3 = a2 + a1 + tanh(W3 @ a2)
J = mean((a3 - y)**2)
"""
SHARED = """
h1 = tanh(W @ X + b)
h2 = tanh(W @ h1 + b)
h3 = tanh(W @ h2 + b)
J = mean((h3 - y)**2) + 0.1 * sum(W**2)
"""
DEEP = """
a1 = sigmoid(W1 @ X + b1)
a2 = relu(W2 @ a1 + b2)
a3 = tanh(W3 @ a2 + b3)
a4 = sigmoid(W4 @ a3 + b4)
J = bce(a4, y)
"""


def lab_trace(spec: str) -> Trace:
    lab = load(spec)
    return lab.trace(lab.sample)


def residual() -> Trace:
    sizes = {"W1": (3, 2), "W2": (3, 3), "W3": (3, 3), "b1": (3, 1), "b2": (3, 1)}
    return traced(RESIDUAL, **sizes, X=(2, 1), y=(3, 1))


def shared() -> Trace:
    return traced(SHARED, W=(2, 2), b=(2, 1), X=(2, 5), y=(2, 5), samples=5)


def deep() -> Trace:
    sizes = {f"W{k}": (3, 2 if k == 1 else 3) for k in (1, 2, 3)}
    return traced(DEEP, **sizes, b1=(3, 1), b2=(3, 1), b3=(3, 1), W4=(1, 3), b4=(1, 1), X=(2, 1),
                  y=(1, 1))  # fmt: skip


VARIANTS = ("xor:momentum", "mazur:updated-weight")
TRACES = {name: (lambda name=name: lab_trace(name)) for name in (*lab_names(), *VARIANTS)}
TRACES |= {"residual": residual, "shared weights": shared, "three hidden layers": deep}


def shapes_of(trace: Trace) -> dict[str, tuple[int, ...]]:
    return {name: np.shape(trace.last(name)) for name in trace.code.names}


@pytest.fixture(params=sorted(TRACES), scope="module")
def trace(request: pytest.FixtureRequest) -> Trace:
    made: Trace = TRACES[request.param]()
    return made


@pytest.fixture(params=[Look(), ASCII], ids=["unicode", "ascii"])
def picture(request: pytest.FixtureRequest, trace: Trace) -> Graph:
    return graph(trace.program, shapes_of(trace), request.param)


def operands(program: Program, number: int) -> set[str]:
    return {*read_in_order(program.lines[number - 1].tree)}


def plain(rows: list[Row]) -> list[str]:
    return ["".join(text for text, _ in row) for row in rows]


def still(picture: Graph) -> list[str]:
    return plain(picture.rows(None, (), lambda name: True))


def cells_of(picture: Graph, name: str) -> list[Spot]:
    """The cells of a box and of its mark."""
    x, y = picture.canvas.boxes[name]
    return [(x + k, y) for k in range(1 + len(picture.texts[name]))]


def label_cells(picture: Graph) -> Iterator[tuple[Spot, str]]:
    for (x, y), name in picture.canvas.shapes.items():
        yield from (((x + k, y), name) for k in range(len(picture.shapes[name])))


def test_every_name_has_one_box(trace: Trace, picture: Graph) -> None:
    wanted = {line.target for line in trace.program.lines}
    wanted |= {name for n, _ in trace.program.numbered() for name in operands(trace.program, n)}
    assert {*picture.canvas.boxes} == wanted
    text = "\n".join(still(picture))
    written = Counter(picture.texts.values())
    assert {box: text.count(box) for box in written} == written


def test_every_operand_has_an_arrow(trace: Trace, picture: Graph) -> None:
    program = trace.program
    lines = [(n, line) for n, line in program.numbered() if line.phase != "update"]
    assert picture.edges == {(o, line.target) for n, line in lines for o in operands(program, n)}
    for edge in picture.edges:
        check_way(picture, edge)


def check_way(picture: Graph, edge: tuple[str, str]) -> None:
    """An arrow starts at its source's box, goes on without a gap, and points at its target's."""
    own = {spot: w for spot, w in picture.canvas.wires.items() if edge in w.edges()}
    source, target = (set(cells_of(picture, name)) for name in edge)
    ends = Counter()
    for (x, y), wire in own.items():
        for arm in (arm for arm, edges in wire.arms.items() if edge in edges):
            there = (x + WAYS[arm][0], y + WAYS[arm][1])
            if there in own:
                assert edge in own[there].arms[BACK[arm]]
            else:
                ends["source"] += there in source
                ends["target"] += there in target and wire.head == arm
    assert ends == {"source": 1, "target": 1}
    assert sum(bool(w.head) for w in own.values()) == 1


def check_apart(picture: Graph) -> None:
    """No box, shape or arrow is drawn over another."""
    boxes = Counter(spot for name in picture.canvas.boxes for spot in cells_of(picture, name))
    labels = dict(label_cells(picture))
    headings = {(x + k, y) for (x, y), t in picture.headings.items() for k in range(cell_len(t))}
    assert max(boxes.values()) == 1
    assert len(labels) == len([*label_cells(picture)])
    assert not boxes.keys() & (labels.keys() | picture.canvas.wires.keys() | headings)
    assert not headings & (labels.keys() | picture.canvas.wires.keys())
    for spot, wire in picture.canvas.wires.items():
        if spot in labels:
            assert {source for source, _ in wire.edges()} == {labels[spot]}
        for edges in [*wire.arms.values(), *([wire.edges()] if wire.head else [])]:
            sources, targets = {s for s, _ in edges}, {t for _, t in edges}
            assert len(sources) == 1 or len(targets) == 1
        if wire.head:
            assert len({target for _, target in wire.edges()}) == 1


def check_ends(lines: list[str]) -> None:
    """Every line that is drawn goes on in the next cell, or ends at a box, a shape or an arrow."""
    for y, line in enumerate(lines[1:], 1):
        for x, sign in enumerate(line):
            for arm in _arms(sign):
                u, v = x + WAYS[arm][0], y + WAYS[arm][1]
                there = lines[v][u]
                crossing = arm in (LEFT, RIGHT) and there in "│┃┆┇"
                head = there in "▲▼"
                assert BACK[arm] in _arms(there) or crossing or head or _written(there, arm), (x, y)


def _written(sign: str, arm: int) -> bool:
    """Whether a line may end at a sign: at a shape's figures, from beside it, or at a box."""
    return sign.isdigit() if arm in (LEFT, RIGHT) else not sign.isspace()


def _arms(sign: str) -> set[int]:
    name = unicodedata.name(sign, "")
    if not name.startswith("BOX DRAWINGS"):
        return set()
    sides = {"UP": {UP}, "DOWN": {DOWN}, "LEFT": {LEFT}, "RIGHT": {RIGHT}, "VERTICAL": {UP, DOWN},
             "HORIZONTAL": {LEFT, RIGHT}}  # fmt: skip
    return {arm for word in name.split() for arm in sides.get(word, ())}


def test_nothing_is_drawn_over_anything(picture: Graph) -> None:
    check_apart(picture)


def test_every_line_ends_at_something(trace: Trace) -> None:
    picture = graph(trace.program, shapes_of(trace))
    check_ends(still(picture))
    for n, _ in trace.program.numbered():
        check_ends(plain(picture.rows(n, operands(trace.program, n), lambda name: True)))


def test_all_rows_are_equally_wide(trace: Trace, picture: Graph) -> None:
    for n, _ in trace.program.numbered():
        lines = plain(picture.rows(n, operands(trace.program, n), lambda name: False))
        assert {cell_len(line) for line in lines} == {picture.width}
        assert len(lines) == picture.height


def test_ascii_is_ascii(trace: Trace) -> None:
    picture = graph(trace.program, shapes_of(trace), ASCII)
    for n, _ in trace.program.numbered():
        rows = picture.rows(n, operands(trace.program, n), lambda name: len(name) > 2)
        assert "\n".join(plain(rows)).isascii()


def test_a_box_is_found_where_it_is(picture: Graph) -> None:
    for name in picture.canvas.boxes:
        assert picture.node_at(*picture.where(name)) == name
    spots = [(x, y) for x in range(picture.width) for y in range(picture.height)]
    found = {spot: picture.node_at(*spot) for spot in spots}
    for name in picture.canvas.boxes:
        assert [spot for spot, there in found.items() if there == name] == cells_of(picture, name)
    assert picture.node_at(-1, 0) is None


def test_every_box_bears_the_mark_of_its_state(trace: Trace, picture: Graph) -> None:
    program = trace.program
    here, read, absent = (">", "-", ".") if picture.look.ascii else ("►", "›", "·")
    for n, line in program.numbered():
        done = {*program.given, *(before.target for before in program.lines[:n])}
        lines = plain(picture.rows(n, operands(program, n), done.__contains__))
        for name, (x, y) in picture.canvas.boxes.items():
            seen = lines[y][x]
            if name == line.target:
                assert seen == here
            elif name in operands(program, n):
                assert seen == read
            else:
                assert seen == (" " if name in done else absent)


def test_inks_say_the_same_as_marks(trace: Trace) -> None:
    picture = graph(trace.program, shapes_of(trace))
    for n, line in trace.program.numbered():
        rows = picture.rows(n, operands(trace.program, n), lambda name: True)
        assert [text for row in rows for text, ink in row if ink == "here"] == [
            "►" + picture.texts[line.target]
        ]
        boxes = {"›" + picture.texts[o] for o in operands(trace.program, n) - {line.target}}
        marked = [text for row in rows for text, ink in row if ink == "mark"]
        assert all(any(box in text for text in marked) for box in boxes)


def test_the_arrows_of_the_current_line_are_heavy(trace: Trace) -> None:
    picture = graph(trace.program, shapes_of(trace))
    for n, line in trace.program.numbered():
        lines = plain(picture.rows(n, operands(trace.program, n), lambda name: True))
        own = {s for s, w in picture.canvas.wires.items() for e in w.edges() if e[1] == line.target}
        heavy = {
            (x, y) for y, row in enumerate(lines) for x, sign in enumerate(row)
            if "HEAVY" in unicodedata.name(sign)
        }  # fmt: skip
        labels = {spot for spot, _ in label_cells(picture)}
        heads = {s for s, w in picture.canvas.wires.items() if w.head}
        reached = line.phase != "update"
        assert heavy == (own - labels - heads if reached else set())


def test_a_gradient_stands_beside_what_it_belongs_to(trace: Trace) -> None:
    picture = graph(trace.program, shapes_of(trace))
    for line in trace.program.phase("backward"):
        if line.of is not None:
            (x, y), (u, v) = picture.where(line.of), picture.where(line.target)
            assert y == v
            assert x < u


def test_forward_runs_down_and_backward_runs_up(trace: Trace) -> None:
    picture = graph(trace.program, shapes_of(trace))
    backward = {line.target for line in trace.program.phase("backward")}
    of = {line.target for line in trace.program.phase("backward") if line.of}
    for source, target in picture.edges:
        down = picture.where(target)[1] - picture.where(source)[1]
        if target not in backward:
            assert down > 0
        elif {source, target} <= of:
            assert down < 0


def test_every_arrow_bears_the_shape_of_what_it_carries(trace: Trace) -> None:
    shapes = shapes_of(trace)
    picture = graph(trace.program, shapes)
    lines = still(picture)
    if not any(shapes[name] for name in picture.canvas.boxes):
        assert not any(picture.shapes.values())
        return
    named = dict.fromkeys(picture.canvas.shapes.values())
    assert {source for source, _ in picture.edges} <= named.keys()
    for (x, y), name in picture.canvas.shapes.items():
        shape = "×".join(map(str, shapes[name])) or "1"
        assert lines[y][x:].startswith(shape)


def test_xor_as_a_student_sees_it() -> None:
    trace = lab_trace("xor")
    picture = graph(trace.program, shapes_of(trace))
    done = {*trace.program.given, *(line.target for line in trace.program.lines[:13])}
    lines = plain(picture.rows(13, operands(trace.program, 13), done.__contains__))
    assert picture.width == 47
    assert [line.rstrip() for line in lines[6:21]] == [
        "              ▼4×1 ┌┄┄┄┄▲4×1     3×4      3×1",
        " [b2]  [W2]  [a1]  ┆·[∂J/∂a1]·[∂J/∂W2]·[∂J/∂b2]",
        "  │3×1  │3×4  │4×1 ┆    ▲        ▲        ▲",
        "  │     ├┄┄┄┄┄│┄┄┄┄┆┄┄┄┄┤        │        │",
        "  │     │     ├┄┄┄┄┴┄┄┄┄│┄┄┄┄┄┄┄┄┤        │",
        "  └─────┴─────▼         ├3×1─────┴────────┘",
        "             [z2]   ►[∂J/∂z2]",
        "              ▼3×1 ┏┅┅┅┅▲3×1     1×3      1×1",
        " [b3]  [W3] ›[a2]  ┇›[∂J/∂a2] [∂J/∂W3] [∂J/∂b3]",
        "  │1×1  │1×3  ┃3×1 ┇    ▲        ▲        ▲",
        "  │     ├┄┄┄┄┄┃┄┄┄┄┇┄┄┄┄┤        │        │",
        "  │     │     ┡┅┅┅┅┹┄┄┄┄│┄┄┄┄┄┄┄┄┤        │",
        "  └─────┴─────▼         ├1×1─────┴────────┘",
        "             [z3]    [∂J/∂z3]",
        "              ▼1×1 ┌┄┄┄┄▲1×1",
    ]


def test_wide_letters_of_another_language(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(WORDS, "forward", "前向傳播")
    monkeypatch.setitem(WORDS, "read again", "再讀一次")
    trace = lab_trace("micrograd")
    picture = graph(trace.program, shapes_of(trace))
    assert {cell_len(line) for line in still(picture)} == {picture.width}
    assert still(picture)[0].startswith("▼ 前向傳播  ▲")


def test_a_shape_that_is_not_known_is_not_drawn() -> None:
    trace = lab_trace("xor")
    picture = graph(trace.program, {"z1": (4, 1)})
    assert [*picture.canvas.shapes.values()] == ["z1"]


@given(nets(), st.sampled_from((Look(), ASCII)))
@settings(max_examples=40, deadline=None)
def test_random_networks(net: Net, look: Look) -> None:
    program = net.program()
    values = run(compile_program(program), net.values)
    picture = graph(program, shapes_of(values), look)
    assert {line.target for line in program.lines} <= {*picture.canvas.boxes}
    check_apart(picture)
    for edge in picture.edges:
        check_way(picture, edge)
    lines = still(picture)
    assert {cell_len(line) for line in lines} == {picture.width}
    check_ends(lines)


@st.composite
def circuits(draw: st.DrawFn) -> str:
    """Scalar circuits in which every line reads any names before it."""
    known = ["w1", "w2", "w3"]
    lines = []
    for k in range(draw(st.integers(1, 8))):
        a, b, c = (draw(st.sampled_from(known)) for _ in range(3))
        form = draw(st.sampled_from(("{a} * {b}", "{a} + {b} * {c}", "tanh({a})")))
        lines.append(f"v{k} = {form.format(a=a, b=b, c=c)}")
        known.append(f"v{k}")
    return "\n".join([*lines, f"J = {' + '.join(f'{n}**2' for n in known)}"])


@given(circuits())
@settings(max_examples=60, deadline=None)
def test_random_circuits(source: str) -> None:
    trace = traced(source, w1=(), w2=(), w3=())
    picture = graph(trace.program, shapes_of(trace))
    check_apart(picture)
    for edge in picture.edges:
        check_way(picture, edge)
    check_ends(still(picture))


def test_names_in_chinese_letters_have_boxes_of_their_own_width() -> None:
    lines = "加權 = 權重 @ X + b\n輸出 = sigmoid(加權)\nJ = mean((輸出 - y)**2)"
    trace = traced(lines, 權重=(1, 2), b=(1, 1), X=(2, 1), y=(1, 1))
    picture = graph(trace.program, shapes_of(trace))
    drawn = still(picture)
    assert all(box in "\n".join(drawn) for box in picture.texts.values()), drawn
    for name, (x, y) in picture.canvas.boxes.items():
        before = drawn[y][: drawn[y].index(picture.texts[name])]
        assert cell_len(before) == x + 1
        for k in range(1, cell_len(picture.texts[name])):
            assert picture.node_at(x + k, y) == name
