"""config.yaml and the environment -> a frozen Config."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from knowledge.engine import shape, source
from knowledge.engine.source import ContentError, Document, Problem


@dataclass(frozen=True, slots=True)
class Telegram:
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


@dataclass(frozen=True, slots=True)
class WeChat:
    """A WeChat Official Account; ``$ZHIWEN_WECHAT_TOKEN`` and ``$ZHIWEN_WECHAT_AES_KEY``."""

    app_id: str
    token_file: str | None = None
    aes_key_file: str | None = None
    """Needed in safe mode."""
    allow: tuple[str, ...] = ()
    """OpenIDs that may ask without a code."""


@dataclass(frozen=True, slots=True)
class WeCom:
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


@dataclass(frozen=True, slots=True)
class Config:
    """Every option, with its default; ``config.example.yaml`` explains each."""

    language: Literal["auto", "zh", "en", "ja", "ko"] = "auto"
    organization: str = "none"
    colour: Literal["auto", "always", "never"] = "auto"
    history: str | None = None
    overlay: str | None = None
    database: str = "data/zhiwen.db"
    """A file, or the URL of a PostgreSQL database; ``$ZHIWEN_DATABASE`` goes before it."""
    host: str = "127.0.0.1"
    port: int = 8080
    auth: Literal["none", "password", "header"] = "none"
    auth_header: str = "X-Forwarded-User"
    roles_header: str | None = None
    trusted_proxies: tuple[str, ...] = ("127.0.0.1",)
    secure_cookies: bool = False
    telegram: Telegram | None = None
    wechat: WeChat | None = None
    wecom: WeCom | None = None

    @property
    def profile(self) -> str | None:
        """The organization that owner questions are answered with, if one is configured."""
        return None if self.organization == "none" else self.organization


def load(path: str | None = None) -> Config:
    """The configuration at *path*, ``$ZHIWEN_CONFIG`` or ``config.yaml`` if there is one.

    Raises ContentError for a file that is missing though named, or that does not fit.
    """
    named = path or os.environ.get("ZHIWEN_CONFIG")
    place = Path(named or "config.yaml")
    if not place.is_file():
        if named:
            raise ContentError([Problem(str(place), 1, "error", "there is no such file")])
        return Config()
    if not any(_says_something(line) for line in _lines(place)):
        return Config()
    document = source.read(place, str(place))
    config = _build(document)
    if document.problems:
        raise ContentError(document.problems)
    return config


def _lines(place: Path) -> list[bytes]:
    return place.read_bytes().removeprefix(b"\xef\xbb\xbf").splitlines()


def _says_something(line: bytes) -> bool:
    return bool(line.strip()) and not line.lstrip().startswith(b"#")


def _build(document: Document) -> Config:
    if document.value is None:
        return Config()
    built = shape.build(Config, document, document.value)
    return built if isinstance(built, Config) else Config()
