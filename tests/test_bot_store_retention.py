"""Replays, tokens, audit; what is old goes; people see all that is theirs and can be forgotten."""

from __future__ import annotations

import json

import pytest
from store_help import DAY, START, TEMPLATE, at_once, everything, start, texts

from bot.store import NotFound
from bot.store.people import SESSION_SECONDS
from bot.store.retention import KEEP
from bot.store.tokens import TOKEN_SECONDS

NAME, OTHER = "安娜·Ann", "Bob"
SAID = "NAME-FREE QUESTION"


def live(store):
    """A person who has used everything there is, beside another one; returns them and a session."""
    person, other = store.people.add(NAME, ("hr",), "secret-hash"), store.people.add(OTHER, ())
    session = store.people.open_session(person.id)
    store.people.open_session(other.id)
    store.people.link(person.id, "telegram", "ext-4711")
    store.people.link(other.id, "telegram", "ext-4712")
    for owner in (person, other):
        chat = f"web:{owner.id}"
        number = store.chats.keep(chat, owner.id, {"n": 1}, SAID, {"blocks": []})
        store.feedback.add(number, SAID, None, "", True, "", "en", "v")
        store.corrections.keep(owner.name, "hash", "brand", "sales", "because", source="a.csv")
    store.tokens.issue("button", {"run": "r"}, person.id)
    store.tokens.issue("button", {"by": person.name, "ids": [person.id]})
    store.tokens.issue("button", {"chat": 1}, f"web:{person.id}")
    store.tokens.issue("button", {"run": "r"}, other.id)
    run = start(store, NAME, owners={"role.brand": NAME, "role.event_operations": OTHER})
    store.runs.assign(run, {"role.brand": NAME, "role.public_relations": OTHER}, None, OTHER)
    store.runs.mark(run, "0.0", "done", NAME)
    store.runs.mark(run, "0.1", "na", OTHER, "no stream")
    store.runs.close(run, NAME)
    store.jobs.start(person.id, "postings.xlsx", "xlsx")
    store.jobs.start(other.id, "others.xlsx", "xlsx")
    for id_, owner in (("t1", person), ("t2", other)):
        store.templates.add(id_, "Mine", "en", "- x", {}, owner.name)
        store.reminders.change(owner.id, hour=8, email=f"{owner.id}@example.org")
        store.reminders.claim(owner.id, "email", "2026-06-18")
        store.edits.add(f"of {id_}", owner.name, "role.brand", {"line": "said by both"}, ())
    store.replays.first_time("telegram", f"ext-4711 {person.id} 1")
    store.audit.note(NAME, "sign_in")
    store.audit.note(OTHER, "roles", NAME, "hr")
    store.audit.note(OTHER, "disable", person.id, person.id)
    store.audit.note(OTHER, "sign_in")
    return person, other, session


def traces(store, *words):
    """Where one of *words* stands, in any column of any table, inside JSON too."""
    return [
        (name, text)
        for name, rows in everything(store).items()
        for row in rows
        for text in texts(list(row.values()))
        if any(word in text for word in words)
    ]


def test_replay_is_new_once(store):
    """The first time counts, each platform by itself."""
    assert store.replays.first_time("wecom", "1")
    assert not store.replays.first_time("wecom", "1")
    assert store.replays.first_time("oa", "1")
    assert store.replays.first_time("wecom", "2")


def test_replay_of_any_length_is_told_apart(store):
    """Numbers of a platform are compared whole."""
    long = "9" * 500
    assert store.replays.first_time("oa", f"{long}1")
    assert store.replays.first_time("oa", f"{long}2")
    assert not store.replays.first_time("oa", f"{long}1")


def test_replay_that_several_bring_at_once_is_new_to_one(store):
    """Of retries that arrive together one is answered."""
    for message in "abc":
        jobs = [lambda m=message: store.replays.first_time("wecom", m)] * 5
        assert sorted(at_once(jobs)) == [False] * 4 + [True]


