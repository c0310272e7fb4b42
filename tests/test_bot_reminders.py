"""Reminders: one digest a day where it is wanted, by real mail and to stand-ins of platforms."""

from __future__ import annotations

import dataclasses
import datetime
import re
import socket
from email import message_from_bytes, policy

import pytest
import telegram_api
import tencent_api
from aiosmtpd.controller import Controller
from chat_help import PRESSED, TYPED, Phone
from store_help import at_once
from tencent_platform import AES_KEY, AGENT_ID, CORP_ID, TOKEN
from web_server import serving

from bot import runs
from bot.app import app_of
from bot.channels.telegram.settings import Settings as Telegram
from bot.channels.wechat.settings import Settings as WeChat
from bot.channels.wecom.settings import Settings as WeCom
from bot.config import Config
from bot.errors import BadInput
from bot.reminders import digest, mail, zones
from bot.reminders.sending import send_due
from bot.reminders.settings import Smtp
from bot.runs.duties import duties

TODAY = datetime.date(2026, 6, 17)
NINE = datetime.datetime(2026, 6, 17, 9, 5)
MOST = 30
CAMPAIGN = "checklist.campaign"


class Mailbox:
    """A mail server's hands: what arrived, or how it refuses."""

    def __init__(self):
        self.mails, self.refusal = [], ""

    async def handle_DATA(self, server, session, envelope):
        """Take a mail."""
        if self.refusal:
            return self.refusal
        self.mails.append(
            (envelope.rcpt_tos, message_from_bytes(envelope.content, policy=policy.default))
        )
        return "250 OK"


@pytest.fixture
def mailbox():
    """A real SMTP server on this machine; *port* is its port."""
    box = Mailbox()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        box.port = free.getsockname()[1]
    controller = Controller(box, hostname="127.0.0.1", port=box.port)
    controller.start()
    try:
        yield box
    finally:
        controller.stop()


def smtp(port):
    """The settings of that server."""
    return Smtp("127.0.0.1", "Zhiwen <bot@example.org>", "https://z.example.org", port, "none")


@pytest.fixture
def ann(store, live):
    """A person of the staff with something due, and the App that she is known to."""
    person = store.people.add("Ann", ("staff",))
    runs.start(store, live.book, person, "checklist.campaign", "en", "2026-06-18", "Big sale")
    return person


def app_with(store, live, **more):
    """The App over that store."""
    return app_of(Config(auth="password", **more), store, live)


def wants_mail(store, person, hour=9, **more):
    """The person has confirmed an address."""
    store.reminders.change(
        person.id, hour=hour, email="ann@example.org", confirmed=1.0, language="en", **more
    )


def test_reminders_come_by_mail_once_over_several_servers(store, live, ann, mailbox):
    """At the hour, not before; of servers that look at once one sends; none later that day."""
    app = app_with(store, live, smtp=smtp(mailbox.port))
    wants_mail(store, ann)
    assert send_due(app, NINE.replace(hour=8)) == 0
    assert sorted(at_once([lambda: send_due(app, NINE)] * 4)) == [0, 0, 0, 1]
    assert send_due(app, NINE.replace(hour=23)) == 0
    ((to, message),) = mailbox.mails
    assert to == ["ann@example.org"]
    text = message.get_content()
    assert "Big sale" in text and "days late" in text
    assert "https://z.example.org/checklists/" in text
    assert message["List-Unsubscribe"].startswith("<https://z.example.org/reminders/off/")
    assert send_due(app, NINE + datetime.timedelta(days=1)) == 1


@pytest.mark.parametrize(
    ("zone", "utc", "sent"),
    [
        pytest.param("Asia/Shanghai", "2026-06-17T00:59", 0, id="east-before"),
        pytest.param("Asia/Shanghai", "2026-06-17T01:00", 1, id="east"),
        pytest.param("America/Los_Angeles", "2026-06-17T15:59", 0, id="west-before"),
        pytest.param("America/Los_Angeles", "2026-06-17T16:00", 1, id="west"),
        pytest.param("Pacific/Auckland", "2026-06-16T21:00", 1, id="the-day-before-in-utc"),
        pytest.param("Mars/Olympus", "2026-06-17T23:00", 1, id="a-zone-that-is-gone"),
    ],
)
def test_reminders_come_at_the_hour_of_the_reader(store, live, ann, mailbox, zone, utc, sent):
    """The hour, and the day, are those of where the reader lives; once a day there."""
    app = app_with(store, live, smtp=smtp(mailbox.port))
    wants_mail(store, ann, zone=zone)
    now = datetime.datetime.fromisoformat(f"{utc}+00:00")
    assert send_due(app, now) == sent
    assert send_due(app, now) == 0
    assert len(mailbox.mails) == sent


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("asia/shanghai", "Asia/Shanghai"),
        ("America/New York", "America/New_York"),
        (" UTC ", "UTC"),
        ("../../etc/passwd", None),
        ("Nowhere", None),
        ("", None),
    ],
)
def test_zone_is_one_of_iana(typed, kept):
    """However it is spelled; nothing else is one."""
    assert zones.canonical_name(typed) == kept


