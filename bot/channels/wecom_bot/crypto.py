"""Files of the bot: each comes by a link, sealed with a key of its own."""

from __future__ import annotations

import base64
import binascii

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

BLOCK, CIPHER_BLOCK, KEY = 32, 16, 32
"""What the platform pads to; the block of AES; the bytes of a key."""


class Unopened(Exception):
    """The key does not open the file."""


def decrypt(sealed: bytes, aes_key: str) -> bytes:
    """The file. Raises Unopened.

    *aes_key* is base64, with or without its padding. A file that is cut off by a byte must not
    pass for a shorter one: the padding is checked whole.
    """
    try:
        key = base64.b64decode(aes_key + "=" * (-len(aes_key) % 4), validate=True)
    except (binascii.Error, ValueError):
        raise Unopened("the key is not base64") from None
    if len(key) != KEY or not sealed or len(sealed) % CIPHER_BLOCK:
        raise Unopened("the key or the file has the wrong length")
    decryptor = Cipher(algorithms.AES(key), modes.CBC(key[:CIPHER_BLOCK])).decryptor()
    plain = decryptor.update(sealed) + decryptor.finalize()
    padding = plain[-1]
    if not 1 <= padding <= BLOCK or plain[-padding:] != bytes([padding]) * padding:
        raise Unopened("the file is padded wrongly")
    return plain[:-padding]
