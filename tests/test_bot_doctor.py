"""The doctor: what is wrong with an installation, in one line each, with what to do about it."""

from __future__ import annotations

import contextlib
import os
import socket
import sqlite3
import threading
from contextlib import closing
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import small_content
from web_server import serving

from bot import cli
from bot.channels.model import Running
from bot.channels.telegram.settings import Settings
from bot.config import Config
from bot.doctor import assistants, modes, packages
from bot.doctor import server as doctor
from bot.doctor.running import running
from bot.store import open_store
from bot.texts import say
from knowledge.engine.base import ROOT


@pytest.fixture(autouse=True)
def alone(tmp_path, monkeypatch):
    """A folder without anything in it, and an environment that names nothing."""
    for name in ("ZHIWEN_CONFIG", "ZHIWEN_DATABASE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def found(check, root=ROOT, **settings):
    """(level, sentence) of what one check finds."""
    place = doctor.Place(Config(**settings), root)
    return [(one.level, say("en", f"doctor.{one.key}", **one.values)) for one in check(place)]


def made():
    """A store where the configuration says."""
    return closing(open_store(Config().database))


def free_port():
    """A port that nothing listens on just now."""
    with socket.create_server(("127.0.0.1", 0)) as one:
        return one.getsockname()[1]


def test_doctor_finds_nothing_wrong_with_a_fresh_start(alone, book, capsys):
    """Every line is ok, nothing has been made on the way, and the exit code is 0."""
    assert cli.main(["doctor", "--port", str(free_port())]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert {line.split()[0] for line in lines} == {"ok"}
    assert len(lines) >= 6
    assert list(alone.iterdir()) == []


@pytest.mark.parametrize("language", ["zh", "en", "ja", "ko"])
def test_doctor_tells_everything_at_once(alone, book, capsys, language):
    """All that is wrong, each with what to do, in the language asked for; exit code 1."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        text = f"auth: password\nport: {port}\noverlay: nowhere\n"
        (alone / "config.yaml").write_text(text, "utf-8")
        assert cli.main(["doctor", "--lang", language]) == 1
    lines = [line.split(maxsplit=1) for line in capsys.readouterr().out.splitlines()]
    failed = [text for level, text in lines if level == "fail"]
    assert say(language, "doctor.overlay", folder="nowhere") in failed
    assert say(language, "doctor.people_none") in failed
    assert any(str(port) in text for text in failed)
    assert ["warn", say(language, "doctor.cookies")] in lines


def test_doctor_names_the_first_error_of_the_content(tmp_path):
    """Content that does not compile would not be used."""
    (tmp_path / "knowledge").mkdir()
    ((level, told),) = found(doctor.content, tmp_path / "knowledge")
    assert level == "fail"
    assert "zhiwen check" in told


@pytest.mark.parametrize(
    ("check", "settings", "level", "word"),
    [
        pytest.param(doctor.auth, {"host": "0.0.0.0"}, "fail", "auth: password", id="open"),
        pytest.param(doctor.auth, {"host": "::1"}, "ok", "::1", id="loopback"),
        pytest.param(doctor.port, {"port": 70_000}, "fail", "70000", id="no port"),
        pytest.param(doctor.port, {"host": "203.0.113.9"}, "fail", "203.0.113.9", id="no host"),
        pytest.param(doctor.people, {"auth": "password"}, "fail", "zhiwen user add", id="nobody"),
        pytest.param(doctor.cookies, {"auth": "header"}, "warn", "secure_cookies", id="cookies"),
        pytest.param(doctor.database, {"database": "mysql://u@h/d"}, "fail", "mysql", id="mysql"),
        pytest.param(doctor.database, {}, "ok", "first start", id="no database yet"),
    ],
)
def test_doctor_finds(check, settings, level, word):
    """One setting, one line that names it."""
    ((at, told),) = found(check, **settings)
    assert at == level
    assert word in told


@pytest.mark.parametrize(
    ("proxies", "level", "word"),
    [
        (("0.0.0.0/0",), "fail", "0.0.0.0/0"),
        (("::/0",), "fail", "::/0"),
        (("proxy.local",), "fail", "proxy.local"),
        ((), "fail", "trusted_proxies"),
        (("127.0.0.1", "10.0.0.0/8"), "ok", "10.0.0.0/8"),
    ],
    ids=["everybody", "everybody by IPv6", "a name", "none", "some"],
)
def test_doctor_looks_at_the_proxies(proxies, level, word):
    """Whom the headers are believed from."""
    told = found(doctor.proxy, auth="header", trusted_proxies=proxies)
    assert told[0][0] == level
    assert word in told[0][1]


def test_doctor_warns_of_roles_from_a_header():
    """Whoever could send that header would have the roles in it."""
    level, told = found(doctor.proxy, auth="header", roles_header="X-Groups")[-1]
    assert level == "warn"
    assert "X-Groups" in told


def test_doctor_counts_people_who_may_sign_in():
    """Without an administrator it warns; who is disabled does not count."""
    with made() as store:
        store.people.add("li", ("staff",))
        store.people.add("wang", ("admin",))
        assert found(doctor.people, auth="password")[0][0] == "ok"
        store.people.change("wang", disabled=True)
        assert found(doctor.people, auth="password")[0][0] == "warn"
        store.people.change("li", disabled=True)
        assert found(doctor.people, auth="password")[0][0] == "fail"


def test_doctor_knows_our_own_server(server):
    """A port in use by our own server is no fault; by another program it is."""
    assert found(doctor.port, port=server.port)[0][0] == "ok"
    with socket.create_server(("127.0.0.1", 0)) as other:
        other.settimeout(5)
        assert found(doctor.port, port=other.getsockname()[1])[0][0] == "fail"


def test_doctor_tells_what_a_running_server_tells(live, tmp_path):
    """Each channel and each part of it; nothing where no server answers."""

    @contextlib.asynccontextmanager
    async def companion():
        yield Running("telegram", lambda: False)

    with serving(tmp_path, live, companions=[companion()]) as server:
        assert found(running, port=server.port) == [
            ("fail", say("en", "doctor.running_channel_stopped", name="telegram")),
        ]
        server.web.state.running.clear()
        (well,) = found(running, port=server.port)
        assert well[0] == "ok" and server.app.book.version in well[1]
        server.web.state.housekeeping.failing.update({"files", "written"})
        told = found(running, port=server.port)
        assert ("fail", say("en", "doctor.running_part", part="database", state="unusable")) in told
        assert ("warn", say("en", "doctor.running_part", part="disk", state="unwritable")) in told
        assert ("warn", say("en", "doctor.running_steps", steps="files, written")) in told
    assert found(running, port=free_port()) == []


def test_doctor_checks_the_content_once(tmp_path):
    """What has passed and has not changed since is not tried again; what has changed is."""
    root = small_content.write(tmp_path / "ours/knowledge")
    whole, unchanged = (say("en", f"doctor.{key}", folder=root) for key in (
        "content", "content_unchanged"
    ))  # fmt: skip
    assert [found(doctor.content, root) for _ in "ab"] == [[("ok", whole)], [("ok", unchanged)]]
    small_content.put(root / "concepts/coupon.yaml", "id: concept.coupon\n")
    assert found(doctor.content, root)[0][0] == "fail"
    small_content.write(root)
    assert found(doctor.content, root) == [("ok", whole)]


@pytest.mark.skipif(os.name != "posix", reason="files have no such modes here")
@pytest.mark.parametrize(("mode", "level"), [(0o600, "ok"), (0o640, "ok"), (0o644, "warn")])
@pytest.mark.parametrize("name", ["config.yaml", "token", "data/zhiwen.db"])
def test_doctor_looks_whether_others_can_read_secrets(tmp_path, name, mode, level):
    """A secret, a configuration with a password in it, the database: one that is open is named."""
    for folder in (tmp_path, *tmp_path.parents):
        if folder.name.startswith(("pytest-", "popen-", "test_")):  # pytest makes them for us alone
            folder.chmod(0o755)
    file = tmp_path / name
    file.parent.mkdir(exist_ok=True)
    file.write_text("x")
    file.chmod(mode)
    where = "postgresql://a:b@db/z" if name == "config.yaml" else str(tmp_path / "data/zhiwen.db")
    telegram = Settings(token_file=str(tmp_path / "token"))
    config = Config(database=where, platforms={"telegram": telegram})
    place = doctor.Place(config, ROOT, tmp_path / "config.yaml")
    (one,) = modes.modes(place)
    assert one.level == level
    if level == "warn":
        assert say("en", f"doctor.{one.key}", **one.values).endswith(f"chmod o-rwx {file}")
    tmp_path.chmod(0o700)
    assert [one.level for one in modes.modes(place)] == ["ok"]


def test_doctor_looks_for_the_door_of_other_assistants(server):
    """Here by the SDK; on the running server by what it says to a stranger; else for later."""
    (told, there) = found(assistants.assistants, port=server.port)
    assert told[0] == "ok" and "zhiwen mcp" in told[1]
    assert there[0] == "ok" and "/mcp" in there[1]
    assert found(assistants.assistants, port=free_port())[1][0] == "ok"


class OlderServer(BaseHTTPRequestHandler):
    """A server of ours from before that door: its health, and nothing else."""

    def do_GET(self) -> None:
        """Says that the database is well, at one address."""
        self.send_response(200 if self.path == "/healthz" else 404)
        self.end_headers()
        self.wfile.write(b'{"database": "ok"}')

    def log_message(self, *_: object) -> None:
        """Nothing."""


def test_doctor_tells_of_a_server_without_the_door_of_other_assistants():
    """It says what the server answered, and what to do."""
    with ThreadingHTTPServer(("127.0.0.1", 0), OlderServer) as other:
        threading.Thread(target=other.serve_forever, daemon=True).start()
        _, (level, told) = found(assistants.assistants, port=other.server_port)
        other.shutdown()
    assert level == "warn" and "404" in told


def test_doctor_shows_the_end_of_a_secret_at_most(monkeypatch):
    """A password in the database's URL is known by its last four characters; a short one not."""
    for password, shown in (("Tr0ub4dor-and-3", "***nd-3"), ("hunter2", "***@")):
        url = f"postgresql://zhiwen:{password}@127.0.0.1:{free_port()}/zhiwen"
        monkeypatch.setenv("ZHIWEN_DATABASE", url)
        ((level, told),) = found(doctor.database)
        assert level == "fail"
        assert password[:6] not in told
        assert shown in told


def test_doctor_tells_of_a_locked_database():
    """Whatever holds it, the line says that it cannot be used."""
    with made():
        pass
    other = sqlite3.connect(Config().database, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    ((level, told),) = found(doctor.database)
    other.close()
    assert level == "fail"
    assert "locked" in told


@pytest.mark.parametrize(
    ("change", "level", "word"),
    [
        ("UPDATE alembic_version SET version_num = '9999'", "fail", "newer"),
        ("DELETE FROM alembic_version", "ok", "next start"),
        ("SELECT 1", "ok", "up to date"),
    ],
    ids=["newer", "older", "present"],
)
def test_doctor_sees_which_tables_there_are(change, level, word):
    """Tables that a newer version made are told from those that will be brought up to date."""
    with made() as store, store.engine.begin() as database:
        database.exec_driver_sql(change)
    ((at, told),) = found(doctor.database)
    assert at == level
    assert word in told


def test_doctor_tells_how_full_the_disk_is(monkeypatch):
    """Too little room is a failure, little a warning."""
    assert found(doctor.disk)[0][0] == "ok"
    monkeypatch.setattr(doctor, "LOW", 10**18)
    assert found(doctor.disk)[0][0] == "warn"
    monkeypatch.setattr(doctor, "TOO_LOW", 10**18)
    assert found(doctor.disk)[0][0] == "fail"


def test_doctor_knows_that_our_names_are_ours():
    """As installed, no other distribution owns one of our packages."""
    ((level, told),) = found(packages.packages)
    assert level == "ok"
    assert all(name in told for name in packages.NAMES)


@pytest.mark.parametrize("name", packages.NAMES)
def test_doctor_names_who_else_owns_a_package_of_ours(tmp_path, monkeypatch, name):
    """PyPI has distributions that bring folders of the same names: they overwrite each other."""
    info = tmp_path / "Other_Thing-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: other-thing\nVersion: 1.0\n")
    (info / "RECORD").write_text(f"{name}/__init__.py,,\n")
    monkeypatch.syspath_prepend(tmp_path)
    ((level, told),) = found(packages.packages)
    assert level == "fail"
    assert name in told
    assert "other-thing" in told
