"""The WeCom channel: wechatpy plays the platform, and a strict stand-in its HTTP API."""

from __future__ import annotations

import dataclasses
import logging
import re
import time

import pytest
from store_help import at_once
from tencent_api import SECRET, running
from tencent_platform import AES_KEY, AGENT_ID, CORP_ID, LIMIT, TOKEN, Platform
from web_server import serving, until

from bot.app import App, Counts
from bot.channels.tencent.answering import Timings
from bot.channels.wecom import channel as wecom
from bot.channels.wecom.settings import Settings as WeCom
from bot.chat import identity, inbox, outbox
from bot.chat.model import Capability, Incoming
from bot.config import Config
from bot.errors import BadInput
from bot.store import StoreUnavailable, open_store

PATH = "/hooks/wecom"
QUESTION = "内容运营做什么"
TABLE = "标题,描述\n内容运营,负责公众号内容策划和发布\n司机,开车送货\n".encode()
POSTING = (
    "内容运营专员\n岗位职责：\n1、负责公众号、小红书的内容策划、撰写和发布；\n"
    "2、跟进内容数据，分析阅读量和涨粉情况。\n任职要求：\n1、一年以上新媒体内容运营经验。"
).encode()
SOON = Timings(late=0.05, patience=0.3, slow=1.0, hold=0.0, step=0.01, sweep=0.05)


def config_of(folder, url, secret=SECRET, **more):
    """The configuration of the app, its secrets in files."""
    for name, value in (("token", TOKEN), ("key", AES_KEY), ("secret", secret)):
        (folder / name).write_text(value)
    more.setdefault("allow", ("ann", "bob", "hal"))
    file = str(folder / "secret") if secret else None
    return WeCom(CORP_ID, AGENT_ID, str(folder / "token"), str(folder / "key"), file, api=url,
                 **more)  # fmt: skip


def platform_of(server):
    """The platform before a server."""
    return Platform(server, PATH, receive_id=CORP_ID, account=CORP_ID, wecom=True)


@pytest.fixture
def api():
    """WeCom's API, to which nothing too long may be sent."""
    with running() as (api, url):
        api.url = url
        yield api


@pytest.fixture
def app(live, tmp_path, api):
    """The platform before a server whose app has a secret."""
    with serving(tmp_path, live, wecom=config_of(tmp_path, api.url)) as server:
        platform = platform_of(server)
        yield platform
        assert platform.violations == []


@pytest.fixture
def hasty(live, tmp_path, api, monkeypatch):
    """The same, with a server that soon finds a file late, and often looks for unsent replies."""
    monkeypatch.setattr("web_server.attach", lambda web, app: [wecom.attach(web, app, SOON)])
    with serving(tmp_path, live, wecom=config_of(tmp_path, api.url)) as server:
        yield platform_of(server)


@pytest.fixture(scope="module")
def mute(live, tmp_path_factory):
    """The platform before a server whose app has no secret: there are only passive replies."""
    folder = tmp_path_factory.mktemp("wecom")
    with serving(folder, live, wecom=config_of(folder, "http://127.0.0.1:9", "")) as server:
        platform = platform_of(server)
        yield platform
        assert platform.violations == []


def store_of(platform):
    """The store behind the server."""
    return platform.server.app.store


def known(platform, name, role, user):
    """Somebody with a role, known by their user id."""
    person = store_of(platform).people.add(name, (role,))
    store_of(platform).people.link(person.id, "wecom", user)


def checklist(platform, api, user):
    """Somebody begins the first checklist; the card that comes."""
    before = len(api.cards_of(user))
    platform.say(user, "清单")
    platform.say(user, "1")
    until(lambda: len(api.cards_of(user)) > before, "no card came")
    return api.cards_of(user)[-1]


def test_wecom_proves_the_address(mute):
    """The check of the address is answered with the decrypted echo, bare."""
    answer = mute.check("1616140317555161061")
    assert (answer.status_code, answer.text) == (200, "1616140317555161061")


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        pytest.param({"msg_signature": "0" * 40}, 403, id="forged"),
        pytest.param({"msg_signature": None}, 400, id="no-signature"),
        pytest.param({"echostr": None}, 400, id="no-echo"),
        pytest.param({"echostr": "bm90aGluZw=="}, 403, id="other-echo"),
        pytest.param({"timestamp": "1409659813"}, 403, id="stale"),
        pytest.param(
            dict.fromkeys(("msg_signature", "timestamp", "nonce", "echostr")), 400, id="nothing"
        ),
    ],
)
def test_wecom_does_not_prove_it_to_others(mute, changed, status):
    """Whoever does not know the token learns nothing."""
    answer = mute.check("never-shown", **changed)
    assert answer.status_code == status
    assert "never-shown" not in answer.text and len(answer.text.splitlines()) <= 1


