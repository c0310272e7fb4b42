"""Lines cite claims: what is read, what is shown as general, and what the check finds."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.model import Reply
from bot.render.text import as_text
from bot.views import sources
from bot.views.entry import entry_blocks
from knowledge.engine import base as knowledge_base
from knowledge.engine import check, cites, load
from knowledge.engine.model import Entry
from rules.book import RuleBook

SOURCES = """
- id: book
  author: {zh: 甲, en: A}
  title: {zh: 书, en: Book}
  outlet: {zh: 社, en: Press}
  passages:
    - id: "1"
      zh: 第一段。
      en: Passage one.
      claims:
        - {id: "1", zh: 第一件}
        - {id: "2", zh: 第二件}
        - {id: "3", zh: 只是引子, framing: true}
    - id: "2"
      zh: 第二段。
      en: Passage two.
"""
ENTRY = """
id: concept.word
title: 词
origin: article
sources: [book#1, book#2]
general: [definition]
summary: 简介 [^1/1]
definition: 定义
points:
  - 一 [^1/1 1/2]
  - 二 [^1/2 +]
  - 三
examples: [词是什么, 词的意思]
near_misses: [词典]
"""


def written(folder: Path, entry: str = ENTRY, listed: str = SOURCES) -> load.Loaded:
    """One entry and its sources, read."""
    (folder / "concepts").mkdir(exist_ok=True)
    (folder / "concepts" / "word.yaml").write_text(entry, "utf-8")
    (folder / "sources.yaml").write_text(listed, "utf-8")
    return load.load(folder)


def problems(loaded: load.Loaded) -> list[str]:
    """Messages of what is wrong, shapes included."""
    return [problem.message for problem in (*loaded.problems, *check.check(loaded))]


def word(loaded: load.Loaded) -> Entry:
    return loaded.texts["concept.word"]["zh"]


def test_cites_are_taken_off_the_text(tmp_path: Path) -> None:
    """People never see the marks of editors."""
    entry = word(written(tmp_path))
    assert entry.summary == "简介"
    assert entry.points == ("一", "二", "三")  # type: ignore[attr-defined]
    assert entry.cites[1].claims == ("book#1/1", "book#1/2")


def test_a_line_without_a_claim_is_general(tmp_path: Path) -> None:
    """Line by line: stated, beyond, general."""
    entry = word(written(tmp_path))
    assert dict(cites.lines(entry)) == {
        "summary": "article",
        "definition": "general",
        "points.0": "article",
        "points.1": "beyond",
        "points.2": "general",
    }
    assert cites.is_general(entry, "definition")
    assert cites.is_mixed(entry, "points")


def test_an_entry_that_cites_only_passages_is_as_before(tmp_path: Path) -> None:
    """An organization's article without claims: only whole fields are general."""
    plain = ENTRY.replace(" [^1/1]", "").replace(" [^1/1 1/2]", "").replace(" [^1/2 +]", "")
    listed = SOURCES.partition("      claims:")[0] + '    - {id: "2", zh: 二。, en: Two.}\n'
    loaded = written(tmp_path, plain, listed)
    assert not problems(loaded)
    assert {s for p, s in cites.lines(word(loaded)) if p != "definition"} == {"article"}


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("[^1/2 +]", "[^1/9]", "there is no claim 'book#1/9'"),
        ("[^1/2 +]", "[^]", "'[^]' names no claim"),
        ("[^1/2 +]", "[^nonsense]", "'[^nonsense]' names no claim"),
        ("定义\n", "定义 [^1/1]\n", "a line of 'definition' cites a claim"),
        ("[^1/1 1/2]", "[^1/1]", ""),
        ("sources: [book#1, book#2]", "sources: [book#2]", "is not among the sources"),
        ("origin: article", "origin: general", "only an entry of origin 'article' cites claims"),
        ("title: 词", "title: 词\ncites: []", "claims stand at the end of the line"),
    ],
)
def test_what_is_cited_wrongly_is_said(tmp_path: Path, old: str, new: str, message: str) -> None:
    """Each with its remedy; a claim that another line carries is no problem."""
    found = problems(written(tmp_path, ENTRY.replace(old, new)))
    assert any(message in one for one in found) if message else not found


def test_a_claim_that_nobody_carries_is_found(tmp_path: Path) -> None:
    """Framing needs no carrier; a passage without claims is cited as a whole."""
    found = problems(written(tmp_path, ENTRY.replace("[^1/2 +]", "").replace(" 1/2]", "]")))
    assert found == ["no line of an entry carries book#1/2"]


def test_a_passage_of_which_no_line_carries_a_claim_is_found(tmp_path: Path) -> None:
    """A passage that is only listed proves nothing."""
    more = SOURCES + '      claims:\n        - {id: "1", zh: 三}\n'
    found = problems(written(tmp_path, listed=more))
    assert any("no line carries a claim of book#2" in one for one in found)


def test_every_line_of_ours_is_marked_as_what_it_is() -> None:
    """Nothing is wrong, and every entry from an article cites claims."""
    loaded = load.load(knowledge_base.ROOT)
    told = [texts["zh"] for texts in loaded.texts.values()]
    assert all(entry.cites for entry in told if entry.origin == "article")


@pytest.mark.parametrize(
    ("entry", "section", "marks"),
    [
        ("role.content_operations", "responsibilities", {"general", "beyond"}),
        ("role.ecommerce_operations_manager", "responsibilities", set()),
        ("metric.retention_rate", "summary", {"beyond"}),
    ],
)
def test_the_source_says_what_the_marks_mean(
    entry: str, section: str, marks: set[str], book: RuleBook
) -> None:
    """In every language the marks are those of the Chinese entry."""
    for language in ("zh", "en", "ja", "ko"):
        line = sources.line(book.base.entry(entry, language), section, book.base, language).text
        assert ("\u2020" in line) == ("general" in marks)
        assert ("\u2021" in line) == ("beyond" in marks)


def test_a_section_names_all_its_passages(book: RuleBook) -> None:
    """Seven duties rest on seven passages, and none is left out."""
    manager = book.base.entry("role.ecommerce_operations_manager", "en")
    line = sources.line(manager, "responsibilities", book.base, "en").text
    assert all(f"#1.{i}" in line for i in range(1, 8))


def test_an_entry_shown_whole_tells_its_general_sections_apart(book: RuleBook) -> None:
    """A heading carries the mark where a whole section is general practice."""
    told = as_text(
        Reply("en", tuple(entry_blocks(book.base.entry("role.brand", "en"), book.base, "en")))
    )
    assert "Methods \u2020" in told
    assert "Sections whose heading has a \u2020 are general practice." in told
