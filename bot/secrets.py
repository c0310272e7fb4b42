"""Secrets: where they stand in the configuration, and how much of one may be shown."""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import unquote, urlsplit

from bot.errors import BadInput

SHOWN, ENOUGH = 4, 12
"""Characters shown of a secret that has at least so many."""


def secret(name: str, file: str | None = None) -> str:
    """The secret ``$ZHIWEN_<NAME>``, or that of the *file*; nothing where neither is given.

    Raises BadInput for a file that cannot be read.
    """
    given = os.environ.get(f"ZHIWEN_{name}", "").strip()
    if given or not file:
        return given
    try:
        return Path(file).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"{file}: the secret cannot be read ({error})") from None


def mask(secret: str) -> str:
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
    return url.replace(f":{password}@", f":{mask(password)}@") if password else url


def secrets_in(*urls: str) -> tuple[str, ...]:
    """Every form in which the passwords of those URLs may turn up in a text."""
    found = [password_of(url) for url in urls]
    return tuple({form for one in found if one for form in (one, unquote(one))})
