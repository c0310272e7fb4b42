"""An organization's own content, laid over ours: added, replaced, restricted, complained about."""

from __future__ import annotations

import gc
import os
import weakref
from pathlib import Path

import small_content
from small_content import put

from bot import content_check
from bot.reload import ContentReloader
from knowledge.engine import cache
from knowledge.engine.base import open_base, problems
from rules import examples
from rules.book import open_book
from rules.postings import overlay as overlays

OWN = """\
id: concept.SLUG
title: ZH
aliases: [ZH概念]
origin: organization
summary: ZH是我们公司自己的DEFINED。
definition: DEFINED，只在我们公司用。
points:
  - 只在我们公司用
examples:
  - ZH是什么
  - 什么叫ZH
near_misses:
  - 今天天气怎么样
"""


def own(tmp_path, **files):
    """An overlay with those files below its ``knowledge``; two underscores stand for a slash."""
    for name, text in files.items():
        put(tmp_path / "acme/knowledge" / f"{name.replace('__', '/')}.yaml", text)
    (tmp_path / "acme/knowledge").mkdir(parents=True, exist_ok=True)
    return tmp_path / "acme"


def concept(slug, zh, defined):
    """An entry of the organization."""
    return OWN.replace("SLUG", slug).replace("ZH", zh).replace("DEFINED", defined)


def asked(book, question):
    """The entry that answers."""
    return examples.decide(question, "zh", book).entry


def opened(root, overlay):
    """The book over both."""
    base = open_base(root, own=overlays.knowledge(overlay))
    return open_book(base, overlay=overlay)


def test_overlay_adds_entries(tmp_path):
    """An entry of the organization answers, is told as theirs, and is found in its own file."""
    root = small_content.write(tmp_path / "knowledge")
    overlay = own(tmp_path, concepts__ticket=concept("ticket", "绿通单", "紧急需求单"))
    book = opened(root, overlay)
    assert asked(book, "绿通单是什么") == "concept.ticket"
    assert asked(book, "优惠券是什么") == "concept.coupon"
    assert book.base.file("concept.ticket").endswith("acme/knowledge/concepts/ticket.yaml")
    assert book.base.file("concept.coupon") == "knowledge/concepts/coupon.yaml"
    assert content_check.problems(root, overlay) == []


def test_overlay_replaces_an_entry_of_ours_whole(tmp_path):
    """With an id of ours it takes the place, and our translations go, which would contradict it."""
    root = small_content.write(tmp_path / "knowledge")
    overlay = own(tmp_path, concepts__coupon=concept("coupon", "优惠券", "门店兑换的券"))
    base = opened(root, overlay).base
    assert "门店兑换" in base.entry("concept.coupon").summary
    assert base.languages["concept.coupon"] == ["zh"]


def test_overlay_restricts_entries_of_ours(tmp_path):
    """A list in the overlay keeps our entries for some roles; links to them are left out."""
    root = small_content.write(tmp_path / "knowledge")
    path = root / "concepts/check_in.yaml"
    linked = path.read_text("utf-8").replace("examples:", "related: [concept.coupon]\nexamples:", 1)
    put(path, linked)
    overlay = own(tmp_path, restricted="- {entry: concept.coupon, to: [hr]}\n")
    live = ContentReloader(root, overlay)
    assert content_check.problems(root, overlay) == []
    staff, hr = live.seen_by(("staff",)), live.seen_by(("hr",))
    assert "concept.coupon" not in staff.base.languages
    assert staff.base.entry("concept.check_in").related == ()
    assert hr.base.entry("concept.check_in").related == ("concept.coupon",)


FAQ = """\
id: faq.leave
title: 年假有几天
origin: organization
summary: 按工龄算。
examples:
  - 年假有几天
"""


FAQ_BUS = """\
id: faq.bus
title: 班车几点发车
origin: organization
summary: 早上八点。
examples: [班车几点发车]
"""


def test_overlay_answers_questions_of_the_house(tmp_path):
    """One example is enough, and where it is the nearest answer, a limit of ours gives way."""
    root = small_content.write(tmp_path / "knowledge")
    before = examples.decide("年假几天", "zh", opened(root, own(tmp_path)))
    assert before.limit == "leave_and_law"
    overlay = own(tmp_path, faq__leave=FAQ)
    book = opened(root, overlay)
    assert content_check.problems(root, overlay) == []
    assert asked(book, "年假有几天") == "faq.leave"
    assert asked(book, "年假几天") == "faq.leave"
    assert examples.decide("加班工资怎么算", "zh", book).limit == "leave_and_law"


def test_overlay_complains_of_an_answer_without_a_question(tmp_path):
    """Nobody would ever get it."""
    root = small_content.write(tmp_path / "knowledge")
    overlay = own(tmp_path, faq__leave=FAQ.partition("examples")[0])
    (found,) = problems(root, overlays.knowledge(overlay))
    assert "needs at least one example" in found.message


def test_overlay_survives_an_update_and_stands_in_the_version(tmp_path):
    """The version tells both; a change of either changes it, and takes effect on a reload."""
    root = small_content.write(tmp_path / "knowledge")
    overlay = own(tmp_path, concepts__ticket=concept("ticket", "绿通单", "紧急需求单"))
    live = ContentReloader(root, overlay)
    before = live.book.version
    put(overlay / "knowledge/concepts/ticket.yaml", concept("ticket", "绿通单", "加急单"))
    assert live.has_changed() and live.refresh() is None
    assert live.book.version != before and live.book.version.count("-") == before.count("-")
    assert "加急单" in live.book.base.entry("concept.ticket").summary


