"""The envelope of both platforms: AES-256-CBC around text and addressee, and its signature."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import re
import secrets

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from bot.channels.tencent.errors import Forged, Malformed

BLOCK = 32
"""What texts are padded to; twice the block of the cipher."""
RANDOM, LENGTH = 16, 4
"""Bytes of chance, and of the length, before the text."""
_KEY = re.compile(r"[A-Za-z0-9+/]{43}")


def is_key(aes_key: str) -> bool:
    """Whether that can be an EncodingAESKey: 43 characters of base64."""
    return _KEY.fullmatch(aes_key) is not None


def signature(*parts: str) -> str:
    """The SHA-1 of the parts in order; parts that are no text of UTF-8 cannot match anything."""
    joined = b"".join(sorted(part.encode("utf-8", "replace") for part in parts))
    return hashlib.sha1(joined).hexdigest()


def is_signed(given: str, *parts: str) -> bool:
    """Whether *given* is the signature of the parts; compared in constant time."""
    return hmac.compare_digest(signature(*parts).encode(), given.encode("utf-8", "replace"))


class Envelope:
    """Opens and seals what goes between a platform and the account with *receive_id*."""

    def __init__(self, aes_key: str, receive_id: str) -> None:
        """*aes_key* is one for which `is_key` holds."""
        self._key = base64.b64decode(aes_key + "=")
        self._receive_id = receive_id.encode()

    def open(self, sealed: str) -> str:
        """The text inside. Raises Malformed, and Forged where it was meant for somebody else."""
        plain = _unpad(self._decrypt(sealed))
        if len(plain) < RANDOM + LENGTH:
            raise Malformed("the envelope is too short")
        start = RANDOM + LENGTH
        end = start + int.from_bytes(plain[RANDOM:start], "big")
        if end > len(plain):
            raise Malformed("the envelope tells a wrong length")
        if not hmac.compare_digest(plain[end:], self._receive_id):
            raise Forged("the envelope is addressed to another account")
        try:
            return plain[start:end].decode("utf-8")
        except UnicodeDecodeError:
            raise Malformed("the envelope holds no UTF-8") from None

    def seal(self, text: str, chance: bytes | None = None) -> str:
        """The text in a fresh envelope; *chance*: 16 bytes, drawn anew if not given."""
        inner = text.encode("utf-8")
        body = (chance or secrets.token_bytes(RANDOM)) + len(inner).to_bytes(LENGTH, "big")
        body += inner + self._receive_id
        padding = BLOCK - len(body) % BLOCK
        encryptor = self._cipher().encryptor()
        sealed = encryptor.update(body + bytes([padding]) * padding) + encryptor.finalize()
        return base64.b64encode(sealed).decode("ascii")

    def _decrypt(self, sealed: str) -> bytes:
        try:
            data = base64.b64decode(sealed.encode("ascii"), validate=True)
        except (UnicodeEncodeError, binascii.Error, ValueError):
            raise Malformed("the envelope is not base64") from None
        if not data or len(data) % RANDOM:
            raise Malformed("the envelope is cut off")
        decryptor = self._cipher().decryptor()
        return decryptor.update(data) + decryptor.finalize()

    def _cipher(self) -> Cipher[modes.CBC]:
        return Cipher(algorithms.AES(self._key), modes.CBC(self._key[:RANDOM]))


def _unpad(body: bytes) -> bytes:
    """Without the padding. Raises Malformed; the signature was checked, so this tells nobody."""
    padding = body[-1]
    if not 1 <= padding <= BLOCK or body[-padding:] != bytes([padding]) * padding:
        raise Malformed("the envelope is padded wrongly")
    return body[:-padding]
