"""The section ``feishu`` of the configuration."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Settings:
    """An app of one's own; ``$ZHIWEN_FEISHU_SECRET``, ``…_ENCRYPT_KEY`` and ``…_TOKEN``."""

    app_id: str
    secret_file: str | None = None
    """App Secret: for everything that is sent."""
    encrypt_key_file: str | None = None
    """Encrypt Key: what callbacks are sealed and signed with."""
    token_file: str | None = None
    """Verification Token; compared where it is given."""
    allow: tuple[str, ...] = ()
    """open_ids that may ask without a code; "*" for everyone whom the app is open to."""
    api: str = "https://open.feishu.cn"
