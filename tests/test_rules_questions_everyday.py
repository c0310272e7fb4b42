"""Everyday words: things and states are read with their spans, and lead to who helps."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.questions.frames import Frames, parse
from rules.questions.model import Situation
from rules.questions.utterance import read

READ = [
    ("zh", "天天发的东西没人看", {"thing.post", "state.unread"}),
    ("en", "people fill the basket and then never pay", {"thing.cart", "state.abandons"}),
    ("ja", "カートに入れたまま買わない人が多い", {"thing.cart", "state.not_buy"}),
    ("ko", "단톡방에 아무도 말을 안 해요", {"thing.group", "state.silent"}),
]
NOT_READ = [
    ("en", "they pay at the basket", "state.not_buy"),
    ("zh", "客人买了很多", "state.not_buy"),
    ("en", "customer service is fine", "thing.customer"),
    ("en", "a cartoon", "thing.cart"),
]


@pytest.mark.parametrize(("language", "text", "wanted"), READ, ids=[r[0] for r in READ])
def test_everyday_words_are_read(book, language, text, wanted):
    """Each with the words of the message that it stands for."""
    utterance = read(text, book, language)
    assert wanted <= {s.id for s in utterance.situation}
    for one in utterance.situation:
        assert utterance.normal.text[one.start : one.end]


@pytest.mark.parametrize(("language", "text", "unwanted"), NOT_READ, ids=[r[1] for r in NOT_READ])
def test_everyday_words_are_not_seen_where_they_are_not(book, language, text, unwanted):
    """A negated word needs its negation; a part of a longer word is not the word."""
    assert unwanted not in {s.id for s in read(text, book, language).situation}


@given(st.text(max_size=200))
def test_everyday_words_bear_any_text(book, text):
    """Whatever is typed, every span lies in the text."""
    utterance = read(text, book)
    size = len(utterance.normal.text)
    assert all(0 <= s.start < s.end <= size for s in utterance.situation)


FRAMES = Frames(
    [
        parse("practice.a", "steps", "cart:abandons|not_buy"),
        parse("concept.b", "points", "cart:"),
        parse("practice.c", "steps", "cart&ad:abandons"),
        parse("metric.d", "formula", "cart:@formula"),
    ]
)


def there(*ids):
    """A message with these things and states."""
    return [Situation(id_, i, i + 1) for i, id_ in enumerate(ids)]


MATCHES = [
    ("both sides", ("thing.cart", "state.not_buy"), frozenset(), {"practice.a", "concept.b"}),
    ("one side", ("thing.cart",), frozenset(), {"concept.b"}),
    ("all of a group", ("thing.cart", "thing.ad", "state.abandons"), frozenset(),
     {"practice.a", "concept.b", "practice.c"}),
    ("with what is asked", ("thing.cart",), frozenset({"formula"}), {"concept.b", "metric.d"}),
    ("nothing", (), frozenset(), set()),
]  # fmt: skip


@pytest.mark.parametrize(
    ("ids", "asks", "wanted"), [row[1:] for row in MATCHES], ids=[row[0] for row in MATCHES]
)
def test_frames_match_what_is_there(ids, asks, wanted):
    """Of every group one must be there, and one of the intents where any is named."""
    assert set(FRAMES.matches(there(*ids), asks, 0.0)) == wanted


def test_frames_are_surer_with_more_and_with_less_left_over():
    """Two sides count more than one; words that nothing explains make it less sure."""
    both = FRAMES.matches(there("thing.cart", "state.not_buy"), frozenset(), 0.0)
    left = FRAMES.matches(there("thing.cart", "state.not_buy"), frozenset(), 4.0)
    assert both["practice.a"].score > both["concept.b"].score
    assert both["practice.a"].score > left["practice.a"].score
    assert both["practice.a"].used == {"thing.cart", "state.not_buy"}
