"""YAML is read strictly: whatever an editor can get wrong is a problem with a line, not a crash."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.engine.source import (
    MAX_BYTES,
    MAX_DEPTH,
    MAX_DIGITS,
    ContentError,
    Document,
    Problem,
    read,
)


@pytest.fixture
def read_bytes(tmp_path):
    """Reads bytes as if they were the file ``shown.yaml``."""

    def reading(raw: bytes) -> Document:
        path = tmp_path / "entry.yaml"
        path.write_bytes(raw)
        return read(path, "shown.yaml")

    return reading


def only(document: Document) -> Problem:
    """The one problem of *document*."""
    (problem,) = document.problems
    return problem


def test_source_read_gives_plain_values(read_bytes):
    """Text, whole numbers, true and false, lists and keys come back as written."""
    document = read_bytes(
        "a: 运营\nb: 12\nc: true\nd: [x, 'no']\ne: {f: \"1.10\"}\ng: 0\nh: -216\n".encode()
    )
    assert document.problems == []
    assert document.value == {
        "a": "运营",
        "b": 12,
        "c": True,
        "d": ["x", "no"],
        "e": {"f": "1.10"},
        "g": 0,
        "h": -216,
    }


def test_source_read_accepts_a_byte_order_mark(read_bytes):
    """A file saved by Windows Notepad is as good as any other."""
    document = read_bytes(b"\xef\xbb\xbftitle: x\n")
    assert (document.value, document.problems) == ({"title": "x"}, [])


@pytest.mark.parametrize(
    ("raw", "line", "key"),
    [
        pytest.param(b"a: x\nb: y\na: z\n", 3, "a", id="top"),
        pytest.param(b"a:\n  b: x\n  b: y\n", 3, "b", id="nested"),
        pytest.param(b"- a: x\n- {b: x, b: y}\n", 2, "b", id="flow"),
        pytest.param(b"a: x\n'a': y\n", 2, "a", id="quoted-and-plain"),
    ],
)
def test_source_read_refuses_a_duplicate_key(read_bytes, raw, line, key):
    """A key written twice is named at its second place; PyYAML would keep the last silently."""
    problem = only(read_bytes(raw))
    assert (problem.line, problem.message) == (line, f"duplicate key '{key}'")


@pytest.mark.parametrize(
    "scalar",
    [
        "no",
        "yes",
        "on",
        "True",
        "12:30",
        "1.10",
        ".inf",
        "null",
        "~",
        "2024-01-01",
        "+1",
        "-0",
        "-017",
        "017",
        "0x10",
        "1_000",
        "=",
    ],
)
def test_source_read_refuses_an_ambiguous_scalar(read_bytes, scalar):
    """What YAML would read as something other than the text it looks like must be quoted."""
    document = read_bytes(f"first: x\nsecond: {scalar}\n".encode())
    problem = only(document)
    assert problem.line == 2
    assert repr(scalar) in problem.message
    assert "quotes" in problem.message
    assert document.value == {"first": "x", "second": None}


@pytest.mark.parametrize("scalar", ["no", "12:30", "1.10", "null", "2024-01-01"])
def test_source_read_takes_a_quoted_scalar_as_text(read_bytes, scalar):
    """The advice to quote works."""
    document = read_bytes(f'a: "{scalar}"\n'.encode())
    assert (document.value, document.problems) == ({"a": scalar}, [])


def test_source_read_refuses_a_missing_value(read_bytes):
    """A key with nothing behind it is a problem of its line."""
    assert only(read_bytes(b"a: x\nb:\n")).line == 2


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(b"a: &x b\nc: *x\n", id="scalar"),
        pytest.param(b"a: &x [b]\nc: *x\n", id="list"),
        pytest.param(b"a: &x {b: c}\nd:\n  <<: *x\n", id="merge"),
        pytest.param(b"a: &x [*x]\n", id="recursive"),
    ],
)
def test_source_read_refuses_aliases(read_bytes, raw):
    """Nothing is reused by YAML alias, and a list that contains itself does not hang."""
    assert "anchors and aliases" in only(read_bytes(raw)).message


def test_source_read_survives_a_billion_laughs(read_bytes):
    """Aliases of aliases are refused, not expanded."""
    lines = ["a0: &a0 [x]"] + [f"a{i}: &a{i} [{f'*a{i - 1}, ' * 9}]" for i in range(1, 40)]
    document = read_bytes("\n".join(lines).encode())
    assert len(document.problems) == 39 * 9


def test_source_read_refuses_an_alias_as_key(read_bytes):
    """An alias is refused wherever it stands."""
    assert read_bytes(b"a: &x b\n*x : c\n").problems


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(b"a: !env HOME\n", id="own"),
        pytest.param(b"a: !!binary aGk=\n", id="binary"),
        pytest.param(b"a: !!float 1\n", id="float"),
        pytest.param(b"a: !!python/name:os.system x\n", id="python"),
        pytest.param(b"a: !x [1]\n", id="on-list"),
        pytest.param(b"a: !!python/object:os.system {b: c}\n", id="on-mapping"),
        pytest.param("a: !!int \u0663\n".encode(), id="int-in-other-digits"),
        pytest.param(b"a: !!set {b}\n", id="set"),
    ],
)
def test_source_read_refuses_a_tag(read_bytes, raw):
    """A YAML tag never decides what a value is."""
    assert only(read_bytes(raw)).line == 1


@pytest.mark.parametrize("raw", [b"", b"\n\n", b"# only a comment\n", b"---\n...\n"])
def test_source_read_refuses_an_empty_file(read_bytes, raw):
    """A file without content says so."""
    document = read_bytes(raw)
    assert document.value is None
    assert document.problems


@pytest.mark.parametrize(
    ("raw", "line"),
    [
        pytest.param("标题: 运营\n".encode("gb18030"), 1, id="gb18030"),
        pytest.param(b"a: x\nb: \xff\n", 2, id="second-line"),
        pytest.param("a: x\n".encode("utf-16"), 1, id="utf-16"),
        pytest.param(b"a: \xed\xa0\x80\n", 1, id="surrogate"),
        pytest.param(b"\xef\xbb\xbfa: x\n\xff\n", 2, id="after-byte-order-mark"),
    ],
)
def test_source_read_refuses_what_is_not_utf8(read_bytes, raw, line):
    """Text in another encoding is named with the line of its first strange byte."""
    problem = only(read_bytes(raw))
    assert problem.line == line
    assert "UTF-8" in problem.message


@pytest.mark.parametrize(
    ("raw", "line"),
    [
        pytest.param(b"a: [1\nb: 2\n", 2, id="open-list"),
        pytest.param(b"a: x\nb: y: z\n", 2, id="second-colon"),
        pytest.param(b"a: x\n\tb: y\n", 2, id="tab"),
        pytest.param(b"a: x\n---\nb: y\n", 2, id="second-document"),
        pytest.param(b"a: x\nb: *unknown\n", 2, id="unknown-alias"),
        pytest.param(b"a: \x00\n", 1, id="nul"),
    ],
)
def test_source_read_names_the_line_of_broken_yaml(read_bytes, raw, line):
    """What is not YAML at all is one problem with the line where the reader gave up."""
    problem = only(read_bytes(raw))
    assert (problem.file, problem.line, problem.level) == ("shown.yaml", line, "error")
    assert problem.message.startswith("not valid YAML: ")


def test_source_read_refuses_an_oversized_file(read_bytes):
    """A file over the limit is not even parsed; one at the limit is."""
    fill = b"a: " + b"x" * (MAX_BYTES - 3)
    assert read_bytes(fill).problems == []
    document = read_bytes(fill + b"x")
    assert document.value is None
    assert "1,000,000 bytes" in only(document).message


def test_source_read_refuses_a_key_that_is_a_list(read_bytes):
    """A key must be a plain word; the other keys are still read."""
    document = read_bytes(b"? [a]\n: b\nc: d\n")
    assert only(document).line == 1
    assert document.value == {"c": "d"}


@pytest.mark.parametrize(
    "digits",
    [
        pytest.param(b"9" * 5_000, id="5000-digits"),
        pytest.param(b"!!int \xc2\xb2", id="superscript"),
    ],
)
def test_source_read_survives_numbers_that_are_none(read_bytes, digits):
    """A number that Python cannot take is a problem of the file."""
    assert read_bytes(b"a: " + digits).problems


@pytest.mark.parametrize("depth", [3_000, 30_000])
def test_source_read_survives_deep_nesting(tmp_path, depth):
    """Deeply nested brackets are a problem of the file, not the end of the process."""
    path = tmp_path / "deep.yaml"
    path.write_bytes(b"[" * depth + b"]" * depth)
    code = (
        "import pathlib, sys; from knowledge.engine.source import read;"
        "sys.exit(not read(pathlib.Path(sys.argv[1]), 'deep.yaml').problems)"
    )
    house = Path(__file__).parent.parent
    done = subprocess.run(
        [sys.executable, "-c", code, path], check=False, cwd=house, capture_output=True
    )
    assert done.returncode == 0


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(b"- " * (MAX_DEPTH + 1) + b"x", id="dashes"),
        pytest.param(b"".join(b" " * i + b"a:\n" for i in range(MAX_DEPTH + 1)), id="indents"),
        pytest.param(b"? " * 200_000 + b"x", id="question-marks"),
        pytest.param(b"[" * 900_000, id="never-closed"),
    ],
)
def test_source_read_limits_depth_in_every_style(read_bytes, raw):
    """Blocks nest as deep as brackets, and the limit holds for them too."""
    problem = only(read_bytes(raw))
    assert "levels deep" in problem.message
    assert 1 <= problem.line <= MAX_DEPTH + 1


def test_source_read_allows_the_deepest_nesting(read_bytes):
    """The limit itself is allowed, and lists side by side do not add up."""
    deepest = b"[" * (MAX_DEPTH - 1) + b"x" + b"]" * (MAX_DEPTH - 1)
    assert read_bytes(b"- " + deepest + b"\n- " + deepest).problems == []


def test_source_read_shortens_what_it_quotes(read_bytes):
    """A number of five thousand digits is not printed in full."""
    assert len(only(read_bytes(b"a: " + b"9" * 5_000)).message) < 150


def test_source_read_takes_numbers_of_fifteen_digits(read_bytes):
    """The longest whole number is still one; one digit more is not."""
    assert read_bytes(b"a: " + b"9" * MAX_DIGITS).value == {"a": int("9" * MAX_DIGITS)}
    assert read_bytes(b"a: 1" + b"9" * MAX_DIGITS).problems


def test_source_read_collects_every_problem(read_bytes):
    """One reading names all that is wrong, each at its line."""
    document = read_bytes(b"a: no\nb: 1.10\na: x\nc: [12:30, ok, ~]\n")
    assert [problem.line for problem in document.problems] == [1, 2, 3, 4, 4]


@pytest.mark.parametrize(
    ("place", "line"),
    [
        pytest.param((), 1, id="document"),
        pytest.param(("b",), 2, id="key"),
        pytest.param(("b", 0), 3, id="item"),
        pytest.param(("b", 1), 4, id="second-item"),
        pytest.param(("b", 1, "d"), 5, id="key-in-item"),
        pytest.param(("b", 1, "zzz"), 4, id="absent-falls-to-parent"),
        pytest.param(("zzz", 7, "y"), 1, id="absent-falls-to-document"),
    ],
)
def test_source_document_remembers_lines(read_bytes, place, line):
    """Every value knows its line; what is absent has the line of its nearest parent."""
    document = read_bytes(b"a: x\nb:\n  - one\n  - c: y\n    d: z\n")
    assert document.line(place) == line
    problem = document.problem(place, "oh", "warning")
    assert str(problem) == f"shown.yaml:{line}: warning: oh"


def test_source_read_raises_for_a_bad_path(tmp_path):
    """A file that is not there is the caller's mistake, not a problem of content."""
    with pytest.raises(OSError):
        read(tmp_path / "absent.yaml", "absent.yaml")


def test_source_content_error_lists_problems_in_order():
    """The error prints every problem, sorted by file and line."""
    late, early = Problem("b", 1, "error", "x"), Problem("a", 9, "error", "y")
    error = ContentError(iter([late, early]))
    assert error.problems == (early, late)
    assert str(error) == "a:9: error: y\nb:1: error: x"


YAML_LIKE = st.text(alphabet="ab01.:-~?!&*[]{}<>|%#'\", \n\t运营\u0085\ufeff", max_size=60)


@settings(max_examples=300, deadline=None)
@given(raw=st.binary(max_size=200) | YAML_LIKE.map(str.encode))
def test_source_read_never_raises_for_bad_content(raw):
    """Arbitrary bytes give a value or problems whose lines lie within the file."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "any.yaml"
        path.write_bytes(raw)
        document = read(path, "any.yaml")
    assert document.value is not None or document.problems
    assert all(problem.line >= 1 for problem in document.problems)
