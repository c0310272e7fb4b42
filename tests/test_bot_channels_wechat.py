"""The WeChat Official Account channel: wechatpy plays the platform, over HTTP, in both modes."""

from __future__ import annotations

import logging
import re
import threading
import time
from itertools import pairwise

import pytest
from store_help import at_once
from tencent_platform import ACCOUNT, AES_KEY, APP_ID, LIMIT, TOKEN, Platform, xml_of
from web_server import serving

from bot.channels.tencent import xml
from bot.channels.tencent.answering import Timings
from bot.channels.wechat import channel as wechat
from bot.channels.wechat.settings import Settings as WeChat
from bot.chat import identity, inbox
from bot.errors import BadInput
from bot.store import StoreUnavailable
from knowledge.engine.model import LANGUAGES

PATH = "/hooks/wechat"
ANN, BOB = "oAnn-6_TUTdYgsOvo0Xy2Sg", "oBob-6_TUTdYgsOvo0Xy2Sg"
QUESTION = "内容运营做什么"


def secret_files(folder, safe=True):
    """The configuration of the account, its secrets in files."""
    (folder / "token").write_text(TOKEN + "\n")
    (folder / "key").write_text(AES_KEY + "\n")
    key = str(folder / "key") if safe else None
    return WeChat(APP_ID, str(folder / "token"), key, allow=(ANN, BOB))


@pytest.fixture(scope="module", params=[True, False], ids=["safe", "plain"])
def oa(live, tmp_path_factory, request):
    """The platform before a server, in safe and in plain mode."""
    folder = tmp_path_factory.mktemp("wechat")
    with serving(folder, live, wechat=secret_files(folder, request.param)) as server:
        platform = Platform(server, PATH, safe=request.param)
        yield platform
        assert platform.violations == []


@pytest.fixture
def own(live, tmp_path):
    """The platform in safe mode before a server that nobody else uses."""
    with serving(tmp_path, live, wechat=secret_files(tmp_path)) as server:
        yield Platform(server, PATH)


@pytest.fixture
def quick(live, tmp_path, monkeypatch):
    """The same, with a server that soon gives up."""
    pace = Timings(patience=0.2, hold=0.0, step=0.01)
    monkeypatch.setattr("web_server.attach", lambda web, app: [wechat.attach(web, app, pace)])
    with serving(tmp_path, live, wechat=secret_files(tmp_path)) as server:
        yield Platform(server, PATH)


def key_of(message):
    """What a message is known by when it comes again."""
    return wechat.read(xml.read(message)).incoming.id


def messages_of(platform, sender):
    """What is kept of a conversation."""
    return platform.server.app.store.chats.exchanges(f"wechat:{sender}", 50)


def test_wechat_proves_the_address(oa):
    """The check of the address is answered with what was sent, and nothing else."""
    answer = oa.check("1234567890")
    assert (answer.status_code, answer.text) == (200, "1234567890")
    assert answer.headers["content-type"].startswith("text/plain")


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        pytest.param({"signature": "0" * 40}, 403, id="forged"),
        pytest.param({"signature": None}, 400, id="no-signature"),
        pytest.param({"echostr": None}, 400, id="no-echo"),
        pytest.param({"timestamp": "1409659813"}, 403, id="stale"),
        pytest.param({"timestamp": "soon"}, 400, id="no-time"),
        pytest.param({"timestamp": "٣"}, 400, id="foreign-digits"),
        pytest.param({"nonce": "other"}, 403, id="other-nonce"),
        pytest.param(
            dict.fromkeys(("signature", "timestamp", "nonce", "echostr")), 400, id="nothing"
        ),
    ],
)
def test_wechat_does_not_prove_it_to_others(oa, changed, status):
    """Whoever does not know the token learns nothing."""
    answer = oa.check("never-shown", **changed)
    assert answer.status_code == status
    assert "never-shown" not in answer.text and len(answer.text.splitlines()) <= 1


def test_wechat_answers_a_question(oa):
    """A question gets its answer, with numbered choices and the source."""
    told = oa.say(ANN, QUESTION)
    assert "内容" in told and "来源" in told
    assert "\n1. " in told


