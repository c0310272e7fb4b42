"""Other assistants' tools: typed, quoted, refused as a result; by the official SDK's own client."""

from __future__ import annotations

import asyncio
import json

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mcp import Client
from mcp_help import over_stdio, refusal, talk, text_of

from bot.chat.identity import own_chat
from bot.mcp import models
from bot.mcp.caller import Caller
from bot.mcp.server import server_for
from bot.mcp.tools import TOOLS
from bot.records import LOCAL
from knowledge.engine.model import KINDS
from rules.postings.classify import input_of
from rules.postings.model import Posting

POSTING = "Responsibilities:\n- Call prospects, run product demos\n- Carry a quarterly sales quota"
CALLS = {
    "ask": {"question": "what is private domain traffic"},
    "search_entries": {"words": "brand", "limit": 3},
    "read_entry": {"id": "role.brand", "language": "ja"},
    "compare": {"ids": ["role.brand", "role.public_relations"], "language": "en"},
    "classify_posting": {"description": POSTING, "title": "Sales"},
    "draft_posting": {"role": "role.content_operations"},
    "list_checklists": {},
    "read_checklist": {"id": "checklist.campaign", "language": "zh"},
    "list_runs": {"status": "open"},
    "start_run": {"checklist": "checklist.campaign", "title": "Spring", "anchor": "2026-12-12"},
}
"""Calls that come to something without anything begun before."""


@pytest.fixture(scope="module")
def caller(server):
    """Somebody who may do everything."""
    return Caller(server.app, LOCAL, "en")


@pytest.fixture(scope="module")
def call(caller):
    """Calls a tool in the SDK's own client, within the process."""

    def made(name, arguments):
        return talk(Client(server_for(lambda _: caller)), lambda c: c.call_tool(name, arguments))

    return made


@pytest.fixture(scope="module")
def shown(caller):
    """Name -> the tool as a client has it."""
    listed = talk(Client(server_for(lambda _: caller)), lambda c: c.list_tools())
    return {tool.name: tool for tool in listed.tools}


def checked(result, tool):
    """The typed value of a result that came to something; it fits what the tool promised."""
    assert not result.is_error, text_of(result)
    jsonschema.validate(result.structured_content, tool.output_schema)
    as_text = {k: v for k, v in result.structured_content.items() if v is not None}
    assert json.loads(text_of(result)).keys() == as_text.keys()
    return result.structured_content


@pytest.mark.parametrize("name", TOOLS)
def test_tools_are_described_in_both_languages_and_have_valid_schemas(shown, name):
    """A tool says what it takes and gives, in English and in Chinese, and to embellish nothing."""
    tool = shown[name]
    for schema in (tool.input_schema, tool.output_schema):
        jsonschema.Draft202012Validator.check_schema(schema)
        assert schema["type"] == "object"
    assert tool.input_schema["additionalProperties"] is False
    english, _, chinese = tool.description.partition("\n\n")
    assert english.isascii() and any("\u4e00" <= char <= "\u9fff" for char in chinese)
    assert tool.annotations.read_only_hint is (name not in ("start_run", "tick_item"))


@pytest.mark.parametrize("name", CALLS)
def test_tools_give_what_they_promise(call, shown, name):
    """What comes back fits the schema of the tool, whose input fits its own."""
    jsonschema.validate(CALLS[name], shown[name].input_schema)
    checked(call(name, CALLS[name]), shown[name])


def test_an_answer_is_quoted_with_its_source(call, shown):
    """The text of the entry, the passages that it rests on, nothing missing."""
    told = checked(call("ask", CALLS["ask"]), shown["ask"])
    assert (told["answered"], told["entry"]) == (True, "concept.private_domain")
    assert (
        told["citations"][0]["id"] == "private-domain-operations#1"
        and told["citations"][0]["states"]
    )
    assert "WeCom contacts" in told["text"] and told["refusal"] is None


def test_a_refusal_is_a_result_and_no_error(call, shown):
    """What is not known here is said in the language of the question."""
    told = checked(call("ask", {"question": "明天上海会下雨吗"}), shown["ask"])
    assert (told["answered"], told["band"], told["entry"]) == (False, "decline", None)
    assert told["refusal"] == told["text"] and told["citations"] == []


def test_what_a_question_asks_and_nobody_knows_is_named(call, shown):
    """A part that is held nowhere stands under missing, so that nobody fills it in."""
    told = checked(call("ask", {"question": "品牌经理的薪资是多少"}), shown["ask"])
    assert not told["answered"] or told["missing"]


def test_a_chat_leans_on_what_was_asked_before(caller):
    """With the same chat a question may lean on those before; without, it stands by itself."""

    async def script(client):
        first = {"question": "what does content operations do", "chat": "a"}
        await client.call_tool("ask", first)
        leaning = await client.call_tool("ask", {"question": "and its metrics?", "chat": "a"})
        alone = await client.call_tool("ask", {"question": "and its metrics?", "chat": "b"})
        return leaning.structured_content, alone.structured_content

    leaning, alone = talk(Client(server_for(lambda _: caller)), script)
    assert (leaning["entry"], leaning["section"]) == ("role.content_operations", "metrics")
    assert alone["entry"] != "role.content_operations"