def test_wecom_answers_a_question(mute):
    """An employee's question gets its answer, and the number of a choice works."""
    told = mute.say("ann", QUESTION)
    assert "来源" in told and "\n1. " in told
    assert mute.say("ann", "1") != told


def test_wecom_goes_on_where_a_text_was_cut(mute):
    """What does not fit into 2048 bytes comes at the word "continue"."""
    mute.say("ann", QUESTION)
    first = mute.say("ann", "/more")
    assert "继续" in first and len(first.encode()) <= LIMIT
    assert mute.say("ann", "继续") not in ("", first)


def test_wecom_speaks_the_chosen_language(mute):
    """A language that was chosen is kept, also for the channel's own sentences."""
    mute.say("bob", "/lang en")
    assert "type your question" in mute.deliver(mute.message("bob", "image", MediaId="m")).text
    assert "Source" in mute.say("bob", QUESTION)
    mute.say("bob", "/lang zh")


@pytest.mark.parametrize("kind", ["image", "video", "location", "link", "file", "voice"])
def test_wecom_says_what_works(mute, kind):
    """What cannot be read is answered with what can be."""
    assert "打成字" in mute.deliver(mute.message("ann", kind, MediaId="m")).text


def test_wecom_takes_events(mute):
    """Being given the app brings help, its menu what it says; just entering it brings nothing."""
    assert "清单" in mute.event("ann", "subscribe")
    assert "检查清单" in mute.event("ann", "click", EventKey="lists")
    assert "品牌" in mute.event("ann", "click", EventKey="品牌是什么")
    xml = mute.message("ann", "event", Event="enter_agent", EventKey="", at=int(time.time()) - 9)
    assert (mute.deliver(xml).status, mute.deliver(xml).body) == (200, "")


def test_wecom_ticks_by_number_without_a_secret(mute):
    """Without a secret a checklist is ticked by typing numbers."""
    mute.say("ann", "清单")
    number = re.search(r"^(\d+)\. ☐", mute.say("ann", "1"), re.M)[1]
    assert "☑" in mute.say("ann", number)


def test_wecom_binds_by_code(mute):
    """A colleague who is not on the list is told how to be let in, and is let in by the code."""
    store = store_of(mute)
    assert "newcomer" in mute.say("newcomer", QUESTION)
    code = identity.new_code(store, store.people.add("Meg", ("manager",)))
    assert "Meg" in mute.say("newcomer", code)
    assert "来源" in mute.say("newcomer", QUESTION)


def test_wecom_gives_the_same_reply_again(mute):
    """A message that comes again has the reply it had, and nothing is done twice."""
    xml = mute.message("bob", "text", Content=QUESTION)
    before = len(store_of(mute).chats.exchanges("wecom:bob", 50))
    answers = [*at_once([lambda: mute.deliver(xml).text] * 3), mute.deliver(xml).text]
    assert len(set(answers)) == 1 and answers[0]
    assert len(store_of(mute).chats.exchanges("wecom:bob", 50)) == before + 1


def test_wecom_answers_each_sender_of_one_number(mute):
    """Two people whose messages share a number each get the answer to their own question."""
    asked = {"ann": QUESTION, "bob": "用户运营做什么"}
    ann, bob = (mute.say(who, text, MsgId=77) for who, text in asked.items())
    assert ann != bob
    assert ["内容运营" in ann, "用户运营" in bob] == [True, True]


def post(platform, xml=None, **changed):
    """A question with one thing about it that is wrong."""
    params, body = platform.packed(xml or platform.message("ann", "text", Content=QUESTION))
    body = changed.pop("body", body)
    return platform.post({k: v for k, v in (params | changed).items() if v is not None}, body)


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        pytest.param({"msg_signature": "f" * 40}, 403, id="forged"),
        pytest.param({"timestamp": "1409659813"}, 403, id="stale"),
        pytest.param({"msg_signature": None}, 400, id="no-signature"),
        pytest.param({"timestamp": None}, 400, id="no-time"),
        pytest.param({"encrypt_type": "raw"}, 400, id="plain"),
        pytest.param({"body": b""}, 400, id="empty"),
        pytest.param({"body": b"<xml><MsgType>text</MsgType></xml>"}, 400, id="not-sealed"),
        pytest.param({"body": b"<!DOCTYPE a><xml><Encrypt>x</Encrypt></xml>"}, 400, id="dtd"),
        pytest.param({"body": b"<xml><Encrypt>x</Encrypt></xml>"}, 403, id="other-envelope"),
        pytest.param({"body": b"a" * 1_100_000}, 413, id="large"),
    ],
)
def test_wecom_refuses_what_is_not_from_the_platform(mute, changed, status):
    """A callback that proves nothing is refused in one line."""
    answer = post(mute, **changed)
    assert answer.status_code == status
    assert QUESTION not in answer.text


