"""The door: only what the platform has signed and sealed comes in."""

from __future__ import annotations

import hmac
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.channels.feishu import crypto
from bot.channels.tencent.errors import Forged, Malformed, TooLong

MOST = 200_000
"""Bytes of a callback."""
STALE = 8 * 3600
"""Seconds: the platform comes again for up to six hours. A repetition is known by its number."""
CHALLENGE = "url_verification"


@dataclass(frozen=True, slots=True)
class Door:
    """What callbacks are checked against."""

    encrypt_key: str
    token: str = ""

    def open(self, headers: Mapping[str, str], body: bytes) -> dict[str, Any]:
        """The event in a callback. Raises Rejected."""
        if len(body) > MOST:
            raise TooLong("the body is too long")
        sealed = _object(body).get("encrypt")
        if not isinstance(sealed, str):
            raise Malformed("it is not encrypted, though there is an Encrypt Key")
        signed = "x-lark-signature" in headers
        if signed:
            self._check(headers, body)
        found = _object(crypto.decrypt(sealed, self.encrypt_key).encode())
        # The check of the address comes without a signature; that it is sealed proves the key.
        if not signed and found.get("type") != CHALLENGE:
            raise Forged("there is no signature")
        header = found.get("header")
        told = found.get("token") or (header.get("token") if isinstance(header, dict) else "")
        if self.token and not hmac.compare_digest(str(told).encode(), self.token.encode()):
            raise Forged("the Verification Token is another")
        return found

    def _check(self, headers: Mapping[str, str], body: bytes) -> None:
        timestamp, nonce = headers.get("x-lark-request-timestamp", ""), ""
        nonce = headers.get("x-lark-request-nonce", "")
        given = headers.get("x-lark-signature", "")
        if not crypto.is_signed(given, timestamp, nonce, self.encrypt_key, body):
            raise Forged("the signature is wrong")
        if not (timestamp.isascii() and timestamp.isdecimal() and len(timestamp) <= 12):
            raise Malformed("the timestamp is no number")
        if abs(time.time() - int(timestamp)) > STALE:
            raise Forged("the timestamp is not of now")


def _object(body: bytes) -> dict[str, Any]:
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        raise Malformed("the body is not JSON") from None
    if not isinstance(found, dict):
        raise Malformed("the body is no JSON object")
    return found
