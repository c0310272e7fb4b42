"""Checklist runs as people work through them.

Plain functions over the store, the book and a person: the pages, the API, the channels and the
command line all do the same with them. What a run does not allow is told by `Refused`.
"""

from bot.runs.commands import assign, close, mark, reopen, repeat, start
from bot.runs.model import Refused, View, date
from bot.runs.plan import KEEP, may_lead
from bot.runs.queries import as_json, history, template, templates, view, views, with_run
from bot.runs.search import find

__all__ = [
    "KEEP", "Refused", "View", "as_json", "assign", "close", "date", "find", "history", "mark",
    "may_lead", "reopen", "repeat", "start", "template", "templates", "view", "views", "with_run",
]  # fmt: skip
