"""A file of postings somebody sent: one posting gets its verdict, a table comes back with ours."""

from __future__ import annotations

import io
import tempfile
from dataclasses import replace
from itertools import islice
from pathlib import Path

from bot.chat.context import Context, FileRead
from bot.chat.memory import verdict_counts
from bot.chat.model import File
from bot.chat.verdicts import with_correction_actions
from bot.model import (
    Attachment,
    Block,
    Bullets,
    Message,
    Outcome,
    Paragraph,
    Reply,
    Turn,
    chosen_answer,
)
from bot.postings import batch, readers, tables, writers
from bot.postings.columns import Named
from bot.postings.model import Result, Row, Unreadable
from bot.postings.output import name_of
from bot.postings.summary import Summary
from bot.postings.uploads import Upload, delete_after, receive
from bot.skills import classify
from bot.texts import say
from rules.postings.posting_rules import PostingRules

MAX_BYTES = 5_000_000
MAX_ROWS, MAX_CELLS = 5_000, 500_000
"""More belongs on the web page or the command line."""
SHOWN = 8
RESULT = "-classified.xlsx"


def read(file: File, pack: PostingRules, language: str) -> FileRead:
    """What a file comes to; nothing of it is kept. Reads files, and starts a process for some."""
    large = FileRead(("talk.file.large", (("limit", MAX_BYTES // 1_000_000),)))
    if file.size > MAX_BYTES:
        return large
    try:
        data = file.fetch()
    except OSError:
        return FileRead(("talk.file.lost", ()))
    if len(data) > MAX_BYTES:
        return large
    with tempfile.TemporaryDirectory(prefix="zhiwen-file-") as folder:
        try:
            inbox = receive([(file.name, io.BytesIO(data))], Path(folder))
            with delete_after(inbox):
                return _classify_rows(inbox.uploads[0], Path(folder), pack, language)
        except Unreadable as problem:
            return FileRead(unreadable=problem)


def _classify_rows(upload: Upload, folder: Path, pack: PostingRules, language: str) -> FileRead:
    cells = tables.limit_cells(readers.rows(upload.path, upload.form, Named(), pack), MAX_CELLS)
    rows = list(islice(cells, MAX_ROWS + 1))
    if len(rows) > MAX_ROWS:
        return FileRead(("talk.file.rows", (("limit", MAX_ROWS),)))
    results = list(batch.run(rows, pack))
    counted = tuple(one for r in results if r.verdict for one in verdict_counts(r.verdict))
    if upload.form in readers.DOCUMENTS and len(results) == 1 and results[0].verdict:
        return FileRead(one=results[0], counts=counted)
    if upload.form in readers.DOCUMENTS and len(results) > 1:
        whole = _table(upload, results, folder, pack, language)
        lines = tuple(_opening(result, pack, language) for result in results[:SHOWN])
        return replace(whole, lines=lines, counts=counted)
    return replace(_table(upload, results, folder, pack, language), counts=counted)


def _opening(result: Result, pack: PostingRules, language: str) -> str:
    """One of several openings of a document, in a line."""
    if result.verdict is None or result.row.posting is None:
        return _problem(result.row, language)
    name = name_of(result.verdict.function, pack, language)
    decision = say(language, f"classify.decision.{result.verdict.decision}")
    title = result.row.posting.title or str(result.row.number)
    return f"{title}: {name} ({decision})"


def _table(
    upload: Upload, results: list[Result], folder: Path, pack: PostingRules, language: str
) -> FileRead:
    """What the table came to, and the workbook."""
    if not results:
        return FileRead(("talk.file.empty", ()))
    summary, target = Summary(), folder / "result.xlsx"
    writers.xlsx_file(iter(results), target, pack, language, summary)
    lines = tuple(
        f"{name_of(name, pack, language)}: {count}"
        for name, count in summary.functions.most_common(SHOWN)
    )
    problems = tuple(_problem(one.row, language) for one in summary.problems[:3])
    name = f"{upload.path.stem}{RESULT}"
    return FileRead(lines=lines, problems=problems, total=summary.total, broken=summary.broken,
                    name=name, table=target.read_bytes())  # fmt: skip


def _problem(row: Row, language: str) -> str:
    return f"{row.number}: {row.problem.message(language) if row.problem else ''}"


def respond(context: Context) -> Outcome:
    """What a file came to, for those who may have postings classified."""
    file = context.loaded.file
    if file is None:
        return context.reply("classify.denied")
    key, values = file.problem
    if key:
        return context.reply(key, **dict(values))
    if file.unreadable is not None:
        text = Paragraph(file.unreadable.message(context.language))
        return Outcome(Reply(context.language, (text,)), context.chat)
    outcome = _verdict(context, file.one) if file.one else _summary(context, file)
    return replace(outcome, counted=file.counts)


def _verdict(context: Context, result: Result) -> Outcome:
    """One posting, told as if it had been pasted."""
    assert result.verdict is not None
    language = context.language
    message = Message("", language)
    turn = Turn(message, context.chat, context.book, chosen_answer("classify"), language, None)
    outcome = classify.posting(turn, result.verdict)
    return with_correction_actions(
        context, Outcome(Reply(language, outcome.reply.blocks), outcome.chat)
    )


def _summary(context: Context, file: FileRead) -> Outcome:
    """What a table came to, and the workbook where the platform takes one."""
    done = context.say("talk.file.done", total=file.total, broken=file.broken)
    problems = tuple(map(Paragraph, file.problems))
    blocks: tuple[Block, ...] = (Paragraph(done), Bullets(file.lines), *problems)
    if not context.can.files:
        blocks = (*blocks, Paragraph(context.say("talk.file.none")))
        return Outcome(Reply(context.language, blocks), context.chat)
    files = (Attachment(file.name, file.table),)
    return Outcome(Reply(context.language, blocks, files=files), context.chat)
