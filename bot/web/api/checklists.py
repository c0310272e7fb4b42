"""Checklists: the templates, runs of them, marks, owners, closing and reopening."""

from __future__ import annotations

import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Request

from bot import runs
from bot.runs.own_templates import visible_templates
from bot.web.api import models, run_models
from bot.web.api.guard import Guarded, Key, Who, idempotent, openapi_extra
from bot.web.auth import Visitor, app_for, book
from rules.checklists.build import OWN

router = APIRouter(prefix="/checklists", route_class=Guarded)
Id = Annotated[str, Path(max_length=32)]
RIGHT = "checklists"


@router.get(
    "", response_model=list[models.EntryLine], openapi_extra=openapi_extra("checklists", RIGHT)
)
def checklists(request: Request, who: Who, lang: models.Language | None = None) -> Any:
    """List the checklists of which a run can be started: ours, then those that people wrote."""
    ours = runs.templates(book(request, who), lang or who.language)
    own = visible_templates(app_for(request).store, who.account)
    return [{"id": one.id, "kind": one.kind, "title": one.title} for one in ours] + [
        {"id": f"{OWN}{one.id}", "kind": "checklist", "title": one.title} for one in own
    ]


@router.get(
    "/runs", response_model=list[run_models.RunLine], openapi_extra=openapi_extra("runs", RIGHT)
)
def list_runs(request: Request, who: Who, status: Literal["open", "closed"] | None = None) -> Any:
    """List the last hundred runs, the newest first."""
    store, today = app_for(request).store, datetime.date.today()
    views = runs.views(store, book(request, who), who.account, today, status)
    return [runs.as_json(view) for view in views]


@router.post(
    "/runs",
    status_code=201,
    response_model=run_models.Run,
    openapi_extra=openapi_extra("start", RIGHT),
)
def start(request: Request, who: Who, body: run_models.Begin, key: Key = None) -> Any:
    """Begin a run of a checklist as it is now."""
    store = app_for(request).store
    with idempotent(request, who, key):
        id_ = runs.start(
            store, book(request, who), who.account, body.checklist, body.lang or who.language,
            body.anchor, body.title,
        )  # fmt: skip
    return _run_json(request, who, id_)


@router.get("/runs/{id}", response_model=run_models.Run, openapi_extra=openapi_extra("run", RIGHT))
def run(request: Request, who: Who, id: Id) -> Any:
    """Tell one run with its progress."""
    return _run_json(request, who, id)


@router.post(
    "/runs/{id}/marks", response_model=run_models.Run, openapi_extra=openapi_extra("mark", RIGHT)
)
def mark(request: Request, who: Who, id: Id, body: run_models.Ticking) -> Any:
    """Tick an item, untick it, or say why it does not apply; the same again changes nothing."""
    runs.mark(
        app_for(request).store,
        who.account,
        id,
        body.item,
        body.state,
        body.note,
        body.revision,
    )
    return _run_json(request, who, id)


@router.post(
    "/runs/{id}/assign", response_model=run_models.Run, openapi_extra=openapi_extra("assign", RIGHT)
)
def assign(request: Request, who: Who, id: Id, body: run_models.Assigning) -> Any:
    """Say who holds which role, and when T is; what is not named stays as it is."""
    anchor = runs.KEEP if body.anchor is None else body.anchor
    runs.assign(app_for(request).store, who.account, id, body.owners, anchor)
    return _run_json(request, who, id)


@router.post(
    "/runs/{id}/close", response_model=run_models.Run, openapi_extra=openapi_extra("close", RIGHT)
)
def close(request: Request, who: Who, id: Id, body: run_models.Nothing) -> Any:
    """Close a run; not as long as a killer item is open."""
    runs.close(app_for(request).store, who.account, id)
    return _run_json(request, who, id)


@router.post(
    "/runs/{id}/reopen", response_model=run_models.Run, openapi_extra=openapi_extra("reopen", RIGHT)
)
def reopen(request: Request, who: Who, id: Id, body: run_models.Nothing) -> Any:
    """Open a closed run again."""
    runs.reopen(app_for(request).store, who.account, id)
    return _run_json(request, who, id)


def _run_json(request: Request, who: Visitor, id_: str) -> dict[str, Any]:
    store, today = app_for(request).store, datetime.date.today()
    return runs.as_json(runs.view(store, book(request, who), who.account, id_, today))