def test_call_is_carried_out_once(store):
    """What fails inside leaves neither work nor name; what succeeds leaves both."""
    with pytest.raises(RuntimeError), store.replays.first_time_transaction("api", "1") as new:
        start(store)
        raise RuntimeError
    assert (new, store.runs.all()) == (True, [])
    with store.replays.first_time_transaction("api", "1") as new:
        start(store)
    assert new
    with store.replays.first_time_transaction("api", "1") as new:
        assert not new
    assert len(store.runs.all()) == 1


def test_call_made_twice_at_once_is_carried_out_once(store):
    """Of several who make it at one moment, one does."""

    def call():
        with store.replays.first_time_transaction("api", "1") as new:
            if new:
                start(store)
        return new

    assert sorted(at_once([call] * 5)) == [False] * 4 + [True]
    assert len(store.runs.all()) == 1


def test_token_stands_for_its_payload_until_it_expires(store, clock):
    """A token is short, good for its time, for its purpose, as often as needed."""
    token = store.tokens.issue("mark", {"run": "r", "item": "0.1", "n": [1]})
    assert len(token.encode()) <= 64
    clock.pass_(TOKEN_SECONDS - 1)
    for _ in range(2):
        assert store.tokens.redeem("mark", token) == {"run": "r", "item": "0.1", "n": [1]}
    assert store.tokens.redeem("close", token) is None
    clock.pass_(1)
    assert store.tokens.redeem("mark", token) is None


def test_token_may_last_shorter(store, clock):
    """A one-time code for signing in is not good for a week."""
    token = store.tokens.issue("bind", {}, seconds=60)
    clock.pass_(60)
    assert store.tokens.redeem("bind", token) is None


def test_token_is_for_its_person_alone(store):
    """A forwarded button does nothing; one for nobody in particular does it for all."""
    token = store.tokens.issue("mark", {"x": 1}, "ann")
    assert store.tokens.redeem("mark", token, "bob", once=True) is None
    assert store.tokens.redeem("mark", token) is None
    assert store.tokens.redeem("mark", token, "ann") == {"x": 1}
    assert store.tokens.redeem("mark", store.tokens.issue("mark", {"x": 2}), "bob") == {"x": 2}


def test_token_that_counts_once_counts_once(store):
    """Of several presses at the same moment one has the effect, and none later."""
    for _ in range(5):
        token = store.tokens.issue("bind", {"x": 1}, "ann")
        jobs = [lambda t=token: store.tokens.redeem("bind", t, "ann", once=True)] * 4
        assert sorted(at_once(jobs), key=str) == [None] * 3 + [{"x": 1}]
        assert store.tokens.redeem("bind", token, "ann") is None


@pytest.mark.parametrize("token", ["", "x" * 1_000, "\x00", "\ud83d"])
def test_token_of_any_text_is_nothing(store, token):
    """What a forged press holds stands for nothing and breaks nothing."""
    assert store.tokens.redeem("mark", token) is None
    assert store.tokens.redeem("mark", token, once=True) is None


def test_token_is_kept_as_a_hash_only(store):
    """Whoever reads the database cannot press somebody's buttons."""
    token = store.tokens.issue("mark", {})
    assert traces(store, token) == []
    (kept,) = everything(store)["tokens"]
    assert store.tokens.redeem("mark", kept["token"]) is None


def test_audit_is_newest_first(store, clock):
    """Who did what to whom, and when; long values are cut, not refused."""
    store.audit.note("Ann", "user_add", "Bob", "hr")
    clock.pass_(1)
    store.audit.note("Ann" * 100, "x" * 100, "y" * 500)
    newest, oldest = store.audit.list_recent()
    assert {k: v for k, v in oldest.items() if k != "id"} == {
        "at": START, "by": "Ann", "action": "user_add", "target": "Bob", "detail": "hr",
    }  # fmt: skip
    assert newest["at"] == START + 1
    assert len(newest["target"]) == 200
    assert store.audit.list_recent(1) == [newest]


