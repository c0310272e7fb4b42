"""Uploads: theirs is the name, ours is the place; what is of no use leaves nothing behind."""

from __future__ import annotations

import io
import os
import stat

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.postings.documents import MAX_BYTES
from bot.postings.model import Unreadable
from bot.postings.uploads import MAX_FILES, MAX_NAME, receive, safe_name, tidy

NAMES = [
    ("postings.csv", "postings.csv"),
    ("岗位 表.xlsx", "岗位 表.xlsx"),
    ("../../etc/passwd", "passwd"),
    ("C:\\Users\\ann\\jobs.csv", "jobs.csv"),
    ("..", "posting"),
    ("", "posting"),
    ("/", "posting"),
    (".csv", "csv"),
    ("a\0b\n.csv", "ab.csv"),
    ('<img src=x onerror="a">.txt', "img src=xonerror=a.txt"),
    ("x" * 300 + ".csv", "x" * (MAX_NAME - 4) + ".csv"),
]


def files(*given_):
    """(name, content) of files as they come with a request."""
    return [(name, io.BytesIO(raw)) for name, raw in given_]


@pytest.mark.parametrize(("name", "kept"), NAMES[:9] + NAMES[10:])
def test_safe_name_is_the_last_part(name, kept):
    """What leads elsewhere is cut off, the ending is kept."""
    assert safe_name(name) == kept


@given(st.text(max_size=300))
def test_safe_name_leads_nowhere(name):
    """Whatever the name, it is one part of a path, short, and not empty."""
    kept = safe_name(name)
    assert kept not in ("", ".", "..")
    assert not set(kept) & set('/\\\0<>"')
    assert len(kept) <= MAX_NAME
    assert len(kept.encode()) < 255


def test_receive_keeps_files_private(tmp_path):
    """Only the server may enter the folder; the files keep their own names."""
    root = tmp_path / "batches"
    inbox = receive(files(("a.csv", b"title,description\n"), ("a.csv", b"x,y\n")), root)
    assert [upload.path.name for upload in inbox.uploads] == ["a.csv", "a.csv"]
    assert inbox.uploads[0].path.read_bytes() == b"title,description\n"
    for folder in (root, inbox.folder, inbox.uploads[0].path.parent):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    inbox.empty()
    assert list(root.iterdir()) == []


@pytest.mark.parametrize(
    ("given_", "key"),
    [
        pytest.param([("a.txt", b"")], "classify.file.empty", id="empty"),
        pytest.param([("a.txt", b"x" * (MAX_BYTES + 1))], "classify.file.large", id="large"),
        pytest.param(
            [("a.txt", b"x"), ("b.txt", b"x" * MAX_BYTES)], "classify.file.large", id="together"
        ),
        pytest.param([("a.txt", b"x")] * (MAX_FILES + 1), "web.posting.many_files", id="too-many"),
        pytest.param(
            [("a.zip", b"PK\x03\x04"), ("b.txt", b"")], "classify.file.damaged", id="none-of-use"
        ),
    ],
)
def test_receive_refuses_and_leaves_nothing(tmp_path, given_, key):
    """The reason is told, and no file stays."""
    with pytest.raises(Unreadable) as caught:
        receive(files(*given_), tmp_path)
    assert caught.value.key == key
    assert list(tmp_path.iterdir()) == []


def test_files_in_use_are_not_tidied_away(tmp_path):
    """Only what a process left behind that is gone; of an earlier release, what is old."""
    inbox = receive(files(("a.txt", b"x")), tmp_path)
    left, old, fresh = (tmp_path / f"upload-{name}" for name in ("left", "old", "fresh"))
    for folder in (left, old, fresh):
        folder.mkdir()
    (left / "lock").touch()
    os.utime(old, (0, 0))
    tidy(tmp_path)
    assert sorted(tmp_path.iterdir()) == sorted([inbox.folder, fresh])
    inbox.empty()
    assert sorted(tmp_path.iterdir()) == [fresh]


def test_receive_takes_what_is_of_use(tmp_path):
    """One file that cannot be read costs none of the others; its reason stays with it."""
    inbox = receive(files(("a.txt", b"x"), ("b.zip", b"PK\x03\x04")), tmp_path)
    one, other = inbox.uploads
    assert (one.form, one.problem) == ("text", None)
    assert (other.form, other.problem.key) == ("", "classify.file.damaged")
    inbox.empty()
