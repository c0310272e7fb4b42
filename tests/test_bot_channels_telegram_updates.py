"""Updates on their way in: by polling and by webhook, twice, late, to several, across restarts."""

from __future__ import annotations

import contextlib
import dataclasses
import io
import json
import logging
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
import telegram_api
import telegram_bot
from telegram_people import Person
from web_server import until

from bot import logs
from bot.app import App, Counts
from bot.channels.telegram.channel import attach
from bot.channels.telegram.settings import Settings as Telegram
from bot.channels.telegram.webhook import secret_of
from bot.config import Config
from bot.errors import BadInput
from bot.store import open_store

ASKED = "What does content operations do?"
SUDDEN = dataclasses.replace(telegram_bot.FAST, drain=0.0)
"""Ends without waiting for anything, like a process that is killed."""
BEN = Person(222, "Ben", "en")
HOUR = 3600.0


@pytest.fixture
def api(monkeypatch):
    """Telegram."""
    monkeypatch.setenv("ZHIWEN_TELEGRAM_TOKEN", telegram_api.TOKEN)
    with telegram_api.running() as running:
        yield running


@pytest.fixture
def start(api, tmp_path, live):
    """Starts our side, as often as wanted, over one database."""
    with contextlib.ExitStack() as stack:
        yield lambda **options: stack.enter_context(
            telegram_bot.running(api, tmp_path, live, **options)
        )


@pytest.mark.parametrize("mode", ["polling", "webhook"])
def test_updates_of_a_chat_keep_their_order(api, start, mode):
    """What one person writes is answered in the order of writing, others do not wait for it."""
    start(mode=mode)
    anna, zoe = api.person(111), api.person(112, "Zoe")
    api.trouble("sendMessage", "stall", seconds=0.3)
    for number in range(20):
        anna.say(f"/x{number}")
        if number == 0:
            until(lambda: api.faults.happened, "the first reply does not begin")
    zoe.asks("/help")
    told = [one.text.split()[4].rstrip(".") for one in anna.wait(20)]
    assert told == [f"/x{number}" for number in range(20)]


@pytest.mark.parametrize("mode", ["polling", "webhook"])
def test_updates_that_waited_are_answered_unless_too_old(api, start, mode):
    """What was written while we were away is answered; what nobody waits for any more is not."""
    anna, group = api.person(111), api.group()
    anna.say("/old", ago=25 * HOUR)
    anna.say("/new", ago=23 * HOUR)
    group.say("/help", BEN, ago=11 * 60)
    asked = group.say("/help", BEN, ago=9 * 60)
    start(mode=mode)
    group.wait(1)
    anna.wait(1)
    api.quiet()
    assert ["/new" in one.text for one in anna.told] == [True]
    assert [one.reply_to for one in group.told] == [asked.id]


def test_updates_brought_twice_are_answered_once(api, start):
    """The same update, brought several times at once and later to two servers, has one answer."""
    servers = [start(mode="webhook").url, start(mode="webhook").url]
    anna = api.person(111)
    anna.asks("/help")
    hook, api.hook = api.hook, None
    number = anna.say(ASKED) and max(api.queue)
    update = api.queue.pop(number)
    api.hook = hook
    with ThreadPoolExecutor(8) as pool:
        statuses = list(pool.map(lambda n: api.bring(update, servers[n % 2]), range(16)))
    assert set(statuses) <= {200, 503}
    until(lambda: api.bring(update, servers[0]) == 200, "the update is never done")
    assert api.bring(update, servers[1]) == 200
    assert len(anna.told) == 2


def test_updates_go_to_any_of_several_servers(api, start):
    """A conversation goes on whichever server an update is brought to."""
    start(mode="webhook"), start(mode="webhook")
    anna = api.person(111)
    anna.press("Campaign", anna.asks("/lists promotion"))
    api.quiet()
    for number in range(1, 6):
        anna.press(f"\u2610 {number}.", anna.told[0])
        api.quiet()
    assert "5/25" in anna.told[0].text


