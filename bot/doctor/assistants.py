"""Whether other assistants are answered: on this machine, and by the running server."""

from __future__ import annotations

import http
from collections.abc import Iterator

from bot.doctor.model import Finding, Place
from bot.doctor.server import probe

PATH = "/mcp"
"""Of the server; `bot.mcp.http` puts it there."""
ANSWERS = (
    http.HTTPStatus.UNAUTHORIZED, http.HTTPStatus.METHOD_NOT_ALLOWED, http.HTTPStatus.NOT_ACCEPTABLE
)  # fmt: skip
"""What the door says to a visitor who neither signs in nor speaks the protocol."""


def assistants(place: Place) -> Iterator[Finding]:
    """Tools of `zhiwen mcp` with the installed SDK, and the door of the server."""
    try:
        from bot.mcp import server  # noqa: F401 (what imports the SDK)
        from bot.mcp.tools import TOOLS
    except ImportError as error:
        yield Finding("fail", "mcp_sdk", {"reason": error})
        return
    yield Finding("ok", "mcp", {"count": len(TOOLS)})
    yield probe(place.config, PATH, ANSWERS, "mcp")
