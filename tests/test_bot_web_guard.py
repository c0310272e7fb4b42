"""Bad input at the web's doors: 4xx with a clear sentence in the person's language, and no harm."""

from __future__ import annotations

import json
import sqlite3

import httpx
import pytest
from web_server import PASSWORD, form_of, serving

from bot.rate_limits import RateLimiter
from bot.texts import say
from bot.web import security

LANGUAGES = ["zh", "en", "ja", "ko"]
JSON = {"content-type": "application/json"}
DEEP = b"[" * 100_000
MALFORMED = [
    pytest.param(b"", 422, "invalid", id="empty"),
    pytest.param(b"{", 422, "invalid", id="cut off"),
    pytest.param(b'{"question": "\xff"}', 400, "unreadable", id="bytes"),
    pytest.param(DEEP, 400, "unreadable", id="deep"),
    pytest.param(b"null", 422, "invalid", id="null"),
    pytest.param(b'"brand"', 422, "invalid", id="a text"),
    pytest.param(b"[]", 422, "invalid", id="a list"),
    pytest.param(b"{}", 422, "invalid", id="nothing in it"),
    pytest.param(b'{"question": 1}', 422, "invalid", id="a number"),
    pytest.param(b'{"question": ""}', 422, "invalid", id="no words"),
    pytest.param(b'{"question": "a", "lang": "fr"}', 422, "invalid", id="a fifth language"),
    pytest.param(b'{"question": "a", "extra": 1}', 422, "invalid", id="a field too many"),
    pytest.param(b'{"question": "\\ud800"}', 422, "invalid", id="half a character"),
    pytest.param(json.dumps({"question": "a" * 20_001}).encode(), 422, "invalid", id="too long"),
]
TOO_LARGE = [
    pytest.param("/api/ask", security.MAX_FORM, JSON, id="api"),
    pytest.param("/api/classify", security.MAX_POSTINGS, JSON, id="postings"),
    pytest.param(
        "/chat", security.MAX_FORM, {"content-type": "application/x-www-form-urlencoded"}, id="form"
    ),
]
ELSEWHERE = ["cross-site", "same-site"]


@pytest.fixture
def client(server):
    """A client where nobody has to sign in."""
    with server.client() as client:
        yield client


def all_routes(app):
    """Every route with methods, those of included routers too."""
    found = []
    for route in app.routes:
        inner = getattr(route, "routes", None) or getattr(
            getattr(route, "original_router", None), "routes", None
        )
        if inner is not None and not hasattr(route, "methods"):
            found += [one for one in inner if getattr(one, "methods", None)]
        elif getattr(route, "methods", None):
            found.append(route)
    return found


def locked(server):
    """A connection that holds the database's only write lock until it is closed."""
    other = sqlite3.connect(server.app.config.database, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    return other


@pytest.mark.parametrize(("body", "status", "code"), MALFORMED)
def test_malformed_bodies_are_told_so(client, body, status, code):
    """Whatever stands in a body, the answer is one JSON object that says what is wrong."""
    answer = client.post("/api/ask", content=body, headers=JSON)
    assert answer.status_code == status
    assert answer.json()["code"] == code
    assert answer.json()["error"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_errors_are_told_in_the_language_of_the_person(client, language):
    """The sentence and the detail, by Accept-Language or by what was chosen on a page."""
    headers = {"accept-language": f"{language}-XX,fr;q=0.5"}
    told = client.post("/api/ask", json={}, headers=headers).json()
    assert told["error"] == say(language, "web.error.invalid")
    assert say(language, "invalid.missing") in told["detail"]
    chosen = client.get("/api/nothing", headers={"cookie": f"zhiwen_lang={language}"}).json()
    assert chosen["error"] == say(language, "web.error.gone")


@pytest.mark.parametrize("language", LANGUAGES)
def test_error_pages_are_told_in_the_language_of_the_person(client, language):
    """A person with a browser gets a page."""
    page = client.get("/nothing", headers={"accept-language": language})
    assert page.status_code == 404
    assert say(language, "web.error.gone") in page.text


@pytest.mark.parametrize("chunked", [False, True], ids=["length told", "chunked"])
@pytest.mark.parametrize(("path", "most", "headers"), TOO_LARGE)
def test_bodies_over_the_limit_are_413(client, path, most, headers, chunked):
    """A body one byte too large is refused, whether its length was announced or not."""
    body = b"x" * (most + 1)
    pieces = (body[at : at + 65_536] for at in range(0, len(body), 65_536))
    answer = client.post(path, content=pieces if chunked else body, headers=headers)
    assert answer.status_code == 413
    assert say("en", "web.error.too_large") in answer.text


@pytest.mark.parametrize("site", ELSEWHERE)
def test_a_page_elsewhere_makes_no_call(client, site):
    """A browser says where a call comes from; from elsewhere it comes to nothing."""
    answer = client.post(
        "/api/feedback",
        json={"question": "forged", "good": True},
        headers={"sec-fetch-site": site},
    )
    assert (answer.status_code, answer.json()["code"]) == (403, "forged")


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""]
)
def test_what_a_form_elsewhere_could_send_is_no_call(client, kind):
    """Only a body that says it is JSON is read; a form cannot say that."""
    body = b'{"question": "forged", "good": true}'
    answer = client.post("/api/feedback", content=body, headers={"content-type": kind})
    assert (answer.status_code, answer.json()["code"]) == (415, "json")