ANN = {"id": 111, "is_bot": False, "first_name": "Ann"}
ROOM = {"id": 111, "type": "private", "first_name": "Ann"}
SAID = {"message_id": 1, "date": 1_790_000_000, "chat": ROOM, "from": ANN, "text": "hi"}
WRONG_TYPES = (
    {"message": "hi"},
    {"message": SAID | {"text": 5}},
    {"message": SAID | {"date": "yesterday"}},
    {"message": SAID | {"date": 10**30}},
    {"message": SAID | {"chat": 111}},
    {"message": SAID | {"chat": ROOM | {"id": "111"}}},
    {"message": SAID | {"from": ANN | {"id": None, "language_code": 7}}},
    {"message": SAID | {"entities": [{"type": "mention", "offset": "0", "length": 1}]}},
    {"message": SAID | {"document": {"file_id": 1}}},
    {"message": SAID | {"reply_to_message": []}},
    {"callback_query": {"id": 5, "from": ANN, "data": "x"}},
    {"callback_query": {"id": "5", "from": ANN, "data": {}}},
    {"inline_query": {"id": "5", "from": ANN, "query": 5, "offset": ""}},
)
"""Kinds of updates that we read, with a part of a type that Telegram never sends."""


@pytest.mark.parametrize(
    ("secret", "body", "status"),
    [
        pytest.param("wrong", b"{}", 403, id="wrong-secret"),
        pytest.param("", b"{}", 403, id="no-secret"),
        pytest.param("\u00e9".encode().decode("latin-1"), b"{}", 403, id="odd-secret"),
        pytest.param(None, b"{", 400, id="no-json"),
        pytest.param(None, b"\xff\xfe", 400, id="no-text"),
        pytest.param(None, b"[1]", 400, id="no-object"),
        pytest.param(None, b'{"update_id": "x"}', 400, id="no-number"),
        pytest.param(None, b"[" * 100_000, 400, id="deep"),
        pytest.param(None, b'{"update_id": true}', 400, id="no-number-but-true"),
        *(
            pytest.param(None, json.dumps({"update_id": 1, **wrong}).encode(), 400, id=f"type-{n}")
            for n, wrong in enumerate(WRONG_TYPES)
        ),
        pytest.param(None, b'{"update_id": 1}', 200, id="unknown-kind"),
        pytest.param(None, b'{"update_id": 1, "message": {"x": 1}}', 200, id="unknown-shape"),
        pytest.param(None, b'{"update_id": 1, "poll": {}}', 200, id="not-asked-for"),
    ],
)
def test_webhook_takes_only_updates_of_telegram(api, start, secret, body, status):
    """Who does not show the secret is turned away; what cannot be an update is refused."""
    bot = start(mode="webhook")
    until(lambda: api.hook, "the webhook is not set")
    shown = api.hook.secret if secret is None else secret
    headers = {"x-telegram-bot-api-secret-token": shown.encode("latin-1")}
    answer = httpx.post(f"{bot.url}/hooks/telegram", content=body, headers=headers)
    assert answer.status_code == status


def test_webhook_of_a_stranger_changes_nothing(api, start):
    """An update with a wrong secret is not answered and not remembered."""
    bot = start(mode="webhook")
    until(lambda: api.hook, "the webhook is not set")
    anna = api.person(111)
    hook, api.hook = api.hook, None
    anna.say(ASKED)
    [update] = api.queue.values()
    assert api.bring(update, bot.url, "x" * 64) == 403
    assert anna.told == []
    assert api.bring(update, bot.url, hook.secret) == 200
    assert len(anna.told) == 1
    api.queue.clear()


def test_webhook_asks_for_what_it_reads(api, start):
    """Telegram is told the address, the secret and the kinds of updates."""
    start(mode="webhook")
    until(lambda: api.hook, "the webhook is not set")
    assert api.hook.url == f"{telegram_api.PUBLIC}/hooks/telegram"
    assert len(api.hook.secret) == 64
    assert "callback_query" in api.hook.allowed


