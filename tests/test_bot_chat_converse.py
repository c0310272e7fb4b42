"""A chat that is kept goes on where it was; a posting pasted into it is kept nowhere."""

from __future__ import annotations

import sqlite3
from collections import Counter
from dataclasses import dataclass
from typing import Any

import psycopg
import pytest
from chat_help import WEB
from postgres import schema
from store_help import at_once, everything, texts

from bot import runs
from bot.app import App, Counts
from bot.chat import inbox
from bot.chat.load import Asker
from bot.chat.memory import LONGEST_QUESTION
from bot.chat.model import Incoming
from bot.config import Config
from bot.model import Paragraph
from bot.records import LOCAL, Person
from bot.render.text import as_text
from bot.store import StoreUnavailable
from rules.questions.model import Band

POSTING = """岗位名称：社群运营专员
公司：青禾测试信息技术有限公司（内部编号 QH-7741）
岗位职责：
1、负责企业微信社群的日常运营与维护，提升群活跃度；
2、策划社群活动，制定社群 SOP，提高用户留存与复购；
3、搭建用户分层与标签体系，沉淀私域用户；
4、收集用户反馈，输出社群运营周报。
任职要求：
1、本科及以上学历，2年以上社群运营经验；
2、联系人：欧阳测试，电话 13900001234，邮箱 hr@qinghe.example。
"""
OPEN = """岗位职责：
1、负责品牌传播与媒体关系维护，撰写新闻稿，处理危机公关；
2、负责公众号、抖音、小红书内容策划与撰写，提升粉丝数；
任职要求：
1、三年以上经验，联系人：欧阳测试，电话 13900001234。
"""
PRIVATE = ["青禾测试", "QH-7741", "欧阳测试", "13900001234", "hr@qinghe.example"]
UNKNOWN = "量子纠缠的哈密顿量怎么算"


@dataclass
class Told:
    """What came back, as these tests look at it."""

    message: int
    asked: str
    reply: Any
    answer: Any


def say(store, book, text, chat="c", person="local", tally=None, press=""):
    """One message in a chat, or something pressed there."""
    app = App(Config(), store, None, Counts(store))
    ann = Person(person, person, ("hr",))
    asker = Asker(WEB, Incoming("", chat, person, text, press), ann, chat, book)
    exchange = inbox.converse(app, asker)
    if tally is not None:
        tally.update(app.counts.total())
    outcome = exchange.outcome
    return Told(exchange.number, outcome.exchanged[0], outcome.reply, outcome.answer)


def test_converse_goes_on_in_the_next_process(store, book):
    """What the chat is about, and what was offered, is known at the next message."""
    first = say(store, book, "内容运营主要负责些什么")
    second = say(store, book, "2")
    assert second.answer.entry == first.answer.entry
    assert (second.answer.entry, second.answer.section) == (
        first.reply.choices[1].entry, first.reply.choices[1].section,
    )  # fmt: skip
    assert "取自“内容运营”" in str(say(store, book, "为什么这样回答").reply)
    other = say(store, book, "2", chat="another")
    assert other.answer.band is Band.DECLINE


def test_converse_keeps_message_and_reply(store, book):
    """Both are shown again as they were, under the number that was told."""
    told = say(store, book, "公关要盯哪些指标", person="p")
    (said,) = store.chats.exchanges("c")
    assert (said.id, said.asked) == (told.message, told.asked) == (said.id, "公关要盯哪些指标")
    assert said.reply["blocks"]
    assert [row["person"] for row in everything(store)["chats"]] == ["p"]


def test_converse_counts_bands_and_languages(store, book):
    """What was answered and declined is counted, without a word of it."""
    tally = Counter()
    for text in ("公关要盯哪些指标", "What does a brand team do?", UNKNOWN, POSTING):
        say(store, book, text, tally=tally)
    assert (tally["language", "zh"], tally["language", "en"]) == (3, 1)
    assert tally["band", "answer"] >= 2
    assert tally["function", "community_operations"] == 1


