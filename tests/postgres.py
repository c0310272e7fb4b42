"""A real PostgreSQL for tests: the one named by $TEST_DATABASE_URL, else a temporary one.

The temporary one needs the server's programs (``initdb``, ``pg_ctl``), not a running server. It
listens on a socket in its own folder only, and is gone at the end. PostgreSQL refuses to run as
root, so a root user's tests run it as the user ``postgres`` (or ``nobody``).
"""

from __future__ import annotations

import contextlib
import os
import pwd
import secrets
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
from sqlalchemy import URL, make_url

PLACES = ("/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/opt/homebrew/opt/postgresql*/bin")
USERS = ("postgres", "nobody")
HOW = "set TEST_DATABASE_URL, or install PostgreSQL's server (Debian: apt-get install postgresql)"
FAST = "-c listen_addresses='' -c fsync=off -c full_page_writes=off -c max_connections=50"
"""These servers are thrown away, so they need not survive a power cut."""


class NoPostgres(Exception):
    """There is no PostgreSQL to test with; says what to do about it."""


@contextlib.contextmanager
def running() -> Iterator[URL]:
    """The URL of a database in which tests may make schemas. Raises NoPostgres."""
    named = os.environ.get("TEST_DATABASE_URL")
    if named:
        yield make_url(named).set(drivername="postgresql")
        return
    programs = _programs()
    user = _user()
    # A socket's path has at most 107 bytes, so pytest's own deep folders will not do.
    folder = Path(tempfile.mkdtemp(prefix="zhiwen-pg-", dir="/tmp"))
    try:
        if user:
            shutil.chown(folder, user)
        data = folder / "data"
        _run(user, programs / "initdb", "-D", data, "-U", "zhiwen", "-A", "trust",
             "-E", "UTF8", "--locale=C", "--no-sync")  # fmt: skip
        server = [programs / "pg_ctl", "-D", data, "-w", "-t", "60"]
        _run(user, *server, "-l", folder / "log", "-o", f"{FAST} -k {folder}", "start")
        try:
            yield URL.create(
                "postgresql", "zhiwen", database="postgres", query={"host": str(folder)}
            )
        finally:
            _run(user, *server, "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder)


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
    return max(found, key=lambda program: [int(n) for n in _numbers(program)]).parent


def _numbers(program: Path) -> list[str]:
    digits = "".join(char if char.isdigit() else " " for char in str(program))
    return digits.split() or ["0"]


def _user() -> str | None:
    """Who runs the server, if not whoever runs the tests. Raises NoPostgres."""
    if os.getuid() != 0:
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    user = next((name for name in USERS if name in known), None)
    if user is None:
        raise NoPostgres(f"PostgreSQL does not run as root and there is no user postgres: {HOW}")
    return user


def _run(user: str | None, *command: str | Path) -> None:
    rights = {"user": user, "group": pwd.getpwnam(user).pw_gid, "extra_groups": []} if user else {}
    # Its own session: Ctrl-C ends the tests, and those stop the server.
    done = subprocess.run(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        cwd="/", env={**os.environ, "LC_ALL": "C"}, start_new_session=True, check=False, **rights,
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError(f"{command[0]}: {done.stdout.decode(errors='replace')}")
