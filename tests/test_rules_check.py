"""Broken rules are found, all of them at once, and a book is not opened over them."""

from __future__ import annotations

import shutil

import pytest
import yaml

from knowledge.engine import load as knowledge_load
from knowledge.engine.base import ROOT
from knowledge.engine.source import ContentError
from rules import load, weights
from rules.book import open_book
from rules.check import check, open_to_all

WHOLE = {"zh": ["甲"], "en": ["a"], "ja": ["あ"], "ko": ["가"]}
OTHER = {"zh": ["乙"], "en": ["b"], "ja": ["い"], "ko": ["나"]}


def intent(cues=WHOLE, sections=("summary",), kinds=("role",), **more):
    """A whole intent rule, as its file holds it; its name is added."""
    return {"sections": list(sections), "kinds": list(kinds), "entries": 1, "cues": cues, **more}


BROKEN = [
    ("section", [intent(sections=("summary", "sumary"))], "no entry has a section 'sumary'",
     "- sumary"),
    ("kind", [intent(kinds=("rol",))], "there is no kind 'rol'", "- rol"),
    ("language", [intent(OTHER | {"ko": []})], "no cues in ko", "ko: []"),
    ("claimed twice", [intent(), intent(OTHER | {"zh": ["丙", "甲"]})],
     "cue '甲' also belongs to a", "- 甲"),
    ("claimed by an alternative", [intent(), intent(OTHER | {"zh": ["[丙|甲]"]})],
     "cue '甲' also belongs to a", "甲]"),
    ("claimed as a whole message", [intent(whole=OTHER),
                                    intent(OTHER | {"zh": ["丙"]}, whole=OTHER)],
     "cue '乙' also belongs to a", "- 乙"),
    ("claimed in another spelling", [intent(OTHER | {"en": ["Go On"]}),
                                     intent(WHOLE | {"en": ["go on"]})],
     "cue 'go on' also belongs to a", "- go on"),
]  # fmt: skip


class Plain(yaml.SafeDumper):
    """Writes the same value twice where it stands twice."""

    def ignore_aliases(self, data):
        return True


def written(folder, intents):
    """Those intents as files of a folder of rules, named a, b and so on."""
    (folder / "rules" / "intents").mkdir(parents=True)
    for name, rule in zip("abc", intents, strict=False):
        text = yaml.dump({"intent": name} | rule, Dumper=Plain, allow_unicode=True, sort_keys=False)
        (folder / "rules" / "intents" / f"{name}.yaml").write_text(text, "utf-8")
    return folder / "rules"


def test_check_finds_nothing_in_the_shipped_rules():
    """The rules as shipped are whole."""
    rules = load.load()
    assert [*rules.problems, *check(rules)] == []


@pytest.mark.parametrize(
    ("intents", "message", "line"), [row[1:] for row in BROKEN], ids=[row[0] for row in BROKEN]
)
def test_check_names_the_broken_line(tmp_path, intents, message, line):
    """One broken place gives a problem, in the file of its intent and in its own line."""
    root = written(tmp_path, intents)
    rules = load.load(root)
    assert rules.problems == []
    problem, *more = check(rules)
    assert message in problem.message
    assert all(one.message.endswith("belongs to a") for one in more)
    last = "abc"[len(intents) - 1]
    assert problem.file == f"rules/intents/{last}.yaml"
    text = (root / "intents" / f"{last}.yaml").read_text("utf-8")
    assert line in text.splitlines()[problem.line - 1]


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
    signs = (weights.Sign("score", 361), weights.Sign("foreign", -216))
    lists = (weights.Sign("score", 99),)
    wanted = weights.Confidence(83, 46, 24, -380, signs, 643, -20, lists)
    (folder / "confidence.yaml").write_text(weights.confidence_yaml(wanted), "utf-8")
    rules = load.load(folder)
    assert rules.problems == []
    assert rules.confidence == wanted


def test_version_changes_with_the_rules(folder, book):
    """Another rule is another version; the same rules are the same one."""
    assert open_book(book.base, folder).version == open_book(book.base, folder).version
    before = open_book(book.base, folder).version
    other = weights.Confidence(50, 40, 30, 0, (weights.Sign("score", 361),))
    (folder / "confidence.yaml").write_text(weights.confidence_yaml(other), "utf-8")
    assert open_book(book.base, folder).version != before
