"""The JSON Schemas made from the model accept what is shipped and refuse what is broken."""

from __future__ import annotations

import copy
import json

import pytest
from jsonschema import Draft202012Validator

from knowledge.engine import schema, source
from knowledge.engine.base import ROOT
from knowledge.engine.model import KINDS

VALIDATORS = {
    kind: Draft202012Validator(schema.schema(cls, kind)) for kind, (cls, _) in KINDS.items()
}
SHIPPED = [
    (kind, path)
    for kind, (_, folder) in KINDS.items()
    for path in sorted((ROOT / folder).glob("*.yaml"))
]
BROKEN = [
    ("no title", "roles/brand", lambda e: e.pop("title")),
    ("empty summary", "roles/brand", lambda e: e.update(summary="")),
    ("unknown key", "roles/brand", lambda e: e.update(colour="red")),
    ("unknown origin", "roles/brand", lambda e: e.update(origin="rumour")),
    ("number for text", "roles/brand", lambda e: e.update(purpose=7)),
    ("text for a list", "roles/brand", lambda e: e.update(methods="all")),
    ("link to another kind", "roles/brand", lambda e: e.update(belongs_to="role.sales")),
    ("link that is no id", "roles/brand", lambda e: e.update(metrics=["知名度"])),
    ("passage without number", "roles/brand", lambda e: e.update(sources=["talk"])),
    ("unknown key within", "roles/brand", lambda e: e["works_with"][0].update(why="x")),
    ("due that is no time", "checklists/campaign", lambda e: item(e).update(due="soon")),
    ("item without a text", "checklists/campaign", lambda e: item(e).pop("text")),
    ("text for a number", "brand_cycle/story", lambda e: e.update(number="one")),
]


def item(entry):
    """The first item of a checklist."""
    return entry["pause_points"][0]["items"][0]


def read(path):
    """The plain value of one file."""
    return source.read(path, path.name).value


@pytest.mark.parametrize("kind", KINDS)
def test_schema_is_itself_valid(kind):
    """Each schema is a JSON Schema of 2020-12."""
    Draft202012Validator.check_schema(VALIDATORS[kind].schema)


@pytest.mark.parametrize(
    ("kind", "path"), SHIPPED, ids=[f"{kind}.{path.stem}" for kind, path in SHIPPED]
)
def test_schema_accepts_every_shipped_entry(kind, path):
    """An editor that uses the schema marks nothing in the shipped content."""
    assert [error.message for error in VALIDATORS[kind].iter_errors(read(path))] == []


@pytest.mark.parametrize(
    ("file", "spoil"), [row[1:] for row in BROKEN], ids=[row[0] for row in BROKEN]
)
def test_schema_refuses_a_broken_entry(file, spoil):
    """One broken place in a good entry is enough."""
    entry = copy.deepcopy(read(ROOT / f"{file}.yaml"))
    kind = entry["id"].partition(".")[0]
    assert VALIDATORS[kind].is_valid(entry)
    spoil(entry)
    assert not VALIDATORS[kind].is_valid(entry)


def test_write_gives_a_file_for_every_kind(tmp_path):
    """The files are the schemas, and writing twice gives the same bytes."""
    paths = schema.write(tmp_path / "new" / "folder")
    before = [path.read_bytes() for path in paths]
    assert [path.name for path in paths] == [f"{kind}.schema.json" for kind in KINDS]
    assert [json.loads(text) for text in before] == [v.schema for v in VALIDATORS.values()]
    assert [path.read_bytes() for path in schema.write(tmp_path / "new" / "folder")] == before
