"""Is it alive, and how is it doing: for those who run the server."""

from __future__ import annotations

import ipaddress

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response

from bot.web.auth import app_for, is_at_home, require
from bot.web.health import look
from bot.web.metrics import CONTENT_TYPE

FORWARDED = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip", "via")
"""A request with one of these has come through a proxy: it only looks as if it came from here."""
router = APIRouter(include_in_schema=False)


@router.get("/healthz")
def health(request: Request) -> Response:
    """200 when questions can be answered and kept, else 503; either way what is wrong."""
    state = request.app.state
    status, told = look(app_for(request), state.housekeeping, state.running)
    return JSONResponse(told, status)


@router.get("/metrics")
def metrics(request: Request) -> Response:
    """The counts, for a program on this machine or for an administrator."""
    if not _is_from_here(request):
        require(request, "admin")
    return Response(request.app.state.metrics.text(), media_type=CONTENT_TYPE)


def _is_from_here(request: Request) -> bool:
    try:
        host = ipaddress.ip_address(request.client.host if request.client else "")
    except ValueError:
        return False
    through = (*FORWARDED, app_for(request).config.auth_header)
    return (
        host.is_loopback
        and is_at_home(request)
        and not any(name in request.headers for name in through)
    )
