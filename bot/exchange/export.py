"""Entries -> pairs for a file, and the formats in which they can be written."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from bot.exchange import qnamaker, rasa, sheets
from bot.exchange.entries import short_title
from bot.exchange.model import Pair
from bot.model import Footnote, Paragraph, Reply
from bot.render.text import as_text
from bot.views import sections, sources
from knowledge.engine.base import KnowledgeBase
from knowledge.engine.load import PRIMARY
from knowledge.engine.model import Entry
from rules.book import RuleBook
from rules.examples import decide
from rules.questions.utterance import guess_language

FORMATS: dict[str, Callable[[Sequence[Pair]], bytes]] = {
    "tsv": qnamaker.write,
    "xlsx": sheets.as_xlsx,
    "csv": sheets.as_csv,
    "rasa": rasa.write,
}
ENDINGS = {".tsv": "tsv", ".txt": "tsv", ".xlsx": "xlsx", ".csv": "csv", ".yml": "rasa"}
ENDINGS[".yaml"] = "rasa"


def overlay_pairs(base: KnowledgeBase) -> list[Pair]:
    """The organization's questions and answers, as `read` and `plan` take them back."""
    ids = (id_ for id_ in base.ids("faq") if id_ in base.own)
    entries = (_original(base, id_) for id_ in ids)
    return [_pair(entry, language) for entry, language in entries if entry.status == "active"]


def _original(base: KnowledgeBase, id_: str) -> tuple[Entry, str]:
    """An entry in the language it was written in: that of a translation that says the same."""
    entry = base.entry(id_)
    for language in base.languages[id_]:
        told = base.entry(id_, language)
        if language != PRIMARY and (told.title, told.summary) == (entry.title, entry.summary):
            return told, language
    return entry, PRIMARY


def _pair(entry: Entry, language: str) -> Pair:
    questions = tuple(example.ask for example in entry.examples) or (entry.title,)
    return Pair(
        entry.id,
        questions,
        entry.summary,
        entry.id.partition(".")[2],
        entry.title if entry.title != short_title(questions[0]) else None,
        language if language != guess_language(questions[0]) else None,
        has_own_slug=True,
    )


def all_examples(book: RuleBook, language: str) -> list[Pair]:
    """The examples of every entry in that language, one pair for each section that answers."""
    base = book.base
    return [
        pair
        for id_ in base.ids()
        if language in base.languages[id_] and base.entry(id_).status == "active"
        for pair in _sections(base.entry(id_, language), book, language)
    ]


def _sections(entry: Entry, book: RuleBook, language: str) -> Iterator[Pair]:
    asked: dict[str, list[str]] = {}
    for example in entry.examples:
        section = example.section or decide(example.ask, language, book).section or "summary"
        asked.setdefault(section, []).append(example.ask)
    for section, questions in asked.items():
        drawn = sections.blocks(sources.mark_general_practice(entry), section, book.base, language)
        marks = sources.legend(entry, (section,), language)
        shown = Reply(
            language,
            (*(drawn or (Paragraph(entry.summary),)), *([Footnote(marks)] if marks else [])),
        )
        slug = f"{entry.id.replace('.', '_')}_{section}"
        title = entry.title if entry.title != short_title(questions[0]) else None
        yield Pair(entry.id, tuple(questions), as_text(shown), slug, title)
