"""Three real servers on one PostgreSQL behave as one, and go on as one when one of them dies."""

from __future__ import annotations

import contextlib
import itertools
import os
import signal
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import httpx
import pytest
import telegram_api
from postgres import schema
from tencent_platform import APP_ID, Platform
from tencent_platform import TOKEN as WECHAT_TOKEN
from web_server import until

from bot.store import open_store

PLACES = 3
QUESTION = "What does content operations do?"
CONFIG = """
telegram:
  mode: webhook
  url: {public}
  api: {api}
  allow: ["*"]
wechat:
  app_id: {app}
  allow: ["*"]
"""
BOX, DONE = "\u2610", "\u2611"
START = 150
"""Seconds that three servers may take to start on a busy machine; alone it is five."""
PATIENCE = 50
"""Seconds for another server to be sure that one is gone."""


@dataclass
class Servers:
    """The running servers, what they share, and Telegram before them."""

    api: telegram_api.Api
    where: str
    folder: object
    urls: list
    processes: list

    @property
    def dead(self):
        """Whether one of them has ended."""
        return any(one.poll() is not None for one in self.processes)

    @property
    def logs(self):
        """What all of them wrote."""
        return "".join(path.read_text("utf-8") for path in sorted(self.folder.glob("*.log")))

    def kept(self, query):
        """The single value that *query* finds in the database."""
        with contextlib.closing(open_store(self.where)) as store, store.engine.connect() as db:
            return db.exec_driver_sql(query).scalar()


def free_ports():
    """Ports that nothing listens on just now."""
    with contextlib.ExitStack() as stack:
        found = [stack.enter_context(socket.create_server(("127.0.0.1", 0))) for _ in range(PLACES)]
        return [one.getsockname()[1] for one in found]


@pytest.fixture(scope="module")
def servers(postgres, book, tmp_path_factory):
    """Three processes of `zhiwen serve` with one configuration and one database."""
    folder = tmp_path_factory.mktemp("servers")
    with contextlib.ExitStack() as stack:
        api = stack.enter_context(telegram_api.running())
        where = stack.enter_context(schema(postgres))
        text = CONFIG.format(public=telegram_api.PUBLIC, api=api.url, app=APP_ID)
        (folder / "config.yaml").write_text(text, "utf-8")
        ports = free_ports()
        found = Servers(api, where, folder, [f"http://127.0.0.1:{port}" for port in ports], [])
        stack.callback(end, found.processes)
        for port in ports:
            found.processes.append(started(folder, port, where))
        api.servers.extend(found.urls)
        until(lambda: api.count("setWebhook") == PLACES or found.dead, "no start", START)
        assert not found.dead, found.logs
        yield found
        api.close()


def started(folder, port, where):
    """A server on that port; what it says goes into a file."""
    env = os.environ | {
        "ZHIWEN_DATABASE": where,
        "ZHIWEN_TELEGRAM_TOKEN": telegram_api.TOKEN,
        "ZHIWEN_WECHAT_TOKEN": WECHAT_TOKEN,
        "PYTHONPATH": os.getcwd(),
        "NO_PROXY": "*",
    }
    command = [sys.executable, "-m", "bot.cli", "serve", "--port", str(port)]
    with open(folder / f"{port}.log", "wb") as log:
        return subprocess.Popen(command, cwd=folder, env=env, stdout=log, stderr=log)


def end(processes):
    """Stop whatever still runs."""
    for one in processes:
        one.terminate()
    for one in processes:
        try:
            one.wait(30)
        except subprocess.TimeoutExpired:
            one.kill()


def written(chat, text, number):
    """An update with a message in a private chat, as Telegram would bring it."""
    message = {
        "message_id": chat.number(), "date": int(time.time()), "chat": chat.data(),
        "from": chat.person.data(), "text": text,
    }  # fmt: skip
    return {"update_id": number, "message": message}


def brought(api, update, *servers, seconds=20):
    """Bring an update to those servers in turn until it is taken, as Telegram does."""
    turns = itertools.cycle(servers)
    until(lambda: api.bring(update, next(turns)) == 200, "nobody takes the update", seconds)


def test_servers_answer_an_update_once(servers):
    """The same update brought to all three at the same moment, many times over: one answer each."""
    api = servers.api
    people = [api.person(1000 + i) for i in range(4)]
    updates = [written(chat, QUESTION, 10 + i) for i, chat in enumerate(people)]
    with ThreadPoolExecutor(PLACES * len(updates)) as pool:
        pairs = [(update, url) for update in updates for url in servers.urls]
        list(pool.map(lambda pair: brought(api, *pair), pairs))
    for update in updates:
        assert {api.bring(update, url) for url in servers.urls} == {200}
    assert [len(chat.told) for chat in people] == [1] * len(people)
    assert {chat.last.marked("bold")[0] for chat in people} == {"Content operations"}


