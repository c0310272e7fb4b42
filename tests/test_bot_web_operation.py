"""Health, metrics and request ids: what those who run the server see of it."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import socket
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
import small_content
from prometheus_client.parser import text_string_to_metric_families
from web_server import serving, until

from bot.channels import web
from bot.channels.model import Running
from bot.channels.wechat.settings import Settings
from bot.config import Config
from bot.release import release
from bot.reload import ContentReloader
from bot.web.health import BEHIND

HOUSE = Path(__file__).parent.parent

FAQ = """\
id: faq.parking
title: Parking
origin: organization
summary: Behind the house.
examples: [where do I park]
"""
POSTING = {"title": "内容运营", "description": "负责公众号选题、撰写与排版；分析阅读数据。"}


@pytest.fixture
def own(live, tmp_path):
    """A server that nobody else asks anything."""
    with serving(tmp_path, live) as server:
        yield server


def samples(client):
    """(name, labels) -> value of everything that is counted."""
    answer = client.get("/metrics")
    assert answer.status_code == 200
    return {
        (sample.name, *sorted(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


def test_health_needs_no_sign_in(password_server):
    """A probe learns that the server lives, and which content it has."""
    with password_server.client() as client:
        told = client.get("/healthz")
    assert told.status_code == 200
    assert told.json() == {
        "status": "ok",
        "database": "ok",
        "content": "ok",
        "disk": "ok",
        "cache": "ok",
        "clock": "ok",
        "channels": {},
        "housekeeping": [],
        "stopped": [],
        "release": release(),
        "version": password_server.app.book.version,
        "refused": 0,
    }


def test_health_is_503_without_a_database(own):
    """A database whose file has been overwritten is no database."""
    with own.client() as client:
        assert client.get("/healthz").status_code == 200
        own.app.store.close()
        with open(own.app.config.database, "wb") as file:
            file.write(b"this is not a database" * 1_000)
        told = client.get("/healthz")
    assert told.status_code == 503
    assert told.json()["database"] == "unusable"


def test_health_tells_of_refused_content(own):
    """Content that was not taken shows, while the old one goes on answering."""
    from bot.reload import Refusal
    from knowledge.engine.source import Problem

    live = own.app.content
    before = live.refusal
    live.refusal = Refusal((Problem("a.yaml", 1, "error", "broken"),))
    try:
        with own.client() as client:
            told = client.get("/healthz")
            assert (told.status_code, told.json()["status"]) == (200, "degraded")
            assert told.json()["refused"] == 1
            assert samples(client)["zhiwen_content_refused",] == 1
    finally:
        live.refusal = before


def test_health_tells_of_a_database_that_cannot_be_written(live, tmp_path):
    """As on a full disk: it answers, and keeps nothing; well again when it can be written."""
    with serving(tmp_path, live, patience=0.1) as server, server.client() as client:
        server.web.state.housekeeping.run_steps()
        assert client.get("/healthz").status_code == 200
        with closing(sqlite3.connect(server.app.config.database)) as other:
            other.execute("BEGIN IMMEDIATE")
            server.web.state.housekeeping.run_steps()
            told = client.get("/healthz")
            assert (told.status_code, told.json()["database"]) == (503, "unusable")
        server.web.state.housekeeping.run_steps()
        assert client.get("/healthz").json()["status"] == "ok"


def test_serving_goes_on_without_the_cache(book, tmp_path):
    """Deleting compiled content under a running server spoils no answer, in whichever thread."""
    code = """
import os, shutil, sys
sys.path.insert(0, "tests/support")
from pathlib import Path
from concurrent.futures import ThreadPoolExecutor
from bot.reload import ContentReloader
from web_server import serving
with serving(Path(sys.argv[1]), ContentReloader()) as server, server.client() as client:
    def ask(question):
        answer = client.post("/api/ask", json={"question": question})
        return answer.status_code, answer.json().get("band")
    first = ask("what is private domain traffic")
    for folder in Path(os.environ["ZHIWEN_CACHE"]).iterdir():
        shutil.rmtree(folder) if folder.is_dir() else folder.unlink()
    shutil.rmtree(os.environ["ZHIWEN_CACHE"])
    questions = ["what does brand do", "who writes press releases", "KOL"] * 16
    with ThreadPoolExecutor(12) as pool:
        print(first, set(status for status, _ in pool.map(ask, questions)))
    told = client.post("/api/classify", json={"description": "close deals"})
    print(told.status_code, client.get("/healthz").json()["content"])
