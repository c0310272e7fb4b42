"""Checks of the Telegram bot: its token, its mode, who may ask, and what Telegram says itself."""

from __future__ import annotations

import datetime
import ipaddress
import re
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from bot.channels.telegram.settings import Settings
from bot.doctor import chats
from bot.doctor.model import Finding, Place
from bot.errors import BadInput
from bot.logs import Redact
from bot.secrets import mask, secret

TOKEN = re.compile(r"\d{6,12}:[A-Za-z0-9_-]{30,64}")
PORTS = (None, 443, 80, 88, 8443)
"""Those to which Telegram brings updates."""
DAY = 24 * 3600.0


def look(place: Place) -> Iterator[Finding]:
    """Every check of the section ``telegram``. Raises BadInput for a file that cannot be read."""
    config: Settings = place.config.platform("telegram")
    token = secret("TELEGRAM_TOKEN", config.token_file)
    well_formed = bool(TOKEN.fullmatch(token))
    if not token:
        yield Finding("fail", "telegram_token_none")
    elif not well_formed:
        yield Finding("fail", "telegram_token_form", {"shown": mask(token)})
    if config.mode == "webhook":
        yield from _webhook(config, token)
    for entry in config.allow:
        if entry != chats.EVERYONE and not entry.isdecimal():
            yield Finding("warn", "telegram_allow", {"entry": entry})
    yield from chats.people(place, "telegram")
    if well_formed:
        yield from _bot(config, token)
    if config.mode == "webhook":
        yield from chats.callback(place, "telegram", _path(), config.url or chats.YOURS)


def _webhook(config: Settings, token: str) -> Iterator[Finding]:
    """Whether Telegram would take our address, and the secret that it is to show."""
    from bot.channels.telegram.webhook import secret_of

    if not config.url:
        yield Finding("fail", "telegram_url_none")
    elif not _may_be_called(config.url):
        yield Finding("fail", "telegram_url", {"url": config.url})
    given = secret("TELEGRAM_SECRET", config.secret_file)
    try:
        secret_of(given, token)
    except BadInput:
        yield Finding("fail", "telegram_secret")
        return
    if given:
        yield Finding("ok", "telegram_secret_given", {"shown": mask(given)})
    else:
        yield Finding("ok", "telegram_secret_own")


def _may_be_called(url: str) -> bool:
    """Whether that is a public https address with a port that Telegram knows."""
    try:
        parts = urlsplit(url)
        port, host = parts.port, parts.hostname or ""
    except ValueError:
        return False
    try:
        public = ipaddress.ip_address(host).is_global
    except ValueError:
        public = "." in host
    clean = not (parts.query or parts.fragment or parts.username)
    return parts.scheme == "https" and public and port in PORTS and clean


def _bot(config: Settings, token: str) -> Iterator[Finding]:
    """What Telegram says of the bot."""
    base = f"{config.api.rstrip('/')}/bot{token}"
    me = chats.ask(f"{base}/getMe", token)
    shown = {"shown": mask(token)}
    if me.status in (401, 404):
        yield Finding("fail", "telegram_token_wrong", shown)
        return
    if me.status == 0:
        yield Finding("warn", "telegram_unreachable", {"api": config.api, "reason": me.reason})
        return
    bot = me.body.get("result")
    if me.status != 200 or not isinstance(bot, dict):
        yield Finding("warn", "telegram_odd", {"status": me.status})
        return
    yield Finding("ok", "telegram_bot", shown | {"name": bot.get("username")})
    yield Finding("ok", f"telegram_groups_{_groups(bot)}")
    inline = "on" if bot.get("supports_inline_queries") else "off"
    yield Finding("ok", f"telegram_inline_{inline}")
    info = chats.ask(f"{base}/getWebhookInfo", token).body.get("result")
    if isinstance(info, dict):
        yield from _updates(config, token, info)


def _groups(bot: dict[str, Any]) -> str:
    if not bot.get("can_join_groups", True):
        return "none"
    return "all" if bot.get("can_read_all_group_messages") else "private"


def _updates(config: Settings, token: str, info: dict[str, Any]) -> Iterator[Finding]:
    """How Telegram hands out updates now, and whether that is what is configured."""
    url, waiting = str(info.get("url") or ""), {"count": info.get("pending_update_count", 0)}
    # Another program's address may hold the token: only its host is shown.
    other = {"host": urlsplit(url).hostname or "?"}
    if config.mode == "polling":
        if url:
            yield Finding("warn", "telegram_polling_hook", other)
        else:
            yield Finding("ok", "telegram_polling", waiting)
        return
    if not url:
        yield Finding("ok", "telegram_webhook_later")
    elif url == (config.url or "").rstrip("/") + _path():
        yield Finding("ok", "telegram_webhook", waiting)
    else:
        yield Finding("warn", "telegram_webhook_other", other)
    at, reason = info.get("last_error_date"), info.get("last_error_message")
    if reason and isinstance(at, int) and time.time() - at < DAY:
        when = datetime.datetime.fromtimestamp(at, datetime.UTC).strftime("%Y-%m-%d %H:%M UTC")
        clean_reason = Redact((token,)).clean(str(reason))[:200]
        yield Finding("warn", "telegram_webhook_error", {"reason": clean_reason, "when": when})


def _path() -> str:
    from bot.channels.telegram.webhook import PATH

    return PATH
