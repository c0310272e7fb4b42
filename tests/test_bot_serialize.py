"""Chats and replies come back from JSON as they were; what does not fit begins anew."""

from __future__ import annotations

import copy
import dataclasses
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.assistant import reply
from bot.chat.memory import present
from bot.model import (
    Action,
    Bullets,
    Chat,
    Footnote,
    Heading,
    Message,
    Paragraph,
    Reply,
    Table,
    pick,
)
from bot.serialize import (
    chat_from,
    chat_to,
    outbox_from,
    outbox_to,
    pressable_from,
    pressable_to,
    reply_from,
    reply_to,
)
from knowledge.engine.model import LANGUAGES
from rules.questions.model import Answer, Band, Candidate, Evidence
from rules.questions.state import Conversation

QUESTIONS = [
    "内容运营主要负责些什么",
    "KOL和KOC有什么不一样",
    "どうも",
    "asdf qwerty",
    "有哪些岗位",
]
text = st.text(max_size=12)
number = st.floats(allow_nan=False, allow_infinity=False)
texts = st.lists(text, max_size=4).map(tuple)
pairs = st.lists(st.tuples(text, text), max_size=4).map(tuple)
evidence = st.builds(Evidence, text, text, st.integers(), st.integers(), text, number)
candidate = st.builds(Candidate, text, number, text, number, number, number)
answers = st.builds(
    Answer, st.sampled_from(Band), text, st.none() | text, text, number,
    st.lists(candidate, max_size=3).map(tuple), texts, st.none() | text,
    st.lists(evidence, max_size=3).map(tuple), st.none() | text,
)  # fmt: skip
focus = st.lists(st.tuples(text, number), max_size=4).map(tuple)
conversations = st.builds(
    Conversation, focus, texts, texts, pairs, st.tuples(text, text), text, text, texts, pairs,
    st.booleans(), text, texts,
)  # fmt: skip
language = st.sampled_from(LANGUAGES)
actions = st.builds(Action, text, text, texts, st.booleans(), st.booleans())
chats = st.builds(
    Chat, st.none() | language, conversations, st.none() | answers, language,
    st.lists(actions, max_size=3).map(tuple), text, st.none() | actions,
)  # fmt: skip
blocks = st.one_of(
    st.builds(Heading, text, text),
    st.builds(Paragraph, text),
    st.builds(Bullets, texts, text, st.booleans()),
    st.builds(Table, texts, st.lists(st.tuples(text, texts), max_size=3).map(tuple)),
    st.builds(Footnote, text),
)
choices = st.lists(st.builds(pick, text, text, text), max_size=3).map(tuple)
replies = st.builds(
    Reply, text, st.lists(blocks, max_size=5).map(tuple), choices, text, text
)  # fmt: skip
plain = st.recursive(
    st.none() | st.booleans() | st.integers() | number | text,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(text, inner, max_size=3),
    max_leaves=8,
)
STATE = {
    "version": 2,
    "language": None,
    "conversation": {
        "focus": [["role.brand", 1.0]],
        "told": ["role.brand"],
        "compared": [],
        "items": [["", "metric.nps"]],
        "items_of": ["role.brand", "metrics"],
        "intent": "define",
        "section": "summary",
        "words": ["\u54c1\u724c"],
        "offers": [["role.brand", "metrics"]],
        "sure": True,
        "pending": "",
        "refused": [],
    },
    "last": dataclasses.asdict(Answer(Band.ANSWER, "", None, "", 1.0)),
    "speaking": "zh",
    "menu": [],
    "rest": "",
    "awaiting": "",
}
"""A state as it is kept."""
OLD = {
    "language": None,
    "topic": {
        "entry": "role.brand",
        "intent": "define",
        "section": "summary",
        "question": "",
        "offers": [["role.brand", "metrics"]],
    },
    "last": {
        **dict.fromkeys(["intent", "section"], ""),
        **dict.fromkeys(["entry", "limit", "near"]),
        "others": [],
        "compared": [],
        "evidence": [],
        "band": "answer",
        "score": 1.0,
    },
    "speaking": "zh",
    "menu": [],
    "rest": "",
    "awaiting": "",
}
"""One as the release before kept it, before the conversation had things in focus."""


