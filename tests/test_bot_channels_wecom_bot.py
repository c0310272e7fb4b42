"""WeCom's AI bot: the long connection, its place, callbacks, cards, files; a strict gateway."""

from __future__ import annotations

import json
import logging

import pytest
from web_server import serving, until
from wecom_bot_faults import AGAIN, storm
from wecom_bot_gateway import BOT, SECRET, running

from bot.channels.wecom_bot import channel as wecom_bot
from bot.channels.wecom_bot.settings import Settings
from bot.channels.wecom_bot.timings import Timings, backoff
from bot.config import Config
from bot.errors import BadInput

QUESTION = "内容运营做什么"
SOON = Timings(ping=0.2, ack=3.0, again=0.02, most=0.2, replaced=0.1, lease=1.0, look=0.05,
               busy=0.05, step=0.02, returning=2.0, limited=0.05, sweep=0.1, renew=1.0)  # fmt: skip
TABLE = "标题,描述\n内容运营,负责公众号内容策划和发布\n司机,开车送货\n".encode()


@pytest.fixture
def gateway():
    """The platform; whatever it would have refused fails the test."""
    with running() as found:
        yield found
    assert found.violations == []


@pytest.fixture
def patient(monkeypatch):
    """Servers whose bot is quick to look."""
    monkeypatch.setattr("web_server.attach", lambda web, app: [wecom_bot.attach(web, app, SOON)])


def section(folder, gateway, secret=SECRET, **more):
    """The configuration of the bot, its secret in a file."""
    (folder / "secret").write_text(secret)
    more.setdefault("allow", ("Ann", "bob", "hal"))
    return Settings(BOT, str(folder / "secret"), url=gateway.url, **more)


@pytest.fixture
def bot(patient, live, tmp_path, gateway):
    """A server with the bot."""
    with serving(tmp_path, live, wecom_bot=section(tmp_path, gateway)) as server:
        gateway.wait(lambda: gateway.subscriptions, "it does not subscribe")
        yield server


def known(server, name, role, user):
    """Somebody with a role, known by their user id."""
    person = server.app.store.people.add(name, (role,))
    server.app.store.people.link(person.id, "wecom_bot", user)


def test_it_answers_in_one_frame(bot, gateway):
    """A question is answered by a stream that begins and ends at once; a number picks a choice."""
    told = gateway.asked("Ann", QUESTION)
    assert "来源" in told and "\n1. " in told
    assert gateway.shown["ann"][-1]["finish"] is True
    assert gateway.asked("ann", "1") != told


@pytest.mark.parametrize(
    ("message", "told"),
    [
        pytest.param({"msgtype": "voice", "voice": {"content": QUESTION}}, "内容运营", id="voice"),
        pytest.param(
            {"msgtype": "mixed", "mixed": {"msg_item": [
                {"msgtype": "image", "image": {"url": "u", "aeskey": "k"}},
                {"msgtype": "text", "text": {"content": QUESTION}}]}},
            "内容运营", id="mixed"),
        pytest.param({"msgtype": "image", "image": {"url": "u"}}, "文字", id="image"),
        pytest.param({"msgtype": "video", "video": {"url": "u"}}, "文字", id="video"),
        pytest.param({"msgtype": "text", "text": {"content": "[微笑]"}}, "表情", id="smiley"),
        pytest.param({"msgtype": "text", "text": {"content": " "}}, "文字", id="blank"),
        pytest.param({"msgtype": "location"}, "文字", id="unknown"),
    ],
)  # fmt: skip
def test_it_reads_every_kind_of_message(bot, gateway, message, told):
    """What has words is answered; for the rest there is a sentence that says what to do."""
    gateway.heard(gateway.happens("ann", **message))
    assert told in gateway.texts("ann")[-1]


def test_groups_and_people_have_conversations_of_their_own(bot, gateway):
    """In a group the name of the bot is left out, and a number picks from one's own reply."""
    gateway.asked("ann", f"@职问 {QUESTION}", group="G-Team")
    gateway.asked("bob", "@职问 什么是私域流量", group="G-Team")
    texts = gateway.texts("G-Team")
    assert "内容运营" in texts[0] and "私域流量" in texts[1]
    assert gateway.shown["ann"] == []
    number = gateway.say("stranger", "@职问 你好", group="G-Team")
    gateway.asked("ann", "@职问 1", group="G-Team")
    assert not gateway.callbacks[number].answered and len(gateway.texts("G-Team")) == 3