@pytest.mark.parametrize("mode", ["polling", "webhook"])
@pytest.mark.parametrize("method", ["getMe", "setWebhook", "deleteWebhook", "getMyCommands"])
def test_updates_begin_once_telegram_is_there(api, start, mode, method):
    """If Telegram is not there at the start, the start is tried again."""
    api.trouble(method, "broken", times=12)
    anna = api.person(111)
    anna.say(ASKED)
    start(mode=mode)
    anna.wait(1)


def test_polling_ends_an_old_webhook(api, start):
    """After a change from webhook to polling what waited is still answered."""
    api.setWebhook("https://old.example.com/hook", "s" * 16, ["message"])
    anna = api.person(111)
    anna.say(ASKED)
    start()
    anna.wait(1)
    assert api.hook is None


@pytest.mark.parametrize(
    "trouble",
    [
        pytest.param({"kind": "conflict", "times": 3}, id="somebody-else-polls"),
        pytest.param({"kind": "broken", "times": 3}, id="server-error"),
        pytest.param({"kind": "drop"}, id="torn-connection"),
        pytest.param({"kind": "stall", "seconds": 9.0}, id="no-answer"),
        pytest.param({"kind": "drop", "handled": True}, id="answer-lost"),
    ],
)
def test_polling_goes_on_after_trouble(api, start, trouble):
    """Polling that fails begins again, and nothing is lost or doubled."""
    api.trouble("getUpdates", **trouble)
    start(pace=dataclasses.replace(telegram_bot.FAST, poll=0.5, read=0.3))
    anna = api.person(111)
    anna.asks(ASKED)
    anna.asks("/help")
    api.quiet()
    assert len(anna.told) == 2


def test_polling_is_done_by_one_process(api, start):
    """Of several processes one polls, so Telegram sees no conflict; another takes over from it."""
    first, _ = start(), start()
    anna = api.person(111)
    anna.asks(ASKED)
    first.stop()
    anna.asks("/help")
    api.quiet()
    assert len(anna.told) == 2


def test_polling_passes_over_what_nobody_can_read(api, start):
    """One update that the library cannot read does not hold up those behind it."""
    api.queue[1] = {"update_id": 1, "message": {"message_id": "x", "chat": 5}}
    start()
    anna = api.person(111)
    anna.asks(ASKED)
    api.quiet()


def test_restart_confirms_nothing_that_is_not_safe(api, start, tmp_path):
    """A process that is killed before a reply is kept leaves the update to the next one."""
    store = open_store(str(tmp_path / "zhiwen.db"))
    store.people.link(store.people.add("Hana", ("hr",)).id, "telegram", "333")
    store.close()
    hana = api.person(333, "Hana", "zh")
    api.trouble("file", "stall", seconds=60.0)
    with telegram_bot.process(api, tmp_path) as process:
        hana.send_file("jobs.csv", "title,description\n内容运营,负责内容策划\n".encode())
        until(lambda: api.faults.happened, "the file is not fetched")
        process.kill()
    assert len(api.queue) == 1
    assert hana.told == []
    later = telegram_bot.Clock()
    later.ahead = 60
    start(clock=later)
    hana.wait(2)
    api.quiet()
    hana.asks("/help")
    assert len(hana.told) == 3


def test_restart_of_a_killed_process_doubles_nothing(api, start, tmp_path):
    """A process that is killed between two messages of a reply leaves the second to the next."""
    anna = api.person(111)
    with telegram_bot.process(api, tmp_path) as process:
        anna.asks("campaign checklist")
        api.trouble("sendMessage", "stall", skip=1, seconds=60.0)
        anna.press("Show the items")
        until(lambda: api.faults.happened, "the second message does not begin")
        process.kill()
    later = telegram_bot.Clock()
    later.ahead = 60
    start(clock=later)
    anna.wait(3)
    api.quiet()
    anna.asks("/help")
    assert len(anna.told) == 4


