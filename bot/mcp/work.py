"""Postings and checklists: what there is to do, done through the same rooms as everywhere."""

from __future__ import annotations

import datetime

from bot import runs
from bot.chat import programs
from bot.errors import NotFound
from bot.language import language_of
from bot.mcp import models
from bot.mcp.answers import cited_sources, response_language
from bot.mcp.caller import Caller
from bot.model import Bullets, Chat, Footnote, Heading, Message, Paragraph, Turn, chosen_answer
from bot.postings.json_form import as_json
from bot.postings.model import Row, Unreadable
from bot.postings.output import WORDS, flag_lines, name_of
from bot.render.text import as_text
from bot.skills.draft import draft as drafted
from bot.web import library
from bot.web.api.models import EntryLine
from bot.web.api.run_models import Run, RunLine
from knowledge.engine.model import Checklist, Role
from rules.checklists.progress import keys
from rules.postings.model import Posting

FILE = "mcp"
SAME = ("decision", "function", "family", "shares", "runner_up", "question", "told_apart", "answer")
"""Fields of a verdict that are told as the API and the command line tell them."""


def classify(caller: Caller, asked: models.Classify) -> models.Verdict:
    """The function a posting belongs to. Raises Unreadable for one that cannot be used."""
    pack = caller.book.pack
    posting = Posting(asked.description, asked.title, asked.language)
    result = programs.classify(caller.app, caller.book, Row(FILE, 1, {}, posting, None))
    verdict = result.verdict
    if verdict is None:
        raise result.row.problem or Unreadable("classify.row.shape")
    told = as_json(result, pack)
    words = sorted(verdict.evidence, key=lambda s: -s.weight)
    return models.Verdict.model_validate(
        {key: told[key] for key in SAME}
        | {
            "name": name_of(verdict.function, pack, caller.language),
            "evidence": list(dict.fromkeys(s.text for s in words))[:WORDS],
            "flags": list(flag_lines(verdict, pack, caller.language)),
            "correction": told["correction"] and told["correction"]["function"],
            "decided": told["correction"],
            "language": response_language(caller, verdict.language),
        }
    )


def draft(caller: Caller, asked: models.Draft) -> models.Posting:
    """A clean posting for a role. Raises NotFound for what is none."""
    seen, language = caller.book, response_language(caller, asked.language)
    role = library.entry(seen.base, asked.role, language)
    if not isinstance(role, Role):
        raise NotFound(asked.role)
    answer = chosen_answer("draft", role.id, "responsibilities")
    turn = Turn(Message("", language), Chat(), seen, answer, language, None)
    reply = drafted(turn).reply
    title = next(one for one in reply.blocks if isinstance(one, Paragraph))
    lists = [one for one in reply.blocks if isinstance(one, Bullets)]
    notes = [one for one in reply.blocks if isinstance(one, Footnote)]
    head = next(one for one in reply.blocks if isinstance(one, Heading))
    return models.Posting(
        role=role.id,
        title=role.titles[0] if role.titles else head.note or title.text,
        duties=list(lists[0].items),
        requirements=[item for one in lists[1:] for item in one.items],
        to_fill=notes[0].text,
        text=as_text(reply),
        citations=cited_sources([role], seen, language),
        language=response_language(caller, reply.language),
    )


def checklists(caller: Caller, asked: models.Listing) -> models.Checklists:
    """The checklists there are, or those that fit a need, the best first."""
    seen, language = caller.book, response_language(caller, asked.language)
    known = {one.id: one for one in runs.templates(seen, language)}
    need = asked.need.strip()
    # The need is searched for in its own words, whatever language the list is told in.
    ids = runs.find(seen, need, language_of(Message(need), Chat(), need)) if need else tuple(known)
    lines = (known[id_] for id_ in ids if id_ in known)
    return models.Checklists(
        checklists=[EntryLine(id=one.id, kind=one.kind, title=one.title) for one in lines]
    )


def checklist(caller: Caller, asked: models.Read) -> models.Checklist:
    """A checklist as it stands. Raises NotFound."""
    seen, language = caller.book, response_language(caller, asked.language)
    found = runs.template(seen, asked.id, language)
    told_in = seen.base.told_in(found.id, language)
    return models.Checklist.model_validate(
        {
            "id": found.id, "kind": found.kind, "title": found.title, "mode": found.mode,
            "sections": _sections(found), "citations": cited_sources([found], seen, language),
            "language": told_in, "knowledge_version": seen.version,
        }
    )  # fmt: skip


def _sections(found: Checklist) -> list[models.Pause]:
    sections = [models.Pause(name=p.name, caller=p.caller, items=[]) for p in found.pause_points]
    for key, item in keys(found):
        sections[int(key.partition(".")[0])].items.append(
            models.Item(
                item=key, text=item.text, done_when=item.done_when, killer=bool(item.killer),
                owner_role=item.owner_role, due=item.due,
            )
        )  # fmt: skip
    return sections


def list_runs(caller: Caller, asked: models.Runs) -> models.RunList:
    """The runs that the person may see, the newest first."""
    views = runs.views(
        caller.app.store, caller.book, caller.person, datetime.date.today(), asked.status
    )
    lines = [RunLine.model_validate(runs.as_json(view)) for view in views]
    return models.RunList(runs=lines)


def one_run(caller: Caller, asked: models.OneRun) -> Run:
    """A run with its progress. Raises NotFound."""
    return _run(caller, asked.id)


def start(caller: Caller, asked: models.Start) -> Run:
    """Begin a run. Raises NotFound, Refused."""
    id_ = runs.start(
        caller.app.store, caller.book, caller.person, asked.checklist,
        response_language(caller, asked.lang), asked.anchor, asked.title,
    )  # fmt: skip
    return _run(caller, id_)


def tick(caller: Caller, asked: models.Tick) -> Run:
    """Say what became of an item. Raises NotFound, Conflict, Refused."""
    runs.mark(
        caller.app.store, caller.person, asked.run, asked.item, asked.state, asked.note,
        asked.revision,
    )  # fmt: skip
    return _run(caller, asked.run)


def _run(caller: Caller, id_: str) -> Run:
    today = datetime.date.today()
    view = runs.view(caller.app.store, caller.book, caller.person, id_, today)
    return Run.model_validate(runs.as_json(view))
