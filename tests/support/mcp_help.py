"""An assistant of somebody else, played by the official SDK's own client."""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
from collections.abc import AsyncIterator
from typing import Any

import httpx2
from command import HOUSE
from mcp import Client, StdioServerParameters
from mcp.client.stdio import stdio_client
from mcp.client.streamable_http import streamable_http_client
from mcp.shared.exceptions import MCPError

SECONDS = 120.0


@contextlib.asynccontextmanager
async def over_http(url: str, headers: dict[str, str] | None = None) -> AsyncIterator[Client]:
    """A client of a running server."""
    async with httpx2.AsyncClient(headers=headers or {}, timeout=SECONDS) as http:
        transport = streamable_http_client(f"{url}/mcp", http_client=http)
        async with Client(transport) as client:
            yield client


@contextlib.asynccontextmanager
async def over_stdio(folder: Any, *arguments: str) -> AsyncIterator[Client]:
    """A client of ``zhiwen mcp``, begun for it in *folder*."""
    inherited = {key: os.environ[key] for key in ("PATH", "ZHIWEN_CACHE") if key in os.environ}
    parameters = StdioServerParameters(
        command=sys.executable, args=["-m", "bot.cli", *arguments], cwd=str(folder),
        env=inherited | {"PYTHONPATH": str(HOUSE)},
    )  # fmt: skip
    async with Client(stdio_client(parameters)) as client:
        yield client


def talk(connection: Any, script: Any) -> Any:
    """Run *script* (a coroutine of the client) over a connection; what it returns."""

    async def run() -> Any:
        async with connection as client:
            return await asyncio.wait_for(script(client), SECONDS)

    return asyncio.run(run())


def refusal(connection: Any, script: Any) -> MCPError:
    """The error of the protocol that *script* comes to."""

    async def caught(client: Client) -> MCPError:
        try:
            found = await script(client)
        except MCPError as error:
            return error
        raise AssertionError(f"it was not refused: {found}")

    return talk(connection, caught)


def text_of(result: Any) -> str:
    """The text of a result."""
    return "".join(part.text for part in result.content)
