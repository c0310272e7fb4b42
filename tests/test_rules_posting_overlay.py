"""An organization's own words laid over ours: added, dropped, and complained about."""

from __future__ import annotations

import pytest
from small_rules import change, put, write

from knowledge.engine.source import ContentError
from rules.book import open_book
from rules.postings import overlay
from rules.postings.check import check
from rules.postings.classify import classify
from rules.postings.model import Posting
from rules.postings.posting_rules import compile_rules, open_posting_rules, read_rule_files
from rules.questions.utterance import read

FILE = "functions/keeping.yaml"
WRONG = {
    "unknown-function": ("function: singing\n", 1, "there is no function 'singing'"),
    "unknown-duty": (
        "function: keeping\nsignals:\n  - duty: feed\n    weight: 2\n    zh: [喂]\n",
        3,
        "there is no duty 'feed'; known: care, trade",
    ),
    "weight": (
        "function: keeping\nsignals:\n  - duty: care\n    weight: 9\n    zh: [喂]\n",
        4,
        "a weight is 1, 2, 3 or 4",
    ),
    "added-cue": (
        "function: keeping\nsignals:\n  - duty: care\n    weight: 2\n    zh: ['(喂']\n",
        5,
        "not closed",
    ),
    "dropped-cue": ("function: keeping\ndrop:\n  zh: ['[喂']\n", 3, "not closed"),
    "unknown-key": ("function: keeping\nremove: {zh: [喂]}\n", 2, "unknown key 'remove'"),
    "no-yaml": ("function: keeping\ndrop: [\n", 3, "not valid YAML"),
    "no-function": ("drop: {zh: [喂]}\n", 1, "missing key 'function'"),
}


@pytest.fixture
def root(tmp_path):
    """A small set of rules."""
    return write(tmp_path / "rules")


@pytest.fixture
def own(tmp_path):
    """The folder of an organization's overlay, still empty."""
    folder = tmp_path / "own"
    folder.mkdir()
    return folder


def scores(root, own, text, title=""):
    """The scores of a posting with the overlay laid over the rules."""
    return classify(Posting(text, title), compile_rules(read_rule_files(root, own))).scores


def test_overlay_that_is_empty_changes_nothing(root, own):
    """An empty folder is an overlay of nothing."""
    assert read_rule_files(root, own) == read_rule_files(root)


def test_overlay_adds_signals(root, own):
    """A phrase of the organization's own counts for the duty and with the weight it says."""
    put(own / FILE, "function: keeping\nsignals: [{duty: care, weight: 3, zh: ['(喂|养)大猫']}]\n")
    assert scores(root, None, "养大猫") == {}
    assert scores(root, own, "养大猫") == {"keeping": 3.0}
    assert check(root, own) == []


def test_overlay_weight_goes_before_ours(root, own):
    """A phrase of ours that the organization weighs anew has its weight."""
    put(own / FILE, "function: keeping\nsignals: [{duty: care, weight: 1, zh: [照料獅子]}]\n")
    assert scores(root, None, "照料狮子") == {"keeping": 4.0}
    assert scores(root, own, "照料狮子") == {"keeping": 1.0}


def test_overlay_adds_titles_blockers_and_lifts(root, own):
    """Titles, blockers and context of the organization's own join ours."""
    put(
        own / FILE,
        "function: keeping\ntitles: {zh: [猫王]}\n"
        "blocked_by: {zh: [狮子头]}\nlifts: {zh: [丛林]}\n",
    )
    assert scores(root, None, "", "猫王") == {}
    assert scores(root, own, "", "猫王") == scores(root, None, "", "狮子专员")
    assert scores(root, None, "狮子头") == {"keeping": 2.0}
    assert scores(root, own, "狮子头") == {}
    assert scores(root, own, "丛林狮子") == {"keeping": 2.5}


def test_overlay_drops_signals_and_titles(root, own):
    """A phrase of ours that means something else there is dropped, in any spelling."""
    put(own / FILE, "function: keeping\ndrop: {zh: [獅子, 狮子专员]}\n")
    assert scores(root, own, "狮子") == {}
    assert scores(root, own, "", "狮子专员") == {}
    assert scores(root, own, "照料狮子") == {"keeping": 4.0}
    assert scores(root, own, "海豚") == {"dancing": 2.0}


def test_overlay_changes_families_too(root, own):
    """Another trade can be told better as well."""
    put(own / "functions/mending.yaml", "function: mending\ntitles: {zh: [管工]}\n")
    verdict = classify(Posting("", "管工"), compile_rules(read_rule_files(root, own)))
    assert verdict.family == "mending"


@pytest.mark.parametrize("name", WRONG)
def test_overlay_complains_with_file_and_line(root, own, name):
    """What is wrong is told at the place in the organization's own file, and nothing opens."""
    text, line, message = WRONG[name]
    path = put(own / FILE, text)
    problems = check(root, own)
    assert [(problem.file, problem.line) for problem in problems] == [(path.as_posix(), line)]
    assert message in problems[0].message
    with pytest.raises(ContentError, match=path.name):
        open_posting_rules(root, own)


def test_overlay_folder_must_be_there(root, own):
    """A mistyped folder is told, also where the rules without it are compiled already."""
    open_posting_rules(root)
    missing = own / "nowhere"
    (problem,) = check(root, missing)
    assert (problem.file, problem.message) == (
        missing.as_posix(),
        "there is no such overlay folder",
    )
    with pytest.raises(ContentError, match="no such overlay folder"):
        open_posting_rules(root, missing)


def test_overlay_is_found_anew_when_it_changes(root, own):
    """The compiled pack follows the overlay, and its version tells them apart."""
    put(own / FILE, "function: keeping\ntitles: {zh: [猫王]}\n")
    one = open_posting_rules(root, own)
    change(own / FILE, "猫王", "大猫之王")
    other = open_posting_rules(root, own)
    assert len({open_posting_rules(root).version, one.version, other.version}) == 3
    assert classify(Posting("", "大猫之王"), one).scores == {}
    assert classify(Posting("", "大猫之王"), other).function == "keeping"


@pytest.mark.parametrize(
    ("text", "names", "message"),
    [
        ("- {entry: role.brand, names: [招牌组]}\n", 1, None),
        ("- {entry: role.brand, names: 招牌组}\n", 0, "expected a list"),
        ("entry: role.brand\nnames: [招牌组]\n", 0, "a dash"),
        ("- {entry: Brand, names: [招牌组]}\n", 0, "'Brand' is not"),
        ("- [", 0, "not valid YAML"),
    ],
    ids=["right", "no-list", "no-dash", "no-entry", "no-yaml"],
)
def test_overlay_names_of_entries(own, text, names, message):
    """Names are read as a list; anything else is told, not passed over."""
    put(own / overlay.NAMES, text)
    found, problems = overlay.own_names(own)
    assert len(found) == names
    assert [message in problem.message for problem in problems] == ([True] if message else [])


def test_overlay_without_names_has_none(own):
    """The file may be missing."""
    assert overlay.own_names(own) == ([], [])


def test_overlay_names_are_recognised(book, own):
    """A name of the organization's own leads to our entry; an entry that is not there is told."""
    put(own / overlay.NAMES, "- {entry: role.brand, names: [招牌大本营]}\n")
    mentions = read("招牌大本营做什么", open_book(book.base, overlay=own)).mentions
    assert [mention.entry for mention in mentions] == ["role.brand"]
    put(own / overlay.NAMES, "- {entry: role.brnd, names: [招牌大本营]}\n")
    with pytest.raises(ContentError, match=r"there is no entry 'role\.brnd'"):
        open_book(book.base, overlay=own)
