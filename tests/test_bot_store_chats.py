"""A chat keeps its state and what was said in it, in order, and can be forgotten."""

from __future__ import annotations

from store_help import at_once, everything

REPLY = {"language": "zh", "blocks": [{"kind": "paragraph", "text": "答案 👍"}]}


def test_chat_state_is_the_last_one_kept(store):
    """A new chat has none; afterwards the newest counts."""
    assert store.chats.state("web:a") is None
    store.chats.keep("web:a", None, {"n": 1})
    store.chats.keep("web:a", None, {"n": 2, "词": ["内容", None]})
    assert store.chats.state("web:a") == {"n": 2, "词": ["内容", None]}
    assert store.chats.state("web:b") is None


def test_chat_messages_come_back_oldest_first(store, clock):
    """Message, reply and time are as they were; only the last ones if there are many."""
    ids = []
    for i in range(5):
        clock.pass_(60)
        ids.append(store.chats.keep("c", None, {}, f"问题 {i}", REPLY | {"n": i}))
    said = store.chats.exchanges("c")
    assert [one.id for one in said] == ids == sorted(ids)
    assert [one.asked for one in said] == [f"问题 {i}" for i in range(5)]
    assert said[-1].reply == REPLY | {"n": 4}
    assert said[-1].at == clock.now
    assert [one.id for one in store.chats.exchanges("c", 2)] == ids[-2:]


def test_chat_without_a_message_keeps_the_state_alone(store):
    """A change of language is no message."""
    assert store.chats.keep("c", None, {"language": "ja"}) is None
    assert store.chats.exchanges("c") == []


def test_chat_is_not_shown_in_another(store):
    """What was said in one chat stays there."""
    store.chats.keep("a", None, {}, "in a", {})
    store.chats.keep("b", None, {}, "in b", {})
    assert [one.asked for one in store.chats.exchanges("a")] == ["in a"]


def test_chat_forgotten_leaves_nothing_and_harms_no_other(store):
    """State and messages go, what was thought of an answer stays without its message."""
    mine = store.chats.keep("a", "p", {"x": 1}, "q", {})
    store.chats.keep("b", None, {}, "other", {})
    store.feedback.add(mine, "q", None, "", True, "", "en", "v")
    store.chats.forget("a")
    store.chats.forget("a")
    assert store.chats.state("a") is None
    assert store.chats.exchanges("a") == []
    assert [one.asked for one in store.chats.exchanges("b")] == ["other"]
    assert [row["message"] for row in everything(store)["feedback"]] == [None]


def test_chat_number_of_a_forgotten_message_is_not_given_again(store):
    """An old page that still shows the message must not point to a new one."""
    before = store.chats.keep("a", None, {}, "q", {})
    store.chats.forget("a")
    assert store.chats.keep("a", None, {}, "q", {}) > before


def test_chat_begun_twice_at_once_is_one_chat(store):
    """Two first messages at the same moment are both kept."""
    given = at_once(
        [lambda i=i: store.chats.keep("c", None, {"n": i}, str(i), {}) for i in range(6)]
    )
    said = store.chats.exchanges("c")
    assert sorted(one.id for one in said) == sorted(given)
    assert sorted(one.asked for one in said) == [str(i) for i in range(6)]
    assert len(everything(store)["chats"]) == 1
