"""The JSON API: the same answers, verdicts and runs as at the other doors, for those who may."""

from __future__ import annotations

import json
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from store_help import everything

from bot import ask as asking
from bot.chat import inbox
from bot.postings import batch
from bot.postings.json_form import as_json
from bot.postings.model import Row
from bot.rights import RIGHTS
from bot.store.people import ROLES
from bot.texts import say
from bot.web.api import examples, models
from knowledge.engine.model import LANGUAGES
from rules.postings.model import Posting

WAIT = 60
"""Seconds for what happens at once; a test that waits longer fails."""
QUESTIONS = [
    pytest.param("内容运营主要负责些什么", None, id="zh"),
    pytest.param("What does a brand team do?", None, id="en"),
    pytest.param("ブランドとは", "ja", id="ja"),
    pytest.param("콘텐츠 운영이 뭐야", "ko", id="ko"),
    pytest.param("how do I bake bread", None, id="declined"),
]
POSTING = {
    "title": "内容运营",
    "description": "负责公众号选题、撰写与排版；分析阅读数据，优化内容。",
}
CALLS = [
    ("GET", "/api/entries", None, "ask"),
    ("GET", "/api/entries/role.brand", None, "ask"),
    ("GET", "/api/checklists", None, "checklists"),
    ("GET", "/api/checklists/runs", None, "checklists"),
    ("POST", "/api/ask", {"question": "brand"}, "ask"),
    ("POST", "/api/classify", POSTING, "classify"),
    ("POST", "/api/feedback", {"question": "brand", "good": True}, "ask"),
    ("POST", "/api/checklists/runs", {"checklist": "checklist.campaign"}, "checklists"),
    ("GET", "/api/openapi.json", None, "ask"),
    ("GET", "/api/docs", None, "ask"),
]


@pytest.fixture
def api(server):
    """A client where nobody has to sign in."""
    with server.client() as client:
        yield client


def begun(client, **body):
    """A new run."""
    answer = client.post("/api/checklists/runs", json={"checklist": "checklist.campaign"} | body)
    assert answer.status_code == 201, answer.text
    return answer.json()


def items(run):
    """Every item of a run."""
    return [item for section in run["sections"] for item in section["items"]]


def mark(client, run, item, state="done", **body):
    """The answer to a mark."""
    path = f"/api/checklists/runs/{run['id']}/marks"
    return client.post(path, json={"item": item, "state": state} | body)


@pytest.mark.parametrize(("question", "language"), QUESTIONS)
def test_api_ask_tells_what_the_command_tells(api, book, question, language):
    """The object is that of ``zhiwen ask --json``, the time apart."""
    sent = {"question": question, "id": 7} | ({"lang": language} if language else {})
    told = api.post("/api/ask", json=sent).json()
    outcome, _ = asking.timed_reply(question, language, book, None)
    wanted = json.loads(json.dumps(asking.as_json(outcome, book, 7, 0, outcome.reply.language)))
    assert told.pop("elapsed_ms") >= wanted.pop("elapsed_ms") == 0
    assert told == wanted


def test_api_ask_remembers_nothing(api):
    """A second question stands alone: "and its metrics" has nothing to refer to."""
    first = api.post("/api/ask", json={"question": "那它的指标呢"}).json()
    api.post("/api/ask", json={"question": "内容运营主要负责些什么"})
    again = api.post("/api/ask", json={"question": "那它的指标呢"}).json()
    assert first | {"elapsed_ms": 0} == again | {"elapsed_ms": 0}


def test_api_ask_in_a_conversation_leans_on_it(api, server):
    """Calls with the same chat are one conversation; another name is another one."""
    ask = {"question": "内容运营主要负责些什么", "chat": "ticket-1"}
    api.post("/api/ask", json=ask)
    again = {"question": "那它的指标呢"}
    told = api.post("/api/ask", json=again | {"chat": "ticket-1"}).json()
    assert (told["entry"], told["section"]) == ("role.content_operations", "metrics")
    assert told["about"] == "role.content_operations"
    for other in ({"chat": "ticket-2"}, {}):
        assert api.post("/api/ask", json=again | other).json()["entry"] is None
    kept = [row["id"] for row in everything(server.app.store)["chats"]]
    assert kept
    assert not any("ticket" in id_ for id_ in kept)


def test_api_ask_at_once_loses_no_turn_of_a_conversation(server, monkeypatch):
    """Two calls with one chat: the second waits, and finds what the first has told."""
    real, started = inbox.respond, threading.Event()

    def slow(context):
        started.set()
        time.sleep(0.2)
        return real(context)

    monkeypatch.setattr(inbox, "respond", slow)
    with server.client() as one, server.client() as two, ThreadPoolExecutor(1) as pool:
        first = {"question": "内容运营主要负责些什么", "chat": "c"}
        told = pool.submit(one.post, "/api/ask", json=first)
        assert started.wait(WAIT)
        second = two.post("/api/ask", json={"question": "那它的指标呢", "chat": "c"}).json()
        assert told.result().json()["entry"] == "role.content_operations"
    assert (second["entry"], second["section"]) == ("role.content_operations", "metrics")


