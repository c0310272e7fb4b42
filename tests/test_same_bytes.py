"""The same question on the same content gives the same bytes, whatever the process did before."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
import small_content
import thousand

from knowledge.engine.base import open_base
from rules.book import open_book

ROOT = Path(__file__).parent.parent
OWN = """\
id: concept.refund
title: 退换货期限
aliases: [运营计划, 什么时候, 内容日历表]
origin: organization
summary: 退换货期限是三十天。
definition: 三十天，从签收算起。
points:
  - 常见于日常工作
examples:
  - 退换货期限是什么
  - 什么叫退换货期限
near_misses:
  - 今天天气怎么样
"""


class Other:
    """Another process that answers the questions, with its own order of sets."""

    def __init__(self, questions: Path, cache: Path, seed: int) -> None:
        environment = os.environ | {"PYTHONHASHSEED": str(seed), "ZHIWEN_CACHE": str(cache)}
        environment["PYTHONPATH"] = str(ROOT)
        self._process = subprocess.Popen(
            [sys.executable, thousand.__file__, questions],
            stdout=subprocess.PIPE,
            env=environment,
            encoding="utf-8",
        )

    def answers(self) -> list[str]:
        """What it printed, once it is through."""
        out, _ = self._process.communicate()
        assert self._process.returncode == 0
        return out.splitlines()


@pytest.fixture(scope="module")
def questions(book, tmp_path_factory):
    """The file of questions."""
    return thousand.write(tmp_path_factory.mktemp("asked") / "questions.jsonl", book.base)


@pytest.fixture(scope="module")
def cache(tmp_path_factory):
    """A cache folder with nothing in it."""
    folder = tmp_path_factory.mktemp("cache")
    folder.chmod(0o700)
    return folder


@pytest.fixture(scope="module", autouse=True)
def cold(questions, cache):
    """A process that compiles first; it works while the tests of this process do."""
    return Other(questions, cache, seed=1)


@pytest.fixture(scope="module")
def expected(book, questions):
    """The answers by the book that all tests share."""
    return thousand.answers(questions, book)


def test_thousand_questions_are_hardly_settled(book, questions, expected):
    """They are what the promise is about: many, and decided by scores instead of looked up."""
    asked = thousand.questions(book.base)
    told = [row for row in expected if '"kind": "example"' not in row]
    assert len(asked) == len(expected) == thousand.MANY
    assert len({row["question"] for row in asked}) > 0.9 * thousand.MANY
    assert len(told) > 0.9 * thousand.MANY


def test_same_bytes_after_ten_reloads(questions, expected):
    """Opening the same content again adds to nothing."""
    books = [open_book(open_base()) for _ in range(10)]
    assert thousand.answers(questions, books[-1]) == expected


def test_same_bytes_beside_other_contents(book, questions, expected, tmp_path):
    """Neither an overlay nor another whole content, compiled beside, is heard in the answers."""
    small = small_content.write(tmp_path / "knowledge")
    small_content.put(tmp_path / "own" / "concepts" / "refund.yaml", OWN)
    for i, own in enumerate((None, tmp_path / "own")):
        into = tmp_path / f"into{i}"
        into.mkdir()
        open_book(open_base(small, into=into, own=own), into=into)
    assert thousand.answers(questions, book) == expected
    assert thousand.answers(questions, open_book(open_base())) == expected


def _tried(root, into, hidden):
    """The base below *root* without those *hidden*, compiled in a folder of its own."""
    into.mkdir()
    return open_base(root, into=into, hidden=hidden)


def test_same_words_for_every_audience(tmp_path):
    """What is hidden from someone cuts and weighs their text as it does everyone's."""
    small = small_content.write(tmp_path / "knowledge")
    whole, less = (
        _tried(small, tmp_path / name, hidden)
        for name, hidden in (("whole", frozenset()), ("less", frozenset({"concept.landing_page"})))
    )
    asked = "落地页概念跟优惠券有什么区别"
    assert "concept.landing_page" not in less.ids()
    assert list(less.words.cut(asked)) == list(whole.words.cut(asked))
    assert [less.words.rarity(w) for w in less.words.cut(asked)] == [
        whole.words.rarity(w) for w in whole.words.cut(asked)
    ]


def test_same_bytes_in_other_processes_cold_and_warm(questions, cache, cold, expected):
    """Compiling first or finding it compiled, and with sets in another order."""
    assert cold.answers() == expected
    assert Other(questions, cache, seed=2).answers() == expected