def test_servers_share_a_conversation(servers):
    """A follow-up that another server gets leans on what was said before."""
    chat = servers.api.person(1100)
    first, second, third = servers.urls
    for number, (url, text) in enumerate([(first, QUESTION), (second, "and its metrics?")], 100):
        brought(servers.api, written(chat, text, number), url)
    assert "Metrics" in chat.wait(2)[1].text
    brought(servers.api, written(chat, "/why", 102), third)
    assert "content_operations" in chat.wait(3)[2].text


def test_servers_give_wechat_the_same_answer(servers):
    """WeChat asks another server again, as it does after five seconds: the same text, kept once."""
    before = servers.kept("select count(*) from messages")
    platforms = [Platform(Url(url), "/hooks/wechat", safe=False) for url in servers.urls]
    xml = platforms[0].message("oAnn", "text", Content="内容运营做什么")
    with ThreadPoolExecutor(PLACES) as pool:
        told = list(pool.map(lambda platform: platform.deliver(xml).text, platforms))
    told += [platform.deliver(xml).text for platform in platforms]
    assert told[0].startswith("内容运营")
    assert set(told) == {told[0]}
    assert servers.kept("select count(*) from messages") == before + 1


@dataclass
class Url:
    """Where a platform finds a server."""

    url: str


def opened(servers, id_, name):
    """The chat of a person who has the run in progress before them."""
    chat = servers.api.person(id_, name)
    chat.press("Campaign", chat.asks("/runs"))
    until(lambda: BOX in "".join(chat.last.labels), f"no boxes: {chat.last}")
    return chat


def tick(api, chat, number):
    """Tick that item, and wait until the press is answered."""
    press = chat.press(f"{BOX} {number}.", chat.last)
    until(lambda: api.presses[press] is not None, "the press is not answered")
    until(lambda: f"{DONE} {number}." in chat.last.text, f"{number} is not ticked: {chat.last}")


def test_servers_keep_the_ticks_of_everybody(servers):
    """Four people tick one checklist at once, through whichever server: all ticks count."""
    api = servers.api
    ann = api.person(2001)
    ann.press("Campaign", ann.asks("/lists promotion"))
    until(lambda: BOX in "".join(ann.last.labels), "no boxes")
    chats = [opened(servers, 2001 + i, name) for i, name in enumerate(("Ann", "Ben", "Cho", "Dan"))]
    items = [label.split()[1].rstrip(".") for label in chats[0].last.labels if BOX in label]
    assert len(items) >= 4
    with ThreadPoolExecutor(len(chats)) as pool:
        shares = [(chat, items[i :: len(chats)]) for i, chat in enumerate(chats)]
        list(pool.map(lambda share: [tick(api, share[0], item) for item in share[1]], shares))
    assert servers.kept("select count(*) from marks where state = 'done'") == len(items)
    assert servers.kept("select count(distinct by) from marks") == len(chats)
    assert servers.kept("select count(*) from history where action = 'done'") == len(items)


def test_servers_lose_nothing_when_one_is_killed(servers):
    """A server is killed while it sends: the others go on, and answer what it had in hand once."""
    api = servers.api
    marks = servers.kept("select count(*) from marks")
    chat = api.person(3001)
    stall = api.trouble("sendMessage", "stall", seconds=PATIENCE)
    update = written(chat, QUESTION, 300)
    with ThreadPoolExecutor(1) as pool:
        answer = pool.submit(api.bring, update, servers.urls[0])
        until(lambda: stall in api.faults.happened, "nothing is sent")
        servers.processes[0].send_signal(signal.SIGKILL)
        servers.processes[0].wait(PATIENCE)
        assert answer.result(PATIENCE) != 200
    with pytest.raises(httpx.ConnectError):
        httpx.get(servers.urls[0])
    ben = api.person(3002)
    assert "Content operations" in ben.asks(QUESTION).text  # the others go on at once
    assert servers.kept("select count(*) from marks") == marks
    brought(api, update, *servers.urls[1:], seconds=PATIENCE)
    assert [one.marked("bold")[0] for one in chat.wait(1)] == ["Content operations"]
    unsent = "select count(*) from replays where channel = 'telegram' and sent is null"
    until(lambda: not servers.kept(unsent), "a reply is still to be sent")
    assert len(chat.told) == 1


def test_servers_wrote_no_secret_and_no_message(servers):
    """Their logs hold neither the token nor what was said."""
    logs = servers.logs
    assert '"event"' in logs
    assert telegram_api.TOKEN not in logs
    assert telegram_api.TOKEN.partition(":")[2] not in logs
    assert WECHAT_TOKEN not in logs
    assert QUESTION not in logs