def test_wechat_takes_a_number(oa):
    """The number of a choice is answered like the choice."""
    told = oa.say(ANN, QUESTION)
    label = next(line for line in told.splitlines() if line.startswith("1. "))[3:]
    assert label.partition(" ")[0][:2] in oa.say(ANN, "1")


def test_wechat_goes_on_where_a_text_was_cut(oa):
    """What does not fit into 2048 bytes comes at the word "continue", each part within bounds."""
    oa.say(ANN, QUESTION)
    told = [oa.say(ANN, "/more")]
    while "发“继续”" in told[-1]:
        told.append(oa.say(ANN, "继续"))
        assert len(told) < 20
    assert all(len(part.encode()) <= LIMIT for part in told)
    assert len(told) > 1, "the longest entry fits into one message; take a longer one"
    assert "没有更多" in oa.say(ANN, "继续")


@pytest.mark.parametrize("language", LANGUAGES)
def test_wechat_speaks_four_languages(oa, language):
    """A language that was chosen is kept, also for the channel's own sentences."""
    oa.say(BOB, f"/lang {language}")
    expected = {"zh": "打成字", "en": "type", "ja": "文字", "ko": "글로"}[language]
    assert expected in oa.deliver(oa.message(BOB, "image", PicUrl="http://x", MediaId="m")).text
    oa.say(BOB, "/lang zh")


def test_wechat_ticks_by_number(oa):
    """A checklist is ticked by typing numbers; the page comes back with the box ticked."""
    oa.say(ANN, "清单")
    page = oa.say(ANN, "1")
    number = re.search(r"^(\d+)\. ☐", page, re.M)[1]
    assert page.count("☑") == 0
    ticked = oa.say(ANN, number)
    assert ticked.count("☑") == 1 and "已勾选" in ticked


def test_wechat_greets_whoever_follows(oa):
    """Following the account brings help; unfollowing and views bring nothing."""
    assert "清单" in oa.event(ANN, "subscribe", EventKey="")
    quiet = [("unsubscribe", ""), ("VIEW", "http://example.com"), ("LOCATION", "")]
    for event, key in quiet:
        xml = oa.message(ANN, "event", Event=event, EventKey=key, at=int(time.time()) - 7)
        assert oa.deliver(xml).body == "success"


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        pytest.param("lists", "检查清单", id="command"),
        pytest.param("help", "谁做什么", id="help"),
        pytest.param("清单", "检查清单", id="word"),
        pytest.param("品牌是什么", "品牌", id="question"),
    ],
)
def test_wechat_takes_the_menu(oa, key, expected):
    """An item of the menu may be a command, a word for one, or a question."""
    assert expected in oa.event(ANN, "CLICK", EventKey=key)


def test_wechat_takes_a_code_from_a_picture(own):
    """Whoever scans a QR code with a binding code in it is that person at once."""
    store = own.server.app.store
    person = store.people.add("Meg", ("manager",))
    code = identity.new_code(store, person)
    assert "Meg" in own.event("oMeg", "subscribe", EventKey=f"qrscene_{code}")
    assert "Meg" in own.event("oMeg2", "SCAN", EventKey=identity.new_code(store, person))
    assert "绑定码" in own.event("oThief", "SCAN", EventKey=code)


def test_wechat_binds_by_code(own):
    """A stranger is told how to be let in, and is let in by the code that is sent."""
    store = own.server.app.store
    code = identity.new_code(store, store.people.add("Hal", ("hr",)))
    assert "oHal" in own.say("oHal", QUESTION) and "来源" not in own.say("oHal", QUESTION)
    assert "Hal" in own.say("oHal", f"绑定码 {code}")
    assert "来源" in own.say("oHal", QUESTION)


def test_wechat_takes_speech_as_text(oa):
    """What the platform has heard in a voice message counts as written."""
    heard = oa.message(ANN, "voice", MediaId="m", Format="amr", Recognition="内容运营做什么？")
    assert "来源" in oa.deliver(heard).text
    unheard = oa.message(ANN, "voice", MediaId="m", Format="amr", Recognition="")
    assert "打成字" in oa.deliver(unheard).text


@pytest.mark.parametrize("kind", ["image", "video", "shortvideo", "location", "link", "file", "x"])
def test_wechat_says_what_works(oa, kind):
    """What cannot be read is answered with what can be."""
    assert "文字" in oa.deliver(oa.message(ANN, kind, MediaId="m")).text


