"""Checklists: the templates, runs of them, marks, closing and reopening."""

from __future__ import annotations

import dataclasses
import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Query, Request

from bot.store import Gone
from bot.store.runs import Run
from bot.texts import say
from bot.web.api import examples, models
from bot.web.api.guard import Guarded, Key, Who, needs, once
from bot.web.visitor import Denied, Visitor, service
from knowledge import shape
from knowledge.model import Checklist
from rules import checklist as rules

router = APIRouter(prefix="/checklists", route_class=Guarded)
Id = Annotated[str, Path(max_length=32)]


class Refused(Exception):
    """What was asked for would break a rule of the checklist: the sentence that says which."""

    def __init__(self, status: int, key: str, detail: str = "") -> None:
        super().__init__(key)
        self.status, self.key, self.detail = status, key, detail


def _extra(call: str, status: int = 200) -> dict[str, Any]:
    return needs("checklists") | examples.of(call, status)


@router.get("", response_model=list[models.EntryLine], openapi_extra=_extra("checklists"))
def templates(request: Request, who: Who, lang: models.Language | None = None) -> Any:
    """List the checklists of which a run can be started."""
    base, language = service(request).book.base, lang or who.language
    return [
        {"id": id_, "kind": "checklist", "title": base.title(id_, language)}
        for id_ in base.ids("checklist")
    ]


@router.get("/runs", response_model=list[models.RunLine], openapi_extra=_extra("runs"))
def runs(
    request: Request,
    status: Literal["open", "closed"] | None = None,
    most: Annotated[int, Query(ge=1, le=500)] = 100,
) -> Any:
    """List runs, the newest first."""
    return [_line(run) for run in service(request).store.runs.all(status, most)]


@router.post(
    "/runs", status_code=201, response_model=models.Run, openapi_extra=_extra("start", 201)
)
def start(request: Request, who: Who, body: models.Begin, key: Key = None) -> Any:
    """Begin a run of a checklist as it is now."""
    found = service(request)
    base = found.book.base
    if body.checklist not in base.ids("checklist"):
        raise Gone(body.checklist)
    language = base.told_in(body.checklist, body.lang or who.language)
    entry = base.entry(body.checklist, language)
    with once(request, who, key):
        id_ = found.store.runs.start(
            body.checklist,
            body.title or entry.title,
            language,
            found.book.version,
            dataclasses.asdict(entry),
            who.name,
            body.anchor.isoformat() if body.anchor else None,
            body.owners,
        )
    return _run(found.store.runs.get(id_))


@router.get("/runs/{id}", response_model=models.Run, openapi_extra=_extra("run"))
def run(request: Request, id: Id) -> Any:
    """Tell one run with its progress."""
    return _run(service(request).store.runs.get(id))


@router.post("/runs/{id}/marks", response_model=models.Run, openapi_extra=_extra("mark"))
def mark(request: Request, who: Who, id: Id, body: models.Ticking) -> Any:
    """Tick an item, untick it, or say why it does not apply; the same again changes nothing."""
    found = service(request)
    checklist = _template(found.store.runs.get(id))
    if body.item not in dict(rules.keys(checklist)):
        raise Gone(body.item)
    if body.state == "na" and not body.note.strip():
        raise Refused(422, "web.error.invalid", say(who.language, "invalid.na_note"))
    found.store.runs.mark(id, body.item, body.state, who.name, body.note, body.revision)
    return _run(found.store.runs.get(id))


@router.post("/runs/{id}/close", response_model=models.Run, openapi_extra=_extra("close"))
def close(request: Request, who: Who, id: Id, body: models.Nothing) -> Any:
    """Close a run; not as long as a killer item is open."""
    found = service(request)
    before = found.store.runs.get(id)
    _may(who, before)
    gates = rules.progress(_template(before), _states(before)).gates
    if gates:
        raise Refused(409, "web.error.gates", "; ".join(line.item.text for line in gates))
    found.store.runs.close(id, who.name)
    return _run(found.store.runs.get(id))


@router.post("/runs/{id}/reopen", response_model=models.Run, openapi_extra=_extra("reopen"))
def reopen(request: Request, who: Who, id: Id, body: models.Nothing) -> Any:
    """Open a closed run again."""
    found = service(request)
    _may(who, found.store.runs.get(id))
    found.store.runs.reopen(id, who.name)
    return _run(found.store.runs.get(id))


def _may(who: Visitor, run: Run) -> None:
    if run.created_by != who.name and not who.may("shared_checklists"):
        raise Denied("shared_checklists")


def _template(run: Run) -> Checklist:
    made: Checklist = shape.revive(Checklist, run.template)
    return made


def _states(run: Run) -> dict[str, str]:
    return {key: mark.state for key, mark in run.marks.items()}


def _progress(run: Run) -> rules.Progress:
    anchor = datetime.date.fromisoformat(run.anchor) if run.anchor else None
    return rules.progress(_template(run), _states(run), anchor, datetime.date.today())


def _line(run: Run, progress: rules.Progress | None = None) -> dict[str, Any]:
    progress = progress or _progress(run)
    return {
        "id": run.id,
        "checklist": run.checklist,
        "title": run.title,
        "lang": run.language,
        "version": run.version,
        "status": run.status,
        "anchor": run.anchor,
        "owners": run.owners,
        "created": _iso(run.created),
        "created_by": run.created_by,
        "closed": _iso(run.closed) if run.closed else None,
        "closed_by": run.closed_by,
        "revision": run.revision,
        "settled": progress.settled,
        "total": progress.total,
        "late": len(progress.late),
        "closable": progress.closable,
    }


def _run(run: Run) -> dict[str, Any]:
    progress = _progress(run)
    return _line(run, progress) | {
        "next": progress.next.key if progress.next else None,
        "gates": [line.key for line in progress.gates],
        "sections": [
            {
                "name": section.name,
                "caller": section.caller,
                "settled": section.settled,
                "total": section.total,
                "items": [_item(run, line) for line in section.lines],
            }
            for section in progress.sections
        ],
    }


def _item(run: Run, line: rules.Line) -> dict[str, Any]:
    mark, item = run.marks.get(line.key), line.item
    return {
        "key": line.key,
        "text": item.text,
        "done_when": item.done_when,
        "owner_role": item.owner_role,
        "owner": run.owners.get(item.owner_role or ""),
        "killer": item.killer,
        "due": line.due.isoformat() if line.due else None,
        "late": line.late,
        "ready": line.ready,
        "state": line.state,
        "note": mark.note if mark else "",
        "by": mark.by if mark else None,
        "at": _iso(mark.at) if mark else None,
        "revision": mark.revision if mark else 0,
    }


def _iso(seconds: float) -> str:
    at = datetime.datetime.fromtimestamp(seconds, datetime.UTC)
    return at.isoformat(timespec="seconds").replace("+00:00", "Z")
