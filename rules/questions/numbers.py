"""A bare number -> what it picks of what was shown."""

from __future__ import annotations

from dataclasses import replace

from rules.book import RuleBook
from rules.questions.model import Answer, Band
from rules.questions.standalone import OVERVIEW, steps_of_cycle
from rules.questions.state import Conversation


def pick(number: int, before: Conversation, book: RuleBook) -> Answer | None:
    """The answer that the *number* of a choice or of a line leads to; None where there is none.

    Choices come first, for they stand last in a reply; then the lines of the list, then the steps
    of the cycle while one of them is in focus.
    """
    if 1 <= number <= len(before.offers):
        entry, section = before.offers[number - 1]
        section = "summary" if section == "compare" else section
        return Answer(Band.ANSWER, before.intent, entry, section, 1.0)
    if before.focus and before.focus[0][0].startswith("stage."):
        step = steps_of_cycle(book).get(number)
        if step:
            return Answer(Band.ANSWER, "stage", step, "do", 1.0)
    if 1 <= number <= len(before.items):
        return line(number, before, book)
    return None


def line(number: int, before: Conversation, book: RuleBook) -> Answer:
    """The *number*-th line of the list last shown: what it names, else that line alone."""
    text, named = before.items[number - 1]
    entry, section = before.items_of
    if entry == OVERVIEW and number in steps_of_cycle(book):
        return Answer(Band.ANSWER, "stage", steps_of_cycle(book)[number], "do", 1.0)
    again = Answer(Band.ANSWER, before.intent, entry, section, 1.0, about=entry, line=text)
    return replace(again, entry=named, section="summary", line="") if named else again
