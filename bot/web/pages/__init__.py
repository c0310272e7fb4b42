"""The pages, one file for each; the list says which there are."""

from __future__ import annotations

from fastapi import APIRouter

from bot.web.pages import (
    account,
    chat,
    checklists,
    insights,
    jobs,
    knowledge,
    posting,
    proposals,
    run,
)

ROUTERS: tuple[APIRouter, ...] = (
    chat.router,
    account.router,
    checklists.router,
    run.router,
    posting.router,
    jobs.router,
    knowledge.router,
    insights.router,
    proposals.router,
)
