"""The door of an account: only what the platform has just sent comes in; answers go out sealed."""

from __future__ import annotations

import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol
from xml.etree.ElementTree import Element

from bot.channels.tencent import xml
from bot.channels.tencent.crypto import Envelope, is_key, is_signed, signature
from bot.channels.tencent.errors import Forged, Malformed, TooLong
from bot.errors import BadInput
from bot.secrets import secret

STALE_SECONDS = 300
"""How far the time of a callback may be from ours."""
MOST = 100_000
"""Bytes of a callback; it is parsed before its signature can be checked, so this is little."""
Params = Mapping[str, str]


class Secrets(Protocol):
    """The settings that tell where the secrets of an account or app are."""

    @property
    def token_file(self) -> str | None:
        """The file with the token, if it is in one."""

    @property
    def aes_key_file(self) -> str | None:
        """The file with the AES key, if it is in one."""


@dataclass(frozen=True, slots=True)
class Door:
    """What an account proves itself with."""

    token: str
    envelope: Envelope | None
    """None: plain mode; then nothing is sealed in either direction."""

    def echo(self, params: Params) -> str:
        """What an Official Account answers when its address is checked. Raises Rejected."""
        self._check(params, "signature")
        return _param(params, "echostr")

    def opened_echo(self, params: Params) -> str:
        """What an app of WeCom answers when its address is checked. Raises Rejected."""
        assert self.envelope is not None
        sealed = _param(params, "echostr")
        self._check(params, "msg_signature", sealed)
        return self.envelope.open(sealed)

    def open(self, params: Params, body: bytes) -> Element:
        """The message in a callback. Raises Rejected."""
        if len(body) > MOST:
            raise TooLong("the body is too long")
        if self.envelope is None:
            if params.get("encrypt_type", "raw") != "raw":
                raise Malformed("it is encrypted, and there is no AES key")
            self._check(params, "signature")
            return xml.read(body)
        if params.get("encrypt_type", "aes") != "aes" or "msg_signature" not in params:
            raise Malformed("it is not encrypted, though there is an AES key")
        _check_timestamp(params)
        sealed = xml.required_text(xml.read(body), "Encrypt")
        self._check(params, "msg_signature", sealed)
        return xml.read(self.envelope.open(sealed))

    def seal(self, fields: dict[str, str]) -> str:
        """The body of an answer with those fields."""
        plain = xml.write(fields)
        if self.envelope is None:
            return plain
        sealed, nonce, now = self.envelope.seal(plain), secrets.token_hex(8), str(int(time.time()))
        return xml.write(
            {
                "Encrypt": sealed,
                "MsgSignature": signature(self.token, now, nonce, sealed),
                "TimeStamp": now,
                "Nonce": nonce,
            }
        )

    def _check(self, params: Params, name: str, *more: str) -> None:
        """Raises Forged unless it is signed with our token, and fresh."""
        _check_timestamp(params)
        timestamp, nonce = _param(params, "timestamp"), _param(params, "nonce")
        if not is_signed(_param(params, name), self.token, timestamp, nonce, *more):
            raise Forged("the signature is wrong")


def door_of(channel: str, config: Secrets, receiver: str, stands: str, sealed: bool) -> Door:
    """The door of an account or app. Raises BadInput where a secret is missing or is none.

    *receiver*: the id that is sealed in with each message; *stands*: where both secrets are read
    off; *sealed*: whether it takes sealed callbacks alone.
    """
    name = channel.upper()
    token = secret(f"{name}_TOKEN", config.token_file)
    if not token:
        raise BadInput(
            f"{channel}: there is no token. Set $ZHIWEN_{name}_TOKEN, or {channel}.token_file to a"
            f" file that holds it: the one that stands {stands}"
        )
    aes_key = secret(f"{name}_AES_KEY", config.aes_key_file)
    if not aes_key and not sealed:
        return Door(token, None)
    if not is_key(aes_key):
        raise BadInput(
            f"{channel}: the AES key ($ZHIWEN_{name}_AES_KEY or {channel}.aes_key_file) must be the"
            f" 43 letters and digits of EncodingAESKey, which stands {stands}"
        )
    return Door(token, Envelope(aes_key, receiver))


def _check_timestamp(params: Params) -> None:
    """Raises Forged for a callback of another time; the signature vouches for that time."""
    stamp = _param(params, "timestamp")
    if not (stamp.isascii() and stamp.isdecimal() and len(stamp) <= 12):
        raise Malformed("the timestamp is no number")
    if abs(time.time() - int(stamp)) > STALE_SECONDS:
        raise Forged("the timestamp is not of now")


def _param(params: Params, name: str) -> str:
    value = params.get(name, "")
    if not value:
        raise Malformed(f"there is no {name}")
    return value
