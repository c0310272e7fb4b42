"""Secrets: where they stand in the configuration, and how much of one may be shown."""

from __future__ import annotations

from urllib.parse import unquote, urlsplit

SHOWN, ENOUGH = 4, 12
"""Characters shown of a secret that has at least so many."""


def masked(secret: str) -> str:
    """The end of a secret, by which its owner knows it again; nothing of a short one."""
    return f"***{secret[-SHOWN:]}" if len(secret) >= ENOUGH else "***"


def password_of(url: str) -> str:
    """The password in a URL; nothing if there is none."""
    try:
        return urlsplit(url).password or ""
    except ValueError:
        return ""


def address(url: str) -> str:
    """A URL with its password masked; a file path as it is."""
    password = password_of(url)
    return url.replace(f":{password}@", f":{masked(password)}@") if password else url


def secrets_in(*urls: str) -> tuple[str, ...]:
    """Every form in which the passwords of those URLs may turn up in a text."""
    found = [password_of(url) for url in urls]
    return tuple({form for one in found if one for form in (one, unquote(one))})
