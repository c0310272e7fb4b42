"""The knowledge as pages show it: retired entries are as if they were not there."""

from __future__ import annotations

import json

import pytest
from test_knowledge_check import concept, tiny

from bot.store import NotFound
from bot.web import library
from knowledge.engine.base import open_base
from knowledge.engine.model import KINDS, LANGUAGES

EXTRA = {
    "concepts/old.yaml": concept("old", status="retired", aliases=["Zeppelin"]),
    "concepts/new.yaml": concept("new", aliases=["Aeroplane"], related=["concept.plain"]),
}


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    """A small knowledge base with a retired entry."""
    root = tmp_path_factory.mktemp("content") / "knowledge"
    for name, value in tiny(**EXTRA).items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(value, indent=1), encoding="utf-8")
    for language in LANGUAGES:
        path = root / "lexicon" / f"{language}.yaml"
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps({"stop": [], "subject": [], "synonyms": []}), encoding="utf-8")
    return open_base(root)


def test_library_lists_no_retired_entry(small):
    """Neither in lists nor in counts."""
    assert library.ids(small, "concept") == ["concept.cited", "concept.new", "concept.plain"]
    assert library.kinds(small) == [("concept", 3), ("metric", 1)]


@pytest.mark.parametrize("id_", ["concept.old", "concept.none", "old", "", "../concept.new"])
def test_library_opens_only_what_is_shown(small, id_):
    """A retired entry and one that never was look the same."""
    with pytest.raises(NotFound):
        library.entry_page(small, id_, "zh")
    with pytest.raises(NotFound):
        library.asked_for(small, ["concept.new", id_ or "concept.old"], "zh")


@pytest.mark.parametrize(
    ("words", "found"),
    [
        pytest.param("Aeroplane", "concept.new", id="alias"),
        pytest.param("Title of concept.plain", "concept.plain", id="title"),
    ],
)
def test_library_finds_by_name(small, words, found):
    """The best hit is the entry of that name."""
    assert library.search(small, words)[0] == found


def test_library_finds_nothing_retired_and_of_no_other_kind(small):
    """Not by its alias, and only of the kind that was asked for."""
    assert "concept.old" not in library.search(small, "Zeppelin")
    assert set(library.search(small, "Title", "metric")) == {"metric.rate"}


def test_library_related_are_links_to_what_is_shown(small):
    """An entry leads on to the entries it names."""
    opened = library.entry_page(small, "concept.new", "zh")
    assert [card.id for card in opened.related] == ["concept.plain"]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_library_opens_every_entry(book, kind, language):
    """Every entry of the shipped content has sections and a source in every language."""
    for id_ in library.ids(book.base, kind):
        opened = library.entry_page(book.base, id_, language)
        assert opened.parts, id_
        assert opened.sources, id_


@pytest.mark.parametrize("language", LANGUAGES)
def test_library_steps_are_nine_in_order(book, language):
    """The cycle has its nine steps."""
    assert [step.number for step in library.steps(book.base, language)] == list(range(1, 10))


def test_library_compares_by_a_written_comparison(book):
    """Only the columns asked for, and what both have in common."""
    cards = library.asked_for(book.base, ["role.content_operations,role.user_operations"], "zh")
    found = library.compare_cards(cards, book, "zh")
    assert found.written is not None
    assert found.blocks[0].heads == tuple(card.title for card in cards)
    assert [part.name for part in found.more] == ["in_common", "how_they_work_together"]


def test_library_composes_a_comparison_nobody_has_written(book):
    """The entries' own sections stand beside each other."""
    ids = ["role.brand", "role.customer_service", "role.product_management"]
    found = library.compare_cards(library.asked_for(book.base, ids, "en"), book, "en")
    assert found.written is None
    assert len(found.blocks[0].heads) == 3
    assert len(found.blocks[0].rows) > 2


def test_library_asks_for_each_entry_once(book):
    """The same entry twice is one; parted by commas or given again and again is the same."""
    twice = library.asked_for(book.base, ["role.brand, role.sales", "role.brand", ""], "zh")
    assert [card.id for card in twice] == ["role.brand", "role.sales"]
