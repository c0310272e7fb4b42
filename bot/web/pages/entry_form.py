"""Forms of entries, new or there already: the linter beside, and tried before they count."""

from __future__ import annotations

import difflib
import secrets
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response

from bot.editing import files, forms, history, lint
from bot.editing.problem_text import label
from bot.editing.refusal import EditRefused
from bot.exchange import slug as slugs
from bot.store import NotFound
from bot.texts import say
from bot.web.auth import Visitor, app_for, book, require
from bot.web.pages.proposals import cluster_of
from bot.web.pages.teach import begin
from bot.web.render import page, wants_fragment
from knowledge.engine.base import KnowledgeBase
from knowledge.engine.load import PRIMARY
from knowledge.engine.model import KINDS, LANGUAGES
from rules.questions.utterance import guess_language

MAX_VALUE = 60_000
"""Characters of one field."""
MAX_FIELDS = 400
router = APIRouter(include_in_schema=False)


async def _form_fields(request: Request) -> dict[str, str]:
    """Everything that was typed; several boxes of one name are a line each."""
    async with request.form(max_fields=MAX_FIELDS, max_files=0) as form:
        named: dict[str, list[str]] = {}
        for name, value in form.multi_items():
            if isinstance(value, str):
                named.setdefault(name, []).append(value[:MAX_VALUE])
    return {name: "\n".join(values) for name, values in named.items()}


Typed = Annotated[dict[str, str], Depends(_form_fields)]


@router.get("/edit/new")
def new_entry(
    request: Request,
    kind: Annotated[str, Query(max_length=20)] = "faq",
    cluster: Annotated[int, Query(ge=0)] = 0,
) -> Response:
    """The form of a new entry of that kind, for a group of open questions if there is one."""
    who = require(request, "edit")
    if kind not in KINDS:
        raise NotFound(kind)
    typed = {f"{PRIMARY}.origin": "organization"}
    if cluster:
        for spelt in cluster_of(request, cluster).spellings:
            name = f"{spelt.language}.examples"
            typed[name] = f"{typed[name]}\n{spelt.question}" if name in typed else spelt.question
        typed["cluster"] = str(cluster)
    return _form(request, who, f"{kind}.", typed)


@router.post("/edit/new")
def make(request: Request, typed: Typed) -> Response:
    """Check the form, or begin to try the new entry; its id is made of its title."""
    who = require(request, "edit")
    kind = typed.get("kind", "")
    if kind not in KINDS:
        raise NotFound(kind)
    given = typed.get("slug", "").strip()
    titles = (typed.get(f"{language}.title", "").strip() for language in LANGUAGES)
    slug = slugs.slug(given or next(filter(None, titles), ""))
    entry = f"{kind}.{slug}"
    if entry in book(request, who).base.languages or entry in app_for(request).book.base.languages:
        return _form(
            request, who, f"{kind}.", typed, say(who.language, "edit.form.there", id=entry)
        )
    try:
        return _submit(request, who, entry, typed, new=True)
    except EditRefused as error:
        return _form(request, who, f"{kind}.", typed, error.message(who.language), status=409)


@router.get("/edit/entry/{id_}")
def edit(request: Request, id_: str, change: Annotated[str, Query(max_length=32)] = "") -> Response:
    """The form of an entry as it stands, or as an earlier edit of it had it."""
    who = require(request, "edit")
    if app_for(request).content.overlay is None:
        return _without_overlay(request, who, id_)
    _require_known(request, who, id_)
    own, told = _texts(request, id_)
    typed = forms.form_values(id_.partition(".")[0], told)
    if change:
        made = app_for(request).store.edits.get(change)
        if made.entry != id_:
            raise NotFound(change)
        after = {one.path: one.after or "" for one in made.files}
        texts = {lang: after.get(path, told[lang]) for lang, path in forms.paths(id_).items()}
        typed = forms.form_values(id_.partition(".")[0], texts)
    return _form(request, who, id_, {**typed, "seen": files.version(own)})


@router.post("/edit/entry/{id_}")
def change(request: Request, id_: str, typed: Typed) -> Response:
    """Check the form, or begin to try what it says; an entry changed meanwhile is told."""
    who = require(request, "edit")
    try:
        _require_known(request, who, id_)
        return _submit(request, who, id_, typed)
    except EditRefused as error:
        return _form(request, who, id_, typed, error.message(who.language), status=409)


def _without_overlay(request: Request, who: Visitor, id_: str) -> Response:
    """What to do where there is no overlay: there is no form then. Raises NotFound."""
    base = book(request, who).base
    if id_ not in base.languages:
        raise NotFound(id_)
    return page(
        request, who, "no_overlay.html", 404, entry=id_, title=base.title(id_, who.language)
    )


def _require_known(request: Request, who: Visitor, id_: str) -> None:
    """Raises NotFound for an entry that is not there for the visitor, or is nothing of the kind."""
    kind, _, slug = id_.partition(".")
    seen = book(request, who).base
    written = kind in KINDS and slug.replace("_", "").isalnum() and slug.isascii()
    if not written or id_ in seen.hidden:
        raise NotFound(id_)
    told = _texts(request, id_)[1]
    if not forms.admits(told.values(), who.account.roles):
        raise NotFound(id_)
    if id_ not in seen.languages and not any(told.values()):
        edits = app_for(request).store.edits.list_recent(history.SOUGHT)
        if not any(one.entry == id_ for one in edits):
            raise NotFound(id_)