def test_api_ask_shows_the_lines_of_the_list(api):
    """What "the second one" would mean, beside the choices."""
    told = api.post("/api/ask", json={"question": "内容运营主要负责些什么"}).json()
    lines = [row for row in told["shown"] if row["kind"] == "line"]
    assert [row["number"] for row in lines] == list(range(1, len(lines) + 1))
    assert all(row["text"] in told["text"] for row in lines)
    assert lines


@pytest.mark.parametrize("chat", ["", "x" * 101, 7, ["a"]])
def test_api_ask_refuses_a_chat_that_is_no_short_text(api, chat):
    """The name of a conversation is a text of bounded length."""
    assert api.post("/api/ask", json={"question": "brand", "chat": chat}).status_code == 422


def test_api_ask_conversation_is_nobody_elses(password_server):
    """Two people who give their conversations the same name have one each."""
    server = password_server
    first, second = (server.bearer(name, "staff") for name in ("talk a", "talk b"))
    with server.client() as client:
        ask = {"question": "内容运营主要负责些什么", "chat": "c"}
        client.post("/api/ask", json=ask, headers=first)
        told = [
            client.post("/api/ask", json={"question": "那它的指标呢", "chat": "c"}, headers=headers)
            for headers in (second, first)
        ]
    assert [answer.json()["entry"] for answer in told] == [None, "role.content_operations"]


def test_api_ask_keeps_a_question_without_an_answer(api, server):
    """What nobody could answer is kept for the editors, without the asker."""
    api.post("/api/ask", json={"question": "do you sell zeppelins by the kilo"})
    kept = [one.question for one in server.app.store.feedback.questions()]
    assert "do you sell zeppelins by the kilo" in kept


def test_api_classify_tells_what_the_command_tells(api, server):
    """The object is that of ``zhiwen classify --format jsonl``, the time apart."""
    told = api.post("/api/classify", json=POSTING | {"id": "a1"}).json()
    pack = server.app.book.pack
    posting = Posting(POSTING["description"], POSTING["title"])
    result = batch.classify_row(Row("api", 1, {}, posting, "a1"), pack)
    wanted = json.loads(json.dumps(as_json(result, pack)))
    assert told | {"elapsed_ms": 0} == wanted | {"elapsed_ms": 0}


def test_api_classify_takes_a_list(api):
    """A list comes back in its order; a posting without words is told in its place."""
    told = api.post("/api/classify", json=[POSTING, {"description": " "}, POSTING]).json()
    held = [models.Verdict, models.Unread, models.Verdict]
    kept = [model.model_validate(one) for model, one in zip(held, told, strict=True)]
    assert [one.model_dump(mode="json", exclude_unset=True) for one in kept] == told
    assert [one.get("function") for one in told] == [
        "content_operations",
        None,
        "content_operations",
    ]
    assert told[1]["line"] == 2
    assert told[1]["error"]


def test_api_classify_takes_no_more_than_200(api):
    """A list that is too long is refused whole, and says how long one may be."""
    assert len(api.post("/api/classify", json=[POSTING] * 200).json()) == 200
    refused = api.post("/api/classify", json=[POSTING] * 201)
    assert refused.status_code == 422
    assert "200" in refused.json()["detail"]


def test_api_entries_lists_what_is_there(api, book):
    """Every entry, or those of a kind, in the language asked for."""
    everything = api.get("/api/entries").json()
    assert [one["id"] for one in everything] == book.base.ids()
    roles = api.get("/api/entries", params={"kind": "role", "lang": "ja"}).json()
    assert [one["id"] for one in roles] == book.base.ids("role")
    assert roles[0]["title"] == book.base.title(roles[0]["id"], "ja")


@pytest.mark.parametrize("language", ["zh", "en", "ja", "ko"])
def test_api_entry_tells_every_section(api, book, language):
    """One entry whole, in the language asked for, with its sources; nothing of the examples."""
    told = api.get("/api/entries/role.brand", params={"lang": language}).json()
    spoken = book.base.told_in("role.brand", language)
    entry = book.base.entry("role.brand", spoken)
    assert told["lang"] == spoken
    assert told["title"] == entry.title
    assert told["sections"]["summary"] == entry.summary
    assert told["sections"]["responsibilities"] == list(entry.responsibilities)
    assert told["sections"]["works_with"][0]["role"] == entry.works_with[0].role
    assert [one["id"] for one in told["sources"]] == list(entry.sources)
    assert not {"examples", "near_misses", "title", "id"} & set(told["sections"])


