"""Batches: worked through in the background, followed live, kept for whoever began them."""

from __future__ import annotations

import csv
import html
import io
import json
import os
import stat
import zipfile
from dataclasses import replace

import pytest
from posting_pages import (
    ROWS,
    SECRET,
    WRITER,
    alert,
    batch,
    begun,
    ended,
    form_of,
    many,
    table,
    upload,
)
from test_bot_postings_readers import PAGE
from web_server import serving, until

from bot.store import NotFound, open_store
from bot.texts import say
from bot.web import batches, handover
from bot.web.batch_leases import ELSEWHERE, LEASE, OLDER
from bot.web.batch_results import FORMS, MAX_ROWS

CLASSIFY = {"batches-ann": ("hr",), "batches-bob": ("hr",), "batches-root": ("admin",)}


@pytest.fixture
def client(server):
    """A browser at a server where nobody signs in."""
    with server.client() as browser:
        yield browser


@pytest.fixture
def done(client):
    """(address, page) of a finished batch of ROWS."""
    return batch(client, ("岗位.csv", table()))


def id_of(where):
    """The id in the address of a batch."""
    return where.rpartition("/")[2]


def test_batch_tells_what_it_came_to(done):
    """Distribution, title mismatches, and broken rows with their messages."""
    _, page = done
    page = html.unescape(page)
    assert say("en", "web.posting.done", done=4, broken=1) in page
    assert say("en", "classify.summary.functions") in page
    assert '<rect class="fill"' in page
    assert say("en", "classify.row.empty") in page
    assert "岗位.csv:4" in page
    assert say("en", "web.posting.mislabelled") in page


def test_batch_speaks_the_language_of_whoever_looks(client, done):
    """What it came to is told in each language."""
    page = html.unescape(client.get(done[0], params={"lang": "ja"}).text)
    assert say("ja", "classify.row.empty") in page
    assert say("ja", "classify.summary.functions") in page


def test_batch_results_hold_every_row(client, done):
    """Each format has all rows, the broken ones in their place, and runs nothing."""
    got = {form: client.get(f"{done[0]}/{form}") for form in FORMS}
    assert {answer.status_code for answer in got.values()} == {200}
    for form, answer in got.items():
        assert answer.headers["content-disposition"].startswith("attachment;")
        assert f"-classified.{form}" in answer.headers["content-disposition"]
    lines = [json.loads(line) for line in got["jsonl"].text.splitlines()]
    assert [line.get("error") is not None for line in lines] == [False, False, True, False]
    rows = list(csv.reader(io.StringIO(got["csv"].content.decode("utf-8-sig"))))
    assert len(rows) == len(ROWS) + 1
    assert rows[4][2] == "'=1+1"
    assert zipfile.ZipFile(io.BytesIO(got["xlsx"].content)).testzip() is None
    assert SECRET in got["html"].text


@pytest.mark.parametrize(
    "form", ["told.json", "exe", "..%2F..%2Fzhiwen.db", "%2e%2e", "result.csv"]
)
def test_batch_gives_out_nothing_but_results(client, done, form):
    """No other file can be had by its address."""
    assert client.get(f"{done[0]}/{form}").status_code == 404


@pytest.mark.parametrize("id_", ["0" * 16, "..%2F..", "a%00b", "岗位"])
def test_batch_that_is_none_is_not_found(client, id_):
    """Whatever stands in its place."""
    assert client.get(f"/posting/jobs/{id_}").status_code == 404


def test_batch_of_several_files_is_one(client):
    """Documents and tables together; one that cannot be read does not stop the others."""
    _, page = batch(
        client, ("a.txt", WRITER.encode()), ("b.pdf", PAGE), ("c.csv", b"x,y\n1,2\n"),
        ("d.csv", table()),
    )  # fmt: skip
    page = html.unescape(page)
    assert say("en", "web.posting.done", done=7, broken=2) in page
    assert "c.csv:1" in page


@pytest.mark.parametrize(
    ("name", "raw", "key"),
    [
        pytest.param("a.csv", b"x,y\n1,2\n", "web.posting.no_description", id="no-column"),
        pytest.param("a.csv", b"description\n", "classify.file.empty", id="no-rows"),
        pytest.param(
            "a.csv", b"description\n" + b"x\n" * (MAX_ROWS + 1), "web.posting.many_rows", id="rows"
        ),
    ],
)
def test_batch_of_a_bad_table_fails_in_words(client, name, raw, key):
    """The page says what is wrong, as somebody at the page can mend it."""
    _, page = batch(client, (name, raw))
    told = say("en", key, columns="x, y", limit=f"{MAX_ROWS:,}")
    assert html.unescape(alert(page)) == told


