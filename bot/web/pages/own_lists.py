"""Checklists of one's own: typed, pasted or from a file, checked beside, kept as templates."""

from __future__ import annotations

import dataclasses
import datetime
import secrets
from typing import Annotated, Any

from fastapi import APIRouter, File, Form, Request, UploadFile
from fastapi.responses import Response

from bot import runs
from bot.postings.model import Unreadable
from bot.records import Template
from bot.runs import files, own_templates
from bot.runs.duties import Late
from bot.store import Conflict
from bot.texts import say
from bot.web.auth import Visitor, app_for, book, require
from bot.web.pages.checklists import MAX_LIST
from bot.web.render import page, redirect, wants_fragment
from knowledge.engine.audience import AUDIENCE_ROLES
from rules.checklists.build import OWN, Made
from rules.checklists.lint import MAX_LISTED
from rules.checklists.lint import lint as lint_text
from rules.checklists.reading import with_owner_choice

MAX_FILE = 900_000
"""Bytes of a file with a list."""

Words = Annotated[str, Form(max_length=100)]

router = APIRouter(include_in_schema=False)


@router.get("/checklists/lint")
def ask(request: Request) -> Response:
    """The form for a list that somebody wrote."""
    return _form(request, require(request, "checklists"))


@router.post("/checklists/lint")
def lint(
    request: Request,
    text: Annotated[str, Form(max_length=MAX_LIST)] = "",
    title: Annotated[str, Form(max_length=1_000)] = "",
    role: Annotated[list[str], Form(max_length=10)] = [],  # noqa: B006 - FastAPI copies it
    file: Annotated[UploadFile | None, File()] = None,
    act: Annotated[str, Form(max_length=10)] = "check",
    once: Annotated[str, Form(max_length=40)] = "",
    sure: Annotated[str, Form(max_length=40)] = "",
    owner: Words = "",
    aside: Words = "",
) -> Response:
    """Check the list, keep it as a template, or begin a run of it; a check keeps nothing.

    *act*: check, save, start (save, then ask for name, date and owners) or begin (at once, without
    a template). *sure*: the date T of which the person was told that items are late at the start.
    *owner*, *aside*: words in brackets that are an owner, or none.
    """
    who = require(request, "checklists")
    given: dict[str, Any] = {"title": title, "roles": tuple(role), "once": once}
    known = own_templates.names(app_for(request).store, book(request, who))
    try:
        text, store = _text(text, file), app_for(request).store
        if owner or aside:
            text, act = _with_choice(who, text, owner, aside), "check"
        if act == "begin":
            found, anchor = own_templates.of_text(text, title, once or secrets.token_hex(6), known)
            late = runs.late_at_start(found[0], anchor, datetime.date.today())
            if late and sure != anchor:
                return _form(request, who, text, checked=True, late=late, sure=anchor, **given)
            id_ = runs.start_with(store, who.account, found, anchor, once=once)
            return redirect(request, who, f"/checklists/{id_}")
        if act in ("save", "start"):
            id_ = own_templates.save(store, who.account, text, title, tuple(role), once, known)
            where = f"start?checklist={OWN}{id_}" if act == "start" else f"?saved={id_}#{id_}"
            return redirect(
                request, who, f"/checklists/{where}" if act == "start" else f"/checklists{where}"
            )
    except Unreadable as error:
        return _form(request, who, text, problem=error.message(who.language), **given)
    except runs.ActionNotAllowed as error:
        return _form(request, who, text, problem=error.message(who.language), **given)
    if wants_fragment(request):
        return page(request, who, "list_beside.html", **_preview(request, who, text, title))
    return _form(request, who, text, checked=True, **given)


@router.get("/checklists/copy")
def copy(request: Request, checklist: str = "") -> Response:
    """The form with a copy of a list, ours or somebody's, to be changed and kept."""
    who = require(request, "checklists")
    store, seen = app_for(request).store, book(request, who)
    entry, spoken, _ = own_templates.source(store, seen, who.account, checklist[:80], who.language)
    title = own_templates.copy_title(store, seen, who.account, entry.title, spoken)
    text = own_templates.text_of(dataclasses.replace(entry, title=title), seen, spoken)
    return _form(request, who, text, title=title, checked=True)


