"""Our own classifier takes a drafted posting for its role, and finds nothing wrong in it."""

from __future__ import annotations

import pytest

from bot import markup
from bot.assistant import reply
from bot.model import Chat, Message, Turn
from bot.skills.draft import draft
from knowledge.model import LANGUAGES
from rules.load import ROOT
from rules.posting import paste
from rules.posting.classify import classify
from rules.questions.model import Answer, Band

FUNCTIONS = sorted(
    path.stem for path in (ROOT / "functions").glob("*.yaml") if "." not in path.stem
)
ABOUT_THE_PERSON = {"age", "sex", "marital", "appearance"}
DRAFTS = [(function, language) for function in FUNCTIONS for language in LANGUAGES]
ASKED = [
    ("内容运营的招聘JD", "zh"),
    ("write a job posting for content operations", "en"),
]


def drafted(function, language, book):
    """The text of the draft for that role."""
    answer = Answer(Band.ANSWER, "posting_draft", f"role.{function}", "", 1.0)
    turn = Turn(Message("", language), Chat(), book, answer, language, None)
    return markup.text(draft(turn).reply)


@pytest.mark.parametrize(
    ("function", "language"), DRAFTS, ids=[f"{name}-{lang}" for name, lang in DRAFTS]
)
def test_draft_is_classified_as_its_own_role(book, function, language):
    """Copied whole and pasted back, the draft belongs to the role it was made for."""
    verdict = classify(paste.read(drafted(function, language, book), book.pack), book.pack)
    assert verdict.function == function


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("function", FUNCTIONS)
def test_draft_has_no_word_about_the_person(book, function, language):
    """Not even the advice below it says anything that would be flagged."""
    verdict = classify(paste.read(drafted(function, language, book), book.pack), book.pack)
    assert ABOUT_THE_PERSON.isdisjoint(odd.kind for odd in verdict.oddities)


@pytest.mark.parametrize(("question", "language"), ASKED, ids=[row[1] for row in ASKED])
def test_draft_is_written_when_asked_for(book, question, language):
    """The request gives the draft, in the language of the request, with its source."""
    outcome = reply(Message(question), Chat(), book)
    assert markup.text(outcome.reply) == drafted("content_operations", language, book)
    assert outcome.chat.conversation.entry == "role.content_operations"


def test_draft_asks_for_which_role(book):
    """Without a role there is nothing to draft, only a question."""
    outcome = reply(Message("帮我写一份招聘JD"), Chat(), book)
    assert outcome.answer.intent == "posting_draft"
    assert outcome.answer.entry is None
    assert markup.text(outcome.reply)
