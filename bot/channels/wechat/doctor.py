"""Checks of the WeChat Official Account: its secrets, who may ask, and its callback."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.channels.wechat.settings import Settings
from bot.doctor import chats
from bot.doctor.model import Finding, Place
from bot.secrets import secret

APP_ID = re.compile(r"wx[0-9a-f]{16}")
PATH = "/hooks/wechat"


def look(place: Place) -> Iterator[Finding]:
    """Every check of the section ``wechat``. Raises BadInput for a file that cannot be read."""
    config: Settings = place.config.platform("wechat")
    if not APP_ID.fullmatch(config.app_id):
        yield Finding("warn", "wechat_app_id", {"id": config.app_id})
    token = secret("WECHAT_TOKEN", config.token_file)
    key = secret("WECHAT_AES_KEY", config.aes_key_file)
    yield from chats.secrets_of("wechat", token, key)
    if not key:
        yield Finding("warn", "wechat_plain")
    yield from chats.people(place, "wechat")
    yield from chats.callback(place, "wechat", PATH)