def through_json(value):
    """The value as a database gives it back."""
    return json.loads(json.dumps(value))


@given(chats)
def test_serialize_chat_comes_back_as_it_was(chat):
    """Any chat, through JSON and back, is equal, down to the types of its parts."""
    assert chat_from(through_json(chat_to(chat))) == chat
    assert repr(chat_from(through_json(chat_to(chat)))) == repr(chat)


@given(replies)
def test_serialize_reply_comes_back_as_it_was(given_reply):
    """Any reply, with blocks of every kind, is equal."""
    assert reply_from(through_json(reply_to(given_reply))) == given_reply
    assert repr(reply_from(through_json(reply_to(given_reply)))) == repr(given_reply)


@pytest.mark.parametrize("question", QUESTIONS)
def test_serialize_real_turns_come_back_as_they_were(book, question):
    """What the assistant really says survives, and the next turn is the same on both."""
    outcome = reply(Message(question), Chat(), book)
    assert reply_from(through_json(reply_to(outcome.reply))) == outcome.reply
    revived = chat_from(through_json(chat_to(outcome.chat)))
    assert revived == outcome.chat
    assert reply(Message("为什么这样回答"), revived, book) == reply(
        Message("为什么这样回答"), outcome.chat, book
    )


@given(plain)
def test_serialize_chat_of_anything_is_a_chat(value):
    """A state that some other version wrote begins a new chat, and breaks nothing."""
    assert isinstance(chat_from(value), Chat)


def places(value, way=()):
    """The way to every part of plain data."""
    yield way
    if isinstance(value, dict | list):
        for key, item in value.items() if isinstance(value, dict) else enumerate(value):
            yield from places(item, (*way, key))


def test_serialize_chat_of_a_kept_state_is_read():
    """The example below is a state that fits, so that what is wrong with it is what is changed."""
    chat = chat_from(STATE)
    before = chat.conversation
    assert (before.entry, before.offers) == ("role.brand", (("role.brand", "metrics"),))
    assert through_json(chat_to(chat)) == through_json(
        STATE | {"version": 3, "awaiting": None, "judged": None, "script": ""}
    )


def test_serialize_chat_of_the_release_before_goes_on(book):
    """An older row loses nothing: what was told, what was offered, why it was answered."""
    chat = chat_from(through_json(OLD))
    before = chat.conversation
    assert (before.entry, before.intent, before.section) == ("role.brand", "define", "summary")
    assert before.offers == (("role.brand", "metrics"),)
    assert (chat.last, chat.speaking) == (Answer(Band.ANSWER, "", None, "", 1.0), "zh")
    assert reply(Message("1"), chat, book).answer.section == "metrics"
    assert reply(Message("它看哪些指标"), chat, book).answer.section == "metrics"


def test_serialize_chat_of_a_newer_release_goes_on():
    """What is not known yet is left out; what was not known then has its default."""
    state = copy.deepcopy(STATE)
    state["mood"] = state["conversation"]["mood"] = state["last"]["mood"] = "fine"
    del state["conversation"]["refused"], state["last"]["also"]
    assert chat_from(state) == chat_from(STATE)


SECTIONS = [("conversation", "offers", 0, 1), ("conversation", "items_of", 1)]
WAYS = [way for way in places(STATE) if way and way not in SECTIONS]
"""All but sections, whose names belong to the code and are not checked."""


@pytest.mark.parametrize("way", WAYS, ids=str)
def test_serialize_chat_with_one_wrong_part_can_be_talked_in(book, way):
    """Whatever one part of a kept state is, the next messages are answered."""
    for wrong in (None, 7, "x", [], {}, [["a"]], [["a", "b", "c"]]):
        state = copy.deepcopy(STATE)
        part = state
        for key in way[:-1]:
            part = part[key]
        part[way[-1]] = wrong
        chat = present(chat_from(state), book)
        for message in ("1", "它的职责呢", "为什么这样回答", "出处"):
            told = reply(Message(message), chat, book).reply
            assert told.blocks or told.choices


