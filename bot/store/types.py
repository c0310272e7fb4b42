"""Texts as every database can hold them, keys that fit their columns, and hashes of secrets."""

from __future__ import annotations

import hashlib
import json
import re
from typing import Any

from sqlalchemy import Dialect, String, Text
from sqlalchemy.types import TypeDecorator

_UNHOLDABLE = re.compile("[\x00\ud800-\udfff]")
_LONE = re.compile("[\ud800-\udfff]")
REPLACEMENT = "\ufffd"


class Words(TypeDecorator[str]):
    """Text of any length, without what PostgreSQL or UTF-8 cannot hold."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """The text to write or to look for."""
        return None if value is None else replace_unstorable(value)


class Label(TypeDecorator[str]):
    """The same of bounded length; who writes it sees to it that it fits."""

    impl = String
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """The text to write or to look for."""
        return None if value is None else replace_unstorable(value)


def replace_unstorable(text: str) -> str:
    """*text* with a replacement character for each NUL and each half of a surrogate pair."""
    return _UNHOLDABLE.sub(REPLACEMENT, text)


def to_json(value: Any) -> str:
    """JSON with its letters as they are, so that the database can be read and searched."""
    return _LONE.sub(REPLACEMENT, json.dumps(value, ensure_ascii=False, separators=(",", ":")))


def key_of(text: str, most: int) -> str:
    """*text* if it has at most *most* characters, else its hash: different texts stay different."""
    return text if len(text) <= most else digest(text)


def digest(secret: str) -> str:
    """The hash under which a secret is kept and found again."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()
