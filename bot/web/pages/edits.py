"""Edits of the overlay: their history, and one with its trial, to be applied or taken back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response

from bot.app import App
from bot.editing import files, forms, history, trial
from bot.editing import teach as lines
from bot.editing.refusal import EditRefused
from bot.editing.trial import STAGES, Found
from bot.insights import names, sentences
from bot.store import NotFound, Store
from bot.store.edits import APPLIED, RUNNING, UNDONE, Edit
from bot.texts import say
from bot.web.auth import Visitor, app_for, book, require
from bot.web.pages.proposals import cluster_of
from bot.web.pages.teach import begin
from bot.web.pagination import Number
from bot.web.render import page, redirect, wants_fragment
from bot.web.trials import STAGE
from knowledge.engine.model import KINDS
from rules.proposal import Change, Patch, Unfit

LISTED = 100
Act = Callable[[Store, Any, str, str], Edit]
router = APIRouter(include_in_schema=False)


@router.get("/edit")
def list_edits(request: Request, at: Number = 0) -> Response:
    """The edits, newest first, and where a new entry begins."""
    who = require(request, "edit")
    app, seen = app_for(request), book(request, who)
    last = app.store.edits.list_recent(LISTED + 1, skip=at * LISTED)
    shown = [one for one in last[:LISTED] if _may_see(request, who, one)]
    return page(
        request, who, "edits.html", edits=shown, kinds=tuple(KINDS),
        title=lambda id_: names.entry(id_, seen, who.language),
        overlay=app.content.overlay, at=at, more=len(last) > LISTED,
    )  # fmt: skip


@router.get("/edit/changes/{id_}")
def show(request: Request, id_: str) -> Response:
    """One edit: how far its trial is, what it found, and what may be done now."""
    who = require(request, "edit")
    return _edit_page(request, who, _edit(request, who, id_))


@router.post("/edit/changes/{id_}/apply")
def apply(request: Request, id_: str, settle: Annotated[str, Form(max_length=3)] = "") -> Response:
    """Write it into the overlay, and settle the questions that it is for."""
    who = require(request, "edit")
    edit = _edit(request, who, id_)
    response = _act_on(request, who, edit, history.apply)
    store = app_for(request).store
    if settle and store.edits.get(id_).status == APPLIED and "cluster" in edit.what:
        _settle(request, edit)
    return response


def _settle(request: Request, edit: Edit) -> None:
    try:
        cluster = cluster_of(request, int(edit.what["cluster"]))
    except NotFound:  # somebody has settled it already
        return
    newest = int(edit.what["newest"])
    app_for(request).store.feedback.settle(one for one in cluster.ids if one <= newest)


@router.post("/edit/changes/{id_}/undo")
def undo(request: Request, id_: str) -> Response:
    """Give the files back what they said before."""
    who = require(request, "edit")
    return _act_on(request, who, _edit(request, who, id_), history.undo)


@router.post("/edit/changes/{id_}/again")
def try_again(request: Request, id_: str) -> Response:
    """Try it once more: a line over what the files say by now, a form where it was filled in."""
    who, app = require(request, "edit"), app_for(request)
    edit = _edit(request, who, id_)
    what = dict(edit.what)
    if "form" in what:
        return redirect(request, who, f"/edit/entry/{edit.entry}?change={id_}")
    change = Change(edit.entry, *(str(what[key]) for key in ("kind", "text", "language")))
    change = Change(edit.entry, change.kind, change.text, change.language, what["section"])
    overlay, base = files.overlay_of(app.content.overlay), book(request, who).base
    try:
        edits = lines.edits(app.content.root, overlay, base, change)
    except Unfit as error:
        told = say(who.language, f"proposal.unfit.{error.reason}")
        return _edit_page(request, who, edit, told)
    return begin(request, who, edit.entry, what, edits, f"{id_} {app.store.edits.get(id_).changed}")


def _act_on(request: Request, who: Visitor, edit: Edit, act: Act) -> Response:
    """Apply or undo; what stands in the way is told on the page of the edit."""
    app = app_for(request)
    try:
        done = act(app.store, app.content.overlay, edit.id, who.name)
    except EditRefused as error:
        return _edit_page(request, who, edit, error.message(who.language), error.reason)
    if done.status != edit.status:
        app.store.audit.note(who.name, f"edit_{act.__name__}", edit.entry, edit.id)
    return redirect(request, who, f"/edit/changes/{edit.id}")


def _edit(request: Request, who: Visitor, id_: str) -> Edit:
    """An edit of an entry that the visitor may see; its trial is seen to. Raises NotFound."""
    edit = app_for(request).store.edits.get(id_)
    if not _may_see(request, who, edit):
        raise NotFound(id_)
    request.app.state.trials.start(edit)
    return edit


def _may_see(request: Request, who: Visitor, edit: Edit) -> bool:
    """Whether the entry is open to the visitor, in the content in use and in the edit itself."""
    if edit.entry in book(request, who).base.hidden:
        return False
    texts = (text for one in edit.files for text in (one.before, one.after))
    return forms.admits(texts, who.account.roles)


def _edit_page(
    request: Request, who: Visitor, edit: Edit, problem: str = "", reason: str = ""
) -> Response:
    app, seen, language = app_for(request), book(request, who), who.language
    found = trial.from_data(dict(edit.result)).hide_entries(seen.base.hidden)
    template = "edit_state.html" if wants_fragment(request) else "edit.html"
    return page(
        request, who, template, 409 if problem else 200,
        edit=edit, found=found, problem=problem, verdict=_verdict(edit, found, language),
        stale=reason.startswith("changed"), live=_live_state(app, edit),
        stage=STAGES.index(edit.result[STAGE]) + 1 if STAGE in edit.result else 0,
        stages=len(STAGES), title=names.entry(edit.entry, seen, language),
        stage_name=edit.result.get(STAGE, "wait"),
        got=lambda band, entry, section: _answer_text(
            band, names.entry(entry, seen, language) if entry else "", section, language
        ),
        diffs=[
            Patch(one.path, one.before or "", one.after or "").diff.split("\n")[:-1]
            for one in edit.files
        ],
    )  # fmt: skip


def _answer_text(band: str, entry: str, section: str, language: str) -> str:
    """What a question gets: the band, the entry, and the section that answers."""
    told = f"{entry} · {names.section(section, language)}" if entry and section else entry
    return sentences.band_sentence(band, told, language)


def _live_state(app: App, edit: Edit) -> str:
    """Whether an edit that was written is in the answers: live, refused, or soon."""
    overlay = app.content.overlay
    if edit.status not in (APPLIED, UNDONE) or overlay is None:
        return ""
    if app.content.uses(overlay / one.path for one in edit.files):
        return "live"
    return "refused" if app.content.refusal and not app.content.has_changed() else "soon"


def _verdict(edit: Edit, found: Found, language: str) -> str:
    """One sentence on what the trial found."""
    if edit.status == RUNNING:
        return ""
    if "broken" in edit.result:
        return say(language, "edit.broke")
    count = len(found.problems) + found.unseen
    if count and not found.examined:
        return say(language, "proposal.broken", count=count)
    if not found.passes_check:
        return say(language, "proposal.fails", count=count, examined=found.examined)
    gained = sum(shift.is_gained for shift in found.asked)
    return say(language, "proposal.fine", examined=found.examined, gained=gained)