@pytest.mark.parametrize("part", ["language", "conversation", "last", "speaking"])
def test_serialize_chat_without_a_part_keeps_the_others(part):
    """What a state lacks has its default; a release that drops a field forgets nothing else."""
    state = copy.deepcopy(STATE)
    del state[part]
    whole = chat_from(STATE)
    assert chat_from(state) == dataclasses.replace(whole, **{part: getattr(Chat(), part)})


def test_serialize_tells_what_could_not_be_read(caplog):
    """A chat that begins anew is told of in the log, without a word of what was said in it."""
    assert chat_from(STATE | {"speaking": 7, "rest": "secret words"}) == Chat()
    assert "speaking" in caplog.text and "secret" not in caplog.text


def test_serialize_chat_of_version_2_does_what_it_offered():
    """Acts were words then; what they do is found again, and what was awaited is awaited still."""
    acts = ["pick role.brand summary define", "run r1 0", "vote r1 0 0.1,0.2"]
    state = STATE | {"menu": acts, "awaiting": "reason r1 0 0.1"}
    chat = chat_from(through_json(state))
    assert [(one.kind, one.arguments) for one in chat.menu] == [
        ("pick", ("role.brand", "summary", "define")), ("run", ("r1", "0")),
        ("vote", ("r1", "0", "0.1,0.2")),
    ]  # fmt: skip
    assert chat.awaiting == Action("", "reason_is", ("r1", "0", "0.1"))


OLD_OUTBOX = {
    "said": {
        "language": "zh",
        "blocks": [{"kind": "paragraph", "text": "hello"}],
        "buttons": [[["one", "abc:0"], ["two", "abc:1"]]],
        "card": {
            "run": "r1", "title": "T", "subtitle": "S", "submit": "save", "data": "abc:2",
            "boxes": [{"key": "0.1", "number": 1, "text": "x", "done": False}],
        },
        "files": [["a.txt", "aGk="]],
        "notice": "", "edits": True, "texts": ["hello"],
    },
    "chat": "42", "message": "7", "parts": 1,
}  # fmt: skip
"""A reply on its way, as the release before kept it."""


def test_serialize_outbox_of_the_release_before_is_sent():
    """Nothing of a reply is lost that was on its way when the release changed."""
    kept = outbox_from(through_json(OLD_OUTBOX))
    message = kept.message
    assert (kept.chat, kept.pressed, kept.parts, message.card_data) == ("42", "7", 1, "abc:2")
    assert [[b.data for b in row] for row in message.buttons] == [["abc:0", "abc:1"]]
    assert (message.files[0].data, message.card.submit.label) == (b"hi", "save")
    assert outbox_from(through_json(outbox_to(message, "42", "7", 1))) == kept


def test_serialize_buttons_of_the_release_before_are_pressed():
    """Old buttons below old messages do what they did; what cannot be read is out of date."""
    old = {"chat": "42", "acts": ["pick role.brand summary define", "good 12"], "message": "7"}
    pressable = pressable_from(through_json(old))
    assert [one.kind for one in pressable.actions] == ["pick", "good"]
    assert (pressable.chat, pressable.message, pressable.kept) == ("42", "7", None)
    assert pressable_from(through_json(pressable_to(pressable))) == pressable
    for wrong in (None, 7, {}, {"chat": 7, "acts": []}, {"chat": "1", "actions": [7]}):
        assert pressable_from(wrong) is None


def test_serialize_chat_of_nothing_is_a_new_one():
    """No state, no memory."""
    assert chat_from(None) == Chat()


@pytest.mark.parametrize("value", [{}, {"language": "zh"}, {"blocks": [{"kind": "video"}]}])
def test_serialize_reply_of_something_else_is_refused(value):
    """A reply that cannot be read says so."""
    with pytest.raises(ValueError):
        reply_from(value)
