"""Posting rules as read: every broken file is reported with its line, and none is raised."""

from __future__ import annotations

import pytest
from small_rules import change, put, write

from knowledge.engine.source import ContentError
from rules.postings import load
from rules.postings.check import check
from rules.postings.posting_rules import compile_rules, open_posting_rules, read_rule_files

BAD = {
    "no-yaml": ("functions/keeping.yaml", "function: [", "not valid YAML"),
    "empty": ("functions/keeping.yaml", "", "empty"),
    "list": ("functions/keeping.yaml", "- keeping\n", "expected keys and values"),
    "family": ("families/mending.yaml", "a: b: c\n", "not valid YAML"),
    "structure": ("structure.yaml", "headings: 3\n", "expected a list"),
    "flags": ("flags.yaml", "phrases: {\n", "not valid YAML"),
    "levels": ("levels.yaml", "- 1\n", "expected keys and values"),
    "verdict": ("verdict.yaml", "repeat: much\n", "expected a whole number"),
    "groups": ("groups.yaml", "- {group: a}\n", "missing key 'name'"),
    "crosswalk": ("crosswalk.yaml", "- {function: keeping, codes: 3}\n", "expected a list"),
}
EDITED = {
    "unknown-key": ("functions/keeping.yaml", "blocked_by:", "blocked:", "unknown key 'blocked'"),
    "duplicate-key": ("functions/keeping.yaml", "why:", "name: {zh: 名, en: x}\nwhy:", "name"),
    "other-name": ("functions/keeping.yaml", "function: keeping", "function: lions", "keeping"),
    "status": ("functions/keeping.yaml", "stable", "ready", "expected one of"),
    "weight": ("functions/keeping.yaml", "weight: 4", "weight: heavy", "whole number"),
    "cue-in-titles": ("functions/keeping.yaml", "[狮子专员]", "['狮子(专员']", "not closed"),
    "cue-in-signals": ("functions/keeping.yaml", "[照料狮子]", "['照料[狮子']", "not closed"),
    "cue-in-blockers": ("functions/keeping.yaml", "[狮子座]", "['((狮子)座)']", "nested"),
    "cue-in-lifts": ("functions/keeping.yaml", "[狮子园]", "['狮子园)']", "not closed"),
    "cue-in-headings": ("structure.yaml", "岗位职责, ", "'(岗位职责', ", "not closed"),
    "cue-in-labels": ("structure.yaml", "职位名称, ", "'[职位名称', ", "not closed"),
    "cue-in-flags": ("flags.yaml", "打杂", "'(打杂'", "not closed"),
    "cue-in-ranks": ("levels.yaml", "见习, ", "'(见习', ", "not closed"),
    "code": ("crosswalk.yaml", '"5164"', '"51a"', "is not a code"),
}


@pytest.fixture
def root(tmp_path):
    """A small set of rules that may be broken."""
    return write(tmp_path / "rules")


@pytest.mark.parametrize("name", BAD)
def test_load_reports_a_broken_file(root, name):
    """A file that cannot be used is a problem with its name; nothing is raised, nothing opens."""
    file, text, message = BAD[name]
    put(root / file, text)
    problems = load.load(root).problems
    assert {problem.file for problem in problems} == {f"rules/{file}"}
    assert message in "\n".join(problem.message for problem in problems)
    assert check(root) == problems
    with pytest.raises(ContentError, match=file):
        open_posting_rules(root)


@pytest.mark.parametrize("name", EDITED)
def test_load_reports_one_wrong_place(root, name):
    """One wrong place gives one kind of problem, at the line where it stands."""
    file, old, new, message = EDITED[name]
    change(root / file, old, new)
    problem, *_ = load.load(root).problems
    assert problem.file == f"rules/{file}"
    assert message in problem.message
    lines = (root / file).read_text("utf-8").splitlines()
    assert name == "unknown-key" or new.split("\n")[0].split(":")[0] in lines[problem.line - 1]


def test_load_reports_bytes_that_are_no_text(root):
    """A file in another encoding is a problem, not a crash."""
    (root / "functions/keeping.yaml").write_bytes("function: 照料".encode("gbk"))
    (problem,) = load.load(root).problems
    assert "UTF-8" in problem.message


@pytest.mark.parametrize("name", ["structure", "flags", "levels", "verdict", "groups", "crosswalk"])
def test_load_reports_a_missing_file(root, name):
    """A file that is not there is named."""
    (root / f"{name}.yaml").unlink()
    (problem,) = load.load(root).problems
    assert (problem.file, problem.message) == (f"rules/{name}.yaml", "there is no such file")


def test_load_collects_all_problems(root):
    """Broken files are told together, not the first alone."""
    for name in ("functions/keeping", "families/mending", "verdict"):
        put(root / f"{name}.yaml", "a: [")
    files = [problem.file for problem in load.load(root).problems]
    assert files == [
        "rules/functions/keeping.yaml",
        "rules/families/mending.yaml",
        "rules/verdict.yaml",
    ]


def test_load_keeps_functions_and_families_apart(root):
    """Functions come first; examples are no functions."""
    rules = load.load(root)
    assert [rule.function for rule in rules.all] == ["dancing", "keeping", "mending"]
    assert [rule.function for rule in rules.families] == ["mending"]
    assert all(not path.name.endswith(load.EXAMPLES) for path in load.paths(root))


def test_load_expands_choices(root):
    """A phrase with choices is every phrase it stands for."""
    change(root / "functions/keeping.yaml", "zh: [照料狮子]", "zh: ['(照料|喂养)[小]狮子']")
    (rule,) = (rule for rule in load.load(root).functions if rule.function == "keeping")
    told = [
        text
        for _, signals, lang, text in load.phrases(rule)
        if lang == "zh" and signals.weight == 4
    ]
    assert sorted(told) == sorted(["照料狮子", "照料小狮子", "喂养狮子", "喂养小狮子"])


def test_load_broken_rules_make_no_pack(root):
    """Rules with a problem are never used, not even those that could be read."""
    change(root / "functions/keeping.yaml", "weight: 4", "weight: heavy")
    with pytest.raises(ContentError, match="weight"):
        compile_rules(read_rule_files(root))