@pytest.mark.parametrize(
    "other",
    [
        pytest.param({"receive_id": "ww0000000000000000"}, id="other-company-inside"),
        pytest.param({"account": "ww0000000000000000"}, id="other-company"),
        pytest.param({"token": "guessed"}, id="other-token"),
    ],
)
def test_wecom_refuses_messages_for_others(mute, other):
    """A message for another company is none of ours, though it comes from the platform."""
    fields = {"receive_id": CORP_ID, "account": CORP_ID, "wecom": True} | other
    assert post(Platform(mute.server, PATH, **fields)).status_code == 403


def test_wecom_refuses_messages_for_another_app(mute):
    """Another app of the same company may share the token; its messages are not answered."""
    xml = mute.message("ann", "text", Content=QUESTION, AgentID=1000099)
    assert post(mute, xml).status_code == 403


def test_wecom_refuses_half_a_press(mute):
    """A press that does not say on which card is refused."""
    xml = mute.message("ann", "event", Event="template_card_event", EventKey="a:1")
    assert post(mute, xml).status_code == 400


def test_wecom_ticks_on_cards(app, api):
    """A checklist comes as text and card; what is checked there is done, and the card shows it."""
    card = checklist(app, api, "ann")
    first = card.shown["checkbox"]["option_list"][0]["id"]
    assert not card.checked and len(card.labels) <= 20
    code = api.press(card)
    assert app.press(card, [first], code).status == 200
    until(lambda: card.checked == [first], "the card does not show the tick")
    until(lambda: any("☑" in text for text in api.texts("ann")), "the page did not come")
    (run,) = store_of(app).runs.all()
    assert {item: mark.state for item, mark in run.marks.items()} == {first: "done"}
    app.press(card, [], api.press(card))
    until(lambda: card.checked == [], "the card does not show that it is open again")


def test_wecom_lets_two_people_tick_the_same_list(app, api):
    """Two people tick by their own cards; neither undoes what the other has done meanwhile."""
    anns = checklist(app, api, "ann")
    first = anns.shown["checkbox"]["option_list"][0]["id"]
    app.press(anns, [first], api.press(anns))
    until(lambda: anns.checked == [first], "the card does not show the tick")
    app.say("bob", "我的清单")
    app.say("bob", "1")
    until(lambda: api.cards_of("bob"), "no card came")
    bobs = api.cards_of("bob")[0]
    second = bobs.shown["checkbox"]["option_list"][1]["id"]
    app.press(bobs, [first, second], api.press(bobs))
    until(lambda: bobs.checked == [first, second], "the card does not show the tick")
    app.press(anns, [first], api.press(anns))  # as she saw it; bob's tick stays
    until(lambda: second in anns.checked, "her card does not show his tick")
    (run,) = store_of(app).runs.all()
    assert {item: mark.by for item, mark in run.marks.items()} == {
        first: "wecom ann", second: "wecom bob",
    }  # fmt: skip


def test_wecom_takes_a_press_once(app, api):
    """A press that comes again changes nothing, and its response code is used once."""
    card = checklist(app, api, "ann")
    first = card.shown["checkbox"]["option_list"][0]["id"]
    code, at, key = api.press(card), int(time.time()), card.shown["submit_button"]["key"]
    for _ in range(3):
        assert app.press(card, [first], code, at=at, EventKey=key).status == 200
    until(lambda: card.checked == [first], "the card does not show the tick")
    until(lambda: len(api.texts("ann")) == 1, "the page did not come")
    assert app.press(card, [first], code, at=at, EventKey=key).status == 200
    assert api.calls["message/update_template_card"] == 1
    assert len(api.texts("ann")) == 1 and len(api.cards) == 1


