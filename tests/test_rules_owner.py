"""Whose a task is: the role behind the function whose signals it shows."""

from __future__ import annotations

import pytest

from rules.questions.intent import recognize
from rules.questions.model import Band
from rules.questions.task_owner import MAX_TASK, bare_task, by_signals
from rules.questions.utterance import read

BARE = [
    ("维护媒体关系", "role.public_relations"),
    ("cold calls and product demos", "role.sales"),
    ("보도자료 작성", "role.public_relations"),
    ("プレスリリースの作成", "role.public_relations"),
]
NOT_BARE = [
    pytest.param("审核合同，处理诉讼案件", id="another-trade"),
    pytest.param("新闻稿", id="a-thing-alone"),
    pytest.param("公关部撰写新闻稿", id="role-is-named"),
    pytest.param("我今天心情不好不想去维护媒体关系了怎么办才好呢", id="more-than-a-task"),
    pytest.param("维护媒体关系" * (MAX_TASK // 6 + 1), id="too-long"),
    pytest.param("", id="empty"),
]


def asked(text, book):
    """What bare_task makes of a text."""
    intent, utterance = recognize(read(text, book), book)
    return bare_task(utterance, intent, book)


@pytest.mark.parametrize(("text", "role"), BARE, ids=[row[0] for row in BARE])
def test_owner_of_a_bare_task(book, text, role):
    """A message that is nothing but a task names its role, in the section of its duties."""
    answer = asked(text, book)
    assert (answer.band, answer.intent, answer.entry) == (Band.ANSWER, "owner", role)
    assert answer.section == "responsibilities"


@pytest.mark.parametrize("text", NOT_BARE)
def test_owner_of_what_is_no_bare_task(book, text):
    """What asks, names a role, belongs to nobody of ours or says more is left to others."""
    assert asked(text, book) is None


def test_owner_shows_its_evidence(book):
    """The answer carries the signals: their words, spans and weights."""
    text = "请问谁来撰写新闻稿"
    answer = by_signals(read(text, book), book)
    assert answer.evidence
    for found in answer.evidence:
        assert text[found.start : found.end] == found.text
        assert (found.kind, found.value) == ("signal", "role.public_relations")
    assert 0.6 < answer.score <= 1


@pytest.mark.parametrize("text", ["", "今天天气怎么样", "审核合同", "运营商"])
def test_owner_of_nothing(book, text):
    """No signal of ours, no owner."""
    assert by_signals(read(text, book), book) is None
