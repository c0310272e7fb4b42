"""`zhiwen search` tells near texts apart where words are set off by spaces, and nowhere else."""

from __future__ import annotations

import pytest

from knowledge.engine.index import Text, build
from knowledge.engine.normal import fold
from knowledge.engine.ranking import DOCUMENTS, PLAIN
from knowledge.engine.words import Words

JIEBA = Words()
TEXTS = {
    "cache": "Why does the build ignore setup.cfg when the cache is cold?",
    "cache_all": "Why does the build ignore setup.cfg, tox.ini and pyproject.toml when the cache "
    "of the server is cold and the network is slow or the disk is full or the clock is wrong?",
    "login": "How do I log in with a token?",
    "lamp": "거실 등 켜 줘",
    "lamp_all": "거실 등 켜 줘 그리고 안방 선풍기 꺼 줘",
    "zh": "品牌定位写成一句话",
    "zh_all": "品牌定位写成一句话，所有部门照着说",
}


def index_of(ranking, texts=TEXTS):
    """An index of those texts, ranked so."""
    return build([Text(key, fold(text)) for key, text in texts.items()], JIEBA, ranking=ranking)


@pytest.fixture(scope="module")
def documents():
    """The texts as `zhiwen search` ranks them."""
    return index_of(DOCUMENTS)


@pytest.mark.parametrize(
    ("question", "key"),
    [
        pytest.param("why is setup.cfg ignored by the build with a cold cache", "cache", id="long"),
        pytest.param(
            "why does the build on the server ignore pyproject.toml when the disk is full",
            "cache_all",
            id="longer-text-when-it-is-meant",
        ),
        pytest.param("login with token", "login", id="written-as-one"),
        pytest.param("거실 등 켜", "lamp", id="short-korean-command"),
        pytest.param("거실등 켜주세요", "lamp", id="polite-korean-without-spaces"),
        pytest.param("안방 선풍기 꺼", "lamp_all", id="second-korean-command"),
    ],
)
def test_likeness_puts_the_text_that_is_meant_first(documents, question, key):
    """Of texts that share the question's words, the one most like it comes first."""
    assert documents.search(fold(question))[0].key == key


@pytest.mark.parametrize(
    "question", ["品牌定位", "所有部门的品牌定位", "品牌定位 cache", "ブランド"]
)
def test_likeness_leaves_chinese_and_japanese_alone(documents, question):
    """A question with Chinese or Japanese in it is scored as without likeness."""
    assert documents.search(fold(question)) == index_of(PLAIN).search(fold(question))


@pytest.mark.parametrize("question", [*TEXTS.values(), "the cache", "등", "x"])
def test_likeness_keeps_scores_a_share_of_a_perfect_match(documents, question):
    """Scores fall and lie between 0 and 1; the hits are those found without likeness."""
    hits = documents.search(fold(question))
    scores = [hit.score for hit in hits]
    assert scores == sorted(scores, reverse=True)
    assert all(0 < score <= 1 for score in scores)
    assert {hit.key for hit in hits} == {h.key for h in index_of(PLAIN).search(fold(question))}


def test_likeness_breaks_ties_by_key():
    """Equal texts come in key order, also beyond those that are compared."""
    same = index_of(DOCUMENTS, {f"k{i:02}": "a cold cache" for i in reversed(range(20))})
    assert [hit.key for hit in same.search("cache")] == [f"k{i:02}" for i in range(10)]


def test_likeness_is_the_same_beyond_the_vectors_that_are_kept(monkeypatch, documents):
    """A collection too large to keep every vector ranks the same, score for score."""
    monkeypatch.setattr("knowledge.engine.likeness.VECTORS_KEPT", 1)
    few = index_of(DOCUMENTS)
    for text in TEXTS.values():
        assert few.search(fold(text)) == documents.search(fold(text))