FROM = [
    pytest.param({"sec-fetch-site": "same-origin"}, True, id="our page"),
    pytest.param({"sec-fetch-site": "none"}, True, id="typed in"),
    pytest.param({"sec-fetch-site": "cross-site"}, False, id="another site"),
    pytest.param({"sec-fetch-site": "same-site"}, False, id="a sister site"),
    pytest.param({"sec-fetch-site": "odd"}, False, id="what nobody knows"),
    pytest.param({"sec-fetch-site": "cross-site", "origin": "OURS"}, False, id="differ"),
    pytest.param({"origin": "OURS"}, True, id="our origin"),
    pytest.param({"origin": "https://evil.example"}, False, id="another origin"),
    pytest.param({"origin": "http://127.0.0.1:1"}, False, id="another port"),
    pytest.param({"origin": "null"}, False, id="a hidden origin"),
    pytest.param({"origin": ""}, False, id="an empty origin"),
    pytest.param({"origin": "http://127.0.0.1", "host": "127.0.0.1"}, True, id="a plain name"),
    pytest.param(
        {"origin": "https://127.0.0.1:8443", "host": "127.0.0.1"}, True, id="port left out"
    ),
    pytest.param({"origin": "https://x.127.0.0.1", "host": "127.0.0.1"}, False, id="a longer name"),
    pytest.param({}, True, id="no browser"),
]


@pytest.mark.parametrize(("headers", "ours"), FROM)
def test_only_our_own_pages_make_a_browser_change_something(client, server, headers, ours):
    """What a browser says about the page behind a request decides; every form, and the API."""
    headers = {k: v.replace("OURS", server.url) for k, v in headers.items()}
    answer = client.post("/chat", data={"text": "what does brand do"}, headers=headers)
    assert answer.status_code == (303 if ours else 403)
    assert ours or say("en", "web.error.forged") in answer.text
    told = client.post("/api/ask", json={"question": "brand"}, headers=headers)
    assert told.status_code == (200 if ours else 403)
    assert ours or told.json()["code"] == "forged"


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_link_elsewhere_leads_here(client, method):
    """To look is allowed from anywhere: other sites may link to us."""
    headers = {"sec-fetch-site": "cross-site", "origin": "https://other.example"}
    assert client.request(method, "/knowledge", headers=headers).status_code in (200, 405)


def test_every_way_to_change_something_is_guarded(server):
    """No route slips by: forms, calls, and what platforms call."""
    with server.client(headers={"sec-fetch-site": "cross-site"}) as client:
        paths = {route.path for route in all_routes(server.web) if "POST" in route.methods}
        assert len(paths) > 10
        for path in sorted(paths | {"/api/ask", "/api/classify", "/hooks/wechat"}):
            assert client.post(path).status_code == 403, path


def test_a_form_of_an_earlier_release_still_works(client):
    """A page that was open during the upgrade sends a token along; nobody looks at it."""
    answer = client.post("/chat", data={"text": "brand", "form": form_of(client)})
    assert answer.status_code == 303


