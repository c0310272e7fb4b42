"""Rows of a batch: opened with their evidence, corrected one after the other or many at once."""

from __future__ import annotations

from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response

from bot.postings.model import Row, Unreadable
from bot.store import NotFound
from bot.store.jobs import Job
from bot.web import batch_refresh, batch_table, corrections, verdicts
from bot.web.auth import Visitor, app_for, batches, require
from bot.web.batch_results import sentence
from bot.web.batch_table import Line
from bot.web.pages.jobs import view_of, visible_job
from bot.web.render import page, redirect
from rules.postings.classify import classify
from rules.postings.model import Posting

MAX_PICKED = 500
"""Rows that are corrected at once."""
router = APIRouter(include_in_schema=False)


@router.get("/posting/jobs/{id_}/rows/{number}")
def show(request: Request, id_: str, number: int) -> Response:
    """One posting of the batch with its verdict, and the ways to the rows before and after it."""
    who = require(request, "classify")
    return _show(request, who, visible_job(request, who, id_), number)


@router.post("/posting/jobs/{id_}/rows/{number}")
def correct(
    request: Request,
    id_: str,
    number: int,
    correct: Annotated[str, Form(max_length=80)] = "",
    reason: Annotated[str, Form(max_length=1000)] = "",
    undo: Annotated[int, Form()] = 0,
) -> Response:
    """Keep what the person decided, and go on to the next row that is shown; or take it back."""
    who = require(request, "classify")
    job = visible_job(request, who, id_)
    all_, line = _line(request, job, number)
    posting = _posting(_row(request, job, line))
    following = _neighbours(request, all_, number)[1]
    try:
        if undo:
            corrections.undo(request, who, posting, undo)
            return redirect(request, who, _address(request, job, number))
        corrections.keep(request, who, posting, correct, reason)
    except Unreadable as problem:
        return _show(request, who, job, number, 422, sentence(problem, who.language))
    return redirect(request, who, _address(request, job, following or 0))


@router.post("/posting/jobs/{id_}/correct")
def correct_all(
    request: Request,
    id_: str,
    pick: Annotated[list[int] | None, Form()] = None,
    correct: Annotated[str, Form(max_length=80)] = "",
    reason: Annotated[str, Form(max_length=1000)] = "",
) -> Response:
    """The same decision about every row that was picked. Raises Unreadable."""
    who = require(request, "classify")
    job = visible_job(request, who, id_)
    picked = sorted(set(pick or ()))[:MAX_PICKED]
    if not picked or not correct:
        raise Unreadable("web.posting.pick_first")
    for number in picked:
        _, line = _line(request, job, number)
        row = _row(request, job, line)
        if line.input:
            corrections.keep(request, who, _posting(row), correct, reason)
    return redirect(request, who, _address(request, job, 0))


def _show(
    request: Request, who: Visitor, job: Job, number: int, status: int = 200, wrong: str = ""
) -> Response:
    app, language = app_for(request), who.language
    all_, line = _line(request, job, number)
    row, rules = _row(request, job, line), app.book.pack
    before, after = _neighbours(request, all_, number)
    about: dict[str, Any] = {
        "batch": job, "line": line, "row": row, "wrong": wrong, "total": len(all_),
        "here": _address(request, job, number), "back": _address(request, job, 0),
        "before": before and _address(request, job, before),
        "after": after and _address(request, job, after),
    }  # fmt: skip
    if row.posting is None or not line.input:
        problem = sentence(row.problem or Unreadable("classify.row.empty"), language)
        return page(request, who, "row_broken.html", status, problem=problem, **about)
    posting = _posting(row)
    verdict = classify(posting, rules)
    held = corrections.decision_for(request, verdict)
    view = verdicts.view(posting, verdict, rules, language, "", held)
    view |= corrections.view(held, rules, language)
    return page(request, who, "row.html", status, **view, **about)


def _line(request: Request, job: Job, number: int) -> tuple[tuple[Line, ...], Line]:
    """(all lines, the one of that number). Raises NotFound."""
    all_ = batch_table.lines(batches(request).folder / job.id)
    if not 1 <= number <= len(all_):
        raise NotFound(str(number))
    return all_, all_[number - 1]


def _row(request: Request, job: Job, line: Line) -> Row:
    return batch_table.row(batches(request).folder / job.id, line)


def _posting(row: Row) -> Posting:
    """The posting of a row. Raises Unreadable for one that has none."""
    if row.posting is None:
        raise row.problem or Unreadable("classify.row.empty")
    return row.posting


def _neighbours(
    request: Request, all_: tuple[Line, ...], number: int
) -> tuple[int | None, int | None]:
    """The rows before and after it among those that are shown, in their order.

    A row that was corrected stands in no list of what needs a look; what follows is then found by
    its number.
    """
    corrected = batch_refresh.corrections(all_, app_for(request).store)
    shown = [line.number for line in batch_table.looked_at(all_, view_of(request), corrected)]
    if number in shown:
        at = shown.index(number)
        return (shown[at - 1] if at else None), (shown[at + 1] if at + 1 < len(shown) else None)
    earlier, later = [n for n in shown if n < number], [n for n in shown if n > number]
    return (max(earlier) if earlier else None), (min(later) if later else None)


def _address(request: Request, job: Job, number: int) -> str:
    """A row's page, or that of the table for 0, with what is shown of it."""
    view = view_of(request).query()
    query = f"?{urlencode(view)}" if view else ""
    row = f"/rows/{number}" if number else ""
    return f"/posting/jobs/{job.id}{row}{query}" + ("" if number else "#rows")
