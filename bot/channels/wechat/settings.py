"""The section ``wechat`` of the configuration."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Settings:
    """A WeChat Official Account; ``$ZHIWEN_WECHAT_TOKEN`` and ``$ZHIWEN_WECHAT_AES_KEY``."""

    app_id: str
    token_file: str | None = None
    aes_key_file: str | None = None
    """Needed in safe mode."""
    allow: tuple[str, ...] = ()
    """OpenIDs that may ask without a code."""
