"""The server that the official SDK runs: tools and resources listed, called, read."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import cache
from importlib.metadata import version
from typing import Any

import anyio.to_thread
from mcp import types
from mcp.server.lowlevel import Server
from mcp.shared.exceptions import MCPError
from pydantic import BaseModel, ValidationError

from bot import runs
from bot.errors import Conflict, NotFound, StoreUnavailable
from bot.mcp import resources
from bot.mcp.caller import Caller, Denied
from bot.mcp.tools import TOOLS, Tool, in_both
from bot.postings.model import Unreadable
from bot.texts import say
from bot.web.validation import reason

Find = Callable[[Any], Caller]
"""The one who makes a request; takes the SDK's context of it."""
NAME = "zhiwen"
PAGE = 100
"""Resources that are listed at once."""
ROOM = 16
"""Calls that are worked on at once; others wait their turn."""
log = logging.getLogger("zhiwen.mcp")


def server_for(find: Find) -> Server[Any]:
    """The server; *find* says who asks."""
    room = anyio.CapacityLimiter(ROOM)

    async def tools(ctx: Any, _: Any) -> types.ListToolsResult:
        caller = await anyio.to_thread.run_sync(find, ctx, limiter=room)
        shown = (_tool(name) for name, tool in TOOLS.items() if caller.may(tool.right))
        return types.ListToolsResult(tools=list(shown))

    async def call(ctx: Any, params: types.CallToolRequestParams) -> types.CallToolResult:
        if params.name not in TOOLS:
            raise _invalid_params(say("en", "mcp.error.tool", name=params.name[:80]))
        return await anyio.to_thread.run_sync(
            lambda: _call(find(ctx), params.name, params.arguments or {}), limiter=room
        )

    async def list_resources(ctx: Any, params: Any) -> types.ListResourcesResult:
        start = _start(params.cursor if params else None)
        caller = await anyio.to_thread.run_sync(find, ctx, limiter=room)
        places = await anyio.to_thread.run_sync(resources.places, caller, limiter=room)
        more = str(start + PAGE) if len(places) > start + PAGE else None
        page = [_resource(one) for one in places[start : start + PAGE]]
        return types.ListResourcesResult(resources=page, next_cursor=more)

    async def templates(_: Any, __: Any) -> types.ListResourceTemplatesResult:
        return types.ListResourceTemplatesResult(resource_templates=_templates())

    async def read(ctx: Any, params: types.ReadResourceRequestParams) -> types.ReadResourceResult:
        return await anyio.to_thread.run_sync(lambda: _read(find(ctx), params.uri), limiter=room)

    return Server(
        NAME, version=version("zhiwen"), title=say("en", "mcp.title"),
        instructions=in_both("mcp.instructions"), on_list_tools=tools, on_call_tool=call,
        on_list_resources=list_resources, on_list_resource_templates=templates,
        on_read_resource=read,
    )  # fmt: skip


def _call(caller: Caller, name: str, arguments: dict[str, Any]) -> types.CallToolResult:
    """What a call comes to; one that comes to nothing says why, and what to do."""
    tool, language = TOOLS[name], _language(arguments) or caller.language
    try:
        caller.require(tool.right, name)
        asked = tool.takes.model_validate(arguments)
        caller.app.counts.add([("door", f"mcp {name}")])
        return _result(tool.act(caller, asked))
    except ValidationError as error:
        found = error.errors(include_url=False, include_context=True, include_input=False)
        shifted = [{**one, "loc": ("", *one["loc"])} for one in found]
        return _error(say(language, "mcp.error.arguments", reason=reason(language, shifted)))
    except Denied:
        return _error(say(language, "mcp.error.denied", tool=name))
    except NotFound as gone:
        return _error(say(language, "mcp.error.gone", what=str(gone)[:80]))
    except (runs.ActionNotAllowed, Unreadable) as refused:
        return _error(refused.message(language))
    except Conflict:
        return _error(say(language, "web.error.conflict"))
    except StoreUnavailable:
        return _error(say(language, "web.error.busy"))
    except Exception:
        log.exception("a tool failed")
        return _error(say(language, "web.error.broken"))


def _result(found: BaseModel) -> types.CallToolResult:
    """The value, typed, and the same as text for clients that read nothing else."""
    text = types.TextContent(type="text", text=found.model_dump_json(exclude_none=True))
    return types.CallToolResult(content=[text], structured_content=found.model_dump(mode="json"))


def _error(sentence: str) -> types.CallToolResult:
    text = types.TextContent(type="text", text=sentence)
    return types.CallToolResult(content=[text], is_error=True)


def _read(caller: Caller, uri: str) -> types.ReadResourceResult:
    """What stands at an address. Raises MCPError."""
    language = caller.language
    try:
        found = resources.read(caller, uri)
    except NotFound as gone:
        raise _invalid_params(say(language, "mcp.error.gone", what=str(gone)[:80])) from None
    except Denied:
        raise _invalid_params(say(language, "mcp.error.denied", tool=uri[:80])) from None
    content = types.TextResourceContents(
        uri=uri, mime_type=resources.MIME, text=found.model_dump_json()
    )
    return types.ReadResourceResult(contents=[content])


def _invalid_params(sentence: str) -> MCPError:
    return MCPError(types.INVALID_PARAMS, sentence)


def _start(cursor: str | None) -> int:
    """Where a page of the list begins. Raises MCPError for a cursor that is none of ours."""
    if not cursor:
        return 0
    if not (cursor.isascii() and cursor.isdecimal() and len(cursor) < 8):
        raise _invalid_params(say("en", "mcp.error.cursor"))
    return int(cursor)


def _language(arguments: dict[str, Any]) -> str | None:
    """The language that a call asks for, if it is one."""
    asked = arguments.get("language") or arguments.get("lang")
    return asked if asked in ("zh", "en", "ja", "ko") else None


@cache
def _tool(name: str) -> types.Tool:
    tool: Tool = TOOLS[name]
    return types.Tool(
        name=name,
        title=f"{say('en', f'mcp.name.{name}')} / {say('zh', f'mcp.name.{name}')}",
        description=in_both(f"mcp.tool.{name}"),
        input_schema=tool.takes.model_json_schema(),
        output_schema=tool.gives.model_json_schema(mode="serialization"),
        annotations=types.ToolAnnotations(
            read_only_hint=not tool.changes, destructive_hint=False,
            idempotent_hint=tool.repeats, open_world_hint=False,
        ),
    )  # fmt: skip


def _resource(place: resources.Place) -> types.Resource:
    known = place.uri.partition("://")[2]
    told = place.description or in_both(f"mcp.resource.{known}")
    return types.Resource(
        uri=place.uri, name=known, title=place.title, description=told, mime_type=resources.MIME
    )


def _templates() -> list[types.ResourceTemplate]:
    return [
        types.ResourceTemplate(
            uri_template=f"{resources.SCHEME}://{kind}/{{id}}{{?lang}}", name=kind,
            description=in_both(f"mcp.template.{kind}"), mime_type=resources.MIME,
        )
        for kind in (resources.ENTRIES, resources.CHECKLISTS)
    ]  # fmt: skip