def test_converse_keeps_what_it_could_not_answer(store, book):
    """The question stands apart for the editors, without a person; an answered one does not."""
    say(store, book, "公关要盯哪些指标", person="p")
    told = say(store, book, UNKNOWN, person="p")
    assert told.answer.band is not Band.ANSWER
    (question,) = store.feedback.questions()
    assert (question.question, question.band) == (UNKNOWN, str(told.answer.band))
    assert "p" not in [*texts(everything(store)["questions"])]


def test_converse_keeps_no_very_long_question(store, book):
    """A text as long as a posting, though not recognised as one, is no question to keep a year."""
    told = say(store, book, UNKNOWN + "？" + "苹果香蕉梨子" * (LONGEST_QUESTION // 6))
    assert told.answer.band is not Band.ANSWER
    assert store.feedback.questions() == []


@pytest.mark.parametrize("posting", [POSTING, OPEN], ids=["decided", "open"])
def test_converse_keeps_no_pasted_posting(store, book, posting):
    """No line, name, number or address of it is found in any table, after follow-ups too."""
    told = say(store, book, posting, person="p")
    assert told.answer.intent == "classify"
    assert told.reply.blocks
    for text in ("1", "为什么这样回答", "它的职责呢", "出处"):
        say(store, book, text)
    kept = list(texts(everything(store)))
    lines = [line.strip() for line in posting.splitlines()]
    assert not [word for word in (*PRIVATE, *lines) if any(word in text for text in kept)]
    assert store.chats.exchanges("c")[0].asked == "…"


def test_converse_about_what_is_no_longer_there_begins_anew(store, book):
    """A chat whose entry was taken out of the content is answered, not broken."""
    say(store, book, "内容运营主要负责些什么")
    state = store.chats.state("c")
    state["last"]["entry"] = "role.gone"
    state["conversation"]["told"] = ["role.gone"]
    state["conversation"]["focus"] = [["role.gone", 1.0]]
    state["conversation"]["items"] = [["", "role.gone"]]
    state["conversation"]["offers"] = [["role.gone", "metrics"]]
    store.chats.keep("c", None, state)
    for text in ("1", "为什么这样回答", "出处", "更多"):
        store.chats.keep("c", None, state)
        told = say(store, book, text).reply
        assert told.blocks or told.choices
    assert say(store, book, "公关要盯哪些指标").answer.band is Band.ANSWER


@pytest.mark.parametrize("text", ["", "a\x00b", "\ud83d", "\u202e公关", "9" * 5_000], ids=ascii)
def test_converse_takes_any_text(store, book, text):
    """Whatever arrives is answered and kept, on both databases."""
    assert say(store, book, text).message == store.chats.exchanges("c")[-1].id


def test_converse_with_a_locked_database_keeps_nothing(opened, book, tmp_path):
    """StoreUnavailable before anything is acknowledged;

    state, message and counts stay as they were.
    """
    where = str(tmp_path / "zhiwen.db")
    store, tally = opened(where, patience=0.1), Counter()
    say(store, book, "公关要盯哪些指标", tally=tally)
    before, counted = everything(store), Counter(tally)
    other = sqlite3.connect(where, isolation_level=None)
    try:
        other.execute("BEGIN IMMEDIATE")
        for text in (UNKNOWN, "公关要盯哪些指标"):
            with pytest.raises(StoreUnavailable):
                say(store, book, text, tally=tally)
    finally:
        other.close()
    assert (everything(store), tally) == (before, counted)


def test_converse_answers_though_the_editors_note_cannot_be_written(opened, book, postgres):
    """What was kept is told; only the note for the editors is missing."""
    with schema(postgres) as where:
        store = opened(where, patience=0.1)
        with psycopg.connect(where) as other:
            other.execute("LOCK TABLE questions IN ACCESS EXCLUSIVE MODE")
            told = say(store, book, UNKNOWN)
        assert store.chats.exchanges("c")[0].id == told.message
        assert store.feedback.questions() == []
        store.close()


def test_converse_keeps_the_label_of_what_is_pressed(store, book):
    """An action is known by its reply and its place there; its label stands in the conversation."""
    first = say(store, book, "内容运营主要负责些什么")
    pressed = say(store, book, "", press=f"{first.message}:1")
    label = first.reply.choices[1].label
    assert (pressed.asked, store.chats.exchanges("c")[-1].asked) == (label, label)
    assert pressed.answer.section == first.reply.choices[1].section
    say(store, book, "公关要盯哪些指标")
    again = say(store, book, "", press=f"{first.message}:0")
    assert again.answer.section == first.reply.choices[0].section


@pytest.mark.parametrize("press", ["{}:0", "{}:99", "999:0", "x:0", ":", "0:", "9" * 60 + ":1"])
def test_converse_presses_nothing_of_another_chat(store, book, press):
    """A press counts in the chat of its reply alone, and only for what is there."""
    first = say(store, book, "内容运营主要负责些什么")
    outcome = pressed(store, book, press.format(first.message), "another")
    assert outcome.exchanged is None and "过时" in str(outcome.reply.blocks)


def pressed(store, book, press, chat):
    """What comes of a press."""
    app = App(Config(), store, None, Counts(store))
    ann = Person("local", "local", ("hr",))
    asker = Asker(WEB, Incoming("", chat, "local", "", press), ann, chat, book)
    return inbox.converse(app, asker).outcome


def test_converse_loses_no_message_of_a_chat_that_comes_at_once(opened, tmp_path, book):
    """Two processes answer in one chat at once: each goes on from where the other left it."""
    where = str(tmp_path / "zhiwen.db")
    stores = [opened(where) for _ in range(4)]
    texts_ = ["内容运营主要负责些什么", "公关要盯哪些指标", "品牌做什么", "SEO是什么"]
    jobs = [lambda s=s, t=t: say(s, book, t) for s, t in zip(stores, texts_, strict=True)]
    told = at_once(jobs)
    assert sorted(one.message for one in told) == [1, 2, 3, 4]
    told_entries = stores[0].chats.state("c")["conversation"]["told"]
    assert {one.answer.entry for one in told} == set(told_entries)


def test_converse_takes_commands_as_everywhere(store, book):
    """A command means the same on a page: it is carried out, and stands in the conversation."""
    offered = say(store, book, "/lists 促销活动上线前")
    assert offered.asked == "/lists 促销活动上线前"
    assert {one.kind for one in offered.reply.actions} == {"pick"}
    told = say(store, book, "", press=f"{offered.message}:0")
    assert told.reply.about == offered.reply.choices[0].entry
    assert say(store, book, "1").reply.about
    assert say(store, book, "/runs").reply.blocks == (Paragraph("还没有进行中的清单。"),)
    assert "为什么" in as_text(say(store, book, "/why").reply)
    assert [one.asked for one in store.chats.exchanges("c")][-2:] == ["/runs", "/why"]


@pytest.mark.parametrize(("command", "known"), [("/link", False), ("/id", False), ("/help", True)])
def test_converse_lists_the_commands_that_a_page_has(store, book, command, known):
    """What is for chat platforms alone is unknown on a page, and its help does not name it."""
    text = as_text(say(store, book, command).reply)
    assert ("没有" not in text) == known
    assert "/lists" in text and "/runs" in text and "/link " not in text.replace(command, "", 1)


def test_converse_chooses_from_a_list_by_its_number(store, book):
    """A number after a command is one of what it offered, and none beyond."""
    offered = say(store, book, "/lists")
    picked = say(store, book, "2")
    assert picked.reply.about == offered.reply.choices[1].entry
    say(store, book, "/lists")
    assert "99" in as_text(say(store, book, "99").reply)


def test_converse_tells_the_runs_and_where_they_are(store, book):
    """A run in progress is named with how far it is; on a page the name leads to it."""
    say(store, book, "你好")
    run = runs.start(store, book, LOCAL, "checklist.campaign", "zh")
    reply = say(store, book, "/runs").reply
    text = as_text(reply)
    assert run not in text and "0/" in text and "清单" in text
    assert reply.blocks[0].links == (f"/checklists/{run}",)
