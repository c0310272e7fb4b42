"""The stand-in for Telegram is as strict as Telegram: what it refuses, and in which words."""

from __future__ import annotations

import json

import httpx
import pytest
import telegram_api
from telegram_html import Unparsed, parse


@pytest.fixture
def api():
    """Telegram, whose complaints are wanted here."""
    with telegram_api.running() as running:
        running.unanswered_are_fine = True
        yield running
        running.violations.clear()
        running.refused.clear()


def call(api, method, **params):
    """A call by form, as the library makes it."""
    files = {name: params.pop(name) for name in ("document",) if name in params}
    data = {
        name: value if isinstance(value, str) else json.dumps(value)
        for name, value in params.items()
    }
    url = f"{api.url}/bot{telegram_api.TOKEN}/{method}"
    return httpx.post(url, data=data, files=files or None, timeout=10).json()


def keyboard(data, text="x"):
    """One button."""
    return {"inline_keyboard": [[{"text": text, "callback_data": data}]]}


@pytest.mark.parametrize(
    ("method", "params", "told"),
    [
        pytest.param("sendMessage", {"chat_id": 1, "text": "x"}, "chat not found", id="chat"),
        pytest.param("sendMessage", {"text": " \n"}, "message text is empty", id="empty"),
        pytest.param("sendMessage", {"text": "<b></b>", "parse_mode": "HTML"}, "text is empty",
                     id="empty-markup"),
        pytest.param("sendMessage", {"text": "x" * 4097}, "message is too long", id="long"),
        pytest.param("sendMessage", {"text": "\U0001f600" * 2049}, "too long", id="long-utf16"),
        pytest.param("sendMessage", {"text": "a<b", "parse_mode": "HTML"}, "Unclosed start tag",
                     id="unescaped"),
        pytest.param("sendMessage", {"text": "x", "reply_markup": keyboard("y" * 65)},
                     "BUTTON_DATA_INVALID", id="65-bytes"),
        pytest.param("sendMessage", {"text": "x", "reply_markup": keyboard("\u4e2d" * 22)},
                     "BUTTON_DATA_INVALID", id="66-bytes-of-han"),
        pytest.param("sendMessage", {"text": "x", "reply_markup": keyboard("")},
                     "BUTTON_DATA_INVALID", id="no-data"),
        pytest.param("sendMessage", {"text": "x", "reply_markup": keyboard("y", " ")},
                     "Text buttons are unallowed", id="no-label"),
        pytest.param("sendMessage", {"text": "x", "reply_parameters": {"message_id": 99}},
                     "message to be replied not found", id="reply"),
        pytest.param("sendMessage", {"text": "x", "message_thread_id": 4}, "thread not found",
                     id="thread"),
        pytest.param("editMessageText", {"message_id": 99, "text": "x"},
                     "message to edit not found", id="edit-nothing"),
        pytest.param("editMessageText", {"message_id": 1, "text": "x"}, "can't be edited",
                     id="edit-a-person's"),
        pytest.param("editMessageText", {"message_id": 2, "text": "same"},
                     "message is not modified", id="edit-same"),
        pytest.param("answerCallbackQuery", {"callback_query_id": "9"}, "query is too old",
                     id="press"),
        pytest.param("answerInlineQuery", {"inline_query_id": "9", "results": []},
                     "query is too old", id="inline"),
        pytest.param("setWebhook", {"url": "http://x.org"}, "HTTPS URL must be provided",
                     id="no-https"),
        pytest.param("setWebhook", {"url": "https://x.org", "secret_token": "a b"},
                     "unallowed characters", id="secret"),
        pytest.param("setMyCommands", {"commands": [{"command": "My", "description": "x"}]},
                     "BOT_COMMAND_INVALID", id="command"),
        pytest.param("setMyCommands", {"commands": [{"command": "my", "description": ""}]},
                     "BOT_COMMAND_DESCRIPTION_INVALID", id="description"),
        pytest.param("getFile", {"file_id": "9"}, "invalid file_id", id="file"),
        pytest.param("sendDocument", {"document": ("x.txt", b"")}, "must be non-empty",
                     id="empty-file"),
        pytest.param("sendDocument", {"document": ("x.txt", b"x"), "caption": "x" * 1025},
                     "caption is too long", id="caption"),
    ],
)  # fmt: skip
def test_fake_refuses(api, method, params, told):
    """What the real API refuses is refused with its words, and noted."""
    chat = api.person(111)
    chat.say("hello")
    assert call(api, "sendMessage", chat_id="111", text="same")["ok"]
    chatty = method.startswith(("send", "edit")) and "chat_id" not in params
    answer = call(api, method, **({"chat_id": "111"} if chatty else {}), **params)
    assert answer["error_code"] == 400
    assert told in answer["description"]
    assert told in api.refused[0]


