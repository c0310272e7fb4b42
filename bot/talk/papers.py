"""A file of postings somebody sent: one posting gets its verdict, a table comes back with ours."""

from __future__ import annotations

import io
import tempfile
from collections import Counter
from dataclasses import replace
from itertools import islice
from pathlib import Path

from bot.conversation import count_verdict
from bot.model import Block, Bullets, Message, Paragraph, Turn
from bot.postings import batch, readers, tables, writers
from bot.postings.columns import Named
from bot.postings.model import Result, Row, Unreadable
from bot.postings.output import name_of
from bot.postings.summary import Summary
from bot.postings.uploads import Upload, held, receive
from bot.skills import classify
from bot.talk.model import Attachment, File
from bot.talk.visit import Outcome, Visit
from rules.questions.model import Answer, Band

MAX_BYTES = 5_000_000
MAX_ROWS, MAX_CELLS = 5_000, 500_000
"""More belongs on the web page or the command line."""
SHOWN = 8
RESULT = "-classified.xlsx"


def classified(visit: Visit, file: File) -> Outcome:
    """The verdict on the posting in a file, or the table again with our columns.

    Nothing of the file is kept.
    """
    if file.size > MAX_BYTES:
        return visit.told("talk.file.large", limit=MAX_BYTES // 1_000_000)
    try:
        data = file.fetch()
    except OSError:
        return visit.told("talk.file.lost")
    if len(data) > MAX_BYTES:
        return visit.told("talk.file.large", limit=MAX_BYTES // 1_000_000)
    with tempfile.TemporaryDirectory(prefix="zhiwen-file-") as folder:
        try:
            inbox = receive([(file.name, io.BytesIO(data))], Path(folder))
            with held(inbox):
                return _read(visit, inbox.uploads[0], Path(folder))
        except Unreadable as problem:
            outcome = visit.told("talk.file.lost")
            return replace(outcome, blocks=(Paragraph(problem.message(visit.language)),))


def _read(visit: Visit, upload: Upload, folder: Path) -> Outcome:
    pack = visit.book.pack
    found = tables.within(readers.rows(upload.path, upload.form, Named(), pack), MAX_CELLS)
    rows = list(islice(found, MAX_ROWS + 1))
    if len(rows) > MAX_ROWS:
        return visit.told("talk.file.rows", limit=MAX_ROWS)
    results = list(batch.run(rows, pack))
    counted: Counter[tuple[str, str]] = Counter()
    for result in results:
        if result.verdict:
            count_verdict(result.verdict, counted)
    if upload.form in readers.DOCUMENTS and results and results[0].verdict:
        return replace(_verdict(visit, results[0]), counted=counted)
    return replace(_table(visit, upload, results, folder), counted=counted)


def _verdict(visit: Visit, result: Result) -> Outcome:
    """One posting, told as if it had been pasted."""
    assert result.verdict is not None
    asked = Answer(Band.ANSWER, "classify", None, "", 1.0)
    turn = Turn(Message("", visit.language), visit.chat, visit.book, asked, visit.language, None)
    told = classify.posting(turn, result.verdict)
    return Outcome(told.reply.blocks, told.chat)


def _table(visit: Visit, upload: Upload, results: list[Result], folder: Path) -> Outcome:
    """What the table came to, and a workbook where the platform takes one."""
    pack, language, summary = visit.book.pack, visit.language, Summary()
    if not results:
        return visit.told("talk.file.empty")
    target = folder / "result.xlsx"
    writers.xlsx_file(iter(results), target, pack, language, summary)
    lines = tuple(
        f"{name_of(name, pack, language)}: {count}"
        for name, count in summary.functions.most_common(SHOWN)
    )
    told = visit.say("talk.file.done", total=summary.total, broken=summary.broken)
    problems = tuple(Paragraph(_problem(one.row, language)) for one in summary.problems[:3])
    blocks: tuple[Block, ...] = (Paragraph(told), Bullets(lines), *problems)
    if not visit.can.files:
        return Outcome((*blocks, Paragraph(visit.say("talk.file.none"))), visit.chat)
    name = f"{upload.path.stem}{RESULT}"
    return Outcome(blocks, visit.chat, files=(Attachment(name, target.read_bytes()),))


def _problem(row: Row, language: str) -> str:
    return f"{row.number}: {row.problem.message(language) if row.problem else ''}"
