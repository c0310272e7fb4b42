"""What the server begins with: a safe configuration, an open store, a folder for its files."""

from __future__ import annotations

import ipaddress
from pathlib import Path

from bot.app import App, app_of
from bot.config import Config
from bot.errors import BadInput
from bot.reload import ContentReloader
from bot.store import open_store
from bot.store.location import database


def open_app(config: Config, content: ContentReloader) -> App:
    """The App for that configuration.

    Raises BadInput for a setting that is not safe, StoreUnavailable.
    """
    check(config)
    return app_of(config, open_store(database(config)), content)


def folder(config: Config) -> Path:
    """Where files are kept: beside the database, or in `data` where that is on a server."""
    where = database(config)
    if "://" in where and not where.startswith("sqlite:///"):
        where = Config().database
    return Path(where.removeprefix("sqlite:///").partition("?")[0]).parent


def check(config: Config) -> None:
    """Raises BadInput where strangers could use the server without signing in."""
    if config.auth == "none" and not is_loopback(config.host):
        raise BadInput(
            f"host {config.host} can be reached from outside, and auth is none. Set auth: password"
            " and add people with `zhiwen user add`, or set auth: header behind a proxy that signs"
            " people in"
        )


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach that address."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False