@pytest.mark.parametrize(
    "text", ["a]]>b", "<xml>&amp;</xml>", "\u0001\u000b", "😀" * 300, " ", "/nonsense ]]> <b>"]
)
def test_wechat_lets_no_text_break_the_reply(oa, text):
    """Whatever stands in a message, the reply is sound and within bounds."""
    xml = oa.message(ANN, "text", Content=text.replace("\u0001", "").replace("\u000b", " "))
    assert oa.deliver(xml).status == 200


def test_wechat_gives_the_same_reply_again(own):
    """A message that comes again has the reply it had, and nothing is done twice."""
    xml = own.message(ANN, "text", Content=QUESTION)
    first, second = own.deliver(xml), own.deliver(xml)
    assert first.text == second.text != ""
    assert len(messages_of(own, ANN)) == 1


def test_wechat_answers_each_sender_of_one_number(own):
    """Two followers whose messages share a number each get the answer to their own question."""
    asked = {ANN: QUESTION, BOB: "用户运营做什么"}
    messages = {who: own.message(who, "text", Content=q, MsgId=77) for who, q in asked.items()}
    first = {who: own.deliver(xml).text for who, xml in messages.items()}
    assert ["内容运营" in first[ANN], "用户运营" in first[BOB]] == [True, True]
    assert first[ANN] != first[BOB]
    again = at_once([lambda xml=xml: own.deliver(xml).text for xml in messages.values()])
    assert again == list(first.values())
    assert [message.asked for message in messages_of(own, BOB)] == [asked[BOB]]


@pytest.mark.parametrize(
    ("kind", "other"),
    [
        pytest.param("text", {"ToUserName": "gh_another"}, id="account"),
        pytest.param("text", {"FromUserName": BOB}, id="sender"),
        pytest.param("text", {"MsgId": "78"}, id="number"),
        pytest.param("event", {"CreateTime": "1700000001"}, id="time"),
        pytest.param("event", {"EventKey": "help"}, id="key"),
        pytest.param("event", {"Event": "SCAN"}, id="event"),
        pytest.param("event", {"FromUserName": BOB}, id="sender-of-event"),
    ],
)
def test_wechat_tells_messages_apart(kind, other):
    """Account, sender and number make a message; account, sender, time and event an event."""
    fields = {
        "ToUserName": ACCOUNT, "FromUserName": ANN, "CreateTime": "1700000000", "MsgType": kind,
        "Content": QUESTION, "Event": "CLICK", "EventKey": QUESTION, "MsgId": "77",
    }  # fmt: skip
    one, same, another = (key_of(xml_of(told)) for told in (fields, fields, fields | other))
    assert one == same != another


def test_wechat_answers_an_event_once(own):
    """Events have no number; the same person, time and key are the same event."""
    xml = own.message(ANN, "event", Event="CLICK", EventKey=QUESTION)
    assert own.deliver(xml).text == own.deliver(xml).text != ""
    assert len(messages_of(own, ANN)) == 1


def test_wechat_answers_attempts_at_once_alike(own):
    """Three attempts at the same moment are one message: one answer, given three times."""
    xml = own.message(ANN, "text", Content=QUESTION)
    answers = at_once([lambda: own.deliver(xml).text] * 3)
    assert len(set(answers)) == 1 and answers[0]
    assert len(messages_of(own, ANN)) == 1


