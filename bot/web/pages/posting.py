"""Postings: pasted or uploaded; one gets its verdict at once, more of them become a batch."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Coroutine
from itertools import islice
from typing import Annotated, Any

from fastapi import APIRouter, File, Form, Request, UploadFile
from fastapi.responses import Response
from fastapi.routing import APIRoute
from starlette.concurrency import run_in_threadpool

from bot.app import App
from bot.postings import readers
from bot.postings.columns import Named
from bot.postings.model import Unreadable
from bot.postings.uploads import MAX_FILES, Inbox, receive
from bot.texts import say
from bot.web import corrections, verdicts
from bot.web.auth import Visitor, app_for, batches, require
from bot.web.batch_results import Options, sentence
from bot.web.batches import FULL, Unfinished
from bot.web.render import page, redirect, with_cookies
from rules.postings import detect
from rules.postings.classify import classify
from rules.postings.model import Posting

MEDIA = {"json": "application/json", "csv": "text/csv; charset=utf-8"}
SHOWN = 10
"""Batches listed on the page."""


class Guarded(APIRoute):
    """A route whose caller is known, and may do this, before anything they sent is read."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The handler behind the guard."""
        inner = super().get_route_handler()

        async def handle(request: Request) -> Response:
            request.state.who = await run_in_threadpool(require, request, "classify")
            return await inner(request)

        return handle


router = APIRouter(include_in_schema=False, route_class=Guarded)


@router.get("/posting")
def show(request: Request) -> Response:
    """The two forms and the person's last batches."""
    return _forms(request, require(request, "classify"))


@router.post("/posting")
def take(
    request: Request,
    files: Annotated[list[UploadFile] | None, File()] = None,
    text: Annotated[str, Form()] = "",
    title: Annotated[str, Form(max_length=1000)] = "",
    decided: Annotated[str, Form(max_length=80)] = "",
    download: Annotated[str, Form(max_length=10)] = "",
    correct: Annotated[str, Form(max_length=80)] = "",
    reason: Annotated[str, Form(max_length=1000)] = "",
    undo: Annotated[int, Form()] = 0,
    column: Annotated[str, Form(max_length=200)] = "",
    title_column: Annotated[str, Form(max_length=200)] = "",
    once: Annotated[str, Form(max_length=40)] = "",
) -> Response:
    """A text or files; the page about a verdict sends its text again to decide and to download.

    *once*: files that the same form has brought already make no second batch.
    """
    who = require(request, "classify")
    given = [file for file in files or () if file.filename]
    try:
        if given:
            named = Named(column.strip() or None, title_column.strip() or None)
            return _files(request, who, given, named, once)
        pack = app_for(request).book.pack
        posting = Posting(text, title) if title.strip() else detect.read(text, pack)
        # A row of a table may be a title alone; what was asked about it can be answered.
        if not text.strip() and not (title.strip() and (decided or correct or undo or download)):
            raise Unreadable("web.posting.nothing")
        if undo:
            corrections.undo(request, who, verdicts.tidy(posting), undo)
        elif correct and not download:
            corrections.keep(request, who, verdicts.tidy(posting), correct, reason)
        return _verdict(request, who, posting, decided, download)
    except Unreadable as problem:
        return _forms(request, who, 422, sentence(problem, who.language))
    except Unfinished:
        return _forms(request, who, 409, say(who.language, "web.posting.unfinished"))
    except OSError:
        return _forms(request, who, 507, say(who.language, FULL))


def _forms(request: Request, who: Visitor, status: int = 200, wrong: str = "") -> Response:
    jobs = app_for(request).store.jobs.list_for(who.account.id, SHOWN)
    return page(
        request, who, "posting.html", status, told=wrong, jobs=jobs, most=verdicts.MAX_CHARS,
        max_files=MAX_FILES, once=secrets.token_hex(8),
    )  # fmt: skip


def _files(
    request: Request, who: Visitor, files: list[UploadFile], named: Named, once: str
) -> Response:
    """A verdict where the files hold one posting, else a batch."""
    app, jobs = app_for(request), batches(request)
    inbox = receive(((file.filename or "", file.file) for file in files), jobs.folder)
    try:
        posting = _single_posting(inbox, app)
        if posting is None:
            name = f"{who.account.id} {once}"
            if once and not app.store.replays.first_time("batch", name):
                inbox.empty()
                return redirect(request, who, "/posting#batches")
            options = Options(named, who.language)
            job = jobs.start(who.account.id, inbox, options, app.book.pack)
            return redirect(request, who, f"/posting/jobs/{job}")
    except BaseException:
        inbox.empty()
        raise
    inbox.empty()
    return _verdict(request, who, posting)


def _single_posting(inbox: Inbox, app: App) -> Posting | None:
    """The posting, if there is just one. Raises Unreadable."""
    first, *more = inbox.uploads
    if more or first.form not in (*readers.DOCUMENTS, "jsonl", "json"):
        return None
    rows = list(islice(readers.rows(first.path, first.form, Named(), app.book.pack), 2))
    if first.form == "jsonl" and len(rows) == 1 and rows[0].problem:
        raise rows[0].problem
    return rows[0].posting if len(rows) == 1 else None


def _verdict(
    request: Request, who: Visitor, posting: Posting, decided: str = "", download: str = ""
) -> Response:
    found = app_for(request)
    pack, language = found.book.pack, who.language
    posting = verdicts.tidy(posting)
    if not posting.description.strip() and not posting.title:
        raise Unreadable("web.posting.nothing")
    verdict = classify(posting, pack)
    decided = verdicts.chosen_function(decided, verdict)
    if download in MEDIA:
        held = corrections.decision_for(request, verdict)
        content = verdicts.download(posting, download, pack, language, decided, held)
        response = Response(content, media_type=MEDIA[download])
        response.headers["content-disposition"] = f'attachment; filename="verdict.{download}"'
        return with_cookies(request, who, response)
    held = corrections.decision_for(request, verdict)
    if not decided:
        found.counts.add([("function", verdict.function)])
    view = verdicts.view(posting, verdict, pack, language, decided, held)
    view |= corrections.view(held, pack, language)
    return page(request, who, "verdict.html", **view)