@pytest.mark.parametrize(
    ("method", "params"),
    [
        pytest.param("sendMessage", {"chat_id": "111", "text": "x", "colour": "red"}, id="unknown"),
        pytest.param("sendMessage",
                     {"chat_id": "111", "text": "x", "reply_markup": {"inline_keyboard": [[
                         {"text": "x", "callback_data": "y", "colour": "red"}]]}}, id="deep"),
        pytest.param("getUpdates", {"timeout": "soon"}, id="type"),
        pytest.param("setMyCommands", {"commands": [{"command": "x"}]}, id="missing"),
    ],
)  # fmt: skip
def test_fake_notes_what_the_api_does_not_know(api, method, params):
    """A parameter, field or type that the Bot API does not have is a violation."""
    api.person(111)
    assert not call(api, method, **params)["ok"]
    assert len(api.violations) == 1


def test_fake_hands_updates_out_until_they_are_confirmed(api):
    """Updates come again until a higher offset is asked for."""
    anna = api.person(111)
    anna.say("a"), anna.say("b")
    first = call(api, "getUpdates", timeout=0)["result"]
    assert first == call(api, "getUpdates", timeout=0)["result"]
    assert len(first) == 2
    offset = first[0]["update_id"] + 1
    assert call(api, "getUpdates", timeout=0, offset=offset)["result"] == first[1:]


def test_fake_refuses_polling_beside_a_webhook(api):
    """A webhook and polling exclude each other; a wrong token opens nothing."""
    assert call(api, "setWebhook", url="https://x.org")["ok"]
    assert call(api, "getUpdates")["error_code"] == 409
    answer = httpx.post(f"{api.url}/bot1:wrong/getMe")
    assert answer.status_code == 401


@pytest.mark.parametrize(
    ("source", "told"),
    [
        pytest.param("<b>x", 'Can\'t find end tag corresponding to start tag "b"', id="open"),
        pytest.param("x</b>", "Unexpected end tag at byte offset 1", id="closed"),
        pytest.param("<b>x</i>", "Unmatched end tag at byte offset 4", id="crossed"),
        pytest.param("<p>x</p>", 'Unsupported start tag "p" at byte offset 0', id="unsupported"),
        pytest.param("\u4e2d<x", "Unclosed start tag at byte offset 3", id="bytes"),
    ],
)
def test_fake_parses_as_telegram_does(source, told):
    """Markup that Telegram cannot parse is refused in its words."""
    with pytest.raises(Unparsed, match=r"^Bad Request: can't parse entities: ") as error:
        parse(source)
    assert told in str(error.value)


@pytest.mark.parametrize(
    ("source", "text"),
    [
        pytest.param("&lt;b&gt; &amp;amp; &quot;", '<b> &amp; "', id="named"),
        pytest.param("&nbsp; &x; & &", "&nbsp; &x; & &", id="unknown"),
        pytest.param("&#20013;&#x4e2d;", "\u4e2d\u4e2d", id="numbers"),
    ],
)
def test_fake_reads_entities_as_telegram_does(source, text):
    """Four named entities and numbers are read, everything else stays."""
    assert parse(source)[0] == text