def test_batch_takes_columns_by_name(client):
    """A table whose headers we do not know is read once they are named."""
    raw = table([("Editor", "负责公众号选题")], header=("eins", "zwei"))
    _, page = batch(client, ("a.csv", raw), column="zwei", title_column="eins")
    assert say("en", "web.posting.done", done=1, broken=0) in page


def test_batch_hostile_names_and_words_are_shown_as_text(client):
    """Neither a file's name nor what stands in it becomes part of the page."""
    bad = "<img src=x onerror=alert(1)>"
    raw = table(
        [
            ("1", bad, f"{bad} 负责公众号选题"),
            ("2", f"销售{bad}", f"{bad}\n负责公众号选题、撰写文章"),
        ]
    )
    where, page = batch(client, (f"../../{bad}.csv", raw))
    assert "<img" not in page
    assert "<img" not in client.get("/posting").text
    assert "<img" not in client.get(f"{where}/html").text


def test_batch_name_leads_nowhere(server, client):
    """A name with a path is only a name; nothing is written outside the folder of batches."""
    data = server.batches.folder.parent
    before = {path.name for path in data.iterdir()}
    begun_ = begun(client, ("../../../evil.csv", table()))
    assert ">evil.csv</h1>" in ended(client, begun_)
    assert {path.name for path in data.iterdir()} <= before | {"zhiwen.db-wal", "zhiwen.db-shm"}


def test_batch_words_are_kept_in_its_own_folder_only(server, client, done, caplog):
    """Database and logs hold counts; the folder is the server's alone, the upload is gone."""
    batches, where = server.batches, done[0]
    folder = batches.folder / id_of(where)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    until(lambda: not list(batches.folder.glob("upload-*")), "what was uploaded stays")
    assert {path.name for path in folder.iterdir()} == {
        *(f"result.{form}" for form in FORMS), "told.json", "rows.jsonl", "table.jsonl",
    }  # fmt: skip
    for path in batches.folder.parent.glob("zhiwen.db*"):
        assert SECRET.encode() not in path.read_bytes()
    assert SECRET not in caplog.text
    job = batches.get(id_of(where))
    assert job.summary["total"] == 4


@pytest.fixture
def running(server, client):
    """The address of a batch that is under way for as long as the test lasts."""
    store = server.app.store
    assert server.batches
    id_ = store.jobs.start("local", "slow.csv", "csv")
    store.leases.take(LEASE + id_, "another server", 3600)
    store.jobs.change(id_, done=1234, summary={"stage": "classifying", "total": 5000})
    yield f"/posting/jobs/{id_}"
    store.jobs.remove(id_)


def test_batch_shows_how_far_it_is(client, running):
    """With a script the page asks every second for the inner part, without one it reloads."""
    page = client.get(running).text
    assert say("en", "web.posting.stage.classifying", done=1234, total=5000) in page
    assert 'max="5000" value="1234"' in page
    assert '<noscript><meta http-equiv="refresh"' in page
    part = client.get(running, headers={"hx-request": "true"}).text
    assert part.lstrip().startswith(f'<div id="job" hx-get="{running}" hx-trigger="every 1s"')
    assert "<html" not in part


def test_batch_gives_no_results_before_its_end(client, running):
    """Half a result is none."""
    assert client.get(f"{running}/csv").status_code == 404


def test_batch_is_one_at_a_time(server, client, running):
    """The second of a person is refused, and its file is deleted."""
    answer = upload(client, ("a.csv", table()))
    assert answer.status_code == 409
    assert alert(answer.text) == say("en", "web.posting.unfinished")
    assert not list(server.batches.folder.glob("upload-*"))


def test_batch_is_deleted_with_its_results(server, client, done):
    """After that there is no page and no file."""
    where = done[0]
    answer = client.post(f"{where}/delete", data={"form": form_of(client, where)})
    assert answer.headers["location"] == "/posting"
    assert client.get(where).status_code == 404
    assert not (server.batches.folder / id_of(where)).exists()


