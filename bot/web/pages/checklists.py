"""Checklists: those in progress, those to begin with, and a check of one's own."""

from __future__ import annotations

import datetime
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response

from bot import runs
from bot.web.render import page, to
from bot.web.visitor import book, guarded, service
from knowledge.engine.model import LANGUAGES
from rules.checklists.lint import lint as lint_text

MAX_NEED = 300
MAX_LIST = 100_000
"""Characters of a list that is pasted to be checked."""

router = APIRouter(include_in_schema=False)


@router.get("/checklists")
def show(request: Request, need: str = "") -> Response:
    """Runs in progress and closed, and every checklist; those that fit a need come first."""
    who = guarded(request, "checklists")
    found, seen = service(request), book(request, who)
    today = datetime.date.today()
    need = need.strip()[:MAX_NEED]
    fits = runs.find(seen, need, who.language) if need else ()
    templates = {one.id: one for one in runs.templates(seen, who.language)}
    return page(
        request,
        who,
        "checklists.html",
        open=runs.views(found.store, seen, who.someone, today, "open", who.language),
        closed=runs.views(found.store, seen, who.someone, today, "closed", who.language),
        need=need,
        fits=[templates[id_] for id_ in fits if id_ in templates],
        templates=list(templates.values()),
    )


@router.post("/checklists/start")
def start(
    request: Request,
    checklist: Annotated[str, Form(max_length=80)] = "",
    title: Annotated[str, Form(max_length=1_000)] = "",
    anchor: Annotated[str, Form(max_length=40)] = "",
    language: Annotated[str, Form(max_length=2)] = "",
) -> Response:
    """Begin a run, and show it."""
    who = guarded(request, "checklists")
    spoken = language if language in LANGUAGES else who.language
    id_ = runs.start(
        service(request).store, book(request, who), who.someone, checklist, spoken, anchor, title
    )
    return to(request, who, f"/checklists/{id_}")


@router.get("/checklists/lint")
def ask(request: Request) -> Response:
    """The form for a list that somebody wrote."""
    who = guarded(request, "checklists")
    return page(request, who, "checklist_lint.html", text="", findings=None)


@router.post("/checklists/lint")
def lint(
    request: Request,
    text: Annotated[str, Form(max_length=MAX_LIST)] = "",
) -> Response:
    """The form with what was found in the list; nothing of it is kept."""
    who = guarded(request, "checklists")
    findings = lint_text(text)
    return page(request, who, "checklist_lint.html", text=text, findings=findings)