def test_end_by_signal_finishes_what_is_in_hand(api, start, tmp_path):
    """SIGTERM lets a reply that is under way arrive, and the process ends by itself."""
    anna = api.person(111)
    with telegram_bot.process(api, tmp_path) as process:
        anna.asks("/help")
        api.trouble("sendMessage", "flood", seconds=1)
        anna.say(ASKED)
        until(lambda: api.faults.happened, "the reply does not begin")
        process.terminate()
        assert process.wait(20) in (0, -15)
    assert len(anna.told) == 2


@pytest.mark.parametrize("mode", ["polling", "webhook"])
@pytest.mark.parametrize("arrived", [0, 1])
def test_restart_sends_the_rest_of_a_reply(api, start, mode, arrived):
    """What a process kept and did not send is sent by the next one, no part of it twice."""
    anna = api.person(111)
    first = start(mode=mode, pace=SUDDEN)
    anna.asks("campaign checklist")
    api.trouble("sendMessage", "stall", skip=arrived, seconds=30.0)
    anna.press("Show the items")
    until(lambda: api.faults.happened, "the reply does not begin")
    assert len(anna.told) == 1 + arrived
    first.stop()
    later = telegram_bot.Clock()
    later.ahead = 60
    second = start(mode=mode, clock=later)
    until(lambda: len(anna.told) == 3, "the rest does not come")
    until(lambda: second.unsent == 0, "the rest is not settled")
    later.ahead += 60
    anna.asks("/help")
    assert len(anna.told) == 4
    assert anna.told[2].keyboard


def test_restart_finishes_an_edit(api, start):
    """A tick that was made before the end is shown after the start, in the same message."""
    anna = api.person(111)
    first = start(pace=SUDDEN)
    told = anna.asks("/lists promotion")
    api.trouble("editMessageText", "stall", seconds=30.0)
    anna.press("Campaign", told)
    until(lambda: api.faults.happened, "the edit does not begin")
    first.stop()
    later = telegram_bot.Clock()
    later.ahead = 60
    start(clock=later)
    until(lambda: "0/25" in told.text, "the edit does not come")
    assert len(anna.told) == 1


@pytest.mark.parametrize("mode", ["polling", "webhook"])
def test_end_finishes_what_is_in_hand(api, start, mode):
    """Whoever stops the server does not cut off a reply that is under way."""
    bot = start(mode=mode)
    anna = api.person(111)
    anna.asks("/help")
    api.trouble("sendMessage", "flood", seconds=0.5)
    anna.say(ASKED)
    until(lambda: api.faults.happened, "the reply does not begin")
    bot.stop()
    assert len(anna.told) == 2


def app_with(tmp_path, live, **telegram):
    """An App with that configuration."""
    store = open_store(str(tmp_path / "zhiwen.db"))
    return App(Config(platforms={"telegram": Telegram(**telegram)}), store, live, Counts(store))