def test_strangers_are_told_how_to_be_let_in(bot, gateway):
    """Somebody who is on no list is told what to do, and nothing else."""
    told = gateway.asked("eve", QUESTION)
    assert "eve" in told and "来源" not in told


def test_whoever_comes_in_is_welcomed(bot, gateway):
    """Entering the chat brings what can be asked, by the frame that is for that."""
    gateway.heard(gateway.event("ann", "enter_chat"))
    assert len(gateway.texts("ann")) == 1 and "清单" in gateway.texts("ann")[0]


def test_a_checklist_comes_as_a_card_and_is_ticked_on_it(bot, gateway):
    """Begin, check a box, send it off: the card in its place shows it, and so does the run."""
    gateway.asked("ann", "清单")
    gateway.asked("ann", "1")
    card = gateway.cards("ann")[-1]
    boxes = [one["id"] for one in card["checkbox"]["option_list"]]
    gateway.heard(gateway.press("ann", card, boxes[:1]))
    gateway.wait(lambda: len(gateway.texts("ann")) == 3, "no text came")
    changed = gateway.cards("ann")[-1]
    assert changed["task_id"] == card["task_id"] and len(gateway.cards("ann")) == 1
    checked = [one["is_checked"] for one in changed["checkbox"]["option_list"]]
    assert checked[0] and not any(checked[1:])
    run = bot.app.store.runs.all("open")[0]
    assert {item for item, mark in run.marks.items() if mark.state == "done"} == {boxes[0]}


def test_a_card_that_cannot_be_changed_any_more_comes_anew(bot, gateway, monkeypatch):
    """Where the update is refused, another card stands below with what is ticked."""
    gateway.asked("ann", "清单")
    gateway.asked("ann", "1")
    card = gateway.cards("ann")[-1]
    monkeypatch.setattr(gateway, "_updated", lambda request, body: 846608)
    gateway.press("ann", card, [card["checkbox"]["option_list"][0]["id"]])
    gateway.wait(lambda: len(gateway.cards("ann")) == 2, "no new card came")
    assert gateway.cards("ann")[-1]["checkbox"]["option_list"][0]["is_checked"]


def test_feedback_is_kept_and_nothing_is_said(bot, gateway):
    """A thumb of the platform counts as one of ours."""
    gateway.asked("ann", QUESTION)
    gateway.event("ann", "feedback_event", silent=True, id="x", type=1)
    until(lambda: ("feedback", "up") in bot.app.counts.total(), "no thumb was counted")
    assert len(gateway.texts("ann")) == 1


def test_a_table_of_postings_comes_back_as_a_workbook(bot, gateway):
    """The file is opened with its own key; HR gets the table back, with our columns."""
    known(bot, "Hal", "hr", "hal")
    gateway.file("hal", "七月.csv", TABLE)
    gateway.wait(lambda: gateway.sent_files("hal"), "no file came")
    name, data = gateway.sent_files("hal")[0]
    assert name == "七月-classified.xlsx" and data[:2] == b"PK"


