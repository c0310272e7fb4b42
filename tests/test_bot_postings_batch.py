"""Rows become results in order, lazily, and the same on one core or on several."""

from __future__ import annotations

import json
import pickle

import pytest

from bot.postings import batch, writers
from bot.postings.model import Row, Unreadable
from rules.postings.model import Posting

TEXTS = [
    "负责选题策划、组稿和文章编辑，审稿改稿",
    "负责后端系统开发，编写Java代码，优化数据库",
    "Own the editorial calendar, write articles and proofread",
    "",
    "콘텐츠 기획과 원고 작성, 원고 편집",
]


def rows(count, seen):
    """That many rows, one by one; each one that was asked for is put into *seen*."""
    for number in range(1, count + 1):
        seen.append(number)
        text = TEXTS[number % len(TEXTS)]
        yield Row("f", number, {"a": "1"}, Posting(text, "岗位" if number % 2 else ""), number)


def lines(results):
    """The objects of the lines, without the time they took."""
    made = [json.loads(result.line) for result in results]
    return [{key: value for key, value in line.items() if key != "elapsed_ms"} for line in made]


def test_batch_asks_for_one_row_at_a_time(book):
    """On one core a result costs one row; the rest of a stream is left alone."""
    seen = []
    results = batch.run(rows(10_000, seen), book.pack)
    assert seen == []
    next(results)
    next(results)
    assert seen == [1, 2]


def test_batch_on_two_cores_gives_the_same_lines_and_reads_little_ahead(book):
    """Same lines, same order; however long the stream, only some chunks are under way."""
    count, seen = 1_000, []
    results = batch.run(rows(count, seen), book.pack, 2, writers.json_line)
    first = next(results)
    assert len(seen) <= 2 * batch.AHEAD * batch.CHUNK < count
    two = lines([first, *results])
    one = lines(batch.run(rows(count, []), book.pack, 1, writers.json_line))
    assert len(two) == count
    assert two == one
    assert [line["id"] for line in two] == list(range(1, count + 1))


@pytest.mark.parametrize(
    "posting",
    [Posting(""), Posting(" \n\t"), Posting("\u3000", " ")],
    ids=["nothing", "blank", "w"],
)
def test_batch_tells_an_empty_row(book, posting):
    """A row without words is a problem of that row and keeps its columns."""
    (result,) = batch.run([Row("f", 3, {"a": "1"}, posting, "x")], book.pack)
    assert result.verdict is None
    assert (result.row.problem.key, result.row.number) == ("classify.row.empty", 3)
    assert (result.row.cells, result.row.id) == ({"a": "1"}, "x")


def test_batch_classifies_a_title_alone(book):
    """A title is enough to try."""
    (result,) = batch.run([Row("f", 1, posting=Posting("", "内容运营专员"))], book.pack)
    assert result.verdict.function == "content_operations"


def test_batch_passes_a_broken_row_on(book):
    """What could not be read comes out in its place, the rest is done."""
    broken = Row("f", 2, problem=Unreadable("classify.row.shape"))
    given = [Row("f", 1, posting=Posting(TEXTS[0])), broken, Row("f", 3, posting=Posting(TEXTS[0]))]
    results = list(batch.run(given, book.pack))
    assert [result.row.number for result in results] == [1, 2, 3]
    assert [result.verdict is None for result in results] == [False, True, False]


def test_batch_sends_a_problem_between_processes():
    """A problem arrives as what it was, and can still be told in every language."""
    sent = Unreadable("classify.row.long", limit="6")
    arrived = pickle.loads(pickle.dumps(sent))
    assert (arrived.key, arrived.values) == (sent.key, sent.values)
    assert arrived.message("ja") == sent.message("ja")
