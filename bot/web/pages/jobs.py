"""Batches of postings: how far one is, its rows as a table, its results; for whoever may see it."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Form, Request
from fastapi.responses import FileResponse, Response

from bot.postings.output import name_of
from bot.store import NotFound
from bot.store.corrections import Correction
from bot.store.jobs import Job
from bot.texts import say
from bot.web import batch_refresh, batch_table
from bot.web.auth import Visitor, app_for, batches, require
from bot.web.batch_results import FORMS
from bot.web.batch_table import Line, View
from bot.web.batches import BROKEN, WHY
from bot.web.render import page, redirect, wants_fragment, with_cookies
from rules.postings.model import OUT_OF_SCOPE
from rules.postings.posting_rules import PostingRules

MAX_SOUGHT = 100
SHARED = "shared"
router = APIRouter(include_in_schema=False)


@router.get("/posting/jobs/{id_}")
def show(request: Request, id_: str) -> Response:
    """How far the batch is, or its rows; a script on the page asks for the inner part."""
    who = require(request, "classify")
    job = visible_job(request, who, id_)
    template = "job_state.html" if wants_fragment(request) else "job.html"
    values = _view(request, who, job) | _table(request, who, job)
    return page(
        request, who, template, job=job, forms=tuple(FORMS), mine=is_owner(who, job), **values
    )


@router.get("/posting/jobs/{id_}/{form}")
def download(request: Request, id_: str, form: str) -> Response:
    """The results in one format, with everything that was decided."""
    who = require(request, "classify")
    job, app = visible_job(request, who, id_), app_for(request)
    path = batches(request).result(job, form)
    if not batch_refresh.refresh(path.parent, app.store, app.book.pack):
        return page(
            request, who, "error.html", 503, told=say(who.language, "web.posting.rewriting"),
            detail="",
        )  # fmt: skip
    stem = job.name.rpartition(".")[0] or job.name
    response = FileResponse(path, media_type=FORMS[form][1], filename=f"{stem}-classified.{form}")
    return with_cookies(request, who, response)


@router.post("/posting/jobs/{id_}/delete")
def delete(request: Request, id_: str) -> Response:
    """Stop the batch if it is under way, and forget it."""
    who = require(request, "classify")
    job = visible_job(request, who, id_)
    if not is_owner(who, job):
        raise NotFound(id_)
    batches(request).delete(job)
    return redirect(request, who, "/posting")


@router.post("/posting/jobs/{id_}/share")
def share(request: Request, id_: str, on: Annotated[bool, Form()] = True) -> Response:
    """Let everyone who may classify open the batch by its address, or nobody else any more."""
    who = require(request, "classify")
    job = visible_job(request, who, id_)
    if not is_owner(who, job):
        raise NotFound(id_)
    app_for(request).store.jobs.change(id_, summary={**job.summary, SHARED: on})
    return redirect(request, who, f"/posting/jobs/{id_}#share")


def visible_job(request: Request, who: Visitor, id_: str) -> Job:
    """The batch, for whoever began it, admins, and where it is shared. Raises NotFound."""
    job = batches(request).get(id_)
    if not (is_owner(who, job) or (job.status == "done" and job.summary.get(SHARED))):
        raise NotFound(id_)
    return job


def is_owner(who: Visitor, job: Job) -> bool:
    """Whether the visitor began the batch, or may do everything."""
    return job.person == who.account.id or who.may("admin")


def view_of(request: Request) -> View:
    """What the address asks to see of a table."""
    asked = request.query_params
    show, sort = asked.get("show", ""), asked.get("sort", "")
    return View(
        show if show in batch_table.SHOWS else "", asked.get("function", "")[:MAX_SOUGHT],
        asked.get("sought", "").strip()[:MAX_SOUGHT],
        sort if sort in batch_table.SORTS else "place", asked.get("down") == "1",
    )  # fmt: skip


def _table(request: Request, who: Visitor, job: Job) -> dict[str, Any]:
    """One page of the table; nothing of a batch under way, or of an earlier release."""
    if job.status != "done":
        return {"table": None}
    try:
        lines = batch_table.lines(batches(request).folder / job.id)
    except NotFound:
        return {"table": None}
    app, view = app_for(request), view_of(request)
    rules, language = app.book.pack, who.language
    corrected = batch_refresh.corrections(lines, app.store)
    shown = batch_table.looked_at(lines, view, corrected)
    last = max(1, -(-len(shown) // batch_table.PAGE))
    leaf = min(max(1, _number(request.query_params.get("p", ""))), last)
    first = (leaf - 1) * batch_table.PAGE

    def name(function: str) -> str:
        return name_of(function, rules, language) if function in known else function

    known = {*rules.by_name, OUT_OF_SCOPE}
    present = sorted(
        {batch_table.effective_function(one, corrected) for one in lines if one.function}
    )
    return {
        "table": shown[first : first + batch_table.PAGE], "view": view, "found": len(shown),
        "leaf": leaf, "last": last, "corrected": corrected, "name": name,
        "functions": [(f, name_of(f, rules, language)) for f in (*rules.functions, OUT_OF_SCOPE)],
        "present": sorted(((f, name(f)) for f in present), key=lambda pair: pair[1]),
        "counts": batch_table.count_shown(lines, corrected),
        "shared": bool(job.summary.get(SHARED)), "owner": is_owner(who, job),
    } | _sums(lines, corrected, rules, language)  # fmt: skip


def _sums(
    lines: tuple[Line, ...], corrected: dict[str, Correction], rules: PostingRules, language: str
) -> dict[str, Any]:
    """What the batch came to by now: in a line above the table, and in full below it."""
    summary = batch_table.summed_up(lines, corrected, rules)
    told = list(summary.lines(rules, language))
    at = told.index((say(language, "classify.summary.functions"), None)) + 1
    return {
        "sums": told[at : at + len(summary.functions)],
        "lines": told,
        "most": max((value for _, value in told[2:] if value), default=1),
    }


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 7 else 1


def _view(request: Request, who: Visitor, job: Job) -> dict[str, Any]:
    language = who.language
    told = batches(request).overview(job) if job.status != "running" else {}
    lines = told.get("lines", {}).get(language, [])
    notable = [
        (name, [(place, said[language]) for place, said in told.get(name, ())])
        for name in ("broken", "mislabelled", "mixed")
    ]
    problem = ""
    if job.status == "failed":
        key = job.problem if job.problem in WHY else BROKEN
        problem = told["problem"][language] if "problem" in told else say(language, key)
    return {
        "lines": lines,
        "most": max((value for _, value in lines[2:] if value), default=1),
        "notable": [(name, rows) for name, rows in notable if rows],
        "problem": problem,
        "read": told.get("read", {}).get(language, []),
        "lost": job.status == "done" and not told,
    }