@pytest.mark.parametrize(
    ("environment", "telegram", "names"),
    [
        pytest.param({}, {}, "ZHIWEN_TELEGRAM_TOKEN", id="no-token"),
        pytest.param({}, {"token_file": "/nowhere/token"}, "/nowhere/token", id="no-file"),
        pytest.param({"TOKEN": "nonsense"}, {}, "ZHIWEN_TELEGRAM_TOKEN", id="no-real-token"),
        pytest.param({"TOKEN": telegram_api.TOKEN}, {"mode": "webhook"}, "telegram.url",
                     id="no-address"),
        pytest.param({"TOKEN": telegram_api.TOKEN}, {"mode": "webhook", "url": "http://x.org"},
                     "telegram.url", id="no-https"),
        pytest.param({"TOKEN": telegram_api.TOKEN, "SECRET": "too short"},
                     {"mode": "webhook", "url": "https://x.org"}, "ZHIWEN_TELEGRAM_SECRET",
                     id="bad-secret"),
    ],
)  # fmt: skip
def test_start_says_what_is_missing(tmp_path, live, monkeypatch, environment, telegram, names):
    """A setting that is missing or wrong is named, and no secret with it."""
    for name in ("TOKEN", "SECRET"):
        monkeypatch.delenv(f"ZHIWEN_TELEGRAM_{name}", raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(f"ZHIWEN_TELEGRAM_{name}", value)
    from fastapi import FastAPI

    ours = app_with(tmp_path, live, **telegram)
    with contextlib.closing(ours.store), pytest.raises(BadInput) as told:
        attach(FastAPI(), ours)
    assert names in str(told.value)
    assert not any(value in str(told.value) for value in environment.values())


def test_webhook_secret_follows_from_the_token():
    """Without a secret of its own every process derives the same one; another token, another."""
    assert secret_of("", "1:a") == secret_of("", "1:a") != secret_of("", "1:b")
    assert secret_of("a" * 16, "1:a") == "a" * 16


@contextlib.contextmanager
def logged():
    """What the log says meanwhile, as it is written in operation."""
    written, root = io.StringIO(), logging.getLogger()
    handlers, level = root.handlers[:], root.level
    try:
        logs.start(written)
        yield written
    finally:
        for handler in root.handlers[:]:
            root.removeHandler(handler)
        for handler in handlers:
            root.addHandler(handler)
        root.setLevel(level)


@pytest.mark.parametrize("mode", ["polling", "webhook"])
def test_log_never_tells_the_token(api, start, mode):
    """Whatever goes wrong, neither the token nor what was said is in the log."""
    with logged() as written:
        for kind in ("broken", "drop", "stall", "refuse", "forbid", "conflict"):
            for method in ("getMe", "getUpdates", "sendMessage", "getMyCommands", "setWebhook"):
                api.trouble(method, kind, seconds=0.5, told="Bad Request: no")
        bot = start(mode=mode, pace=dataclasses.replace(telegram_bot.FAST, read=0.3))
        logging.getLogger("httpx").warning("POST %s/bot%s/getMe", api.url, telegram_api.TOKEN)
        try:
            raise OSError(f"{api.url}/bot{telegram_api.TOKEN}/getMe?x=1")
        except OSError as error:
            logging.getLogger("zhiwen").exception("failed: %s", error)
        anna = api.person(111)
        for _ in range(4):  # two of them are refused
            anna.say("secret words")
        until(lambda: bot.later() or anna.told, "there is no answer")
    assert telegram_api.TOKEN.partition(":")[2] not in written.getvalue()
    assert "secret words" not in written.getvalue()
    assert all(json.loads(line) for line in written.getvalue().splitlines())


def test_log_names_a_token_that_is_refused(api, start, monkeypatch):
    """A token that Telegram does not know is told as such, and not shown."""
    wrong = "7000000001:BBWrongWrongWrongWrongWrongWrongWron"
    monkeypatch.setenv("ZHIWEN_TELEGRAM_TOKEN", wrong)
    with logged() as written:
        start()
        until(lambda: "@BotFather" in written.getvalue(), "nothing is told")
    assert wrong.partition(":")[2] not in written.getvalue()


@pytest.mark.parametrize("mode", ["polling", "webhook"])
def test_channel_tells_that_its_token_was_revoked(api, start, mode):
    """Health learns of it without anybody writing, and of the token being good again."""
    bot = start(mode=mode)
    assert api.person(111).asks(ASKED)
    assert bot.works
    api.is_revoked = True
    until(lambda: not bot.works, "the channel still counts as running")
    api.is_revoked = False
    until(lambda: bot.works, "the channel stays stopped")


def test_channel_tells_that_its_token_is_none(api, start):
    """A token that Telegram has never known is no running channel either."""
    api.is_revoked = True
    bot = start()
    until(lambda: not bot.works, "the channel counts as running")