def test_a_conversation_is_kept_like_that_of_any_program(caller, call):
    """What it is about is kept, no word of it; who asks alone leaves nothing, but a weak question
    goes to the editors."""
    store, weak = caller.app.store, "明天上海会下雪吗"
    call("ask", {"question": "what does content operations do", "chat": "kept"})
    chat = own_chat("mcp", caller.person, "kept")
    assert "role.content_operations" in json.dumps(store.chats.state(chat))
    assert store.chats.exchanges(chat) == []
    for more in ({}, {"chat": "weak"}):
        call("ask", {"question": weak + str(len(more)), **more})
    noted = {one.question for one in store.feedback.questions()}
    assert {weak + "0", weak + "1"} <= noted
    assert store.chats.state(own_chat("mcp", caller.person, "")) is None


def test_a_run_is_begun_and_ticked(caller, shown):
    """Start, tick with a revision, tick with an old one, read: as on every other way."""

    async def script(client):
        run = checked(await client.call_tool("start_run", CALLS["start_run"]), shown["start_run"])
        tick = {"run": run["id"], "item": "0.0", "state": "done", "revision": 0}
        ticked = checked(await client.call_tool("tick_item", tick), shown["tick_item"])
        stale = await client.call_tool("tick_item", tick | {"state": "open"})
        why = await client.call_tool("tick_item", {"run": run["id"], "item": "0.1", "state": "na"})
        read = checked(await client.call_tool("read_run", {"id": run["id"]}), shown["read_run"])
        return run, ticked, stale, why, read

    run, ticked, stale, why, read = talk(Client(server_for(lambda _: caller)), script)
    assert (run["settled"], ticked["settled"], read["settled"]) == (0, 1, 1)
    assert read["sections"][0]["items"][0]["by"] == LOCAL.name
    assert stale.is_error and "Somebody else" in text_of(stale)
    assert why.is_error and text_of(why)


@pytest.mark.parametrize(
    ("name", "arguments", "says"),
    [
        pytest.param("ask", {}, "question", id="missing"),
        pytest.param("ask", {"question": 5}, "expected a text", id="type"),
        pytest.param("ask", {"question": "a", "mood": "x"}, "no such field", id="unknown"),
        pytest.param("ask", {"question": "x" * 20_001}, "20000", id="huge"),
        pytest.param("ask", {"question": "a", "language": "fr"}, "one of", id="language"),
        pytest.param("compare", {"ids": ["role.brand"]}, "too few", id="one"),
        pytest.param("compare", {"ids": ["role.brand", "role.x"]}, "role.x", id="stranger"),
        pytest.param("read_entry", {"id": "role.never_was"}, "search_entries", id="gone"),
        pytest.param("draft_posting", {"role": "concept.private_domain"}, "search", id="no role"),
        pytest.param("classify_posting", {"description": ""}, "", id="empty posting"),
        pytest.param("start_run", {"checklist": "checklist.x"}, "checklist.x", id="no list"),
        pytest.param(
            "start_run", {"checklist": "checklist.campaign", "anchor": "soon"}, "anchor", id="date"
        ),
        pytest.param("tick_item", {"run": "x", "item": "0.0", "state": "done"}, "x", id="no run"),
    ],
)
def test_a_call_that_cannot_be_carried_out_says_what_to_do(call, name, arguments, says):
    """A clear sentence, marked as an error, that names what is wrong; nothing is done."""
    result = call(name, arguments)
    assert result.is_error and says in text_of(result)
    assert "Traceback" not in text_of(result) and "pydantic" not in text_of(result)


def test_an_unknown_tool_is_refused_by_the_protocol(caller):
    """There is nothing to call: an error of the protocol, as its specification asks for."""
    refused = refusal(Client(server_for(lambda _: caller)), lambda c: c.call_tool("nothing", {}))
    assert "no tool nothing" in str(refused)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=40),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=6,
)
NAMES = sorted({name for tool in TOOLS.values() for name in tool.takes.model_fields})


@settings(max_examples=150)
@given(
    st.sampled_from(sorted(TOOLS)),
    st.dictionaries(st.sampled_from(NAMES) | st.text(max_size=8), JSON, max_size=5),
)
def test_any_arguments_give_a_result(call, shown, name, arguments):
    """Whatever a model makes up: a value that fits, or an error with a sentence; never a crash."""
    result = call(name, arguments)
    if result.is_error:
        assert text_of(result) and "went wrong" not in text_of(result)
    else:
        checked(result, shown[name])


@settings(max_examples=60)
@given(st.text(min_size=1, max_size=300), st.sampled_from([None, *models.Language.__args__]))
def test_any_question_is_answered_or_refused(call, shown, question, language):
    """Any text is a question; the answer is in the language that was asked for."""
    told = checked(call("ask", {"question": question, "language": language}), shown["ask"])
    assert language is None or told["language"] == language
    assert not told["answered"] or told["entry"] or told["text"]


