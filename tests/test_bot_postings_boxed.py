"""What strangers send is read beside the server, and for no longer than allowed."""

from __future__ import annotations

import time

import pytest
from test_bot_postings_readers import PAGE, WORD

from bot.postings import documents
from bot.postings.boxed import boxed
from bot.postings.model import Unreadable


def endless(path):
    """A parser that never ends."""
    while True:
        time.sleep(0.1)


def greedy(path):
    """A parser that wants all the memory there is."""
    return str(len(bytearray(1 << 40)))


def refusing(path):
    """A parser that knows why it cannot read the file."""
    raise Unreadable("classify.file.no_column", column="x", columns="a, b")


def fallen(path):
    """A parser that takes its process down."""
    raise SystemExit(3)


@pytest.mark.parametrize(
    ("read", "name", "raw"),
    [
        pytest.param(documents.pdf, "p.pdf", PAGE, id="pdf"),
        pytest.param(documents.docx, "p.docx", WORD, id="docx"),
        pytest.param(documents.text, "p.txt", b"Write articles", id="text"),
    ],
)
def test_boxed_reads_what_is_sound(tmp_path, read, name, raw):
    """In the box the words are the same as outside it."""
    path = tmp_path / name
    path.write_bytes(raw)
    assert boxed(read, path) == read(path)


@pytest.mark.parametrize(
    ("read", "seconds"),
    [
        pytest.param(endless, 0.5, id="endless"),
        pytest.param(greedy, 20, id="greedy"),
        pytest.param(fallen, 20, id="fallen"),
    ],
)
def test_boxed_ends_what_takes_too_much(tmp_path, read, seconds):
    """Time, memory, or the process itself: the person is told to give a simpler file."""
    with pytest.raises(Unreadable) as caught:
        boxed(read, tmp_path / "p.pdf", seconds)
    assert caught.value.key == "classify.file.slow"


def test_boxed_passes_on_why_a_file_cannot_be_read(tmp_path):
    """The reason comes out of the box with its values."""
    with pytest.raises(Unreadable) as caught:
        boxed(refusing, tmp_path / "p.pdf")
    assert caught.value.key == "classify.file.no_column"
    assert caught.value.values == {"column": "x", "columns": "a, b"}
