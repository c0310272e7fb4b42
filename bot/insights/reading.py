"""The report on what a store holds."""

from __future__ import annotations

import datetime

from bot.insights.model import Report
from bot.insights.summary import report
from bot.store import Store
from rules.book import RuleBook


def read(store: Store, book: RuleBook, days: int, all_open: bool = False) -> Report:
    """The last *days* days, today being the last, by UTC; *all_open*: open questions of any age.

    Raises StoreUnavailable.
    """
    today = datetime.datetime.now(datetime.UTC).date()
    first = datetime.datetime.combine(
        today - datetime.timedelta(days=days - 1), datetime.time(), datetime.UTC
    ).timestamp()
    feedback = store.feedback
    return report(
        feedback.counts(days),
        feedback.all(first),
        feedback.questions(0.0 if all_open else first),
        book.base.lexicon.stop,
        book.base.words,
        today,
        days,
    )
