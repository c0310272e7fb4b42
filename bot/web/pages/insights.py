"""Insights: questions per day, feedback, open questions in clusters, the state of the content."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from bot.insights import names
from bot.insights.page import figures
from bot.insights.reading import read
from bot.web.auth import app_for, book, require
from bot.web.housekeeping import reload
from bot.web.render import page, redirect

DAYS = (7, 30, 90, 365)
SHOWN = 30
"""Clusters and problems shown; the command `zhiwen report` writes them all."""
AUDITED = 50

router = APIRouter(include_in_schema=False)


@router.get("/insights")
def show(request: Request, days: Annotated[int, Query(ge=1, le=365)] = 30) -> Response:
    """What happened in the last days, and what is open."""
    who = require(request, "insights")
    found = app_for(request)
    found.counts.flush()
    seen, language = book(request, who), who.language
    report = read(found.store, seen, days, all_open=True)
    refusal = found.content.refusal

    values: dict[str, Any] = {
        "report": report,
        "figures": figures(report, seen, language),
        "groups": (("unanswered", report.unanswered), ("weak", report.weak_clusters)),
        "near": lambda cluster: names.visible_titles(cluster.near, seen, language),
        "days": days,
        "choices": DAYS,
        "shown": SHOWN,
        "version": seen.version,
        "problems": refusal.problems if refusal else (),
        "audited": found.store.audit.list_recent(AUDITED) if who.may("admin") else [],
    }
    return page(request, who, "insights.html", **values)


@router.post("/insights/reload")
def take(request: Request) -> Response:
    """Take the content as it is now, if it passes the check; takes seconds."""
    who = require(request, "edit")
    found = app_for(request)
    taken = reload(found)
    found.store.audit.note(who.name, "reload", found.book.version, "taken" if taken else "refused")
    return redirect(request, who, "/insights#content")
