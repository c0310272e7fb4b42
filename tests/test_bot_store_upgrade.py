"""The release before and this one on one database: brought up to date, and written by both."""

from __future__ import annotations

import json

import pytest
from alembic.config import Config
from sqlalchemy import inspect, text
from store_help import START, TEMPLATE

from bot import serialize
from bot.store.database import writing
from bot.store.migrate import MIGRATIONS, migrate
from bot.store.types import digest

BEFORE = "0002"
"""The last step of the release before."""
STATE = {
    "language": "en", "topic": {"entry": "role.brand", "intent": "define", "section": "summary",
    "question": "", "offers": []}, "last": None, "speaking": "en",
    "menu": ["pick role.brand summary define"], "rest": "", "awaiting": "",
}  # fmt: skip
SAID = {
    "said": {"language": "en", "blocks": [{"kind": "paragraph", "text": "hello"}], "buttons": [],
             "card": None, "files": [], "notice": "", "edits": False, "texts": ["hello"]},
    "chat": "42", "message": "", "parts": 0,
}  # fmt: skip
REPLY = {"language": "en", "blocks": [{"kind": "paragraph", "text": "A brand."}], "choices": [],
         "prompt": "", "about": "role.brand"}  # fmt: skip


def rows_of(name):
    """What the release before writes about one person, table by table, in the order of its keys."""
    chat, run = f"wecom:{name}", f"run{name}"[:32]
    return [
        ("people", {"id": f"id{name}", "name": name, "roles": ["staff"], "created": START}),
        ("identities", {"channel": "wecom", "external": name, "person": f"id{name}"}),
        ("sessions", {"token": digest(name), "person": f"id{name}", "created": START,
                      "expires": START + 1e9}),
        ("chats", {"id": chat, "person": f"id{name}", "state": STATE, "changed": START}),
        ("messages", {"chat": chat, "asked": "what is a brand", "reply": REPLY, "at": START}),
        ("runs", {"id": run, "checklist": TEMPLATE["id"], "title": "Launch", "language": "en",
                  "version": "v0", "template": TEMPLATE, "owners": {}, "status": "open",
                  "created": START, "created_by": name, "revision": 1}),
        ("marks", {"run": run, "item": "0.0", "state": "done", "note": "seen", "by": name,
                   "at": START, "revision": 1}),
        ("history", {"run": run, "item": "0.0", "action": "done", "note": "seen", "by": name,
                     "at": START}),
        ("feedback", {"at": START, "question": f"of {name}", "section": "summary", "good": 1,
                      "reason": "clear", "language": "en", "version": "v0"}),
        ("replays", {"channel": "telegram", "message": digest(name), "reply": SAID, "at": START}),
        ("tokens", {"token": digest(f"p{name}"), "purpose": "press", "person": f"id{name}",
                    "payload": {"chat": "42", "acts": ["good 1"]}, "expires": START + 1e9}),
        ("jobs", {"id": f"job{name}", "person": f"id{name}", "name": "a.csv", "form": "csv",
                  "status": "done", "done": 4, "broken": 1, "problem": "", "summary": {},
                  "created": START}),
    ]  # fmt: skip


def write(store, name):
    """Write those rows with the columns that the release before knows."""
    with writing(store.engine) as db:
        for table, row in rows_of(name):
            values = {k: json.dumps(v) if isinstance(v, dict | list) else v for k, v in row.items()}
            names = ", ".join(f'"{key}"' for key in row)
            marks = ", ".join(f":{key}" for key in row)
            db.execute(text(f"INSERT INTO {table} ({names}) VALUES ({marks})"), values)


def go_back(store):
    """The tables as the release before has them."""
    from alembic import command

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with writing(store.engine) as db:
        config.attributes["connection"] = db
        command.downgrade(config, BEFORE)


def check_all_is_there(store, name):
    """Everything that was acknowledged to that person is read through the doors of today."""
    person = store.people.by_identity("wecom", name.lower())
    assert person and (person.name, person.roles) == (name, ("staff",))
    assert store.people.session(name) == person
    chat = serialize.chat_from(store.chats.state(f"wecom:{name.lower()}"))
    assert (chat.language, chat.menu[0].kind) == ("en", "pick")
    told = store.chats.exchanges(f"wecom:{name.lower()}")
    assert [serialize.reply_from(one.reply).about for one in told] == ["role.brand"]
    run = store.runs.get(f"run{name}")
    assert (run.template, run.marks["0.0"].note, run.created_by) == (TEMPLATE, "seen", name)
    assert [event.action for event in store.runs.history(run.id)] == ["done"]
    assert f"of {name}" in [one.question for one in store.feedback.all()]
    pressed = store.tokens.redeem("press", f"p{name}", person.id)
    assert [one.kind for one in serialize.pressable_from(pressed).actions] == ["good"]
    assert store.jobs.get(f"job{name}").done == 4


def test_upgrade_keeps_what_the_release_before_acknowledged(where, opened):
    """A database with content of the release before is this one's, and nothing is missing."""
    store = opened(where)
    go_back(store)
    write(store, "AnnLi")
    migrate(store.engine)
    check_all_is_there(store, "AnnLi")
    (waiting,) = store.outbox.take_unsent("telegram", 0)
    assert serialize.outbox_from(waiting.reply).message.texts == ("hello",)


def test_upgrade_lets_the_release_before_go_on_writing(where, opened):
    """What it writes beside this release is kept; the next server that starts finds all of it."""
    store = opened(where)
    write(store, "BobWu")
    kept = opened(where)
    check_all_is_there(kept, "BobWu")
    assert len(kept.outbox.take_unsent("telegram", 0)) == 1


def test_upgrade_joins_what_both_releases_said_in_one_chat(where, opened):
    """A person of WeCom who was answered by both has one chat, and stays who they are."""
    store = opened(where)
    write(store, "CatHo")
    cat = store.people.add("Cat", ("hr",))
    store.people.link(cat.id, "wecom", "catho")
    store.chats.keep("wecom:catho", cat.id, {"n": 1}, asked="before", reply=REPLY)
    again = opened(where)
    assert again.people.by_identity("wecom", "catho") == cat
    assert again.people.by_identity("wecom", "CatHo") is None
    asked = [one.asked for one in again.chats.exchanges("wecom:catho")]
    assert sorted(asked) == ["before", "what is a brand"]
    assert again.chats.state("wecom:CatHo") is None


@pytest.mark.parametrize("kind", ["columns", "keys"])
def test_upgrade_takes_nothing_from_the_release_before(where, opened, kind):
    """Every table and column of its is there; what is new has a value where it gives none."""
    store = opened(where)
    with store.engine.connect() as db:
        new = shape(inspect(db))
    go_back(store)
    with store.engine.connect() as db:
        old = shape(inspect(db))
    migrate(store.engine)
    for table, (columns, keys) in old.items():
        if kind == "keys":
            assert new[table][1] == keys, table
            continue
        assert columns.keys() <= new[table][0].keys(), table
        added = new[table][0].keys() - columns.keys()
        assert all(new[table][0][name] for name in added), table


def shape(found):
    """Of each table: its columns and whether they may be left out; its unique keys."""
    return {
        table: (
            {
                column["name"]: column["nullable"] or column["default"] is not None
                for column in found.get_columns(table)
            },
            (
                found.get_pk_constraint(table)["constrained_columns"],
                sorted(key["column_names"] for key in found.get_unique_constraints(table)),
            ),
        )
        for table in found.get_table_names()
    }
