"""A checklist as an answer shows it, and when its items are due."""

import re
from dataclasses import replace

import pytest

from bot import due_dates
from bot.model import Bullets, Chat, Message, Turn
from bot.render.text import as_text
from bot.skills import respond
from bot.views import checklist
from knowledge.engine.model import LANGUAGES
from rules.questions.model import Answer, Band

ID = "checklist.product_launch"
GUESS = Answer(Band.ANSWER, "checklist", ID, "pause_points", 0.5, guess=True)


@pytest.mark.parametrize("language", LANGUAGES)
def test_guessed_checklist_shows_what_must_pass_and_the_way_to_all(book, language):
    """At most five items; the first choice is the whole list."""
    outcome = respond(Turn(Message("", language), Chat(), book, GUESS, language, None))
    (shown,) = [block for block in outcome.reply.blocks if isinstance(block, Bullets)]
    assert len(shown.items) == checklist.MOST
    assert outcome.reply.choices[0].entry == ID
    assert not re.search(r"T[+-]\d", as_text(outcome.reply))


def test_guessed_checklist_without_must_pass_items_shows_its_first(book):
    """There is always something to see."""
    entry = book.base.entry(ID)
    points = tuple(
        replace(p, items=tuple(replace(item, killer=False) for item in p.items))
        for p in entry.pause_points
    )
    _, shown = checklist.brief_blocks(replace(entry, pause_points=points), book.base, "zh")
    assert shown.title.startswith("前几项（5/")


@pytest.mark.parametrize("language", LANGUAGES)
def test_head_says_what_t_is(book, language):
    """The sentence of the summary; where it says nothing, what T is everywhere."""
    for id_ in book.base.ids("checklist"):
        entry = book.base.entry(id_, language)
        assert len(re.findall(r"(?<![A-Za-z])T(?![A-Za-z])", checklist.head(entry, language).text))
        silent = replace(entry, summary="…")
        assert "T" in checklist.head(silent, language).text


@pytest.mark.parametrize(
    ("due", "language", "words"),
    [
        ("T-10w", "zh", "提前 10 周"), ("T-10w", "en", "10 weeks before"),
        ("T-1w", "en", "1 week before"), ("T+30d", "ja", "30日後"), ("T+2h", "ko", "2시간 후"),
        ("T", "en", "on the day"), ("by Friday", "en", "by Friday"),
    ],
)  # fmt: skip
def test_dues_are_told_in_words(due, language, words):
    """What is no mark stays as it was written."""
    assert due_dates.due_text(due, language) == words
