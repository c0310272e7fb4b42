"""A task in a few words and whose it is."""

from __future__ import annotations

import pytest
from small_rules import shipped

from rules.postings import task

OWNED = [
    ("撰写新闻稿", "public_relations"),
    ("撰寫新聞稿", "public_relations"),
    ("write press releases", "public_relations"),
    ("プレスリリースの作成", "public_relations"),
    ("보도자료 작성", "public_relations"),
    ("粉丝互动和涨粉", "new_media_operations"),
    ("cold calls", "sales"),
]
NOBODYS = [
    pytest.param("", id="empty"),
    pytest.param("\ud800", id="surrogate"),
    pytest.param("今天天气怎么样", id="not-a-task"),
    pytest.param("内容", id="too-little"),
    pytest.param("运营商", id="false friend"),
    pytest.param("审核合同，处理诉讼案件", id="another-trade"),
    pytest.param("撰写新闻稿，开发新客户，内容审核", id="two-owners"),
]


@pytest.fixture(scope="session")
def pack():
    """The shipped posting rules."""
    return shipped()


@pytest.mark.parametrize(("text", "function"), OWNED, ids=[row[0] for row in OWNED])
def test_task_has_its_owner(pack, text, function):
    """In each language the function is found, with its words."""
    found = task.owner(text, pack)
    assert found.function == function
    assert found.signals
    assert {signal.function for signal in found.signals} == {function}
    assert all(text[s.start : s.end] == s.text for s in found.signals)


@pytest.mark.parametrize("text", NOBODYS)
def test_task_without_owner(pack, text):
    """Nobody is named where nothing is said, where it is not ours, or where two are as close."""
    assert task.owner(text, pack) is None


@pytest.mark.parametrize(
    ("text", "alone"),
    [("撰写新闻稿", True), ("撰写新闻稿！", True), ("你觉得今天谁会愿意去撰写新闻稿呢", False)],
)
def test_task_is_nothing_but_a_task(pack, text, alone):
    """Signs do not count, other words do."""
    found = task.owner(text, pack)
    assert task.is_task(found) is alone
    assert 0 < found.covered <= 1
