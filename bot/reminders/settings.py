"""The section ``smtp`` of the configuration."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Smtp:
    """A mail server; its password comes from ``$ZHIWEN_SMTP_PASSWORD`` or *password_file*."""

    host: str
    sender: str
    url: str
    """Where people reach this server, for the links in a mail."""
    port: int = 587
    security: Literal["starttls", "tls", "none"] = "starttls"
    user: str | None = None
    password_file: str | None = None