@pytest.mark.parametrize("page", [None, "https://zhiwen.example.com/"])
def test_where_files_are_not_taken_the_page_is_named(patient, live, tmp_path, gateway, page):
    """The result is not lost without a word: its place on the web is told."""
    gateway.takes_files = False
    with serving(tmp_path, live, wecom_bot=section(tmp_path, gateway, page=page)) as server:
        known(server, "Hal", "hr", "hal")
        gateway.file("hal", "七月.csv", TABLE)
        gateway.wait(lambda: len(gateway.texts("hal")) == 2, "nothing was told")
    assert ("https://zhiwen.example.com/posting" in gateway.texts("hal")[-1]) is bool(page)


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(lambda g: g.file("hal", "x.csv", TABLE, key="bm9wZQ=="), id="key"),
        pytest.param(lambda g: g.happens("hal", msgtype="file", file={
            "url": f"{g.files_url}/gone", "aeskey": "A" * 43}), id="gone"),
        pytest.param(lambda g: g.happens("hal", msgtype="file", file={
            "url": "no address", "aeskey": "A" * 43}), id="address"),
        pytest.param(lambda g: g.file("hal", "x.csv", b"a" * 5_000_100), id="large"),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_had_is_told(bot, gateway, spoil):
    """One clear sentence, and the next question is answered."""
    known(bot, "Hal", "hr", "hal")
    gateway.heard(spoil(gateway))
    assert len(gateway.texts("hal")) == 1
    assert "来源" in gateway.asked("hal", QUESTION)


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param("{", id="no JSON"),
        pytest.param("[1]", id="a list"),
        pytest.param('{"cmd": "aibot_msg_callback"}', id="no number"),
        pytest.param('{"cmd": "aibot_dance", "headers": {"req_id": "x"}}', id="unknown"),
        pytest.param('{"headers": {"req_id": "x"}, "errcode": 1}', id="answer to nothing"),
        pytest.param("x" * 5_000_000, id="5 MB"),
        pytest.param(b"\xff\xfe", id="bytes"),
        pytest.param("[" * 100_000, id="deep"),
        pytest.param('{"headers": {"req_id": "x"}, "errcode": "0"}', id="code no number"),
        pytest.param('{"cmd": {}, "headers": {"req_id": "x"}, "body": null}', id="command no text"),
        pytest.param(b"\x00" * 2_000_000, id="2 MB of nothing"),
        pytest.param(json.dumps({"cmd": "aibot_msg_callback", "headers": {"req_id": "x"}, "body": {
            "msgid": "1", "aibotid": "another", "chattype": "single", "from": {"userid": "ann"},
            "msgtype": "text", "text": {"content": QUESTION}}}), id="another bot"),
        pytest.param(json.dumps({"cmd": "aibot_msg_callback", "headers": {"req_id": "x"}, "body": {
            "msgid": 1, "from": [], "text": 5}}), id="other types"),
        pytest.param(json.dumps({"cmd": "aibot_event_callback", "headers": {"req_id": "x"},
            "body": {"msgid": "9", "from": {"userid": "ann"}, "event": {
                "eventtype": "template_card_event", "task_id": "no",
                "selected_items": {"selected_item": [1, {"option_ids": 5}]}}}}), id="odd card"),
    ],
)  # fmt: skip
def test_a_frame_that_is_none_is_passed_over(bot, gateway, raw):
    """Nothing is lost, and the connection is kept."""
    gateway.asked("ann", "你好")  # so that whatever is sent to her is not out of the blue
    gateway.push(raw)
    gateway.say("ann", QUESTION)
    gateway.wait(lambda: any("来源" in text for text in gateway.texts("ann")), "no answer")
    assert len(gateway.subscriptions) == 1


def test_a_torn_frame_is_put_together(bot, gateway):
    """A message in fragments is one message."""
    number = gateway.say("bob", QUESTION)
    gateway.heard(number)
    frame = json.dumps({
        "cmd": "aibot_msg_callback", "headers": {"req_id": "torn"},
        "body": gateway.callbacks[number].body | {"msgid": "torn"},
    })  # fmt: skip
    torn = type(gateway.callbacks[number])(gateway.callbacks[number].body | {"msgid": "torn"})
    gateway.callbacks["torn"] = gateway._requests["torn"] = torn
    gateway.push([frame[:20], frame[20:90], frame[90:]])
    gateway.heard("torn")


def test_a_callback_that_comes_again_is_answered_once(bot, gateway):
    """Pushed three times, at once and later, there is one answer."""
    number = gateway.say("ann", QUESTION)
    gateway.again(number)
    gateway.heard(number)
    gateway.again(number)
    gateway.asked("ann", "谢谢")
    assert len(gateway.texts("ann")) == 2


def test_control_characters_in_a_frame_are_read(bot, gateway):
    """The platform writes them as they are, which JSON does not allow; nothing is lost by that."""
    number = gateway.say("bob", QUESTION)
    gateway.heard(number)
    body = gateway.callbacks[number].body | {"msgid": "control", "text": {"content": "~"}}
    gateway.callbacks["control"] = gateway._requests["control"] = type(gateway.callbacks[number])(
        body
    )
    frame = json.dumps(
        {"cmd": "aibot_msg_callback", "headers": {"req_id": "control"}, "body": body}
    )
    gateway.push(frame.replace("~", f"\x01{QUESTION}\n\t\x1f"))
    gateway.heard("control")
    assert "来源" in gateway.texts("bob")[-1]


