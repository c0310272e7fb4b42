"""Checks of the WeChat Official Account: its secrets, who may ask, and its callback."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.discreet import masked, secret
from bot.doctor import chats
from bot.doctor.model import Finding, Place

APP_ID = re.compile(r"wx[0-9a-f]{16}")
TOKEN = re.compile(r"[A-Za-z0-9]{3,32}")
"""What the consoles of WeChat and WeCom take."""
PATH = "/hooks/wechat"


def look(place: Place) -> Iterator[Finding]:
    """Every check of the section ``wechat``. Raises BadInput for a file that cannot be read."""
    config = place.config.wechat
    assert config is not None
    if not APP_ID.fullmatch(config.app_id):
        yield Finding("warn", "wechat_app_id", {"id": config.app_id})
    token = secret("WECHAT_TOKEN", config.token_file)
    key = secret("WECHAT_AES_KEY", config.aes_key_file)
    yield from secrets_of("wechat", token, key)
    if not key:
        yield Finding("warn", "wechat_plain")
    yield from chats.people(place, "wechat")
    yield from chats.callback(place, "wechat", PATH)


def secrets_of(section: str, token: str, key: str) -> Iterator[Finding]:
    """Whether token and key of a callback are there and of the form that the console has."""
    from bot.channels.tencent.crypto import is_key

    values = {"section": section, "name": section.upper()}
    wrong = False
    if not TOKEN.fullmatch(token):
        wrong = True
        found = "callback_token" if token else "callback_token_none"
        yield Finding("fail", found, values | {"shown": masked(token)})
    if key and not is_key(key):
        wrong = True
        yield Finding("fail", "callback_key", values | {"count": len(key)})
    if not wrong:
        shown = {"token": masked(token), "key": masked(key) if key else "-"}
        yield Finding("ok", "callback_secrets", values | shown)
