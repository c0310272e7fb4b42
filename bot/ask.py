"""`zhiwen ask`: one question or a file of them; the JSON that other programs rely on."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from bot.assistant import reply
from bot.errors import BadInput
from bot.model import Chat, Message, Outcome
from bot.render.text import as_text
from bot.script.convert import in_script
from bot.views import sources
from knowledge.engine.model import LANGUAGES
from rules.book import RuleBook
from rules.questions.model import Band
from rules.questions.remember import lines_of

MAX_LINE = 100_000
TOLD = {"false_friend": "trap"}
"""Kinds of evidence as programs knew them before they were renamed."""
NEW = Chat()
MAX_CHAT = 100
"""Characters of the name that a caller gives a conversation."""


def as_json(
    outcome: Outcome, book: RuleBook, id_: Any, elapsed_ms: float, language: str
) -> dict[str, Any]:
    """The fixed JSON object of one answer."""
    answer, base = outcome.answer, book.base
    answered = answer.band is Band.ANSWER
    cites = []
    if answered and answer.entry:
        entry = base.entry(answer.entry, base.told_in(answer.entry, language))
        general = sources.is_general(entry, answer.section)
        cited = () if general else base.citations(entry, language, answer.section)
        cites = [{"id": c.id, "title": c.title, "states": c.states} for c in cited]
        cites = cites or [{"id": entry.origin if entry.origin != "article" else "general"}]
    return {
        "id": id_,
        "lang": language,
        "band": str(answer.band),
        "intent": answer.intent,
        "entry": answer.entry if answered else None,
        "section": answer.section,
        "score": round(answer.score, 4),
        "alternatives": [{"entry": c.entry, "score": round(c.score, 4)} for c in answer.others],
        "guess": answered and answer.guess,
        "compared": list(answer.compared),
        "missing": list(answer.missing),
        "about": answer.about,
        "asks_for": answer.asks_for,
        "also": [{"entry": other.entry, "section": other.section} for other in answer.also],
        "shown": _numbered_items(outcome, book, language),
        "text": as_text(outcome.reply),
        "sources": cites,
        "evidence": [
            {"kind": TOLD.get(e.kind, e.kind), "text": e.text, "start": e.start, "end": e.end}
            for e in answer.evidence
        ],
        "knowledge_version": book.version,
        "elapsed_ms": round(elapsed_ms, 3),
    }


def _numbered_items(outcome: Outcome, book: RuleBook, language: str) -> list[dict[str, Any]]:
    """What the next message can call by its number: the choices, and the lines of the list told."""
    rows = [
        {"kind": "choice", "number": number, "text": choice.label, "entry": choice.entry}
        for number, choice in enumerate(outcome.reply.choices, 1)
    ]
    answer = outcome.answer
    if answer.band is not Band.ANSWER or not answer.entry:
        return rows
    lines = lines_of(answer.entry, answer.section, book, language)
    return rows + [
        {"kind": "line", "number": number, "text": text, "entry": entry or None}
        for number, (text, entry) in enumerate(lines, 1)
    ]


def timed_reply(
    question: str,
    language: str | None,
    book: RuleBook,
    organization: str | None,
    chat: Chat = NEW,
) -> tuple[Outcome, float]:
    """The outcome of one question in a chat, by default a fresh one, and the milliseconds."""
    start = time.perf_counter()
    outcome = reply(Message(question, language), chat, book, organization)
    outcome = in_script(outcome, question, chat)
    return outcome, (time.perf_counter() - start) * 1000


def batch(name: str, book: RuleBook, organization: str | None, out: IO[str]) -> int:
    """Answer every line of a JSONL file ("-": standard input). Returns the number of bad lines.

    Lines with the same "chat" are one conversation, in their order. A line that cannot be read is
    reported in its place and stops nothing.
    """
    bad = 0
    chats: dict[str, Chat] = {}
    for number, line in _lines(name):
        try:
            row = _row(line)
        except BadInput as error:
            bad += 1
            out.write(json.dumps({"line": number, "error": str(error)}, ensure_ascii=False) + "\n")
            continue
        chat = row.get("chat")
        before = chats.get(chat, NEW) if chat is not None else NEW
        outcome, elapsed = timed_reply(row["question"], row.get("lang"), book, organization, before)
        if chat is not None:
            chats[chat] = outcome.chat
        language = outcome.reply.language
        answer = as_json(outcome, book, row.get("id"), elapsed, language)
        out.write(json.dumps(answer, ensure_ascii=False) + "\n")
    return bad


def _row(line: str) -> dict[str, Any]:
    if len(line) > MAX_LINE:
        raise BadInput(f"line is longer than {MAX_LINE:,} characters")
    try:
        row = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise BadInput(f"not JSON: {error}") from None
    if not isinstance(row, dict) or not isinstance(row.get("question"), str):
        raise BadInput('expected an object with a text "question"')
    if row.get("lang") is not None and row["lang"] not in LANGUAGES:
        raise BadInput(f"lang must be one of {', '.join(LANGUAGES)}")
    if row.get("chat") is not None and not _is_token(row["chat"]):
        raise BadInput(f"chat must be a text of 1 to {MAX_CHAT} characters")
    return row


def _is_token(value: Any) -> bool:
    return isinstance(value, str) and 1 <= len(value) <= MAX_CHAT


def _lines(name: str) -> Iterator[tuple[int, str]]:
    stream = sys.stdin.buffer if name == "-" else _open(name)
    with stream:
        for number, raw in enumerate(stream, 1):
            try:
                line = raw.decode("utf-8-sig" if number == 1 else "utf-8")
            except UnicodeDecodeError:
                line = "\x00"
            if line.strip():
                yield number, line


def _open(name: str) -> IO[bytes]:
    try:
        return Path(name).open("rb")
    except OSError as error:
        raise BadInput(f"{name}: {error.strerror}") from None
