"""Other assistants over HTTP: behind the same tokens, roles, rates and audit as everything else."""

from __future__ import annotations

import asyncio
import json

import httpx
import pytest
import small_content
from mcp_help import over_http, talk, text_of
from test_bot_web_restricted import LAYOFF, SALARY
from web_server import serving

from bot.mcp.tools import TOOLS
from bot.rate_limits import RateLimiter
from bot.reload import ContentReloader
from bot.rights import RIGHTS
from bot.store.people import ROLES
from bot.texts import say

ASK = {
    "jsonrpc": "2.0", "id": 1, "method": "tools/call",
    "params": {"name": "ask", "arguments": {"question": "what is a brand"}},
}  # fmt: skip
JSON = {"content-type": "application/json", "accept": "application/json, text/event-stream"}


@pytest.fixture(scope="module")
def running(tmp_path_factory):
    """A server with a concept for HR alone and a checklist for managers alone."""
    folder = tmp_path_factory.mktemp("mcp")
    root = small_content.write(folder / "knowledge")
    small_content.put(root / "concepts/salary_band.yaml", SALARY)
    small_content.put(root / "checklists/layoff.yaml", LAYOFF)
    with serving(folder, ContentReloader(root), auth="password") as found:
        yield found


def as_role(running, role, script):
    """Run *script* with the token of somebody who has that role."""
    headers = running.bearer(f"mcp {role}", role)
    return talk(over_http(running.url, headers), script)


@pytest.mark.parametrize("role", ROLES)
def test_each_role_has_the_tools_that_it_may_use(running, role):
    """What is not allowed is not shown; called all the same, it is denied and noted once."""

    async def script(client):
        names = {tool.name for tool in (await client.list_tools()).tools}
        posting = {"description": "Responsibilities: sell things to people, close deals"}
        return names, [await client.call_tool("classify_posting", posting) for _ in range(2)]

    names, results = as_role(running, role, script)
    assert names == {name for name, tool in TOOLS.items() if role in RIGHTS[tool.right]}
    denied = role not in RIGHTS["classify"]
    assert [one.is_error for one in results] == [denied, denied], text_of(results[0])
    audited = running.app.store.audit.list_recent()
    noted = [one for one in audited if one["by"] == f"mcp {role}" and one["action"] == "denied"]
    assert len(noted) == denied


@pytest.mark.parametrize(("role", "sees"), [("hr", True), ("staff", False), ("editor", False)])
def test_restricted_entries_are_absent(running, role, sees):
    """Not answered, found, read, compared, listed, for whom they are not meant."""

    async def script(client):
        texts = [
            text_of(await client.call_tool("ask", {"question": "薪资带宽是什么"})),
            text_of(await client.call_tool("search_entries", {"words": "薪资带宽"})),
            text_of(await client.call_tool("read_entry", {"id": "concept.salary_band"})),
            str(await client.list_resources()),
            str(await client.read_resource("zhiwen://entries")),
        ]
        return [("职级" in text or "薪资带宽" in text) for text in texts]

    assert as_role(running, role, script) == [sees] * 5


def test_a_checklist_for_managers_is_absent_for_others(running):
    """Neither listed nor read nor begun by somebody else; a run of it is not seen either."""

    async def begin(client):
        started = await client.call_tool("start_run", {"checklist": "checklist.layoff"})
        assert not started.is_error, text_of(started)
        return started.structured_content["id"]

    async def others(client):
        return [
            text_of(await client.call_tool("list_checklists", {})),
            text_of(await client.call_tool("list_runs", {})),
            text_of(await client.call_tool("read_run", {"id": run})),
            text_of(await client.call_tool("start_run", {"checklist": "checklist.layoff"})),
        ]

    run = as_role(running, "manager", begin)
    assert all(
        "裁撤" not in text and "核对租约" not in text for text in as_role(running, "hr", others)
    )


def test_a_chat_belongs_to_the_one_who_named_it(running):
    """The same name of a chat is another conversation for somebody else."""

    async def first(client):
        await client.call_tool("ask", {"question": "优惠券是什么", "chat": "x"})

    async def second(client):
        asked = {"question": "它有什么用", "chat": "x"}
        return (await client.call_tool("ask", asked)).structured_content

    as_role(running, "hr", first)
    assert as_role(running, "hr", second)["entry"] is not None
    assert as_role(running, "staff", second)["entry"] is None