def test_batch_under_way_stops_when_it_is_deleted(server, client):
    """The work ends, its upload and its folder go, and the next batch may begin."""
    where = begun(client, ("big.csv", many()))
    batches = server.batches
    client.post(f"{where}/delete", data={"form": form_of(client, where)})
    until(lambda: not batches._stops, "the batch does not stop", 60)
    assert not (batches.folder / id_of(where)).exists()
    assert not list(batches.folder.glob("upload-*"))
    assert say("en", "web.posting.done", done=4, broken=1) in batch(client, ("a.csv", table()))[1]


def test_batch_is_not_deleted_from_elsewhere(client, done):
    """A page of another site cannot delete it."""
    elsewhere = {"sec-fetch-site": "cross-site"}
    assert client.post(f"{done[0]}/delete", headers=elsewhere).status_code == 403
    assert client.get(done[0]).status_code == 200


def test_batch_is_for_whoever_began_it_and_for_admins(password_server):
    """To anybody else it is as if it were not there."""
    names = iter(CLASSIFY.items())
    name, roles = next(names)
    with password_server.signed_in(name, *roles) as ann:
        where, _ = batch(ann, ("a.csv", table()))
        assert "a.csv" in ann.get("/posting").text
    name, roles = next(names)
    with password_server.signed_in(name, *roles) as bob:
        token = form_of(bob, "/posting")
        assert "a.csv" not in bob.get("/posting").text
        for path in (where, f"{where}/csv"):
            assert bob.get(path).status_code == 404
        assert bob.post(f"{where}/delete", data={"form": token}).status_code == 404
    name, roles = next(names)
    with password_server.signed_in(name, *roles) as root:
        assert root.get(where).status_code == 200
        assert root.get(f"{where}/csv").status_code == 200
    with password_server.signed_in("batches-staff", "staff") as staff:
        assert staff.get(where).status_code == 403
    with password_server.client() as nobody:
        assert nobody.get(where).headers["location"].startswith("/sign-in")


def test_batch_goes_with_its_person(password_server):
    """Whoever is forgotten leaves no results behind."""
    with password_server.signed_in("batches-leaver", "hr") as client:
        where, _ = batch(client, ("a.csv", table()))
        folder = password_server.batches.folder / id_of(where)
        assert folder.is_dir()
        client.post("/account/erase", data={"sure": "yes", "form": form_of(client, "/account")})
        assert not folder.exists()


def test_batch_goes_when_its_time_is_over(live, tmp_path):
    """What the store forgets after its days, housekeeping deletes on the disk."""
    with serving(tmp_path, live) as server, server.client() as client:
        where, _ = batch(client, ("a.csv", table()))
        batches = server.batches
        folder = batches.folder / id_of(where)
        assert batches.sweep() == 0
        server.app.store.jobs.change(id_of(where), created=0.0)
        server.web.state.housekeeping.run_steps()
        assert not folder.exists()
        with pytest.raises(NotFound):
            batches.get(id_of(where))


def test_batch_of_a_server_that_died_has_failed(live, tmp_path):
    """The next server says so, deletes what was uploaded, and lets the person begin again."""
    store = open_store(str(tmp_path / "zhiwen.db"))
    id_ = store.jobs.start("local", "a.csv", "csv")
    store.leases.take(LEASE + id_, "a server that was killed", -ELSEWHERE)
    store.close()
    left = tmp_path / "batches" / "upload-x" / "0"
    left.mkdir(parents=True)
    (left / "a.csv").write_bytes(table())
    os.utime(left.parent, (0, 0))
    with serving(tmp_path, live) as server, server.client() as client:
        page = client.get(f"/posting/jobs/{id_}").text
        assert alert(page) == say("en", "web.posting.failed.interrupted")
        assert not left.exists()
        assert (
            say("en", "web.posting.done", done=4, broken=1) in batch(client, ("b.csv", table()))[1]
        )


def test_batch_under_way_is_gone_on_with_by_the_next_server(live, tmp_path):
    """A stop waits for no batch: the next server begins it anew, and no row is missing."""
    with serving(tmp_path, live) as server, server.client() as client:
        where = begun(client, ("big.csv", many(20_000)))
    store = open_store(str(tmp_path / "zhiwen.db"))
    assert store.jobs.get(id_of(where)).status == "running"
    store.close()
    with serving(tmp_path, live) as server, server.client() as client:
        assert server.batches
        assert say("en", "web.posting.done", done=20_000, broken=0) in ended(client, where)
        until(lambda: not list(server.batches.folder.glob("upload-*")), "what was uploaded stays")


