"""Checks of the AI bot: its id and secret, who may ask, and whether the platform is in reach."""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator
from urllib.parse import urlsplit

from bot.channels.wecom_bot.channel import check
from bot.channels.wecom_bot.settings import Settings
from bot.doctor import chats
from bot.doctor.model import Finding, Place
from bot.errors import BadInput
from bot.secrets import mask, secret

BOT_ID = re.compile(r"[A-Za-z0-9_-]{8,64}")


def look(place: Place) -> Iterator[Finding]:
    """Every check of the section ``wecom_bot``. Raises BadInput for a file that cannot be read.

    It does not subscribe: that would throw out the server that is connected.
    """
    config: Settings = place.config.platform("wecom_bot")
    if not BOT_ID.fullmatch(config.bot_id):
        yield Finding("warn", "wecom_bot_id", {"id": config.bot_id})
    given = secret("WECOM_BOT_SECRET", config.secret_file)
    if given:
        yield Finding("ok", "wecom_bot_secret", {"shown": mask(given)})
    else:
        yield Finding("fail", "wecom_bot_secret_none")
    yield from chats.people(place, "wecom_bot")
    try:
        check(config)
    except BadInput:
        yield Finding("fail", "wecom_bot_url", {"url": config.url})
        return
    yield _reach(config.url)
    if not config.page:
        yield Finding("warn", "wecom_bot_page")


def _reach(url: str) -> Finding:
    """Whether a connection to the platform can be opened from here."""
    parts = urlsplit(url)
    where = (parts.hostname or "", parts.port or (443 if parts.scheme == "wss" else 80))
    try:
        socket.create_connection(where, chats.WAIT).close()
    except OSError as error:
        return Finding("warn", "wecom_bot_unreachable", {"url": url, "reason": str(error)[:200]})
    return Finding("ok", "wecom_bot_reached", {"url": url})
