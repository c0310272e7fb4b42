"""Files made to harm: each costs itself, says what to do, and leaves the others alone."""

from __future__ import annotations

import html
from collections import deque

import command
import hostile_files
import pytest
from hostile_files import row, xlsx
from posting_pages import WRITER, batch, table

from bot.errors import BadInput
from bot.exchange import readers as exchange
from bot.postings import cells, readers
from bot.postings.columns import Named
from bot.postings.model import Unreadable
from bot.texts import say
from knowledge.engine.model import LANGUAGES

HEADER = row(1, "description")
HOSTILE = [
    ("a cell in the last corner", "p.xlsx", hostile_files.far_cell(), "classify.file.vast"),
    ("a directory without an end", "p.xls", hostile_files.looping_xls(), "classify.file.vast"),
    ("too many columns", "p.csv", hostile_files.wide_csv(), "classify.row.wide"),
    ("too many columns of a sheet", "p.xlsx",
     xlsx(row(1, "id", ("ZZ1", "description"), ("XFD1", "x"))), "classify.row.wide"),
    ("too many members", "p.xlsx", hostile_files.crowded_zip(), "classify.file.bomb"),
    ("a picture", "p.csv", hostile_files.PNG, "classify.file.binary"),
    ("a photograph", "p.jsonl", hostile_files.JPEG, "classify.file.binary"),
]  # fmt: skip


def rows_of(path, pack):
    """All postings of a file, read as it is for strangers."""
    return list(readers.rows(path, readers.format_of(path), Named(), pack))


@pytest.mark.parametrize(
    ("name", "raw", "key"), [one[1:] for one in HOSTILE], ids=[one[0] for one in HOSTILE]
)
def test_hostile_file_is_refused_in_words(tmp_path, book, name, raw, key):
    """The server goes on, and the person is told in their language what to do."""
    path = tmp_path / name
    path.write_bytes(raw)
    with pytest.raises(Unreadable) as caught:
        rows_of(path, book.pack)
    assert caught.value.key == key
    assert len({caught.value.message(language) for language in LANGUAGES}) == len(LANGUAGES)


def test_hostile_row_is_told_in_its_place(tmp_path, book):
    """One row that is too wide, or holds too much, harms no other row."""
    wide = "x," * (cells.MAX_COLUMNS + 1)
    long = ",".join(["y" * (cells.MAX_CELL - 1)] * 2)
    path = tmp_path / "p.csv"
    path.write_text(f"id,description\n1,a\n{wide}z\n{long}\n4,d\n5,e{',' * 5_000}\n")
    rows = rows_of(path, book.pack)
    assert [one.number for one in rows] == [2, 3, 4, 5, 6]
    assert [one.problem and one.problem.key for one in rows] == [
        None, "classify.row.wide", "classify.row.large", None, None,
    ]  # fmt: skip
    assert rows[4].cells == {"id": "5", "description": "e"}


def test_hostile_line_is_told_in_its_place(tmp_path, book):
    """So is an object with a key for every grain of sand."""
    path = tmp_path / "p.jsonl"
    keys = ",".join(f'"k{i}":0' for i in range(cells.MAX_COLUMNS))
    path.write_text(f'{{"id":1,"description":"a",{keys}}}\n{{"id":2,"description":"b"}}\n')
    wide, sound = rows_of(path, book.pack)
    assert (wide.id, wide.problem.key) == (1, "classify.row.wide")
    assert sound.posting.description == "b"


def test_hostile_sheet_leaves_what_was_read(tmp_path, book):
    """Where reading ends in the middle, the rows so far stay, and the end is told after them."""
    rows = "".join(row(i, "Write articles") for i in range(2, 2_000))
    far = HEADER + row(1_048_576, ("XFD1048576", "x"))
    path = tmp_path / "p.xlsx"
    path.write_bytes(xlsx(HEADER + rows, far))
    *sound, last = rows_of(path, book.pack)
    assert len(sound) >= 1_000 and not any(one.problem for one in sound)
    assert last.problem.key == "classify.file.vast"
    assert (last.file, last.number) == (sound[-1].file, sound[-1].number + 1)


