"""Batches of postings: how far one is, what it came to, its results; for whoever began it."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import FileResponse, Response

from bot.store import Gone
from bot.store.jobs import Job
from bot.texts import say
from bot.web.batches import BROKEN, WHY
from bot.web.outcomes import FORMS
from bot.web.render import page, to, wants_fragment, with_cookies
from bot.web.visitor import Visitor, batches, guarded

router = APIRouter(include_in_schema=False)


@router.get("/posting/jobs/{id_}")
def show(request: Request, id_: str) -> Response:
    """How far the batch is, or what it came to; a script on the page asks for the inner part."""
    who = guarded(request, "classify")
    job = _mine(request, who, id_)
    template = "job_state.html" if wants_fragment(request) else "job.html"
    return page(request, who, template, job=job, forms=tuple(FORMS), **_view(request, who, job))


@router.get("/posting/jobs/{id_}/{form}")
def download(request: Request, id_: str, form: str) -> Response:
    """The results in one format."""
    who = guarded(request, "classify")
    job = _mine(request, who, id_)
    path = batches(request).result(job, form)
    stem = job.name.rpartition(".")[0] or job.name
    media = FORMS[form][1]
    response = FileResponse(path, media_type=media, filename=f"{stem}-classified.{form}")
    return with_cookies(request, who, response)


@router.post("/posting/jobs/{id_}/delete")
def delete(request: Request, id_: str) -> Response:
    """Stop the batch if it is under way, and forget it."""
    who = guarded(request, "classify")
    batches(request).delete(_mine(request, who, id_))
    return to(request, who, "/posting")


def _mine(request: Request, who: Visitor, id_: str) -> Job:
    """The batch, if the visitor began it or is an admin. Raises Gone for another's too."""
    job = batches(request).get(id_)
    if job.person != who.someone.id and not who.may("admin"):
        raise Gone(id_)
    return job


def _view(request: Request, who: Visitor, job: Job) -> dict[str, Any]:
    language = who.language
    told = batches(request).told(job) if job.status != "running" else {}
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
