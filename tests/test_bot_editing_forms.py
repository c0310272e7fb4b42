"""Forms of entries, made from the model: what is shown, read back, and written into files."""

from __future__ import annotations

import pytest
import small_content
from hypothesis import given
from hypothesis import strategies as st

from bot.editing import files, forms, lint, rows
from knowledge.engine import rewrite, shape, source
from knowledge.engine.base import ROOT, open_base
from knowledge.engine.load import entry_of
from knowledge.engine.model import KINDS, LANGUAGES
from rules.postings.overlay import KNOWLEDGE

FAQ = """\
# ours
id: faq.leave  # kept
title: 年假
origin: organization
summary: |-
  第一行
  第二行
examples:
  - 年假有几天  # asked most
"""
SHIPPED = sorted(
    id_
    for kind in KINDS
    for path in sorted((ROOT / KINDS[kind][1]).glob("*.yaml"))[:3]
    if (id_ := entry_of(path, ROOT))
)
TEXTS = (
    st.text(st.characters(exclude_categories=("C", "Z"), include_characters=" "), min_size=1)
    .map(str.strip)
    .filter(bool)
)
"""Words as somebody may type them on one line."""


@pytest.mark.parametrize("entry", SHIPPED)
def test_form_that_is_not_touched_changes_nothing(entry, tmp_path):
    """Of every kind: what is shown reads back as the same, to the last letter of each file."""
    own, told = forms.texts(ROOT, tmp_path, entry)
    assert set(own.values()) == {None}
    made = forms.form_files(entry, told, forms.form_values(entry.partition(".")[0], told))
    assert {path: text for path, text in made.items() if text} == {
        path: told[lang] for lang, path in forms.paths(entry).items() if told[lang]
    }


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_form_has_every_field_of_its_kind_once(kind, language):
    """Nothing of the model is left out, in the first language all of it."""
    needed, others = forms.fields(kind, language)
    keys = [field.key for field in (*needed, *others)]
    assert len(keys) == len(set(keys)) and keys[0] == "title"
    if language == "zh":
        assert set(keys) == {f.key for f in shape.fields_of(KINDS[kind][0])} - {"id", "cites"}


def test_form_changes_the_keys_that_were_changed():
    """Comments, order and layout of everything else stay."""
    typed = forms.form_values("faq", {"zh": FAQ})
    assert typed["zh.summary"] == "第一行\n第二行"
    typed |= {
        "zh.title": "休年假",
        "zh.not_covered": "病假",
        "zh.examples": "年假有几天\n年假多久 | summary",
    }
    text = forms.form_files("faq.leave", {"zh": FAQ}, typed)[f"{KNOWLEDGE}/faq/leave.yaml"]
    assert text == FAQ.replace("年假\norigin", "休年假\norigin").replace(
        "examples:\n  - 年假有几天  # asked most\n",
        "not_covered: 病假\nexamples:\n  - 年假有几天\n  - {ask: 年假多久, section: summary}\n",
    )


def test_form_in_another_language_alone_makes_both_files():
    """An entry needs a text in the first language; it is written twice, as by an import."""
    typed = {
        "zh.origin": "organization", "ko.title": "연차", "ko.summary": "연차는 15일입니다.",
        "ko.examples": "연차가 며칠이에요",
    }  # fmt: skip
    made = forms.form_files("faq.leave", {}, typed)
    first, theirs = (
        made[f"{KNOWLEDGE}/faq/leave.yaml"],
        made[f"{KNOWLEDGE}/translations/ko/faq/leave.yaml"],
    )
    assert first and "title: 연차" in first and "origin: organization" in first
    assert theirs and theirs.startswith("title: 연차\n")
    assert [made[path] for lang, path in forms.paths("faq.leave").items() if lang in "enja"] == [
        None,
        None,
    ]


