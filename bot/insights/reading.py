"""The report on what a store holds."""

from __future__ import annotations

import datetime

from bot.insights.model import Report
from bot.insights.summary import report
from bot.store import Store
from rules.book import RuleBook


def read(store: Store, book: RuleBook, days: int, all_open: bool = False) -> Report:
    """The last *days* days, today being the last, by UTC; *all_open*: open questions of any age.

    Raises Busy.
    """
    today = datetime.datetime.now(datetime.UTC).date()
    first = datetime.datetime.combine(
        today - datetime.timedelta(days=days - 1), datetime.time(), datetime.UTC
    ).timestamp()
    learning = store.learning
    return report(
        learning.counts(days),
        learning.all_feedback(first),
        learning.questions(0.0 if all_open else first),
        book.base.lexicon.stop,
        book.base.words,
        today,
        days,
    )