def _texts(request: Request, id_: str) -> tuple[files.Texts, dict[str, str]]:
    content = app_for(request).content
    return forms.texts(content.root, files.overlay_of(content.overlay), id_)


def _submit(
    request: Request, who: Visitor, id_: str, typed: dict[str, str], new: bool = False
) -> Response:
    """What comes of a form: its findings, a conflict, or an edit that is tried."""
    own, told = _texts(request, id_)
    shown_id = f"{id_.partition('.')[0]}." if new else id_
    made = forms.form_files(id_, told, typed)
    found = lint.lint(id_, made, app_for(request).book.base)
    if not wants_fragment(request) and typed.get("seen", files.version(own)) != files.version(own):
        return _conflict_page(request, who, id_, own, made, typed)
    if typed.get("act") != "try" or any(problem.level == "error" for problem in found):
        status = 200 if typed.get("act") != "try" else 422
        return _form(request, who, shown_id, typed, found=found, status=status)
    try:
        edits = files.edits(own, made)
        if not edits:
            raise EditRefused("nothing")
    except EditRefused as error:
        return _form(request, who, shown_id, typed, error.message(who.language), found)
    return begin(
        request, who, id_, _origin(request, id_, typed, made), edits, typed.get("once", "")
    )


def _origin(
    request: Request, id_: str, typed: dict[str, str], made: files.Texts
) -> dict[str, object]:
    """How the edit came about: the form, and the questions that it is for."""
    what: dict[str, object] = {"form": id_.partition(".")[0]}
    asked: list[tuple[str, str]] = []
    if typed.get("cluster", "").isdigit():
        try:
            cluster = cluster_of(request, int(typed["cluster"]))
        except NotFound:  # settled meanwhile
            pass
        else:
            what |= {"cluster": cluster.id, "newest": cluster.newest}
            asked = [(one.question, one.language) for one in cluster.spellings]
    for language in LANGUAGES:
        lines = typed.get(f"{language}.examples", "").split("\n")
        asked += [(line.partition("|")[0].strip(), language) for line in lines if line.strip()]
    return {**what, "asked": list(dict.fromkeys(asked))[:50]}


def _conflict_page(
    request: Request, who: Visitor, id_: str, own: files.Texts, made: files.Texts,
    typed: dict[str, str],
) -> Response:  # fmt: skip
    """Somebody was quicker: both texts, who it was, and the form as it was typed."""
    path = next((p for p in made if own.get(p) != made[p]), next(iter(made)))
    last = history.changed_by(app_for(request).store, path, own.get(path))
    told = EditRefused(*(("changed", path, last.changed_by) if last else ("changed_by_hand", path)))
    rows = [
        row for p in made if (own.get(p) or "") != (made[p] or "")
        for row in difflib.unified_diff(
            (own.get(p) or "").split("\n"), (made[p] or "").split("\n"), p, p, lineterm=""
        )
    ]  # fmt: skip
    typed = {**typed, "seen": files.version(own)}
    return _form(request, who, id_, typed, told.message(who.language), rows=rows, status=409)


def _form(
    request: Request,
    who: Visitor,
    id_: str,
    typed: dict[str, str],
    problem: str = "",
    found: list[Any] | None = None,
    rows: list[str] | None = None,
    status: int = 200,
) -> Response:
    kind, _, slug = id_.partition(".")
    language = who.language
    if wants_fragment(request):
        return page(request, who, "entry_findings.html", found=found)
    spoken = next((lang for lang in LANGUAGES if typed.get(f"{lang}.title")), "")
    asked = typed.get(f"{PRIMARY}.examples") or next(
        (typed[f"{lang}.examples"] for lang in LANGUAGES if typed.get(f"{lang}.examples")), ""
    )
    open_in = spoken or (guess_language(asked) if asked else PRIMARY)
    content, base = app_for(request).content, book(request, who).base
    return page(
        request, who, "entry_form.html", 422 if problem and status == 200 else status,
        kind=kind, id=id_ if slug else "", typed=typed, problem=problem, found=found, rows=rows,
        parts=[(lang, *forms.fields(kind, lang)) for lang in LANGUAGES], open_in=open_in,
        label=lambda key: label(key, language),
        hint=lambda field: _hint(field, kind, language, base),
        names=lambda keys: " | ".join(label(key, language) for key in keys),
        once=secrets.token_hex(8), primary=PRIMARY,
        overlay=content.overlay, ours=bool(slug) and id_ in base.languages and id_ not in base.own,
        title=base.title(id_, language) if id_ in base.languages else id_,
    )  # fmt: skip


def _hint(field: forms.Field, kind: str, language: str, base: KnowledgeBase) -> str:
    """How the value of a field with a fixed form is written; nothing for any other."""
    if not field.hint:
        return ""
    keys = (f"{key} ({label(key, language)})" for key in forms.own_keys(kind))
    return say(
        language, f"edit.hint.{field.key}", fields=say(language, "list.comma").join(keys),
        passage=min(base.passages, default=""),
    )  # fmt: skip