def fill(store):
    """One row in each table that forgets."""
    number = store.chats.keep("c", None, {}, "q", {})
    store.feedback.add(number, "q", None, "", True, "", "en", "v")
    store.feedback.add_question("q", "zh", "decline", (), 0.0, "v")
    store.audit.note("Ann", "act")
    store.replays.first_time("oa", str(number))
    store.jobs.start(None, "x.csv", "csv")
    store.tokens.issue("mark", {})
    store.reminders.claim("ann", "email", str(number))
    store.edits.add(f"e{number}", "Ann", "role.brand", {}, ())
    store.people.open_session(store.people.all()[0].id)


def test_retention_deletes_only_what_is_old(store, clock):
    """Each table to the second: what has reached its age goes, what is younger stays."""
    store.people.add("Ann", ())
    run = start(store)
    store.feedback.count({("band", "answer"): 1})
    fill(store)
    ages = KEEP | {"tokens": TOKEN_SECONDS, "sessions": SESSION_SECONDS}
    for age in sorted(set(ages.values())):
        reach_it = [name for name, seconds in ages.items() if seconds == age]
        clock.now = START + age
        store.retention.forget_old()
        kept = everything(store)
        assert [len(kept[name]) for name in reach_it] == [1] * len(reach_it), "too early"
        clock.pass_(0.001)
        store.retention.forget_old()
        kept = everything(store)
        assert [len(kept[name]) for name in reach_it] == [0] * len(reach_it), "too late"
    assert store.runs.get(run).template == TEMPLATE
    assert [len(everything(store)[name]) for name in ("people", "runs", "history", "counts")] == [
        1, 1, 1, 1,
    ]  # fmt: skip


def test_retention_leaves_the_young_beside_the_old(store, clock):
    """Rows of the same table part by their age; a chat in use keeps its young messages."""
    store.people.add("Ann", ())
    fill(store)
    clock.pass_(31 * DAY)
    fill(store)
    gone = store.retention.forget_old()
    assert (gone["messages"], gone["chats"], gone["replays"], gone["jobs"]) == (1, 0, 1, 1)
    assert len(store.chats.exchanges("c")) == 1
    assert [len(everything(store)[name]) for name in KEEP] == [1, 1, 2, 2, 2, 1, 1, 1, 2]
    assert store.retention.forget_old() == dict.fromkeys(gone, 0)


def test_retention_of_messages_parts_feedback_from_its_asker(store, clock):
    """Feedback is kept longer than the message, but no longer says whose it was."""
    number = store.chats.keep("c", "p", {}, "q", {})
    store.feedback.add(number, "q", None, "", False, "old", "en", "v")
    clock.pass_(31 * DAY)
    store.retention.forget_old()
    assert [f.reason for f in store.feedback.all()] == ["old"]
    assert [row["message"] for row in everything(store)["feedback"]] == [None]


def test_export_holds_everything_of_a_person(store):
    """Each part is there, nothing of anybody else, and it is plain JSON."""
    person, other, _ = live(store)
    data = store.personal.export(person.id, person.name)
    assert {name: len(rows) for name, rows in data.items()} == {
        "person": 1, "identities": 1, "sessions": 1, "chats": 1, "messages": 1, "feedback": 1,
        "runs": 1, "marks": 1, "checklists": 3, "corrections": 1, "jobs": 1, "tokens": 2,
        "audit": 2, "templates": 1, "notices": 1, "reminders": 1, "edits": 1,
    }  # fmt: skip
    assert data["person"][0]["roles"] == ["hr"]
    assert data["messages"][0]["asked"] == SAID
    assert data["runs"][0]["roles"] == ["role.brand"]
    told = json.dumps(data, ensure_ascii=False)
    assert not [word for word in (other.id, "ext-4712", "others.xlsx", "no stream") if word in told]