def phone_of(store, live, ann, monkeypatch, can=PRESSED):
    """Ann's phone, linked to her."""
    monkeypatch.setenv("ZHIWEN_TELEGRAM_TOKEN", telegram_api.TOKEN)
    store.people.link(ann.id, can.channel, "4711")
    app = app_with(store, live, platforms={"telegram": Telegram(), "wechat": WeChat("wx1")})
    return Phone(app, "4711", can, language="en")


def test_reminders_are_switched_in_the_chat(store, live, ann, monkeypatch):
    """Seen, pressed off, typed on again at another hour; what is no hour changes nothing."""
    phone = phone_of(store, live, ann, monkeypatch)
    store.reminders.change(ann.id, zone="Asia/Tokyo", off=("email",))
    assert "9:00 (Asia/Tokyo)" in phone.say("/remind")
    phone.press("No more reminders here")
    assert "not reminded here" in phone.text
    assert set(store.reminders.wishes(ann.id).off) == {"email", "telegram"}
    assert "7:00" in phone.say("/reminders 7:00")
    wishes = store.reminders.wishes(ann.id)
    assert (wishes.off, wishes.hour, wishes.zone) == (("email",), 7, "Asia/Tokyo")
    for words in ("/remind 25", "/remind soon", "reminders", "提醒"):
        assert "7:00" in phone.say(words)
    assert store.reminders.wishes(ann.id) == wishes


def test_reminders_in_a_chat_where_none_can_come(store, live, ann, monkeypatch):
    """It says where else; in a group it says nothing of anybody."""
    phone = phone_of(store, live, ann, monkeypatch, TYPED)
    assert "cannot message you first here" in phone.say("/remind off")
    assert store.reminders.wishes(ann.id).off == ()
    store.people.link(ann.id, "telegram", "4711")
    group = Phone(phone.app, "4711", PRESSED, "g", "en", group=True)
    assert "9:00" not in group.say("/remind off")
    assert store.reminders.wishes(ann.id).off == ()


def test_reminders_that_are_not_wanted_do_not_come(store, live, ann, mailbox):
    """Switched off, not confirmed, disabled, or nothing due: no mail."""
    app = app_with(store, live, smtp=smtp(mailbox.port))
    wants_mail(store, ann, off=("email",))
    store.people.add("Bob", ("staff",))
    assert send_due(app, NINE) == 0
    store.reminders.change(ann.id, off=(), confirmed=None)
    assert send_due(app, NINE) == 0
    store.reminders.change(ann.id, confirmed=1.0)
    store.people.change("Ann", disabled=True)
    assert send_due(app, NINE) == 0
    assert mailbox.mails == []


def test_reminders_are_tried_again_where_the_server_fails(store, clock, live, ann, mailbox):
    """A few times that day, after a while; a mail that is refused for good is not."""
    app = app_with(store, live, smtp=smtp(mailbox.port))
    wants_mail(store, ann)
    mailbox.refusal = "451 later"
    assert send_due(app, NINE) == 0
    mailbox.refusal = ""
    assert send_due(app, NINE) == 0, "too early"
    clock.pass_(700)
    assert send_due(app, NINE) == 1
    assert len(mailbox.mails) == 1


def test_reminders_come_in_telegram_and_wecom(store, live, ann, tmp_path, monkeypatch):
    """Where the person has linked an account; what is switched off stays silent."""
    monkeypatch.setenv("ZHIWEN_TELEGRAM_TOKEN", telegram_api.TOKEN)
    for name, value in (("TOKEN", TOKEN), ("AES_KEY", AES_KEY), ("SECRET", tencent_api.SECRET)):
        monkeypatch.setenv(f"ZHIWEN_WECOM_{name}", value)
    with telegram_api.running() as telegram, tencent_api.running() as (wecom, url):
        telegram.person(4711)
        platforms = {
            "telegram": Telegram(api=telegram.url),
            "wecom": WeCom(CORP_ID, AGENT_ID, api=url),
        }
        app = app_with(store, live, platforms=platforms)
        store.people.link(ann.id, "telegram", "4711")
        store.people.link(ann.id, "wecom", "ann")
        assert send_due(app, NINE) == 2
        (sent,) = [values for name, values in telegram.calls if name == "sendMessage"]
        assert "Big sale" in str(sent["text"])
        assert "Big sale" in wecom.texts("ann")[0]
        store.reminders.change(ann.id, off=("telegram",))
        assert send_due(app, NINE + datetime.timedelta(days=1)) == 1
        assert len(wecom.texts("ann")) == 2


@pytest.mark.parametrize(("most", "in_bytes"), [(4096, False), (2048, True)])
@pytest.mark.parametrize("language", ["zh", "en", "ja", "ko"])
def test_digest_fits_and_says_how_many_are_left(store, live, most, in_bytes, language):
    """However many items there are, in whatever script: one message of the platform."""
    person = store.people.add("Ann", ("staff",))
    views = []
    for number in range(MOST):
        id_ = runs.start(
            store, live.book, person, "checklist.campaign", "zh", "2026-06-18", f"大促 {number}"
        )
        views.append(runs.view(store, live.book, person, id_, TODAY))
    found = duties(views, "Ann", TODAY)
    text = digest.text(found, TODAY, language, most, in_bytes)
    size = len(text.encode()) if in_bytes else len(text.encode("utf-16-le")) // 2
    assert size <= most
    shown = text.count("•")
    assert shown < len(found)
    assert str(len(found) - shown) in text.splitlines()[-3]


