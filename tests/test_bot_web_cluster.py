"""Real processes of `zhiwen serve` on one database: killed, cut off from it, full, out of time."""

from __future__ import annotations

import contextlib
import itertools
import os
import re
import resource
import signal
import socket
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import hostile_files
import httpx
import pytest
from postgres import NoPostgres, one
from posting_pages import begun, ended, many
from processes import PATIENCE, START, Place, status
from web_server import until

from bot.channels import machine
from bot.channels.shutdown import STOP_SECONDS
from bot.store import open_store
from bot.texts import say

SLACK = 5
"""Seconds that a busy machine may take beyond those in which a server has stopped."""
QUESTION = {"question": "what is private domain traffic"}


class Patient(httpx.HTTPTransport):
    """Asks again where too much was asked at once, as its answer says."""

    def handle_request(self, request):
        """The answer that is none of 429."""
        answer = super().handle_request(request)
        while answer.status_code == 429:
            answer.close()
            time.sleep(float(answer.headers.get("retry-after", 1)))
            answer = super().handle_request(request)
        return answer


def browser(url):
    """A client of one server."""
    headers = {"accept-language": "en"}
    return httpx.Client(base_url=url, headers=headers, timeout=30, transport=Patient())


@pytest.fixture(scope="module")
def database():
    """A PostgreSQL that is stopped and started."""
    with contextlib.ExitStack() as stack:
        try:
            own = stack.enter_context(one())
        except NoPostgres as error:
            if os.environ.get("ZHIWEN_NO_SKIPS"):
                pytest.fail(str(error))
            pytest.skip(str(error))
        yield own


@pytest.fixture(scope="module")
def place(database, book, tmp_path_factory):
    """Where three servers run on one database, the third with a clock that is an hour ahead."""
    where = database.url.render_as_string(hide_password=False)
    found = Place(tmp_path_factory.mktemp("cluster"), where)
    try:
        yield found
    finally:
        found.end()


@pytest.fixture(scope="module")
def servers(place):
    """The addresses of the three."""
    return [place.start(), place.start(), place.start(ahead=3600)]


def test_cluster_goes_on_with_the_batch_of_a_server_that_is_killed(place, servers):
    """After kill -9 another one, its clock right or wrong, begins it anew; no row is missing.

    As long as the first lives, nobody takes it for dead, not even a server an hour ahead.
    """
    first, *others = servers
    with browser(first) as client, browser(others[0]) as other:
        where = begun(client, ("big.csv", many(12_000)))
        until(lambda: "classifying" in client.get(where).text.lower(), "it does not begin")
        assert not any("batch taken over" in place.log(url) for url in others)
        place.kill(first)
        page = ended(other, where)
    assert say("en", "web.posting.done", done=12_000, broken=0) in page
    assert sum(place.log(url).count("batch taken over") for url in others) == 1
    left = place.folder / "data" / "batches"
    until(lambda: not list(left.glob("upload-*")), "what was uploaded stays")


def test_cluster_comes_back_with_its_database(database, servers):
    """While PostgreSQL is away, servers say so and answer; what was acknowledged is there after."""
    _, url, _ = servers
    thumb = QUESTION | {"good": True}
    with browser(url) as client:
        assert client.post("/api/feedback", json=thumb).status_code == 201
        database.stop()
        assert client.get("/healthz").status_code == 503
        assert client.post("/api/feedback", json=thumb).status_code == 503
        assert client.post("/api/ask", json=QUESTION).json()["band"] == "answer"
        database.start()
        until(lambda: status(url) == 200, "it does not come back", PATIENCE)
        assert client.post("/api/feedback", json=thumb).status_code == 201
    with contextlib.closing(
        open_store(database.url.render_as_string(hide_password=False))
    ) as store:
        assert len(store.feedback.all()) == 2


def test_cluster_forgets_once_for_all(place, servers):
    """Old rows were forgotten by one of them alone, whatever the clock of the third says."""
    until(lambda: any("forgot old rows" in place.log(url) for url in servers), "nobody forgets")
    assert sum(place.log(url).count("forgot old rows") for url in servers) == 1