def test_wecom_sends_another_card_where_one_cannot_be_changed(app, api):
    """After 72 hours a card cannot be changed; then the page comes as a new one."""
    card = checklist(app, api, "ann")
    first = card.shown["checkbox"]["option_list"][0]["id"]
    app.press(card, [first], "code-of-last-week")
    until(lambda: len(api.cards_of("ann")) == 2, "no other card came")
    assert api.cards_of("ann")[1].checked == [first]


def test_wecom_lets_nobody_press_the_card_of_another(app, api):
    """What is behind a card counts in the chat where the card is, and nowhere else."""
    card = checklist(app, api, "ann")
    first = card.shown["checkbox"]["option_list"][0]["id"]
    app.press(card, [first], "code-0", user="bob")
    until(lambda: api.texts("bob"), "bob is not told")
    assert "过时" in api.texts("bob")[0]
    assert store_of(app).runs.all()[0].marks == {}


def test_wecom_reads_files(app, api):
    """HR sends a table and gets it back with verdicts; one posting is told in words."""
    known(app, "Hal", "hr", "hr-hal")
    media = api.put("岗位.csv", TABLE)
    told = app.deliver(app.message("hr-hal", "file", MediaId=media)).text
    assert "共 2 条" in told
    until(lambda: api.files, "the result did not come")
    ((user, name, data),) = api.files
    assert (user, name) == ("hr-hal", "岗位-classified.xlsx") and data.startswith(b"PK")
    media = api.put("jd.txt", POSTING)
    assert "内容运营" in app.deliver(app.message("hr-hal", "file", MediaId=media)).text


def test_wecom_fetches_no_files_for_others(app, api):
    """Whoever may not have postings read is told so; strangers' files are not even asked for."""
    media = api.put("x.csv", TABLE)
    assert "HR" in app.deliver(app.message("ann", "file", MediaId=media)).text
    calls = api.calls["media/get"]
    assert "开通" in app.deliver(app.message("nobody", "file", MediaId=media)).text
    assert api.calls["media/get"] == calls and api.files == []


@pytest.mark.parametrize(
    ("name", "data", "told"),
    [
        pytest.param("x.csv", b"a" * 5_000_001, "5 MB", id="large"),
        pytest.param(None, b"", "再发一次", id="lost"),
        pytest.param("x.pdf", b"%PDF-1.7 ?", "打不开", id="broken"),
    ],
)
def test_wecom_says_what_is_wrong_with_a_file(app, api, name, data, told):
    """A file that is too large, gone or broken is told in words."""
    known(app, "Hal", "hr", "hr-hal")
    media = api.put(name, data) if name else "gone"
    assert told in app.deliver(app.message("hr-hal", "file", MediaId=media)).text


def test_wecom_sends_late_answers_actively(hasty, api, monkeypatch):
    """What takes longer is said to be in work, and comes by itself, the file after the text."""
    known(hasty, "Hal", "hr", "hr-hal")
    download = wecom.Api.download

    def slow(self, media, most):
        until(lambda: asked, "the callback was not answered")
        return download(self, media, most)

    asked = []
    monkeypatch.setattr(wecom.Api, "download", slow)
    media = api.put("岗位.csv", TABLE)
    asked.append(hasty.deliver(hasty.message("hr-hal", "file", MediaId=media)).text)
    assert "正在读" in asked[0]
    until(lambda: api.files, "the result did not come")
    assert "共 2 条" in api.texts("hr-hal")[0] and len(api.files) == 1


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        pytest.param(StoreUnavailable("locked"), "稍后再发", id="busy"),
        pytest.param(RuntimeError("a fault"), "出了点问题", id="fault"),
    ],
)
def test_wecom_tells_late_what_went_wrong(hasty, api, monkeypatch, fault, told):
    """Who was told that a file is in work is told, too, that nothing came of it."""
    known(hasty, "Hal", "hr", "hr-hal")
    answered = []

    def failing(*_):
        until(lambda: answered, "the callback was not answered")
        raise fault

    monkeypatch.setattr(inbox, "receive", failing)
    media = api.put("x.csv", TABLE)
    answered.append(hasty.deliver(hasty.message("hr-hal", "file", MediaId=media)).text)
    until(lambda: api.texts("hr-hal"), "nothing was told")
    assert told in api.texts("hr-hal")[0]


