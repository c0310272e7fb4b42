"""Why an answer was given, told to a person: what was understood, how sure it is, what else."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from bot.model import Block, Bullets, Footnote
from bot.texts import has, say
from bot.views.refusal import label
from rules.book import RuleBook
from rules.questions.model import Answer, Band, Evidence

NAMES = ("name", "near", "sound", "initials")
SITUATION = ("thing", "state")
WORDS = 6
"""Words of the entry that are listed, at most."""
MUCH = 0.25
"""What a sign must be at least, to be told as one against the answer."""
AGAINST = ("foreign", "strange", "not_held", "aside")
CLOSE = 0.1
"""The lead over the next one that is no lead."""


def account(answer: Answer, book: RuleBook, language: str) -> tuple[Block, ...]:
    """The reasons under their title; what only an editor reads stands last and small."""
    *reasons, technical = lines(answer, book, language)
    return (Bullets(tuple(reasons), say(language, "why.title")), Footnote(technical))


def lines(answer: Answer, book: RuleBook, language: str) -> tuple[str, ...]:
    """A sentence for each reason; the last line is for editors."""
    reasons = (
        *_understanding(answer, book, language),
        *_source_lines(answer, book, language),
        _confidence_sentence(answer, language),
        *_runner_ups(answer, book, language),
        *_against(answer, book, language),
    )
    return (*dict.fromkeys(reasons), _technical_note(answer, book, language))


def _understanding(answer: Answer, book: RuleBook, language: str) -> Iterator[str]:
    """What the words of the message were taken for."""
    for e in _maximal(answer.evidence):
        sentence = _sentence(e, book, language)
        if sentence:
            yield sentence
    held = answer.entry in book.base.languages
    title = book.base.title(answer.entry, language) if answer.entry and held else ""
    situation = [e for e in answer.evidence if e.kind in SITUATION]
    words = [e for e in answer.evidence if e.kind == "word" and not _is_inside(e, situation)]
    for key, rows in (("why.word", words), ("why.situation", situation)):
        texts = dict.fromkeys(e.text for e in rows)
        if texts and title:
            yield say(language, key, text=_list(list(texts)[:WORDS], language), title=title)


def _is_inside(e: Evidence, others: list[Evidence]) -> bool:
    return any(other.start <= e.start and e.end <= other.end for other in others)


def _maximal(evidence: Iterable[Evidence]) -> list[Evidence]:
    """Without what is part of something longer that says the same, and without repetitions."""
    rows = list(dict.fromkeys(evidence))
    return [e for e in rows if not any(_part_of(e, other) for other in rows)]


def _part_of(e: Evidence, other: Evidence) -> bool:
    if (e.kind, e.value) != (other.kind, other.value) or e.start == e.end:
        return False
    size, whole = e.end - e.start, other.end - other.start
    return other.start <= e.start and e.end <= other.end and size < whole


def _sentence(e: Evidence, book: RuleBook, language: str) -> str:
    """The sentence for one piece of evidence; nothing for what is told together."""
    text = say(language, "why.quoted", text=e.text)
    match e.kind:
        case "cue":
            return _intent("why.cue", e.value, language, text)
        case "chat" if e.value in book.base.languages:
            return say(language, "why.chat.entry", title=book.base.title(e.value, language))
        case "chat":
            return _intent("why.chat.intent", e.value, language)
        case "limit":
            return say(language, "why.limit", text=text, label=label(e.value, book, language))
        case "false_friend":
            why = book.false_friends[e.value].why.text_in(language).rstrip(".\u3002")
            return say(language, "why.false_friend", text=text, why=why)
        case "example" | "pronoun" | "number":
            return say(language, f"why.{e.kind}", text=text)
        case "signal" | "name" | "near" | "sound" | "initials" | "lead":
            return _names(e, text, book, language)
    return ""


def _intent(key: str, intent: str, language: str, text: str = "") -> str:
    name = f"intent.{intent}"
    if not has(language, name):
        return ""
    return say(language, key, text=text, intent=say(language, name))


def _names(e: Evidence, text: str, book: RuleBook, language: str) -> str:
    """What names an entry, or is its work."""
    if e.value not in book.base.languages:
        return ""
    title = book.base.title(e.value, language)
    if e.kind == "name" and title.casefold() == e.text.casefold():
        return say(language, "why.title_itself", text=text)
    return say(language, f"why.{e.kind}", text=text, title=title)


def _source_lines(answer: Answer, book: RuleBook, language: str) -> Iterator[str]:
    """The entries that were set side by side, or the entry and section that answered."""
    if answer.section == "compare":
        yield say(language, "why.compared", titles=_titles(answer.compared, book, language))
    elif answer.entry in book.base.languages and answer.band is Band.ANSWER:
        title = book.base.title(answer.entry, language)
        key = f"section.{answer.section}"
        if has(language, key):
            yield say(language, "why.from", title=title, section=say(language, key))
        else:
            yield say(language, "why.from.whole", title=title)


def _confidence_sentence(answer: Answer, language: str) -> str:
    band = "asks" if answer.asks_for else "guess" if answer.guess else str(answer.band)
    return say(language, f"why.sure.{band}")


def _runner_ups(answer: Answer, book: RuleBook, language: str) -> Iterator[str]:
    """By title, what came next and was not chosen; what was offered."""
    rest = (c.entry for c in answer.others if c.entry not in answer.compared)
    titles = _titles(rest, book, language)
    if titles:
        key = "why.others" if answer.band is Band.ANSWER else "why.offered"
        yield say(language, key, titles=titles)


def _against(answer: Answer, book: RuleBook, language: str) -> Iterator[str]:
    """The signs that spoke against the first candidate."""
    values = dict(answer.signs)
    against = {sign.sign for sign in book.confidence.signs if sign.weight < 0}
    for name in AGAINST:
        if name in against and values.get(name, 0.0) >= MUCH:
            yield say(language, f"why.against.{name}")
    if answer.others and values.get("lead", 1.0) < CLOSE:
        yield say(language, "why.against.lead")


def _technical_note(answer: Answer, book: RuleBook, language: str) -> str:
    """Where an editor finds the entry, and what was decided by which content."""
    entry = answer.entry if answer.entry in book.base.languages else None
    parts = (
        book.base.file(entry) if entry else "", answer.section, answer.intent,
        str(answer.band), f"{answer.score:.2f}", book.version,
    )  # fmt: skip
    return say(language, "why.technical", parts=" \u00b7 ".join(filter(None, parts)))


def _titles(ids: Iterable[str], book: RuleBook, language: str) -> str:
    held = dict.fromkeys(id_ for id_ in ids if id_ in book.base.languages)
    return _comma((book.base.title(id_, language) for id_ in held), language)


def _list(texts: Iterable[str], language: str) -> str:
    return _comma((say(language, "why.quoted", text=text) for text in texts), language)


def _comma(texts: Iterable[str], language: str) -> str:
    return say(language, "list.comma").join(texts)