def test_a_lost_connection_is_made_anew(bot, gateway):
    """What the platform has not shown it pushes again, and is answered under the new number."""
    faults = iter(["drop", "unsubscribed", "limit", ""])
    gateway.fault = lambda command, _: next(faults, "") if command == "aibot_respond_msg" else ""
    assert "来源" in gateway.asked("ann", QUESTION)
    gateway.wait(lambda: len(gateway.subscriptions) == 3, "it does not come back")
    gateway.cut()
    gateway.wait(lambda: len(gateway.subscriptions) == 4, "it does not come back")
    assert "来源" in gateway.asked("ann", QUESTION)
    assert len(gateway.texts("ann")) == 2


def test_what_may_have_arrived_says_so_when_it_comes_again(bot, gateway):
    """Shown, and its acknowledgement lost: the number is void, so it comes actively and says so."""
    faults = iter(["mute"])
    gateway.fault = lambda command, _: next(faults, "") if command == "aibot_respond_msg" else ""
    told = gateway.asked("ann", QUESTION)
    gateway.wait(lambda: len(gateway.texts("ann")) == 2, "it does not come again")
    assert gateway.texts("ann")[1] == f"{AGAIN}\n\n{told}"
    gateway.asked("ann", "谢谢")
    assert len(gateway.texts("ann")) == 3


def test_of_a_text_and_a_card_only_what_is_not_there_comes_again(bot, gateway):
    """Sent actively one after the other, each is sent until it has arrived, and not longer."""
    gateway.asked("ann", "清单")
    faults = iter(["", "mute"])
    wrong = iter(["drop"])
    gateway.redelivers = False
    gateway.fault = lambda command, _: (
        next(wrong, "") if command == "aibot_respond_msg"
        else next(faults, "") if command == "aibot_send_msg" else ""
    )  # fmt: skip
    gateway.say("ann", "1")
    gateway.wait(lambda: len(gateway.subscriptions) == 3, "it does not come back")
    gateway.redelivers = True
    gateway.asked("ann", "谢谢")
    assert len(gateway.cards("ann")) == 1 and len(gateway.texts("ann")) == 3


def test_a_wrong_secret_is_said_in_the_log_and_tried_ever_more_rarely(
    patient, live, tmp_path, gateway, caplog
):
    """The log says what is wrong and holds no secret; the right one is taken once it is there."""
    caplog.set_level(logging.DEBUG)
    with serving(tmp_path, live, wecom_bot=section(tmp_path, gateway, secret="not-the-secret")):
        until(lambda: gateway.wrong >= 3, "it does not try again")
    assert "bot and secret" in caplog.text and "not-the-secret" not in caplog.text
    waits = [backoff(1.0, 60.0, failures) for failures in range(12)]
    assert all(0.5 * 2**n <= waits[n] <= 2**n for n in range(6)) and max(waits) <= 60.0


def test_one_server_holds_the_bot_and_another_takes_over(patient, live, tmp_path, gateway):
    """Of two on one database one is connected; when it ends, the other is, within seconds."""
    config = section(tmp_path, gateway)
    database = str(tmp_path / "one.db")
    with serving(tmp_path, live, wecom_bot=config, database=database) as second:
        with serving(tmp_path, live, wecom_bot=config, database=database):
            gateway.asked("ann", QUESTION)
            assert len(gateway.subscriptions) == 1
            lease = f"wecom_bot:{BOT}"
            second.app.store.leases.release(lease, second.app.holder)
        gateway.asked("ann", "谢谢")
    assert len(gateway.texts("ann")) == 2 and gateway.wrong == 0