def test_api_run_is_worked_through(api):
    """Begin, mark, see who did what, be held back by a killer, close, reopen."""
    run = begun(api, anchor="2026-11-11", lang="en")
    path = f"/api/checklists/runs/{run['id']}"
    assert (run["settled"], run["status"]) == (0, "open")
    assert any(item["date"] for item in items(run))
    first = items(run)[0]["item"]
    now = mark(api, run, first, note="checked twice", revision=0).json()
    done = items(now)[0]
    assert (done["state"], done["by"], done["note"], done["revision"]) == (
        "done", "local", "checked twice", 1,
    )  # fmt: skip
    held = api.post(f"{path}/close", json={})
    assert (held.status_code, held.json()["code"]) == (409, "gates")
    for item in items(run)[1:]:
        assert mark(api, run, item["item"]).status_code == 200
    closed = api.post(f"{path}/close", json={}).json()
    assert (closed["status"], closed["settled"]) == ("closed", closed["total"])
    assert mark(api, run, first, "open").status_code == 409
    assert api.post(f"{path}/close", json={}).status_code == 409
    assert api.post(f"{path}/reopen", json={}).json()["status"] == "open"
    assert api.get(path).json()["closed_by"] is None


def test_api_mark_on_an_old_revision_is_refused(api):
    """Who decides on what they no longer see is told so, and nothing is overwritten."""
    run = begun(api)
    key = items(run)[0]["item"]
    assert mark(api, run, key, revision=0).status_code == 200
    late = mark(api, run, key, "open", revision=0)
    assert (late.status_code, late.json()["code"]) == (409, "conflict")
    assert items(api.get(f"/api/checklists/runs/{run['id']}").json())[0]["state"] == "done"


def test_api_mark_needs_a_reason_for_not_applicable(api):
    """ "Not applicable" without saying why is no decision."""
    run = begun(api)
    item = next(item["item"] for item in items(run) if not item["killer"])
    assert mark(api, run, item, "na").json()["code"] == "why"
    assert mark(api, run, item, "na", note="no shop in this region").status_code == 200


def test_api_assign_sets_owners_and_date(api):
    """Who holds which role; what is not named stays, an empty name takes it away."""
    run = begun(api)
    role = next(item["owner_role"] for item in items(run) if item["owner_role"])
    path = f"/api/checklists/runs/{run['id']}/assign"
    told = api.post(path, json={"owners": {role: "Li"}, "anchor": "2026-11-11"}).json()
    assert {"Li"} == {owner["person"] for owner in told["owners"] if owner["role"] == role}
    again = api.post(path, json={"owners": {role: ""}}).json()
    assert again["anchor"] == "2026-11-11"
    assert {None} == {owner["person"] for owner in again["owners"]}
    assert api.post(path, json={"anchor": ""}).json()["anchor"] is None


def test_api_runs_are_listed_by_status(api):
    """The newest first; open and closed ones apart."""
    run = begun(api, title="the newest one")
    listed = api.get("/api/checklists/runs", params={"status": "open"}).json()
    assert listed[0]["id"] == run["id"]
    assert listed[0]["title"] == "the newest one"
    closed = api.get("/api/checklists/runs", params={"status": "closed"}).json()
    assert run["id"] not in [one["id"] for one in closed]


def test_api_feedback_is_kept(api, server):
    """A thumb with its reason is on disk when the call returns."""
    sent = {"question": "brand", "good": False, "entry": "role.brand", "reason": "too short"}
    assert api.post("/api/feedback", json=sent).status_code == 201
    kept = server.app.store.feedback.all()[0]
    assert (kept.question, kept.good, kept.entry, kept.reason) == (
        "brand", False, "role.brand", "too short",
    )  # fmt: skip


@pytest.mark.parametrize(
    "path",
    [
        "/api/entries/role.nothing",
        "/api/entries?kind=nothing",
        "/api/checklists/runs/0123456789ab",
        "/api/nothing",
    ],
)
def test_api_what_is_not_there_is_404(api, path):
    """In one sentence, and a word for programs."""
    answer = api.get(path)
    assert answer.status_code == 404
    assert answer.json()["code"] == "gone"


@pytest.mark.parametrize("role", [*ROLES, None])
@pytest.mark.parametrize(
    ("method", "path", "body", "right"), CALLS, ids=[f"{c[0]} {c[1]}" for c in CALLS]
)
def test_api_lets_in_who_may(password_server, role, method, path, body, right):
    """The table of rights holds for every call; a stranger is asked to sign in."""
    headers = password_server.bearer(f"api {role}", role) if role else {}
    with password_server.client() as client:
        status = client.request(method, path, json=body, headers=headers).status_code
    if role is None:
        assert status in (401, 303)
    elif role in RIGHTS[right]:
        assert status < 300
    else:
        assert status == 403


