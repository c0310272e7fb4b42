"""Where the last answer comes from, and why it was given."""

from __future__ import annotations

from bot import sources
from bot.model import Bullets, Outcome, Paragraph, Reply, Turn
from bot.texts import say
from rules.book import RuleBook
from rules.questions.model import Answer


def source(turn: Turn) -> Outcome:
    """The passages behind the last answer."""
    before, base, language = turn.chat.conversation, turn.book.base, turn.language
    if before.entry is None:
        return Outcome(_only(turn, "source.none"), turn.chat, turn.answer)
    entry = base.entry(before.entry, language)
    blocks = sources.full(entry, before.section, base, language)
    return Outcome(Reply(language, blocks), turn.chat, turn.answer)


def why(turn: Turn) -> Outcome:
    """The words that counted in the last answer, its score and its rivals."""
    if turn.chat.last is None:
        return Outcome(_only(turn, "why.none"), turn.chat, turn.answer)
    block = account(turn.chat.last, turn.book, turn.language)
    return Outcome(Reply(turn.language, (block,)), turn.chat, turn.answer)


def account(answer: Answer, book: RuleBook, language: str) -> Bullets:
    """The evidence of an answer under its title."""
    return Bullets(lines(answer, book, language), say(language, "why.title"))


def lines(answer: Answer, book: RuleBook, language: str) -> tuple[str, ...]:
    """The evidence of an answer, line by line."""
    band = say(language, f"band.{answer.band}")
    told = [say(language, "why.band", band=band, intent=answer.intent, score=f"{answer.score:.2f}")]
    if answer.entry:
        file = book.base.file(answer.entry)
        told.append(
            say(language, "why.entry", entry=answer.entry, file=file, section=answer.section)
        )
    for e in answer.evidence:
        told.append(
            say(
                language, "why.matched", text=e.text, start=e.start, end=e.end, kind=e.kind,
                value=e.value,
            )
        )  # fmt: skip
    if answer.others:
        others = ", ".join(f"{c.entry} {c.score:.2f}" for c in answer.others)
        told.append(say(language, "why.others", others=others))
    told.append(say(language, "why.version", version=book.version))
    return tuple(told)


def _only(turn: Turn, key: str) -> Reply:
    return Reply(turn.language, (Paragraph(say(turn.language, key)),))
