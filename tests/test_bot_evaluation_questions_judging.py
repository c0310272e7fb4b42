"""Every verdict, from answers made by hand and from a conversation over a small content."""

from __future__ import annotations

from dataclasses import replace

import pytest
import small_content

from bot.evaluation.questions.judging import judge, run
from bot.evaluation.questions.model import Conversation, Key, Place, Verdict, Wanted
from bot.evaluation.questions.trial import NEVER
from knowledge.engine.base import open_base
from rules.book import open_book
from rules.questions.model import Answer, Band, Candidate

COUPON = Key(
    "?", Wanted.ANSWER, (("concept.coupon", "points"),), None, frozenset({"concept.check_in"})
)
ANY_OF = Key("?", Wanted.ANSWER, (("concept.coupon", "*"),))
PAIR = Key("?", Wanted.ANSWER, (("compare", "role.brand|role.public_relations"),))
IN_PART = replace(COUPON, wanted=Wanted.PARTIAL, note="a list is also fine")
NONE = Key("?", Wanted.DECLINE, useful=frozenset({"concept.check_in"}))


def told(entry, section="points", guess=False, others=(), compared=(), also=()):
    """An answer with that entry and section."""
    return Answer(
        Band.ANSWER, "", entry, section, 1.0, offered(others), compared, guess=guess, also=also
    )


def only(band, *others):
    """Nothing told, these offered."""
    return Answer(band, "", None, "", 0.5, offered(others))


def offered(ids):
    """Offers of these entries."""
    return tuple(Candidate(id_, 0.5, "summary") for id_ in ids)


RIGHT, WRONG = told("concept.coupon"), told("concept.landing_page")
USEFUL, NOISE = "concept.check_in", "concept.landing_page"
FOUR = (NOISE, "a.b", "a.c", "concept.coupon")
COMPARED = ("role.brand", "role.public_relations")
CASES = [
    ("entry and section", RIGHT, COUPON, Verdict.RIGHT),
    ("any section", told("concept.coupon", "summary"), ANY_OF, Verdict.RIGHT),
    ("guess", replace(RIGHT, guess=True), COUPON, Verdict.GUESSED),
    ("another section", told("concept.coupon", "summary"), COUPON, Verdict.SECTION),
    ("another entry", WRONG, COUPON, Verdict.WRONG),
    ("useful is not right", told(USEFUL), COUPON, Verdict.WRONG),
    ("talk", told(None, ""), COUPON, Verdict.WRONG),
    ("wrong guess", replace(WRONG, guess=True), COUPON, Verdict.MISGUESSED),
    ("useful guess", told(USEFUL, guess=True), COUPON, Verdict.OFFERED),
    ("guess, right beside", told(NOISE, guess=True, others=[USEFUL]), COUPON, Verdict.OFFERED),
    ("right in a further answer", replace(WRONG, also=(RIGHT,)), COUPON, Verdict.RIGHT),
    (
        "right section in a further answer",
        told("concept.coupon", "summary", also=(RIGHT,)),
        COUPON,
        Verdict.RIGHT,
    ),
    (
        "a further guess",
        replace(WRONG, also=(replace(RIGHT, guess=True),)),
        COUPON,
        Verdict.GUESSED,
    ),
    ("further answer alone", replace(only(Band.SUGGEST), also=(RIGHT,)), COUPON, Verdict.RIGHT),
    ("offered", only(Band.SUGGEST, NOISE, "concept.coupon"), COUPON, Verdict.OFFERED),
    ("offered in a refusal", only(Band.DECLINE, USEFUL), COUPON, Verdict.OFFERED),
    ("offered too late", only(Band.SUGGEST, *FOUR), COUPON, Verdict.USELESS),
    ("refused", only(Band.DECLINE, NOISE), COUPON, Verdict.REFUSED),
    ("list as good, useful", only(Band.SUGGEST, "concept.coupon", USEFUL), IN_PART, Verdict.RIGHT),
    ("list as good, noise", only(Band.SUGGEST, "concept.coupon", NOISE), IN_PART, Verdict.OFFERED),
    ("compared", told("role.brand", "compare", compared=COMPARED), PAIR, Verdict.RIGHT),
    (
        "written comparison",
        told("comparison.brand_public_relations", "rows"),
        PAIR,
        Verdict.RIGHT,
    ),
    (
        "named together, not compared",
        told("concept.kol", "summary", compared=COMPARED),
        PAIR,
        Verdict.WRONG,
    ),
    ("one of the two", told("role.brand", "summary"), PAIR, Verdict.WRONG),
    ("declined", only(Band.DECLINE), NONE, Verdict.DECLINED),
    ("declined, useful offers", only(Band.DECLINE, USEFUL), NONE, Verdict.DECLINED),
    ("declined, noise", only(Band.DECLINE, USEFUL, NOISE), NONE, Verdict.NOISILY),
    ("only useful offers", only(Band.SUGGEST, USEFUL), NONE, Verdict.DECLINED),
    ("noise offered", only(Band.SUGGEST, NOISE), NONE, Verdict.NOISE),
    ("a list of nothing", only(Band.SUGGEST), NONE, Verdict.NOISE),
    ("noise guessed", replace(WRONG, guess=True), NONE, Verdict.NOISE_GUESSED),
    ("answered", WRONG, NONE, Verdict.ANSWERED),
    ("a further answer", replace(only(Band.DECLINE), also=(WRONG,)), NONE, Verdict.ANSWERED),
    ("a greeting returned", told(None, ""), NONE, Verdict.DECLINED),
]


@pytest.mark.parametrize(
    ("answer", "key", "verdict"), [r[1:] for r in CASES], ids=[r[0] for r in CASES]
)
def test_judging_gives_the_verdict_of_a_strict_asker(answer, key, verdict):
    """Entry and section first, offered, or declined without noise; guesses stand apart."""
    assert judge(answer, key) == verdict


def test_judging_leaves_newer_entries_to_a_reader():
    """An entry that came after the keys is neither right nor wrong by them."""
    assert judge(WRONG, COUPON, frozenset({"concept.coupon"})) == Verdict.UNREAD
    assert judge(RIGHT, COUPON, frozenset({"concept.coupon"})) == Verdict.RIGHT


def test_judging_carries_the_chat_on(tmp_path):
    """A number picks of what the turn before offered; the next conversation knows nothing of it."""
    book = open_book(open_base(small_content.write(tmp_path / "knowledge")))
    book.confidence = replace(book.confidence, answer=NEVER, guess=NEVER, offer=0)
    all_ = tuple((f"concept.{slug}", "*") for slug in small_content.WORDS)
    first, pick = Key("优惠券或者打卡", Wanted.ANSWER, all_), Key("1", Wanted.ANSWER, all_)
    rows = run([Conversation("a", "zh", (first, pick)), Conversation("b", "zh", (pick,))], book)
    assert [row.place for row in rows] == [Place.OPENING, Place.FOLLOW_UP, Place.SINGLE]
    assert [row.verdict for row in rows] == [Verdict.OFFERED, Verdict.RIGHT, Verdict.REFUSED]