def test_api_run_of_somebody_else_is_closed_by_a_manager_only(password_server):
    """Staff mark in everybody's runs, but close only their own."""
    staff, other = (password_server.bearer(name, "staff") for name in ("run a", "run b"))
    manager = password_server.bearer("run m", "manager")
    with password_server.client() as client:
        client.headers.update(staff)
        run = begun(client)
        path = f"/api/checklists/runs/{run['id']}/close"
        client.headers.update(other)
        for item in items(run):
            assert mark(client, run, item["item"]).status_code == 200
        assert client.post(path, json={}).status_code == 403
        client.headers.update(manager)
        assert client.post(path, json={}).json()["closed_by"] == "run m"


@pytest.mark.parametrize("call", examples.all_of_them())
def test_api_document_has_an_example_of_every_call(api, call):
    """The document names every call, with its right and an example answer."""
    document = api.get("/api/openapi.json").json()
    calls = {c["operationId"]: c for path in document["paths"].values() for c in path.values()}
    assert set(calls) == set(examples.all_of_them())
    assert calls[call]["x-right"] in RIGHTS
    status = next(status for status in calls[call]["responses"] if status < "300")
    content = calls[call]["responses"][status]["content"]["application/json"]
    assert content["example"] == examples.all_of_them()[call]["response"]


@pytest.mark.parametrize("call", examples.all_of_them())
def test_api_example_is_what_the_server_tells(api, call):
    """Sent to the server, an example gets an answer with the fields the example shows."""
    document = api.get("/api/openapi.json").json()
    path, method = next(
        (path, method)
        for path, methods in document["paths"].items()
        for method, one in methods.items()
        if one["operationId"] == call
    )
    run = begun(api, lang="en")
    if call == "close":
        for item in items(run):
            mark(api, run, item["item"])
    if call == "reopen":
        for item in items(run):
            mark(api, run, item["item"])
        api.post(f"/api/checklists/runs/{run['id']}/close", json={})
    example = examples.all_of_them()[call]
    path = path.replace("{id}", run["id"] if "runs" in path else "role.brand")
    answer = api.request(method, path, json=example.get("request"))
    assert answer.status_code < 300, answer.text
    told, shown = answer.json(), example["response"]
    if isinstance(shown, list):
        told, shown = told[0], shown[0]
    assert list(told) == list(shown)


@pytest.mark.parametrize("language", ["zh", "en", "ja", "ko"])
def test_api_page_shows_every_call(api, language):
    """The page is drawn by the server, in four languages, from nothing outside."""
    page = api.get("/api/docs", params={"lang": language})
    assert page.status_code == 200
    assert f'<html lang="{language}"' in page.text
    for call in examples.all_of_them():
        assert f'id="{call}"' in page.text
    assert "https://" not in page.text


def test_api_ask_classifies_for_those_who_may(password_server):
    """A posting pasted as a question gets its verdict, but only for those with that right."""
    posting = "岗位职责：\n1、负责公众号内容策划\n2、维护社群\n任职要求：\n1、本科以上学历\n" * 5
    body = {"question": posting, "lang": "zh"}
    with password_server.client() as client:
        for role, chat in (("hr", None), ("staff", None), ("staff", "c")):
            headers = password_server.bearer(f"asks {role} {chat}", role)
            told = client.post("/api/ask", json=body | {"chat": chat}, headers=headers).json()
            assert (say("zh", "classify.denied") in told["text"]) == (role == "staff")


def test_api_ask_takes_no_commands(api):
    """To a program a slash is a sign like any other: the same with and without a conversation."""
    told = [api.post("/api/ask", json={"question": "/lists"} | more).json()
            for more in ({}, {"chat": "slashes"})]  # fmt: skip
    assert told[0]["text"] == told[1]["text"]
    assert told[0]["band"] != "answer"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("headers", "reason"), [({}, "no_token"), ({"authorization": "Bearer old"}, "bad_token")]
)
def test_api_without_a_token_says_what_to_do(password_server, language, headers, reason):
    """In the reader's language, with words for programs: which header, and where to get a token."""
    with password_server.client(headers={"accept-language": language, **headers}) as client:
        answer = client.get("/api/checklists/runs")
    told = answer.json()
    assert answer.status_code == 401 and answer.headers["www-authenticate"] == "Bearer"
    assert (told["code"], told["reason"]) == ("sign_in", reason)
    assert told["error"] == say(language, f"web.error.{reason}")
    assert "Authorization: Bearer" in told["error"]
    assert told["tokens"] in told["detail"] and "zhiwen user token" in told["detail"]
    with password_server.signed_in("Tess", "staff") as tess:
        assert tess.get(told["tokens"]).status_code == 200