@pytest.mark.parametrize("host", ["evil.example", "evil.example:8080", "127.0.0.1.evil.example"])
def test_a_name_that_is_not_ours_is_not_served(client, server, host):
    """A page elsewhere that lets its name point here learns nothing and changes nothing."""
    for path in ("/", "/api/entries", "/metrics"):
        assert client.get(path, headers={"host": host}).status_code == 421
    answer = client.post("/api/ask", json={"question": "brand"}, headers={"host": host})
    assert answer.json() == {"error": say("en", "web.error.host"), "code": "host"}


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:99", "127.0.0.1", "[::1]:80", "[::1]"])
def test_names_of_this_machine_are_served(client, host):
    """However this machine calls itself."""
    assert client.get("/api/entries", headers={"host": host}).status_code == 200


def test_a_call_made_twice_counts_once(client, server):
    """The second call under one name of the caller's comes to nothing and says so."""
    sent = {"json": {"checklist": "checklist.campaign"}, "headers": {"idempotency-key": "k-1"}}
    before = len(server.app.store.runs.all())
    assert client.post("/api/checklists/runs", **sent).status_code == 201
    again = client.post("/api/checklists/runs", **sent)
    assert (again.status_code, again.json()["code"]) == (409, "replayed")
    assert len(server.app.store.runs.all()) == before + 1


def test_a_call_that_came_to_nothing_may_be_repeated(client):
    """The name of a call is used up by success alone."""
    headers = {"idempotency-key": "k-2"}
    path, good = "/api/checklists/runs", {"checklist": "checklist.campaign"}
    assert client.post(path, json={"checklist": "checklist.no"}, headers=headers).status_code == 404
    assert client.post(path, json=good, headers=headers).status_code == 201


def test_keys_of_two_people_do_not_meet(password_server):
    """A name belongs to the caller: another may use the same."""
    sent = {"question": "brand", "good": True}
    with password_server.client() as client:
        for name in ("key a", "key b"):
            headers = password_server.bearer(name, "staff") | {"idempotency-key": "mine"}
            answer = client.post("/api/feedback", json=sent, headers=headers)
            assert answer.status_code == 201


def test_a_token_is_checked_even_with_nonsense(password_server):
    """A token that nobody has is no sign-in, and the answer says how to sign in."""
    with password_server.client() as client:
        for token in ("x", "\u00e9", "a" * 5_000, "Bearer"):
            headers = {"authorization": f"Bearer {token}".encode()}
            answer = client.get("/api/entries", headers=headers)
            assert (answer.status_code, answer.json()["code"]) == (401, "sign_in")
            assert answer.headers["www-authenticate"] == "Bearer"


def test_a_body_is_not_read_for_a_stranger(password_server):
    """Who may not call is told so whatever they sent."""
    with password_server.client() as client:
        assert client.post("/api/classify", content=DEEP, headers=JSON).status_code == 401


def test_too_many_requests_are_429(live, tmp_path):
    """Who asks too fast is told to wait; and is served again later."""
    now = [0.0]
    rates = RateLimiter(lambda: now[0], rate=1, burst=5)
    with serving(tmp_path, live, rates=rates) as server, server.client() as client:
        path = "/api/entries/role.brand"
        assert [client.get(path).status_code for _ in range(7)] == [200] * 5 + [429] * 2
        answer = client.get(path)
        assert answer.json() == {"error": say("en", "web.error.hurried"), "code": "hurried"}
        assert int(answer.headers["retry-after"]) > 0
        now[0] += 10
        assert client.get(path).status_code == 200


def test_rates_are_for_each_person_apart(live, tmp_path):
    """One person's haste does not keep another waiting."""
    rates = RateLimiter(lambda: 0.0, rate=1, burst=3)
    with serving(tmp_path, live, rates=rates, auth="password") as server, server.client() as client:
        hasty, calm = server.bearer("hasty", "staff"), server.bearer("calm", "staff")
        told = [client.get("/api/entries", headers=hasty).status_code for _ in range(4)]
        assert told == [200, 200, 200, 429]
        assert client.get("/api/entries", headers=calm).status_code == 200


