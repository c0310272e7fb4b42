"""Logs: one JSON object a line, and nothing in it that was said or is secret."""

from __future__ import annotations

import io
import json
import logging
import re

import pytest
from web_server import form_of, serving, until

from bot import logs

SECRETS = [
    ("Authorization: Bearer abc.def-123", "abc.def"),
    ("sent bearer Zm9vYmFy", "Zm9vYmFy"),
    ("Cookie: zhiwen_session=s3ss10n; zhiwen=v1s1t0r", "s3ss10n"),
    ("zhiwen_session=s3ss10n", "s3ss10n"),
    ("password=hunter2&name=li", "hunter2"),
    ("token=t0k3n", "t0k3n"),
    ("postgresql://user:pa55word@host/db", "pa55word"),
    ("GET https://api.example/x?q=what+people+ask HTTP/1.1", "people"),
    ("bot 123456789:AAbbCCddEEffGGhhIIjjKKllMMnnOOppQQr sent", "AAbbCC"),
    ("the database password is kn0wn-secret", "kn0wn-secret"),
]


@pytest.fixture
def written():
    """What is logged, as text; the handlers of before come back afterwards."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    stream = io.StringIO()
    logs.start(stream, secrets=["kn0wn-secret"])
    yield stream
    root.handlers[:] = handlers
    root.setLevel(level)


def lines(stream):
    """The objects written so far."""
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_log_is_a_json_object_a_line(written):
    """Time, level and event, and what belongs to the event; nothing else of the record."""
    logging.getLogger("zhiwen.x").warning("content\nrefused", extra={"problems": 3, "text": "hi"})
    (line,) = lines(written)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", line.pop("time"))
    assert line == {"level": "warning", "event": "content\nrefused", "problems": 3}


@pytest.mark.parametrize(("text", "secret"), SECRETS)
def test_log_shows_no_secret(written, text, secret):
    """Whoever logs one by mistake, in the event, an argument or a field."""
    log = logging.getLogger("somebody.else")
    log.info(text)
    log.info("as argument: %s", text)
    log.info("as field", extra={"route": text})
    assert len(lines(written)) == 3
    assert secret not in written.getvalue()


def test_log_tells_an_error_by_kind_and_place(written):
    """An error's own words may hold a message; where it happened is enough."""
    try:
        raise ValueError("what the person wrote")
    except ValueError:
        logging.getLogger("zhiwen.x").exception("it failed")
    (line,) = lines(written)
    assert line["error"] == "ValueError"
    assert line["places"][-1].startswith("tests/test_bot_logs.py:")
    assert "person wrote" not in written.getvalue()


def test_log_of_a_server_tells_routes_and_nothing_that_was_said(written, live, tmp_path):
    """Asked, signed in, denied, broken: no text, no query, no cookie, no token, no name."""
    with serving(tmp_path, live, auth="password") as server:
        token = server.bearer("zwxname", "staff")
        with server.signed_in("zwxname") as client:
            cookies = dict(client.cookies)
            form = form_of(client)
            client.post("/chat", data={"text": "zwxtext about zwxcrm", "form": form})
            client.get("/?q=zwxquery")
            client.get("/zwxpath")
            client.get("/api/entries/zwxentry", headers={"cookie": "zwxcookie=1"})
            body = {"question": "zwxquestion"}
            client.post("/api/ask", json=body, headers={**token, "x-request-id": "id-77"})
            client.post("/api/classify", json={"description": "zwxposting"}, headers=token)
        with server.client() as client:
            form = form_of(client, "/sign-in")
            wrong = {"name": "zwxname", "password": "zwxpassword", "form": form}
            client.post("/sign-in", data=wrong)
        with server.app.store.engine.begin() as database:
            database.exec_driver_sql("DROP TABLE messages")
        with server.signed_in("zwxname") as client:
            data = {"text": "zwxbroken", "form": "x"}
            data["form"] = form_of(client, "/account")
            assert client.post("/chat", data=data).status_code == 500
        until(lambda: "request failed" in written.getvalue(), "the failure is not logged")
    text = written.getvalue()
    assert "zwx" not in text
    secrets = [token["authorization"].split()[1], *cookies.values()]
    assert [one for one in secrets if one in text] == []
    asked = [line for line in lines(written) if line.get("request") == "id-77"]
    assert [(a["route"], a["status"], a["method"]) for a in asked] == [("/api/ask", 200, "POST")]
    assert asked[0]["ms"] >= 0
    failed = [line for line in lines(written) if line["event"] == "request failed"]
    assert failed[0]["route"] == "/chat"
    assert failed[0]["request"]
