"""The pages, one file for each; the list says which there are."""

from __future__ import annotations

from fastapi import APIRouter

from bot.web.pages import (
    account,
    chat,
    checklists,
    conversations,
    edits,
    entry_form,
    insights,
    jobs,
    knowledge,
    own_access,
    own_lists,
    people,
    posting,
    proposals,
    reminders,
    rows,
    run,
    run_end,
    run_more,
    status,
    teach,
)

ROUTERS: tuple[APIRouter, ...] = (
    chat.router,
    conversations.router,
    account.router,
    checklists.router,
    own_lists.router,
    run_more.router,
    run_end.router,
    reminders.router,
    status.router,
    people.router,
    own_access.router,
    run.router,
    posting.router,
    jobs.router,
    rows.router,
    knowledge.router,
    insights.router,
    proposals.router,
    teach.router,
    edits.router,
    entry_form.router,
)