def files_open(*folders):
    """The files that this process holds open below these folders and below the cache.

    Empty where the system does not tell.
    """
    held = Path("/proc/self/fd")
    below = tuple(map(str, (*folders, cache.folder())))
    found = [os.path.realpath(one) for one in held.iterdir()] if held.is_dir() else []
    return [one for one in found if one.startswith(below)]


def test_overlay_book_that_is_replaced_is_let_go_of(tmp_path):
    """Of books that were in use none is kept but the last, and no file is left open."""
    root = small_content.write(tmp_path / "knowledge")
    overlay = own(tmp_path, faq__leave=FAQ)
    was, files = [], []
    for _ in range(3):
        book = opened(root, overlay)
        assert asked(book, "年假有几天") == "faq.leave"
        was.append([weakref.ref(one) for one in (book, book.base, book.pack, book.base.index)])
        gc.collect()
        files.append(len(files_open(tmp_path)))
    assert [one() for refs in was[:-1] for one in refs if one() is not None] == []
    assert all(one() is not None for one in was[-1])
    assert files[-1] <= files[1]


def test_overlay_change_is_checked_with_all_that_it_touches(tmp_path):
    """Once all has passed, a change is held to its own examples and to near misses like it."""
    root = small_content.write(tmp_path / "knowledge")
    overlay = own(tmp_path, faq__leave=FAQ)
    place = overlay / "knowledge/faq"
    live = ContentReloader(root, overlay)
    assert live.refresh() is None
    put(place / "bus.yaml", FAQ_BUS)
    assert live.has_changed() and live.refresh() is None
    assert asked(live.book, "班车几点发车") == "faq.bus"
    # What another entry must not answer is asked again where the change is like it.
    put(place / "leave.yaml", FAQ + "near_misses: [班车几点发车]\n")
    assert live.refresh() is None
    put(place / "bus.yaml", FAQ_BUS.replace("班车几点发车", "年假有几天"))
    refusal = live.refresh()
    assert refusal is not None and "年假有几天" in refusal.problems[0].message
    (place / "bus.yaml").unlink()
    assert live.has_changed() and live.refresh() is None


def test_overlay_words_and_sources_are_added(tmp_path):
    """Synonyms of the house work, and passages of the house can be cited."""
    root = small_content.write(tmp_path / "knowledge")
    put(root / "lexicon/zh.yaml", "stop: []\nsubject: []\nsynonyms: []\n")
    told = concept("ticket", "绿通单", "紧急需求单").replace(
        "origin: organization", "origin: organization\nsources: [handbook#1]"
    )
    handbook = small_content.SOURCES.replace("id: talk", "id: handbook").replace('"0"', '"1"')
    overlay = own(
        tmp_path, concepts__ticket=told, sources=handbook,
        lexicon__zh="stop: []\nsubject: []\nsynonyms: [[优惠券, 折扣卡]]\n",
    )  # fmt: skip
    book = opened(root, overlay)
    assert ("折扣卡", "优惠券") in book.base.lexicon.synonyms
    cited = book.base.citations(book.base.entry("concept.ticket"), "zh")
    assert [one.id for one in cited] == ["handbook#1"]


def test_overlay_complaints_name_its_files(tmp_path):
    """What is wrong in an overlay is told with the overlay's own file and line."""
    root = small_content.write(tmp_path / "knowledge")
    overlay = own(
        tmp_path, concepts__ticket=concept("other", "绿通单", "x"),
        concepts__taken=concept("taken", "优惠券", "x"),
        restricted="- {entry: concept.none, to: [hr]}\n- {entry: concept.coupon, to: [boss]}\n",
    )  # fmt: skip
    found = [str(p) for p in problems(root, overlays.knowledge(overlay))]
    assert any("acme/knowledge/concepts/ticket.yaml:1" in p and "should be" in p for p in found)
    assert any("restricted.yaml:1" in p and "there is no entry 'concept.none'" in p for p in found)
    assert any("restricted.yaml:2" in p and "expected one of staff" in p for p in found)


def test_overlay_adds_names_and_questions_to_an_entry_of_ours(tmp_path):
    """It stays ours otherwise; what is wrong is told with its file."""
    root = small_content.write(tmp_path / "knowledge")
    added = "aliases: [折扣码]\nexamples:\n  - {ask: 折扣码哪里领, section: points}\n"
    overlay = own(tmp_path, additions__zh__concepts__coupon=added)
    book = opened(root, overlay)
    assert asked(book, "折扣码是什么") == "concept.coupon"
    assert book.base.entry_of_example("折扣码哪里领") == ("concept.coupon", "points")
    assert book.base.own == {} and book.base.entry("concept.coupon").origin == "article"
    assert book.base.entry("concept.coupon", "en").aliases == ()
    assert content_check.problems(root, overlay) == []
    own(tmp_path, additions__ko__concepts__coupon=added, additions__zh__concepts__none=added,
        additions__zh__concepts__coupon="aliases: [落地页]\nsummary: x\n")  # fmt: skip
    told = [str(problem) for problem in problems(root, overlays.knowledge(overlay))]
    assert len(told) == 3 and "not told in 'ko'" in told[0]
    assert "unknown key 'summary'" in told[1] and "is not there" in told[2]
