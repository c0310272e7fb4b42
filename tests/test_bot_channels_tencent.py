"""What WeChat and WeCom share below their channels: XML, cards, and the calls to WeCom."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from xml.etree import ElementTree

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from store_help import at_once
from tencent_api import LABEL, SECRET, TASK, running
from tencent_platform import AGENT_ID, CORP_ID

from bot.channels.tencent import xml
from bot.channels.tencent.answering import THREADS, Answering, Timings
from bot.channels.tencent.errors import Malformed, Unreachable, WeComError
from bot.channels.wechat.channel import CAN
from bot.channels.wecom import cards
from bot.channels.wecom.client import Api, _filename
from bot.channels.wecom.settings import Settings as WeCom
from bot.chat import inbox
from bot.chat.model import Incoming, OutgoingMessage
from bot.model import Action, Box, Card, Paragraph
from bot.texts import has
from knowledge.engine.model import LANGUAGES


@given(st.text(st.characters(exclude_characters="\r")))
def test_xml_takes_any_text(text):
    """Whatever a text holds comes back; what no XML may hold becomes a sign for that."""
    root = xml.read(xml.write({"Content": text, "MsgType": "text"}))
    told = root.findtext("Content") or ""
    assert len(told) == len(text)
    assert all(b in {a, "\ufffd"} for a, b in zip(text, told, strict=True))
    assert xml.required_text(root, "MsgType") == "text"


@given(st.binary(max_size=300))
def test_xml_refuses_chance_bytes(body):
    """Bytes are XML or are refused, in one way."""
    with contextlib.suppress(Malformed):
        assert isinstance(xml.read(body), ElementTree.Element)


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b'<?xml version="1.0" encoding="utf-37"?><a/>', id="unknown-encoding"),
        pytest.param(b'<?xml version="1.0" encoding="base64"?><a/>', id="no-text-encoding"),
        pytest.param(b"<!DOCTYPE a><a/>", id="document-type"),
        pytest.param(b"<a>&b;</a>", id="unknown-entity"),
        pytest.param(b"<a>\x00</a>", id="zero"),
        pytest.param("<a>\ud800</a>", id="half-a-sign"),
    ],
)
def test_xml_refuses(body):
    """Each of these has the one exception."""
    with pytest.raises(Malformed):
        xml.read(body)


DATA = "abc-_DEF:4"
"""The identity of what is done when a card is sent off."""


def card(count):
    """A page with that many boxes."""
    boxes = tuple(
        Box(f"0.{i}", i, f"核对隐私政策和权限说明{i}", i % 2 == 0) for i in range(1, count + 1)
    )
    return Card("run", "应用上架清单" * 10, "提交之前 1/8" * 9, boxes, Action("保存", "vote"))


@pytest.mark.parametrize(("count", "fits"), [(0, False), (1, True), (20, True), (21, False)])
def test_card_fits(count, fits):
    """A page is shown as a card whole or not at all."""
    assert cards.fits(card(count)) is fits


def test_card_is_drawn_within_bounds():
    """Labels are shortened visibly, ids stay, and what is behind the card can be had again."""
    drawn = cards.draw(card(20), DATA)
    options = drawn["checkbox"]["option_list"]
    assert all(len(one["text"]) <= LABEL for one in options)
    assert options[0]["text"].startswith("1.") and options[0]["text"].endswith("…")
    assert [one["id"] for one in options] == [f"0.{i}" for i in range(1, 21)]
    assert TASK.fullmatch(drawn["task_id"])
    assert cards.data_of("", drawn["task_id"]) == "abc-_DEF:4"
    assert cards.data_of(drawn["submit_button"]["key"], "") == "abc-_DEF:4"


def test_answering_lets_go_of_what_nobody_waits_for(monkeypatch):
    """Where too much comes at once, a message that waited too long is left to the next attempt."""
    release, asked = threading.Event(), []

    def slow(app, can, incoming, arrives):
        asked.append(incoming.id)
        release.wait(20)
        return inbox.Delivery(OutgoingMessage("zh", (Paragraph("done"),), texts=("done",)))

    async def all_at_once():
        answering = Answering(None, CAN, Timings(patience=30.0))
        first = [asyncio.create_task(answering.receive(Incoming(f"{i}", "a", "a")))
                 for i in range(THREADS)]  # fmt: skip
        while len(asked) < THREADS:
            await asyncio.sleep(0)
        answering.timings = Timings(patience=0.0)
        later = asyncio.create_task(answering.receive(Incoming("later", "b", "b")))
        await asyncio.sleep(0)
        release.set()
        results = await asyncio.gather(later, *first)
        answering.close()
        return results

    monkeypatch.setattr(inbox, "receive", slow)
    later, *first = asyncio.run(all_at_once())
    assert later is None and "later" not in asked
    assert [one.message.texts for one in first] == [("done",)] * THREADS


@pytest.fixture
def wecom():
    """The stand-in for WeCom's API."""
    with running() as (api, url):
        api.url = url
        yield api


@pytest.fixture
def calls(wecom, store):
    """Makes a client over the store, as each process has one."""
    made = []

    def make(secret=SECRET):
        made.append(Api(WeCom(CORP_ID, AGENT_ID, api=wecom.url), secret, store.leases))
        return made[-1]

    yield make
    for one in made:
        one.close()