@pytest.mark.parametrize("fail", ["500", "cut", -1, 45009], ids=str)
def test_wecom_sends_later_what_was_not_taken(hasty, api, fail):
    """While WeCom is out of reach, busy or has had enough, a reply is kept, and then sent once."""
    clock = Ahead()
    store_of(hasty).outbox._clock = store_of(hasty).leases._clock = clock
    known(hasty, "Hal", "hr", "hr-hal")
    api.fails["media/upload"] = [fail] * 2
    hasty.deliver(hasty.message("hr-hal", "file", MediaId=api.put("岗位.csv", TABLE)))
    until(lambda: clock.hurry() and api.files, "the result did not come")
    until(lambda: clock.hurry() and not outbox.pending(app_of(hasty), CAN), "it is not settled")
    assert len(api.files) == 1 and len(api.texts("hr-hal")) <= 1


class Ahead:
    """A clock that is moved on now and then, so that nobody waits for what is kept to be old."""

    def __init__(self):
        self.ahead, self.moved = 0.0, time.monotonic()

    def __call__(self):
        return time.time() + self.ahead

    def hurry(self):
        """Twenty seconds pass, but seldom: what is under way must not be taken for lost."""
        if time.monotonic() > self.moved + 0.5:
            self.ahead, self.moved = self.ahead + 20, time.monotonic()
        return True


CAN = Capability("wecom", LIMIT, "bytes", buttons=False, files=True)


def app_of(platform):
    """An App of another process over the same store."""
    return dataclasses.replace(platform.server.app, holder="other")


def test_wecom_sends_what_a_dead_process_has_left(live, tmp_path, api):
    """A reply that was made and not sent, because the process ended, is sent by the next one."""
    config = config_of(tmp_path, api.url)
    store = open_store(str(tmp_path / "zhiwen.db"), lambda: time.time() - 100)
    app = App(Config(platforms={"wecom": config}), store, live, Counts(store))
    inbox.receive(app, CAN, Incoming("m1", "ann", "ann", "清单"))
    outbox.mark_delivered(app, CAN, Incoming("m1", "ann", "ann"))
    page = Incoming("m2", "ann", "ann", "1")
    inbox.receive(app, CAN, page)
    outbox.mark_delivered(app, CAN, page, 1)
    inbox.receive(app, CAN, Incoming("m3", "ann", "ann", QUESTION))
    store.close()
    with serving(tmp_path, live, wecom=config) as server:
        until(lambda: api.texts("ann"), "the answer did not come")
        until(lambda: api.cards_of("ann"), "the card did not come")
        platform = platform_of(server)
        until(lambda: outbox.pending(app_of(platform), CAN) == [], "something is left")
    assert len(api.texts("ann")) == 1 and "来源" in api.texts("ann")[0]


@pytest.mark.parametrize(
    ("code", "told"),
    [
        pytest.param(60020, "trusted IPs", id="ip"),
        pytest.param(48002, "permission", id="right"),
        pytest.param(60011, "permission", id="privilege"),
        pytest.param(81013, "visible range", id="invisible"),
        pytest.param(40058, "global error codes", id="other"),
    ],
)
def test_wecom_says_what_an_error_means(app, api, caplog, code, told):
    """A refusal is told in the log, with what to do about it and without a secret; once."""
    api.fails["message/send"] = [code]
    with caplog.at_level(logging.DEBUG):
        app.say("ann", "清单")
        assert "0/" in app.say("ann", "1")
        until(lambda: told in caplog.text, "nothing is told")
    for secret in (SECRET, TOKEN, AES_KEY, *api.tokens, "1.2.3.4"):
        assert secret not in caplog.text
    assert api.calls["message/send"] == 1


def test_wecom_renews_a_token_that_is_refused(app, api):
    """A token that has run out early is fetched anew, once, and the call made again."""
    checklist(app, api, "ann")
    api.expire()
    checklist(app, api, "ann")
    assert (api.calls["gettoken"], len(api.cards)) == (2, 2)


def test_wecom_answers_though_the_secret_is_wrong(live, tmp_path, api, caplog):
    """With a wrong secret questions are answered all the same, and the log says what is wrong."""
    with serving(tmp_path, live, wecom=config_of(tmp_path, api.url, "wrong-secret")) as server:
        platform = platform_of(server)
        platform.say("ann", "清单")
        assert "1. ☐" in platform.say("ann", "1")
        until(lambda: "check wecom.corp_id" in caplog.text, "nothing is told")
    assert "wrong-secret" not in caplog.text


