"""Content is compiled in pieces that are kept: the same answers whatever was compiled before."""

from __future__ import annotations

import dataclasses
import json
import random
import sqlite3
from pathlib import Path

import pytest
import small_content
from small_content import put

from bot import check_cache
from bot.reload import ContentReloader
from knowledge.engine import cache, pieces, shape
from knowledge.engine.base import open_base
from knowledge.engine.normal import fold
from rules import examples
from rules.book import open_book

MATTERS = ("班车", "工牌", "发票", "食堂", "打印机", "会议室", "停车位", "宿舍", "快递", "工服")
ASKED = ("几点开放", "找谁办", "丢了怎么办", "怎么申请", "什么时候截止")
QUESTIONS = [f"{matter}{asked}" for matter in MATTERS for asked in (*ASKED, "有什么规定")]
QUESTIONS += ["落地页是什么", "优惠券怎么发", "who looks after the bus", ""]


def answer(number, more=""):
    """The file of one answer."""
    matter, asked = MATTERS[number % 10], ASKED[number // 10]
    return (
        f"id: faq.own_{number}\ntitle: {matter}{asked}\norigin: organization\n"
        f"summary: {matter}的事请找{number}号窗口。{more}\nexamples:\n  - {matter}{asked}\n"
        f"  - 请问{matter}要{asked}\n"
    )


@pytest.fixture
def content(tmp_path, monkeypatch):
    """Small content and an overlay of forty answers, cut in four pieces beside ours."""
    monkeypatch.setattr(pieces, "SIZE", 10)
    root = small_content.write(tmp_path / "knowledge")
    for number in range(40):
        put(tmp_path / f"acme/knowledge/faq/own_{number}.yaml", answer(number))
    return root, tmp_path / "acme"


@pytest.fixture
def fresh_cache(tmp_path, monkeypatch):
    """Makes an empty cache and works with it."""

    def use(name):
        place = tmp_path / name
        place.mkdir(mode=0o700)
        monkeypatch.setattr(cache, "folder", lambda: place)
        return place

    return use


def told(book):
    """What every question gets, to the last digit, and what each search finds."""
    found = [repr(examples.decide(question, "zh", book)) for question in QUESTIONS]
    hits = [book.base.index.search(fold(question), 10) for question in QUESTIONS]
    likely = [
        book.base.likelihoods.likelihood_of(fold(question)).most_likely(5) for question in QUESTIONS
    ]
    return found, hits, likely


def opened(content):
    """The book over it."""
    root, overlay = content
    return open_book(open_base(root, own=overlay / "knowledge"), overlay=overlay)


def rows(book):
    """Every value of the compiled content."""
    with sqlite3.connect(book.base._folder / "values.db") as db:
        return db.execute("SELECT k, v FROM kv ORDER BY k").fetchall()


def test_pieces_after_an_edit_give_what_a_whole_compilation_gives(content, fresh_cache):
    """Compiled before and changed since, or compiled for the first time: no difference."""
    fresh_cache("long")
    before = told(opened(content))
    put(content[1] / "knowledge/faq/own_7.yaml", answer(7, "新规定：先登记。"))
    put(content[1] / "knowledge/faq/own_21.yaml", answer(21, "周末不开。"))
    changed = opened(content)
    fresh_cache("new")
    whole = opened(content)
    assert told(changed) == told(whole) != before
    assert rows(changed) == rows(whole)


def test_any_changes_give_what_a_whole_compilation_gives(content, fresh_cache):
    """Answers edited, added and removed in any order: the same bytes as compiled at once."""
    chance = random.Random(7)
    folder = content[1] / "knowledge/faq"
    fresh_cache("long")
    opened(content)
    for step in range(6):
        for number in chance.sample(range(50), 4):
            path = folder / f"own_{number}.yaml"
            if path.exists() and chance.random() < 0.4:
                path.unlink()
            else:
                put(path, answer(number, f"第{step}版。") + f"  - 第{step}种问法{number}\n")
        changed = opened(content)
    fresh_cache("new")
    whole = opened(content)
    assert told(changed) == told(whole)
    assert rows(changed) == rows(whole)
    both = [(book.base._folder / "likelihood.db").read_bytes() for book in (changed, whole)]
    assert both[0] == both[1]


def test_pieces_that_did_not_change_are_not_made_again(content, fresh_cache):
    """One answer changes one piece of five; what is ours stands in one by itself."""
    place = fresh_cache("kept")
    opened(content)
    first = set(place.glob("piece-*"))
    put(content[1] / "knowledge/faq/own_7.yaml", answer(7, "新规定：先登记。"))
    opened(content)
    assert len(first) == 5
    assert len(set(place.glob("piece-*")) - first) == 1


def test_pieces_are_copied_where_files_cannot_be_linked(content, fresh_cache, monkeypatch):
    """Some file systems know no second name for a file."""
    fresh_cache("linked")
    linked = told(opened(content))

    def refuse(self, target):
        raise OSError(1, "not here")

    monkeypatch.setattr(Path, "hardlink_to", refuse)
    fresh_cache("copied")
    assert told(opened(content)) == linked


def test_groups_go_by_the_content_alone():
    """Entries of ours stay together; the organization's are spread by their names."""
    ids = ["role.a", *(f"faq.q{i}" for i in range(4_000))]
    own = frozenset(ids[1:])
    first = pieces.groups(ids, own)
    assert first[0] == ["role.a"] and len(first) == 5
    assert sorted(id_ for group in first for id_ in group) == sorted(ids)
    again = pieces.groups([ids[0], *reversed(ids[1:])], own)
    assert [set(group) for group in again] == [set(group) for group in first]
    assert len(pieces.groups([f"faq.q{i}" for i in range(99_999)], own)) <= 1 + pieces.MOST


def test_plain_form_of_an_entry_is_that_of_dataclasses(book):
    """What is kept of an entry is read back as it was."""
    for id_ in book.base.ids():
        entry = book.base.entry(id_)
        assert json.dumps(entry, default=shape.to_plain) == json.dumps(dataclasses.asdict(entry))


def test_what_passed_is_known_to_the_next_process(content):
    """A server that starts anew checks what has changed since the last one's check."""
    root, overlay = content
    assert ContentReloader(root, overlay).refresh() is None
    put(overlay / "knowledge/faq/own_7.yaml", answer(7, "新规定。"))
    now = check_cache.present(root, overlay)
    assert check_cache.touched_entries(check_cache.last_passed(root, overlay), now, overlay) == {
        "faq.own_7"
    }
    (overlay / "knowledge/faq/own_7.yaml").unlink()
    gone = check_cache.present(root, overlay)
    assert (
        check_cache.touched_entries(check_cache.last_passed(root, overlay), gone, overlay) is None
    )
    assert check_cache.last_passed(root, overlay / "elsewhere") is None


def test_answer_to_what_we_do_not_hold_is_no_problem(content):
    """An organization may answer what is a limit of ours, whatever its title says."""
    root, overlay = content
    text = answer(3).replace("食堂几点开放", "休假的天数怎么算").replace("  - 请问", "  - 年假")
    put(overlay / "knowledge/faq/own_3.yaml", text)
    live = ContentReloader(root, overlay)
    assert live.refresh() is None
    assert examples.decide("休假的天数怎么算", "zh", live.book).entry == "faq.own_3"
