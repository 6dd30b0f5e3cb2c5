"""A learner's numbers from files: read with their digits, or refused in one message."""

from __future__ import annotations

import json
import os
import tracemalloc
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stepper.check.limits import MOST_BYTES, MOST_NUMBERS
from stepper.check.number_files import READERS, grid
from stepper.expr.errors import StepperError

MATRIX = np.array([[0.1, -2.5e-7, 3.0], [1 / 3, 4e10, -0.0]])


def values(source: str | Path) -> Any:
    return np.array([[float(n.exact) for n in row] for row in grid(str(source), "g").rows])


def texts(source: str | Path) -> list[list[str]]:
    return [[n.text for n in row] for row in grid(str(source), "g").rows]


def written(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


@pytest.mark.parametrize("separator", [",", ";", "\t", " ", ", "])
@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_a_csv_of_any_make(tmp_path: Path, separator: str, ending: str) -> None:
    lines = [separator.join(row) for row in (["1.50", "-2e-3"], ["0.1", "7"])]
    path = written(tmp_path, "mine.csv", "# by hand" + ending + ending.join(lines) + ending * 2)
    assert texts(path) == [["1.50", "-2e-3"], ["0.1", "7"]]


def test_what_numpy_saves_is_read_back(tmp_path: Path) -> None:
    np.savetxt(tmp_path / "a.txt", MATRIX)
    np.savetxt(tmp_path / "a.csv", MATRIX, delimiter=",", header="two rows")
    np.save(tmp_path / "a.npy", MATRIX)
    np.save(tmp_path / "f.npy", np.asfortranarray(MATRIX))
    (tmp_path / "a.json").write_text(json.dumps(MATRIX.tolist()))
    (tmp_path / "named.json").write_text(json.dumps({"f": 1, "g": MATRIX.tolist()}))
    for name in ("a.txt", "a.csv", "a.npy", "f.npy", "a.json", "named.json"):
        np.testing.assert_allclose(values(tmp_path / name), MATRIX, rtol=1e-14)


@pytest.mark.parametrize("kind", ["<f4", ">f8", "f2", "i8", "u1", "?"])
def test_arrays_of_other_kinds(tmp_path: Path, kind: str) -> None:
    array = np.array([[1, 0], [1, 1]]).astype(kind)
    np.save(tmp_path / "a.npy", array)
    assert np.array_equal(values(tmp_path / "a.npy"), array.astype(float))


def test_a_single_precision_number_promises_no_more_digits_than_it_has(tmp_path: Path) -> None:
    np.save(tmp_path / "a.npy", np.float32([[1 / 3]]))
    assert float(texts(tmp_path / "a.npy")[0][0]) == pytest.approx(1 / 3, abs=5e-6)
    assert len(texts(tmp_path / "a.npy")[0][0]) < len("3.333333e-01")


def test_typed_in_place() -> None:
    assert texts("[[1.0, 2], [3, -4.50]]") == [["1.0", "2"], ["3", "-4.50"]]
    assert texts("np.array([[1, 2]])") == [["1", "2"]]
    assert texts("-0.25") == [["-0.25"]]


@pytest.mark.parametrize("written", [str, repr])
def test_what_numpy_prints_is_read_from_a_file(tmp_path: Path, written: Any) -> None:
    array = np.array([[-0.25, 3e-05], [1.0, 20.5]])
    (tmp_path / "a.txt").write_text(written(array))
    assert np.array_equal(values(tmp_path / "a.txt"), array)


def npy(shape: Any, kind: str = "<f8", body: bytes = b"") -> bytes:
    header = f"{{'descr': '{kind}', 'fortran_order': False, 'shape': {shape!r}, }}".encode()
    header += b" " * (64 - (len(header) + 11) % 64) + b"\n"
    return b"\x93NUMPY\x01\x00" + len(header).to_bytes(2, "little") + header + body


HOSTILE = [
    ("empty.csv", b"", "no number in it"),
    ("comment.csv", b"# nothing\n", "no number in it"),
    ("heading.csv", b"w1,w2\n1,2\n", "row 1, column 1: `w1` is no number; leave headings out"),
    ("nan.csv", b"1,2\n3,nan\n", "row 2, column 2: `nan` is no number"),
    ("inf.csv", b"1,-inf\n", "`-inf` is no number"),
    ("comma.csv", b"0,5;0,6\n", "`0,5` is no number"),
    ("gap.csv", b"1,,2\n", "row 1, column 2: `` is no number"),
    ("ragged.csv", b"1,2\n3\n", "row 2 has 1 numbers, and row 1 has 2"),
    ("code.csv", b"__import__('os').getcwd()\n", "is no number"),
    ("long.csv", b"1" * 50, "40 digits"),
    ("utf16.csv", "1,2\n".encode("utf-16"), "no text"),
    ("zeros.csv", b"1,2\0\n", "zero bytes"),
    ("many.csv", b"1,2,3,4,5,6,7,8,9,0\n" * (MOST_NUMBERS // 10 + 1), "more than 100000 numbers"),
    ("empty.json", b"", "no JSON"),
    ("nan.json", b"[[NaN]]", "`NaN` is no number"),
    ("axis.json", b"[1, 2]", "one axis only"),
    ("word.json", b'[["a", 2]]', 'row 1 holds "a"'),
    ("null.json", b"[[null]]", "row 1 holds null"),
    ("nested.json", b"[[[1]]]", "row 1 holds a list"),
    ("hollow.json", b"[[], []]", "row 1 is empty"),
    ("none.json", b"[]", "no number in it"),
    ("text.json", b'"hello"', "list of rows"),
    ("other.json", b'{"h": [[1]]}', "nothing under the name g"),
    ("deep.json", b"[" * 100_000, "no deeper"),
    ("long.json", b"[[" + b"1" * 50 + b"]]", "40 digits"),
    ("empty.npy", b"", "no file that np.save wrote"),
    ("junk.npy", b"PK\x03\x04 a zip", "no file that np.save wrote"),
    ("late.npy", b"\x93NUMPY\x09\x00" + b" " * 80, "no file that np.save wrote"),
    ("cut.npy", npy((2, 2))[:40], "no file that np.save wrote"),
    ("short.npy", npy((2, 2), body=b"\0" * 8), "ends before its 4 numbers"),
    ("vast.npy", npy((10**9, 10**9)), "more than 100000 numbers"),
    ("minus.npy", npy((-2, 2), body=b"\0" * 64), "no number in it"),
    ("none.npy", npy((0, 3)), "no number in it"),
    ("objects.npy", npy((1, 1), "|O", b"cos\nsystem\n."), "is to run code"),
    ("words.npy", npy((1, 1), "<U3", b"\0" * 12), "no real numbers"),
    ("complex.npy", npy((1, 1), "<c16", b"\0" * 16), "complex128 and no real numbers"),
    ("axis.npy", npy((2,), body=b"\0" * 16), "keepdims=True"),
    ("cube.npy", npy((1, 1, 1), body=b"\0" * 8), "3 axes"),
    ("nan.npy", npy((1, 1), body=np.float64(np.nan).tobytes()), "it is nan at [0, 0]"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "content", "words"), HOSTILE, ids=[h[0] for h in HOSTILE])
def test_what_is_no_matrix_of_numbers_is_refused(
    tmp_path: Path, name: str, content: bytes, words: str
) -> None:
    path = written(tmp_path, name, content)
    with pytest.raises(StepperError) as caught:
        grid(str(path), "g")
    assert words in str(caught.value)
    assert str(caught.value).startswith(f"{path}: ")
    assert len(str(caught.value)) < len(str(path)) + 200


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("no-such.csv", "No such file"),
        ("mine.xlsx", ".csv, .tsv, .txt, .json, .npy"),
        ("mine", "cannot tell what"),
        ("[[1, 2], [3]]", "one length"),
        ("[1, 2]", "one axis only"),
        ("[[1, nan]]", "`nan`"),
        ("", "cannot tell"),
        ("a\0b.csv", "no name of a file"),
    ],
)
def test_what_is_no_file_is_refused(source: str, words: str) -> None:
    with pytest.raises(StepperError) as caught:
        grid(source, "g")
    assert words in str(caught.value)


def test_a_folder_or_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    (tmp_path / "a.csv").mkdir()
    os.mkfifo(tmp_path / "b.csv")
    for name in ("a.csv", "b.csv"):
        with pytest.raises(StepperError) as caught:
            grid(str(tmp_path / name), "g")
        assert "no file of numbers" in str(caught.value)


@pytest.mark.parametrize("suffix", sorted(READERS))
def test_a_file_of_50_mb_is_refused_unread(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"big{suffix}"
    with open(path, "wb") as file:
        file.truncate(50_000_000)
    tracemalloc.start()
    with pytest.raises(StepperError) as caught:
        grid(str(path), "g")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert "has 50 MB" in str(caught.value)
    assert peak < MOST_BYTES


@given(content=st.binary(max_size=300), suffix=st.sampled_from(sorted(READERS)))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_bytes_are_numbers_or_one_message(tmp_path: Path, content: bytes, suffix: str) -> None:
    path = written(tmp_path, f"any{suffix}", content)
    try:
        found = grid(str(path), "g")
    except StepperError as error:
        assert str(error)
    else:
        assert found.rows


@given(
    content=st.text(alphabet='0123456789.,;-+e[]{}"g: \n\tNaInf', max_size=60),
    suffix=st.sampled_from([".csv", ".json"]),
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_nearly_numbers_are_numbers_or_one_message(
    tmp_path: Path, content: str, suffix: str
) -> None:
    path = written(tmp_path, f"near{suffix}", content)
    try:
        rows = grid(str(path), "g").rows
    except StepperError as error:
        assert str(error)
    else:
        assert rows and len({len(row) for row in rows}) == 1


@given(content=st.binary(max_size=80))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_array_header_is_an_array_or_one_message(tmp_path: Path, content: bytes) -> None:
    head = b"\x93NUMPY\x01\x00" + len(content).to_bytes(2, "little")
    path = written(tmp_path, "any.npy", head + content)
    with pytest.raises(StepperError):
        grid(str(path), "g")
