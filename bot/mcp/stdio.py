"""The same server over standard input and output, for an assistant on this machine."""

from __future__ import annotations

import anyio
from mcp.server.stdio import stdio_server

from bot.mcp.caller import Caller
from bot.mcp.server import server_for


def run(caller: Caller) -> None:
    """Serve *caller* until their assistant hangs up."""
    anyio.run(_serve, caller)


async def _serve(caller: Caller) -> None:
    server = server_for(lambda _: caller)
    async with stdio_server() as (incoming, outgoing):
        await server.run(incoming, outgoing, server.create_initialization_options())
