"""The section ``wecom_bot`` of the configuration."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Settings:
    """An AI bot of WeCom in API mode, long connection; ``$ZHIWEN_WECOM_BOT_SECRET``."""

    bot_id: str
    secret_file: str | None = None
    allow: tuple[str, ...] = ()
    """User ids that may ask without a code; "*" for everyone who can see the bot."""
    page: str | None = None
    """The address of the web pages, told where a file cannot be sent back."""
    url: str = "wss://openws.work.weixin.qq.com"