def test_export_names_every_table_that_knows_a_person(store):
    """Wherever the id or name stands in the database, the export has something from there."""
    person, _, _ = live(store)
    data = store.personal.export(person.id, person.name)
    known = {name for name, _ in traces(store, person.id, person.name)}
    part = {"people": "person", "history": "checklists"}
    assert {part.get(name, name) for name in known} <= data.keys()


def test_export_holds_no_secret(store):
    """No password hash, no session, no token, neither itself nor its hash."""
    person, _, session = live(store)
    told = json.dumps(store.personal.export(person.id, person.name))
    kept = everything(store)
    hashes = [row["token"] for name in ("sessions", "tokens") for row in kept[name]]
    assert not [secret for secret in ("secret-hash", session, *hashes) if secret in told]


def test_export_of_nobody_is_empty(store):
    """Somebody unknown gets no one else's data."""
    live(store)
    assert not any(store.personal.export("nobody", "nobody").values())


def test_erase_leaves_no_trace_anywhere(store):
    """Neither id nor name is found in any column of any table; the team's work is."""
    person, _, session = live(store)
    before = everything(store)
    assert {name for name, _ in traces(store, person.id, NAME)} >= {
        "people", "chats", "messages", "sessions", "identities", "jobs", "tokens", "runs", "marks",
        "history", "audit",
    }  # fmt: skip
    store.personal.erase(person.id, person.name)
    assert traces(store, person.id, NAME, "ext-4711") == []
    assert store.people.session(session) is None
    with pytest.raises(NotFound):
        store.people.get(person.id)
    after = everything(store)
    for name in ("runs", "marks", "history", "audit", "feedback", "questions", "counts"):
        assert len(after[name]) == len(before[name]), name
    (run,) = store.runs.all()
    assert (run.created_by, run.closed_by, run.marks["0.0"].by) == ("-", "-", "-")
    assert run.owners == {"role.brand": "-", "role.public_relations": OTHER}


def test_erase_harms_nobody_else(store):
    """The other person's chat, sign-in, identity, marks, batches and buttons stay."""
    person, other, _ = live(store)
    before = store.personal.export(other.id, other.name)
    store.personal.erase(person.id, person.name)
    store.personal.erase(person.id, person.name)
    after = store.personal.export(other.id, other.name)
    for audit in before["audit"], after["audit"]:
        for row in audit:
            row.update(target="", detail="")
    assert after == before


def test_erase_of_a_name_touches_no_longer_name(store):
    """Ann is forgotten, Anna is not."""
    ann, anna = store.people.add("Ann", ()), store.people.add("Anna", ())
    run = start(store, "Anna", owners={"role.brand": "Anna"})
    store.personal.erase(ann.id, "Ann")
    assert store.people.get(anna.id).name == "Anna"
    assert (store.runs.get(run).created_by, store.runs.get(run).owners) == (
        "Anna", {"role.brand": "Anna"},
    )  # fmt: skip


def test_erase_leaves_no_bytes_in_the_files(opened, tmp_path):
    """SQLite overwrites what it deletes, and lets go of the log that still held it."""
    store = opened(str(tmp_path / "zhiwen.db"))
    person, _, _ = live(store)
    words = [person.id.encode(), NAME.encode(), b"ext-4711"]

    def held():
        files = tmp_path.glob("zhiwen.db*")
        data = b"".join(file.read_bytes() for file in files)
        return [word for word in words if word in data]

    assert held() == words
    store.personal.erase(person.id, person.name)
    assert held() == []


def test_erase_beside_other_writers_is_whole(store):
    """While others mark and chat, the person goes all the same."""
    person, _, _ = live(store)
    run = start(store, OTHER)
    jobs = [
        lambda i=i: [store.runs.mark(run, f"{i}.{j}", "done", OTHER) for j in range(5)]
        for i in range(3)
    ]
    given = at_once([*jobs, lambda: store.personal.erase(person.id, person.name)])
    assert given[-1] is None
    assert traces(store, person.id, NAME) == []
    assert len(store.runs.get(run).marks) == 15
