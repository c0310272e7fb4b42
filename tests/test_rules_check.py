"""Broken rules are found, all of them at once, and a book is not opened over them."""

from __future__ import annotations

import shutil

import pytest

from knowledge.engine import load as knowledge_load
from knowledge.engine.base import ROOT
from knowledge.engine.source import ContentError
from rules import load
from rules.book import open_book
from rules.check import check, open_to_all
from rules.cues import Phrases
from rules.load import IntentRule, Rules

WHOLE = Phrases(zh=("甲",), en=("a",), ja=("あ",), ko=("가",))


def intent(name, cues=WHOLE, sections=("summary",), kinds=("role",)):
    """A whole intent rule."""
    return IntentRule(name, sections, kinds, 1, cues)


def other(**cues):
    """Cues that clash with nothing, except where given."""
    own = {"zh": ("乙",), "en": ("b",), "ja": ("い",), "ko": ("나",)}
    return Phrases(**{**own, **cues})


BROKEN = [
    ("section", [intent("x", sections=("sumary",))], "no entry has a section 'sumary'"),
    ("kind", [intent("x", kinds=("rol",))], "there is no kind 'rol'"),
    ("language", [intent("x", other(ko=()))], "no cues in ko"),
    ("claimed twice", [intent("x"), intent("y", other(zh=("甲",)))], "cue '甲' also belongs to x"),
    (
        "claimed in another spelling",
        [
            intent("x", other(en=("Go On",))),
            intent("y", Phrases(("丙",), ("go on",), ("う",), ("다",))),
        ],
        "cue 'go on' also belongs to x",
    ),
]


def test_check_finds_nothing_in_the_shipped_rules():
    """The rules as shipped are whole."""
    rules = load.load()
    assert [*rules.problems, *check(rules)] == []


@pytest.mark.parametrize(
    ("intents", "message"), [row[1:] for row in BROKEN], ids=[row[0] for row in BROKEN]
)
def test_check_names_the_broken_rule(intents, message):
    """One broken place gives one problem, in the file of its intent."""
    (problem,) = check(Rules(intents=intents))
    assert message in problem.message
    assert problem.file == f"rules/intents/{intents[-1].intent}.yaml"


@pytest.fixture
def folder(tmp_path):
    """A copy of the shipped rules that may be broken."""
    copy = tmp_path / "rules"
    shutil.copytree(load.ROOT, copy, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    return copy


@pytest.mark.parametrize("file", ["roles/brand", "brand_cycle/overview"])
def test_check_keeps_open_what_the_rules_lean_on(tmp_path, file):
    """Nobody would find the owner of a task, or the cycle, if it were restricted."""
    root = tmp_path / "knowledge"
    shutil.copytree(ROOT, root)
    path = root / f"{file}.yaml"
    text = path.read_text("utf-8").replace("origin:", "restricted_to: [hr]\norigin:", 1)
    path.write_text(text, "utf-8")
    loaded = knowledge_load.load(root)
    found = list(open_to_all(loaded, ["brand"]))
    assert [(p.file, p.message) for p in found] == [
        (f"knowledge/{file}.yaml", "the rules lean on this entry, so it cannot be restricted")
    ]


def test_load_collects_every_broken_file(folder, book):
    """A renamed intent, an unreadable cue and an unknown key are told together; no book opens."""
    duties = folder / "intents" / "duties.yaml"
    duties.rename(folder / "intents" / "chores.yaml")
    thanks = folder / "intents" / "thanks.yaml"
    thanks.write_text(thanks.read_text("utf-8").replace('"(3q|thx)"', '"(3q|thx"'), "utf-8")
    confidence = folder / "confidence.yaml"
    confidence.write_text(confidence.read_text("utf-8") + "marginn: 3\n", "utf-8")
    with pytest.raises(ContentError) as caught:
        open_book(book.base, folder)
    told = {problem.file: problem.message for problem in caught.value.problems}
    assert set(told) == {
        "rules/intents/chores.yaml",
        "rules/intents/thanks.yaml",
        "rules/confidence.yaml",
    }
    assert "should be 'chores'" in told["rules/intents/chores.yaml"]
    assert "not closed" in told["rules/intents/thanks.yaml"]
    assert "marginn" in told["rules/confidence.yaml"]


def test_load_reads_back_the_confidence_it_writes(folder):
    """What a fit writes is what the next start reads, negative weights included."""
    signs = (load.Sign("score", 361), load.Sign("foreign", -216))
    wanted = load.Confidence(83, 46, 24, -380, signs, 643)
    (folder / "confidence.yaml").write_text(load.confidence_yaml(wanted), "utf-8")
    rules = load.load(folder)
    assert rules.problems == []
    assert rules.confidence == wanted


def test_version_changes_with_the_rules(folder, book):
    """Another rule is another version; the same rules are the same one."""
    assert open_book(book.base, folder).version == open_book(book.base, folder).version
    before = open_book(book.base, folder).version
    other = load.Confidence(50, 40, 30, 0, (load.Sign("score", 361),))
    (folder / "confidence.yaml").write_text(load.confidence_yaml(other), "utf-8")
    assert open_book(book.base, folder).version != before
