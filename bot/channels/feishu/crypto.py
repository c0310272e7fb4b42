"""The envelope of callbacks: AES-256-CBC under the hash of a key, and a signature over the body."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from bot.channels.tencent.errors import Malformed

BLOCK = 16


def decrypt(sealed: str, encrypt_key: str) -> str:
    """The text in an envelope: base64 of the vector and the cipher text. Raises Malformed."""
    try:
        data = base64.b64decode(sealed.encode("ascii"), validate=True)
    except (UnicodeEncodeError, binascii.Error, ValueError):
        raise Malformed("the envelope is not base64") from None
    if len(data) < 2 * BLOCK or len(data) % BLOCK:
        raise Malformed("the envelope is cut off")
    key = hashlib.sha256(encrypt_key.encode()).digest()
    decryptor = Cipher(algorithms.AES(key), modes.CBC(data[:BLOCK])).decryptor()
    plain = decryptor.update(data[BLOCK:]) + decryptor.finalize()
    padding = plain[-1]
    if not 1 <= padding <= BLOCK or plain[-padding:] != bytes([padding]) * padding:
        raise Malformed("the envelope is padded wrongly")
    try:
        return plain[:-padding].decode("utf-8")
    except UnicodeDecodeError:
        raise Malformed("the envelope holds no UTF-8") from None


def signature(timestamp: str, nonce: str, encrypt_key: str, body: bytes) -> str:
    """What the platform signs a callback with."""
    head = f"{timestamp}{nonce}{encrypt_key}".encode("utf-8", "replace")
    return hashlib.sha256(head + body).hexdigest()


def is_signed(given: str, timestamp: str, nonce: str, encrypt_key: str, body: bytes) -> bool:
    """Whether *given* is the signature; compared in constant time."""
    made = signature(timestamp, nonce, encrypt_key, body).encode()
    return hmac.compare_digest(made, given.encode("utf-8", "replace"))