"""
    # Compiled already; a cache of its own, for others need theirs.
    passing = shutil.ignore_patterns(".new-*")
    shutil.copytree(os.environ["ZHIWEN_CACHE"], tmp_path / "cache", ignore=passing)
    env = os.environ | {"ZHIWEN_CACHE": str(tmp_path / "cache"), "PYTHONPATH": str(HOUSE)}
    done = subprocess.run(
        [sys.executable, "-c", code, tmp_path], cwd=HOUSE, env=env, capture_output=True, check=False
    )
    assert done.stdout.decode() == "(200, 'answer') {200}\n200 ok\n", done.stderr.decode()[-3000:]


def test_housekeeping_goes_on_whatever_lies_in_the_overlay(tmp_path):
    """What cannot be read is told as a problem of that file; old rows are forgotten meanwhile."""
    faq = tmp_path / "overlay/knowledge/faq"
    faq.mkdir(parents=True)
    live = ContentReloader(overlay=tmp_path / "overlay")
    with serving(tmp_path, live) as server, server.client() as client:
        (faq / "loop.yaml").symlink_to("loop.yaml")
        os.mkfifo(faq / "pipe.yaml")
        (faq / "folder.yaml").mkdir()
        (faq / "broken.yaml").symlink_to("/proc/self/mem")
        server.web.state.housekeeping.run_steps()
        assert server.web.state.housekeeping.forgot is not None
        told = {Path(problem.file).name for problem in live.refusal.problems}
        assert told >= {"loop.yaml", "pipe.yaml", "folder.yaml", "broken.yaml"}
        found = client.get("/healthz").json()
        assert (found["status"], found["housekeeping"]) == ("degraded", [])


def test_health_tells_of_an_overlay_that_is_gone(tmp_path):
    """Taken away, or empty like a folder where nothing is mounted: what was there answers on."""
    root = small_content.write(tmp_path / "ours/knowledge")
    own, away = tmp_path / "own", tmp_path / "away"
    (own / "knowledge/faq").mkdir(parents=True)
    small_content.put(own / "knowledge/faq/parking.yaml", FAQ)
    live = ContentReloader(root, own)
    with serving(tmp_path, live) as server, server.client() as client:

        def health():
            server.web.state.housekeeping.run_steps()
            told = client.get("/healthz").json()
            assert live.book.base.ids("faq") == ["faq.parking"]
            return told["status"], told["refused"]

        assert health() == ("ok", 0)
        own.rename(away)
        assert health() == ("degraded", 1)
        own.mkdir()
        assert health() == ("degraded", 1)
        own.rmdir()
        away.rename(own)
        assert health() == ("ok", 0)


def test_health_tells_of_a_channel_that_has_stopped(live, tmp_path):
    """What runs beside the server and fails is missed by nobody."""

    @contextlib.asynccontextmanager
    async def companion():
        yield Running("telegram", lambda: False)

    with serving(tmp_path, live, companions=[companion()]) as server, server.client() as client:
        told = client.get("/healthz").json()
        assert (told["status"], told["stopped"]) == ("degraded", ["telegram"])
        assert told["channels"] == {"telegram": "stopped"}


def test_health_tells_of_a_channel_that_is_behind(live, tmp_path):
    """Replies that should long have gone out say that their platform cannot be reached."""
    wechat = Settings(app_id="wx", allow=("*",))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ZHIWEN_WECHAT_TOKEN", "token")
        with serving(tmp_path, live, wechat=wechat) as server, server.client() as client:
            assert client.get("/healthz").json()["channels"] == {"wechat": "ok"}
            outbox = server.app.store.outbox
            outbox.claim("wechat", "1", "a server that is gone")
            outbox.keep("wechat", "1", {"version": 1})
            with server.app.store.engine.begin() as database:
                database.exec_driver_sql(f"UPDATE replays SET at = at - {BEHIND + 1}")
            told = client.get("/healthz").json()
            assert (told["status"], told["channels"]) == ("degraded", {"wechat": "behind"})


def test_every_response_says_which_release_and_content_made_it(live, tmp_path):
    """While two releases run side by side, whoever looks knows whose answer they have."""
    with serving(tmp_path, live) as server, server.client() as client:
        made = {client.get(path).headers["x-zhiwen-content"] for path in ("/healthz", "/", "/no")}
        assert made == {f"{release()} {server.app.book.version}"}


def test_housekeeping_tells_which_step_fails(live, tmp_path):
    """A step that cannot be done shows, and stops none of those after it."""
    with serving(tmp_path, live) as server, server.client() as client:
        with server.app.store.engine.begin() as database:
            database.exec_driver_sql("DROP TABLE jobs")
        server.web.state.housekeeping.run_steps()
        told = client.get("/healthz").json()
        assert (told["status"], told["housekeeping"]) == ("degraded", ["forget", "recover"])


def test_metrics_count_requests_by_template(own):
    """A path with an id is counted under its template; what is not there under a dash."""
    with own.client() as client:
        client.get("/api/entries/role.brand")
        client.get("/api/entries/role.marketing_planning")
        client.get("/api/entries/nothing")
        client.get("/a/page/that/is/not/there")
        client.get("/static/style.css")
        counted = samples(client)

    def requests(route, status):
        return counted[
            "zhiwen_requests_total", ("method", "GET"), ("route", route), ("status", status)
        ]

    assert requests("/api/entries/{id}", "200") == 2
    assert requests("/api/entries/{id}", "404") == 1
    assert requests("-", "404") == 1
    assert requests("/static", "200") == 1
    assert counted["zhiwen_request_seconds_count", ("route", "/api/entries/{id}")] == 3
    assert not any("role.brand" in str(key) or "page" in str(key) for key in counted)


def test_metrics_count_answers_and_verdicts(own):
    """By band, by decision, by thumb; they never fall, though the counts are written down."""
    with own.client() as client:
        client.post("/api/ask", json={"question": "what does a brand team do"})
        client.post("/api/ask", json={"question": "how do I bake bread"})
        client.post("/api/classify", json=[POSTING] * 3)
        client.post("/api/feedback", json={"question": "brand", "good": True})
        first = samples(client)
        own.web.state.housekeeping.run_steps()
        client.post("/api/ask", json={"question": "what does a brand team do"})
        second = samples(client)
    answered = ("zhiwen_answers_total", ("band", "answer"))
    assert (first[answered], second[answered]) == (1, 2)
    assert first["zhiwen_answers_total", ("band", "decline")] == 1
    verdicts = {key: value for key, value in second.items() if key[0] == "zhiwen_verdicts_total"}
    assert sum(verdicts.values()) == 3
    assert second["zhiwen_feedback_total", ("thumb", "up")] == 1


def test_metrics_tell_the_content(own):
    """Which version is in use, and that nothing was refused."""
    with own.client() as client:
        counted = samples(client)
    assert counted["zhiwen_content_info", ("version", own.app.book.version)] == 1
    assert counted["zhiwen_content_refused",] == 0


@pytest.mark.parametrize(
    "headers",
    [
        {"x-forwarded-for": "10.1.2.3"},
        {"forwarded": "for=10.1.2.3"},
        {"x-real-ip": "10.1.2.3"},
        {"via": "1.1 proxy"},
        {"host": "zhiwen.example"},
    ],
    ids=lambda headers: next(iter(headers)),
)
def test_metrics_are_not_for_those_behind_a_proxy(password_server, headers):
    """What comes through a proxy on this machine does not come from this machine."""
    with password_server.client() as client:
        assert client.get("/metrics").status_code == 200
        assert client.get("/metrics", headers=headers).status_code in (303, 401)
        for role, status in (("staff", 403), ("admin", 200)):
            token = password_server.bearer(f"metrics {role}", role)
            assert client.get("/metrics", headers=headers | token).status_code == status


def test_requests_have_an_id(server):
    """Each a new one, or the one that came with it, if it is one."""
    with server.client() as client:
        ids = {client.get("/healthz").headers["x-request-id"] for _ in range(3)}
        assert len(ids) == 3
        assert all(re.fullmatch("[0-9a-f]{16}", one) for one in ids)
        given = client.get("/nothing", headers={"x-request-id": "front-7.a_b"})
        assert given.headers["x-request-id"] == "front-7.a_b"
        odd = client.get("/healthz", headers={"x-request-id": "a b;c"})
        assert odd.headers["x-request-id"] != "a b;c"


def test_an_unforeseen_error_is_a_plain_500(own, caplog):
    """One sentence for the person, the kind and the id for the log; the headers are there too."""
    with sqlite3.connect(own.app.config.database) as database:
        database.execute("DROP TABLE feedback")
    database.close()
    with own.client() as client:
        answer = client.post("/api/feedback", json={"question": "secret words", "good": True})
    assert answer.status_code == 500
    assert answer.json()["code"] == "broken"
    assert "secret words" not in answer.text
    assert "content-security-policy" in answer.headers
    until(lambda: "request failed" in caplog.text, "nothing is logged")


def test_answers_come_at_once():
    """asyncio sends small answers without waiting for more only where the protocol is named."""
    with web.listen(Config(port=0)) as listening:
        assert listening.proto == socket.IPPROTO_TCP