def test_kinds_are_those_of_the_content():
    """A kind that is added to the content can be searched for."""
    assert set(models.Kind.__args__) == set(KINDS)


def test_resources_are_listed_in_pages_and_read(caller):
    """Entries, the cycle, the checklists; every address that is listed can be read."""

    async def script(client):
        found, cursor = [], None
        while True:
            page = await client.list_resources(cursor=cursor)
            found += page.resources
            cursor = page.next_cursor
            if cursor is None:
                break
        picked = [*found[:4], *found[4::40]]
        read = {one.uri: await client.read_resource(one.uri) for one in picked}
        english = await client.read_resource("zhiwen://entries/role.brand?lang=en")
        listed = await client.read_resource("zhiwen://checklists/checklist.campaign")
        return found, read, english, listed

    found, read, english, listed = talk(Client(server_for(lambda _: caller)), script)
    uris = [one.uri for one in found]
    assert len(uris) == len(set(uris)) > 100
    assert uris[:3] == ["zhiwen://entries", "zhiwen://cycle", "zhiwen://checklists"]
    cycle = json.loads(read["zhiwen://cycle"].contents[0].text)
    assert len(cycle["steps"]) == 9 and cycle["citations"]
    assert all(json.loads(one.contents[0].text) for one in read.values())
    assert json.loads(english.contents[0].text)["lang"] == "en"
    assert json.loads(listed.contents[0].text)["sections"][0]["items"]


@pytest.mark.parametrize(
    "uri",
    ["zhiwen://entries/role.never_was", "zhiwen://nothing", "file:///etc/passwd", "zhiwen://[",
     "zhiwen://entries/../../etc", "zhiwen://cycle/x", "x" * 5000],
)  # fmt: skip
def test_an_address_of_nothing_is_refused(caller, uri):
    """What is not there is an error that says where to look."""
    refused = refusal(Client(server_for(lambda _: caller)), lambda c: c.read_resource(uri))
    assert "search_entries" in str(refused)


def test_a_cursor_that_is_none_of_ours_is_refused(caller):
    """The list begins at the beginning, or at a cursor that it has given."""
    client = Client(server_for(lambda _: caller))
    assert "cursor" in str(refusal(client, lambda c: c.list_resources(cursor="-1")))


def test_the_terminal_serves_an_assistant_over_stdio(tmp_path):
    """``zhiwen mcp``: concurrent calls, a cancelled one, a run that is there afterwards."""

    async def script(client):
        questions = ["什么是私域流量", "who writes press releases?", "what is the weather today"]
        asked = [client.call_tool("ask", {"question": one}) for one in questions * 4]
        answers = await asyncio.gather(*asked)
        cut = asyncio.create_task(client.call_tool("search_entries", {"words": "brand"}))
        await asyncio.sleep(0)
        cut.cancel()
        assert isinstance((await asyncio.gather(cut, return_exceptions=True))[0], BaseException)
        await client.call_tool("start_run", CALLS["start_run"])
        runs = await client.call_tool("list_runs", {})
        return [one.structured_content["text"] for one in answers], runs.structured_content

    texts, runs = talk(over_stdio(tmp_path, "mcp"), script)
    assert texts[:3] * 4 == texts and len(set(texts)) == 3
    assert [run["title"] for run in runs["runs"]] == ["Spring"]


def test_the_terminal_serves_with_the_rights_of_a_person(tmp_path):
    """With ``--as`` an assistant may do what that person may, and nothing more."""
    from command import run

    run(
        tmp_path,
        "user",
        "add",
        "Sue",
        "--roles",
        "staff",
        "--password-stdin",
        stdin=b"correct horse battery\n",
    )

    async def script(client):
        names = {tool.name for tool in (await client.list_tools()).tools}
        return names, await client.call_tool("classify_posting", {"description": POSTING})

    names, denied = talk(over_stdio(tmp_path, "mcp", "--as", "Sue"), script)
    assert "ask" in names and "classify_posting" not in names
    assert denied.is_error and "role" in text_of(denied)
    _, err = run(tmp_path, "mcp", "--as", "Nobody", code=2)
    assert "nobody called Nobody" in err


def test_mcp_verdict_is_that_of_the_api(call, server):
    """A verdict has the same fields with the same values; what a person decided counts in both."""
    posting = {"description": f"{POSTING}\n- Told twice", "title": "Sales"}
    server.app.store.corrections.keep(
        "Ann", input_of(Posting(**posting)), "sales", "brand", "it is about a name", source="mcp"
    )
    told = call("classify_posting", posting).structured_content
    with server.client() as client:
        same = client.post("/api/classify", json=posting).json()
    fields = (
        "decision", "function", "family", "shares", "runner_up", "question", "told_apart", "answer"
    )  # fmt: skip
    assert {key: told[key] for key in fields} == {key: same[key] for key in fields}
    assert (told["decided"], told["correction"]) == (same["correction"], "brand")
    assert told["answer"]["decision"] == "decided" and told["answer"]["function"] == "brand"