def test_calls_at_once_are_all_answered_and_one_cut_off_harms_none(running):
    """Sixty calls over one connection, some given up; the door stands as before."""

    async def script(client):
        calls = [
            asyncio.create_task(client.call_tool("search_entries", {"words": f"品牌{n}"}))
            for n in range(60)
        ]
        await asyncio.sleep(0)
        for task in calls[::10]:
            task.cancel()
        results = await asyncio.gather(*calls, return_exceptions=True)
        again = await client.call_tool("ask", {"question": "优惠券是什么"})
        return [isinstance(one, BaseException) or one.is_error for one in results], again

    failed, again = as_role(running, "staff", script)
    assert sum(failed) == 6 and again.structured_content["answered"]


def raw(running, headers=None, content=None, method="POST"):
    """One plain request."""
    body = json.dumps(ASK) if content is None else content
    with httpx.Client(timeout=30) as client:
        return client.request(
            method, f"{running.url}/mcp", content=body, headers=JSON | (headers or {})
        )


@pytest.mark.parametrize(
    "headers",
    [{}, {"authorization": "Bearer nonsense"}, {"authorization": "Basic eDp5"}],
    ids=["none", "wrong", "basic"],
)
def test_nobody_comes_in_without_a_token(running, headers):
    """401 in one clear sentence, with the header that tells a program what is wanted."""
    answer = raw(running, headers)
    assert answer.status_code == 401 and answer.headers["www-authenticate"] == "Bearer"
    assert answer.json()["code"] == "sign_in"


def test_a_page_elsewhere_cannot_call(running):
    """A browser says whose page makes the call; one of another site is refused."""
    headers = running.bearer("mcp staff", "staff") | {"sec-fetch-site": "cross-site"}
    assert raw(running, headers).status_code == 403


def test_a_name_that_is_not_ours_is_refused_where_nobody_signs_in(server):
    """A page that lets its own name point here is not let in."""
    assert raw(server, {"host": "evil.example"}).status_code == 421
    assert raw(server).status_code == 200


@pytest.mark.parametrize(
    ("content", "status"),
    [
        pytest.param("{", 400, id="no JSON"),
        pytest.param("[]", 400, id="empty batch"),
        pytest.param('"x"', 400, id="a text"),
        pytest.param(json.dumps({"jsonrpc": "2.0", "id": 1}), 400, id="no method"),
        pytest.param("x" * 1_100_000, 413, id="huge"),
    ],
)
def test_a_body_that_is_no_call_is_refused(running, content, status):
    """The answer is JSON and says what is wrong; the next call is answered as ever."""
    headers = running.bearer("mcp staff", "staff")
    answer = raw(running, headers, content)
    assert answer.status_code == status and answer.json()
    assert raw(running, headers).status_code == 200


def test_an_unknown_method_is_refused_by_the_protocol(running):
    """An error of JSON-RPC, and no server error."""
    headers = running.bearer("mcp staff", "staff")
    content = json.dumps({"jsonrpc": "2.0", "id": 7, "method": "tools/destroy"})
    answer = raw(running, headers, content)
    assert answer.status_code < 500 and answer.json()["error"]["code"] == -32601


def test_calls_count_against_the_rate_of_the_person(live, tmp_path):
    """Too many in a short time are turned away like requests of any other kind."""
    rates = RateLimiter(rate=0.001, burst=3)
    with serving(tmp_path, live, rates, auth="password") as found:
        headers = found.bearer("Sue", "staff")
        statuses = [raw(found, headers).status_code for _ in range(5)]
    assert statuses == [200, 200, 200, 429, 429]


def test_calls_are_counted_by_their_route(running):
    """The metrics name the door."""
    raw(running, running.bearer("mcp staff", "staff"))
    told = running.web.state.metrics.text().decode()
    assert 'route="/mcp"' in told and 'zhiwen_doors_total{door="mcp ask"}' in told


def test_the_door_is_opened_when_somebody_comes(live, tmp_path):
    """A server to which no assistant comes pays nothing for the door."""
    import subprocess
    import sys

    code = (
        "import sys, bot.web.app, bot.channels, bot.mcp.http, bot.cli\n"
        "assert 'mcp' not in sys.modules, 'the SDK is imported at the start'"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize(
    ("headers", "language"),
    [({}, "en"), ({"accept-language": "*"}, "en"), ({"accept-language": "ja"}, "ja"),
     ({"accept-language": "zh-CN"}, "zh")],
    ids=["none", "any", "ja", "zh"],
)  # fmt: skip
def test_an_assistant_that_names_no_language_reads_english(running, headers, language):
    """One that does is told in its own."""
    call = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {
        "name": "read_entry", "arguments": {"id": "role.nobody"}}}  # fmt: skip
    bearer = running.bearer("mcp reader", "staff")
    told = raw(running, bearer | headers, json.dumps(call)).json()["result"]["content"][0]["text"]
    assert told == say(language, "mcp.error.gone", what="role.nobody")
