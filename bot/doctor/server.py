"""Checks of the machine, the content, the database, the address and the sign-in."""

from __future__ import annotations

import contextlib
import errno
import ipaddress
import shutil
import socket
import sys
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

from bot import secrets
from bot.config import Config
from bot.doctor.model import PATIENCE, Check, Finding, Level, Place
from bot.doctor.modes import modes
from bot.doctor.packages import packages
from bot.errors import BadInput
from bot.store import StoreUnavailable, location, state
from bot.web import startup
from knowledge.engine.source import ContentError

LOW, TOO_LOW = 500_000_000, 50_000_000
"""Bytes free on the disk below which to warn, and to call it a failure."""
WIDE = 8
"""A network of proxies with a shorter prefix than this is as good as everybody."""
NEWEST_TESTED = (3, 14)


def python(place: Place) -> Iterator[Finding]:
    """The Python it runs on."""
    version = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info[:2] > NEWEST_TESTED:
        yield Finding("warn", "python_new", {"version": version})
    else:
        yield Finding("ok", "python", {"version": version})


def content(place: Place) -> Iterator[Finding]:
    """Whether the content compiles and passes its own check."""
    from bot import check_cache, content_check

    own = Path(place.config.overlay) if place.config.overlay else None
    if own is not None and not own.is_dir():
        yield Finding("fail", "overlay", {"folder": own})
        return
    seen, passed = (
        check_cache.present(place.content, own),
        check_cache.last_passed(place.content, own),
    )
    if seen == passed:
        yield Finding("ok", "content_unchanged", {"folder": place.content})
        return
    place.notice()
    touched = check_cache.touched_entries(passed, seen, own)
    try:
        problems = sorted(content_check.problems(place.content, own, touched=touched))
    except ContentError as error:
        problems = sorted(error.problems)
    errors = [problem for problem in problems if problem.level == "error"]
    if errors:
        yield Finding("fail", "content_errors", {"count": len(errors), "first": errors[0]})
    elif problems:
        yield Finding("warn", "content_warnings", {"count": len(problems), "first": problems[0]})
    else:
        yield Finding("ok", "content", {"folder": place.content})
    if not errors:
        check_cache.note(seen, place.content, own)


def database(place: Place) -> Iterator[Finding]:
    """Whether the database can be reached and written, and has the tables of this version."""
    where = location.database(place.config)
    shown = secrets.address(where)
    try:
        found = state.look(where, PATIENCE)
    except BadInput as error:
        yield Finding("fail", "database_setting", {"reason": error})
    except StoreUnavailable as error:
        yield Finding("fail", "database_busy", {"where": shown, "reason": error})
    else:
        level: Level = "fail" if found in (state.NEWER, state.READ_ONLY) else "ok"
        yield Finding(level, f"database_{found}", {"where": shown})


def disk(place: Place) -> Iterator[Finding]:
    """The room on the disk where files are kept."""
    folder = _nearest_folder(startup.folder(place.config))
    free = shutil.disk_usage(folder).free
    level: Level = "fail" if free < TOO_LOW else "warn" if free < LOW else "ok"
    key = "disk" if level == "ok" else "disk_low"
    yield Finding(level, key, {"free": f"{free / 1e9:.1f}", "folder": folder})


def auth(place: Place) -> Iterator[Finding]:
    """Whether strangers are kept out."""
    config = place.config
    try:
        startup.check(config)
    except BadInput:
        yield Finding("fail", "auth_open", {"host": config.host})
        return
    yield Finding("ok", f"auth_{config.auth}", {"host": config.host})


def port(place: Place) -> Iterator[Finding]:
    """Whether the address can be listened on, or our own server does so already."""
    config = place.config
    values = {"host": config.host, "port": config.port}
    if not 0 <= config.port <= 65_535:
        yield Finding("fail", "port_number", values)
        return
    try:
        family = socket.AF_INET6 if ":" in config.host else socket.AF_INET
        with socket.socket(family, socket.SOCK_STREAM) as one:
            one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            one.bind((config.host.strip("[]"), config.port))
    except OSError as error:
        if error.errno == errno.EADDRINUSE and is_ours(config):
            yield Finding("ok", "port_ours", values)
        else:
            yield Finding("fail", "port_taken", values | {"reason": error.strerror or error})
    else:
        yield Finding("ok", "port", values)