def test_wecom_lets_departments_in(live, tmp_path, api):
    """Members of a department may ask, and are asked about once; others may not."""
    api.departments = {"dora": [2, 7], "dan": [3]}
    config = config_of(tmp_path, api.url, allow=(), departments=("7",))
    with serving(tmp_path, live, wecom=config) as server:
        platform = platform_of(server)
        assert "来源" in platform.say("dora", QUESTION)
        assert "来源" in platform.say("dora", QUESTION)
        assert api.calls["user/get"] == 1
        for _ in range(2):
            assert "dan" in platform.say("dan", QUESTION)
        assert api.calls["user/get"] == 2
        api.fails["user/get"] = ["500"]
        api.departments["eve"] = [7]
        assert "来源" not in platform.say("eve", QUESTION)
        assert "来源" in platform.say("eve", QUESTION)


def test_wecom_comes_again_while_the_database_is_busy(hasty, monkeypatch):
    """Without the database nothing is acknowledged: the platform comes again."""
    xml = hasty.message("ann", "text", Content=QUESTION)

    def busy(*_):
        raise StoreUnavailable("locked")

    with monkeypatch.context() as patched:
        patched.setattr(inbox, "receive", busy)
        assert hasty.post(*hasty.packed(xml)).status_code == 503
    assert "来源" in hasty.deliver(xml).text


def test_wecom_apologises_for_what_was_not_foreseen(hasty, api, monkeypatch, caplog):
    """A fault of ours is logged and told."""

    def broken(*_):
        raise RuntimeError("a fault")

    monkeypatch.setattr(inbox, "receive", broken)
    assert "出了点问题" in hasty.say("ann", QUESTION)
    assert "could not be answered" in caplog.text


@pytest.mark.parametrize(
    ("given", "more", "told"),
    [
        pytest.param({}, {}, "ZHIWEN_WECOM_TOKEN", id="no-token"),
        pytest.param({"TOKEN": TOKEN}, {}, "ZHIWEN_WECOM_AES_KEY", id="no-key"),
        pytest.param({"TOKEN": TOKEN, "AES_KEY": "short"}, {}, "ZHIWEN_WECOM_AES_KEY", id="short"),
        pytest.param(
            {"TOKEN": TOKEN, "AES_KEY": AES_KEY}, {"departments": ("1",)}, "ZHIWEN_WECOM_SECRET",
            id="departments",
        ),
    ],
)  # fmt: skip
def test_wecom_says_which_secret_is_missing(monkeypatch, tmp_path, live, given, more, told):
    """A missing or wrong secret is told by name when the server starts."""
    for name in ("TOKEN", "AES_KEY", "SECRET"):
        monkeypatch.setenv(f"ZHIWEN_WECOM_{name}", given.get(name, ""))
    config = WeCom(CORP_ID, AGENT_ID, **more)
    with pytest.raises(BadInput, match=told), serving(tmp_path, live, wecom=config):
        pass


def test_wecom_takes_a_user_id_in_any_case(live, tmp_path, api):
    """ "ZhangSan" on the list, linked, in a message or on a card is "zhangsan"."""
    section = config_of(tmp_path, api.url, allow=("ZhangSan",))
    with serving(tmp_path, live, wecom=section) as server:
        platform = platform_of(server)
        assert "来源" in platform.say("zhangsan", QUESTION)
        assert "1. " in platform.say("ZHANGSAN", "/lists")
        assert [p.name for p in store_of(platform).people.all()] == ["wecom zhangsan"]
        platform.say("ZhangSan", "1")
        until(lambda: api.cards_of("zhangsan"), "no card came")
        card = api.cards_of("zhangsan")[-1]
        code = api.press(card)
        platform.press(
            card, [card.shown["checkbox"]["option_list"][0]["id"]], code, user="ZhangSan"
        )
        until(lambda: store_of(platform).runs.all()[0].marks, "nothing was ticked")
        person = store_of(platform).people.add("Lisi", ("manager",))
        code = identity.new_code(store_of(platform), person)
        assert "Lisi" in platform.say("LiSi", code)
        assert "manager" in platform.say("lisi", "我是谁")


def test_wecom_tells_health_that_its_secret_is_refused(app, api):
    """Replies that go out by themselves cannot, so the channel does not count as running."""

    def channel():
        with app.server.client() as client:
            return client.get("/healthz").json()["channels"]["wecom"]

    assert channel() == "ok"
    api.fails["gettoken"] = [40001] * 50
    app.say("ann", "/lists 促销活动上线前")
    app.say("ann", "1")
    until(lambda: channel() == "stopped", "the channel still counts as running")
