"""The calendar of one person: every dated item that is theirs, over all runs in progress."""

from __future__ import annotations

import datetime
from collections.abc import Iterable

from bot.runs.duties import lines_of
from bot.runs.export import Export, calendar_of, event_of
from bot.runs.model import View
from bot.texts import say
from rules.checklists.progress import NOT_APPLICABLE


def feed(views: Iterable[View], name: str, language: str, now: float) -> bytes:
    """An iCalendar file with the items of the person of that name. Ids are those of an export."""
    result = calendar_of(say(language, "remind.calendar.name", name=name))
    stamp = datetime.datetime.fromtimestamp(now, datetime.UTC).replace(microsecond=0)
    for view in views:
        what = Export(view, (), language, now)
        numbers = {line.key: number for number, _, line in what.lines()}
        for line in lines_of(view):
            if line.due and line.state != NOT_APPLICABLE and view.is_for(line, name):
                result.add_component(event_of(what, numbers[line.key], line, stamp))
    made: bytes = result.to_ical()
    return made