def people(place: Place) -> Iterator[Finding]:
    """Whether anybody can sign in, and anybody is an administrator."""
    if place.config.auth == "none":
        return
    try:
        everyone = state.people(location.database(place.config), PATIENCE)
    except (BadInput, StoreUnavailable):
        return  # told by `database`
    if not everyone and place.config.auth == "password":
        yield Finding("fail", "people_none")
    elif not any("admin" in roles for roles in everyone) and not place.config.roles_header:
        yield Finding("warn", "people_no_admin", {"count": len(everyone)})
    else:
        yield Finding("ok", "people", {"count": len(everyone)})


def proxy(place: Place) -> Iterator[Finding]:
    """Whether the headers of a proxy are believed from the proxy alone."""
    config = place.config
    if config.auth != "header":
        return
    if not config.trusted_proxies:
        yield Finding("fail", "proxy_none")
    for told in config.trusted_proxies:
        try:
            net = ipaddress.ip_network(told, strict=False)
        except ValueError:
            yield Finding("fail", "proxy_address", {"address": told})
            return
        if net.prefixlen < WIDE:
            yield Finding("fail", "proxy_wide", {"address": told})
            return
    listed = ", ".join(config.trusted_proxies)
    yield Finding("ok", "proxy", {"header": config.auth_header, "addresses": listed})
    if config.roles_header:
        yield Finding("warn", "proxy_roles", {"header": config.roles_header})


def cookies(place: Place) -> Iterator[Finding]:
    """Whether cookies may travel in the open."""
    config = place.config
    if config.auth != "none" and not config.secure_cookies:
        yield Finding("warn", "cookies")


def _nearest_folder(folder: Path) -> Path:
    """The folder, or the nearest one above that exists."""
    folder = folder.absolute()
    return next((one for one in (folder, *folder.parents) if one.is_dir()), folder)


def is_ours(config: Config) -> bool:
    """Whether a server of ours answers at the configured address."""
    return health_of(config) is not None


def health_of(config: Config) -> dict[str, Any] | None:
    """What a server of ours at the configured address says of itself; None where none answers."""
    import json

    found = fetch_page(config, "/healthz")
    try:
        told = json.loads(found[1]) if found else None
    except ValueError:
        return None
    return told if isinstance(told, dict) and "database" in told else None


def fetch_page(config: Config, path: str) -> tuple[int, bytes] | None:
    """(status, body) of that page of the server at the configured address; None: no answer."""
    import http.client

    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(config.host, config.host)
    connection = http.client.HTTPConnection(host.strip("[]"), config.port, timeout=PATIENCE)
    try:
        with contextlib.closing(connection):
            connection.request("GET", path)
            answer = connection.getresponse()
            return answer.status, answer.read(10_000)
    except (OSError, http.client.HTTPException):
        return None


def probe(
    config: Config, path: str, expected: Collection[int], key: str, **values: object
) -> Finding:
    """Whether the running server answers at *path* with an *expected* status.

    The finding is told by ``<key>_here``, ``_missing``, or ``_later`` where no server of ours runs.
    """
    told = {"path": path, "where": f"{config.host}:{config.port}", **values}
    if not is_ours(config):
        return Finding("ok", f"{key}_later", told)
    found = fetch_page(config, path)
    status = found[0] if found else 0
    if status in expected:
        return Finding("ok", f"{key}_here", told)
    return Finding("warn", f"{key}_missing", told | {"status": status})


CHECKS: tuple[Check, ...] = (
    python, packages, database, disk, auth, port, people, proxy, cookies, modes,
)  # fmt: skip
"""In the order in which they are told."""
