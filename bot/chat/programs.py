"""Questions and postings of programs, over the API or from another assistant."""

from __future__ import annotations

import logging

from bot.app import App
from bot.chat import inbox, save
from bot.chat.identity import own_chat
from bot.chat.load import Asker
from bot.chat.memory import open_question, verdict_counts
from bot.chat.model import Capability, Incoming
from bot.errors import StoreUnavailable
from bot.model import Outcome
from bot.postings.batch import classify_row
from bot.postings.decisions import with_decisions
from bot.postings.model import Result, Row
from bot.records import Person
from rules.book import RuleBook

CAN = Capability("", words=False, slashes=False, offers_more=False)
log = logging.getLogger("zhiwen.chat")


def asker_of(
    place: str,
    person: Person,
    book: RuleBook,
    question: str,
    language: str | None,
    chat: str | None,
) -> Asker:
    """Who asks what. *chat*: the name that the program gives the conversation, None for none."""
    where = own_chat(place, person, chat) if chat else ""
    return Asker(
        CAN, Incoming("", where, person.id, question, chosen_language=language), person, where, book
    )


def answer(app: App, asker: Asker) -> Outcome:
    """The answer, counted and, where it is a weak one, noted; the question itself is kept nowhere.

    Raises StoreUnavailable for a conversation, whose state is kept in the database.
    """
    if asker.chat:
        return inbox.converse(app, asker, keeps=False).outcome
    outcome = answer_alone(app, asker)
    if is_open(asker, outcome):
        note(app, asker, outcome)
    return outcome


def answer_alone(app: App, asker: Asker) -> Outcome:
    """The answer to what belongs to no conversation, counted; waits for nobody."""
    outcome = inbox.answer_alone(app, asker)
    app.counts.add(outcome.counted)
    return outcome


def classify(app: App, book: RuleBook, row: Row) -> Result:
    """The verdict on one posting, counted, beside what a person decided about it; or its problem.

    The text is kept nowhere. Raises StoreUnavailable.
    """
    (row,) = with_decisions([row], app.store.corrections.get_many)
    result = classify_row(row, book.pack)
    if result.verdict:
        app.counts.add(verdict_counts(result.verdict))
    return result


def is_open(asker: Asker, outcome: Outcome) -> bool:
    """Whether the editors are to see the question, since it got no answer."""
    return open_question(asker.incoming.text, outcome, asker.book.version) is not None


def note(app: App, asker: Asker, outcome: Outcome) -> None:
    """Keep such a question for the editors, where the database can be used."""
    try:
        save.note(app, asker.incoming.text, outcome, asker.book.version)
    except StoreUnavailable:
        # The answer is what was asked for; only the note that it was a weak one is lost.
        log.warning("a question without an answer could not be kept")
