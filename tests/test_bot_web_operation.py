"""Health, metrics and request ids: what those who run the server see of it."""

from __future__ import annotations

import re
import socket
import sqlite3

import pytest
from prometheus_client.parser import text_string_to_metric_families
from web_server import serving, until

from bot.channels import web
from bot.config import Config

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
            assert client.get("/healthz").json()["refused"] == 1
            assert samples(client)["zhiwen_content_refused",] == 1
    finally:
        live.refusal = before


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
        own.web.state.housekeeping.once()
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
