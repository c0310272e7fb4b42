"""What is not held, by name: beside an answer in one sentence, or instead of one."""

from __future__ import annotations

from dataclasses import replace

from bot.model import Block, Paragraph
from bot.texts import has, say
from rules.book import RuleBook
from rules.questions.model import Answer


def decline(answer: Answer, book: RuleBook, language: str) -> tuple[Block, ...]:
    """Why there is no answer, and what to do next; the first sentence names the subject."""
    named = subject(answer, book)
    keys = _keys(answer)
    if named and keys and all(_is_of_things(key, book) for key in keys):
        told = missing_kinds(replace(answer, limit=None, missing=keys), book, language, named)
        return (*told, *_alternative_owner(answer, book, language))
    parts = missing_kinds(answer, book, language)
    bounds = limit(answer, book, language)
    if parts or bounds:
        return (*bounds, *parts, *_alternative_owner(answer, book, language))
    false_friends = [e for e in answer.evidence if e.kind == "false_friend"]
    if false_friends:
        why = book.false_friends[false_friends[0].value].why.text_in(language).rstrip(".\u3002")
        first = say(language, "decline.false_friend", words=false_friends[0].text, why=why)
        return (Paragraph(first), Paragraph(say(language, "decline.unknown")))
    near = _near_role(answer, book, language)
    if answer.others and not named:
        return (Paragraph(say(language, "decline.weak")), *near)
    first = say(language, "decline.named", subject=named) if named else ""
    first = first or say(language, "decline.unknown")
    return (Paragraph(first), *(near or _hint(answer, named, language)))


def _hint(answer: Answer, subject: str, language: str) -> tuple[Paragraph, ...]:
    """What can be asked instead; nothing where that is offered to be pressed."""
    if answer.others:
        return ()
    told = say(language, "decline.ask_about", subject=subject) if subject else ""
    return (Paragraph(told or say(language, "decline.ask_so")),)


def missing_kinds(
    answer: Answer, book: RuleBook, language: str, subject: str = ""
) -> tuple[Paragraph, ...]:
    """The kinds of ask that are not held, each told once; nothing where all is."""
    limit = label(answer.limit, book, language) if answer.limit else ""
    labels = dict.fromkeys(label(key, book, language) for key in answer.missing)
    what = say(language, "list.comma").join(one for one in labels if one != limit)
    if not what:
        return ()
    key = "missing.of" if subject else "missing.line"
    return (Paragraph(say(language, key, what=what, subject=subject)),)


def limit(answer: Answer, book: RuleBook, language: str) -> tuple[Paragraph, ...]:
    """The sentence that names the subject nothing is known about."""
    if not answer.limit:
        return ()
    name = label(answer.limit, book, language)
    return (Paragraph(say(language, "decline.limit", limit=name)),)


def asked_back(answer: Answer, language: str) -> Paragraph:
    """The question for the thing that an intent needs and the message does not name."""
    key = f"asks_for.{answer.asks_for}"
    return Paragraph(say(language, key if has(language, key) else "asks_for.default"))


def subject(answer: Answer, book: RuleBook) -> str:
    """What the message names, in its own words; nothing where it names nothing, or much.

    A name that may only be a slip of ours is none.
    """
    named = {e.value: e.text for e in answer.evidence if e.kind == "name"}
    held = [text for id_, text in named.items() if id_ in book.base.languages]
    return held[0] if len(held) == 1 else ""


def label(key: str, book: RuleBook, language: str) -> str:
    """What a kind of ask or a limit is called."""
    return book.limits[key].label.text_in(language) if key in book.limits else key


def _keys(answer: Answer) -> tuple[str, ...]:
    """Everything that is asked and not held."""
    return (*((answer.limit,) if answer.limit else ()), *answer.missing)


def _is_of_things(key: str, book: RuleBook) -> bool:
    """Whether that kind can be asked of a thing: its price can, another trade's craft cannot."""
    rule = book.limits.get(key)
    return rule is None or (rule.of_things and not rule.aside)


def _alternative_owner(answer: Answer, book: RuleBook, language: str) -> tuple[Paragraph, ...]:
    """Who tells what is not held, where no entry is offered for it."""
    told = (book.limits[key].instead for key in _keys(answer) if key in book.limits)
    first = None if answer.others else next(filter(None, told), None)
    return (Paragraph(first.text_in(language)),) if first else ()


def _near_role(answer: Answer, book: RuleBook, language: str) -> tuple[Paragraph, ...]:
    if not answer.near:
        return ()
    role = book.base.title(answer.near, language)
    return (Paragraph(say(language, "decline.near", role=role)),)