def test_batch_that_ends_every_server_is_not_begun_for_ever(live, tmp_path):
    """A file that brings process after process down has failed after the third."""
    with serving(tmp_path, live) as server, server.client() as client:
        where = begun(client, ("big.csv", many()))
    place = tmp_path / "batches" / id_of(where)
    work = handover.read_work(place)
    handover.keep(place, replace(work, begun=handover.TRIES))
    with serving(tmp_path, live) as server, server.client() as client:
        assert server.batches
        assert alert(client.get(where).text) == say("en", "web.posting.failed.interrupted")
        server.batches.sweep()
        assert not list(server.batches.folder.glob("upload-*"))


def test_batch_of_a_server_at_work_is_left_alone(live, tmp_path):
    """A second server takes nothing for unfinished, and no file for left behind, of the first."""
    with serving(tmp_path, live) as first, first.client() as client:
        where = begun(client, ("big.csv", many()))
        files = set(first.batches.folder.glob("upload-*"))
        with serving(tmp_path, live) as second:
            second.batches.recover()
            second.batches.sweep()
            assert second.batches.get(id_of(where)).status == "running"
            assert set(first.batches.folder.glob("upload-*")) == files
        assert client.get(where).status_code == 200
        client.post(f"{where}/delete")


def test_batch_of_the_release_before_is_left_alone_as_long_as_it_moves(live, tmp_path):
    """A release that knew no leases works on beside this one; when it stands still, it is gone."""
    store = open_store(str(tmp_path / "zhiwen.db"))
    id_ = store.jobs.start("local", "a.csv", "csv")

    def looked(**progress):
        store.jobs.change(id_, **progress)
        store.leases.take(LEASE + id_, OLDER, -ELSEWHERE)
        server.batches.recover()
        return store.jobs.get(id_).status

    with serving(tmp_path, live) as server, server.client() as client:
        assert server.batches.get(id_).status == "running"
        assert [looked(done=done) for done in (100, 200, 300)] == ["running"] * 3
        assert upload(client, ("b.csv", table())).status_code == 409
        assert looked(done=300) == "failed"
        store.jobs.change(id_, status="done")  # it lived after all: what it made is not hidden
        assert server.batches.get(id_).status == "done"
    store.close()


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_batch_of_a_killed_server_keeps_nobody_waiting(live, tmp_path, request, kind):
    """After kill -9 another server says at once that it failed, as soon as its lease is over."""
    database = str(tmp_path / "zhiwen.db")
    if kind == "postgresql":
        database = request.getfixturevalue("postgres_tables")
    store = open_store(database)
    id_ = store.jobs.start("local", "a.csv", "csv")
    store.leases.take(LEASE + id_, "a server that was killed", 3600)
    with serving(tmp_path, live, database=database) as server, server.client() as client:
        assert upload(client, ("b.csv", table())).status_code == 409
        assert store.jobs.get(id_).status == "running"
        store.leases.take(LEASE + id_, "a server that was killed", -1)
        assert upload(client, ("b.csv", table())).status_code == 409  # another may have its files
        store.leases.take(LEASE + id_, "a server that was killed", -ELSEWHERE)
        assert (
            say("en", "web.posting.done", done=4, broken=1) in batch(client, ("b.csv", table()))[1]
        )
        assert store.jobs.get(id_).problem == "web.posting.failed.interrupted"
        store.jobs.end(id_, status="done")
        assert store.jobs.get(id_).status == "failed"
    store.close()


def test_batch_that_another_server_deletes_stops(live, tmp_path, monkeypatch):
    """Whoever works on it learns within some seconds that it is not wanted any more."""
    monkeypatch.setattr(batches, "HELD", 0.2)
    with serving(tmp_path, live) as first, serving(tmp_path, live) as second:
        with first.client() as client, second.client() as other:
            where = begun(client, ("big.csv", many()))
            assert other.post(f"{where}/delete").status_code == 303
        until(lambda: not first.batches._stops, "the batch does not stop", 60)
        assert not list((tmp_path / "batches").iterdir())