def test_hostile_text_is_told_no_end_of_times(tmp_path, book):
    """A text that stands in the file once and in the table everywhere is cut off."""
    path = tmp_path / "p.xlsx"
    path.write_bytes(hostile_files.repeated())
    rows = readers.rows(path, readers.format_of(path), Named(), book.pack)
    (last,) = deque(rows, maxlen=1)
    assert (last.number < 2_100, last.problem.key) == (True, "classify.file.long")


def test_large_tables_are_read_whole(tmp_path, book):
    """Tens of thousands of rows are no attack."""
    count = 30_000
    path = tmp_path / "p.xlsx"
    path.write_bytes(
        xlsx(HEADER + "".join(row(i, "Write articles", "x") for i in range(2, count + 2)))
    )
    assert sum(one.problem is None for one in rows_of(path, book.pack)) == count
    path = tmp_path / "p.csv"
    path.write_text("id,description\n" + "7,Write articles\n" * count * 2)
    assert sum(one.problem is None for one in rows_of(path, book.pack)) == count * 2


def test_hostile_file_is_refused_by_the_server_alone(server):
    """Of the files of an upload, those that can be read are classified; the server answers on."""
    with server.client() as client:
        _, page = batch(
            client, ("far.xlsx", hostile_files.far_cell()), ("a.txt", WRITER.encode()),
            ("loop.xls", hostile_files.looping_xls()), ("photo.csv", hostile_files.PNG),
            ("b.csv", table()),
        )  # fmt: skip
        page = html.unescape(page)
        assert say("en", "web.posting.done", done=8, broken=4) in page
        assert say("en", "classify.file.vast") in page
        assert say("en", "classify.file.binary") in page
        assert client.get("/healthz").status_code == 200


def test_hostile_table_of_few_bytes_does_not_fill_the_disk(server):
    """A wide header above many short rows would be written as millions of empty cells."""
    header = ",".join(["description", *(f"c{i}" for i in range(cells.MAX_COLUMNS - 1))])
    with server.client() as client:
        _, page = batch(client, ("a.csv", f"{header}\n".encode() + b"x\n" * 20_000))
        assert say("en", "classify.file.cells", limit="10,000,000") in html.unescape(page)


def test_hostile_file_is_refused_on_the_command_line(tmp_path):
    """The command reports it and does the others."""
    (tmp_path / "far.xlsx").write_bytes(hostile_files.far_cell())
    (tmp_path / "loop.xls").write_bytes(hostile_files.looping_xls())
    (tmp_path / "good.csv").write_text("id,description\n1,负责选题策划、撰写稿件\n", "utf-8")
    files = ["far.xlsx", "loop.xls", "good.csv"]
    _, err = command.run(tmp_path, "classify", *files, "--lang", "en", code=1)
    assert err.count(say("en", "classify.file.vast")) == 2
    assert (tmp_path / "good-classified.csv").exists()


@pytest.mark.parametrize(
    ("name", "raw", "key"),
    [
        pytest.param("p.xlsx", hostile_files.far_cell(), "classify.file.vast", id="corner"),
        pytest.param("p.xls", hostile_files.looping_xls(), "classify.file.vast", id="loop"),
        pytest.param("p.xlsx", hostile_files.crowded_zip(), "classify.file.bomb", id="members"),
    ],
)
def test_hostile_import_is_refused(tmp_path, name, raw, key):
    """A table of questions and answers is read beside the command as well."""
    path = tmp_path / name
    path.write_bytes(raw)
    with pytest.raises(BadInput) as caught:
        exchange.read(path)
    assert str(caught.value) == f"{name}: {Unreadable(key, size=f'{len(raw):,}')}"
