"""A file that somebody sent: fetched by its link, bounded, and opened with its key."""

from __future__ import annotations

import re
from urllib.parse import unquote, urlsplit

import httpx

from bot.channels.wecom_bot.crypto import Unopened, decrypt
from bot.channels.wecom_bot.reading import Link
from bot.chat.files import MAX_BYTES
from bot.chat.model import File

SECONDS = httpx.Timeout(10.0, read=20.0)
SEALED = MAX_BYTES + 64
"""Bytes that are read at most: the file and its padding."""
_NAME = re.compile(r"filename\*=(?:utf-8|UTF-8)''([^;]+)|filename=\"?([^\";]+)")


def lazy_file(link: Link, gateway: str) -> File:
    """The file; one that cannot be had says so when it is read.

    The link comes from the platform, over its own connection; it is followed by https alone,
    unless the gateway itself is without TLS, as one on this machine.
    """
    secure = urlsplit(gateway).scheme != "ws"
    try:
        if secure and urlsplit(link.url).scheme != "https":
            raise OSError("the link is not https")
        name, sealed = _download(link.url)
        if len(sealed) > SEALED:
            return File(name, len(sealed), _raise_unavailable)
        data = decrypt(sealed, link.key)
    except (httpx.HTTPError, httpx.InvalidURL, ValueError, OSError, Unopened):
        return File("file", 0, _raise_unavailable)
    return File(name, len(data), lambda: data)


def _raise_unavailable() -> bytes:
    raise OSError("the file cannot be fetched")


def _download(url: str) -> tuple[str, bytes]:
    """(name, the sealed bytes, one more than are read at most)."""
    data = b""
    with httpx.stream("GET", url, timeout=SECONDS) as answer:
        answer.raise_for_status()
        for chunk in answer.iter_bytes(65536):
            data += chunk
            if len(data) > SEALED:
                break
        told = answer.headers.raw
    raw = next((v for k, v in told if k.lower() == b"content-disposition"), b"")
    found = _NAME.search(raw.decode("utf-8", "replace"))
    name = unquote(found[1] or found[2]).strip() if found else ""
    return name or "file", data
