"""The section ``telegram`` of the configuration."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Settings:
    """A bot of Telegram; its token comes from ``$ZHIWEN_TELEGRAM_TOKEN`` or *token_file*."""

    token_file: str | None = None
    mode: Literal["polling", "webhook"] = "polling"
    url: str | None = None
    """Webhook: the public address of this server, such as https://bot.example.com."""
    secret_file: str | None = None
    """Webhook: what Telegram proves itself with; else ``$ZHIWEN_TELEGRAM_SECRET``."""
    allow: tuple[str, ...] = ()
    """Numbers of people who may ask without a code."""
    api: str = "https://api.telegram.org"
