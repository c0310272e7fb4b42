"""Open questions that ask much the same stand together, always in the same way."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.insights.clusters import clusters
from bot.store.feedback import Question
from knowledge.engine.words import Words

JIEBA = Words()
STOP = frozenset({"the", "a", "is", "of", "what", "how", "much", "does", "是", "的", "吗"})
TOGETHER = [
    ("case and width", "KOL报价多少", "ｋｏｌ 报价多少？"),
    ("traditional characters", "直播带货话术", "直播帶貨話術"),
    ("one more word", "KOL报价多少", "KOL广告报价多少"),
    ("other order", "influencer post price", "the price of a influencer post"),
    ("plural", "influencer prices", "influencer price"),
    ("a slip in a long word", "influencer price list 2024", "influencr price list 2024"),
    ("a slip in Chinese", "短视频运营每月奖金规则", "短视频运营每月讲金规则"),
]
APART = [
    ("nothing in common", "KOL报价多少", "加班费怎么算"),
    ("only stop words in common", "what is the gizmo", "what is the doodad"),
    ("short words one letter apart", "SEO 2024 ranking list", "SEM 2025 pricing plans"),
    ("one word of many", "直播运营夜班补贴", "直播设备租赁价格"),
]


def asked(*texts, band="decline", near=(), language="zh"):
    """Open questions with ids from 1 on."""
    return [
        Question(i, float(i), text, language, band, tuple(near), 0.1)
        for i, text in enumerate(texts, 1)
    ]


@pytest.mark.parametrize(
    ("one", "other"), [row[1:] for row in TOGETHER], ids=[row[0] for row in TOGETHER]
)
def test_clusters_join(one, other):
    """Small differences of spelling and wording make no second cluster."""
    (cluster,) = clusters(asked(one, other), STOP, JIEBA)
    assert cluster.count == 2
    assert cluster.ids == (1, 2)


@pytest.mark.parametrize(("one", "other"), [row[1:] for row in APART], ids=[r[0] for r in APART])
def test_clusters_keep_apart(one, other):
    """What is asked about different things stays two clusters."""
    assert [cluster.count for cluster in clusters(asked(one, other), STOP, JIEBA)] == [1, 1]


def test_cluster_is_told_by_its_most_frequent_question():
    """The representative was asked most often; spellings and languages come in that order."""
    questions = asked("KOL广告报价多少", "KOL报价多少", "KOL报价多少", "KOL报价多少？")
    questions.append(Question(9, 9.0, "KOL报价多少", "ja", "suggest", (), 0.1))
    (cluster,) = clusters(questions, STOP, JIEBA)
    assert cluster.question == "KOL报价多少"
    assert cluster.spellings[0].count == 2
    assert sum(one.count for one in cluster.spellings) == cluster.count == 5
    assert cluster.languages == ("zh", "ja")
    assert (cluster.id, cluster.newest) == (1, 9)


@pytest.mark.parametrize(
    ("bands", "unanswered"),
    [
        pytest.param(("decline",), True, id="declined"),
        pytest.param(("suggest",), False, id="suggested"),
        pytest.param(("decline", "suggest"), True, id="half"),
        pytest.param(("decline", "suggest", "suggest"), False, id="mostly suggested"),
    ],
)
def test_cluster_is_unanswered_if_most_of_it_was_declined(bands, unanswered):
    """So each cluster stands in one of two lists."""
    questions = [Question(i, 0.0, "夜班补贴", "zh", band, (), 0.1) for i, band in enumerate(bands)]
    (cluster,) = clusters(questions, STOP, JIEBA)
    assert cluster.unanswered is unanswered
    assert cluster.declined == bands.count("decline")


def test_cluster_names_the_nearest_entries():
    """The entry that came first most often is first."""
    questions = [
        Question(1, 0.0, "夜班补贴", "zh", "decline", ("role.a", "role.b"), 0.1),
        Question(2, 0.0, "夜班补贴", "zh", "decline", ("role.b", "role.c"), 0.1),
        Question(3, 0.0, "夜班补贴", "zh", "decline", ("role.b",), 0.1),
    ]
    assert clusters(questions, STOP, JIEBA)[0].near == ("role.b", "role.a", "role.c")


def test_clusters_put_the_largest_first():
    """What is asked most is seen first."""
    found = clusters(asked("夜班补贴", "KOL报价", "KOL报价", "广告法处罚", "KOL报价"), STOP, JIEBA)
    assert [cluster.count for cluster in found] == [3, 1, 1]


def test_clusters_of_nothing_are_none():
    """An empty table is no reason to fail."""
    assert clusters([], STOP, JIEBA) == ()


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(max_size=30) | st.sampled_from([row[1] for row in TOGETHER]), max_size=25))
def test_clusters_lose_and_invent_nothing(texts):
    """Whatever was typed: each question is in exactly one cluster, whatever their order."""
    questions = asked(*texts)
    found = clusters(questions, STOP, JIEBA)
    ids = [id_ for cluster in found for id_ in cluster.ids]
    assert sorted(ids) == [question.id for question in questions]
    shuffled = random.Random(len(texts)).sample(questions, len(questions))
    assert clusters(shuffled, STOP, JIEBA) == found


def test_clusters_of_many_questions_stay_few(book):
    """Two thousand spellings of a few questions become few clusters."""
    chance = random.Random(4)
    things = ["夜班补贴", "KOL报价", "office furniture", "法务合同", "仓储租金"]
    ways = ["{}多少", "{}怎么算", "请问{}多少呢", "{}有吗", "想知道{}"]
    texts = [chance.choice(ways).format(chance.choice(things)) for _ in range(2_000)]
    found = clusters(asked(*texts), book.base.lexicon.stop, book.base.words)
    assert sum(cluster.count for cluster in found) == 2_000
    assert len(found) <= len(things) * len(ways)
    assert found[0].count > 2_000 / len(things) / len(ways)