@router.get("/checklists/own/{id_}")
def edit(request: Request, id_: str) -> Response:
    """The form with a list that is kept."""
    who = require(request, "checklists")
    return _edit(request, who, own_templates.get_template(app_for(request).store, who.account, id_))


@router.post("/checklists/own/{id_}")
def change(
    request: Request,
    id_: str,
    seen: Annotated[int, Form(ge=0)] = 0,
    text: Annotated[str, Form(max_length=MAX_LIST)] = "",
    title: Annotated[str, Form(max_length=1_000)] = "",
    role: Annotated[list[str], Form(max_length=10)] = [],  # noqa: B006 - FastAPI copies it
    act: Annotated[str, Form(max_length=10)] = "save",
    owner: Words = "",
    aside: Words = "",
) -> Response:
    """Keep another text, take the list out of use, or put it back."""
    who, store = require(request, "checklists"), app_for(request).store
    found = own_templates.get_template(store, who.account, id_)
    if owner or aside:
        text, act = _with_choice(who, text, owner, aside), "check"
    given: dict[str, Any] = {"text": text, "title": title, "roles": tuple(role)}
    known = own_templates.names(store, book(request, who))
    try:
        if act in ("retire", "restore"):
            own_templates.retire(store, who.account, id_, act == "retire")
            return redirect(
                request, who, "/checklists" if act == "retire" else f"/checklists#{id_}"
            )
        if act == "check":
            return _edit(request, who, found, checked=True, seen=seen, **given)
        own_templates.change(store, who.account, id_, seen, text, title, tuple(role), known)
    except runs.ActionNotAllowed as error:
        return _edit(request, who, found, problem=error.message(who.language), seen=seen, **given)
    except Conflict:
        # What was typed stays in the form; saving it again goes over what the other has written.
        newest = own_templates.get_template(store, who.account, id_)
        told = say(who.language, "lists.conflict", by=newest.changed_by)
        return _edit(request, who, newest, problem=told, status=409, seen=newest.revision, **given)
    return redirect(request, who, f"/checklists?saved={id_}#{id_}")


def _with_choice(who: Visitor, text: str, owner: str, aside: str) -> str:
    """The text with a line that says what words in brackets are."""
    labels = {name: say(who.language, f"lists.label.{name}") for name in ("owners", "not_owners")}
    return with_owner_choice(text, owner or aside, bool(owner), labels)


def _text(text: str, file: UploadFile | None) -> str:
    """What was typed, else what the file holds. Raises Unreadable, ActionNotAllowed."""
    if file is None or not file.filename:
        return text
    data = file.file.read(MAX_FILE + 1)
    if len(data) > MAX_FILE:
        raise runs.ActionNotAllowed("large", (str(MAX_LISTED),))
    return files.text_of(data)


def _edit(
    request: Request, who: Visitor, found: Template, status: int = 200, **given: Any
) -> Response:
    values: dict[str, Any] = {"text": found.text, "title": found.title, "roles": found.roles}
    values |= {"seen": found.revision, "checked": True} | given
    return _form(request, who, found=found, status=status, **values)


def _form(
    request: Request,
    who: Visitor,
    text: str = "",
    *,
    title: str = "",
    roles: tuple[str, ...] = (),
    found: Template | None = None,
    seen: int = 0,
    problem: str = "",
    checked: bool = False,
    once: str = "",
    status: int = 200,
    late: tuple[Late, ...] = (),
    sure: str | None = None,
) -> Response:
    beside = {"findings": None, "read": None}
    if checked:
        beside = _preview(request, who, text, title)
    changeable = found is None or own_templates.may_change(who.account, found)
    return page(
        request, who, "checklist_lint.html", 422 if problem and status == 200 else status,
        text=text, title=title, chosen=roles, found=found, seen=seen, problem=problem,
        changeable=changeable, audience=AUDIENCE_ROLES, once=once or secrets.token_hex(8),
        most=MAX_LIST, own=OWN, late=late, sure=sure, **beside,
    )  # fmt: skip


def _preview(request: Request, who: Visitor, text: str, title: str) -> dict[str, Any]:
    """What is shown beside a list: the findings, and the list as it was read."""
    known = own_templates.names(app_for(request).store, book(request, who))
    try:
        read: Made | None = own_templates.parse_checklist(text, title[:100], OWN, people=known)
    except runs.ActionNotAllowed:
        read = None
    return {"findings": lint_text(text, known), "read": read}
