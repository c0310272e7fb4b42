"""A cluster of open questions, and the changes to the content that an editor tries for it."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Any

from fastapi import APIRouter, Form, Request
from fastapi.responses import PlainTextResponse, Response

from bot.insights import names, proposals, sentences
from bot.insights.clusters import clusters
from bot.insights.model import Cluster
from bot.insights.proposals import Occupied, Proposal
from bot.store import NotFound
from bot.texts import say
from bot.web import teaching
from bot.web.auth import Visitor, app_for, book, require
from bot.web.render import page, redirect, with_cookies
from knowledge.engine.model import KINDS
from rules.proposal import FIELDS, MAX_TEXT, Change, Unfit

PURPOSE = "proposal"
"""Of the tokens that stand for proposals; they are their editor's alone and expire."""
router = APIRouter(include_in_schema=False)


@router.get("/insights/clusters/{id_}")
def show(request: Request, id_: int) -> Response:
    """The questions of a cluster, and for editors the form that tries a change."""
    who = require(request, "insights")
    cluster = cluster_of(request, id_)
    if who.may("edit") and app_for(request).content.overlay is not None:
        return teaching.form(request, who, cluster)
    nearest = next(
        (id_ for id_, _ in names.visible_titles(cluster.near, book(request, who), "zh")), ""
    )
    default = Change(nearest, "example", cluster.question, cluster.spellings[0].language)
    return _form(request, who, cluster, default)


@router.post("/insights/clusters/{id_}/propose")
def propose(
    request: Request,
    id_: int,
    entry: Annotated[str, Form(max_length=80)] = "",
    kind: Annotated[str, Form(max_length=20)] = "",
    text: Annotated[str, Form(max_length=MAX_TEXT)] = "",
    language: Annotated[str, Form(max_length=2)] = "",
) -> Response:
    """Try a change on a copy of the content; takes seconds."""
    who = require(request, "edit")
    found, cluster = app_for(request), cluster_of(request, id_)
    hidden = book(request, who).base.hidden
    change = Change(entry, kind, text, language)
    asked = [(one.question, one.language) for one in cluster.spellings]
    try:
        if entry in hidden:
            raise Unfit("no_entry")
        root, overlay = found.content.root, found.content.overlay
        made = proposals.propose(root, change, asked, overlay, hidden)
    except Unfit as error:
        reason = say(who.language, f"proposal.unfit.{error.reason}")
        return _form(request, who, cluster, change, 422, reason)
    except Occupied:
        return _form(request, who, cluster, change, 429, say(who.language, "proposal.occupied"))
    kept = {"cluster": id_, "newest": cluster.newest, "made": proposals.to_data(made)}
    token = found.store.tokens.issue(PURPOSE, kept, who.account.id)
    found.store.audit.note(who.name, "propose", made.change.entry, made.change.kind)
    return redirect(request, who, f"/insights/proposals/{token}")


@router.get("/insights/proposals/{token}")
def result(request: Request, token: str) -> Response:
    """What the change would do."""
    who = require(request, "edit")
    kept, made = _proposal(request, who, token)
    seen, language = book(request, who), who.language
    return page(
        request, who, "proposal.html",
        made=made,
        token=token,
        cluster=kept["cluster"],
        newest=kept["newest"],
        title=names.entry(made.change.entry, seen, language),
        verdict=sentences.verdict(made, language),
        got=lambda band, entry: sentences.band_sentence(
            band, names.entry(entry, seen, language) if entry else "", language
        ),
        rows=made.diff.split("\n")[:-1],
    )  # fmt: skip


@router.get("/insights/proposals/{token}/patch")
def patch(request: Request, token: str) -> Response:
    """The patch as a file."""
    who = require(request, "edit")
    _, made = _proposal(request, who, token)
    response = PlainTextResponse(made.diff, media_type="text/x-patch; charset=utf-8")
    name = made.change.entry.replace(".", "-")
    response.headers["content-disposition"] = f'attachment; filename="{name}.patch"'
    return with_cookies(request, who, response)


@router.post("/insights/clusters/{id_}/settle")
def settle(
    request: Request,
    id_: int,
    newest: Annotated[int, Form()] = 0,
) -> Response:
    """The questions of the cluster have been dealt with, those that were shown."""
    who = require(request, "edit")
    cluster = cluster_of(request, id_)
    store = app_for(request).store
    store.feedback.settle(one for one in cluster.ids if one <= newest)
    store.audit.note(who.name, "settle", cluster.question)
    return redirect(request, who, "/insights#open")


def cluster_of(request: Request, id_: int) -> Cluster:
    """The cluster that holds that question now. Raises NotFound."""
    found = app_for(request)
    questions, base = found.store.feedback.questions(), found.book.base
    groups = clusters(questions, base.lexicon.stop, base.words)
    cluster = next((one for one in groups if id_ in one.ids), None)
    if cluster is None:
        raise NotFound(str(id_))
    return cluster


def _proposal(request: Request, who: Visitor, token: str) -> tuple[dict[str, Any], Proposal]:
    """What a token stands for. Raises NotFound."""
    kept = app_for(request).store.tokens.redeem(PURPOSE, token, who.account.id)
    if kept is None:
        raise NotFound(token)
    made = proposals.from_data(kept["made"])
    hidden = book(request, who).base.hidden
    if made.change.entry in hidden:  # the person has lost a role since
        raise NotFound(token)
    return kept, replace(made, trial=made.trial.hide_entries(hidden))


def _form(
    request: Request,
    who: Visitor,
    cluster: Cluster,
    change: Change,
    status: int = 200,
    reason: str = "",
) -> Response:
    """The page of a cluster, with *change* filled in and *reason* why it was not tried."""
    seen, language = book(request, who), who.language
    kinds = [
        (kind, [(id_, seen.base.title(id_, language)) for id_ in seen.base.ids(kind)])
        for kind in KINDS
    ]
    near = names.visible_titles(cluster.near, seen, language)
    return page(
        request, who, "cluster.html", status, cluster=cluster, change=change, reason=reason,
        near=near, kinds=kinds, additions=tuple(FIELDS), most=MAX_TEXT, teaching=None,
    )  # fmt: skip
