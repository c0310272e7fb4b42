"""The whole database into one file, and back."""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import URL, inspect
from sqlalchemy.exc import DBAPIError

from bot.atomic_write import settle
from bot.errors import BadInput
from bot.store.database import POSTGRES
from bot.store.engine import engine_of, url_of
from bot.store.migrate import migrate

HEAD = {b"SQLite format 3\x00": "sqlite", b"PGDMP": POSTGRES}
"""What a backup begins with -> the kind of database it is of."""
BESIDE = ".before-restore"
KEPT = "nothing was changed, and what was there before is as it was"


def backup(where: str, out: Path) -> None:
    """Write everything to *out*, which only its owner may read; a server may go on meanwhile.

    Raises BadInput where that is not possible; *out* is then as it was.
    """
    url = url_of(where)
    if out.exists():
        raise BadInput(f"{out}: is there already; name another file")
    with _whole(out) as part:
        if url.get_backend_name() == "sqlite":
            _from_sqlite(Path(url.database or ""), part)
        else:
            _run("pg_dump", url, "--format=custom", "--no-owner", f"--file={part}")


@contextlib.contextmanager
def _whole(out: Path) -> Iterator[Path]:
    """Where to write what then, whole and on the disk, stands at *out*; only its owner reads it.

    Raises BadInput where that fails; *out* is then as it was, and nothing is left beside it.
    """
    part = out.with_name(f"{out.name}.part")
    try:
        os.close(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600))
        yield part
        settle(part)
        part.replace(out)
        settle(out.parent)
    except (OSError, sqlite3.Error) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise BadInput(f"{out}: not written ({reason}); {KEPT}") from None
    except BadInput as error:
        raise BadInput(f"{error}; {KEPT}") from None
    finally:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)


def restore(where: str, source: Path, sure: bool = False) -> None:
    """Put a backup in the place of the database; servers are to be stopped before.

    *sure*: although something is there already; a SQLite file is kept beside. Raises BadInput.
    """
    url = url_of(where)
    kind = _kind(source)
    if kind != url.get_backend_name():
        raise BadInput(f"{source}: is a backup of {kind}, and the database is none")
    if kind == "sqlite":
        _to_sqlite(source, Path(url.database or ""), sure)
    else:
        if not sure and _has_tables(where):
            raise BadInput("the database holds something already; add --yes to replace it")
        _run(
            "pg_restore", url, "--clean", "--if-exists", "--no-owner", "--single-transaction",
            "--exit-on-error", str(source),
        )  # fmt: skip
    _bring_up_to_date(where)


def _kind(source: Path) -> str:
    try:
        with source.open(mode="rb") as file:
            head = file.read(16)
    except OSError as error:
        raise BadInput(f"{source}: {error.strerror}") from None
    kind = next((kind for mark, kind in HEAD.items() if head.startswith(mark)), None)
    if kind is None:
        raise BadInput(f"{source}: is no backup of zhiwen backup")
    return kind


def _from_sqlite(path: Path, out: Path) -> None:
    if not path.is_file():
        raise BadInput(f"{path}: there is no database yet")
    with (
        contextlib.closing(sqlite3.connect(path)) as here,
        contextlib.closing(sqlite3.connect(out)) as there,
    ):
        here.backup(there)
        _sound(there, path)


def _to_sqlite(source: Path, path: Path, sure: bool) -> None:
    try:
        with contextlib.closing(sqlite3.connect(f"file:{source}?immutable=1", uri=True)) as there:
            _sound(there, source)
    except sqlite3.Error as error:
        raise BadInput(f"{source}: cannot be read ({error})") from None
    if path.exists() and path.stat().st_size:
        if not sure:
            raise BadInput(f"{path}: is there already; add --yes to replace it")
        with _whole(path.with_name(path.name + BESIDE)) as beside:
            _keep(path, beside)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with _whole(path) as part:
        shutil.copyfile(source, part)
        settle(part)  # only then may go what the database that is there still needs
        for ending in ("-wal", "-shm"):
            path.with_name(path.name + ending).unlink(missing_ok=True)


def _keep(path: Path, beside: Path) -> None:
    """A copy of a database; of one that is damaged, its file as it is."""
    try:
        _from_sqlite(path, beside)
    except (sqlite3.DatabaseError, BadInput):
        shutil.copyfile(path, beside)


def _sound(connection: sqlite3.Connection, path: Path) -> None:
    """Raises BadInput for a database that is damaged, or not one of ours."""
    if connection.execute("PRAGMA integrity_check").fetchone() != ("ok",):
        raise BadInput(f"{path}: is damaged")
    names = {row[0] for row in connection.execute("SELECT name FROM sqlite_master")}
    if "alembic_version" not in names or "people" not in names:
        raise BadInput(f"{path}: is no database of zhiwen")


def _has_tables(where: str) -> bool:
    """Raises BadInput where the database cannot be used."""
    engine = engine_of(where)
    try:
        return inspect(engine).has_table("people")
    except DBAPIError as error:
        raise BadInput(f"the database cannot be used: {type(error.orig).__name__}") from None
    finally:
        engine.dispose()


def _run(program: str, url: URL, *arguments: str) -> None:
    """Run a program of PostgreSQL; the password goes by the environment, where nobody reads it."""
    if shutil.which(program) is None:
        raise BadInput(
            f"{program} is not there: install PostgreSQL's client programs (Debian: apt-get install"
            " postgresql-client), of the version of the server or a newer one"
        )
    plain = url.set(drivername="postgresql", password=None)
    more = {"PGPASSWORD": url.password} if url.password else {}
    done = subprocess.run(
        [program, f"--dbname={plain.render_as_string(hide_password=False)}", *arguments],
        env={**os.environ, **more}, stdin=subprocess.DEVNULL, capture_output=True, check=False,
    )  # fmt: skip
    if done.returncode:
        first = done.stderr.decode("utf-8", "replace").strip().splitlines()[:1]
        why = first[0] if first else f"ended early ({done.returncode})"
        raise BadInput(why if why.startswith(f"{program}:") else f"{program}: {why}")


def _bring_up_to_date(where: str) -> None:
    """A backup of an older version gets the tables of this one."""
    engine = engine_of(where)
    try:
        migrate(engine)
    finally:
        engine.dispose()
