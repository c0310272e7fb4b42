"""Whose a task is: one owner, and a check that finds where lists, roles and signals disagree."""

from __future__ import annotations

import dataclasses

import pytest

from knowledge.engine import base as knowledge_base
from knowledge.engine import load
from rules import ownership
from rules.book import RuleBook
from rules.cues import Phrases
from rules.questions.answer import answer
from rules.questions.utterance import read
from rules.task_rules import SharedWork, TaskRule

STALL = TaskRule("stall", "role.sales", Phrases(zh=("摆摊",), en=("stall",)), "an example")


@pytest.fixture(scope="module")
def loaded() -> load.Loaded:
    return load.load(knowledge_base.ROOT)


@pytest.mark.parametrize(
    ("question", "language", "owner"),
    [
        ("展会归谁管", "zh", "role.marketing_planning"),
        ("谁负责参展", "zh", "role.marketing_planning"),
        ("who is responsible for trade shows", "en", "role.marketing_planning"),
        ("新品定价谁负责", "zh", "role.product_management"),
        ("埋点谁来做", "zh", "role.data_operations"),
        ("转化率归谁管", "zh", "department.operations"),
    ],
)
def test_a_task_that_several_roles_speak_of_has_one_owner(
    question: str, language: str, owner: str, book: RuleBook
) -> None:
    """The owner that an editor named is answered, whatever the signals lean to."""
    assert answer(read(question, book, language), book).entry == owner


@pytest.mark.parametrize(
    ("text", "found"),
    [("周末摆摊", "stall"), ("run the stall", "stall"), ("installation", None), ("写文章", None)],
)
def test_a_task_is_named_by_its_words(text: str, found: str | None) -> None:
    """Latin words count only whole."""
    rule = ownership.named_task(text, [STALL])
    assert (rule.task if rule else None) == found


def test_a_duty_that_is_another_roles_task_is_found(loaded: load.Loaded, book: RuleBook) -> None:
    """The line is named with its file, and with the rule it breaks."""
    rule = TaskRule("releases", "role.sales", Phrases(zh=("新闻稿",)), "an example")
    messages = [str(p) for p in ownership.check(loaded, book.pack, [rule], book.shared_work)]
    assert any(
        "public_relations.yaml" in line and "'releases' of rules/tasks.yaml is role.sales" in line
        for line in messages
    )


def test_what_signals_give_to_another_role_needs_an_explanation(
    loaded: load.Loaded, book: RuleBook
) -> None:
    """Without the explanation the line is a problem, with it none."""
    bare = list(ownership.check(loaded, book.pack, book.tasks, ()))
    assert any("在线客服" in problem.message for problem in bare)
    one = SharedWork(("role.store_operations", "role.customer_service"), ("在线客服",), "said")
    told = list(ownership.check(loaded, book.pack, book.tasks, (one,)))
    assert not any("在线客服" in problem.message for problem in told)


def test_what_is_shipped_agrees_or_is_explained(loaded: load.Loaded, book: RuleBook) -> None:
    """No line of ours is left to chance, and no rule names a role that is not there."""
    assert not list(ownership.check(loaded, book.pack, book.tasks, book.shared_work))
    assert not list(ownership.unknown_roles(book.tasks, book.shared_work, loaded))


def test_an_owner_that_is_nobody_is_named(loaded: load.Loaded) -> None:
    """The remedy is in the file that is named."""
    rule = dataclasses.replace(STALL, owner="role.juggler")
    (problem,) = ownership.unknown_roles([rule], (), loaded)
    assert str(problem) == "rules/tasks.yaml:1: error: there is no entry 'role.juggler'"
