"""The compiled pack: the same as one made directly, opened again, and made anew on a change."""

from __future__ import annotations

import pickle

import pytest
from small_rules import change, shipped, write

from rules.postings.classify import classify
from rules.postings.model import Posting
from rules.postings.posting_rules import (
    compile_rules,
    open_posting_rules,
    read_rule_files,
    tables_of,
)

POSTINGS = [
    Posting("岗位职责：\n撰写新闻稿，舆情监测\n任职要求：\n35岁以下，三年以上经验", "公关经理"),
    Posting("- Make cold calls and close deals\n- Manage a team of 5 sales reps", "Sales Manager"),
    Posting("・プレスリリースの作成\n・その他付随業務", "広報担当"),
    Posting("- 고객 문의 응대\n- 교환, 반품 접수", "쇼핑몰 CS 담당자"),
    Posting("Java后端开发，微服务架构", "工程师"),
    Posting("", ""),
]


@pytest.fixture(scope="session")
def pack():
    """The shipped posting rules."""
    return shipped()


@pytest.fixture(scope="session")
def direct(pack):
    """The same rules, made into a pack without the cache."""
    return compile_rules(read_rule_files(), pack.version)


@pytest.fixture
def root(tmp_path):
    """A small set of rules that may be changed."""
    return write(tmp_path / "rules")


@pytest.mark.parametrize("posting", POSTINGS, ids=["zh", "en", "ja", "ko", "other", "empty"])
def test_pack_compiled_decides_as_one_made_directly(pack, direct, posting):
    """Nothing that a verdict needs is lost on the way through the cache."""
    assert classify(posting, pack) == classify(posting, direct)


def test_pack_sent_to_another_process_is_the_same(pack):
    """A pack survives being pickled, as a batch over several processes needs."""
    sent = pickle.loads(pickle.dumps(pack))
    assert sent.version == pack.version
    assert [classify(p, sent) for p in POSTINGS] == [classify(p, pack) for p in POSTINGS]


def test_pack_knows_functions_families_and_groups(pack):
    """Every function has a group, a name, occupation codes; no family is a function."""
    assert set(pack.functions) == set(pack.group) == set(pack.crosswalk)
    assert set(pack.functions).isdisjoint(pack.families)
    assert set(pack.by_name) == {*pack.functions, *pack.families}
    assert set(pack.group.values()) == set(pack.groups)


def test_pack_version_follows_the_rules(root):
    """The same rules have the same version wherever they stand; a changed one has another."""
    one = open_posting_rules(root)
    assert open_posting_rules(root).version == one.version
    assert open_posting_rules(write(root.parent / "copy" / "rules")).version == one.version
    change(root / "functions/keeping.yaml", "照料狮子", "饲养狮子")
    other = open_posting_rules(root)
    assert other.version != one.version
    assert classify(Posting("饲养狮子"), other).scores == {"keeping": 4.0}
    assert classify(Posting("饲养狮子"), one).scores == {"keeping": 2.0}


def test_pack_weighs_by_the_verdict_file(root):
    """What places, titles and other trades count stands in the rules, not in the code."""
    change(root / "verdict.yaml", "requirements: 40", "requirements: 90")
    change(root / "verdict.yaml", "others: 130", "others: 200")
    change(root / "verdict.yaml", "title_name: 500", "title_name: 100")
    pack = open_posting_rules(root)
    assert classify(Posting("任职要求：\n照料狮子"), pack).scores == {"keeping": 3.6}
    assert classify(Posting("照料水管"), pack).scores == {"mending": 8.0}
    assert classify(Posting("", "狮子专员"), pack).scores == {"keeping": 4.0}


def test_pack_signal_of_two_functions_counts_for_both(root):
    """A shared phrase is evidence for each, with its own weight there."""
    change(root / "functions/keeping.yaml", "zh: [买卖狮子]", "zh: [买卖狮子, 喂食]")
    change(root / "functions/dancing.yaml", "zh: [海豚]", "zh: [海豚, 喂食]")
    assert classify(Posting("喂食"), open_posting_rules(root)).scores == {
        "keeping": 3.0,
        "dancing": 2.0,
    }


def test_pack_tables_hold_comparable_phrases(root):
    """Every phrase is a key as the normalized text would have it, never an empty one."""
    change(root / "functions/keeping.yaml", "[照料狮子]", "[照料獅子, '[ＬＥＯ]', ' Lion  King ']")
    body = tables_of(read_rule_files(root)).body
    assert {"照料狮子", "leo", "lion king"} <= set(body)
    assert "" not in body