@pytest.mark.parametrize(
    ("text", "fine"),
    [
        ("ann@example.org", True),
        ("ann@example", False),
        ("ann@example.org\nBcc: all@example.org", False),
        ("Ann <ann@example.org>", False),
        ("", False),
    ],
)
def test_mail_addresses_are_addresses_and_nothing_more(text, fine):
    """Nothing that would write another line into the head of a mail."""
    assert mail.is_address(text) is fine


def test_mail_goes_nowhere_unprotected(mailbox):
    """Without TLS only to a server on this machine."""
    far = dataclasses.replace(smtp(mailbox.port), host="mail.example.org")
    with pytest.raises(BadInput):
        mail.send(far, "ann@example.org", "x", "y")


@pytest.fixture
def desk(live, tmp_path, mailbox):
    """A server that sends mails."""
    with serving(tmp_path, live, auth="password", smtp=smtp(mailbox.port)) as server:
        yield server


def test_reminders_page_confirms_an_address_and_ends_mails(desk, mailbox):
    """A new address is used once its owner has pressed the button behind the link in the mail."""
    with desk.signed_in("Ann", "staff") as client:
        fields = {"hour": "7", "on": ["email"], "email": "ann@example.org"}
        assert "is on its way" in client.post("/account/reminders", data=fields).text
        person = desk.app.store.people.by_name("Ann").id
        wishes = desk.app.store.reminders.wishes(person)
        assert (wishes.hour, wishes.off, wishes.email) == (7, ("badge",), None)
        link = re.search(
            r"https://z\.example\.org(/reminders/confirm/\S+)", mailbox.mails[0][1].get_content()
        )[1]
        assert "This address is mine" in client.get(link).text
        assert desk.app.store.reminders.wishes(person).confirmed is None
        assert "Confirmed" in client.post(link).text
        assert desk.app.store.reminders.wishes(person).email == "ann@example.org"
        assert client.post(link).status_code == 404
        client.post("/account/reminders", data=fields | {"zone": "asia/tokyo"})
        assert 'value="Asia/Tokyo"' in client.get("/account/reminders").text
        wrong = client.post("/account/reminders", data=fields | {"zone": "Tokio"})
        assert (wrong.status_code, "no such time zone" in wrong.text) == (422, True)
        assert desk.app.store.reminders.wishes(person).zone == "Asia/Tokyo"
        client.post("/account/reminders", data=fields | {"zone": ""})
        assert desk.app.store.reminders.wishes(person).zone is None
        assert (
            "not an email address"
            in client.post("/account/reminders", data=fields | {"email": "x"}).text
        )


def test_calendar_link_is_secret_and_can_be_renewed(desk):
    """It needs no sign-in, shows what is one's own, and ends when another one is made."""
    with desk.signed_in("Ann", "staff") as client, desk.client() as stranger:
        client.post(
            "/checklists/start",
            data={"checklist": "checklist.campaign", "anchor": "2030-06-18", "title": "Big sale"},
        )
        links = []
        for _ in range(2):
            page = client.post("/account/calendar", data={"act": "new"}).text
            links.append(re.search(r'value="http://[^/]+(/calendar/[^"]+)"', page)[1])
        answer = stranger.get(links[1])
        assert answer.headers["content-type"].startswith("text/calendar")
        assert answer.text.count("BEGIN:VEVENT") > 10
        assert "Big sale" in answer.text.replace("\r\n ", "")
        assert stranger.get(links[0]).status_code == 404
        client.post("/account/calendar", data={"act": "drop"})
        assert stranger.get(links[1]).status_code == 404


def test_badge_tells_how_many_are_due(desk):
    """On every page, and no more once it is switched off."""
    with desk.signed_in("Ann", "staff") as client:
        client.post(
            "/checklists/start",
            data={
                "checklist": "checklist.campaign", "anchor": "2020-06-18", "sure": "2020-06-18"
            },
        )  # fmt: skip
        desk.web.state.badges.forget()
        assert re.search(r'class="badge".*25 items due or late', client.get("/account").text)
        client.post("/account/reminders", data={"hour": "9"})
        desk.web.state.badges.forget()
        assert 'class="badge"' not in client.get("/account").text


def test_housekeeping_reminds(desk, mailbox):
    """The server itself looks from time to time."""
    with desk.signed_in("Ann", "staff") as client:
        client.post(
            "/checklists/start",
            data={
                "checklist": "checklist.campaign", "anchor": "2020-06-18", "sure": "2020-06-18"
            },
        )  # fmt: skip
    store, keeper = desk.app.store, desk.web.state.housekeeping
    wants_mail(store, store.people.by_name("Ann"), hour=0)
    keeper.reminded = None
    keeper.run_steps()
    assert len(mailbox.mails) == 1
    assert keeper.failing == set()
