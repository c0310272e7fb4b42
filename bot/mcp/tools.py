"""The tools in one table: what each takes and gives, the right that it needs, what it changes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from bot.mcp import answers, models, work
from bot.mcp.caller import Caller
from bot.texts import say
from bot.web.api.models import EntryTold
from bot.web.api.run_models import Run

Act = Callable[[Caller, Any], BaseModel]


@dataclass(frozen=True, slots=True)
class Tool:
    """Something that an assistant may call."""

    act: Act
    takes: type[BaseModel]
    gives: type[BaseModel]
    right: str
    changes: bool = False
    """Whether it writes anything; the same call twice may then write twice."""
    repeats: bool = True
    """Whether the same call again changes nothing more."""


TOOLS: dict[str, Tool] = {
    "ask": Tool(answers.ask, models.Ask, models.Answer, "ask"),
    "search_entries": Tool(answers.search, models.Search, models.Found, "ask"),
    "read_entry": Tool(answers.read, models.Read, EntryTold, "ask"),
    "compare": Tool(answers.compare, models.Compare, models.Compared, "ask"),
    "classify_posting": Tool(work.classify, models.Classify, models.Verdict, "classify"),
    "draft_posting": Tool(work.draft, models.Draft, models.Posting, "ask"),
    "list_checklists": Tool(work.checklists, models.Listing, models.Checklists, "checklists"),
    "read_checklist": Tool(work.checklist, models.Read, models.Checklist, "checklists"),
    "list_runs": Tool(work.list_runs, models.Runs, models.RunList, "checklists"),
    "read_run": Tool(work.one_run, models.OneRun, Run, "checklists"),
    "start_run": Tool(work.start, models.Start, Run, "checklists", changes=True, repeats=False),
    "tick_item": Tool(work.tick, models.Tick, Run, "checklists", changes=True),
}
"""Name -> the tool; ``mcp.tool.<name>`` and ``mcp.title.<name>`` tell what it is for."""


def in_both(key: str) -> str:
    """A sentence for the assistant that calls, in English and in Chinese."""
    return f"{say('en', key)}\n\n{say('zh', key)}"