def test_a_newer_connection_is_not_thrown_out_at_once(bot, gateway, caplog):
    """Replaced by a client without our lease, the bot waits, says so, and then comes back."""
    from websockets.sync.client import connect

    with connect(gateway.url) as other:
        body = {"bot_id": BOT, "secret": SECRET}
        frame = {"cmd": "aibot_subscribe", "headers": {"req_id": "other"}, "body": body}
        other.send(json.dumps(frame))
        until(lambda: "another client took" in caplog.text, "it does not notice")
    gateway.wait(lambda: len(gateway.subscriptions) == 3, "it does not come back")
    assert "来源" in gateway.asked("ann", QUESTION)


def test_what_another_server_left_is_sent(patient, live, tmp_path, gateway):
    """A reply that was kept before the restart arrives after it, actively, and once."""
    from bot.channels.wecom_bot.answering import CAN
    from bot.chat import inbox
    from bot.chat.model import Incoming

    with serving(tmp_path, live, wecom_bot=section(tmp_path, gateway)) as server:
        gateway.asked("ann", "你好")
        old = Incoming(f"{BOT}\x1fold", "ann", "ann", QUESTION, language="zh")
        inbox.receive(server.app, CAN, old)
        server.app.store.outbox.hold(CAN.channel, [], "nobody")
        from sqlalchemy import update

        from bot.store import tables as t
        from bot.store.database import writing

        with writing(server.app.store.engine) as db:
            db.execute(update(t.replays).where(t.replays.c.sent.is_(None)).values(at=0.0))
        gateway.wait(lambda: len(gateway.texts("ann")) == 2, "the old reply does not come")
        gateway.asked("ann", "谢谢")
    assert "来源" in gateway.texts("ann")[1] and len(gateway.texts("ann")) == 3
    assert gateway.texts("ann")[1].startswith(AGAIN)


@pytest.mark.parametrize(
    ("secret", "url", "told"),
    [
        pytest.param("", "wss://x.example", "WECOM_BOT_SECRET", id="no secret"),
        pytest.param("s", "ws://x.example", "wss", id="no TLS"),
        pytest.param("s", "https://x.example", "wss", id="no socket"),
    ],
)
def test_a_setting_that_cannot_work_stops_the_start(tmp_path, secret, url, told):
    """The sentence says what to set."""
    (tmp_path / "secret").write_text(secret)
    config = Config(platforms={"wecom_bot": Settings(BOT, str(tmp_path / "secret"), url=url)})

    class Bare:
        pass

    app = Bare()
    app.config = config
    with pytest.raises(BadInput, match=told):
        wecom_bot.attach(None, app)


def test_nothing_is_lost_and_nothing_comes_twice(patient, live, tmp_path, gateway):
    """Messages over a connection that breaks all the time, before and after a reply is shown."""
    config = section(tmp_path, gateway, allow=("*",))
    with serving(tmp_path, live, wecom_bot=config):
        gateway.wait(lambda: gateway.subscriptions, "it does not subscribe")
        found = storm(gateway, 300, 30, 0.05)
    assert (found.lost, found.doubled) == (0, 0) and sum(found.faults.values()) > 10


@pytest.mark.parametrize(
    ("more", "secret", "found"),
    [
        pytest.param({}, SECRET, {"wecom_bot_secret": "ok", "wecom_bot_reached": "ok"}, id="fine"),
        pytest.param({}, "", {"wecom_bot_secret_none": "fail"}, id="secret"),
        pytest.param({"url": "http://x"}, SECRET, {"wecom_bot_url": "fail"}, id="address"),
        pytest.param({"url": "ws://127.0.0.1:9"}, SECRET, {"wecom_bot_unreachable": "warn"},
                     id="reach"),
    ],
)  # fmt: skip
def test_the_doctor_looks_without_signing_in(tmp_path, gateway, more, secret, found):
    """What is wrong is told; the server that is connected keeps its place."""
    from bot.channels.wecom_bot import doctor
    from bot.doctor import Place

    (tmp_path / "secret").write_text(secret)
    settings = {"url": gateway.url, "secret_file": str(tmp_path / "secret"), "allow": ("*",)}
    config = Config(
        platforms={"wecom_bot": Settings(BOT, **settings | more)}, database=str(tmp_path / "x.db")
    )
    looked = {one.key: one.level for one in doctor.look(Place(config, tmp_path))}
    assert found.items() <= looked.items() and gateway.subscriptions == []
