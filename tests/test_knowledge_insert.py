"""One item more in a list of a YAML file, and not another character changed."""

from __future__ import annotations

import difflib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.engine import shape, source
from knowledge.engine.base import ROOT
from knowledge.engine.insert import CannotInsert, add_item, scalar
from knowledge.engine.load import files
from knowledge.engine.model import KINDS

ORDER = ("title", "aliases", "summary", "examples", "near_misses")
CASES = [
    ("brackets", "aliases: [a, b]\n", "aliases", "c", "aliases: [a, b, c]\n"),
    ("empty brackets", "aliases: []\n", "aliases", "c", "aliases: [c]\n"),
    ("comma at the end", "aliases: [a,]\n", "aliases", "c", "aliases: [a, c]\n"),
    ("quoted bracket", "aliases: ['a]', \"b\\\"]\"]\n", "aliases", "c",
     "aliases: ['a]', \"b\\\"]\", c]\n"),
    ("doubled quote", "aliases: ['a'']']\n", "aliases", "c", "aliases: ['a'']', c]\n"),
    ("apostrophe", "aliases: [it's, b]\n", "aliases", "c", "aliases: [it's, b, c]\n"),
    ("brackets on lines", "aliases: [\n  a,  # first ]\n  b  # second\n]\n", "aliases", "c",
     "aliases: [\n  a,  # first ]\n  b, c  # second\n]\n"),
    ("comment behind", "aliases: [a]  # [\nsummary: s\n", "aliases", "c",
     "aliases: [a, c]  # [\nsummary: s\n"),
    ("needs quotes in brackets", "aliases: [a]\n", "aliases", "b, c", 'aliases: [a, "b, c"]\n'),
    ("mappings inside", "examples: [{ask: q, section: s}]\n", "examples", "c",
     "examples: [{ask: q, section: s}, c]\n"),
    ("below", "examples:\n  - a\n  - b\n", "examples", "c", "examples:\n  - a\n  - b\n  - c\n"),
    ("below, not indented", "examples:\n- a\nsummary: s\n", "examples", "c",
     "examples:\n- a\n- c\nsummary: s\n"),
    ("below, then a comment", "examples:\n  - a\n\n# about it\nnear_misses:\n  - b\n", "examples",
     "c", "examples:\n  - a\n  - c\n\n# about it\nnear_misses:\n  - b\n"),
    ("below, over two lines", "examples:\n  - a\n    b\nsummary: s\n", "examples", "c",
     "examples:\n  - a\n    b\n  - c\nsummary: s\n"),
    ("no line break at the end", "examples:\n  - a", "examples", "c", "examples:\n  - a\n  - c"),
    ("Windows lines", "examples:\r\n  - a\r\nsummary: s\r\n", "examples", "c",
     "examples:\r\n  - a\r\n  - c\r\nsummary: s\r\n"),
    ("new key in its place", "title: t\nsummary: s\nnear_misses:\n  - n\n", "examples", "c",
     "title: t\nsummary: s\nexamples:\n  - c\nnear_misses:\n  - n\n"),
    ("new key in brackets", "title: t  # it\n\nsummary: s\n", "aliases", "c",
     "title: t  # it\naliases: [c]\n\nsummary: s\n"),
    ("new key before all", "summary: s\n", "title", "c", "title:\n  - c\nsummary: s\n"),
    ("keys in braces", "examples:\n  - a\n", "examples", {"ask": "b, c", "section": "do"},
     "examples:\n  - a\n  - {ask: \"b, c\", section: do}\n"),
    ("needs quotes below", "examples:\n  - a\n", "examples", "what: is it", None),
]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "key", "item", "wanted"), [row[1:] for row in CASES], ids=[row[0] for row in CASES]
)
def test_insert_keeps_the_layout(text, key, item, wanted):
    """The item stands behind the others, written as they are."""
    wanted = wanted or 'examples:\n  - a\n  - "what: is it"\n'
    assert add_item(text, key, item, ORDER, flow=key == "aliases") == wanted


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("aliases: a\n", id="not a list"),
        pytest.param("aliases:\n", id="nothing"),
        pytest.param("{title: t, aliases: [a]}\n", id="all in braces"),
        pytest.param("- a\n", id="no mapping"),
        pytest.param("aliases: [a\n", id="broken"),
        pytest.param("aliases: &x [a]\n", id="anchor"),
        pytest.param("aliases:\n  -\n    a\n", id="dash on a line of its own"),
    ],
)
def test_insert_refuses_what_it_cannot_write(text):
    """Rather nothing than a file that says something else."""
    with pytest.raises(CannotInsert):
        add_item(text, "aliases", "c", ORDER)


@given(st.text(alphabet=st.characters(exclude_categories=["C", "Z"]) | st.just(" "), min_size=1))
def test_scalar_reads_back_as_the_same_text(text):
    """Whatever is written, the reader sees it again, in a list below as in brackets."""
    text = text.strip() or "x"
    below = source.parse(f"- {scalar(text)}\n".encode(), "")
    within = source.parse(f"[{scalar(text, True)}]\n".encode(), "")
    assert below.problems == within.problems == []
    assert below.value == within.value == [text]


@pytest.mark.parametrize("key", ["aliases", "examples", "near_misses"])
def test_insert_fits_every_file_of_the_content(key):
    """At most two lines more, and only the line of a list in brackets changes."""
    fields = {folder: [f.key for f in shape.fields_of(cls)] for cls, folder in KINDS.values()}
    for path in sorted(files(ROOT)):
        if path.parent.name not in fields:
            continue
        text = path.read_text("utf-8")
        new = add_item(text, key, "it's: new", fields[path.parent.name], flow=key == "aliases")
        rows = list(difflib.unified_diff(text.splitlines(), new.splitlines(), n=0))[2:]
        changed = [row[0] for row in rows]
        assert changed.count("+") <= 2, path
        assert changed.count("-") <= (key == "aliases"), path