LIST = {"text": "开门", "done_when": "门开了", "due": "T-1d", "killer": True}
UNIT = {
    "name": "品牌组", "owns": ["role.brand", "role.sales"], "reports_to": "总裁",
    "answers_for": "形象",
}  # fmt: skip
ROWS = [
    ("cells", "role", "works_with", "role.sales | 一起\\|定价",
     [{"role": "role.sales", "how": "一起|定价"}]),
    ("list of cells", "comparison", "rows", "目的 | 甲 | 乙",
     [{"dimension": "目的", "cells": ["甲", "乙"]}]),
    ("examples", "faq", "examples", "怎么报销\n\n 报销多久 | summary ",
     ["怎么报销", {"ask": "报销多久", "section": "summary"}]),
    ("headings", "checklist", "pause_points", "# 开始 | 店长\n开门 | 门开了 | | T-1d | yes",
     [{"name": "开始", "caller": "店长", "items": [LIST]}]),
    ("list in the middle", "organization", "units",
     "品牌组 | role.brand | role.sales | 总裁 | 形象", [UNIT]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "key", "text", "value"), [row[1:] for row in ROWS], ids=[row[0] for row in ROWS]
)
def test_rows_are_read_and_shown(kind, key, text, value):
    """What is typed becomes what a file has, and what a file has is shown as it is typed."""
    field = next(f for f in shape.fields_of(KINDS[kind][0]) if f.key == key)
    assert rows.read(field.hint, text) == value
    assert rows.read(field.hint, rows.form_value(field.hint, value)) == value


@given(st.lists(st.tuples(TEXTS, TEXTS), min_size=1))
def test_rows_lose_no_letter(pairs):
    """Whatever is typed between the bars, bars themselves included."""
    field = next(f for f in shape.fields_of(KINDS["practice"][0]) if f.key == "steps")
    value = [{"what": " ".join(a.split()), "why": " ".join(b.split())} for a, b in pairs]
    value = [one for one in value if "\\" not in one["what"] + one["why"]]
    assert rows.read(field.hint, rows.form_value(field.hint, value)) == (value or None)


@given(
    st.dictionaries(
        st.sampled_from(["title", "summary", "points"]),
        st.one_of(TEXTS, st.lists(TEXTS, min_size=1)),
        min_size=1,
    )
)
def test_rewrite_says_what_it_is_given(values):
    """Any text in any key reads back as it is, over a file and over none."""
    for before in ("", FAQ):
        new = rewrite.rewrite(before, values, ("title", "summary", "points"))
        assert source.parse(new.encode("utf-8"), "").value == values


@pytest.mark.parametrize(
    ("change", "told"),
    [
        pytest.param({"zh.summary": ""}, "missing key 'summary'", id="missing"),
        pytest.param({"zh.related": "concept.nothing"}, "there is no entry", id="link"),
        pytest.param({"zh.title": "优惠券"}, "already a name of concept.coupon", id="name"),
        pytest.param({"zh.examples": "优惠券是什么"}, "an example of concept.coupon", id="example"),
        pytest.param({"zh.examples": "x | metrics"}, "no section 'metrics'", id="section"),
        pytest.param({"zh.reviewed_on": "gestern"}, "a day in quotes", id="day"),
        pytest.param({"ja.summary": "休暇"}, "missing key 'title'", id="translation"),
        pytest.param({}, "", id="fine"),
    ],
)  # fmt: skip
def test_lint_finds_what_is_wrong(small_base, change, told):
    """At once, with the file and line; nothing about other entries."""
    typed = {**forms.form_values("faq", {"zh": FAQ}), **change}
    found = lint.lint("faq.leave", forms.form_files("faq.leave", {"zh": FAQ}, typed), small_base)
    assert [told in one.message for one in found] == ([True] if told else [])


@pytest.fixture(scope="module")
def small_base(tmp_path_factory):
    """A small content."""
    return open_base(small_content.write(tmp_path_factory.mktemp("content") / "knowledge"))


def test_version_tells_a_missing_file_from_an_empty_one():
    """So that one who creates a file and one who empties it are both noticed."""
    told = [files.version({"a": text}) for text in (None, "", "x")]
    assert len(set(told)) == 3
