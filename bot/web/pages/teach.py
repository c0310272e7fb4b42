"""Teaching: a line for an entry, from an open question to an edit that is tried."""

from __future__ import annotations

import hashlib
from typing import Annotated

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import Response

from bot.editing import teach as lines
from bot.editing.files import overlay_of
from bot.editing.refusal import EditRefused
from bot.store.edits import FileEdit
from bot.texts import say
from bot.web import knowledge_search, library, teaching
from bot.web.auth import Visitor, app_for, book, require
from bot.web.pages.proposals import cluster_of
from bot.web.render import page, redirect
from bot.web.teaching import Typed
from rules.proposal import MAX_TEXT, Change, Unfit

router = APIRouter(include_in_schema=False)


@router.get("/edit/entries")
def entries(
    request: Request, entry: Annotated[str, Query(max_length=library.MAX_QUERY)] = ""
) -> Response:
    """The entries that fit what is being typed, for the list below the field."""
    who = require(request, "edit")
    cards = knowledge_search.suggestions(book(request, who).base, entry, who.language)
    return page(request, who, "teach_entries.html", cards=cards)


@router.get("/edit/sections")
def sections(
    request: Request,
    entry: Annotated[str, Query(max_length=library.MAX_QUERY)] = "",
    near: Annotated[str, Query(max_length=80)] = "",
) -> Response:
    """The sections of the entry that is chosen."""
    who = require(request, "edit")
    id_, _ = teaching.find_entry(book(request, who).base, entry or near, who.language)
    told = teaching.sections(id_, who.language)
    return page(request, who, "teach_sections.html", sections=told, chosen="")


@router.post("/insights/clusters/{id_}/teach")
def teach(
    request: Request,
    id_: int,
    near: Annotated[str, Form(max_length=80)] = "",
    entry: Annotated[str, Form(max_length=library.MAX_QUERY)] = "",
    kind: Annotated[str, Form(max_length=20)] = "example",
    text: Annotated[str, Form(max_length=MAX_TEXT)] = "",
    language: Annotated[str, Form(max_length=2)] = "",
    section: Annotated[str, Form(max_length=40)] = "",
    once: Annotated[str, Form(max_length=40)] = "",
) -> Response:
    """Make the line into an edit, and begin to try it; what does not fit is told in the form."""
    who, found = require(request, "edit"), app_for(request)
    cluster, base = cluster_of(request, id_), book(request, who).base
    named, candidates = teaching.find_entry(base, entry or near, who.language)
    change = Change(named, kind, text, language, section)
    typed = Typed(change, entry, candidates, once)
    if not named:
        why = "edit.which" if candidates else "proposal.unfit.no_entry"
        return teaching.form(request, who, cluster, typed, 422, say(who.language, why))
    try:
        edits = lines.edits(found.content.root, overlay_of(found.content.overlay), base, change)
    except Unfit as error:
        reason = say(who.language, f"proposal.unfit.{error.reason}")
        return teaching.form(request, who, cluster, typed, 422, reason)
    except EditRefused as error:
        return teaching.form(request, who, cluster, typed, 409, error.message(who.language))
    asked = [(one.question, one.language) for one in cluster.spellings]
    what = {
        "kind": kind, "text": text, "language": language, "section": section, "cluster": id_,
        "newest": cluster.newest, "asked": _edit_questions(change, asked),
    }  # fmt: skip
    return begin(request, who, named, what, edits, once)


def _edit_questions(change: Change, asked: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """The questions that the edit is for: those of the cluster, and one that is taught."""
    own = [] if change.kind == "alias" else [(change.text, change.language)]
    return list(dict.fromkeys((*own, *asked)))[:50]


def begin(
    request: Request,
    who: Visitor,
    entry: str,
    what: dict[str, object],
    edits: tuple[FileEdit, ...],
    once: str,
) -> Response:
    """Keep the edit, begin to try it, and go to its page; the same form sent twice is one edit."""
    found = app_for(request)
    told = repr((once, who.account.id, entry, edits))
    id_ = hashlib.sha256(told.encode("utf-8", "replace")).hexdigest()[:24]
    if found.store.edits.add(id_, who.name, entry, what, edits):
        found.store.audit.note(who.name, "edit_try", entry, id_)
    request.app.state.trials.start(found.store.edits.get(id_))
    return redirect(request, who, f"/edit/changes/{id_}")
