"""The section ``wecom`` of the configuration."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Settings:
    """A self-built app of WeCom; ``$ZHIWEN_WECOM_TOKEN``, ``…_AES_KEY`` and ``…_SECRET``."""

    corp_id: str
    agent_id: str
    token_file: str | None = None
    aes_key_file: str | None = None
    secret_file: str | None = None
    """The app's secret, for sending cards and files; without it there are only passive replies."""
    allow: tuple[str, ...] = ()
    """User ids that may ask without a code; "*" for everyone who can see the app."""
    departments: tuple[str, ...] = ()
    """Numbers of departments whose members may ask."""
    api: str = "https://qyapi.weixin.qq.com"