def forged(platform, **changed):
    """A question with one thing about it that is wrong."""
    params, body = platform.packed(platform.message(ANN, "text", Content=QUESTION))
    body = changed.pop("body", body)
    params = {k: v for k, v in (params | changed).items() if v is not None}
    return platform.post(params, body)


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        pytest.param({"signature": "f" * 40, "msg_signature": "f" * 40}, 403, id="forged"),
        pytest.param({"nonce": "another"}, 403, id="other-nonce"),
        pytest.param({"timestamp": "1409659813"}, 403, id="stale"),
        pytest.param({"timestamp": str(int(time.time()) + 4000)}, 403, id="of-tomorrow"),
        pytest.param({"timestamp": None}, 400, id="no-time"),
        pytest.param({"nonce": None}, 400, id="no-nonce"),
        pytest.param({"timestamp": "9" * 5000}, 400, id="endless-time"),
        pytest.param({"signature": None, "msg_signature": None}, 400, id="no-signature"),
        pytest.param({"encrypt_type": "rot13"}, 400, id="other-encryption"),
        pytest.param({"body": b""}, 400, id="empty"),
        pytest.param({"body": b"\xff\xfe\x00<"}, 400, id="no-text"),
        pytest.param({"body": b"{}"}, 400, id="json"),
        pytest.param({"body": b"<xml><Encrypt/></xml>"}, 400, id="nothing-inside"),
        pytest.param({"body": b"<a>" * 30_000}, 400, id="deep"),
        pytest.param({"body": b"<xml>" + b"a" * 100_000}, 413, id="long"),
        pytest.param(
            {"body": b'<?xml version="1.0" encoding="utf-37"?><xml/>'}, 400, id="encoding"
        ),
    ],
)
def test_wechat_refuses_what_is_not_from_the_platform(oa, changed, status):
    """A callback that proves nothing is refused, and no conversation comes of it."""
    before = len(messages_of(oa, ANN))
    answer = forged(oa, **changed)
    assert answer.status_code == status
    assert QUESTION not in answer.text and len(answer.text.splitlines()) <= 1
    assert len(messages_of(oa, ANN)) == before


BOMB = (
    '<?xml version="1.0"?><!DOCTYPE xml [<!ENTITY a "aaaaaaaaaa">'
    + "".join(f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in pairwise("abcdefghi"))
    + "]><xml><MsgType>text</MsgType><Content>&i;</Content></xml>"
)  # fmt: skip
OUTSIDE = (
    '<!DOCTYPE xml [<!ENTITY file SYSTEM "file:///etc/passwd">]>'
    "<xml><ToUserName>a</ToUserName><FromUserName>oAnn</FromUserName><MsgId>1</MsgId>"
    "<MsgType>text</MsgType><Content>&file;</Content></xml>"
)


@pytest.mark.parametrize(
    "xml",
    [
        pytest.param(BOMB, id="bomb"),
        pytest.param(OUTSIDE, id="outside-entity"),
        pytest.param('<!DOCTYPE xml SYSTEM "http://127.0.0.1:1/x.dtd"><xml/>', id="outside-dtd"),
        pytest.param("<xml/>", id="no-fields"),
        pytest.param("<xml><MsgType>text</MsgType></xml>", id="no-sender"),
        pytest.param(
            "<xml><ToUserName>a</ToUserName><FromUserName>o</FromUserName><MsgId>1</MsgId>"
            "<MsgType>text</MsgType></xml>", id="no-content",
        ),
        pytest.param(
            "<xml><ToUserName>a</ToUserName><FromUserName>o</FromUserName>"
            "<MsgType>event</MsgType></xml>", id="no-event",
        ),
        pytest.param("hello", id="no-xml"),
    ],
)  # fmt: skip
def test_wechat_refuses_what_no_platform_sends(oa, xml):
    """Even with a good signature, document types, entities and half messages are refused."""
    answer = oa.post(*oa.packed(xml))
    assert answer.status_code == 400
    assert "root:" not in answer.text and len(answer.text.splitlines()) <= 1


def test_wechat_refuses_messages_for_another_account(own):
    """A sealed message for another account is none of ours, though the token is the same."""
    other = Platform(own.server, PATH, receive_id="wx0000000000000000")
    assert forged(other).status_code == 403


def test_wechat_refuses_another_token(own):
    """Whoever has another token cannot ask."""
    assert forged(Platform(own.server, PATH, token="guessed")).status_code == 403


def test_wechat_refuses_plain_messages_in_safe_mode(own):
    """With an AES key nothing is taken that is not sealed: its text would not be vouched for."""
    assert forged(Platform(own.server, PATH, safe=False)).status_code == 400


def test_wechat_refuses_large_bodies(oa):
    """More than a megabyte is not even parsed."""
    assert forged(oa, body=b"<xml>" + b"a" * 1_100_000).status_code == 413