@dataclass
class Hand:
    """Somebody who brings each thing until a server has taken it, to one server after the other."""

    turns: Iterator[str]
    refused: Counter = field(default_factory=Counter)
    taken: list = field(default_factory=list)

    def bring(self, path, body, key):
        """The answer; none where an attempt that was cut off had been taken."""
        while True:
            url = next(self.turns)
            try:
                with httpx.Client(transport=Patient(), timeout=30) as client:
                    answer = client.post(
                        f"{url}{path}", json=body, headers={"idempotency-key": key} if key else {}
                    )
            except httpx.HTTPError as error:
                self.refused[type(error).__name__] += 1
                continue
            if answer.status_code < 300 or answer.json().get("code") == "replayed":
                return answer.json()
            assert answer.status_code == 503, answer.text
            self.refused[answer.status_code] += 1

    def work(self, name):
        """Begin a checklist and tick an item of it, and judge an answer."""
        begin = {"checklist": "checklist.campaign", "title": name, "lang": "en"}
        told = self.bring("/api/checklists/runs", begin, f"run-{name}")
        if "id" in told:
            path = f"/api/checklists/runs/{told['id']}/marks"
            self.bring(path, {"item": "0.0", "state": "done"}, "")
        self.bring("/api/feedback", {"question": name, "good": True}, f"thumb-{name}")
        self.taken.append((name, "id" in told))


def test_cluster_under_load_loses_nothing_and_doubles_nothing(database, place, servers):
    """PostgreSQL is stopped and started while people work, then a server is killed.

    Whatever was acknowledged is there, once; whatever was cut off and brought again is there, once.
    """
    _, killed, other = servers
    hand = Hand(itertools.cycle([killed, other]))
    with ThreadPoolExecutor(6) as pool:
        works = [pool.submit(hand.work, f"work-{i}") for i in range(45)]
        until(lambda: len(hand.taken) > 10, "nothing is taken", PATIENCE)
        database.stop()
        until(lambda: hand.refused[503] > 10, "nobody is told", PATIENCE)
        database.start()
        before = len(hand.taken)
        until(lambda: len(hand.taken) > before + 10, "it does not go on", PATIENCE)
        place.kill(killed)
        for work in works:
            work.result(PATIENCE)
    with contextlib.closing(
        open_store(database.url.render_as_string(hide_password=False))
    ) as store:
        thumbs = Counter(one.question for one in store.feedback.all())
        begun_ = {one.title: one for one in store.runs.all()}
        assert len(begun_) == len(store.runs.all())
        for name, ticked in hand.taken:
            assert thumbs[name] == 1
            assert not ticked or begun_[name].marks["0.0"].state == "done"
    assert {name for name, _ in hand.taken} == begun_.keys()


def test_cluster_on_a_full_disk_says_so(book, tmp_path):
    """A disk that takes nothing more: 503, and health tells; with room again it goes on."""
    place = Place(tmp_path, str(tmp_path / "zhiwen.db"))
    try:
        url = place.start()
        process = place.processes[url]
        with browser(url) as client:
            thumb = QUESTION | {"good": True}
            assert client.post("/api/feedback", json=thumb).status_code == 201
            resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY))
            assert client.post("/api/feedback", json=thumb).status_code == 503
            until(lambda: status(url) == 503, "nobody is told", PATIENCE)
            until(
                lambda: client.get("/healthz").json()["disk"] == "unwritable",
                "of the disk",
                PATIENCE,
            )
            assert client.post("/api/ask", json=QUESTION).json()["band"] == "answer"
            unlimited = (resource.RLIM_INFINITY, resource.RLIM_INFINITY)
            resource.prlimit(process.pid, resource.RLIMIT_FSIZE, unlimited)
            until(lambda: status(url) == 200, "it does not come back", PATIENCE)
            assert client.post("/api/feedback", json=thumb).status_code == 201
    finally:
        place.end()
    with contextlib.closing(open_store(place.where)) as store:
        assert len(store.feedback.all()) == 2


