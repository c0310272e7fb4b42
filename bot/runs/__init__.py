"""Checklist runs as people work through them.

Plain functions over the store, the book and a person: the pages, the API, the channels and the
command line all do the same with them. What a run does not allow is told by `ActionNotAllowed`.
"""

from bot.runs.commands import assign, close, mark, reopen, repeat, start, start_with
from bot.runs.duties import late_at_start
from bot.runs.lifecycle import (
    add_item,
    archive,
    cancel,
    comment,
    link,
    remarks,
    rename,
    renew,
    repeat_monthly,
    retract,
)
from bot.runs.model import ActionNotAllowed, View, date, section_title
from bot.runs.plan import KEEP, may_lead
from bot.runs.queries import as_json, history, template, templates, view, views, with_run
from bot.runs.search import find

__all__ = [
    "KEEP", "ActionNotAllowed", "View", "add_item", "archive", "as_json", "assign", "cancel",
    "close", "comment", "date", "find", "history", "late_at_start", "link", "mark", "may_lead",
    "remarks", "rename", "renew", "reopen", "repeat", "repeat_monthly", "retract",
    "section_title", "start", "start_with", "template", "templates", "view", "views", "with_run",
]  # fmt: skip
