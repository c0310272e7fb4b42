"""A real PostgreSQL for tests: the one named by $TEST_DATABASE_URL, else a temporary one.

The temporary one needs the server's programs (``initdb``, ``postgres``), not a running server. It
listens on a socket in its own folder only, and is gone at the end. PostgreSQL refuses to run as
root, so a root user's tests run it as the user ``postgres`` (or ``nobody``).
"""

from __future__ import annotations

import contextlib
import os
import pwd
import re
import secrets
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import URL, make_url

PLACES = ("/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/opt/homebrew/opt/postgresql*/bin")
USERS = ("postgres", "nobody")
HOW = "set TEST_DATABASE_URL, or install PostgreSQL's server (Debian: apt-get install postgresql)"
FAST = ("-c", "listen_addresses=", "-c", "fsync=off", "-c", "full_page_writes=off",
        "-c", "max_connections=50")  # fmt: skip
"""These servers are thrown away, so they need not survive a power cut."""
WATCH = """
"$@" >"$0/log" 2>&1 &
read -r _
kill -QUIT $!
wait
"""
"""Runs a server until our end of the pipe closes, however we end: also when we are killed."""
SECONDS = 60


class NoPostgres(Exception):
    """There is no PostgreSQL to test with; says what to do about it."""


@contextlib.contextmanager
def running() -> Iterator[URL]:
    """The URL of a database in which tests may make schemas. Raises NoPostgres."""
    named = os.environ.get("TEST_DATABASE_URL")
    if named:
        yield make_url(named).set(drivername="postgresql")
        return
    with one() as own:
        yield own.url


@dataclass
class Own:
    """A PostgreSQL of one's own, which may be stopped and started."""

    folder: Path
    url: URL
    program: Path
    user: str | None
    server: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it, and wait until it answers."""
        command = [self.program, "-D", self.folder / "data", "-k", self.folder, *FAST]
        self.server = subprocess.Popen(
            ["sh", "-c", WATCH, str(self.folder), *command],
            stdin=subprocess.PIPE, **_rights(self.user),
        )  # fmt: skip
        _wait(self.url, self.server, self.folder / "log")

    def stop(self) -> None:
        """Break every connection off and end it."""
        if self.server is not None:
            self.server.communicate(timeout=SECONDS)  # closes its input
            self.server = None


@contextlib.contextmanager
def one() -> Iterator[Own]:
    """A server of one's own that runs. Raises NoPostgres."""
    programs = _programs()
    user = _user()
    # A socket's path has at most 107 bytes, so pytest's own deep folders will not do.
    folder = Path(tempfile.mkdtemp(prefix="zhiwen-pg-", dir="/tmp"))
    if user:
        shutil.chown(folder, user)
    url = URL.create("postgresql", "zhiwen", database="postgres", query={"host": str(folder)})
    own = Own(folder, url, programs / "postgres", user)
    try:
        made = subprocess.run(
            [programs / "initdb", "-D", folder / "data", "-U", "zhiwen", "-A", "trust",
             "-E", "UTF8", "--locale=C", "--no-sync"],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            check=False, **_rights(user),
        )  # fmt: skip
        if made.returncode:
            raise AssertionError(made.stdout.decode(errors="replace"))
        own.start()
        yield own
    finally:
        own.stop()
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def schema(server: URL) -> Iterator[str]:
    """The URL of an empty schema of its own, which is dropped at the end."""
    name = f"zhiwen_test_{secrets.token_hex(6)}"
    plain = server.render_as_string(hide_password=False)
    with psycopg.connect(plain, autocommit=True) as db:
        db.execute(f"CREATE SCHEMA {name}")
    try:
        yield server.update_query_dict({"options": f"-csearch_path={name}"}).render_as_string(
            hide_password=False
        )
    finally:
        with psycopg.connect(plain, autocommit=True) as db:
            db.execute("SET client_min_messages = error")
            db.execute(f"DROP SCHEMA {name} CASCADE")


def empty(url: str) -> None:
    """Delete every row of every table in a schema."""
    plain = url.replace("postgresql+psycopg", "postgresql")
    with psycopg.connect(plain) as db:
        names = db.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = current_schema()"
        ).fetchall()
        tables = ", ".join(name for (name,) in names if name != "alembic_version")
        db.execute(f"TRUNCATE {tables} RESTART IDENTITY")


def _programs() -> Path:
    """The folder of the newest server's programs. Raises NoPostgres."""
    found = [p for place in PLACES for p in Path("/").glob(f"{place[1:]}/initdb")]
    on_path = shutil.which("initdb")
    if on_path:
        found.append(Path(on_path).resolve())
    if not found:
        raise NoPostgres(f"no PostgreSQL: {HOW}")
    return max(
        found, key=lambda program: [int(n) for n in re.findall("[0-9]+", str(program))]
    ).parent


def _user() -> str | None:
    """Who runs the server, if not whoever runs the tests. Raises NoPostgres."""
    if os.getuid() != 0:
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    user = next((name for name in USERS if name in known), None)
    if user is None:
        raise NoPostgres(f"PostgreSQL does not run as root and there is no user postgres: {HOW}")
    return user


def _rights(user: str | None) -> dict[str, Any]:
    """How a program is started: as that user, and out of reach of a Ctrl-C that ends the tests."""
    rights: dict[str, Any] = {"cwd": "/", "start_new_session": True}
    rights["env"] = {**os.environ, "LC_ALL": "C"}
    if user:
        rights |= {"user": user, "group": pwd.getpwnam(user).pw_gid, "extra_groups": []}
    return rights


def _wait(url: URL, server: subprocess.Popen[bytes], log: Path) -> None:
    """Return when the server answers."""
    end = time.monotonic() + SECONDS
    while True:
        try:
            psycopg.connect(url.render_as_string(hide_password=False)).close()
            return
        except psycopg.OperationalError:
            if server.poll() is not None or time.monotonic() > end:
                raise AssertionError(log.read_text(errors="replace")) from None
            time.sleep(0.05)