def test_client_fetches_one_token_for_all(wecom, calls):
    """Many processes that need a token at the same time have it fetched once."""
    tokens = at_once([calls().token for _ in range(8)])
    assert len(set(tokens)) == 1 and wecom.calls["gettoken"] == 1


def test_client_renews_a_refused_token_once(wecom, calls):
    """Many processes whose token is refused at the same time have one new one."""
    apis = [calls() for _ in range(4)]
    apis[0].text("ann", "before")
    wecom.expire()
    results = at_once([lambda api=api: api.text("ann", "after") for api in apis])
    assert results == [None] * 4
    assert wecom.calls["gettoken"] == 2
    assert wecom.texts("ann") == ["before"] + ["after"] * 4


def test_client_gives_up_where_every_token_is_refused(wecom, calls):
    """A token is fetched anew once, not for ever."""
    wecom.fails["message/send"] = [40014, 40014]
    with pytest.raises(WeComError) as raised:
        calls().text("ann", "hello")
    assert (raised.value.code, wecom.calls["gettoken"]) == (40014, 2)


def test_client_uses_a_token_no_longer_than_it_is_good(wecom, calls, clock):
    """Some minutes before its end a token is not used any more."""
    calls().text("ann", "1")
    clock.pass_(7200 - 301)
    calls().text("ann", "2")
    assert wecom.calls["gettoken"] == 1
    clock.pass_(2)
    calls().text("ann", "3")
    assert wecom.calls["gettoken"] == 2


@pytest.mark.parametrize(
    ("secret", "fail", "code", "hint"),
    [
        pytest.param("wrong", None, 40001, "token", id="wrong-secret"),
        pytest.param(SECRET, 60020, 60020, "ip", id="ip"),
        pytest.param(SECRET, 45009, 45009, "limited", id="limited"),
        pytest.param(SECRET, -1, -1, "busy", id="busy"),
        pytest.param(SECRET, 99999, 99999, "other", id="other"),
    ],
)
def test_client_says_what_an_error_means(wecom, calls, secret, fail, code, hint):
    """A refusal has its code and a sentence in four languages, and holds no secret."""
    wecom.fails["message/send"] = [fail] if fail else []
    with pytest.raises(WeComError) as raised:
        calls(secret).text("ann", "hello")
    assert (raised.value.code, raised.value.hint_key) == (code, f"wecom.error.{hint}")
    assert all(has(language, raised.value.hint_key) for language in LANGUAGES)
    for hidden in (secret, *wecom.tokens, "1.2.3.4"):
        assert hidden not in str(raised.value)


def test_client_notices_who_cannot_be_reached(wecom, calls):
    """A person outside the visible range is told as such, though WeCom says "ok"."""
    wecom.invisible.add("eve")
    with pytest.raises(WeComError) as raised:
        calls().text("eve", "hello")
    assert raised.value.code == 81013


@pytest.mark.parametrize("fail", ["500", "cut"])
def test_client_tells_silence_from_refusal(wecom, calls, fail):
    """Where WeCom does not answer that is told, without the address and what stands in it."""
    api = calls()
    token = api.token()
    wecom.fails["message/send"] = [fail]
    with pytest.raises(Unreachable) as raised:
        api.text("ann", "hello")
    assert token not in str(raised.value) and raised.value.__cause__ is None


def test_client_reads_no_more_than_it_may(wecom, calls):
    """Of a file that is too large only as much is read as shows that it is."""
    media = wecom.put("岗位 表.csv", b"a" * 1_000_000)
    api = calls()
    assert api.look(media) == ("岗位 表.csv", 1_000_000)
    assert len(api.download(media, 1000)) == 1001
    assert len(api.download(media, 2_000_000)) == 1_000_000


def test_client_fetches_files_with_a_new_token(wecom, calls):
    """A file is fetched, too, where the token has run out early; one that is gone is refused."""
    media, api = wecom.put("x.csv", b"a,b"), calls()
    api.token()
    wecom.expire()
    assert api.download(media, 10) == b"a,b"
    with pytest.raises(WeComError):
        api.download("gone", 10)


@pytest.mark.parametrize(
    ("told", "name"),
    [
        pytest.param('attachment; filename="岗位.csv"', "岗位.csv", id="utf-8"),
        pytest.param('attachment; filename="%E5%B2%97.csv"', "岗.csv", id="percent"),
        pytest.param("attachment; filename*=utf-8''%E5%B2%97.csv", "岗.csv", id="star"),
        pytest.param("attachment; filename=a.csv; size=1", "a.csv", id="bare"),
        pytest.param("attachment", "", id="none"),
        pytest.param("", "", id="empty"),
    ],
)
def test_client_reads_names_of_files(told, name):
    """A name is read in every spelling in which it may come."""
    headers = httpx.Headers([(b"content-disposition", told.encode())])
    assert _filename(headers) == name


def test_client_remembers_departments(wecom, calls, clock):
    """Somebody's departments are asked for once in ten minutes, by all processes together."""
    wecom.departments["ann"] = [2, 7]
    assert calls().departments_of("ann") == calls().departments_of("ann") == {"2", "7"}
    assert wecom.calls["user/get"] == 1
    wecom.departments["ann"] = [3]
    clock.pass_(601)
    assert calls().departments_of("ann") == {"3"}
    with pytest.raises(WeComError):
        calls().departments_of("nobody")
