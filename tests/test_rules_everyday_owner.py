"""Whose an everyday task is, in the words of four languages; slips and mixed English."""

from __future__ import annotations

import pytest

from rules.questions.dialogue import resolve
from rules.questions.model import Band
from rules.questions.remember import next_conversation
from rules.questions.state import EMPTY
from rules.questions.utterance import read

SHOP, SERVICE, MEDIA = "role.store_operations", "role.customer_service", "role.new_media_operations"

OWNERS = [
    ("谁写产品介绍", SHOP),
    ("who writes the product intro", SHOP),
    ("商品説明は誰が書く", SHOP),
    ("상품 설명 누가 써요", SHOP),
    ("who does coupons", SHOP),
    ("クーポンは誰が作る", SHOP),
    ("쿠폰 누가 만들어", SHOP),
    ("谁来拍产品照片", SHOP),
    ("悪いレビューの返信は誰", SERVICE),
    ("나쁜 리뷰 답글 누가 달아요", SERVICE),
    ("who answers bad reviews", SERVICE),
    ("電話対応は誰", SERVICE),
    ("DMの返信は誰", MEDIA),
    ("디엠 답장 누가 해요", MEDIA),
]

UNDERSTOOD = [
    ("brand manager kya karta hai", "role.brand", "responsibilities"),
    ("PR ka kaam kya hai", "role.public_relations", "responsibilities"),
    ("what is private domain lah", "concept.private_domain", "summary"),
    ("ops and sales same anot", "comparison.marketing_sales_operations", "rows"),
    ("press release chekclist", "checklist.press_release", "pause_points"),
    ("responsibilites of brand manager", "role.brand", "responsibilities"),
    ("metrcs for community ops", "role.community_operations", "metrics"),
]


@pytest.mark.parametrize(("text", "owner"), OWNERS)
def test_an_everyday_task_has_one_owner(book, text, owner):
    got = resolve(read(text, book), EMPTY, book)
    assert (got.band, got.entry, got.guess) == (Band.ANSWER, owner, False)


@pytest.mark.parametrize(("text", "entry", "section"), UNDERSTOOD)
def test_slips_and_mixed_english_are_understood(book, text, entry, section):
    got = resolve(read(text, book), EMPTY, book)
    assert (got.band, got.entry, got.section) == (Band.ANSWER, entry, section)


def test_the_pair_of_a_which_question_can_be_called_by_number(book):
    """The second one of two that were weighed against each other."""
    first = read("content ops or user ops, which one looks after retention", book, "en")
    told = resolve(first, EMPTY, book)
    state = next_conversation(EMPTY, first, told, book)
    asked = resolve(read("the second one, what does it hand over", book, "en"), state, book)
    assert (asked.entry, asked.section) == ("role.user_operations", "deliverables")