def test_wechat_logs_no_contents(own, caplog):
    """Neither a question nor a secret stands in the log, however a callback ends."""
    with caplog.at_level(logging.DEBUG):
        own.say(ANN, QUESTION)
        forged(own, msg_signature="f" * 40)
        own.post(*own.packed(OUTSIDE))
    told = "\n".join(
        record.getMessage() for record in caplog.records if record.name[:6] == "zhiwen"
    )
    assert "callback refused" in told
    for secret in (QUESTION, TOKEN, AES_KEY, ANN, "passwd"):
        assert secret not in told


def test_wechat_lets_the_platform_come_again(quick):
    """While another process answers, the platform is made to come again, and then has it."""
    store = quick.server.app.store
    message = quick.message(ANN, "text", Content=QUESTION)
    assert store.outbox.claim("wechat", key_of(message)).state == "ours"
    assert quick.post(*quick.packed(message)).status_code == 503
    store.outbox.give_back("wechat", key_of(message))
    assert "来源" in quick.deliver(message).text


def test_wechat_waits_for_another_process(own):
    """An answer that another process is about to make is waited for, and given."""
    store = own.server.app.store
    message = own.message(ANN, "text", Content=QUESTION)
    store.outbox.claim("wechat", key_of(message))
    told = []
    asking = threading.Thread(target=lambda: told.append(own.deliver(message).text))
    asking.start()
    store.outbox.give_back("wechat", key_of(message))
    asking.join(20)
    assert told and "来源" in told[0]


def test_wechat_comes_again_while_the_database_is_busy(quick, monkeypatch):
    """Without the database nothing is acknowledged: the platform comes again."""
    xml = quick.message(ANN, "text", Content=QUESTION)

    def busy(*_):
        raise StoreUnavailable("locked")

    with monkeypatch.context() as patched:
        patched.setattr(inbox, "receive", busy)
        assert quick.post(*quick.packed(xml)).status_code == 503
    assert "来源" in quick.deliver(xml).text


def test_wechat_apologises_for_what_was_not_foreseen(quick, monkeypatch, caplog):
    """A fault of ours is logged and told, not left to the platform's own complaint."""

    def broken(*_):
        raise RuntimeError("a fault")

    monkeypatch.setattr(inbox, "receive", broken)
    assert "出了点问题" in quick.say(ANN, QUESTION)
    assert "could not be answered" in caplog.text


@pytest.mark.parametrize(
    ("token", "key", "told"),
    [
        pytest.param("", "", "ZHIWEN_WECHAT_TOKEN", id="no-token"),
        pytest.param(TOKEN, "short", "ZHIWEN_WECHAT_AES_KEY", id="short-key"),
    ],
)
def test_wechat_says_which_secret_is_missing(monkeypatch, token, key, told):
    """A missing or wrong secret is told by name, and not shown."""
    monkeypatch.setenv("ZHIWEN_WECHAT_TOKEN", token)
    monkeypatch.setenv("ZHIWEN_WECHAT_AES_KEY", key)
    with pytest.raises(BadInput, match=told) as raised:
        wechat.door_of("wechat", WeChat(APP_ID), APP_ID, wechat.STANDS, sealed=False)
    assert not key or key not in str(raised.value)


def test_wechat_account_is_told_apart(oa):
    """The reply comes from the account that was written to."""
    assert oa.account == ACCOUNT and oa.say(ANN, "帮助")


@pytest.mark.parametrize(
    "text", ["[微笑]", "[赞]", "[OK][强]", "/::)", "/:rose /:strong", "[ThumbsUp]"]
)
def test_wechat_takes_no_smiley_for_a_command(oa, text):
    """A smiley of the platform is thanked for: it judges nothing, asks nothing, and is no error."""
    oa.say(ANN, QUESTION)
    before = len(messages_of(oa, ANN))
    assert "表情" in oa.say(ANN, text)
    assert len(messages_of(oa, ANN)) == before
    assert oa.server.app.store.feedback.all(0.0) == []


@pytest.mark.parametrize("text", ["{}[微笑]", "[玫瑰]{}", "{}/::)", "{} /:rose/:rose"])
def test_wechat_reads_the_words_beside_a_smiley(oa, text):
    """A question is the same question with a smiley beside it."""
    assert oa.say(ANN, text.format(QUESTION)) == oa.say(ANN, QUESTION)