def test_a_locked_database_is_503_and_loses_nothing(live, tmp_path):
    """What was acknowledged stays; what could not be written is said to be not written."""
    with serving(tmp_path, live, patience=0.1) as server, server.client() as client:
        begun = client.post("/api/checklists/runs", json={"checklist": "checklist.campaign"}).json()
        path = f"/api/checklists/runs/{begun['id']}"
        done = {"item": "0.0", "state": "done"}
        assert client.post(f"{path}/marks", json=done).status_code == 200
        other = locked(server)
        refused = client.post(f"{path}/marks", json={"item": "0.1", "state": "done"})
        assert (refused.status_code, refused.json()["code"]) == (503, "busy")
        assert int(refused.headers["retry-after"]) > 0
        page = client.post("/chat", data={"text": "brand", "form": form_of(client)})
        assert page.status_code == 503
        assert say("en", "web.error.busy") in page.text
        assert client.post("/api/ask", json={"question": "xyzzy plugh"}).status_code == 200
        other.close()
        items = client.get(path).json()["sections"][0]["items"]
        assert [item["state"] for item in items[:2]] == ["done", "open"]
        assert client.post(f"{path}/marks", json={"item": "0.1", "state": "done"}).is_success


def test_a_replay_key_is_free_again_after_a_locked_database(live, tmp_path):
    """A call that ended with 503 may be sent again as it was."""
    with serving(tmp_path, live, patience=0.1) as server, server.client() as client:
        other = locked(server)
        call = {
            "json": {"checklist": "checklist.campaign"},
            "headers": {"idempotency-key": "once"},
        }
        assert client.post("/api/checklists/runs", **call).status_code == 503
        other.close()
        assert client.post("/api/checklists/runs", **call).status_code == 201


def test_every_answer_has_the_security_headers(client):
    """Pages, API, files and errors alike."""
    for path in ("/", "/api/entries", "/static/style.css", "/nothing", "/api/nothing", "/healthz"):
        headers = client.get(path).headers
        assert headers["content-security-policy"].startswith("default-src 'self'"), path
        assert headers["x-content-type-options"] == "nosniff", path
        assert headers["x-frame-options"] == "DENY", path


def test_pages_are_kept_nowhere(client):
    """What is for one person stands in no cache; what is for everybody may."""
    pages = ("/", "/account", "/account/data", "/knowledge", "/api/entries", "/nothing", "/healthz")
    for path in pages:
        assert client.get(path).headers["cache-control"] == "no-store", path
    assert "no-store" not in client.get("/static/style.css").headers.get("cache-control", "")


def test_secrets_change_at_sign_in_and_out(password_server):
    """A secret that somebody planted beforehand is worth nothing afterwards."""
    password_server.add("cookie", "staff")
    with password_server.client() as client:
        seen = []
        fields = {"name": "cookie", "password": PASSWORD}
        client.get("/sign-in")
        seen.append(client.cookies["zhiwen"])
        assert client.post("/sign-in", data=fields).status_code == 303
        seen.append(client.cookies["zhiwen"])
        assert client.post("/sign-out").status_code == 303
        seen.append(client.cookies["zhiwen"])
        assert len(set(seen)) == 3


@pytest.mark.parametrize(
    "sent",
    [
        b"GET / HTTP/1.1\r\n\r\n",
        b"NONSENSE\r\n\r\n",
        b"GET /%ff%00 HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n",
        b"POST /api/ask HTTP/1.1\r\nhost: localhost\r\ncontent-length: -1\r\n\r\n",
        b"POST /api/ask HTTP/1.1\r\nhost: localhost\r\ncontent-length: 1\r\n"
        b"transfer-encoding: chunked\r\n\r\n",
    ],
    ids=["no host", "nonsense", "odd path", "negative length", "two lengths"],
)
def test_requests_that_are_hardly_http_are_4xx(server, sent):
    """The connection gets an answer in the 400s and nothing worse."""
    import socket

    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as connection:
        connection.sendall(sent)
        answer = b""
        while piece := connection.recv(4_096):
            answer += piece
    assert answer.startswith(b"HTTP/1.1 4"), answer[:80]


def test_unknown_methods_are_405(client):
    """The page that is there, asked in a way it does not take."""
    answer = client.request("PUT", "/api/ask", json={})
    assert (answer.status_code, answer.json()["code"]) == (405, "method")
    assert isinstance(answer, httpx.Response)
    assert "POST" in answer.headers["allow"]