@pytest.mark.skipif(
    not os.path.exists("/proc"), reason="needs /proc to see the memory that is used"
)
def test_server_of_a_gigabyte_outlives_hostile_files(book, tmp_path):
    """Files made to eat all memory are told one by one; the server answers on within its bound."""
    gigabyte = 1 << 30
    hostile = [
        ("far.xlsx", hostile_files.far_cell()), ("loop.xls", hostile_files.looping_xls()),
        ("wide.csv", hostile_files.wide_csv()),
        ("crowd.xlsx", hostile_files.crowded_zip()), ("photo.pdf", hostile_files.PNG),
        ("empty.docx", b""),
    ]  # fmt: skip
    place = Place(tmp_path, str(tmp_path / "zhiwen.db"))
    try:
        url = place.start(memory=gigabyte)
        with browser(url) as client:
            where = begun(client, *hostile, ("good.csv", many(1)))
            while "hx-trigger" in client.get(where).text:
                assert client.post("/api/ask", json=QUESTION).json()["band"] == "answer"
            page = client.get(where).text
        assert all(f"{name}:" in page for name, _ in hostile)
        assert say("en", "web.posting.done", done=1 + len(hostile), broken=len(hostile)) in page
        assert status(url) == 200
        used = Path(f"/proc/{place.processes[url].pid}/status").read_text("utf-8")
        assert int(re.search(r"VmHWM:\s+(\d+) kB", used).group(1)) * 1024 < machine.EACH
    finally:
        place.end()


def children(process):
    """The processes that a server has begun."""
    told = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text("utf-8")
    return {int(one) for one in told.split()}


def working(url):
    """Which content answers, by as many connections of their own as it takes to meet all."""
    return {httpx.get(f"{url}/healthz").headers["x-zhiwen-content"] for _ in range(6)}


UPLOAD = """\
POST /posting HTTP/1.1\r
Host: {host}\r
Content-Type: multipart/form-data; boundary=x\r
Content-Length: 20000000\r
\r
--x\r
Content-Disposition: form-data; name="files"; filename="a.csv"\r
\r
id,description
"""
STREAM = "GET /mcp HTTP/1.1\r\nHost: {host}\r\nAccept: text/event-stream\r\n\r\n"
HALF = "GET / HTTP/1.1\r\nHost: "


@contextlib.contextmanager
def hangers_on(url):
    """Clients that do not end: uploads in the middle, streams that are read, a request by half."""
    host, port = url.removeprefix("http://").split(":")
    with contextlib.ExitStack() as stack:
        for told in (UPLOAD, UPLOAD, UPLOAD, STREAM, STREAM, HALF, ""):
            one = stack.enter_context(socket.create_connection((host, int(port))))
            one.sendall(told.format(host=f"{host}:{port}").encode())
        yield


@pytest.mark.skipif(not os.path.exists("/proc"), reason="needs /proc to see who has begun whom")
def test_workers_are_one_server(book, tmp_path):
    """Two workers count together, one that is killed is replaced, all make room for new ones.

    With a batch under way, clients that do not end and a worker that is being replaced, the stop
    takes no longer than it may, and the next server goes on.
    """
    place = Place(tmp_path, str(tmp_path / "zhiwen.db"))
    try:
        url = place.start("--workers", "2")
        process = place.processes[url]
        for _ in range(8):
            assert httpx.post(f"{url}/api/ask", json=QUESTION).status_code == 200
        counted = 'zhiwen_answers_total{band="answer"} 8.0'
        assert counted in httpx.get(f"{url}/metrics").text
        before = children(process)
        os.kill(max(before), signal.SIGKILL)
        until(lambda: not children(process) <= before, "nobody takes its place", PATIENCE)
        assert counted in httpx.get(f"{url}/metrics").text
        begins = place.log(url).count("startup complete")
        process.send_signal(signal.SIGHUP)
        until(
            lambda: status(url) == 200 and place.log(url).count("startup complete") >= begins + 2,
            "they are not replaced",
            START,
        )
        assert len(working(url)) == 1
        with browser(url) as client:
            where = begun(client, ("big.csv", many(12_000)))
        with hangers_on(url):
            process.send_signal(signal.SIGHUP)
            asked = "restarting processes"
            until(lambda: place.log(url).count(asked) == 2, "nobody is replaced", PATIENCE)
            process.terminate()
            process.wait(STOP_SECONDS + SLACK)
        with browser(place.start()) as client:
            assert say("en", "web.posting.done", done=12_000, broken=0) in ended(client, where)
    finally:
        place.end()
